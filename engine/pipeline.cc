#include "engine/pipeline.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "engine/duplicate_inputs.h"
#include "engine/event_order.h"
#include "engine/task_pool.h"
#include "engine/top_shard.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr size_t kSampleTextBytes = 4096;

// A thread's own part.
struct Worker {
  Worker(const ClassifierContext& context, std::unique_ptr<RecordTap> tap)
      : classifier(context, std::move(tap)) {}
  Classifier classifier;
  RecordBatch batch;
};

// A source under way.
struct Feed {
  ProbedInput probed;
  uint32_t rank = 0;
  std::unique_ptr<VisitorIdentifier> identifier;
  std::vector<std::unique_ptr<LineParser>> parsers;  // by thread
  std::unique_ptr<BlockReader> reader;               // null before it is opened
  bool at_end = false;                               // no more to read
  size_t in_flight = 0;         // blocks read whose events are not in order yet
  int64_t latest_us = kAlways;  // the latest time of a record so far
  double us_per_block = 0;
  absl::Status status;
  uint64_t lines = 0;
  uint64_t rejected = 0;
  uint64_t raw_bytes = 0;
  size_t samples = 0;

  bool done() const { return at_end && in_flight == 0; }
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
  std::deque<CountedName> names;
};

// One of the kPartitions shards of a run.
struct Shard {
  Shard(const ServiceModel& services, int64_t timeout_us, absl::TimeZone zone,
        const VisitShardLimits& limits, const GroupNeeds& needs)
      : visits(services, timeout_us, zone, limits), groups(needs) {}
  VisitShard visits;
  TopShard tops;
  GroupShard groups;
  WaitingEvents<VisitEvent> waiting_visits;
  WaitingEvents<TopEvent> waiting_tops;
  WaitingEvents<GroupEvent> waiting_groups;
};

// What a shard applies, each a task of its own.
enum class Part : uint8_t { kVisits, kTops, kGroups };
constexpr size_t kParts = 3;

class Run {
 public:
  Run(const RunOptions& options, ServiceModel* services, const PathRules* rules,
      const AudienceClassifier* audience, const Portal* portal);

  void AddInputs(std::vector<LogInput> inputs);
  void Go();
  // To be called once; the run must outlive the result.
  RunResult TakeResult();

 private:
  bool Interrupted() const {
    return options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed);
  }
  std::vector<std::pair<Feed*, size_t>> PlanReads();
  void Open(Feed* feed);
  void ReadBlocks(Feed* feed, size_t count, std::vector<Piece>* pieces);
  void Parse(size_t thread, Piece* piece);
  void KeepRejects(const RecordBatch& batch, const Feed& feed, BlockEvents* events) const;
  void ApplyShard(size_t shard, Part part);
  void PutInOrder(std::vector<Piece>* parsed);
  void OrderPiece(Piece* piece);
  void RecycleEvents();
  void MoveWatermark();
  void Report();
  void AddNotes(RunResult* result) const;
  void MergeShards(RunResult* result) const;
  void MergeGroups(RunResult* result);

  RunOptions options_;
  ServiceModel* services_;
  ClassifierContext context_;
  TaskPool pool_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<Feed>> feeds_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Block> spare_blocks_;

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
};

Run::Run(const RunOptions& options, ServiceModel* services, const PathRules* rules,
         const AudienceClassifier* audience, const Portal* portal)
    : options_(options), services_(services), pool_(std::max<size_t>(1, options.threads)) {
  context_.portal = portal;
  context_.services = services;
  context_.audience = audience;
  context_.path_rules = rules;
  context_.time_zone = options.time_zone;
  context_.key = options.key;
  context_.since_us = options.since_us;
  context_.until_us = options.until_us;
  context_.follows_visits = options.follows_visits;
  context_.groups = options.groups.has_value();
  context_.writes = options.written != nullptr;
  for (size_t i = 0; i < pool_.threads(); ++i) {
    workers_.push_back(std::make_unique<Worker>(
        context_, options.make_tap ? options.make_tap(*services) : nullptr));
  }
  const int64_t timeout_us = absl::ToInt64Microseconds(portal->visit_timeout);
  for (size_t i = 0; i < kPartitions; ++i) {
    shards_.push_back(std::make_unique<Shard>(*services, timeout_us, options.time_zone,
                                              options.limits,
                                              options.groups.value_or(GroupNeeds())));
  }
}

void Run::AddInputs(std::vector<LogInput> inputs) {
  std::vector<ProbedInput> probed(inputs.size());
  pool_.Run(inputs.size(), [&](size_t, size_t i) {
    probed[i] = ProbeInput(std::move(inputs[i]), options_.formats, options_.time_zone);
  });
  if (!options_.keep_duplicates) LeaveOutDuplicates(&probed);
  RankInputs(&probed);
  for (ProbedInput& input : probed) {
    auto feed = std::make_unique<Feed>();
    feed->probed = std::move(input);
    feed->rank = static_cast<uint32_t>(feeds_.size());
    feed->status = feed->probed.status;
    feed->at_end = feed->probed.formats.empty() || !feed->status.ok();
    feed->us_per_block = feed->probed.us_per_byte * static_cast<double>(options_.block_bytes);
    feed->parsers.resize(pool_.threads());
    if (!feed->at_end) {
      feed->identifier = std::make_unique<VisitorIdentifier>(
          *context_.portal, feed->probed.formats.front()->extra_fields(), options_.key);
    }
    feeds_.push_back(std::move(feed));
  }
}

std::vector<std::pair<Feed*, size_t>> Run::PlanReads() {
  std::vector<std::pair<Feed*, size_t>> plan;
  if (interrupted_) {
    for (const auto& feed : feeds_) feed->at_end = true;
    return plan;
  }
  const size_t blocks = std::max<size_t>(4, 2 * pool_.threads());
  for (size_t i = 0; i < blocks; ++i) {
    Feed* next = nullptr;
    double behind = 0;
    for (const auto& feed : feeds_) {
      if (feed->at_end) continue;
      const double clock = options_.one_by_one ? feed->rank : feed->ClockAhead();
      if (next == nullptr || clock < behind) next = feed.get(), behind = clock;
    }
    if (next == nullptr) break;
    ++next->in_flight;
    const auto known = std::find_if(plan.begin(), plan.end(),
                                    [next](const auto& entry) { return entry.first == next; });
    if (known == plan.end()) {
      plan.emplace_back(next, 1);
    } else {
      ++known->second;
    }
  }
  return plan;
}

void Run::Open(Feed* feed) {
  std::unique_ptr<ByteSource> source = std::move(feed->probed.opened);
  if (source == nullptr) {
    absl::StatusOr<std::unique_ptr<ByteSource>> opened = feed->probed.input.open();
    if (!opened.ok()) {
      feed->status = opened.status();
      return;
    }
    source = *std::move(opened);
  }
  feed->reader = std::make_unique<BlockReader>(std::move(source), options_.block_bytes);
  const auto& formats = feed->probed.formats;
  if (std::any_of(formats.begin(), formats.end(), [](const auto& f) { return f->is_w3c(); })) {
    feed->reader->TrackW3cDirectives();
  }
}

void Run::ReadBlocks(Feed* feed, size_t count, std::vector<Piece>* pieces) {
  if (feed->reader == nullptr) Open(feed);
  for (Piece& piece : *pieces) {
    if (feed->reader == nullptr || !feed->reader->Next(&piece.block)) break;
    piece.feed = feed;
    --count;
  }
  if (count == 0) {
    feed->raw_bytes = feed->reader->raw_bytes_read();
    return;
  }
  feed->in_flight -= count;
  feed->at_end = true;
  if (feed->reader == nullptr) return;
  feed->status = feed->reader->status();
  feed->raw_bytes = feed->reader->raw_bytes_read();
  feed->reader.reset();
}

void Run::KeepRejects(const RecordBatch& batch, const Feed& feed, BlockEvents* events) const {
  for (const Reject& reject : batch.rejects) {
    if (events->samples.size() < options_.samples) {
      events->samples.push_back({feed.rank, reject.line, reject.column, reject.reason,
                                 std::string(reject.text.substr(0, kSampleTextBytes))});
    }
    if (options_.rejected_lines) {
      events->rejected_lines.append(reject.text);
      events->rejected_lines.push_back('\n');
    }
  }
}

void Run::Parse(size_t thread, Piece* piece) {
  Worker& worker = *workers_[thread];
  Feed& feed = *piece->feed;
  std::unique_ptr<LineParser>& parser = feed.parsers[thread];
  if (parser == nullptr) {
    parser = std::make_unique<LineParser>(feed.probed.formats, options_.time_zone);
  }
  TrafficCounters& counters = worker.classifier.counters();
  size_t offset = 0;
  uint64_t line = piece->block.first_line;
  while (offset < piece->block.size) {
    parser->Parse(piece->block, &offset, &line, &worker.batch);
    const RecordBatch& batch = worker.batch;
    counters.lines += batch.lines;
    counters.blank += batch.blank;
    counters.directive += batch.directive;
    for (const Reject& reject : batch.rejects) {
      ++counters.rejected[static_cast<size_t>(reject.reason)];
    }
    piece->events->lines += batch.lines;
    piece->events->rejected += batch.rejects.size();
    KeepRejects(batch, feed, piece->events.get());
    worker.classifier.Add(batch, *feed.identifier, feed.rank, piece->events.get());
  }
}

// Gives the events of a block their place: the record's time, or, where the record
// is late, the watermark of its source.
void Run::OrderPiece(Piece* piece) {
  Feed& feed = *piece->feed;
  BlockEvents& events = *piece->events;
  std::vector<std::pair<uint32_t, int64_t>> late;  // ordinal, order
  for (size_t i = 0; i < events.times_us.size(); ++i) {
    const int64_t time_us = events.times_us[i];
    int64_t order_us = time_us;
    if (feed.latest_us != kAlways && time_us < feed.latest_us - kLatenessBoundUs) {
      order_us = feed.latest_us - kLatenessBoundUs;
      late.emplace_back(static_cast<uint32_t>(i), order_us);
    }
    feed.latest_us = std::max(feed.latest_us, time_us);
    first_us_ = std::min(first_us_, time_us);
    piece->last.order_us = std::max(piece->last.order_us, order_us);
  }
  piece->last.position = PackPosition(feed.rank, feed.lines + events.lines);
  last_us_ = std::max(last_us_, feed.latest_us);
  if (late.empty()) return;
  late_ += late.size();
  const auto place = [&late](auto* event) {
    const auto found = std::lower_bound(
        late.begin(), late.end(), event->ordinal,
        [](const std::pair<uint32_t, int64_t>& a, uint32_t ordinal) { return a.first < ordinal; });
    if (found != late.end() && found->first == event->ordinal) event->order_us = found->second;
  };
  for (auto& shard : events.visits) {
    for (VisitEvent& event : shard) place(&event);
  }
  for (auto& shard : events.tops) {
    for (TopEvent& event : shard) place(&event);
  }
  for (auto& shard : events.groups) {
    for (GroupEvent& event : shard) place(&event);
  }
}

void Run::PutInOrder(std::vector<Piece>* parsed) {
  for (Piece& piece : *parsed) {
    Feed& feed = *piece.feed;
    const int64_t before_us = std::max(feed.latest_us, feed.probed.first_time_us);
    OrderPiece(&piece);
    --feed.in_flight;
    if (before_us != kAlways) {
      const bool moved = feed.latest_us > before_us;
      feed.us_per_block = moved ? static_cast<double>(feed.latest_us - before_us) : 0;
    }
    BlockEvents& events = *piece.events;
    records_ += events.times_us.size();
    feed.lines += events.lines;
    feed.rejected += events.rejected;
    for (RejectSample& sample : events.samples) {
      if (feed.samples == options_.samples) break;
      samples_.push_back(std::move(sample));
      ++feed.samples;
    }
    if (!events.rejected_lines.empty()) options_.rejected_lines(events.rejected_lines);
    if (!events.written.empty()) options_.written(events.written);
    spare_blocks_.push_back(std::move(piece.block));
    incoming_.push_back(std::move(piece));
  }
  parsed->clear();
}

// Once the shards have taken them.
void Run::RecycleEvents() {
  for (Piece& piece : incoming_) {
    if (!piece.events->names.empty()) {
      held_.push_back({piece.last, std::move(piece.events->names)});
    }
    piece.events->Clear();
    spare_events_.push_back(std::move(piece.events));
  }
  incoming_.clear();
}

void Run::MoveWatermark() {
  Place watermark{kNever, 0};
  for (const auto& feed : feeds_) {
    if (!feed->done()) watermark = std::min(watermark, feed->Watermark());
  }
  watermark_ = std::max(watermark_, watermark);
}

void Run::ApplyShard(size_t shard, Part part) {
  Shard& state = *shards_[shard];
  for (Piece& piece : incoming_) {
    if (part == Part::kVisits) state.waiting_visits.Add(piece.events->visits[shard]);
    if (part == Part::kTops) state.waiting_tops.Add(piece.events->tops[shard]);
    if (part == Part::kGroups) state.waiting_groups.Add(piece.events->groups[shard]);
  }
  if (part == Part::kVisits) state.visits.Apply(state.waiting_visits.Release(watermark_));
  if (part == Part::kTops) state.tops.Apply(state.waiting_tops.Release(watermark_));
  if (part == Part::kGroups) state.groups.Apply(state.waiting_groups.Release(watermark_));
}

void Run::Report() {
  if (!options_.progress) return;
  RunProgress progress;
  for (const auto& feed : feeds_) {
    progress.raw_bytes_read += feed->raw_bytes;
    progress.raw_bytes_total += feed->probed.input.raw_size;
    progress.lines += feed->lines;
    progress.rejected += feed->rejected;
  }
  const bool sizes_known = std::all_of(
      feeds_.begin(), feeds_.end(), [](const auto& feed) { return feed->probed.input.reopenable; });
  if (!sizes_known) progress.raw_bytes_total = 0;
  options_.progress(progress);
}

void Run::Go() {
  std::vector<Piece> parsing;
  while (true) {
    interrupted_ = interrupted_ || Interrupted();
    const std::vector<std::pair<Feed*, size_t>> reads = PlanReads();
    if (reads.empty() && parsing.empty() && incoming_.empty()) break;
    std::vector<std::vector<Piece>> read(reads.size());
    for (size_t i = 0; i < reads.size(); ++i) {
      read[i].resize(reads[i].second);
      for (Piece& piece : read[i]) {
        if (spare_blocks_.empty()) break;
        piece.block = std::move(spare_blocks_.back());
        spare_blocks_.pop_back();
      }
    }
    const size_t applies = incoming_.empty() ? 0 : kParts * kPartitions;
    pool_.Run(reads.size() + parsing.size() + applies, [&](size_t thread, size_t i) {
      if (i < reads.size()) return ReadBlocks(reads[i].first, reads[i].second, &read[i]);
      i -= reads.size();
      if (i < parsing.size()) return Parse(thread, &parsing[i]);
      i -= parsing.size();
      ApplyShard(i / kParts, static_cast<Part>(i % kParts));
    });
    RecycleEvents();
    while (!held_.empty() && held_.front().last < watermark_) held_.pop_front();
    PutInOrder(&parsing);
    MoveWatermark();
    for (std::vector<Piece>& pieces : read) {
      for (Piece& piece : pieces) {
        if (piece.feed == nullptr) continue;
        if (spare_events_.empty()) {
          piece.events = std::make_unique<BlockEvents>();
        } else {
          piece.events = std::move(spare_events_.back());
          spare_events_.pop_back();
        }
        parsing.push_back(std::move(piece));
      }
    }
    Report();
  }
  watermark_ = {kNever, 0};
  pool_.Run(kPartitions, [this](size_t, size_t i) {
    for (size_t part = 0; part < kParts; ++part) ApplyShard(i, static_cast<Part>(part));
    shards_[i]->visits.Finish(last_us_);
  });
}

void Run::MergeShards(RunResult* result) const {
  std::vector<const DistinctCounter*> all;
  absl::flat_hash_map<ServiceId, std::vector<const DistinctCounter*>> by_service;
  std::array<std::vector<const TopCounter*>, kTopListCount> tops;
  for (const auto& shard : shards_) {
    result->visits.Merge(shard->visits.counters());
    all.push_back(&shard->visits.visitors());
    for (const auto& [service, visitors] : shard->visits.service_visitors()) {
      by_service[service].push_back(&visitors);
    }
    for (const auto& [service, completers] : shard->visits.CompletersByService()) {
      result->completers[service].attempts += completers.attempts;
      result->completers[service].visitors += completers.visitors;
    }
    for (size_t list = 0; list < kTopListCount; ++list) {
      tops[list].push_back(&shard->tops.counter(static_cast<TopList>(list)));
    }
  }
  result->visitors = DistinctCounter::Count(all);
  for (const auto& [service, partitions] : by_service) {
    result->service_visitors[service] = DistinctCounter::Count(partitions);
  }
  for (size_t list = 0; list < kTopListCount; ++list) {
    result->top[list] = MostFrequent(tops[list], kTopEntries);
  }
}

void Run::MergeGroups(RunResult* result) {
  if (!options_.groups) return;
  for (const auto& shard : shards_) shard->groups.MergeInto(&result->groups);
  if (result->groups.overflowed) {
    result->notes.push_back(
        "more groups than are counted exactly: rows with an error bound may lack as many "
        "requests, and what came with them");
  }
}

void Run::AddNotes(RunResult* result) const {
  uint64_t evicted = 0;
  bool tops_full = false;
  bool attempting_full = false;
  for (const auto& shard : shards_) {
    evicted += shard->visits.evicted();
    attempting_full = attempting_full || shard->visits.attempting_visitors_full();
    for (size_t list = 0; list < kTopListCount; ++list) {
      tops_full = tops_full || shard->tops.counter(static_cast<TopList>(list)).overflowed();
    }
  }
  if (evicted > 0) {
    result->notes.push_back(
        "more visitors were active at once than are kept: " + std::to_string(evicted) +
        " of those silent for longest were closed early");
  }
  if (tops_full) {
    result->notes.push_back(
        "more distinct paths or referrers than are counted exactly: the top lists are "
        "Space-Saving estimates with the error bound shown");
  }
  if (attempting_full) {
    result->notes.push_back(
        "more visitors with attempts than are remembered: attempts per completed visitor is "
        "that of the first ones");
  }
  if (services_->segments_full()) {
    result->notes.push_back(
        "more first path segments than are told apart: the rest is unclassified");
  }
}

RunResult Run::TakeResult() {
  RunResult result;
  for (const auto& worker : workers_) result.traffic.Merge(worker->classifier.counters());
  MergeShards(&result);
  AddNotes(&result);
  MergeGroups(&result);
  result.records = records_;
  result.late = late_;
  result.first_us = records_ > 0 ? first_us_ : 0;
  result.last_us = records_ > 0 ? last_us_ : 0;
  std::sort(samples_.begin(), samples_.end(), [](const RejectSample& a, const RejectSample& b) {
    return std::make_pair(a.source, a.line) < std::make_pair(b.source, b.line);
  });
  if (samples_.size() > options_.samples) samples_.resize(options_.samples);
  result.samples = std::move(samples_);
  for (const auto& feed : feeds_) {
    const ProbedInput& probed = feed->probed;
    result.sources.push_back({probed.input.name, probed.format_name, probed.problem,
                              probed.left_out, probed.duplicate, probed.empty, feed->status,
                              feed->lines, feed->rejected});
  }
  if (services_->catalog() == nullptr) {
    result.segments = services_->segments();
  } else {
    result.routes = services_->routes()->routes();
  }
  result.interrupted = interrupted_;
  return result;
}

}  // namespace

absl::StatusOr<RunResult> RunPipeline(std::vector<LogInput> inputs, const Catalog* catalog,
                                      const AudienceClassifier& audience,
                                      const RunOptions& options) {
  const Catalog plain;
  ASSIGN_OR_RETURN(std::unique_ptr<ServiceModel> services, ServiceModel::Make(catalog));
  ASSIGN_OR_RETURN(std::unique_ptr<PathRules> rules,
                   PathRules::Make(catalog != nullptr ? *catalog : plain));
  const Portal& portal = catalog != nullptr ? catalog->portal : plain.portal;
  auto run = std::make_unique<Run>(options, services.get(), rules.get(), &audience, &portal);
  run->AddInputs(std::move(inputs));
  run->Go();
  RunResult result = run->TakeResult();
  // Handing back what millions of visitors and names have taken costs time for nothing
  // where the process ends anyway.
  static Run* last = nullptr;
  if (options.leave_memory && last == nullptr) last = run.release();
  return result;
}

}  // namespace civlog
