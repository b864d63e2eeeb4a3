#include "parsers/text_arena.h"

#include <algorithm>

namespace civlog {
namespace {

constexpr size_t kChunkBytes = size_t{16} << 10;
// An arena that has grown to this goes on with large pages.
constexpr size_t kManyChunks = LargeBlock::kPageBytes / kChunkBytes;

}  // namespace

void TextArena::Clear() {
  for (Chunk& chunk : chunks_) chunk.used = 0;
  current_ = 0;
}

TextArena::Chunk TextArena::NewChunk(size_t bytes) const {
  Chunk chunk;
  if (chunks_.size() >= kManyChunks && bytes <= LargeBlock::kPageBytes) {
    chunk.large = LargeBlock(LargeBlock::kPageBytes);
    chunk.capacity = chunk.large.size();
    return chunk;
  }
  chunk.capacity = std::max(bytes, kChunkBytes);
  chunk.data.reset(new char[chunk.capacity]);
  return chunk;
}

char* TextArena::Allocate(size_t bytes) {
  while (current_ < chunks_.size() && chunks_[current_].capacity - chunks_[current_].used < bytes) {
    ++current_;
  }
  if (current_ == chunks_.size()) {
    chunks_.push_back(NewChunk(bytes));
  }
  Chunk& chunk = chunks_[current_];
  char* const start = chunk.begin() + chunk.used;
  chunk.used += bytes;
  return start;
}

}  // namespace civlog
