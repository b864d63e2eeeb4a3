// The first screenful of the terminal report.

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

bool IsMidnight(absl::Time time, absl::TimeZone zone) {
  return absl::ToCivilSecond(time, zone) == absl::CivilSecond(absl::ToCivilDay(time, zone));
}

bool IsWholeDays(const Analysis& a) {
  return IsMidnight(*a.from, a.time_zone) && IsMidnight(*a.to, a.time_zone);
}

// "2026-11-16 (Mon) – 2026-11-22 (Sun)", or with hours where it is not whole days.
std::string PeriodText(const Analysis& a, const ReportFrame& frame) {
  if (!a.from || !a.to) return std::string(frame.Say(Message::kNoRecords));
  if (!IsWholeDays(a)) {
    return absl::StrCat(FormatHour(*a.from, a.time_zone), " – ", FormatHour(*a.to, a.time_zone));
  }
  const absl::CivilDay first = absl::ToCivilDay(*a.from, a.time_zone);
  const absl::CivilDay last = absl::ToCivilDay(*a.to, a.time_zone) - 1;
  const std::string from = FormatDay(first, frame.language());
  return first == last ? from : absl::StrCat(from, " – ", FormatDay(last, frame.language()));
}

// How long the period is and whether it is a week: the second line's first items.
std::vector<std::string> PeriodItems(const Analysis& a, const ReportFrame& frame) {
  std::vector<std::string> items;
  if (!a.from || !a.to) return items;
  const absl::CivilDay first = absl::ToCivilDay(*a.from, a.time_zone);
  if (IsWholeDays(a)) {
    const int64_t days = absl::ToCivilDay(*a.to, a.time_zone) - first;
    if (days == 7 && absl::GetWeekday(first) == absl::Weekday::monday) {
      items.push_back(frame.Say(Message::kWeek, {FormatIsoWeek(first)}));
    } else {
      items.push_back(frame.Say(Message::kDays, {FormatCount(static_cast<uint64_t>(days))}));
    }
  } else {
    const auto hours = static_cast<uint64_t>(absl::ToInt64Hours(*a.to - *a.from));
    items.push_back(frame.Say(Message::kHours, {FormatCount(hours)}));
  }
  if (a.partial_week) items.emplace_back(frame.Say(Message::kPartialWeek));
  return items;
}

TextBlock TitleBlock(const Analysis& a, const ReportFrame& frame) {
  const std::string period = PeriodText(a, frame);
  const size_t period_width = DisplayWidth(period);
  std::string name(frame.Localized(a.portal_name));
  if (name.empty()) name = frame.Say(Message::kUntitledPortal);
  if (!a.department.empty()) name.append(" · ").append(frame.Localized(a.department));
  TextLine title;
  title.AddLeft(name, frame.width() - period_width - 2, Style::kBold);
  title.PadTo(frame.width() - period_width).Add(period, Style::kBold);

  std::vector<std::string> items = PeriodItems(a, frame);
  items.push_back(a.time_zone_name);
  if (!a.sources.empty()) {
    items.push_back(frame.Say(Message::kSourceCount, {FormatCount(a.sources.size())}));
  }
  items.push_back(
      a.has_catalog ? frame.Say(Message::kCatalogTitle, {a.catalog_digest.value_or("").substr(0, 8),
                                                         FormatCount(a.services.size())})
                    : std::string(frame.Say(Message::kNoCatalogTitle)));
  TextBlock block = {title};
  Append(WrapItems(items, Style::kDim, 0, frame.width()), &block);
  return block;
}

// One row of the waterfall: a total, or what is taken off it.
struct WaterfallRow {
  Message label;
  uint64_t count = 0;
  bool total = false;
  bool always = false;              // shown even where 0
  std::vector<NamedCount> details;  // parts of count
};

std::vector<NamedCount> RejectedDetails(const Analysis& a, Language language) {
  std::vector<NamedCount> details;
  for (size_t i = 0; i < kRejectReasonCount; ++i) {
    details.push_back({std::string(RejectReasonLabel(static_cast<RejectReason>(i), language)),
                       a.rejected_by_reason[i]});
  }
  return details;
}

std::vector<NamedCount> NotCitizenDetails(const Analysis& a, Language language) {
  std::vector<NamedCount> details;
  for (size_t i = 0; i < kAudienceCount; ++i) {
    details.push_back({std::string(AudienceLabel(static_cast<Audience>(i), language)),
                       a.not_citizen_by_audience[i]});
  }
  return details;
}

std::vector<WaterfallRow> WaterfallRows(const Analysis& a, Language language) {
  std::vector<WaterfallRow> rows = {
      {Message::kLinesRead, a.lines_read, true, true, {}},
      {Message::kBlank, a.blank, false, false, {}},
      {Message::kDirective, a.directive, false, false, {}},
      {Message::kRejected, a.rejected, false, true, RejectedDetails(a, language)},
      {Message::kOutsidePeriod, a.outside_period, false, false, {}},
      {Message::kFilteredOut, a.filtered_out, false, false, {}},
      {Message::kRecords, a.records, true, true, {}},
      {Message::kUnreadable, a.unreadable_request, false, false, {}},
      {Message::kOutsidePortal, a.outside_portal, false, false, {}},
      {Message::kNotCitizens, a.not_citizen, false, true, NotCitizenDetails(a, language)},
      {Message::kAssets, a.asset, false, true, {}},
      {Message::kCounted, a.counted, true, true, {}},
  };
  std::erase_if(rows, [](const WaterfallRow& row) { return !row.always && row.count == 0; });
  return rows;
}

std::string DetailItem(const NamedCount& detail) {
  return absl::StrCat(detail.name, " ", FormatCount(detail.count));
}

// Of rounded figures a sum is no figure.
uint64_t SumOfRest(const std::vector<NamedCount>& details, size_t named, bool rounded) {
  uint64_t rest = 0;
  for (size_t i = named; i < details.size(); ++i) {
    if (rounded || IsSuppressed(details[i].count)) return kSuppressedCount;
    rest += details[i].count;
  }
  return rest;
}

// The largest parts by name and the rest as one figure, as many as one line holds.
TextBlock DetailLine(std::vector<NamedCount> details, bool rounded, const ReportFrame& frame) {
  std::erase_if(details, [](const NamedCount& d) { return d.count == 0; });
  if (details.empty()) return {};
  std::stable_sort(details.begin(), details.end(), [](const NamedCount& x, const NamedCount& y) {
    return KnownOrZero(x.count) > KnownOrZero(y.count);
  });
  // What is not shown is part of the rest.
  const auto known = static_cast<size_t>(std::count_if(
      details.begin(), details.end(), [](const NamedCount& d) { return !IsSuppressed(d.count); }));
  if (known == 0) return {};
  for (size_t named = known;; --named) {
    std::vector<std::string> items;
    for (size_t i = 0; i < named; ++i) items.push_back(DetailItem(details[i]));
    const uint64_t rest = SumOfRest(details, named, rounded);
    if (rest > 0) {
      items.push_back(
          frame.Say(Message::kMore, {FormatCount(details.size() - named), FormatCount(rest)}));
    }
    TextBlock block = WrapItems(items, Style::kDim, 5, frame.width());
    if (block.size() == 1 || named == 1) return block;
  }
}

size_t WidestLabel(const std::vector<WaterfallRow>& rows, const ReportFrame& frame) {
  size_t widest = 0;
  for (const WaterfallRow& row : rows) {
    widest = std::max(widest, DisplayWidth(frame.Say(row.label)));
  }
  return widest;
}

// One of the figures side by side under the waterfall.
struct Tile {
  std::string figure;
  std::string label;
  size_t Width() const { return std::max(DisplayWidth(figure), DisplayWidth(label)); }
};

Message VisitorsLabel(const Analysis& a) {
  if (a.visitors_exact) return a.visitor_weeks ? Message::kVisitorWeeks : Message::kVisitors;
  return a.visitor_weeks ? Message::kVisitorWeeksEstimated : Message::kVisitorsEstimated;
}

std::vector<Tile> Tiles(const Analysis& a, const ReportFrame& frame) {
  const std::string bounces =
      KnownOrZero(a.visits) > 0
          ? frame.Say(Message::kBouncesShare, {frame.Share(a.bounces, a.visits)})
          : std::string(frame.Say(Message::kBounces));
  return {{FormatCount(a.visits), std::string(frame.Say(Message::kVisits))},
          {absl::StrCat(a.visitors_exact ? "" : "~", FormatCount(a.visitors)),
           std::string(frame.Say(VisitorsLabel(a)))},
          {FormatCount(a.page_views), std::string(frame.Say(Message::kPageViews))},
          {FormatCount(a.bounces), bounces},
          {FormatCount(a.acts), std::string(frame.Say(Message::kActs))}};
}

// Tiles of one row, spread over the width.
TextBlock TileRow(const Tile* begin, const Tile* end, size_t gap) {
  TextLine figures;
  TextLine labels;
  for (const Tile* tile = begin; tile != end; ++tile) {
    const size_t column = tile == begin ? 1 : labels.width() + gap;
    figures.PadTo(column).AddLeft(tile->figure, tile->Width(), Style::kBold);
    labels.PadTo(column).AddLeft(tile->label, tile->Width(), Style::kDim);
  }
  return {figures, labels};
}

}  // namespace

TextBlock WaterfallBlock(const Analysis& analysis, const ReportFrame& frame) {
  if (!analysis.department.empty()) return {};
  constexpr size_t kShareWidth = 9;
  const std::vector<WaterfallRow> rows = WaterfallRows(analysis, frame.language());
  const size_t label_width = WidestLabel(rows, frame) + 2;
  const size_t count_width = DisplayWidth(FormatCount(analysis.lines_read)) + 2;
  const size_t bar_column = 1 + label_width + count_width + kShareWidth + 2;
  const size_t bar_width = frame.width() > bar_column ? frame.width() - bar_column : 0;
  uint64_t left = KnownOrZero(analysis.lines_read);
  TextBlock block;
  for (const WaterfallRow& row : rows) {
    const uint64_t count = KnownOrZero(row.count);
    const uint64_t taken = row.total ? count : std::min(count, left);
    const uint64_t first = row.total ? 0 : left - taken;
    if (!IsSuppressed(row.count)) left = row.total ? count : first;
    const bool start = row.label == Message::kLinesRead;
    TextLine line(" ");
    line.Add(start ? "" : (row.total ? "= " : "− "), Style::kDim);
    line.AddLeft(frame.Say(row.label), label_width + 1 - line.width(),
                 row.total ? Style::kPlain : Style::kDim);
    line.AddRight(FormatCount(row.count), count_width, row.total ? Style::kBold : Style::kPlain);
    line.AddRight(start ? "" : frame.Share(row.count, analysis.lines_read), kShareWidth,
                  Style::kDim);
    line.PadTo(bar_column).Add(SpanBar(first, first + taken, analysis.lines_read, bar_width));
    block.push_back(line);
    Append(DetailLine(row.details, analysis.disclosure_controlled, frame), &block);
  }
  return block;
}

TextBlock KeyFiguresBlock(const Analysis& analysis, const ReportFrame& frame) {
  constexpr size_t kLeastGap = 2;
  constexpr size_t kGreatestGap = 8;
  const std::vector<Tile> tiles = Tiles(analysis, frame);
  size_t sum = 1;
  for (const Tile& tile : tiles) sum += tile.Width();
  const size_t gaps = tiles.size() - 1;
  if (sum + gaps * kLeastGap > frame.width()) {
    TextBlock block = TileRow(tiles.data(), tiles.data() + 2, kGreatestGap);
    Append(TileRow(tiles.data() + 2, tiles.data() + tiles.size(), kGreatestGap), &block);
    return block;
  }
  const size_t gap = std::min(kGreatestGap, (frame.width() - sum) / gaps);
  return TileRow(tiles.data(), tiles.data() + tiles.size(), gap);
}

TextBlock SummarySection(const Analysis& analysis, const ReportFrame& frame) {
  TextBlock block = TitleBlock(analysis, frame);
  std::string rule;
  for (size_t i = 0; i < frame.width(); ++i) rule.append("─");
  block.emplace_back(rule, Style::kDim);
  if (frame.wide()) {
    const ReportFrame column = frame.Column(2);
    TextBlock right = KeyFiguresBlock(analysis, column);
    right.emplace_back();
    Append(RatesBlock(analysis, column), &right);
    Append(LayOutGrid({WaterfallBlock(analysis, column), right}, 2, frame.width()), &block);
  } else {
    const TextBlock waterfall = WaterfallBlock(analysis, frame);
    Append(waterfall, &block);
    if (!waterfall.empty()) block.emplace_back();
    Append(KeyFiguresBlock(analysis, frame), &block);
    block.emplace_back();
    Append(RatesBlock(analysis, frame), &block);
  }
  block.emplace_back();
  Append(WarningsBlock(analysis, frame), &block);
  return block;
}

}  // namespace civlog
