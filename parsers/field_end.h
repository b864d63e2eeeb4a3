// Where the fields of a line end.

#ifndef CIVLOG_PARSERS_FIELD_END_H_
#define CIVLOG_PARSERS_FIELD_END_H_

#include <cstddef>
#include <cstring>
#include <string_view>

#include "parsers/delimiter_index.h"
#include "parsers/log_format_plan.h"

namespace civlog {

inline constexpr size_t kNotFound = std::string_view::npos;

// REQUIRES: from <= text.size().
inline size_t FindChar(std::string_view text, char c, size_t from) {
  const void* found = std::memchr(text.data() + from, c, text.size() - from);
  return found == nullptr ? kNotFound
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// True where the character at `at` stands behind an odd number of backslashes.
bool IsEscaped(std::string_view text, size_t begin, size_t at);

// The first unescaped quote from `from` on.
size_t FindAnyQuote(std::string_view line, size_t from);

// True where `literal` stands at `at`, whose first byte is known to. Literals have few
// bytes: a call of memcmp costs more.
inline bool GoesOnAs(const IndexedLine& line, size_t at, std::string_view literal) {
  if (line.size() - at < literal.size()) return false;
  const char* const text = line.text().data() + at;
  for (size_t i = 1; i < literal.size(); ++i) {
    if (text[i] != literal[i]) return false;
  }
  return true;
}

// Where the field of `step` that begins at `from` ends, kNotFound where the line does
// not have what ends it.
size_t FindOtherEnd(const FormatStep& step, const IndexedLine& line, size_t from);
inline size_t FindEnd(const FormatStep& step, const IndexedLine& line, size_t from) {
  if (!step.ends_at_first || !line.is_indexed() || from >= line.size()) {
    return FindOtherEnd(step, line, from);
  }
  // Mostly the first delimiter ends the field.
  const size_t end = line.FindRanked(step.delimiter_rank, from);
  if (step.ending == FieldEnd::kByte || end == kNotFound) return end;
  const bool escaped = step.ending == FieldEnd::kQuote && end > from && line[end - 1] == '\\';
  return !escaped && GoesOnAs(line, end, step.until) ? end : FindOtherEnd(step, line, from);
}

// The next place where a request may end that did not end at `end`.
size_t FindLaterEnd(const FormatStep& step, const IndexedLine& line, size_t end);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FIELD_END_H_
