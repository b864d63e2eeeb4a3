// Escapes that servers put into their logs.

#ifndef CIVLOG_PARSERS_TEXT_DECODING_H_
#define CIVLOG_PARSERS_TEXT_DECODING_H_

#include <cstddef>
#include <string_view>

namespace civlog {

// Decodes the backslash escapes of Apache (\" \\ \n \t \xHH), nginx (\xHH) and JSON
// (\uHHHH with surrogates, \/ \b \f) into `out`, which has room for text.size()
// bytes, and returns how many were written. What is no escape stands as it is.
size_t DecodeEscapes(std::string_view text, char* out);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_TEXT_DECODING_H_
