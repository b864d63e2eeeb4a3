// Bars out of block elements (U+2580 to U+259F), for plain UTF-8 terminals.

#ifndef CIVLOG_QUERIES_TEXT_BARS_H_
#define CIVLOG_QUERIES_TEXT_BARS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

// part / whole of `width` columns, in eighths of a column; anything above 0
// shows. Not filled up with blanks. Here and below, of kSuppressedCount nothing is drawn.
std::string Bar(uint64_t part, uint64_t whole, size_t width);

// The stretch [first, last) of `whole` on `width` columns, in halves of a column;
// a stretch that is not empty shows. For waterfalls.
std::string SpanBar(uint64_t first, uint64_t last, uint64_t whole, size_t width);

// Shares of their sum as one bar of exactly `width` columns, each in its own
// shade (see ShadeOf); a share above 0 takes at least one column. Empty where
// the sum is 0.
std::string StackedBar(std::vector<uint64_t> parts, size_t width);
std::string_view ShadeOf(size_t part);

// One column of a sparkline: a blank for 0, else one of eight heights; kSuppressedCount
// has a mark of its own.
inline constexpr std::string_view kSuppressedSpark = "–";
std::string_view Spark(uint64_t value, uint64_t highest);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_TEXT_BARS_H_
