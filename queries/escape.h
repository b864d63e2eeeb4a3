// Makes strings from logs safe to show.

#ifndef CIVLOG_QUERIES_ESCAPE_H_
#define CIVLOG_QUERIES_ESCAPE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace civlog {

// `text` as printable UTF-8: control characters (C0, C1, DEL), bytes that are no
// valid UTF-8, and bidirectional or invisible format characters become \xNN or
// \u{NNNN}; everything else stands, backslashes included, so that escaping twice
// changes nothing.
std::string EscapeForTerminal(std::string_view text);

// `text` as EscapeForTerminal has it, for HTML and SVG: as an element's text and in an
// attribute's double quotes alike.
std::string EscapeHtml(std::string_view text);

// The same as a string of CSS, quotes included. In a style element, too, it can end neither
// the string nor the element.
std::string CssString(std::string_view text);

// The name of a file as a relative reference (RFC 3986, section 4.2), percent-encoded.
std::string UrlPath(std::string_view name);

// Columns that printable UTF-8 takes on a terminal: East Asian wide characters
// (UAX #11: W and F) two, combining marks none.
size_t DisplayWidth(std::string_view utf8);

// Bytes of the longest prefix that takes at most `width` columns.
size_t PrefixOfWidth(std::string_view utf8, size_t width);

// Cuts printable UTF-8 to at most `width` columns, ending in "…" where cut.
std::string ClipToWidth(std::string_view utf8, size_t width);

// The same, cut at the start: for paths whose end tells more.
std::string ClipHeadToWidth(std::string_view utf8, size_t width);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ESCAPE_H_
