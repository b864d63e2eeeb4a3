// One shard of the top lists: pages, error paths, referrers.

#ifndef CIVLOG_ENGINE_TOP_SHARD_H_
#define CIVLOG_ENGINE_TOP_SHARD_H_

#include <array>
#include <cstddef>

#include "absl/types/span.h"
#include "engine/event.h"
#include "engine/top_counter.h"

namespace civlog {

// Owns the names whose shard it is, of every list. Not thread-safe.
class TopShard {
 public:
  TopShard()
      : counters_{TopCounter(kPageNames), TopCounter(kErrorNames), TopCounter(kErrorNames),
                  TopCounter(kErrorNames), TopCounter(kErrorNames)} {}

  // REQUIRES: ordered by (order_us, position), also across calls.
  void Apply(absl::Span<const TopEvent> events) {
    constexpr size_t kNameAhead = 16;
    constexpr size_t kAhead = 8;
    for (size_t i = 0; i < events.size(); ++i) {
      if (i + kNameAhead < events.size()) __builtin_prefetch(&events[i + kNameAhead].name->hash);
      if (i + kAhead < events.size()) {
        const TopEvent& next = events[i + kAhead];
        counters_[static_cast<size_t>(next.list)].Prefetch(next.name->hash);
      }
      const TopEvent& event = events[i];
      counters_[static_cast<size_t>(event.list)].Add(event.name->hash, event.name->text);
    }
  }

  const TopCounter& counter(TopList list) const { return counters_[static_cast<size_t>(list)]; }

 private:
  // Names counted exactly; times kPartitions for a run.
  static constexpr size_t kPageNames = size_t{1} << 15;
  static constexpr size_t kErrorNames = size_t{1} << 12;

  std::array<TopCounter, kTopListCount> counters_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TOP_SHARD_H_
