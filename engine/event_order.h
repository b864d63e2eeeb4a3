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
    waiting_.insert(waiting_.end(), events.begin(), events.end());
  }

  // The events before `watermark`, in order; valid until the next call.
  absl::Span<const Event> Release(const Place& watermark) {
    const auto place = [](const Event& e) { return Place{e.order_us, e.position}; };
    ready_.clear();
    size_t kept = 0;
    for (size_t i = 0; i < waiting_.size(); ++i) {
      if (place(waiting_[i]) < watermark) {
        ready_.push_back(waiting_[i]);
      } else {
        waiting_[kept++] = waiting_[i];
      }
    }
    waiting_.resize(kept);
    const auto before = [&place](const Event& a, const Event& b) { return place(a) < place(b); };
    // One record may leave several events of a top list: keep their order too.
    if (!std::is_sorted(ready_.begin(), ready_.end(), before)) {
      std::stable_sort(ready_.begin(), ready_.end(), before);
    }
    return ready_;
  }

 private:
  std::vector<Event> waiting_;
  std::vector<Event> ready_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_EVENT_ORDER_H_
