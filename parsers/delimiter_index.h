// Where newlines and a format's delimiters stand in a stretch of text.
//
// One pass of vector compares turns 64 bytes of text into one 64-bit mask for each byte
// looked for (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, stage
// 1); finding the next delimiter is then a shift and a count of zeros. The vectors are
// as wide as the machine at hand allows: it is asked at run time.

#ifndef CIVLOG_PARSERS_DELIMITER_INDEX_H_
#define CIVLOG_PARSERS_DELIMITER_INDEX_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace civlog {

// The masks of 64 bytes of text: bit i for byte i, one mask for each marked byte.
inline constexpr size_t kMarkedBytes = 4;
using MarkedBytes = std::array<char, kMarkedBytes>;
using ByteMasks = std::array<uint64_t, kMarkedBytes>;

// The variants that this machine can run, the one taken first: "avx3", "avx2", "sse4",
// "ssse3" or "neon", and "none", which uses no vectors and which the others must equal.
// The environment variable CIVLOG_VECTOR names one to be taken instead, for tests.
std::vector<std::string_view> VectorVariants();

// Fills masks[0 .. words) from text[0 .. 64 * words) by one of VectorVariants().
void MarkBytes(std::string_view variant, const char* text, size_t words, const MarkedBytes& bytes,
               ByteMasks* masks);

// How many newlines the text has, by one of VectorVariants(); the one taken first.
size_t CountNewlines(std::string_view variant, std::string_view text);
size_t CountNewlines(std::string_view text);

// Not thread-safe; the text is not kept.
class DelimiterIndex {
 public:
  static constexpr size_t kNone = std::string_view::npos;
  // Longest text; its masks and it fit the first-level cache.
  static constexpr size_t kMostBytes = size_t{16} << 10;

  // Newlines and backslashes are always looked for, and these two.
  explicit DelimiterIndex(std::array<char, 2> delimiters);
  bool IsOf(std::array<char, 2> delimiters) const {
    return bytes_[kFirst] == delimiters[0] && bytes_[kSecond] == delimiters[1];
  }

  // REQUIRES: text.size() <= kMostBytes, and 63 readable bytes behind it.
  void Index(std::string_view text);

  // The first `c` from `from` on, kNone where there is none.
  // REQUIRES: Marks(c), from <= the text's size.
  size_t Find(char c, size_t from) const { return FindMark(MarkOf(c), from); }
  size_t FindNewline(size_t from) const { return FindMark(kNewline, from); }
  // The newlines among 64 bytes of the text. REQUIRES: 64 * word < the text's size.
  uint64_t Newlines(size_t word) const { return masks_[word][kNewline]; }
  // Whether a backslash stands in [begin, end). REQUIRES: begin <= end <= size.
  bool HasBackslash(size_t begin, size_t end) const {
    if (!any_backslash_) return false;
    size_t word = begin / 64;
    uint64_t mask = masks_[word][kBackslash] >> (begin % 64) << (begin % 64);
    while (mask == 0 && ++word * 64 < end) mask = masks_[word][kBackslash];
    return mask != 0 && word * 64 + static_cast<size_t>(std::countr_zero(mask)) < end;
  }
  bool Marks(char c) const { return c == bytes_[kFirst] || c == bytes_[kSecond]; }
  // The same for the first (rank 0) or second (1) delimiter, at least the text's size
  // where there is none; out of masks(), for who asks often.
  const ByteMasks* masks() const { return masks_.data(); }
  static size_t FindRanked(const ByteMasks* masks, size_t rank, size_t from) {
    return FirstMarked(masks, static_cast<Mark>(kFirst + rank), from);
  }

 private:
  enum Mark : size_t { kNewline, kBackslash, kFirst, kSecond };

  Mark MarkOf(char c) const { return c == bytes_[kFirst] ? kFirst : kSecond; }
  static size_t FirstMarked(const ByteMasks* masks, Mark mark, size_t from) {
    size_t word = from / 64;
    const size_t bit = from % 64;
    // Most fields have no more than 64 bytes: the marks of so many, out of two words.
    const uint64_t near = masks[word][mark] >> bit | masks[word + 1][mark] << 1 << (63 - bit);
    if (near != 0) return from + static_cast<size_t>(std::countr_zero(near));
    // Behind the text stands a word in which every byte is marked; what the last word of
    // the text marks behind it is no less past the end.
    uint64_t mask = masks[++word][mark];
    while (mask == 0) mask = masks[++word][mark];
    return word * 64 + static_cast<size_t>(std::countr_zero(mask));
  }
  size_t FindMark(Mark mark, size_t from) const {
    const size_t at = FirstMarked(masks_.data(), mark, from);
    return at < size_ ? at : kNone;
  }

  MarkedBytes bytes_;
  size_t size_ = 0;
  bool any_backslash_ = false;  // in the text, or what stands behind it
  std::vector<ByteMasks> masks_;
};

// A line, and where it stands in an index, if it does.
class IndexedLine {
 public:
  IndexedLine() = default;
  explicit IndexedLine(std::string_view text) : text_(text) {}
  // `begin` is where the line begins in the text of `index`.
  IndexedLine(std::string_view text, const DelimiterIndex* index, size_t begin)
      : text_(text), index_(index), begin_(begin) {}

  std::string_view text() const { return text_; }
  size_t size() const { return text_.size(); }
  char operator[](size_t at) const { return text_[at]; }

  // The first `c` from `from` on, npos where there is none. REQUIRES: from <= size().
  size_t Find(char c, size_t from) const {
    if (index_ != nullptr && index_->Marks(c)) {
      const size_t at = index_->Find(c, begin_ + from) - begin_;
      return at < text_.size() ? at : std::string_view::npos;
    }
    const void* found = std::memchr(text_.data() + from, c, text_.size() - from);
    return found == nullptr ? std::string_view::npos
                            : static_cast<size_t>(static_cast<const char*>(found) - text_.data());
  }
  bool is_indexed() const { return index_ != nullptr; }

  // The marks of the line alone, to be asked often while it lives.
  class Marks {
   public:
    Marks(const ByteMasks* masks, size_t begin) : masks_(masks), begin_(begin) {}
    // The first delimiter of `rank` from `from` on, which may be at most behind the line;
    // past the line where it has none.
    size_t FindRanked(size_t rank, size_t from) const {
      return DelimiterIndex::FindRanked(masks_, rank, begin_ + from) - begin_;
    }

   private:
    const ByteMasks* masks_;
    size_t begin_;
  };
  // REQUIRES: is_indexed().
  Marks marks() const { return {index_->masks(), begin_}; }
  // The same for the delimiter of `rank`. REQUIRES: is_indexed().
  size_t FindRanked(size_t rank, size_t from) const {
    const size_t at = marks().FindRanked(rank, from);
    return at < text_.size() ? at : std::string_view::npos;
  }
  bool HasBackslash() const {
    return index_ != nullptr ? index_->HasBackslash(begin_, begin_ + text_.size())
                             : std::memchr(text_.data(), '\\', text_.size()) != nullptr;
  }

 private:
  std::string_view text_;
  const DelimiterIndex* index_ = nullptr;
  size_t begin_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_DELIMITER_INDEX_H_
