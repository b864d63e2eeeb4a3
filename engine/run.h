// One run under way; see engine/pipeline.h for how it goes.

#ifndef CIVLOG_ENGINE_RUN_H_
#define CIVLOG_ENGINE_RUN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/calendar.h"
#include "engine/checkpoint.h"
#include "engine/classifier.h"
#include "engine/pipeline.h"
#include "engine/run_parts.h"
#include "engine/seen_inputs.h"
#include "engine/task_pool.h"
#include "engine/week_keys.h"

namespace civlog {

// A thread's own part.
struct RunWorker {
  RunWorker(const ClassifierContext& context, std::unique_ptr<RecordTap> tap)
      : classifier(context, std::move(tap)), calendar(context.time_zone) {}
  Classifier classifier;
  // Its own, so that it stays in the core's cache from one block to the next.
  Block block;
  RecordBatch batch;
  Calendar calendar;
};

// What a round reads of one source.
struct Turn {
  Feed* feed = nullptr;
  std::vector<Piece> pieces;  // with room for the blocks; the first `read` are filled
  std::mutex mutex;           // guards how far the feed was read, and what follows
  size_t read = 0;
  bool ended = false;  // there is no further block, for now or at all
};

// Not thread-safe: its own threads work between its steps.
class Run {
 public:
  Run(const RunOptions& options, ServiceModel* services, const PathRules* rules,
      const AudienceClassifier* audience, const Portal* portal);

  // Goes on from the last checkpoint.
  absl::Status Resume();
  absl::Status AddInputs(std::vector<LogInput> inputs);
  // To its end, or until a catalogue is wanted.
  absl::Status Go();
  bool WantsCatalog() const {
    return !interrupted_ && options_.wants_catalog != nullptr &&
           options_.wants_catalog->load(std::memory_order_relaxed);
  }
  // Takes over the sources of a run that has kept all that it read.
  void GoOnFrom(Run* before);
  // To be called once; the run must outlive the result.
  RunResult TakeResult();

 private:
  bool Interrupted() const {
    return options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed);
  }
  std::vector<std::pair<Feed*, size_t>> PlanReads();
  std::vector<ProbedInput> Probe(std::vector<LogInput> inputs);
  absl::Status TakeIn(std::vector<ProbedInput> probed);
  absl::Status Identify(size_t first);
  Feed* FeedOf(const FileStamp& stamp) const;
  Feed* OriginalOf(std::string_view head) const;
  bool IsWorthProbing(const LogInput& input, absl::Time now) const;
  void FindInputs();
  absl::StatusOr<bool> IsBeginning(const ProbedInput& probed);
  absl::StatusOr<bool> IsHeldBack(const ProbedInput& probed);
  absl::Status Admit();
  void NoteSeen(const Feed& feed);
  void LetGo();
  static RunSource SourceOf(const Feed& feed);
  void Understand(Feed* feed) const;
  void Open(Feed* feed);
  void PrepareTurn(Feed* feed, size_t blocks, Turn* turn);
  bool LearnsServices() const { return services_->catalog() == nullptr; }
  void TakeTurn(size_t thread, Turn* turn);
  void EndTurn(Turn* turn);
  void Parse(size_t thread, Piece* piece);
  void KeepRejects(const RecordBatch& batch, const Feed& feed, BlockEvents* events) const;
  void PutInOrder(std::vector<Piece>* parsed);
  bool IsAhead(int64_t time_us, const Feed& feed) const;
  bool IsInTime(const Piece& piece) const;
  void OrderPiece(Piece* piece);
  static void NoteHead(const Block& block, Feed* feed);
  static void NotePosition(const Block& block, Feed* feed);
  void NoteLines(Piece* piece);
  void RecycleEvents();
  void DropNames();
  void MoveWatermark();
  void Report();
  RunResult ResultOf(TrafficCounters traffic, Shards* shards) const;
  bool Due(absl::Time next) const { return !interrupted_ && absl::Now() >= next; }
  void TakeSnapshot();
  // The last one closes what is open: nothing may be applied after it.
  absl::Status KeepCheckpoint(bool is_last);
  absl::Status KeepAndAdmit();
  uint64_t CountedRows() const;
  int32_t SettledWeek();
  bool HoldsMuch();
  bool Idle();
  void LookAgain();

  RunOptions options_;
  ServiceModel* services_;
  ClassifierContext context_;
  TaskPool pool_;
  std::vector<std::unique_ptr<RunWorker>> workers_;
  std::vector<std::unique_ptr<Feed>> feeds_;
  Shards shards_;
  std::vector<Piece> incoming_;  // in order, not yet taken by the shards
  std::vector<std::unique_ptr<BlockEvents>> spare_events_;
  std::deque<HeldNames> held_;
  Place watermark_;
  int64_t first_us_ = kNever;
  int64_t last_us_ = kAlways;
  uint64_t records_ = 0;
  uint64_t late_ = 0;
  std::vector<RejectSample> samples_;
  bool interrupted_ = false;
  bool follows_ = false;
  absl::Time next_look_ = absl::InfinitePast();
  absl::Time next_snapshot_ = absl::InfiniteFuture();
  absl::Time next_checkpoint_ = absl::InfiniteFuture();
  absl::Time earliest_checkpoint_ = absl::InfinitePast();  // that its cost allows
  bool unkept_ = true;                                     // something is not in a checkpoint yet
  uint64_t rows_left_ = 0;            // CountedRows() after the last checkpoint
  int32_t settled_week_ = INT32_MIN;  // SettledWeek() at the last checkpoint

  // Where it is told of files while it is under way.
  SeenInputs seen_;
  std::vector<LogInput> found_;  // to be looked at
  absl::Time next_find_ = absl::InfinitePast();
  bool list_anyway_ = true;
  RunProgress gone_;  // of sources that were let go
  uint32_t next_rank_ = 0;
  WeekKeys own_keys_;
  PathDictionary paths_;
  Calendar calendar_;
  LineDays line_days_;  // since the last checkpoint
  LineCounts added_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_RUN_H_
