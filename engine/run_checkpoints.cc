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

// Nothing can be said of it, or not yet.
bool Unknown(const Feed& feed) { return feed.at_end || feed.probed.empty; }

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
  if (options_.checkpoint_every > absl::ZeroDuration()) {
    next_checkpoint_ = absl::Now() + options_.checkpoint_every;
  }
  return absl::OkStatus();
}

// Finds out how far each source was read before, and goes there.
absl::Status Run::Identify() {
  std::vector<std::vector<SourceState>> candidates(feeds_.size());
  for (size_t i = 0; i < feeds_.size(); ++i) {
    if (Unknown(*feeds_[i])) continue;
    ASSIGN_OR_RETURN(candidates[i], options_.checkpoints->Identify(feeds_[i]->probed));
  }
  std::vector<Continuation> found(feeds_.size(), Continuation::kIsAnother);
  pool_.Run(feeds_.size(), [&](size_t, size_t i) {
    for (SourceState& candidate : candidates[i]) {
      feeds_[i]->state = std::move(candidate);
      found[i] = ContinueSource(options_.key, feeds_[i].get());
      if (found[i] != Continuation::kIsAnother) break;
    }
  });
  for (size_t i = 0; i < feeds_.size(); ++i) {
    Feed& feed = *feeds_[i];
    if (Unknown(feed)) continue;
    // Of two that are one the first goes on.
    const bool taken =
        std::any_of(feeds_.begin(), feeds_.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const auto& other) { return other->state.id == feed.state.id; });
    if (found[i] == Continuation::kIsAnother || taken) {
      ASSIGN_OR_RETURN(feed.state, options_.checkpoints->AsNew(&feed.probed));
      if (feed.probed.input.reopenable) feed.probed.opened = nullptr;
      found[i] = Continuation::kGoesOn;
      if (feed.state.id == 0) {
        feed.at_end = true;
        continue;
      }
    }
    feed.place = feed.state.id;
    feed.lines = feed.state.lines;
    feed.rejected = feed.state.rejected;
    feed.latest_us = feed.state.latest_us;
    feed.at_end = found[i] == Continuation::kUnchanged || !feed.status.ok();
    feed.unchanged = found[i] == Continuation::kUnchanged;
  }
  return absl::OkStatus();
}

// How far the source has come, and of which days its lines are.
void Run::NotePosition(Piece* piece) {
  Feed& feed = *piece->feed;
  feed.state.offset = piece->block.end_offset;
  feed.state.tail_bytes = feed.state.tail_digest = 0;
  const std::string_view text = piece->block.text();
  feed.tail.assign(piece->block.cut ? std::string_view()
                                    : text.substr(text.size() - std::min(text.size(), kTailBytes)));
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
  options_.snapshot(ResultOf(copies));
  const absl::Time now = absl::Now();
  next_snapshot_ = std::max(began + options_.snapshot_every, now + kSnapshotShare * (now - began));
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
  const absl::Time now = absl::Now();
  next_checkpoint_ =
      options_.checkpoint_every == absl::ZeroDuration()
          ? absl::InfiniteFuture()  // until something was read
          : std::max(began + options_.checkpoint_every, now + kCheckpointShare * (now - began));
  return absl::OkStatus();
}

}  // namespace civlog
