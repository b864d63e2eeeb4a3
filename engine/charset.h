// Text of other character sets than UTF-8: what old portals have in their paths.

#ifndef CIVLOG_ENGINE_CHARSET_H_
#define CIVLOG_ENGINE_CHARSET_H_

#include <optional>
#include <string>
#include <string_view>

namespace civlog {

// True for a name that iconv(3) knows, such as "EUC-KR", "CP949", "Big5" or "CP1252".
bool IsCharset(const std::string& name);

// `text` of `charset` in UTF-8; nullopt where it is no such text.
std::optional<std::string> ToUtf8(std::string_view text, const std::string& charset);

// A normalised path as a reader would have it: bytes beyond ASCII, also those that are
// percent-encoded, as the characters they are in UTF-8 or in `charset`. The path as it
// stands where they are in neither, or where `charset` is empty.
std::string ReadablePath(std::string_view path, const std::string& charset);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CHARSET_H_
