// W3C Extended Log File Format: the `#Fields` directive, compiled.
//
// Source: W3C working draft WD-logfile-960323; names and units as Microsoft's IIS
// ("W3C Logging") and Amazon CloudFront ("Standard log file fields") document them.
// Values stand between blanks, or between tabs where a line has one, as CloudFront's
// do whose directive has blanks all the same. Between blanks '+' stands for a space;
// between tabs the agent and the referrer are percent-encoded.

#ifndef CIVLOG_PARSERS_W3C_FIELDS_H_
#define CIVLOG_PARSERS_W3C_FIELDS_H_

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "parsers/log_format_plan.h"

namespace civlog {

inline constexpr std::string_view kW3cDirective = "#Fields:";

// Of its plans; one index serves lines with blanks and lines with tabs.
inline constexpr std::array<char, 2> kW3cDelimiters = {' ', '\t'};

struct W3cFields {
  std::string text;  // the names, with one blank between
  FormatPlan spaced;
  FormatPlan tabbed;
};

// `directive` is the whole line or the names alone. InvalidArgument, with the reason,
// where the fields lack a time, a request or a status.
absl::StatusOr<W3cFields> CompileW3cFields(std::string_view directive);

// The last #Fields directive among the lines of `text`, which begins at a line's
// beginning; empty where there is none.
std::string_view LastW3cDirective(std::string_view text);
// The first one.
std::string_view FirstW3cDirective(std::string_view text);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_W3C_FIELDS_H_
