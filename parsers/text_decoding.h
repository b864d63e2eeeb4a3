// Escapes that servers put into their logs.

#ifndef CIVLOG_PARSERS_TEXT_DECODING_H_
#define CIVLOG_PARSERS_TEXT_DECODING_H_

#include <cstddef>
#include <string_view>

#include "parsers/log_format_plan.h"

namespace civlog {

// Decodes the backslash escapes of Apache (\" \\ \n \t \xHH), nginx (\xHH) and JSON
// (\uHHHH with surrogates, \/ \b \f) into `out`, which has room for text.size()
// bytes, and returns how many were written. What is no escape stands as it is.
size_t DecodeEscapes(std::string_view text, char* out);

// A quote for each pair of them, as W3C logs double those within quotes.
size_t DecodeDoubledQuotes(std::string_view text, char* out);

// The same for any way of writing.
size_t DecodeText(Decoding decoding, std::string_view text, char* out);

// RFC 3629.
bool IsValidUtf8(std::string_view text);

// Writes each byte that is not part of valid UTF-8 as \xHH, the rest as it stands.
// `out` has room for four times text.size() bytes; returns how many were written.
size_t EscapeInvalidUtf8(std::string_view text, char* out);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_TEXT_DECODING_H_
