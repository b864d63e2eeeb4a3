// What a terminal makes of a Unicode code point.

#ifndef CIVLOG_QUERIES_UNICODE_RANGES_H_
#define CIVLOG_QUERIES_UNICODE_RANGES_H_

namespace civlog {

// Shows nothing or reorders what is around it: format characters (bidirectional
// controls, zero-width joiners, tags), variation selectors, line and paragraph
// separators, fillers, noncharacters.
bool IsInvisible(char32_t c);

// Drawn on the character before it, in no column of its own.
bool IsCombining(char32_t c);

// Takes two columns.
bool IsWide(char32_t c);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_UNICODE_RANGES_H_
