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
#include "engine/checkpoint.h"
#include "engine/event.h"
#include "engine/event_order.h"
#include "engine/group_shard.h"
#include "engine/log_input.h"
#include "engine/pipeline.h"
#include "engine/service_model.h"
#include "engine/state_archive.h"
#include "engine/task_pool.h"
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
  uint32_t place = 0;  // among simultaneous events: the rank, or SourceState::id
  SourceState state;   // with a store
  std::string tail;    // the last bytes before SourceState::offset
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
  bool read_to_end = false;   // by this run
  FileStamp stamp;            // of what was read to its end; unknown where it was cut
  bool unchanged = false;     // RunSource::unchanged
  bool partial_line = false;  // RunSource::partial_line
  uint64_t ahead = 0;         // RunSource::ahead
  int64_t ahead_us = 0;

  bool done() const { return (at_end || waiting) && in_flight == 0; }
  // It follows, and had no line yet when it was last looked at.
  bool unread() const { return probed.input.follows && probed.empty && status.ok(); }
  // How far its records have come; before there is one, where they begin.
  int64_t ReachedUs() const { return latest_us != kAlways ? latest_us : probed.first_time_us; }
  // No record to come is ordered before this.
  Place Watermark() const {
    if (ReachedUs() == kAlways) return Place();
    return {ReachedUs() - kLatenessBoundUs, PackPosition(place, lines + 1)};
  }
  // Where its clock will be once what is in flight has been read.
  double ClockAhead() const {
    return static_cast<double>(ReachedUs()) + us_per_block * static_cast<double>(in_flight);
  }
};

// The times of a block's records.
struct BlockTimes {
  int64_t first_us = kNever;
  int64_t latest_us = kAlways;
  int64_t lag_us = 0;  // the most that one is behind the latest before it in the block

  void Add(int64_t time_us) {
    first_us = std::min(first_us, time_us);
    latest_us = std::max(latest_us, time_us);
    lag_us = std::max(lag_us, latest_us - time_us);
  }
};

// A block of a feed on its way through a round.
struct Piece {
  Feed* feed = nullptr;
  BlockTimes times;
  std::unique_ptr<BlockEvents> events;
  Place last;               // of its events, once in order
  BlockLineDays line_days;  // with a store
};

// What is found where a source that is known should go on.
enum class Continuation : uint8_t { kGoesOn, kUnchanged, kIsAnother };
// Opens a feed where its SourceState says that it was read to; an error becomes the feed's
// status. Sources that have not changed since are not opened.
Continuation ContinueSource(const VisitorKey& key, Feed* feed);
// How far a feed was read.
SourceState StateOf(const VisitorKey& key, const Feed& feed);

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
        const VisitShardLimits& limits, TimeDetail detail, const GroupNeeds& needs);
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  // What `other` would be, were the data to end here: with what it still holds back.
  // `other` goes on as it was.
  Shard(Shard* other, int64_t data_end_us);

  // Takes the events of `pieces` that are of shard `own`, and applies what is before
  // `watermark`.
  void Take(const std::vector<Piece>& pieces, size_t own, ShardPart part, const Place& watermark);
  // Applies what still waits, and closes what is open at the end of the data.
  void Finish(int64_t data_end_us);

  // Events that wait have their routes by another catalogue: by old RouteId, the new one.
  void RenumberRoutes(const std::vector<RouteId>& routes);

  std::unique_ptr<VisitShard> visits;
  TopShard tops;
  GroupShard groups;
  WaitingEvents<VisitEvent> waiting_visits;
  WaitingEvents<TopEvent> waiting_tops;
  WaitingEvents<GroupEvent> waiting_groups;

  // All but what VisitShard::TakeCounters hands over, and groups. REQUIRES: one that
  // reads is as it was made.
  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(*visits, waiting_visits, tops);
    TransferTops(archive);
  }

 private:
  template <typename Archive>
  void TransferTops(Archive& archive);
  PassingNames restored_names_;

  void Apply(ShardPart part, const Place& watermark);
};
using Shards = std::vector<std::unique_ptr<Shard>>;

// Names go with the events that wait with them.
template <typename Archive>
void Shard::TransferTops(Archive& archive) {
  uint64_t size = waiting_tops.waiting().size();
  archive(size);
  if constexpr (Archive::kReads) {
    std::vector<TopEvent> events;
    for (; size > 0 && !archive.failed(); --size) {
      TopEvent& event = events.emplace_back();
      uint64_t hash = 0;
      uint8_t shard = 0;
      std::string text;
      archive(event.order_us, event.position, event.week, event.list, hash, shard, text);
      event.name = restored_names_.Keep({hash, text, shard});
    }
    waiting_tops.Add(events);
  } else {
    for (const TopEvent& waiting : waiting_tops.waiting()) {
      TopEvent event = waiting;
      uint64_t hash = event.name->hash;
      uint8_t shard = event.name->shard();
      std::string text(event.name->text());
      archive(event.order_us, event.position, event.week, event.list, hash, shard, text);
    }
  }
}

// Reads the states that a checkpoint has of shards; false where one is damaged.
bool RestoreShards(const std::vector<std::string>& states, Shards* shards, TaskPool* pool);

// The visitors of a week, over all shards.
WeekFigures FiguresOf(const std::vector<const WeekVisitors*>& shards);

// Takes out of the shards what no event to come can change.
OrderedFigures TakeSettled(Shards* shards, const Place& watermark, absl::TimeZone zone);
// What the shards have counted of visits, and of the weeks that they hold.
OrderedFigures FiguresOf(const Shards& shards);

// What the shards have counted of visits, visitors and names, and which bounds they hit.
void MergeShards(Shards* shards, RunResult* result);
// Takes the groups out of the shards, which are not to be used any more.
void MergeGroups(const Shards& shards, RunResult* result);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_RUN_PARTS_H_
