// One shard of the top lists: pages, error paths, referrers.

#ifndef CIVLOG_ENGINE_TOP_SHARD_H_
#define CIVLOG_ENGINE_TOP_SHARD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/types/span.h"
#include "engine/event.h"
#include "engine/top_counter.h"

namespace civlog {

// The lists of one shard.
class TopCounters {
 public:
  TopCounters()
      : counters_{TopCounter(kPageNames), TopCounter(kErrorNames), TopCounter(kErrorNames),
                  TopCounter(kErrorNames), TopCounter(kErrorNames)} {}

  TopCounter& of(TopList list) { return counters_[static_cast<size_t>(list)]; }
  const TopCounter& of(TopList list) const { return counters_[static_cast<size_t>(list)]; }

  template <typename Archive>
  void Transfer(Archive& archive) {
    for (TopCounter& counter : counters_) archive(counter);
  }

 private:
  // Names counted exactly; times kPartitions for a run.
  static constexpr size_t kPageNames = size_t{1} << 15;
  static constexpr size_t kErrorNames = size_t{1} << 12;

  std::array<TopCounter, kTopListCount> counters_;
};

// Owns the names whose shard it is, of every list. Not thread-safe.
class TopShard {
 public:
  // By Calendar::WeekOf, or kEveryWeek alone.
  using Weeks = std::map<int32_t, TopCounters>;
  static constexpr int32_t kEveryWeek = INT32_MIN;

  // `by_week`: each week apart, else all together.
  explicit TopShard(bool by_week) : by_week_(by_week) {}

  // REQUIRES: ordered by (order_us, position), also across calls.
  void Apply(absl::Span<const TopEvent> events) {
    constexpr size_t kNameAhead = 16;
    constexpr size_t kAhead = 8;
    if (events.empty()) return;
    int32_t week = kEveryWeek;
    TopCounters* counters = by_week_ ? nullptr : &weeks_[week];
    for (size_t i = 0; i < events.size(); ++i) {
      const TopEvent& event = events[i];
      if (by_week_) {
        const int32_t week_now = event.week;
        if (counters == nullptr || week_now != week) counters = &weeks_[week = week_now];
      }
      if (i + kNameAhead < events.size()) __builtin_prefetch(&events[i + kNameAhead].name->hash);
      if (i + kAhead < events.size()) {
        const TopEvent& next = events[i + kAhead];
        counters->of(next.list).Prefetch(*next.name);
      }
      counters->of(event.list).Add(*event.name);
    }
  }

  const Weeks& weeks() const { return weeks_; }
  // Hands over the weeks before `week`.
  Weeks TakeWeeksBefore(int32_t week) {
    Weeks taken;
    while (!weeks_.empty() && weeks_.begin()->first < week) {
      taken.insert(weeks_.extract(weeks_.begin()));
    }
    return taken;
  }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(weeks_);
  }

 private:
  bool by_week_;
  Weeks weeks_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TOP_SHARD_H_
