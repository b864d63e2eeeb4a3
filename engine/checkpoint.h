// What a run that feeds a store leaves behind at one moment, and goes on from.
//
// A checkpoint is made where nothing is under way: every line that was read is counted.
// What it holds is to be kept all or not at all, so that a run that ends at any moment
// goes on from the checkpoint before as if it had never been further.

#ifndef CIVLOG_ENGINE_CHECKPOINT_H_
#define CIVLOG_ENGINE_CHECKPOINT_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/calendar.h"
#include "engine/counters.h"
#include "engine/distinct_counter.h"
#include "engine/event_order.h"
#include "engine/log_input.h"
#include "engine/top_counter.h"
#include "engine/visitor.h"
#include "engine/week_visitors.h"
#include "parsers/record_batch.h"

namespace civlog {

// Lines by what became of them. A line that is no record is of the day of the record
// before it in its log.
struct LineCounts {
  uint64_t lines = 0;
  uint64_t blank = 0;
  uint64_t directive = 0;
  uint64_t late = 0;  // records
  std::array<uint64_t, kRejectReasonCount> rejected{};

  void Merge(const LineCounts& other);
};
// By Calendar::DayOf, kEveryDay for those before any record of their log, and
// SourceState::id.
using LineDays = std::map<std::pair<int32_t, uint32_t>, LineCounts>;

// The days of one block: as they come, the first of them kEveryDay for the lines before
// its first record.
using BlockLineDays = std::vector<std::pair<int32_t, LineCounts>>;
// Adds the lines of a batch, which goes on where the one before ended.
void AddLines(const RecordBatch& batch, Calendar* calendar, BlockLineDays* days);

// The visitors of one week.
struct WeekFigures {
  DistinctCount visitors;
  // How many of them came on just those days of the week; where days are told apart. What
  // is missing from `visitors` is not told by day.
  std::array<uint64_t, kWholeWeek + 1> by_days{};
  absl::flat_hash_map<ServiceId, DistinctCount> by_service;
  absl::flat_hash_map<ServiceId, Completers> completers;
};
using TopLists = std::array<std::vector<TopEntry>, kTopListCount>;

// What depends on the order of events.
struct OrderedFigures {
  VisitCounters visits;
  std::map<int32_t, WeekFigures> weeks;
  std::map<int32_t, TopLists> tops;
};

// How far a source was read, and what it is known by.
struct SourceState {
  uint32_t id = 0;  // also its rank among simultaneous events
  std::string name;
  std::string format;
  // Of its decompressed content: its first bytes, and its last ones before `offset`.
  uint64_t head_bytes = 0;
  uint64_t head_digest = 0;
  uint64_t tail_bytes = 0;
  uint64_t tail_digest = 0;
  uint64_t offset = 0;  // decompressed bytes read
  uint64_t lines = 0;
  uint64_t rejected = 0;
  int64_t first_us = kNever;  // earliest and latest time of a record
  int64_t latest_us = kAlways;
  int32_t last_day = kEveryDay;  // of its last record
  std::string w3c_fields;        // the directive in force
  FileStamp stamp;               // of the file that was read to its end, else empty
};

// Where the run stands.
struct RunClock {
  Place watermark;
  int64_t first_us = kNever;
  int64_t last_us = kAlways;
  uint64_t records = 0;

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(watermark.order_us, watermark.position, first_us, last_us, records);
  }
};

struct Checkpoint {
  // Since the checkpoint before.
  TrafficCounters traffic;
  LineDays lines;
  OrderedFigures settled;
  // What would come to that if the data ended here.
  OrderedFigures open;
  bool whole = false;  // every source was read to its end
  // What the next run goes on from.
  RunClock clock;
  std::vector<std::string> shards;    // Shard::Transfer, by shard
  std::vector<std::string> segments;  // without a catalogue: services by ServiceId
  std::vector<SourceState> sources;   // that this run reads
  // Where the catalogue is another than at the checkpoint before: what its RouteIds are
  // now, kNoRoute for those that are gone. Else empty.
  std::vector<RouteId> routes;
};

// Where checkpoints go. Not thread-safe; outlives the run.
class CheckpointSink {
 public:
  virtual ~CheckpointSink() = default;

  // What a run goes on from: the last checkpoint's clock, shards and segments; `shards`
  // is empty where there was none.
  virtual absl::StatusOr<Checkpoint> Resume() = 0;

  // What an input may be known as: the sources that begin as it does, the likeliest
  // first. Whether one goes on where that one was read to is for the caller to find out.
  virtual absl::StatusOr<std::vector<SourceState>> Identify(const ProbedInput& input) = 0;

  // What an input is that none of these turned out to be; without an id where it is not to
  // be read. `notice` of the input says where that may be a surprise.
  virtual absl::StatusOr<SourceState> AsNew(ProbedInput* input) = 0;

  // Keeps a checkpoint.
  virtual absl::Status Keep(const Checkpoint& checkpoint) = 0;
};

// The digest that sources are known by, under a key that is the store's own.
uint64_t ContentDigest(const VisitorKey& key, std::string_view bytes);
inline constexpr size_t kTailBytes = 512;
// Names of a week that are kept of each top list.
inline constexpr size_t kStoredNames = 1000;

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CHECKPOINT_H_
