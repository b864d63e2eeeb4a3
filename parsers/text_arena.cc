#include "parsers/text_arena.h"

#include <algorithm>

namespace civlog {
namespace {

constexpr size_t kChunkBytes = size_t{16} << 10;

}  // namespace

void TextArena::Clear() {
  for (Chunk& chunk : chunks_) chunk.used = 0;
  current_ = 0;
}

char* TextArena::Allocate(size_t bytes) {
  while (current_ < chunks_.size() && chunks_[current_].capacity - chunks_[current_].used < bytes) {
    ++current_;
  }
  if (current_ == chunks_.size()) {
    const size_t capacity = std::max(bytes, kChunkBytes);
    chunks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity, 0});
  }
  Chunk& chunk = chunks_[current_];
  char* const start = chunk.data.get() + chunk.used;
  chunk.used += bytes;
  return start;
}

}  // namespace civlog
