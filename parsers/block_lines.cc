#include "parsers/block_lines.h"

#include <algorithm>
#include <cstring>

namespace civlog {
namespace {

constexpr size_t kNone = std::string_view::npos;

}  // namespace

void BlockLines::Begin(std::string_view text) {
  text_ = text;
  indexed_ = {};
  next_ = kNone;
}

size_t BlockLines::FindNewline(size_t from) {
  if (index_) {
    const bool known = !indexed_.empty() && from < IndexBegin() + indexed_.size();
    size_t found = known ? index_->FindNewline(from - IndexBegin()) : kNone;
    if (found == kNone && (!known || indexed_.end() != text_.end())) {
      indexed_ = text_.substr(from, DelimiterIndex::kMostBytes);
      index_->Index(indexed_);
      found = index_->FindNewline(0);
    }
    if (found != kNone) return IndexBegin() + found;
    // The line is longer than what is indexed.
    from = IndexBegin() + indexed_.size();
  }
  const void* const newline = std::memchr(text_.data() + from, '\n', text_.size() - from);
  return newline == nullptr ? text_.size()
                            : static_cast<size_t>(static_cast<const char*>(newline) - text_.data());
}

std::string_view BlockLines::Seek(size_t* offset) {
  const size_t begin = *offset;
  const size_t end = FindNewline(begin);
  *offset = std::min(end + 1, text_.size());
  next_ = kNone;
  if (!indexed_.empty() && end >= IndexBegin() && end < IndexBegin() + indexed_.size()) {
    const size_t at = end - IndexBegin();
    next_ = *offset;
    word_ = at / kWord;
    rest_ = index_->Newlines(word_) & ~((uint64_t{2} << (at % kWord)) - 1);
  }
  return text_.substr(begin, end - begin);
}

bool IsBlank(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

bool IsDirective(std::string_view line) {
  if (line.size() < 3 || line[0] != '#' || line[1] < 'A' || line[1] > 'Z') return false;
  const size_t end =
      line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-", 1);
  return end != kNone && line[end] == ':';
}

bool IsWithin(std::string_view whole, std::string_view inner) {
  return inner.data() >= whole.data() && inner.data() <= whole.data() + whole.size();
}

size_t OffsetWithin(std::string_view whole, std::string_view inner) {
  return IsWithin(whole, inner) ? static_cast<size_t>(inner.data() - whole.data()) : 0;
}

}  // namespace civlog
