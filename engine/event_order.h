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
    PutInOrder();
    const auto end =
        std::partition_point(waiting_.begin(), waiting_.end(),
                             [&](const Event& event) { return PlaceOf(event) < watermark; });
    released_ = static_cast<size_t>(end - waiting_.begin());
    return absl::MakeConstSpan(waiting_.data(), released_);
  }

  // Those that wait, those of one place in the order in which they came.
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
    ordered_ = 0;
  }

 private:
  static Place PlaceOf(const Event& event) { return {event.order_us, event.position}; }
  static bool Before(const Event& a, const Event& b) { return PlaceOf(a) < PlaceOf(b); }
  void DropReleased() {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(released_));
    ordered_ -= std::min(ordered_, released_);
    released_ = 0;
  }

  // One record may leave several events of a top list: these keep their order too.
  // A log is nearly in order, as servers write a line when its request ends: what came too
  // late goes back the few places that it is late. Where it would be many, as with several
  // logs, all are sorted.
  void PutInOrder() {
    constexpr size_t kMostMoves = 4;  // for each event that came
    size_t moves = kMostMoves * (waiting_.size() - ordered_);
    for (size_t i = std::max<size_t>(1, ordered_); i < waiting_.size(); ++i) {
      if (!Before(waiting_[i], waiting_[i - 1])) continue;
      const Event late = waiting_[i];
      size_t place = i;
      for (; place > 0 && Before(late, waiting_[place - 1]) && moves > 0; --place, --moves) {
        waiting_[place] = waiting_[place - 1];
      }
      waiting_[place] = late;
      if (moves > 0) continue;
      std::stable_sort(waiting_.begin(), waiting_.end(), Before);
      break;
    }
    ordered_ = waiting_.size();
  }

  std::vector<Event> waiting_;
  size_t ordered_ = 0;   // the first ones, which are in order
  size_t released_ = 0;  // the first ones of those, which were handed out as they stand
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_EVENT_ORDER_H_
