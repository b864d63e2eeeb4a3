// What a reader must know before trusting the figures.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/charset.h"
#include "queries/disclosure.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"

namespace civlog {
namespace {

// From these shares on, a figure is worth a warning.
constexpr double kRejectedWorthWarning = 0.01;
constexpr double kRejectedAlarming = 0.10;
constexpr double kUnclassifiedWorthWarning = 0.10;
constexpr size_t kPathsNamed = 3;
constexpr size_t kPathWidth = 30;

struct Warning {
  Style style;
  std::string text;
};

double ShareOf(uint64_t part, uint64_t whole) {
  if (IsSuppressed(part) || IsSuppressed(whole)) return 0;
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out.append(separator);
    out.append(item);
  }
  return out;
}

bool AttemptsAddUp(const AttemptFigures& a) {
  return a.started == a.granted + a.refused + a.failed + a.abandoned + a.open;
}

bool LinesAddUp(const Analysis& a) {
  return a.lines_read ==
             a.blank + a.directive + a.rejected + a.outside_period + a.filtered_out + a.records &&
         a.records == a.unreadable_request + a.outside_portal + a.not_citizen + a.asset + a.counted;
}

void WarnOfFaults(const Analysis& a, const ReportFrame& frame, std::vector<Warning>* warnings) {
  // Rounded figures need not add up, and a department's are not all there.
  if (a.disclosure_controlled || !a.department.empty()) return;
  if (!LinesAddUp(a)) {
    warnings->push_back({Style::kAlarm, std::string(frame.Say(Message::kWarnWaterfall))});
  }
  for (const ServiceFigures& service : a.services) {
    if (!service.attempts || AttemptsAddUp(*service.attempts)) continue;
    warnings->push_back(
        {Style::kAlarm, frame.Say(Message::kWarnInvariant, {frame.ServiceName(service)})});
  }
}

std::string IncompleteText(const Analysis& a, const ReportFrame& frame) {
  constexpr size_t kNamed = 2;
  std::vector<std::string> named;
  uint64_t count = 0;
  for (const SourceFigures& source : a.sources) {
    if (source.error.empty()) continue;
    if (++count <= kNamed) {
      named.push_back(absl::StrCat(ClipHeadToWidth(EscapeForTerminal(source.name), kPathWidth),
                                   ": ", source.error));
    }
  }
  if (count == 0) return std::string(frame.Say(Message::kWarnIncompleteUnnamed));
  if (count > kNamed) named.push_back("…");
  return frame.Say(Message::kWarnIncomplete, {FormatCount(count), Joined(named, "; ")});
}

void WarnOfInput(const Analysis& a, const ReportFrame& frame, std::vector<Warning>* warnings) {
  if (a.interrupted) {
    warnings->push_back({Style::kAlarm, std::string(frame.Say(Message::kWarnInterrupted))});
  }
  if (a.records == 0) {
    warnings->push_back({Style::kAlarm, std::string(frame.Say(Message::kWarnNothing))});
  }
  if (a.incomplete) warnings->push_back({Style::kAlarm, IncompleteText(a, frame)});
  const double rejected = ShareOf(a.rejected, a.lines_read);
  if (rejected > kRejectedWorthWarning) {
    warnings->push_back({rejected > kRejectedAlarming ? Style::kAlarm : Style::kCaution,
                         frame.Say(Message::kWarnRejected, {frame.Share(a.rejected, a.lines_read),
                                                            FormatCount(a.rejected)})});
  }
}

std::string GapsText(const Analysis& a, const ReportFrame& frame) {
  const auto longest =
      std::max_element(a.gaps.begin(), a.gaps.end(),
                       [](const Gap& x, const Gap& y) { return x.to - x.from < y.to - y.from; });
  absl::Duration total;
  for (const Gap& gap : a.gaps) total += gap.to - gap.from;
  return frame.Say(
      Message::kWarnGaps,
      {FormatCount(a.gaps.size()), FormatCount(static_cast<uint64_t>(absl::ToInt64Hours(total))),
       FormatHour(longest->from, a.time_zone)});
}

std::string UnclassifiedText(const Analysis& a, const ReportFrame& frame) {
  std::vector<std::string> paths;
  for (const PathCount& path : a.unclassified_top_paths) {
    if (paths.size() == kPathsNamed) break;
    paths.push_back(
        absl::StrCat(ClipToWidth(EscapeForTerminal(ReadablePath(path.path, a.charset)), kPathWidth),
                     " ", FormatCount(path.requests)));
  }
  if (paths.empty()) {
    return frame.Say(Message::kWarnUnclassifiedUnnamed,
                     {frame.Share(a.unclassified_requests, a.counted)});
  }
  return frame.Say(Message::kWarnUnclassified,
                   {frame.Share(a.unclassified_requests, a.counted), Joined(paths, ", ")});
}

void WarnOfCatalog(const Analysis& a, const ReportFrame& frame, std::vector<Warning>* warnings) {
  if (!a.has_catalog) {
    warnings->push_back({Style::kCaution, std::string(frame.Say(Message::kWarnNoCatalog))});
    return;
  }
  if (ShareOf(a.unclassified_requests, a.counted) > kUnclassifiedWorthWarning) {
    warnings->push_back({Style::kCaution, UnclassifiedText(a, frame)});
  }
  if (!a.unmatched_routes.empty()) {
    warnings->push_back({Style::kCaution, frame.Say(Message::kWarnUnmatched,
                                                    {FormatCount(a.unmatched_routes.size())})});
  }
  if (a.completion.denominator > 0 && a.completion.denominator < kFewAttempts) {
    warnings->push_back({Style::kCaution, frame.Say(Message::kWarnFewAttempts,
                                                    {FormatCount(a.completion.denominator)})});
  }
}

std::vector<Warning> CollectWarnings(const Analysis& a, const ReportFrame& frame) {
  std::vector<Warning> warnings;
  WarnOfFaults(a, frame, &warnings);
  WarnOfInput(a, frame, &warnings);
  if (!a.gaps.empty()) warnings.push_back({Style::kCaution, GapsText(a, frame)});
  if (a.records > 0) WarnOfCatalog(a, frame, &warnings);
  if (KnownOrZero(a.late) > 0) {
    warnings.push_back({Style::kCaution, frame.Say(Message::kWarnLate, {FormatCount(a.late)})});
  }
  for (const std::string& note : a.notes) warnings.push_back({Style::kCaution, note});
  return warnings;
}

}  // namespace

TextBlock WarningsBlock(const Analysis& analysis, const ReportFrame& frame) {
  const std::vector<Warning> warnings = CollectWarnings(analysis, frame);
  TextBlock block;
  if (analysis.disclosure_controlled) {
    const std::string note =
        frame.Say(Message::kDisclosureNote,
                  {FormatCount(kPublishedCountStep), FormatCount(kLeastPublishedCount)});
    Append(WrapText(TextLine(" "), note, Style::kDim, frame.width()), &block);
  }
  if (warnings.empty()) {
    block.push_back(TextLine(" ").Add(frame.Say(Message::kNoWarnings), Style::kDim));
  }
  for (const Warning& warning : warnings) {
    const TextLine mark = TextLine(" ").Add("! ", warning.style);
    Append(WrapText(mark, warning.text, warning.style, frame.width()), &block);
  }
  return block;
}

}  // namespace civlog
