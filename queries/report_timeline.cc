// Visits over time: by hour for up to two weeks, else by day, week or month.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

constexpr int64_t kMostDaysByHour = 14;
constexpr int64_t kMostDaysByDay = 62;
constexpr int64_t kMostDaysByWeek = 7 * 60;
constexpr size_t kMostRows = 60;
constexpr size_t kHoursOfDay = 24;

struct Sums {
  uint64_t visits = 0;
  uint64_t page_views = 0;
  uint64_t server_errors = 0;
};

// Unknown where a part of it is.
void Add(uint64_t part, uint64_t* sum) {
  *sum = IsSuppressed(part) || IsSuppressed(*sum) ? kSuppressedCount : *sum + part;
}

// By local hour; where a clock is put back, its repeated hour adds up.
using VisitsByHour = std::array<uint64_t, kHoursOfDay>;

// Sums by the first day of each row: the day itself, its Monday, or the first of
// its month.
using Rows = std::map<absl::CivilDay, Sums>;

absl::CivilDay Monday(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

Rows SumUp(const Analysis& a, absl::CivilDay (*row_of)(absl::CivilDay)) {
  Rows rows;
  for (const DayFigures& day : a.days) {
    Sums& sums = rows[row_of(day.day)];
    Add(day.visits, &sums.visits);
    Add(day.page_views, &sums.page_views);
    Add(day.server_errors, &sums.server_errors);
  }
  return rows;
}

std::map<absl::CivilDay, VisitsByHour> VisitsOfHours(const Analysis& a) {
  std::map<absl::CivilDay, VisitsByHour> visits;
  for (const HourFigures& hour : a.hours) {
    const absl::CivilHour local = absl::ToCivilHour(hour.hour, a.time_zone);
    Add(hour.visits, &visits[absl::CivilDay(local)][static_cast<size_t>(local.hour())]);
  }
  return visits;
}

bool InGap(const Analysis& a, absl::Time time) {
  const auto after = std::upper_bound(a.gaps.begin(), a.gaps.end(), time,
                                      [](absl::Time t, const Gap& gap) { return t < gap.from; });
  return after != a.gaps.begin() && time < std::prev(after)->to;
}

// The day as a strip of 24 cells.
std::string HourStrip(const Analysis& a, absl::CivilDay day, const VisitsByHour& visits,
                      uint64_t highest, size_t cell_width) {
  std::string strip;
  for (size_t h = 0; h < kHoursOfDay; ++h) {
    const absl::CivilHour hour = absl::CivilHour(day) + static_cast<int64_t>(h);
    const bool gap = InGap(a, absl::FromCivil(hour, a.time_zone));
    const std::string_view cell = gap ? "·" : Spark(visits[h], highest);
    for (size_t i = 0; i < cell_width; ++i) strip.append(cell);
  }
  return strip;
}

std::string HourAxis(size_t cell_width) {
  constexpr size_t kStep = 3;
  std::string axis;
  for (size_t h = 0; h < kHoursOfDay; h += kStep) {
    std::string label = absl::StrCat(h < 10 ? "0" : "", h);
    label.resize(kStep * cell_width, ' ');
    axis += label;
  }
  return axis;
}

std::vector<TableColumn> Columns(Message first, std::string bar_heading, const ReportFrame& frame) {
  std::vector<TableColumn> columns = {
      frame.Column(first), TableColumn{}, frame.Column(Message::kVisits),
      frame.Column(Message::kPageViews, 2), frame.Column(Message::kServerErrors, 1)};
  columns[0].align = columns[1].align = Align::kLeft;
  columns[1].heading = std::move(bar_heading);
  return columns;
}

std::vector<TableCell> Cells(std::string label, std::string bar, const Sums& sums) {
  return {{std::move(label), Style::kDim},
          {std::move(bar), Style::kPlain},
          CountCell(sums.visits),
          CountCell(sums.page_views),
          CountCell(sums.server_errors)};
}

// "11-16 Mon"
std::string DayLabel(absl::CivilDay day, Language language) {
  const std::string text = FormatDay(day, language);
  return text.substr(text.find('-') + 1);
}

TextBlock ByHour(const Analysis& a, const ReportFrame& frame) {
  const size_t cell_width = frame.width() >= 100 ? 3 : 2;
  Rows rows = SumUp(a, [](absl::CivilDay day) { return day; });
  std::map<absl::CivilDay, VisitsByHour> visits = VisitsOfHours(a);
  const absl::CivilDay last = rows.rbegin()->first;
  uint64_t highest = 0;
  bool kept_back = false;
  for (absl::CivilDay day = rows.begin()->first; day <= last; ++day) {
    rows.try_emplace(day);
    for (const uint64_t count : visits[day]) {
      highest = std::max(highest, KnownOrZero(count));
      kept_back = kept_back || IsSuppressed(count);
    }
  }
  TextTable table(Columns(Message::kDay, HourAxis(cell_width), frame));
  for (const auto& [day, sums] : rows) {
    table.AddRow(Cells(DayLabel(day, frame.language()),
                       HourStrip(a, day, visits[day], highest, cell_width), sums));
  }
  TextBlock block = table.Render(frame.width());
  const std::string legend = frame.Say(
      kept_back ? Message::kHourLegendKeptBack : Message::kHourLegend, {FormatCount(highest)});
  Append(WrapText(TextLine(" "), legend, Style::kDim, frame.width()), &block);
  return block;
}

std::string RowLabel(Message unit, absl::CivilDay day, Language language) {
  if (unit == Message::kIsoWeek) return FormatIsoWeek(day);
  const std::string text = FormatDay(day, language);
  return unit == Message::kMonth ? text.substr(0, text.rfind('-')) : text;
}

TextBlock ByRow(const Analysis& a, const ReportFrame& frame, Message unit,
                absl::CivilDay (*row_of)(absl::CivilDay)) {
  const Rows rows = SumUp(a, row_of);
  const size_t bar_width = frame.width() - 50;
  uint64_t highest = 0;
  for (const auto& [day, sums] : rows) highest = std::max(highest, KnownOrZero(sums.visits));
  TextBlock block;
  auto row = rows.begin();
  if (rows.size() > kMostRows) {
    const size_t hidden = rows.size() - kMostRows;
    std::advance(row, hidden);
    block.push_back(
        TextLine(" ").Add(frame.Say(Message::kEarlierRows, {FormatCount(hidden)}), Style::kDim));
  }
  TextTable table(Columns(unit, "", frame));
  for (; row != rows.end(); ++row) {
    table.AddRow(Cells(RowLabel(unit, row->first, frame.language()),
                       Bar(row->second.visits, highest, bar_width), row->second));
  }
  Append(table.Render(frame.width()), &block);
  return block;
}

TextBlock Rendered(const Analysis& a, const ReportFrame& frame) {
  const int64_t days = absl::ToCivilDay(a.hours.back().hour, a.time_zone) -
                       absl::ToCivilDay(a.hours.front().hour, a.time_zone) + 1;
  if (days <= kMostDaysByHour) return ByHour(a, frame);
  // Of rounded days a sum is no figure.
  if (days <= kMostDaysByDay || a.disclosure_controlled) {
    return ByRow(a, frame, Message::kDay, [](absl::CivilDay day) { return day; });
  }
  if (days <= kMostDaysByWeek) return ByRow(a, frame, Message::kIsoWeek, Monday);
  return ByRow(a, frame, Message::kMonth,
               [](absl::CivilDay day) { return absl::CivilDay(absl::CivilMonth(day)); });
}

}  // namespace

TextBlock TimelineSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.hours.empty() || analysis.days.empty()) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionWeek)};
  Append(Rendered(analysis, frame), &block);
  return block;
}

}  // namespace civlog
