// What the bytes of a field say.

#ifndef CIVLOG_PARSERS_FIELD_VALUES_H_
#define CIVLOG_PARSERS_FIELD_VALUES_H_

#include <cstdint>
#include <string_view>

#include "parsers/log_format_plan.h"

namespace civlog {

bool IsDigits(std::string_view text);

// Three digits.
// The same where a status that there is none of is '-', and a number may have fewer
// digits: 0 of JSON.
bool ParseLooseStatus(std::string_view text, uint16_t* status);
bool ParseStatus(std::string_view text, uint16_t* status);
// "-" and nothing are -1; false for what is negative or no number.
bool ParseBytes(std::string_view text, int64_t* bytes);
// The same, with fractions and exponents. A step that is a list gives the sum of
// several servers' times: "0.1, 0.2" for servers tried one after the other,
// "0.1 : 0.2" for internal redirects.
bool ParseLatency(const FormatStep& step, std::string_view text, int64_t* latency_us);

// What a text field holds without the port, brackets or quotes around it.
std::string_view Stripped(TextField field, std::string_view text);

// nginx logs "-" for $args where there is no query, also right behind "$is_args".
std::string_view WithoutDashQuery(std::string_view target);

// A host or an address has no blank in it: the delimiter was found too far right.
bool HasStrayBlank(const FormatStep& step, std::string_view raw);

// True for a token of RFC 9110, section 5.6.2, that is not empty.
bool IsMethod(std::string_view text);

// A request line in its parts, empty where it is not readable.
struct Request {
  std::string_view method;
  std::string_view target;
  std::string_view protocol;
  bool readable = false;
};

// METHOD SP target [SP protocol]; only a protocol at the end tells that blanks
// before it belong to the target.
Request SplitRequest(std::string_view text);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FIELD_VALUES_H_
