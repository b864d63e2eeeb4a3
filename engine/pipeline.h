// One pass over logs: drives parsers, classifiers and shards to the counters.
//
// The pass goes in rounds. In a round every thread takes what is ready: blocks of
// the sources that are furthest behind in time are read, parsed and classified, each by
// one thread, and every shard takes the events of the round before and applies those that
// the watermark has passed. Between rounds the finished blocks of each source are put
// into their order and the watermark moves on: to the smallest time that every
// open source has reached, less the lateness bound. Nothing that a figure depends
// on is decided by which thread did what, or when.
//
// A source that follows (it may grow) and has nothing more for now does not hold the
// watermark back, as one that has ended does not. When it goes on, what it brings is
// not ordered before what was applied meanwhile.

#ifndef CIVLOG_ENGINE_PIPELINE_H_
#define CIVLOG_ENGINE_PIPELINE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/catalog.h"
#include "engine/checkpoint.h"
#include "engine/classifier.h"
#include "engine/counters.h"
#include "engine/group_shard.h"
#include "engine/log_input.h"
#include "engine/record_tap.h"
#include "engine/top_counter.h"
#include "engine/visit_shard.h"

namespace civlog {

struct RunProgress {
  uint64_t raw_bytes_read = 0;
  uint64_t raw_bytes_total = 0;  // 0 where an input's size is unknown
  uint64_t lines = 0;
  uint64_t rejected = 0;
};

struct RunResult;
struct RunSource;

// What requests are told by; both outlive the run. The catalogue may be null.
struct RunCatalog {
  const Catalog* catalog = nullptr;
  const AudienceClassifier* audience = nullptr;
};

// Small enough to stay in a core's second-level cache beside what its lines lead to.
inline constexpr size_t kBlockBytes = size_t{1} << 18;

struct RunOptions {
  size_t threads = 1;
  size_t block_bytes = kBlockBytes;
  FormatList formats;  // empty: detect per source
  absl::TimeZone time_zone = absl::UTCTimeZone();
  int64_t since_us = std::numeric_limits<int64_t>::min();
  int64_t until_us = std::numeric_limits<int64_t>::max();
  VisitorKey key;
  WeekKeys* week_keys = nullptr;  // null: of its own
  VisitShardLimits limits;
  size_t samples = 5;            // rejected lines kept, of all
  bool leave_memory = false;     // the process ends soon: do not hand its memory back
  bool keep_duplicates = false;  // count logs with the same content each
  // A time that is more than 30 days ahead both of this machine's clock and of what its
  // source has brought so far moves no clock: the record is counted in its hour and applied
  // where it stands. Otherwise one wrong date makes every line after it late.
  bool distrust_future = false;
  // Makes each worker's tap; empty for none. Called before anything is read; the model
  // lives as long as the run.
  std::function<std::unique_ptr<RecordTap>(const ServiceModel&)> make_tap;
  std::optional<GroupNeeds> groups;                    // group by the tap's keys
  TimeDetail time_detail = TimeDetail::kPortalByHour;  // with checkpoints kAllByPeriod
  bool follows_visits = true;  // false: no visits, attempts, visitors or top lists
  // Reads the sources one after the other, in the order of their first records, instead
  // of side by side in time order.
  bool one_by_one = false;
  // What the tap writes, in the order of the lines of a source, and of the sources where
  // they are read one by one; may be empty.
  std::function<void(std::string_view)> written;
  // Called between rounds, from the caller's thread; may be empty.
  std::function<void(const RunProgress&)> progress;
  // Raw rejected lines with their newlines, in the order they are met; may be empty.
  std::function<void(std::string_view)> rejected_lines;
  // Where inputs follow: called every `snapshot_every`, or as often as keeps it to a
  // fifth of the time, with what the run would leave if it ended now; from the caller's
  // thread. May be empty.
  std::function<void(const RunResult&)> snapshot;
  absl::Duration snapshot_every = absl::Seconds(1);
  // Takes what the run counts, every `checkpoint_every` or as seldom as keeps it to a
  // twentieth of the time, earlier where much has come together, and at its end; the run
  // goes on from what was kept last. Zero is after each round of blocks, for tests. The result
  // holds no figures then. May be null.
  CheckpointSink* checkpoints = nullptr;
  absl::Duration checkpoint_every = absl::Seconds(5);
  // With checkpoints: asked several times a second which files there are, now that the run
  // is under way; nullopt where that is as it was. Where it is set, the run follows, and
  // goes on until it is interrupted; checkpoints are then kept only where there is
  // something new. `anyway`: to be answered in any case. May be empty.
  std::function<std::optional<std::vector<LogInput>>(bool anyway)> more_inputs;
  // Called with a source that such a run is done with for now, and that is not in the
  // result. May be empty.
  std::function<void(const RunSource&)> let_go;
  // Once true, `next_catalog` is called as soon as all that was read is kept, which sets it
  // to false again. It yields the catalogue to go on with, as CheckpointSink::Resume has
  // it by then, or nullopt for the one that there was. May be null.
  const std::atomic<bool>* wants_catalog = nullptr;
  std::function<std::optional<RunCatalog>()> next_catalog;
  // Once true, nothing more is read and the run ends with what it has. May be null.
  const std::atomic<bool>* interrupt = nullptr;
};

struct RunSource {
  std::string name;
  std::string format;
  std::string problem;  // why no format fits, or that it was left out
  bool left_out = false;
  bool duplicate = false;
  bool empty = false;
  absl::Status status;  // why it could not be read, or not to its end
  uint64_t lines = 0;
  uint64_t rejected = 0;
  std::string notice;         // ProbedInput::notice
  bool unchanged = false;     // with a store: nothing was added since it was last read
  bool partial_line = false;  // its last line has no newline yet, and is not counted
  uint64_t ahead = 0;         // records that RunOptions::distrust_future is about
  int64_t ahead_us = 0;       // the time of the first of them
};

// What a run leaves: merged counters and lists, for the queries to turn into figures.
struct RunResult {
  TrafficCounters traffic;
  VisitCounters visits;
  DistinctCount visitors;
  absl::flat_hash_map<ServiceId, DistinctCount> service_visitors;
  absl::flat_hash_map<ServiceId, Completers> completers;
  TopLists top;  // the most frequent, kTopEntries each
  GroupResult groups;
  uint64_t records = 0;
  uint64_t late = 0;
  int64_t first_us = 0;  // earliest and latest time of a record; 0 without records
  int64_t last_us = 0;
  std::vector<RejectSample> samples;  // by source, then line; `source` indexes `sources`
  std::vector<RunSource> sources;     // in rank order
  std::vector<std::string> segments;  // without a catalogue: services by ServiceId
  std::vector<RouteRef> routes;       // with one: by RouteId
  bool interrupted = false;
  // False where what is counted by week (visitors of services, completers, lists) is not
  // known of this part of a store.
  bool whole_weeks = true;
  LineCounts added;                // by this run, with a store
  std::vector<std::string> notes;  // bounds that were hit
};

inline constexpr size_t kTopEntries = 10;

// Runs over `inputs`. The catalogue may be null; it, the classifier and the rules
// must outlive the call. Inputs that cannot be read are reported in the result, not
// as an error.
absl::StatusOr<RunResult> RunPipeline(std::vector<LogInput> inputs, const Catalog* catalog,
                                      const AudienceClassifier& audience,
                                      const RunOptions& options);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_PIPELINE_H_
