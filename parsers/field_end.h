// Where the fields of a line end.

#ifndef CIVLOG_PARSERS_FIELD_END_H_
#define CIVLOG_PARSERS_FIELD_END_H_

#include <cstddef>
#include <cstring>
#include <string_view>

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

// Where the field of `step` that begins at `from` ends, kNotFound where the line does
// not have what ends it.
size_t FindEnd(const FormatStep& step, std::string_view line, size_t from);

// The next place where a request may end that did not end at `end`.
size_t FindLaterEnd(const FormatStep& step, std::string_view line, size_t end);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FIELD_END_H_
