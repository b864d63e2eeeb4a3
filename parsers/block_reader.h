// Cuts a byte source into blocks of whole lines.
//
// The contract: whatever the block size and however the source hands out its
// bytes, the concatenation of all blocks is the same sequence of lines. The
// last line needs no newline; a UTF-8 byte order mark at the start of the
// source is dropped. Readable padding follows the data, so that vector code may
// load past the end.

#ifndef CIVLOG_PARSERS_BLOCK_READER_H_
#define CIVLOG_PARSERS_BLOCK_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "parsers/byte_source.h"

namespace civlog {

// A longer line is rejected as too_long; its bytes past this bound are read and
// dropped, so that a 100 MB line costs time but no memory.
inline constexpr size_t kMaxLineBytes = size_t{2} << 20;
// Readable (zero) bytes behind a block's text.
inline constexpr size_t kBlockPadding = 64;

// A run of whole lines. Reused: pass the same Block to Next again and again and
// its buffer is recycled. Movable; owned by whoever holds it.
struct Block {
  std::vector<char> buffer;  // text, then kBlockPadding zero bytes
  size_t size = 0;           // bytes of text
  uint64_t first_line = 1;   // 1-based number of the first line within the source
  // The W3C #Fields directive in force before its first line, where the reader was
  // asked for it; null for none.
  std::shared_ptr<const std::string> w3c_directive;
  uint64_t line_count = 0;  // lines in it (newlines, plus one for an unterminated last line)

  std::string_view text() const { return std::string_view(buffer.data(), size); }
};

// Reads one source. Not thread-safe.
class BlockReader {
 public:
  // Aims at blocks of `block_bytes` (1 or more); a block is larger where one line
  // is, by at most kMaxLineBytes and what one read brings.
  BlockReader(std::unique_ptr<ByteSource> source, size_t block_bytes);

  // Fills `block` with the next whole lines. False at the end, and then status()
  // tells whether the end came by an error; also where a source that may grow has no
  // whole line for now, and then waiting() is true: what it has of a line is kept. A line longer
  // than kMaxLineBytes may be delivered cut, but never to less than kMaxLineBytes + 1 bytes.
  bool Next(Block* block);

  // From now on, notes for every block which #Fields directive its lines follow.
  void TrackW3cDirectives() { tracks_w3c_ = true; }

  bool waiting() const { return waiting_; }
  const absl::Status& status() const { return status_; }
  // Bytes taken from the underlying file so far, for progress.
  uint64_t raw_bytes_read() const { return source_->raw_bytes_read(); }

 private:
  bool ReadMore(std::vector<char>* buffer, size_t* size);
  void CutLongLine(std::vector<char>* buffer, size_t* size);
  size_t FindEnd(std::string_view text, size_t scanned) const;
  void DropByteOrderMark(std::vector<char>* buffer, size_t* size);
  void Finish(Block* block, size_t size);

  std::unique_ptr<ByteSource> source_;
  size_t block_bytes_;
  std::vector<char> carry_;  // the partial last line of the block before
  uint64_t next_line_ = 1;
  bool tracks_w3c_ = false;
  std::shared_ptr<const std::string> w3c_directive_;
  bool at_start_ = true;
  bool at_end_ = false;
  bool waiting_ = false;
  absl::Status status_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_BLOCK_READER_H_
