#include "parsers/misfit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/field_end.h"

namespace civlog {
namespace {

bool IsNumeric(const FormatStep& step) {
  return step.kind == StepKind::kStatus || step.kind == StepKind::kBytesSent ||
         step.kind == StepKind::kLatency || step.is_number;
}

// True where the line ends right behind the time of `step`, or within its offset from
// UTC.
bool EndsBehindTime(const FormatStep& step, std::string_view rest) {
  if (step.kind != StepKind::kTime) return false;
  constexpr size_t kOffsetAndBracket = 7;
  for (size_t cut = 0; cut <= std::min(kOffsetAndBracket, rest.size()); ++cut) {
    TimeFields ignored;
    if (ParseTimePart(step.time, rest.substr(0, rest.size() - cut), &ignored)) return true;
  }
  return false;
}

}  // namespace

Misfit MissingEnd(const FormatStep& step, bool last, std::string_view line, size_t at,
                  bool time_seen) {
  Misfit misfit{RejectReason::kNoMatch, std::min(at, line.size()), step.name, ""};
  const std::string_view rest = line.substr(misfit.at);
  if (last && step.ending == FieldEnd::kW3c) {
    const size_t blank = rest.find_first_of(" \t");
    if (blank != kNotFound) {
      misfit.at += blank;
      return misfit;
    }
  } else if (last && step.quoted) {
    const size_t quote = FindAnyQuote(line, misfit.at);
    if (quote != kNotFound && quote + 1 < line.size()) {
      misfit.at = quote + 1;
      return misfit;
    }
  } else if (last && !step.until.empty()) {
    const size_t end = rest.find(step.until);
    if (end != kNotFound) {
      misfit.at += end + step.until.size();
      return misfit;
    }
  } else if (IsNumeric(step) && !step.until.empty()) {
    const size_t end = rest.find(step.until.front());
    const bool goes_on = end != kNotFound && !step.until.starts_with(rest.substr(end));
    if (goes_on) {
      misfit.at += end;
      return misfit;
    }
  }
  if (time_seen || EndsBehindTime(step, rest)) misfit.reason = RejectReason::kTruncated;
  return misfit;
}

void RefineBadField(const FormatStep& step, bool last, std::string_view line, std::string_view raw,
                    bool time_seen, Misfit* misfit) {
  if (!last || !step.until.empty()) return;
  const size_t blank = raw.find(' ');
  const bool goes_on = !step.is_list && blank != kNotFound && blank > 0;
  if (misfit->reason == RejectReason::kBadNumber && goes_on) {
    misfit->reason = RejectReason::kNoMatch;
    misfit->at += blank;
  }
  if (misfit->at >= line.size() && time_seen) misfit->reason = RejectReason::kTruncated;
}

size_t FirstDifference(std::string_view line, std::string_view prefix) {
  const auto [in_line, in_prefix] =
      std::mismatch(line.begin(), line.end(), prefix.begin(), prefix.end());
  return static_cast<size_t>(in_line - line.begin());
}

std::string DescribeMisfit(const Misfit& misfit, std::string_view line) {
  constexpr size_t kShownBytes = 32;
  const std::string_view rest = line.substr(std::min(misfit.at, line.size()), kShownBytes);
  const std::string there = rest.empty() ? "the line ends" : absl::StrCat("\"", ToAbsl(rest), "\"");
  const std::string what =
      misfit.field.empty() ? "the format's next field" : std::string(misfit.field);
  if (!misfit.remedy.empty()) {
    return absl::StrCat("the line has no ", ToAbsl(misfit.field), " ", ToAbsl(misfit.remedy));
  }
  switch (misfit.reason) {
    case RejectReason::kTruncated:
      return absl::StrCat("the line ends before ", what, " does");
    case RejectReason::kBadTime:
      return absl::StrCat(there, " is not a time");
    case RejectReason::kBadStatus:
      return absl::StrCat(there, " does not begin with a three-digit status");
    case RejectReason::kBadNumber:
      return absl::StrCat(there, " does not begin with a number for ", what);
    case RejectReason::kInvalidJson:
      return absl::StrCat("the line is no JSON object from here on: ", there);
    case RejectReason::kNoMatch:
    case RejectReason::kTooLong:
      break;
  }
  return absl::StrCat("expected ", what, " here, but found ", there);
}

}  // namespace civlog
