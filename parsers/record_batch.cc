#include "parsers/record_batch.h"

#include <algorithm>

namespace civlog {
namespace {

constexpr std::string_view kReasonNames[kRejectReasonCount] = {
    "truncated", "bad_time", "bad_status", "bad_number", "no_match", "invalid_json", "too_long"};
constexpr std::string_view kFieldNames[kTextFieldCount] = {"client",   "forwarded", "user",
                                                           "host",     "method",    "target",
                                                           "protocol", "referrer",  "user_agent"};
constexpr size_t kChunkBytes = size_t{16} << 10;

}  // namespace

std::string_view RejectReasonName(RejectReason reason) {
  return kReasonNames[static_cast<size_t>(reason)];
}

std::string_view TextFieldName(TextField field) { return kFieldNames[static_cast<size_t>(field)]; }

void RecordBatch::Clear() {
  size = 0;
  lines = blank = directive = 0;
  rejects.clear();
  for (Chunk& chunk : arena_) chunk.used = 0;
  current_chunk_ = 0;
}

char* RecordBatch::Allocate(size_t bytes) {
  while (current_chunk_ < arena_.size() &&
         arena_[current_chunk_].capacity - arena_[current_chunk_].used < bytes) {
    ++current_chunk_;
  }
  if (current_chunk_ == arena_.size()) {
    const size_t capacity = std::max(bytes, kChunkBytes);
    arena_.push_back({std::make_unique<char[]>(capacity), capacity, 0});
  }
  Chunk& chunk = arena_[current_chunk_];
  char* start = chunk.data.get() + chunk.used;
  chunk.used += bytes;
  return start;
}

}  // namespace civlog
