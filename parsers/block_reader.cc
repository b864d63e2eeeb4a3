#include "parsers/block_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "parsers/delimiter_index.h"
#include "parsers/w3c_fields.h"

namespace civlog {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// The least that is asked of a source at once.
constexpr size_t kReadAtLeast = 4096;

}  // namespace

BlockReader::BlockReader(std::unique_ptr<ByteSource> source, size_t block_bytes)
    : source_(std::move(source)), block_bytes_(std::max<size_t>(1, block_bytes)) {}

// Appends what one read yields to `buffer` at `*size`.
bool BlockReader::ReadMore(std::vector<char>* buffer, size_t* size) {
  const size_t wanted = std::max(block_bytes_ > *size ? block_bytes_ - *size : 0, kReadAtLeast);
  // With the padding, or Finish would have the buffer moved and doubled.
  const size_t usual = block_bytes_ + kReadAtLeast + kBlockPadding;
  const size_t needed = *size + wanted + kBlockPadding;
  if (needed <= usual) buffer->reserve(usual);
  if (buffer->size() < needed) buffer->resize(needed);
  const absl::StatusOr<size_t> got = source_->Read(buffer->data() + *size, wanted);
  if (!got.ok()) status_ = got.status();
  if (!got.ok() || *got == 0) {
    waiting_ = got.ok() && source_->may_grow();
    at_end_ = !waiting_;
    return false;
  }
  *size += *got;
  taken_ += *got;
  return true;
}

void BlockReader::ContinueAt(uint64_t offset, uint64_t lines, std::string_view w3c_directive) {
  taken_ = offset;
  next_line_ = lines + 1;
  at_start_ = false;
  if (!w3c_directive.empty()) {
    w3c_directive_ = std::make_shared<const std::string>(w3c_directive);
  }
}

bool BlockReader::LeavesPartialLine() const {
  return leaves_partial_ || (leaves_after_error_ && !status_.ok()) ||
         (leaves_when_ != nullptr && leaves_when_->load(std::memory_order_relaxed));
}

// `buffer` holds the beginning of one line that has outgrown the bound: drops the
// rest of the line, up to its newline.
void BlockReader::CutLongLine(std::vector<char>* buffer, size_t* size) {
  constexpr size_t kKeep = kMaxLineBytes + 1;
  cut_ = true;
  do {
    const void* newline = std::memchr(buffer->data() + kKeep, '\n', *size - kKeep);
    if (newline != nullptr) {
      const size_t tail =
          static_cast<size_t>(buffer->data() + *size - static_cast<const char*>(newline));
      std::memmove(buffer->data() + kKeep, newline, tail);
      *size = kKeep + tail;
      return;
    }
    *size = kKeep;
  } while (ReadMore(buffer, size));
}

void BlockReader::DropByteOrderMark(std::vector<char>* buffer, size_t* size) {
  while (*size < kByteOrderMark.size() && ReadMore(buffer, size)) {
  }
  const std::string_view head(buffer->data(), *size);
  if (waiting_ && head.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(head)) return;
  at_start_ = false;
  if (!std::string_view(buffer->data(), *size).starts_with(kByteOrderMark)) return;
  *size -= kByteOrderMark.size();
  std::memmove(buffer->data(), buffer->data() + kByteOrderMark.size(), *size);
}

// Where the block ends: behind the last newline of its first block_bytes_, else
// behind the first one there is. 0: more has to be read.
size_t BlockReader::FindEnd(std::string_view text, size_t scanned) const {
  if (text.size() < block_bytes_ && !at_end_ && !waiting_) return 0;
  size_t newline = text.substr(0, block_bytes_).rfind('\n');
  if (newline == std::string_view::npos) {
    newline = text.find('\n', std::max(block_bytes_, scanned));
  }
  if (newline != std::string_view::npos) return newline + 1;
  return at_end_ && !LeavesPartialLine() ? text.size() : 0;
}

bool BlockReader::Next(Block* block) {
  std::vector<char>& buffer = block->buffer;
  waiting_ = false;
  size_t size = carry_.size();
  buffer.resize(std::max(buffer.size(), size));
  std::copy(carry_.begin(), carry_.end(), buffer.begin());
  carry_.clear();
  if (at_start_) DropByteOrderMark(&buffer, &size);
  size_t end = 0;
  size_t scanned = 0;  // no newline before this, apart from the first block_bytes_
  while ((end = FindEnd(std::string_view(buffer.data(), size), scanned)) == 0 && !at_end_ &&
         !waiting_) {
    if (size > kMaxLineBytes + 1 && size >= block_bytes_) {
      CutLongLine(&buffer, &size);
      scanned = kMaxLineBytes;
    } else {
      scanned = size;
      ReadMore(&buffer, &size);
    }
  }
  carry_.assign(buffer.begin() + static_cast<std::ptrdiff_t>(end),
                buffer.begin() + static_cast<std::ptrdiff_t>(size));
  Finish(block, end);
  return end > 0;
}

void BlockReader::Finish(Block* block, size_t size) {
  std::vector<char>& buffer = block->buffer;
  if (buffer.size() < size + kBlockPadding) buffer.resize(size + kBlockPadding);
  std::fill_n(buffer.begin() + static_cast<std::ptrdiff_t>(size), kBlockPadding, '\0');
  block->size = size;
  block->end_offset = taken_ - carry_.size();
  block->cut = std::exchange(cut_, false);
  block->first_line = next_line_;
  block->line_count = CountNewlines(std::string_view(buffer.data(), size));
  if (size > 0 && buffer[size - 1] != '\n') ++block->line_count;
  next_line_ += block->line_count;
  block->w3c_directive = w3c_directive_;
  if (!tracks_w3c_) return;
  const std::string_view directive = LastW3cDirective(block->text());
  if (!directive.empty()) w3c_directive_ = std::make_shared<const std::string>(directive);
}

}  // namespace civlog
