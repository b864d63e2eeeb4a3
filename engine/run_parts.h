// What a run is made of: sources under way, blocks on their way through a round, shards.

#ifndef CIVLOG_ENGINE_RUN_PARTS_H_
#define CIVLOG_ENGINE_RUN_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/event.h"
#include "engine/event_order.h"
#include "engine/group_shard.h"
#include "engine/log_input.h"
#include "engine/pipeline.h"
#include "engine/service_model.h"
#include "engine/top_shard.h"
#include "engine/visit_shard.h"
#include "engine/visitor.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"

namespace civlog {

// A source under way.
struct Feed {
  ProbedInput probed;
  uint32_t rank = 0;
  std::unique_ptr<VisitorIdentifier> identifier;
  std::vector<std::unique_ptr<LineParser>> parsers;  // by thread
  std::unique_ptr<BlockReader> reader;               // null before it is opened
  bool at_end = false;                               // no more to read
  bool waiting = false;                              // no more for now
  size_t in_flight = 0;         // blocks read whose events are not in order yet
  int64_t latest_us = kAlways;  // the latest time of a record so far
  double us_per_block = 0;
  absl::Status status;
  uint64_t lines = 0;
  uint64_t rejected = 0;
  uint64_t raw_bytes = 0;
  size_t samples = 0;

  bool done() const { return (at_end || waiting) && in_flight == 0; }
  // It follows, and had no line yet when it was last looked at.
  bool unread() const { return probed.input.follows && probed.empty && status.ok(); }
  // No record to come is ordered before this.
  Place Watermark() const {
    const int64_t reached = std::max(latest_us, probed.first_time_us);
    if (reached == kAlways) return Place();
    return {reached - kLatenessBoundUs, PackPosition(rank, lines + 1)};
  }
  // Where its clock will be once what is in flight has been read.
  double ClockAhead() const {
    const int64_t reached = std::max(latest_us, probed.first_time_us);
    return static_cast<double>(reached) + us_per_block * static_cast<double>(in_flight);
  }
};

// A block of a feed on its way through a round.
struct Piece {
  Feed* feed = nullptr;
  Block block;
  std::unique_ptr<BlockEvents> events;
  Place last;  // of its events, once in order
};

// Names of a block, which events before `last` may still be waiting with.
struct HeldNames {
  Place last;
  PassingNames names;
};

// What a shard applies, each a task of its own.
enum class ShardPart : uint8_t { kVisits, kTops, kGroups };
inline constexpr size_t kShardParts = 3;

// One of the kPartitions shards of a run.
struct Shard {
  Shard(const ServiceModel& services, int64_t timeout_us, absl::TimeZone zone,
        const VisitShardLimits& limits, const GroupNeeds& needs);
  // What `other` would be, were the data to end here: with what it still holds back.
  // `other` goes on as it was.
  Shard(Shard* other, int64_t data_end_us);

  // Takes the events of `pieces` that are of shard `own`, and applies what is before
  // `watermark`.
  void Take(const std::vector<Piece>& pieces, size_t own, ShardPart part, const Place& watermark);
  // Applies what still waits, and closes what is open at the end of the data.
  void Finish(int64_t data_end_us);

  std::unique_ptr<VisitShard> visits;
  TopShard tops;
  GroupShard groups;
  WaitingEvents<VisitEvent> waiting_visits;
  WaitingEvents<TopEvent> waiting_tops;
  WaitingEvents<GroupEvent> waiting_groups;

 private:
  void Apply(ShardPart part, const Place& watermark);
};
using Shards = std::vector<std::unique_ptr<Shard>>;

// What the shards have counted of visits, visitors and names, and which bounds they hit.
void MergeShards(const Shards& shards, RunResult* result);
// Takes the groups out of the shards, which are not to be used any more.
void MergeGroups(const Shards& shards, RunResult* result);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_RUN_PARTS_H_
