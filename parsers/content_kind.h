// What content is, told by its first bytes and never by a name.

#ifndef CIVLOG_PARSERS_CONTENT_KIND_H_
#define CIVLOG_PARSERS_CONTENT_KIND_H_

#include <cstddef>
#include <memory>
#include <string_view>

#include "parsers/decoder.h"

namespace civlog {

// A kind of content that is no plain text. Without a decoder it is refused, with the
// command that makes a log of it, rather than taken for a log of garbage. The
// signatures are long enough that no log line begins with one.
struct ContentKind {
  std::string_view magic;  // '.' stands for any byte
  std::string_view name;
  std::unique_ptr<Decoder> (*make_decoder)();
  std::string_view to_text;  // a command that writes the text to standard output
  std::string_view check;    // a command that checks a file
};

// Bytes that suffice to tell it.
inline constexpr size_t kMagicBytes = 10;

// The kind that content with this beginning has; null for text.
const ContentKind* FindContentKind(std::string_view head);

// True where more bytes may still make such a beginning of it.
bool MayBecomeContentKind(std::string_view head);

// The fixed part of a gzip member's header (RFC 1952, section 2.3).
inline constexpr size_t kGzipHeaderBytes = 10;

// Whether the header of a gzip member, as programs write it, may begin so; `head` may
// be shorter. Stricter than the magic number, for places where text is expected.
bool MayBeGzipHeader(std::string_view head);

// Whether it can be the beginning of a log: mostly printable ASCII, and no NUL.
bool LooksLikeText(std::string_view head);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_CONTENT_KIND_H_
