// Why a line does not fit its format, and from where on.

#ifndef CIVLOG_PARSERS_MISFIT_H_
#define CIVLOG_PARSERS_MISFIT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "parsers/log_format_plan.h"

namespace civlog {

// Where and why a line stopped fitting.
struct Misfit {
  RejectReason reason = RejectReason::kNoMatch;
  size_t at = 0;  // 0-based byte
  std::string_view field;
  std::string_view remedy;  // static; set where the line has no such field at all
};

// Why the end of the field that begins at `at` was not found. A line that just ends
// is truncated; one that goes on otherwise, or longer than the format, has another
// shape, from there on where that can be told.
Misfit MissingEnd(const FormatStep& step, bool last, std::string_view line, size_t at,
                  bool time_seen);

// Sets a better reason where a field's text is not just wrong: text behind the last
// field, or nothing left for it.
void RefineBadField(const FormatStep& step, bool last, std::string_view line, std::string_view raw,
                    bool time_seen, Misfit* misfit);

// Where a line that does not begin with the prefix stops agreeing with it.
size_t FirstDifference(std::string_view line, std::string_view prefix);

// What was expected there and what the line has instead, in words.
std::string DescribeMisfit(const Misfit& misfit, std::string_view line);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_MISFIT_H_
