// What a run leaves behind while it goes on: snapshots to look at, checkpoints to go on from.

#include <algorithm>
#include <utility>

#include "engine/run.h"
#include "engine/state_archive.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// A snapshot may take this much of the time.
constexpr int kSnapshotShare = 5;
// And a checkpoint that.
constexpr int kCheckpointShare = 20;
// A checkpoint is made early where the counters have so many rows more than after the one
// before, so that a log of many years takes no more memory than one of a day.
constexpr uint64_t kMostRows = uint64_t{1} << 17;
// Between two, something is read.
constexpr absl::Duration kRestAtLeast = absl::Milliseconds(10);

}  // namespace

absl::Status Run::Resume() {
  if (options_.checkpoints == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Checkpoint last, options_.checkpoints->Resume());
  watermark_ = last.clock.watermark;
  first_us_ = last.clock.first_us;
  last_us_ = last.clock.last_us;
  records_ = last.clock.records;
  services_->LearnSegments(last.segments);
  if (!RestoreShards(last.shards, &shards_, &pool_)) {
    return absl::DataLossError(
        "the store's state of open visits cannot be read; restore the store from a copy");
  }
  if (!last.routes.empty()) {
    for (const auto& shard : shards_) shard->RenumberRoutes(last.routes);
  }
  settled_week_ = SettledWeek();
  if (options_.checkpoint_every > absl::ZeroDuration()) {
    next_checkpoint_ = absl::Now() + options_.checkpoint_every;
  }
  return absl::OkStatus();
}

// A log is known the better, the more of its beginning there is; and by what was read of
// it, since what was looked at before may have been cut off meanwhile.
void Run::NoteHead(const Block& block, Feed* feed) {
  if (!feed->probed.input.reopenable || block.cut) return;
  std::string& head = feed->probed.head;
  const std::string_view text = block.text();
  const uint64_t begin = block.end_offset - text.size();
  if (feed->state.offset == 0) {
    // What the reader left out: a byte order mark.
    head.resize(std::min<uint64_t>(begin, head.size()));
    feed->state.head_bytes = 0;
  }
  if (begin > head.size() || head.size() >= block.end_offset) return;
  head.append(text.substr(head.size() - begin, kHeadBytes - std::min(kHeadBytes, head.size())));
}

// How far the source has come once the block is counted, as it is before the next checkpoint.
void Run::NotePosition(const Block& block, Feed* feed) {
  NoteHead(block, feed);
  feed->state.offset = block.end_offset;
  feed->state.tail_bytes = feed->state.tail_digest = 0;
  const std::string_view text = block.text();
  feed->tail.assign(block.cut ? std::string_view()
                              : text.substr(text.size() - std::min(text.size(), kTailBytes)));
}

// Of which days the lines are.
void Run::NoteLines(Piece* piece) {
  Feed& feed = *piece->feed;
  for (const auto& [day, lines] : piece->line_days) {
    if (day != kEveryDay) feed.state.last_day = day;
    line_days_[{feed.state.last_day, feed.state.id}].Merge(lines);
  }
  piece->line_days.clear();
}

void Run::TakeSnapshot() {
  const absl::Time began = absl::Now();
  Shards copies(kPartitions);
  pool_.Run(kPartitions, [&](size_t, size_t i) {
    copies[i] = std::make_unique<Shard>(shards_[i].get(), last_us_);
  });
  TrafficCounters traffic;
  for (const auto& worker : workers_) traffic.Merge(worker->classifier.counters());
  options_.snapshot(ResultOf(std::move(traffic), &copies));
  const absl::Time now = absl::Now();
  next_snapshot_ = std::max(began + options_.snapshot_every, now + kSnapshotShare * (now - began));
}

// What grows with the hours and days that were read, and leaves with a checkpoint.
uint64_t Run::CountedRows() const {
  uint64_t rows = 0;
  for (const auto& worker : workers_) {
    const TrafficCounters& counters = worker->classifier.counters();
    rows += counters.traffic.rows();
    for (const auto& [day, traffic] : counters.days) rows += traffic.service_latency.size();
  }
  for (const auto& shard : shards_) {
    const VisitCounters& counters = shard->visits->counters();
    rows += counters.visits.rows() + counters.attempts.rows();
  }
  return rows;
}

// Visitors of weeks before it are only counted any more.
int32_t Run::SettledWeek() {
  if (watermark_.order_us == kAlways) return INT32_MIN;
  return calendar_.WeekOf(watermark_.order_us - kWeekKeyCarryUs);
}

bool Run::HoldsMuch() {
  if (options_.checkpoint_every == absl::ZeroDuration()) return true;
  if (CountedRows() > rows_left_ + kMostRows) return true;
  const int32_t settled = SettledWeek();
  if (settled_week_ == INT32_MIN) settled_week_ = settled;
  return settled > settled_week_ &&
         std::any_of(shards_.begin(), shards_.end(), [settled](const auto& shard) {
           const auto& weeks = shard->visits->weeks();
           return !weeks.empty() && weeks.begin()->first < settled;
         });
}

// Nothing is under way, and a checkpoint is due: there is none of what has not changed.
absl::Status Run::KeepAndAdmit() {
  if (unkept_ || !follows_) RETURN_IF_ERROR(KeepCheckpoint(false));
  if (options_.more_inputs) LetGo();
  next_checkpoint_ =
      std::max(next_checkpoint_, absl::Now() + std::max(options_.checkpoint_every, kRestAtLeast));
  return found_.empty() ? absl::OkStatus() : Admit();
}

absl::Status Run::KeepCheckpoint(bool is_last) {
  const absl::Time began = absl::Now();
  Checkpoint checkpoint;
  // The watermark may have moved since the shards last took anything: what is settled by it
  // must have been applied.
  pool_.Run(kShardParts * kPartitions, [&](size_t, size_t i) {
    shards_[i / kShardParts]->Take(incoming_, i / kShardParts,
                                   static_cast<ShardPart>(i % kShardParts), watermark_);
  });
  for (const auto& worker : workers_) {
    checkpoint.traffic.Merge(worker->classifier.TakeCounters());
  }
  for (const auto& [day, lines] : line_days_) added_.Merge(lines);
  checkpoint.lines = std::exchange(line_days_, LineDays());
  checkpoint.settled = TakeSettled(&shards_, watermark_, options_.time_zone);
  checkpoint.shards.resize(kPartitions);
  // What is open is told by copies that end here; at the end of the run, by the shards
  // themselves.
  Shards copies(kPartitions);
  pool_.Run(kPartitions, [&](size_t, size_t i) {
    StateWriter writer;
    writer(*shards_[i]);
    checkpoint.shards[i] = writer.Take();
    if (is_last) {
      shards_[i]->Finish(last_us_);
    } else {
      copies[i] = std::make_unique<Shard>(shards_[i].get(), last_us_);
    }
  });
  checkpoint.open = FiguresOf(is_last ? shards_ : copies);
  checkpoint.whole = std::all_of(feeds_.begin(), feeds_.end(), [](const auto& feed) {
    return feed->read_to_end || feed->probed.left_out;
  });
  checkpoint.clock = {watermark_, first_us_, last_us_, records_};
  checkpoint.segments = services_->segments();
  for (const auto& feed : feeds_) {
    if (feed->state.id != 0) checkpoint.sources.push_back(StateOf(options_.key, *feed));
  }
  RETURN_IF_ERROR(options_.checkpoints->Keep(checkpoint));
  unkept_ = false;
  rows_left_ = CountedRows();
  settled_week_ = SettledWeek();
  const absl::Time now = absl::Now();
  if (options_.checkpoint_every == absl::ZeroDuration()) {
    next_checkpoint_ = absl::InfiniteFuture();  // until something was read
    return absl::OkStatus();
  }
  earliest_checkpoint_ = now + kCheckpointShare * (now - began);
  next_checkpoint_ = std::max(began + options_.checkpoint_every, earliest_checkpoint_);
  return absl::OkStatus();
}

}  // namespace civlog
