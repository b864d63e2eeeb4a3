// Grouped counters: what a query asks for, by the key that its tap gives a record.
//
// Groups are kept exactly while they fit; then the one with the fewest requests gives
// way (SpaceSaving), and the groups that came in for others know only what they have
// had since, with a bound for the requests that may be missing.

#ifndef CIVLOG_ENGINE_GROUP_SHARD_H_
#define CIVLOG_ENGINE_GROUP_SHARD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/distinct_counter.h"
#include "engine/event.h"
#include "engine/latency_histogram.h"
#include "engine/space_saving.h"

namespace civlog {

// What is counted of each group beyond requests and bytes.
struct GroupNeeds {
  bool latency = false;
  bool visitors = false;
};

struct GroupCounters {
  uint64_t requests = 0;
  uint64_t counted = 0;  // citizens' counted requests
  uint64_t page_views = 0;
  uint64_t errors = 0;         // status 400 to 599
  uint64_t server_errors = 0;  // status 500 to 599
  uint64_t bytes_sent = 0;
  int64_t latency_sum_us = 0;
  std::unique_ptr<LatencyHistogram> latency;
  std::unique_ptr<DistinctCounter> visitors;  // of counted requests
};

struct Group {
  std::string key;
  uint64_t missing_requests = 0;  // at most; 0: exact
  GroupCounters counters;
};

// Adds `other` to `*sum`; counters of visitors that `*sum` lacks are made with
// `exact_visitors_left`, which must outlive it.
void AddCounters(const GroupCounters& other, size_t* exact_visitors_left, GroupCounters* sum);

// What a run's shards leave.
struct GroupResult {
  std::vector<Group> groups;  // in no order
  GroupCounters total;        // over all records, exact
  bool overflowed = false;
  // What counters of visitors share.
  std::vector<std::unique_ptr<size_t>> exact_visitors_left;
};

// Owns the groups whose key falls into it. Not thread-safe.
class GroupShard {
 public:
  explicit GroupShard(const GroupNeeds& needs);
  // Goes its own way from there on.
  GroupShard(const GroupShard& other);
  GroupShard& operator=(const GroupShard&) = delete;

  // REQUIRES: ordered by (order_us, position), also across calls.
  void Apply(absl::Span<const GroupEvent> events);

  // Hands over what it has, and is not to be used any more.
  void MergeInto(GroupResult* result);

 private:
  void Count(const GroupEvent& event, size_t* exact_visitors_left, GroupCounters* counters);

  GroupNeeds needs_;
  SpaceSaving kept_;
  std::vector<Group> groups_;  // by slot
  GroupCounters total_;        // exact
  // Shared by the counters of visitors of all groups; the total has its own.
  std::unique_ptr<size_t> exact_visitors_left_;
  size_t exact_total_left_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_GROUP_SHARD_H_
