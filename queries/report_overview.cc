// The report's first pages: key figures, how far visits went, what kinds of service were
// used.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

bool IsOfDepartment(const ReportWriter& w) { return !w.analysis().department.empty(); }

bool AnyHasTarget(const ReportModel& model) {
  for (const KeyFigure& figure : model.key_figures) {
    if (!figure.targets.empty()) return true;
  }
  return false;
}

// "≥ 75.0 %: missed", one after the other.
RichText TargetsOf(const ReportWriter& w, const KeyFigure& figure) {
  RichText text;
  for (const size_t i : figure.targets) {
    if (!text.empty()) AppendText(Plain("; "), &text);
    AppendText(TargetText(w, i), &text);
    AppendText(Plain(": " + w.Say(StatusMessage(w.model().targets[i].status))), &text);
  }
  return text;
}

ReportTable KeyTable(const ReportWriter& w) {
  const ReportModel& model = w.model();
  ReportTable table{"key-figures-table", w.Say(Message::kReportKeyFigures), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnFigure), w.Numbers(Message::kColumnValue),
                   w.Numbers(Message::kColumnParts), w.Numbers(Message::kIntervalShort)};
  if (model.before_known) {
    table.columns.push_back(w.Numbers(w.PeriodBeforeWords()));
    table.columns.push_back(w.MainNumbers(Message::kColumnChange));
  }
  if (model.year_known) {
    table.columns.push_back(w.Numbers(Message::kColumnYear));
    table.columns.push_back(w.Numbers(Message::kColumnChange));
  }
  const bool targets = AnyHasTarget(model);
  if (targets) table.columns.push_back(w.Words(Message::kColumnTarget));
  for (size_t i = 0; i < model.key_figures.size(); ++i) {
    const KeyFigure& figure = model.key_figures[i];
    const FigureUnit unit = UnitOf(figure.metric);
    const std::string pointer = KeyFigurePointer(i);
    const bool share = unit == FigureUnit::kShare;
    std::vector<ReportCell> row = {
        TextCell(Plain(w.Say(MetricMessage(figure.metric)))),
        TextCell(w.Value(unit, figure.value, pointer + "/value")),
        TextCell(share ? w.RateParts(figure.rate, pointer) : RichText{}),
        TextCell(share ? w.RateInterval(figure.rate, pointer) : RichText{})};
    const auto add = [&](bool known, const PeriodComparison& comparison, const std::string& name) {
      if (!known) return;
      row.push_back(TextCell(w.Value(unit, comparison.value, pointer + name + "/value")));
      row.push_back(TextCell(w.Change(unit, comparison, pointer + name)));
    };
    add(model.before_known, figure.before, "/before");
    add(model.year_known, figure.year, "/year_before");
    if (targets) row.push_back(TextCell(TargetsOf(w, figure)));
    table.rows.push_back(std::move(row));
  }
  if (model.before_known || model.year_known) table.note = w.Rich(Message::kReportChangeNote);
  return table;
}

// Which of the days had the most visits.
RichText DaysSummary(const ReportWriter& w) {
  const std::vector<ReportDay>& days = w.model().days;
  size_t most = 0;
  size_t least = 0;
  for (size_t i = 0; i < days.size(); ++i) {
    const uint64_t visits = days[i].figures.visits;
    if (IsSuppressed(visits)) return {};
    if (visits > days[most].figures.visits) most = i;
    if (visits < days[least].figures.visits) least = i;
  }
  const auto count = [&](size_t i) {
    return w.Count(days[i].figures.visits, absl::StrCat("/report/days/", i, "/visits"));
  };
  return w.Rich(Message::kChartDaysSummary, {w.Day(days[most].figures.day), count(most),
                                             w.Day(days[least].figures.day), count(least)});
}

std::optional<double> Known(uint64_t count) {
  if (IsSuppressed(count)) return std::nullopt;
  return static_cast<double>(count);
}

ReportChart DaysChart(const ReportWriter& w) {
  ReportChart chart{DaysSummary(w), {}, {"days", w.Say(Message::kChartDays), {}, {}, {}}};
  ReportDrawing drawing{ReportDrawing::Form::kColumns, w.Say(Message::kChartDays), {}};
  chart.table.columns = {w.Words(Message::kDay), w.Numbers(Message::kVisits),
                         w.Numbers(Message::kPageViews), w.Numbers(Message::kColumnServerErrors),
                         w.Numbers(Message::kColumnMissingHours)};
  for (size_t i = 0; i < w.model().days.size(); ++i) {
    const DayFigures& day = w.model().days[i].figures;
    const uint32_t missing = w.model().days[i].missing_hours;
    const std::string pointer = absl::StrCat("/report/days/", i);
    const std::string label = w.model().period.kind == PeriodKind::kWeek
                                  ? std::string(WeekdayLabel(day.day, w.language()))
                                  : std::to_string(day.day.day());
    drawing.points.push_back({label,
                              Known(day.visits),
                              {},
                              {},
                              FormatCount(day.visits),
                              pointer + "/visits",
                              missing > 0});
    chart.table.rows.push_back({TextCell(w.Day(day.day)),
                                TextCell(w.Count(day.visits, pointer + "/visits")),
                                TextCell(w.Count(day.page_views, pointer + "/page_views")),
                                TextCell(w.Count(day.server_errors, pointer + "/server_errors")),
                                TextCell(w.Count(missing, pointer + "/missing_hours"))});
  }
  chart.drawings.push_back(std::move(drawing));
  return chart;
}

ReportTable TrendTable(const ReportWriter& w) {
  ReportTable table{"trend", w.Say(Message::kChartTrend), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnPeriod), w.Numbers(Message::kVisits),
                   w.Numbers(Message::kMetricCompletion), w.Numbers(Message::kMetricParticipation)};
  for (size_t i = 0; i < w.model().trend.size(); ++i) {
    const TrendPoint& point = w.model().trend[i];
    const std::string pointer = absl::StrCat("/report/trend/", i);
    table.rows.push_back({TextCell(w.LongPeriod(point.period)),
                          TextCell(point.visits ? w.Count(*point.visits, pointer + "/visits")
                                                : Plain(kAbsentFigure)),
                          TextCell(w.RateValue(point.completion, pointer + "/completion")),
                          TextCell(w.RateValue(point.participation, pointer + "/participation"))});
  }
  return table;
}

ReportDrawing VisitsDrawing(const ReportWriter& w) {
  ReportDrawing drawing{ReportDrawing::Form::kColumns, w.Say(Message::kMetricVisits), {}};
  for (size_t i = 0; i < w.model().trend.size(); ++i) {
    const TrendPoint& point = w.model().trend[i];
    ChartPoint& drawn = drawing.points.emplace_back();
    drawn.label = w.ShortPeriod(point.period);
    if (!point.visits) continue;
    drawn.value = Known(*point.visits);
    drawn.text = FormatCount(*point.visits);
    drawn.pointer = absl::StrCat("/report/trend/", i, "/visits");
  }
  return drawing;
}

ReportDrawing CompletionDrawing(const ReportWriter& w) {
  ReportDrawing drawing{ReportDrawing::Form::kLine, w.Say(Message::kChartCompletion), {}};
  for (size_t i = 0; i < w.model().trend.size(); ++i) {
    const TrendPoint& point = w.model().trend[i];
    drawing.points.push_back({w.ShortPeriod(point.period), point.completion.value,
                              point.completion.low, point.completion.high,
                              FormatPercent(point.completion.value, w.language()),
                              absl::StrCat("/report/trend/", i, "/completion/value"), false});
  }
  return drawing;
}

RichText TrendSummary(const ReportWriter& w) {
  const std::vector<TrendPoint>& trend = w.model().trend;
  const TrendPoint* most = nullptr;
  for (const TrendPoint& point : trend) {
    if (point.visits && (most == nullptr || *point.visits > *most->visits)) most = &point;
  }
  if (most == nullptr) return {};
  return w.Rich(
      Message::kChartTrendSummary,
      {w.LongPeriod(most->period),
       w.Count(*most->visits, absl::StrCat("/report/trend/", most - trend.data(), "/visits"))});
}

ReportChart TrendChart(const ReportWriter& w) {
  ReportChart chart{TrendSummary(w), {VisitsDrawing(w)}, TrendTable(w)};
  if (w.analysis().has_catalog) chart.drawings.push_back(CompletionDrawing(w));
  return chart;
}

bool HasTrend(const ReportModel& model) {
  size_t known = 0;
  for (const TrendPoint& point : model.trend) known += point.known ? 1 : 0;
  return known > 1;
}

ReportTable StagesTable(const ReportWriter& w) {
  constexpr Message kNames[] = {Message::kStageEnhanced, Message::kStageInteractive,
                                Message::kStageTransactional, Message::kStageSeamless};
  constexpr Message kMeanings[] = {
      Message::kStageEnhancedMeaning, Message::kStageInteractiveMeaning,
      Message::kStageTransactionalMeaning, Message::kStageSeamlessMeaning};
  ReportTable table{"stages", w.Say(Message::kStageReach), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnStage), w.Words(Message::kColumnMeaning),
                   w.Numbers(Message::kVisits), w.MainNumbers(Message::kShare)};
  for (size_t i = 0; i < w.model().stage_shares.size(); ++i) {
    const Rate& share = w.model().stage_shares[i];
    const std::string pointer = absl::StrCat("/report/stage_shares/", i);
    table.rows.push_back({TextCell(Plain(w.Say(kNames[i]))),
                          TextCell(Plain(w.Say(kMeanings[i]))),
                          TextCell(w.Count(share.numerator, pointer + "/numerator")),
                          {w.RateValue(share, pointer), share.value}});
  }
  table.note = w.Rich(Message::kStageNote);
  return table;
}

ReportTable KindsTable(const ReportWriter& w) {
  ReportTable table{"kinds", w.Say(Message::kReportKinds), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnKind),  w.Numbers(Message::kColumnServices),
                   w.Numbers(Message::kRequests),  w.Numbers(Message::kActs),
                   w.Numbers(Message::kPageViews), w.MainNumbers(Message::kShare)};
  for (size_t k = 0; k < kServiceKindCount; ++k) {
    const KindFigures& kind = w.model().kinds[k];
    if (kind.services == 0 && IsOfDepartment(w)) continue;
    const std::string pointer = absl::StrCat("/report/kinds/", k);
    const Rate& share = kind.share_of_page_views;
    table.rows.push_back({TextCell(Plain(w.Say(KindMessage(kind.kind)))),
                          TextCell(w.Count(kind.services, pointer + "/services")),
                          TextCell(w.Count(kind.requests, pointer + "/requests")),
                          TextCell(w.Count(kind.acts, pointer + "/acts")),
                          TextCell(w.Count(kind.page_views, pointer + "/page_views")),
                          {w.RateValue(share, pointer + "/share_of_page_views"), share.value}});
  }
  return table;
}

}  // namespace

ReportSection KeyFiguresSection(const ReportWriter& w) {
  ReportSection section{"key-figures", w.Say(Message::kReportKeyFigures), {}};
  section.blocks.emplace_back(KeyTable(w));
  if (w.model().days.size() > 1) section.blocks.emplace_back(DaysChart(w));
  if (HasTrend(w.model())) section.blocks.emplace_back(TrendChart(w));
  return section;
}

ReportSection LadderSection(const ReportWriter& w) {
  ReportSection section{"ladder", w.Say(Message::kReportLadder), {}};
  // Visits do not add up over services, and are not told of one department.
  if (!IsOfDepartment(w)) section.blocks.emplace_back(StagesTable(w));
  section.blocks.emplace_back(KindsTable(w));
  return section;
}

}  // namespace civlog
