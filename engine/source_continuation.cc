// Where a source goes on that was read before.

#include <algorithm>
#include <string>
#include <utility>

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
    const absl::StatusOr<bool> had = ReadExactly(source, size, &bytes);
    if (!had.ok() || !*had) return had;
    left -= size;
  }
  const absl::StatusOr<bool> had = ReadExactly(source, state.tail_bytes, &bytes);
  if (!had.ok() || !*had) return had;
  return state.tail_bytes == 0 || ContentDigest(key, bytes) == state.tail_digest;
}

}  // namespace

Continuation ContinueSource(const VisitorKey& key, Feed* feed) {
  const LogInput& input = feed->probed.input;
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
  const bool read_to_its_end = feed.at_end && feed.reader == nullptr && feed.status.ok();
  if (!feed.unchanged) state.stamp = read_to_its_end ? feed.probed.input.stamp : FileStamp();
  return state;
}

}  // namespace civlog
