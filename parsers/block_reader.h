// Cuts a byte source into blocks of whole lines.
//
// The contract: whatever the block size and however the source hands out its
// bytes, the concatenation of all blocks is the same sequence of lines. The
// last line needs no newline; a UTF-8 byte order mark at the start of the
// source is dropped. Readable padding follows the data, so that vector code may
// load past the end.

#ifndef CIVLOG_PARSERS_BLOCK_READER_H_
#define CIVLOG_PARSERS_BLOCK_READER_H_

#include <atomic>
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
  uint64_t end_offset = 0;  // of the source's bytes, where the text ends
  bool cut = false;         // bytes of a long line are left out

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

  // The source goes on behind `offset` bytes and `lines` lines, with that directive in
  // force. REQUIRES: before Next.
  void ContinueAt(uint64_t offset, uint64_t lines, std::string_view w3c_directive);
  // A last line without a newline is no line yet, and is left where it is: always, or
  // once `*when` is true. It is left as well where an error ends the source.
  void LeavePartialLine() { leaves_partial_ = true; }
  void LeavePartialLine(const std::atomic<bool>* when) {
    leaves_after_error_ = true;
    leaves_when_ = when;
  }

  // From now on, notes for every block which #Fields directive its lines follow.
  void TrackW3cDirectives() { tracks_w3c_ = true; }

  bool waiting() const { return waiting_; }
  // What it has of a line that has not ended was left.
  bool partial_line() const { return !carry_.empty(); }
  // The #Fields directive in force behind the last block, "" for none.
  std::string_view w3c_directive() const {
    return w3c_directive_ != nullptr ? std::string_view(*w3c_directive_) : std::string_view();
  }
  const absl::Status& status() const { return status_; }
  // Bytes taken from the underlying file so far, for progress.
  uint64_t raw_bytes_read() const { return source_->raw_bytes_read(); }
  FileStamp stamp() const { return source_->stamp(); }

 private:
  bool ReadMore(std::vector<char>* buffer, size_t* size);
  void CutLongLine(std::vector<char>* buffer, size_t* size);
  bool LeavesPartialLine() const;
  size_t FindEnd(std::string_view text, size_t scanned) const;
  void DropByteOrderMark(std::vector<char>* buffer, size_t* size);
  void Finish(Block* block, size_t size);

  std::unique_ptr<ByteSource> source_;
  size_t block_bytes_;
  std::vector<char> carry_;  // the partial last line of the block before
  uint64_t next_line_ = 1;
  uint64_t taken_ = 0;  // bytes of the source, read or skipped
  bool leaves_partial_ = false;
  bool leaves_after_error_ = false;
  const std::atomic<bool>* leaves_when_ = nullptr;
  bool cut_ = false;  // bytes were left out of the block under way
  bool tracks_w3c_ = false;
  std::shared_ptr<const std::string> w3c_directive_;
  bool at_start_ = true;
  bool at_end_ = false;
  bool waiting_ = false;
  absl::Status status_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_BLOCK_READER_H_
