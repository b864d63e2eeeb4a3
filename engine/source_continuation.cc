// Where a source goes on that was read before.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/run_parts.h"

namespace civlog {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;

// Reads exactly `size` bytes; false where the source has fewer.
absl::StatusOr<bool> ReadExactly(ByteSource* source, size_t size, std::string* bytes) {
  bytes->resize(size);
  size_t have = 0;
  while (have < size) {
    const absl::StatusOr<size_t> got = source->Read(bytes->data() + have, size - have);
    if (!got.ok()) return got.status();
    if (*got == 0) return false;
    have += *got;
  }
  return true;
}

// Whether the source has what was read of it, up to `state.offset`, where it is then.
absl::StatusOr<bool> GoTo(const SourceState& state, const VisitorKey& key, ByteSource* source) {
  std::string bytes;
  for (uint64_t left = state.offset - state.tail_bytes; left > 0;) {
    const auto size = static_cast<size_t>(std::min<uint64_t>(left, kChunkBytes));
    absl::StatusOr<bool> had = ReadExactly(source, size, &bytes);
    if (!had.ok() || !*had) return had;
    left -= size;
  }
  absl::StatusOr<bool> had = ReadExactly(source, state.tail_bytes, &bytes);
  if (!had.ok() || !*had) return had;
  return state.tail_bytes == 0 || ContentDigest(key, bytes) == state.tail_digest;
}

// What of a stream's beginning was read before, where it goes on with other bytes than it
// once began with: up to where its last lines end in it; 0 where they do not.
size_t Overlap(const SourceState& state, const VisitorKey& key, std::string_view head) {
  if (state.tail_bytes == 0) return 0;
  for (size_t end = head.rfind('\n'); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : head.rfind('\n', end - 1)) {
    const size_t size = end + 1;
    if (size < state.tail_bytes) break;
    const std::string_view tail = head.substr(size - state.tail_bytes, state.tail_bytes);
    if (ContentDigest(key, tail) == state.tail_digest) return size;
  }
  return 0;
}

// A stream can be read once: either it is all of what was read before and more, or it
// brings what comes next.
absl::Status ContinueStream(const VisitorKey& key, Feed* feed) {
  const SourceState& state = feed->state;
  const std::string_view head = feed->probed.head;
  const bool begins_again =
      head.size() >= state.head_bytes &&
      ContentDigest(key, head.substr(0, state.head_bytes)) == state.head_digest;
  ByteSource* const source = feed->probed.opened.get();
  if (!begins_again) {
    std::string bytes;
    return ReadExactly(source, Overlap(state, key, head), &bytes).status();
  }
  const absl::StatusOr<bool> there = GoTo(state, key, source);
  if (!there.ok() || *there) return there.status();
  return absl::FailedPreconditionError(absl::StrCat(
      feed->probed.input.name, ": begins as what was read as --source ", state.name,
      " before, but does not have all of that; nothing of it was counted: if it is another log, "
      "give it another name"));
}

}  // namespace

Continuation ContinueSource(const VisitorKey& key, Feed* feed) {
  const LogInput& input = feed->probed.input;
  if (!input.reopenable) {
    feed->status = ContinueStream(key, feed);
    return Continuation::kGoesOn;
  }
  if (input.stamp.known() && input.stamp == feed->state.stamp) return Continuation::kUnchanged;
  absl::StatusOr<std::unique_ptr<ByteSource>> source = input.open();
  feed->status = source.status();
  if (!source.ok()) return Continuation::kGoesOn;
  const absl::StatusOr<bool> there = GoTo(feed->state, key, source->get());
  feed->status = there.status();
  if (there.ok() && !*there) return Continuation::kIsAnother;
  feed->probed.opened = *std::move(source);
  return Continuation::kGoesOn;
}

SourceState StateOf(const VisitorKey& key, const Feed& feed) {
  SourceState state = feed.state;
  state.lines = feed.lines;
  state.rejected = feed.rejected;
  state.latest_us = feed.latest_us;
  if (!feed.tail.empty()) {
    state.tail_bytes = feed.tail.size();
    state.tail_digest = ContentDigest(key, feed.tail);
  }
  if (feed.probed.input.reopenable && feed.probed.head.size() > state.head_bytes) {
    const std::string_view head = std::string_view(feed.probed.head).substr(0, kHeadBytes);
    state.head_bytes = head.size();
    state.head_digest = ContentDigest(key, head);
  }
  if (!feed.unchanged) state.stamp = feed.read_to_end ? feed.stamp : FileStamp();
  return state;
}

}  // namespace civlog
