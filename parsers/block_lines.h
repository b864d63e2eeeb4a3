// The lines of a block, one after the other, indexed by what delimits their fields.

#ifndef CIVLOG_PARSERS_BLOCK_LINES_H_
#define CIVLOG_PARSERS_BLOCK_LINES_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/delimiter_index.h"

namespace civlog {

// Not thread-safe.
class BlockLines {
 public:
  // Without an index: for formats whose lines are not looked into byte by byte.
  BlockLines() = default;
  explicit BlockLines(std::array<char, 2> delimiters) : index_(delimiters) {}

  // `text` is that of a block, with its padding behind, and must outlive the calls of
  // the others until the next Begin.
  void Begin(std::string_view text);
  // The line at `*offset`, without its newline; `*offset` is moved behind it.
  // REQUIRES: *offset < text.size().
  std::string_view Next(size_t* offset) {
    const size_t begin = *offset;
    if (begin != next_) return Seek(offset);
    while (rest_ == 0) {
      if (++word_ * kWord >= indexed_.size()) return Seek(offset);
      rest_ = index_->Newlines(word_);
    }
    const size_t end = IndexBegin() + word_ * kWord + static_cast<size_t>(std::countr_zero(rest_));
    rest_ &= rest_ - 1;
    *offset = next_ = end + 1;
    return {text_.data() + begin, end - begin};
  }
  // The line last returned by Next or a part of it, with the index where that has it.
  IndexedLine Indexed(std::string_view line) const {
    if (!index_ || line.data() < indexed_.data() || line.end() > indexed_.end()) {
      return IndexedLine(line);
    }
    return {line, &*index_, static_cast<size_t>(line.data() - indexed_.data())};
  }
  bool AreIndexedBy(std::array<char, 2> delimiters) const {
    return index_ && index_->IsOf(delimiters);
  }

 private:
  size_t IndexBegin() const { return static_cast<size_t>(indexed_.data() - text_.data()); }
  size_t FindNewline(size_t from);
  std::string_view Seek(size_t* offset);

  static constexpr size_t kWord = 64;  // bytes of text to a mask

  std::string_view text_;
  std::optional<DelimiterIndex> index_;
  std::string_view indexed_;  // the part of text_ that index_ is of
  // Where the next line begins, if it is the one behind the last; and the newlines that are
  // left of the mask of the index where the last one ended.
  size_t next_ = std::string_view::npos;
  uint64_t rest_ = 0;
  size_t word_ = 0;
};

// White space only.
bool IsBlank(std::string_view line);
// "#Fields: ..." and the like (W3C Extended Log File Format, "Directives").
bool IsDirective(std::string_view line);
inline std::string_view WithoutReturn(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}
// A line without its ending and the blanks before it.
inline std::string_view TrimEnding(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}
// Whether the bytes of `inner` are bytes of `whole`, and where.
bool IsWithin(std::string_view whole, std::string_view inner);
// 0 where they are not: what was decoded stands elsewhere.
size_t OffsetWithin(std::string_view whole, std::string_view inner);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_BLOCK_LINES_H_
