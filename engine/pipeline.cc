#include "engine/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/time/clock.h"
#include "engine/run.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr size_t kSampleTextBytes = 4096;
// A clock that is ahead by less is soon right again.
constexpr int64_t kMostAheadUs = 30 * 24 * kMicrosPerHour;

// Blocks of a round: enough that threads seldom wait for each other at its end.
constexpr size_t kBlocksPerThread = 8;
// That a round is made for, however many there are, while services are learned.
constexpr size_t kThreadsOfLearning = 4;
// How often sources that had nothing more are looked at again.
constexpr absl::Duration kLookEvery = absl::Milliseconds(50);

// By another thread, just now.
bool IsLocked(std::mutex* mutex) {
  return !std::unique_lock<std::mutex>(*mutex, std::try_to_lock).owns_lock();
}

}  // namespace

Run::Run(const RunOptions& options, ServiceModel* services, const PathRules* rules,
         const AudienceClassifier* audience, const Portal* portal)
    : options_(options),
      services_(services),
      pool_(std::max<size_t>(1, options.threads)),
      calendar_(options.time_zone) {
  context_.portal = portal;
  context_.services = services;
  context_.audience = audience;
  context_.path_rules = rules;
  context_.time_zone = options.time_zone;
  context_.key = options.key;
  context_.week_keys = options.week_keys != nullptr ? options.week_keys : &own_keys_;
  context_.paths = &paths_;
  context_.time_detail =
      options.checkpoints != nullptr ? TimeDetail::kAllByPeriod : options.time_detail;
  context_.since_us = options.since_us;
  context_.until_us = options.until_us;
  context_.follows_visits = options.follows_visits;
  context_.groups = options.groups.has_value();
  context_.writes = options.written != nullptr;
  for (size_t i = 0; i < pool_.threads(); ++i) {
    workers_.push_back(std::make_unique<RunWorker>(
        context_, options.make_tap ? options.make_tap(*services) : nullptr));
  }
  follows_ = options.more_inputs != nullptr;
  const int64_t timeout_us = absl::ToInt64Microseconds(portal->visit_timeout);
  for (size_t i = 0; i < kPartitions; ++i) {
    shards_.push_back(std::make_unique<Shard>(*services, timeout_us, options.time_zone,
                                              options.limits, context_.time_detail,
                                              options.groups.value_or(GroupNeeds())));
  }
}

std::vector<std::pair<Feed*, size_t>> Run::PlanReads() {
  std::vector<std::pair<Feed*, size_t>> plan;
  if (interrupted_) {
    for (const auto& feed : feeds_) feed->at_end = true;
    return plan;
  }
  // A snapshot is of what was read, all of it.
  if (Due(next_snapshot_) || Due(next_checkpoint_)) return plan;
  LookAgain();
  // Which services are learned first goes by the order of blocks, of several sources too.
  const size_t threads =
      LearnsServices() && feeds_.size() > 1 ? kThreadsOfLearning : pool_.threads();
  const size_t blocks = kBlocksPerThread * std::max<size_t>(2, threads);
  for (size_t i = 0; i < blocks; ++i) {
    Feed* next = nullptr;
    double behind = 0;
    for (const auto& feed : feeds_) {
      if (feed->at_end || feed->waiting) continue;
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
  if (feed->unread()) {
    feed->probed = ProbeInput(std::move(feed->probed.input), options_.formats, options_.time_zone);
    Understand(feed);
    if (feed->unread() || feed->at_end) return;
  }
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
  if (options_.checkpoints != nullptr) {
    const SourceState& state = feed->state;
    if (state.offset > 0) feed->reader->ContinueAt(state.offset, state.lines, state.w3c_fields);
    feed->reader->LeavePartialLine(options_.interrupt);
    if (feed->probed.input.unfinished) feed->reader->LeavePartialLine();
  }
  const auto& formats = feed->probed.formats;
  if (std::any_of(formats.begin(), formats.end(), [](const auto& f) { return f->is_w3c(); })) {
    feed->reader->TrackW3cDirectives();
  }
}

// Of a feed that is to be read, with what is needed for its blocks.
void Run::PrepareTurn(Feed* feed, size_t blocks, Turn* turn) {
  turn->feed = feed;
  turn->pieces.resize(blocks);
  for (Piece& piece : turn->pieces) {
    piece.feed = feed;
    if (spare_events_.empty()) {
      piece.events = std::make_unique<BlockEvents>();
    } else {
      piece.events = std::move(spare_events_.back());
      spare_events_.pop_back();
    }
  }
}

// A source is read by one thread at a time. Who has read a block parses it, while it is
// in that core's cache.
void Run::TakeTurn(size_t thread, Turn* turn) {
  Block& block = workers_[thread]->block;
  std::unique_lock lock(turn->mutex);
  Feed* const feed = turn->feed;
  if (!turn->ended) {
    if (feed->reader == nullptr) Open(feed);
    turn->ended = feed->reader == nullptr || !feed->reader->Next(&block);
  }
  Piece* const piece = turn->ended ? nullptr : &turn->pieces[turn->read++];
  if (piece != nullptr && context_.by_day()) NotePosition(block, feed);
  const size_t missing = turn->ended ? turn->read : turn->pieces.size();
  lock.unlock();
  if (piece != nullptr) Parse(thread, piece);
  if (!LearnsServices()) return;
  if (piece != nullptr) services_->EndBlock(piece->events->block);
  for (size_t i = missing; i < turn->pieces.size(); ++i) {
    services_->EndBlock(turn->pieces[i].events->block);
  }
}

// What is known of a source after a round.
void Run::EndTurn(Turn* turn) {
  Feed* const feed = turn->feed;
  feed->in_flight -= turn->pieces.size() - turn->read;
  for (size_t i = turn->read; i < turn->pieces.size(); ++i) {
    spare_events_.push_back(std::move(turn->pieces[i].events));
  }
  turn->pieces.resize(turn->read);
  if (feed->reader != nullptr) {
    feed->raw_bytes = feed->reader->raw_bytes_read();
    feed->state.w3c_fields = feed->reader->w3c_directive();
  }
  if (!turn->ended) return;
  feed->waiting = feed->reader != nullptr ? feed->reader->waiting() : feed->unread();
  if (feed->waiting) return;
  feed->at_end = true;
  if (feed->reader == nullptr) return;
  feed->status = feed->reader->status();
  feed->partial_line = feed->reader->partial_line();
  feed->read_to_end = feed->status.ok();
  feed->stamp = feed->reader->stamp();
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
  RunWorker& worker = *workers_[thread];
  Feed& feed = *piece->feed;
  std::unique_ptr<LineParser>& parser = feed.parsers[thread];
  if (parser == nullptr) {
    parser = std::make_unique<LineParser>(feed.probed.formats, options_.time_zone);
  }
  TrafficCounters& counters = worker.classifier.counters();
  size_t offset = 0;
  uint64_t line = worker.block.first_line;
  while (offset < worker.block.size) {
    parser->Parse(worker.block, &offset, &line, &worker.batch);
    const RecordBatch& batch = worker.batch;
    counters.lines += batch.lines;
    counters.blank += batch.blank.size();
    counters.directive += batch.directive.size();
    for (const Reject& reject : batch.rejects) {
      ++counters.rejected[static_cast<size_t>(reject.reason)];
    }
    piece->events->lines += batch.lines;
    piece->events->rejected += batch.rejects.size();
    KeepRejects(batch, feed, piece->events.get());
    if (context_.by_day()) AddLines(batch, &worker.calendar, &piece->line_days);
    worker.classifier.Add(batch, *feed.identifier, feed.place, piece->events.get());
  }
  for (const int64_t time_us : piece->events->times_us) piece->times.Add(time_us);
}

// See RunOptions::distrust_future.
bool Run::IsAhead(int64_t time_us, const Feed& feed) const {
  if (!options_.distrust_future) return false;
  const int64_t latest_us = feed.latest_us != kAlways ? feed.latest_us : last_us_;
  return latest_us != kAlways && time_us > latest_us + kMostAheadUs &&
         time_us > absl::ToUnixMicros(absl::Now()) + kMostAheadUs;
}

// Whether no record of the block is late, or ahead. Blocks are put in order one after the other,
// and nearly all of them without a look at each record.
bool Run::IsInTime(const Piece& piece) const {
  const Feed& feed = *piece.feed;
  int64_t begin_us = kAlways;
  if (feed.latest_us != kAlways) begin_us = feed.latest_us - kLatenessBoundUs;
  if (follows_ || context_.by_day()) begin_us = std::max(begin_us, watermark_.order_us);
  return piece.times.first_us >= begin_us && piece.times.lag_us <= kLatenessBoundUs &&
         !IsAhead(piece.times.latest_us, feed);
}

// Gives the events of a block their place: the record's time, or, where the record
// is late, the watermark of its source.
void Run::OrderPiece(Piece* piece) {
  Feed& feed = *piece->feed;
  BlockEvents& events = *piece->events;
  first_us_ = std::min(first_us_, piece->times.first_us);
  feed.state.first_us = std::min(feed.state.first_us, piece->times.first_us);
  piece->last.position = PackPosition(feed.place, feed.lines + events.lines);
  if (IsInTime(*piece)) {
    feed.latest_us = std::max(feed.latest_us, piece->times.latest_us);
    last_us_ = std::max(last_us_, feed.latest_us);
    piece->last.order_us = piece->times.latest_us;
    return;
  }
  std::vector<std::pair<uint32_t, int64_t>> moved;  // ordinal, order
  const bool asks = options_.distrust_future || follows_ || context_.by_day();
  for (size_t i = 0; i < events.times_us.size(); ++i) {
    const int64_t time_us = events.times_us[i];
    if (!asks && time_us >= feed.latest_us) {
      feed.latest_us = piece->last.order_us = time_us;
      continue;
    }
    int64_t order_us = time_us;
    const bool ahead = IsAhead(time_us, feed);
    if (ahead) {
      if (feed.ahead++ == 0) feed.ahead_us = time_us;
      order_us = feed.latest_us != kAlways ? feed.latest_us : last_us_;
    } else if (feed.latest_us != kAlways && time_us < feed.latest_us - kLatenessBoundUs) {
      order_us = feed.latest_us - kLatenessBoundUs;
    }
    // Only a source that waited for more, or is new to a store, can be behind what was
    // applied.
    if (follows_ || context_.by_day()) order_us = std::max(order_us, watermark_.order_us);
    if (order_us != time_us) moved.emplace_back(static_cast<uint32_t>(i), order_us);
    if (order_us > time_us) {
      ++late_;
      if (context_.by_day()) ++line_days_[{calendar_.DayOf(time_us), feed.state.id}].late;
    }
    if (!ahead) feed.latest_us = std::max(feed.latest_us, time_us);
    piece->last.order_us = std::max(piece->last.order_us, order_us);
  }
  last_us_ = std::max(last_us_, feed.latest_us);
  if (moved.empty()) return;
  // A shard's events are in the order of their records.
  const auto place = [&moved](auto* shard) {
    auto event = shard->begin();
    for (const auto& [ordinal, order_us] : moved) {
      event = std::partition_point(event, shard->end(), [ordinal = ordinal](const auto& before) {
        return before.ordinal < ordinal;
      });
      for (; event != shard->end() && event->ordinal == ordinal; ++event) {
        event->order_us = order_us;
      }
    }
  };
  for (auto& shard : events.visits) place(&shard);
  for (auto& shard : events.tops) place(&shard);
  for (auto& shard : events.groups) place(&shard);
}

void Run::PutInOrder(std::vector<Piece>* parsed) {
  unkept_ = unkept_ || !parsed->empty();
  for (Piece& piece : *parsed) {
    Feed& feed = *piece.feed;
    const int64_t before_us = feed.ReachedUs();
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
    if (context_.by_day()) NoteLines(&piece);
    incoming_.push_back(std::move(piece));
  }
  parsed->clear();
}

// Once the shards have taken them.
void Run::RecycleEvents() {
  for (Piece& piece : incoming_) {
    if (!piece.events->names.names.empty()) {
      held_.push_back({piece.last, std::exchange(piece.events->names, PassingNames())});
    }
    piece.events->Clear();
    spare_events_.push_back(std::move(piece.events));
  }
  incoming_.clear();
}

// Of events that the shards have applied: all before the watermark, right after they took
// what was there by it.
void Run::DropNames() {
  while (!held_.empty() && held_.front().last < watermark_) held_.pop_front();
}

void Run::MoveWatermark() {
  Place watermark{kNever, 0};
  for (const auto& feed : feeds_) {
    if (feed->done()) continue;
    // That of one that begins with a wrong date is not known yet.
    const bool unknown = feed->latest_us == kAlways && IsAhead(feed->probed.first_time_us, *feed);
    watermark = std::min(watermark, unknown ? Place() : feed->Watermark());
  }
  // Where all wait for more, what they brought last is still ordered among itself.
  if (follows_ && watermark.order_us == kNever) return;
  // What the sources of a store get later may be as old.
  if (context_.by_day() && watermark.order_us == kNever) {
    if (last_us_ == kAlways) return;
    watermark = {last_us_ - kLatenessBoundUs, 0};
  }
  watermark_ = std::max(watermark_, watermark);
}

void Run::Report() {
  if (!options_.progress) return;
  RunProgress progress = gone_;
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

absl::Status Run::Go() {
  while (true) {
    interrupted_ = interrupted_ || Interrupted();
    if (WantsCatalog()) next_checkpoint_ = absl::InfinitePast();
    FindInputs();
    const std::vector<std::pair<Feed*, size_t>> reads = PlanReads();
    if (reads.empty() && incoming_.empty()) {
      if (Due(next_checkpoint_)) {
        RETURN_IF_ERROR(KeepAndAdmit());
        if (WantsCatalog()) return absl::OkStatus();
        continue;
      }
      if (Idle()) continue;
      break;
    }
    std::deque<Turn> turns;
    size_t most = 0;
    for (const auto& [feed, blocks] : reads) {
      PrepareTurn(feed, blocks, &turns.emplace_back());
      most = std::max(most, blocks);
    }
    // Sources in turn, so that threads are in each other's way as little as can be.
    std::vector<Turn*> tasks;
    for (size_t i = 0; i < most; ++i) {
      for (Turn& turn : turns) {
        if (i >= turn.pieces.size()) continue;
        turn.pieces[i].events->block = tasks.size();
        tasks.push_back(&turn);
      }
    }
    if (LearnsServices()) services_->BeginRound(tasks.size());
    // Meanwhile the shards take what the round before has brought: many short tasks, for
    // those who would wait while another one reads, and for the end of the round.
    const size_t applies = incoming_.empty() ? 0 : kShardParts * kPartitions;
    std::atomic<size_t> next_turn = 0;
    std::atomic<size_t> next_apply = 0;
    const auto apply = [&](size_t i) {
      shards_[i / kShardParts]->Take(incoming_, i / kShardParts,
                                     static_cast<ShardPart>(i % kShardParts), watermark_);
    };
    // There are as many calls as tasks, so that each finds one.
    pool_.Run(tasks.size() + applies, [&](size_t thread, size_t) {
      const size_t next = next_turn;
      const bool can_read = next < tasks.size() && !IsLocked(&tasks[next]->mutex);
      if (!can_read) {
        if (const size_t i = next_apply++; i < applies) return apply(i);
      }
      const size_t turn = next_turn++;
      turn < tasks.size() ? TakeTurn(thread, tasks[turn]) : apply(next_apply++);
    });
    RecycleEvents();
    if (applies > 0) DropNames();
    for (Turn& turn : turns) {
      EndTurn(&turn);
      PutInOrder(&turn.pieces);
    }
    MoveWatermark();
    if (options_.checkpoints != nullptr && !reads.empty() && HoldsMuch()) {
      next_checkpoint_ = absl::InfinitePast();
    }
    Report();
  }
  if (options_.checkpoints != nullptr) {
    return unkept_ || !follows_ ? KeepCheckpoint(true) : absl::OkStatus();
  }
  pool_.Run(kPartitions, [this](size_t, size_t i) { shards_[i]->Finish(last_us_); });
  return absl::OkStatus();
}

// Takes counters and groups out of the shards.
RunResult Run::ResultOf(TrafficCounters traffic, Shards* shards) const {
  RunResult result;
  result.traffic = std::move(traffic);
  MergeShards(shards, &result);
  if (services_->segments_full()) {
    result.notes.push_back(
        "more first path segments than are told apart: the rest is unclassified");
  }
  if (options_.groups) MergeGroups(*shards, &result);
  result.records = records_;
  result.late = late_;
  result.first_us = records_ > 0 ? first_us_ : 0;
  result.last_us = records_ > 0 ? last_us_ : 0;
  result.samples = samples_;
  std::sort(result.samples.begin(), result.samples.end(),
            [](const RejectSample& a, const RejectSample& b) {
              return std::make_pair(a.source, a.line) < std::make_pair(b.source, b.line);
            });
  if (result.samples.size() > options_.samples) result.samples.resize(options_.samples);
  for (const auto& feed : feeds_) result.sources.push_back(SourceOf(*feed));
  if (services_->catalog() == nullptr) {
    result.segments = services_->segments();
  } else {
    result.routes = services_->routes()->routes();
  }
  result.interrupted = interrupted_;
  result.added = added_;
  return result;
}

RunSource Run::SourceOf(const Feed& feed) {
  const ProbedInput& probed = feed.probed;
  return {probed.input.name, probed.format_name, probed.problem, probed.left_out, probed.duplicate,
          probed.empty,      feed.status,        feed.lines,     feed.rejected,   probed.notice,
          feed.unchanged,    feed.partial_line,  feed.ahead,     feed.ahead_us};
}

RunResult Run::TakeResult() {
  TrafficCounters traffic = workers_.front()->classifier.TakeCounters();
  for (size_t i = 1; i < workers_.size(); ++i) {
    traffic.Merge(workers_[i]->classifier.TakeCounters());
  }
  return ResultOf(std::move(traffic), &shards_);
}

// Sources that had nothing more are asked again.
void Run::LookAgain() {
  const absl::Time now = absl::Now();
  if (!follows_ || now < next_look_) return;
  next_look_ = now + kLookEvery;
  for (const auto& feed : feeds_) feed->waiting = false;
}

// Nothing is under way. Waits for what may come; false where nothing can.
bool Run::Idle() {
  const bool waits = !interrupted_ && (options_.more_inputs != nullptr ||
                                       std::any_of(feeds_.begin(), feeds_.end(),
                                                   [](const auto& feed) { return !feed->at_end; }));
  if (!waits) return false;
  if (Due(next_snapshot_)) {
    TakeSnapshot();
  } else {
    const absl::Time next = std::min({next_look_, next_snapshot_, next_checkpoint_});
    absl::SleepFor(std::clamp(next - absl::Now(), absl::ZeroDuration(), kLookEvery));
  }
  Report();
  return true;
}

namespace {

// A run, and what it is made of.
struct RunSetting {
  Catalog plain;  // where there is none
  std::unique_ptr<ServiceModel> services;
  std::unique_ptr<PathRules> rules;
  std::unique_ptr<Run> run;

  static absl::StatusOr<std::unique_ptr<RunSetting>> Make(const RunCatalog& with,
                                                          const RunOptions& options) {
    auto made = std::make_unique<RunSetting>();
    ASSIGN_OR_RETURN(made->services, ServiceModel::Make(with.catalog));
    const Catalog& catalog = with.catalog != nullptr ? *with.catalog : made->plain;
    ASSIGN_OR_RETURN(made->rules, PathRules::Make(catalog));
    made->run = std::make_unique<Run>(options, made->services.get(), made->rules.get(),
                                      with.audience, &catalog.portal);
    RETURN_IF_ERROR(made->run->Resume());
    return made;
  }
};

}  // namespace

absl::StatusOr<RunResult> RunPipeline(std::vector<LogInput> inputs, const Catalog* catalog,
                                      const AudienceClassifier& audience,
                                      const RunOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<RunSetting> setting,
                   RunSetting::Make({catalog, &audience}, options));
  RETURN_IF_ERROR(setting->run->AddInputs(std::move(inputs)));
  while (true) {
    RETURN_IF_ERROR(setting->run->Go());
    if (!setting->run->WantsCatalog()) break;
    const std::optional<RunCatalog> next = options.next_catalog();
    if (!next) continue;
    ASSIGN_OR_RETURN(std::unique_ptr<RunSetting> with_next, RunSetting::Make(*next, options));
    with_next->run->GoOnFrom(setting->run.get());
    setting = std::move(with_next);
  }
  RunResult result = setting->run->TakeResult();
  // Handing back what millions of visitors and names have taken costs time for nothing
  // where the process ends anyway.
  static Run* last = nullptr;
  if (options.leave_memory && last == nullptr) last = setting->run.release();
  return result;
}

}  // namespace civlog
