// The order in which events are applied, and those that wait for their turn.

#ifndef CIVLOG_ENGINE_EVENT_ORDER_H_
#define CIVLOG_ENGINE_EVENT_ORDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"

namespace civlog {

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
inline constexpr int64_t kAlways = std::numeric_limits<int64_t>::min();

// A place in the order in which events are applied.
struct Place {
  int64_t order_us = kAlways;
  uint64_t position = 0;

  bool operator<(const Place& other) const {
    return order_us != other.order_us ? order_us < other.order_us : position < other.position;
  }
};

// Events of one shard that wait for the watermark.
template <typename Event>
class WaitingEvents {
 public:
  void Add(const std::vector<Event>& events) {
    DropReleased();
    waiting_.insert(waiting_.end(), events.begin(), events.end());
  }

  // The events before `watermark`, in order; valid until the next call.
  absl::Span<const Event> Release(const Place& watermark) {
    DropReleased();
    // One log mostly has its lines in order: those that are due come first as they are.
    while (released_ < waiting_.size() && PlaceOf(waiting_[released_]) < watermark &&
           (released_ == 0 || !Before(waiting_[released_], waiting_[released_ - 1]))) {
      ++released_;
    }
    const bool rest_waits =
        std::none_of(waiting_.begin() + static_cast<std::ptrdiff_t>(released_), waiting_.end(),
                     [&](const Event& event) { return PlaceOf(event) < watermark; });
    if (rest_waits) return absl::MakeConstSpan(waiting_.data(), released_);
    released_ = 0;
    ready_.clear();
    size_t kept = 0;
    for (size_t i = 0; i < waiting_.size(); ++i) {
      if (PlaceOf(waiting_[i]) < watermark) {
        ready_.push_back(waiting_[i]);
      } else {
        waiting_[kept++] = waiting_[i];
      }
    }
    waiting_.resize(kept);
    // One record may leave several events of a top list: keep their order too.
    if (!std::is_sorted(ready_.begin(), ready_.end(), Before)) {
      std::stable_sort(ready_.begin(), ready_.end(), Before);
    }
    return ready_;
  }

  // Those that wait, in the order in which they came.
  absl::Span<const Event> waiting() {
    DropReleased();
    return waiting_;
  }

  // Changes those that wait; each keeps its place.
  template <typename Function>
  void Change(const Function& change) {
    DropReleased();
    for (Event& event : waiting_) change(&event);
  }

  template <typename Archive>
  void Transfer(Archive& archive) {
    DropReleased();
    archive(waiting_);
  }

 private:
  static Place PlaceOf(const Event& event) { return {event.order_us, event.position}; }
  static bool Before(const Event& a, const Event& b) { return PlaceOf(a) < PlaceOf(b); }
  void DropReleased() {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(released_));
    released_ = 0;
  }

  std::vector<Event> waiting_;
  size_t released_ = 0;  // the first ones, which were handed out as they stand
  std::vector<Event> ready_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_EVENT_ORDER_H_
