#include "queries/report_json.h"

#include "queries/analysis_object.h"
#include "queries/escape.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

ordered_json Number(const std::optional<double>& value) {
  if (!value) return nullptr;
  return *value;
}

ordered_json Named(std::string_view text) {
  if (text.empty()) return nullptr;
  return EscapeForTerminal(text);
}

ordered_json Day(absl::CivilDay day) { return absl::FormatCivilTime(day); }

ordered_json PeriodToJson(const ReportPeriod& period) {
  return {{"kind", PeriodKindName(period.kind)},
          {"first_day", Day(period.first)},
          {"last_day", Day(period.end - 1)}};
}

ordered_json ComparisonToJson(const PeriodComparison& comparison) {
  ordered_json significant = nullptr;
  if (comparison.significant) significant = *comparison.significant;
  return {{"value", Number(comparison.value)},
          {"change", Number(comparison.change)},
          {"significant", std::move(significant)}};
}

ordered_json RatesToJson(const std::vector<Rate>& rates) {
  ordered_json json = ordered_json::array();
  for (const Rate& rate : rates) json.push_back(RateToJson(rate));
  return json;
}

ordered_json KeyFigures(const ReportModel& model) {
  ordered_json figures = ordered_json::array();
  for (const KeyFigure& figure : model.key_figures) {
    ordered_json json = {{"figure", KeyMetricName(figure.metric)}, {"value", Number(figure.value)}};
    switch (UnitOf(figure.metric)) {
      case FigureUnit::kCount:
        // As it was counted, not as a floating-point number.
        if (figure.value) json["value"] = static_cast<uint64_t>(*figure.value);
        break;
      case FigureUnit::kShare:
        json.update(RateToJson(figure.rate));
        break;
      case FigureUnit::kMilliseconds:
        break;
    }
    json["before"] = ComparisonToJson(figure.before);
    json["targets"] = figure.targets;
    json["year_before"] = ComparisonToJson(figure.year);
    figures.push_back(std::move(json));
  }
  return figures;
}

ordered_json Days(const ReportModel& model) {
  ordered_json days = ordered_json::array();
  for (const ReportDay& day : model.days) {
    days.push_back({{"day", Day(day.figures.day)},
                    {"requests", CountToJson(day.figures.requests)},
                    {"visits", CountToJson(day.figures.visits)},
                    {"page_views", CountToJson(day.figures.page_views)},
                    {"server_errors", CountToJson(day.figures.server_errors)},
                    {"missing_hours", day.missing_hours}});
  }
  return days;
}

ordered_json Trend(const ReportModel& model) {
  ordered_json trend = ordered_json::array();
  for (const TrendPoint& point : model.trend) {
    ordered_json json = PeriodToJson(point.period);
    json["known"] = point.known;
    json["visits"] = point.visits ? ordered_json(*point.visits) : ordered_json(nullptr);
    json["interaction"] = RateToJson(point.interaction);
    json["completion"] = RateToJson(point.completion);
    json["participation"] = RateToJson(point.participation);
    trend.push_back(std::move(json));
  }
  return trend;
}

ordered_json Kinds(const ReportModel& model) {
  ordered_json kinds = ordered_json::array();
  for (const KindFigures& kind : model.kinds) {
    kinds.push_back({{"kind", ServiceKindName(kind.kind)},
                     {"services", kind.services},
                     {"requests", CountToJson(kind.requests)},
                     {"page_views", CountToJson(kind.page_views)},
                     {"acts", CountToJson(kind.acts)},
                     {"share_of_page_views", RateToJson(kind.share_of_page_views)}});
  }
  return kinds;
}

ordered_json Transactions(const TransactionTotals& totals) {
  return {{"started", CountToJson(totals.started)},
          {"granted", CountToJson(totals.granted)},
          {"refused", CountToJson(totals.refused)},
          {"failed", CountToJson(totals.failed)},
          {"abandoned", CountToJson(totals.abandoned)},
          {"open", CountToJson(totals.open)},
          {"left_after_error", CountToJson(totals.left_after_error)}};
}

ordered_json Services(const ReportModel& model) {
  ordered_json services = ordered_json::array();
  for (size_t i = 0; i < model.services.size(); ++i) {
    const ServiceReport& service = model.services[i];
    services.push_back({{"id", EscapeForTerminal(model.analysis.services[i].id)},
                        {"completion_before", ComparisonToJson(service.completion_before)},
                        {"took_part_before", ComparisonToJson(service.took_part_before)},
                        {"completion_trend", RatesToJson(service.completion_trend)},
                        {"step_losses", RatesToJson(service.step_losses)},
                        {"server_errors", RateToJson(service.server_errors)}});
  }
  return services;
}

ordered_json Summary(const ReportModel& model, const ReportWriter& writer) {
  ordered_json summary = ordered_json::array();
  for (const Finding& finding : model.findings) {
    summary.push_back({{"finding", FindingName(finding.kind)},
                       {"tone", ToneName(finding.tone)},
                       {"text", EscapeForTerminal(PlainText(FindingText(finding, writer)))}});
  }
  return summary;
}

ordered_json Targets(const ReportModel& model, const ReportWriter& writer) {
  ordered_json targets = ordered_json::array();
  for (const ReportTarget& target : model.targets) {
    const std::string_view source = target.target.source.Get(LanguageCode(writer.language()));
    targets.push_back({{"service", Named(target.target.service)},
                       {"metric", target.target.metric},
                       {"comparison", ComparisonSign(target.target.comparison)},
                       {"target", target.target.value},
                       {"by", Day(target.target.by)},
                       {"status", TargetStatusName(target.status)},
                       {"value", Number(target.value)},
                       {"gap", Number(target.gap)},
                       {"source", Named(source)}});
  }
  return targets;
}

ordered_json TargetCounts(const ReportModel& model) {
  ordered_json counts = {{"all", model.targets.size()}};
  for (size_t status = 0; status < kTargetStatusCount; ++status) {
    counts[std::string(TargetStatusName(static_cast<TargetStatus>(status)))] =
        model.targets_by_status[status];
  }
  return counts;
}

ordered_json Sources(const Analysis& analysis) {
  ordered_json sources = ordered_json::array();
  for (const SourceFigures& source : analysis.sources) {
    sources.push_back({{"source", EscapeForTerminal(source.name)},
                       {"format", EscapeForTerminal(source.format)},
                       {"lines", CountToJson(source.lines)},
                       {"rejected", CountToJson(source.rejected)}});
  }
  return sources;
}

ordered_json GapHours(const Analysis& analysis) {
  ordered_json hours = ordered_json::array();
  for (const Gap& gap : analysis.gaps) hours.push_back(absl::ToInt64Hours(gap.to - gap.from));
  return hours;
}

ordered_json RestatedHours(const ReportModel& model) {
  if (!model.restated_hours) return nullptr;
  return *model.restated_hours;
}

ordered_json Catalogs(const ReportModel& model) {
  ordered_json digests = ordered_json::array();
  for (const std::string& digest : model.catalogs) digests.push_back(EscapeForTerminal(digest));
  return digests;
}

ordered_json Report(const ReportModel& model, const ReportWriter& writer) {
  return {{"language", LanguageCode(writer.language())},
          {"period", PeriodToJson(model.period)},
          {"complete", model.complete},
          {"restated_hours", RestatedHours(model)},
          {"catalogs", Catalogs(model)},
          {"summary", Summary(model, writer)},
          {"key_figures", KeyFigures(model)},
          {"days", Days(model)},
          {"trend", Trend(model)},
          {"stage_shares", RatesToJson({model.stage_shares.begin(), model.stage_shares.end()})},
          {"kinds", Kinds(model)},
          {"transactions", Transactions(model.transactions)},
          {"services", Services(model)},
          {"targets", Targets(model, writer)},
          {"target_counts", TargetCounts(model)},
          {"unclassified", RateToJson(model.unclassified)},
          {"audience_shares", RatesToJson(model.audience_shares)},
          {"missing_hours", model.missing_hours},
          {"gap_hours", GapHours(model.analysis)},
          {"sources", Sources(model.analysis)}};
}

}  // namespace

std::string ReportToJson(const ReportModel& model, Language language) {
  constexpr int kIndent = 2;
  ordered_json json = AnalysisObject(model.analysis, LanguageCode(language));
  json["schema"] = "civlog.report/1";
  json["report"] = Report(model, ReportWriter(model, language));
  return json.dump(kIndent) + "\n";
}

}  // namespace civlog
