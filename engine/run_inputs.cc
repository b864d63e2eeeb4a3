// How inputs come into a run, and where one that follows lets them go.
//
// A run that feeds a store and follows does not keep what it has read to its end. It is
// told now and then which files there are. A file that it reads already (by device and
// inode, whatever its name is by then) goes on as it is; one that it has looked at and
// that has not changed since is nothing new; any other is probed, and the store tells by
// its content whether it goes on with a source. So a file that was let go, rotated away or
// silent, comes back by the same way as after a restart, and needs no memory meanwhile.
//
// Inputs come and go where a checkpoint has just been kept: what the store knows of a
// source is then all there is to know.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "engine/duplicate_inputs.h"
#include "engine/run.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How often it asks which files there are; that is cheap where nothing has happened.
constexpr absl::Duration kFindEvery = absl::Milliseconds(50);
// What was written to more recently may be under way: a compressor's or a copy's output.
constexpr absl::Duration kSettle = absl::Seconds(2);
// When a file that could not be read is tried again.
constexpr absl::Duration kRetry = absl::Seconds(10);
// A beginning that fits no format may be the rest of a line where it is shorter.
constexpr uint64_t kEnoughToTell = uint64_t{16} << 10;

// Nothing can be said of it, or not yet.
bool Unknown(const Feed& feed) { return feed.at_end || feed.probed.empty; }

bool ReadsNow(const Feed& feed) { return !feed.at_end || feed.in_flight > 0; }

// When it is to be looked at again for having settled; the past where it has.
absl::Time Settles(const FileStamp& stamp, absl::Time now) {
  const absl::Time settled = absl::FromUnixNanos(stamp.modified_ns) + kSettle;
  // By another machine's clock, which tells nothing.
  return settled > now + kSettle ? absl::InfinitePast() : settled;
}

// It is not there any more, by that name.
bool IsElsewhere(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsNotFound(status);
}

}  // namespace

std::vector<ProbedInput> Run::Probe(std::vector<LogInput> inputs) {
  std::vector<ProbedInput> probed(inputs.size());
  pool_.Run(inputs.size(), [&](size_t, size_t i) {
    probed[i] = ProbeInput(std::move(inputs[i]), options_.formats, options_.time_zone);
  });
  return probed;
}

absl::Status Run::AddInputs(std::vector<LogInput> inputs) {
  return TakeIn(Probe(std::move(inputs)));
}

absl::Status Run::TakeIn(std::vector<ProbedInput> probed) {
  if (!options_.keep_duplicates) LeaveOutDuplicates(&probed);
  RankInputs(&probed);
  const size_t first = feeds_.size();
  for (ProbedInput& input : probed) {
    auto feed = std::make_unique<Feed>();
    feed->probed = std::move(input);
    feed->rank = feed->place = next_rank_++;
    feed->parsers.resize(pool_.threads());
    follows_ = follows_ || feed->probed.input.follows;
    Understand(feed.get());
    feeds_.push_back(std::move(feed));
  }
  if (follows_ && options_.snapshot) next_snapshot_ = absl::Now() + options_.snapshot_every;
  return options_.checkpoints != nullptr ? Identify(first) : absl::OkStatus();
}

// Takes what probing has found.
void Run::Understand(Feed* feed) const {
  feed->status = feed->probed.status;
  feed->at_end = (feed->probed.formats.empty() || !feed->status.ok()) && !feed->unread();
  feed->us_per_block = feed->probed.us_per_byte * static_cast<double>(options_.block_bytes);
  if (feed->probed.formats.empty()) return;
  feed->identifier = std::make_unique<VisitorIdentifier>(
      *context_.portal, feed->probed.formats.front()->extra_fields(), options_.key);
}

// Finds out how far each source from the `first` on was read before, and goes there.
absl::Status Run::Identify(size_t first) {
  std::vector<std::vector<SourceState>> candidates(feeds_.size());
  for (size_t i = first; i < feeds_.size(); ++i) {
    if (Unknown(*feeds_[i])) continue;
    ASSIGN_OR_RETURN(candidates[i], options_.checkpoints->Identify(feeds_[i]->probed));
    // Those that are being read go on with their own files.
    std::erase_if(candidates[i], [&](const SourceState& candidate) {
      return std::any_of(feeds_.begin(), feeds_.begin() + static_cast<std::ptrdiff_t>(first),
                         [&](const auto& feed) { return feed->state.id == candidate.id; });
    });
  }
  std::vector<Continuation> found(feeds_.size(), Continuation::kIsAnother);
  pool_.Run(feeds_.size() - first, [&](size_t, size_t task) {
    const size_t i = first + task;
    for (SourceState& candidate : candidates[i]) {
      feeds_[i]->state = std::move(candidate);
      found[i] = ContinueSource(options_.key, feeds_[i].get());
      if (found[i] != Continuation::kIsAnother) break;
    }
  });
  for (size_t i = first; i < feeds_.size(); ++i) {
    Feed& feed = *feeds_[i];
    if (Unknown(feed)) continue;
    // One that cannot be read stands in nobody's way.
    if (!feed.status.ok()) {
      feed.state = SourceState();
      feed.at_end = true;
      continue;
    }
    // Of two that are one the first goes on.
    const bool taken =
        std::any_of(feeds_.begin(), feeds_.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const auto& other) { return other->state.id == feed.state.id; });
    if (found[i] == Continuation::kIsAnother || taken) {
      ASSIGN_OR_RETURN(feed.state, options_.checkpoints->AsNew(&feed.probed));
      // That a log begins anew is what following is about.
      if (options_.more_inputs && candidates[i].empty()) feed.probed.notice.clear();
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
    feed.at_end = found[i] == Continuation::kUnchanged;
    feed.unchanged = found[i] == Continuation::kUnchanged;
  }
  return absl::OkStatus();
}

Feed* Run::FeedOf(const FileStamp& stamp) const {
  const auto found = std::find_if(feeds_.begin(), feeds_.end(), [&stamp](const auto& feed) {
    return stamp.known() && feed->probed.input.stamp.IsSameFile(stamp);
  });
  return found == feeds_.end() ? nullptr : found->get();
}

// What it seems to be a copy of among what is read now; null for nothing.
Feed* Run::OriginalOf(std::string_view head) const {
  const auto found = std::find_if(feeds_.begin(), feeds_.end(), [head](const auto& feed) {
    return ReadsNow(*feed) && feed->state.id != 0 && feed->probed.input.reopenable &&
           MayBeSame(feed->probed.head, head);
  });
  return found == feeds_.end() ? nullptr : found->get();
}

bool Run::IsWorthProbing(const LogInput& input, absl::Time now) const {
  if (!input.stamp.known() || !input.reopenable) return false;
  if (seen_.IsNews(input.stamp, now)) return true;
  const SeenInput* seen = seen_.Find(input.stamp);
  if (seen->begins_as == 0) return false;
  const Feed* original = OriginalOf(seen->head);
  return original == nullptr || original->state.id != seen->begins_as;
}

// Asks which files there are, now and then. Those that are to be looked at wait for the
// next checkpoint, which is made as early as its cost allows.
void Run::FindInputs() {
  if (!options_.more_inputs || interrupted_) return;
  const absl::Time now = absl::Now();
  bool any_ended = false;
  for (const auto& feed : feeds_) {
    if (ReadsNow(*feed)) continue;
    any_ended = true;
    // That it was read to its end is worth knowing the next time.
    unkept_ = unkept_ || (feed->read_to_end && feed->stamp.known());
  }
  if (now >= next_find_) {
    next_find_ = now + kFindEvery;
    std::optional<std::vector<LogInput>> there =
        options_.more_inputs(list_anyway_ || seen_.Due(now));
    if (there) {
      list_anyway_ = false;
      seen_.KeepOnly(*there);
      found_.clear();
      for (LogInput& input : *there) {
        if (Feed* feed = FeedOf(input.stamp); feed != nullptr) {
          feed->state.name = input.name;  // by now
        } else if (IsWorthProbing(input, now)) {
          found_.push_back(std::move(input));
        }
      }
    }
  }
  if (found_.empty() && !any_ended) return;
  next_checkpoint_ = std::min(next_checkpoint_, unkept_ ? earliest_checkpoint_ : now);
}

// Whether a log is the beginning of one that was read further: a copy that is being
// written, it seems.
absl::StatusOr<bool> Run::IsBeginning(const ProbedInput& probed) {
  if (!probed.input.unfinished || probed.formats.empty()) return false;
  ASSIGN_OR_RETURN(const std::vector<SourceState> known, options_.checkpoints->Identify(probed));
  return std::any_of(known.begin(), known.end(), [&probed](const SourceState& source) {
    return source.offset > probed.input.stamp.size;
  });
}

// Whether it is not to be read, or not yet.
absl::StatusOr<bool> Run::IsHeldBack(const ProbedInput& probed) {
  const FileStamp& stamp = probed.input.stamp;
  if (FeedOf(stamp) != nullptr) return true;
  if (!probed.status.ok()) return false;
  SeenInput seen;
  seen.stamp = stamp;
  if (const SeenInput* before = seen_.Find(stamp); before != nullptr) seen.said = before->said;
  const Feed* original = probed.empty ? nullptr : OriginalOf(probed.head);
  if (original != nullptr) {
    seen.begins_as = original->state.id;
    seen.head = probed.head;
  }
  ASSIGN_OR_RETURN(const bool is_beginning, IsBeginning(probed));
  const bool unclear = probed.formats.empty() || probed.undetected;
  const bool may_be_under_way =
      !probed.input.unfinished || is_beginning || (unclear && stamp.size < kEnoughToTell);
  const absl::Time now = absl::Now();
  const absl::Time settles = Settles(stamp, now);
  const bool unsettled = may_be_under_way && settles > now;
  if (unsettled) seen.again = settles;
  if (!probed.empty && original == nullptr && !unsettled) return false;
  seen_.Note(std::move(seen));
  return true;
}

// REQUIRES: everything that was read is kept.
absl::Status Run::Admit() {
  std::vector<ProbedInput> admitted;
  for (ProbedInput& probed : Probe(std::exchange(found_, {}))) {
    ASSIGN_OR_RETURN(const bool held_back, IsHeldBack(probed));
    if (!held_back) admitted.push_back(std::move(probed));
  }
  RETURN_IF_ERROR(TakeIn(std::move(admitted)));
  LetGo();
  return absl::OkStatus();
}

// Notes of a file what it was when it was let go.
void Run::NoteSeen(const Feed& feed) {
  const FileStamp& found = feed.probed.input.stamp;
  if (!found.known()) return;
  const SeenInput* before = seen_.Find(found);
  SeenInput seen;
  seen.stamp = feed.read_to_end ? feed.stamp : found;
  seen.no_log = feed.probed.left_out && !feed.probed.duplicate;
  const bool cut = feed.read_to_end && !feed.stamp.known();
  if (cut || IsElsewhere(feed.status)) {
    seen_.Forget(found);
    return;
  }
  seen.said = std::string(FromAbsl(feed.status.message())) + feed.probed.problem;
  // What is damaged stays so until it is written to.
  const bool may_pass = absl::IsPermissionDenied(feed.status) || absl::IsUnavailable(feed.status);
  if (may_pass) seen.again = absl::Now() + kRetry;
  const bool said = before != nullptr && !seen.said.empty() && before->said == seen.said;
  if (options_.let_go && !said) options_.let_go(SourceOf(feed));
  seen_.Note(std::move(seen));
}

// Sources that are at their ends. REQUIRES: everything that was read is kept.
void Run::LetGo() {
  std::erase_if(feeds_, [this](const auto& feed) {
    if (ReadsNow(*feed)) return false;
    NoteSeen(*feed);
    // What came to it meanwhile was passed over.
    list_anyway_ = true;
    gone_.raw_bytes_read += feed->raw_bytes;
    gone_.lines += feed->lines;
    gone_.rejected += feed->rejected;
    return true;
  });
}

void Run::GoOnFrom(Run* before) {
  feeds_ = std::move(before->feeds_);
  seen_ = std::move(before->seen_);
  gone_ = before->gone_;
  added_ = before->added_;
  next_rank_ = before->next_rank_;
  follows_ = before->follows_;
  list_anyway_ = true;
  for (const auto& feed : feeds_) {
    if (feed->probed.formats.empty()) continue;
    feed->identifier = std::make_unique<VisitorIdentifier>(
        *context_.portal, feed->probed.formats.front()->extra_fields(), options_.key);
  }
}

}  // namespace civlog
