// Transactions: what became of the applications that were begun.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/compute_report.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

// Services shown step by step; the others are in the table above them, and in the JSON.
constexpr size_t kMostDetailed = 24;

// Transactions, those with the most attempts first.
std::vector<size_t> Transactions(const Analysis& a) {
  std::vector<size_t> services;
  for (size_t i = 0; i < a.services.size(); ++i) {
    if (a.services[i].attempts) services.push_back(i);
  }
  const auto started = [&a](size_t i) {
    const uint64_t count = a.services[i].attempts->started;
    return KnownOrZero(count);
  };
  std::stable_sort(services.begin(), services.end(),
                   [&](size_t x, size_t y) { return started(x) > started(y); });
  return services;
}

ReportTable ApplicationsTable(const ReportWriter& w, const std::vector<size_t>& services) {
  ReportTable table{"applications-table", w.Say(Message::kReportApplications), {}, {}, {}};
  table.columns = {w.Words(Message::kService),         w.Numbers(Message::kStarted),
                   w.Numbers(Message::kColumnGranted), w.Numbers(Message::kColumnRefused),
                   w.Numbers(Message::kColumnFailed),  w.Numbers(Message::kColumnAbandoned),
                   w.Numbers(Message::kColumnOpen),    w.MainNumbers(Message::kMetricCompletion),
                   w.Numbers(Message::kIntervalShort)};
  if (w.model().before_known) table.columns.push_back(w.MainNumbers(Message::kColumnChange));
  for (const size_t i : services) {
    const ServiceFigures& service = w.analysis().services[i];
    const AttemptFigures& attempts = *service.attempts;
    const std::string pointer = ServicePointer(i) + "/attempts/";
    const std::string rate = ServicePointer(i) + "/completion_rate";
    table.rows.push_back({TextCell(w.ServiceName(service)),
                          TextCell(w.Count(attempts.started, pointer + "started")),
                          TextCell(w.Count(attempts.granted, pointer + "granted")),
                          TextCell(w.Count(attempts.refused, pointer + "refused")),
                          TextCell(w.Count(attempts.failed, pointer + "failed")),
                          TextCell(w.Count(attempts.abandoned, pointer + "abandoned")),
                          TextCell(w.Count(attempts.open, pointer + "open")),
                          TextCell(w.RateValue(service.completion_rate, rate)),
                          TextCell(w.RateInterval(service.completion_rate, rate))});
    if (!w.model().before_known) continue;
    table.rows.back().push_back(
        TextCell(w.Change(FigureUnit::kShare, w.model().services[i].completion_before,
                          ServiceReportPointer(i) + "/completion_before")));
  }
  table.note = w.Rich(w.model().before_known ? Message::kApplicationsChangeNote
                                             : Message::kApplicationsNote);
  return table;
}

ReportTable StepsTable(const ReportWriter& w, size_t i) {
  const ServiceFigures& service = w.analysis().services[i];
  const ServiceReport& report = w.model().services[i];
  ReportTable table{absl::StrCat("steps-", i), w.Say(Message::kChartSteps), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnStep), w.Numbers(Message::kReached),
                   w.Numbers(Message::kColumnLost), w.Numbers(Message::kColumnAfterError),
                   w.Numbers(Message::kColumnAfterSlow)};
  const uint64_t first = service.steps.empty() ? 0 : service.steps[0].reached;
  for (size_t k = 0; k < service.steps.size(); ++k) {
    const StepFigures& step = service.steps[k];
    const std::string pointer = absl::StrCat(ServicePointer(i), "/steps/", k);
    const std::string loss = absl::StrCat(ServiceReportPointer(i), "/step_losses/", k);
    ReportCell reached{w.Count(step.reached, pointer + "/reached"), std::nullopt};
    if (step.reached <= first && first > 0 && !IsSuppressed(first)) {
      reached.bar = static_cast<double>(step.reached) / static_cast<double>(first);
    }
    const bool last = k >= report.step_losses.size();
    table.rows.push_back({TextCell(Plain(step.name)), std::move(reached),
                          TextCell(last ? RichText{} : w.RateValue(report.step_losses[k], loss)),
                          TextCell(w.Count(step.left_after_error, pointer + "/left_after_error")),
                          TextCell(w.Count(step.left_after_slow, pointer + "/left_after_slow"))});
  }
  return table;
}

RichText TrendSummary(const ReportWriter& w, size_t i) {
  const std::vector<Rate>& trend = w.model().services[i].completion_trend;
  const Rate* lowest = nullptr;
  const Rate* highest = nullptr;
  for (const Rate& rate : trend) {
    if (!rate.value) continue;
    if (lowest == nullptr || *rate.value < *lowest->value) lowest = &rate;
    if (highest == nullptr || *rate.value > *highest->value) highest = &rate;
  }
  if (lowest == nullptr) return {};
  const auto show = [&](const Rate* rate) {
    return w.RateValue(
        *rate, absl::StrCat(ServiceReportPointer(i), "/completion_trend/", rate - trend.data()));
  };
  return w.Rich(Message::kChartCompletionSummary, {show(lowest), show(highest)});
}

ReportChart CompletionTrend(const ReportWriter& w, size_t i) {
  const std::string caption = w.Say(Message::kChartCompletion);
  ReportChart chart{TrendSummary(w, i), {}, {absl::StrCat("completion-", i), caption, {}, {}, {}}};
  ReportDrawing drawing{ReportDrawing::Form::kLine, caption, {}};
  chart.table.columns = {w.Words(Message::kColumnPeriod), w.Numbers(Message::kColumnEnded),
                         w.Numbers(Message::kMetricCompletion)};
  const std::vector<Rate>& trend = w.model().services[i].completion_trend;
  for (size_t k = 0; k < trend.size(); ++k) {
    const Rate& rate = trend[k];
    const ReportPeriod& period = w.model().trend[k].period;
    const std::string pointer = absl::StrCat(ServiceReportPointer(i), "/completion_trend/", k);
    drawing.points.push_back({w.ShortPeriod(period), rate.value, rate.low, rate.high,
                              FormatPercent(rate.value, w.language()), pointer + "/value", false});
    chart.table.rows.push_back(
        {TextCell(w.LongPeriod(period)),
         TextCell(rate.value ? w.Count(rate.denominator, pointer + "/denominator")
                             : Plain(kAbsentFigure)),
         TextCell(w.RateValue(rate, pointer))});
  }
  chart.drawings.push_back(std::move(drawing));
  return chart;
}

bool HasTrend(const std::vector<Rate>& trend) {
  const auto known = [](const Rate& rate) { return rate.value.has_value(); };
  return std::count_if(trend.begin(), trend.end(), known) > 1;
}

RichText Details(const ReportWriter& w, size_t i) {
  const ServiceFigures& service = w.analysis().services[i];
  const std::string pointer = ServicePointer(i);
  const std::string time = pointer + "/time_to_complete_s";
  const LatencySummary& took = service.time_to_complete_s;
  RichText text;
  const auto add = [&text](const RichText& sentence) {
    if (!text.empty()) AppendText(Plain(" "), &text);
    AppendText(sentence, &text);
  };
  if (service.completion_rate.value) {
    const std::string rate = pointer + "/completion_rate";
    add(w.Rich(Message::kFindCompletionAlone,
               {w.Count(service.completion_rate.numerator, rate + "/numerator"),
                w.Count(service.completion_rate.denominator, rate + "/denominator"),
                w.RateValue(service.completion_rate, rate),
                w.RateInterval(service.completion_rate, rate)}));
  }
  if (took.count > 0 && !IsSuppressed(took.count)) {
    add(w.Rich(Message::kReportTimeToComplete,
               {w.Seconds(took.p50, time + "/p50"), w.Seconds(took.p90, time + "/p90"),
                w.Count(took.count, time + "/count")}));
  }
  if (service.attempts->recovered > 0) {
    add(w.Rich(Message::kReportRecovered,
               {w.Count(service.attempts->recovered, pointer + "/attempts/recovered")}));
  }
  if (service.attempts->without_start > 0) {
    add(w.Rich(Message::kReportWithoutStart,
               {w.Count(service.attempts->without_start, pointer + "/attempts/without_start")}));
  }
  return text;
}

void AddDetail(const ReportWriter& w, size_t i, ReportSection* section) {
  const ServiceFigures& service = w.analysis().services[i];
  section->blocks.emplace_back(ReportHeading{absl::StrCat("service-", i), w.ServiceName(service)});
  RichText details = Details(w, i);
  if (!details.empty()) section->blocks.emplace_back(ReportParagraph{std::move(details)});
  section->blocks.emplace_back(StepsTable(w, i));
  if (HasTrend(w.model().services[i].completion_trend)) {
    section->blocks.emplace_back(CompletionTrend(w, i));
  }
}

}  // namespace

ReportSection ApplicationsSection(const ReportWriter& w) {
  ReportSection section{"applications", w.Say(Message::kReportApplications), {}};
  const std::vector<size_t> services = Transactions(w.analysis());
  if (services.empty()) return section;
  section.blocks.emplace_back(ApplicationsTable(w, services));
  size_t detailed = 0;
  for (const size_t i : services) {
    if (w.analysis().services[i].attempts->started == 0) continue;
    if (++detailed > kMostDetailed) break;
    AddDetail(w, i, &section);
  }
  if (detailed > kMostDetailed) {
    section.blocks.emplace_back(ReportParagraph{
        w.Rich(Message::kReportMostDetailed, {Plain(std::to_string(kMostDetailed))})});
  }
  return section;
}

}  // namespace civlog
