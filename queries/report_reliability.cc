// Reliability: errors, response times, the services and steps that had most of them, and
// hours without logs.

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

constexpr size_t kMostServices = 10;
constexpr size_t kMostSteps = 10;
constexpr size_t kMostGaps = 20;
constexpr size_t kStatusClassCount = 6;

ReportTable StatusTable(const ReportWriter& w) {
  ReportTable table{"status", w.Say(Message::kReportStatus), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnStatus), w.Words(Message::kColumnMeaning),
                   w.Numbers(Message::kRequests)};
  constexpr Message kMeanings[] = {Message::kStatusOther,       Message::kStatusInformation,
                                   Message::kStatusSuccess,     Message::kStatusRedirect,
                                   Message::kStatusClientError, Message::kStatusServerError};
  for (size_t c = 1; c < kStatusClassCount; ++c) {
    const std::string name = absl::StrCat(c, "xx");
    table.rows.push_back(
        {TextCell(Code(name)), TextCell(Plain(w.Say(kMeanings[c]))),
         TextCell(w.Count(w.analysis().status.by_class[c], "/traffic/status/" + name))});
  }
  return table;
}

std::vector<ReportColumn> LatencyColumns(const ReportWriter& w, Message first) {
  return {w.Words(first),
          w.Numbers(Message::kColumnMedian),
          w.Numbers(Message::kColumnP90),
          w.Numbers(Message::kColumnP95),
          w.Numbers(Message::kColumnP99),
          w.Numbers(Message::kColumnServerErrors),
          w.Numbers(Message::kColumnServerErrorShare)};
}

void AddLatency(const ReportWriter& w, const LatencySummary& latency, const std::string& pointer,
                std::vector<ReportCell>* row) {
  row->push_back(TextCell(w.Milliseconds(latency.p50, pointer + "/p50")));
  row->push_back(TextCell(w.Milliseconds(latency.p90, pointer + "/p90")));
  row->push_back(TextCell(w.Milliseconds(latency.p95, pointer + "/p95")));
  row->push_back(TextCell(w.Milliseconds(latency.p99, pointer + "/p99")));
}

// The services with the most server errors, then the slowest.
std::vector<size_t> WorstServices(const Analysis& a) {
  constexpr size_t kServerErrors = 5;
  std::vector<size_t> services;
  for (size_t i = 0; i < a.services.size(); ++i) {
    if (a.services[i].requests > 0) services.push_back(i);
  }
  const auto errors = [&a](size_t i) {
    const uint64_t count = a.services[i].status.by_class[kServerErrors];
    return KnownOrZero(count);
  };
  std::stable_sort(services.begin(), services.end(), [&](size_t x, size_t y) {
    if (errors(x) != errors(y)) return errors(x) > errors(y);
    return a.services[x].latency_ms.p95.value_or(0) > a.services[y].latency_ms.p95.value_or(0);
  });
  if (services.size() > kMostServices) services.resize(kMostServices);
  return services;
}

ReportTable LatencyTable(const ReportWriter& w) {
  const Analysis& a = w.analysis();
  ReportTable table{"latency", w.Say(Message::kReportLatency), {}, {}, {}};
  table.columns = LatencyColumns(w, Message::kService);
  std::vector<ReportCell> all = {TextCell(Plain(w.Say(Message::kReportAllRequests)))};
  AddLatency(w, a.latency_ms, "/traffic/latency_ms", &all);
  constexpr size_t kServerErrors = 5;
  all.push_back(TextCell(w.Count(a.status.by_class[kServerErrors], "/traffic/status/5xx")));
  for (size_t i = 0; i < w.model().key_figures.size(); ++i) {
    if (w.model().key_figures[i].metric != KeyMetric::kServerErrors) continue;
    all.push_back(TextCell(w.RateValue(w.model().key_figures[i].rate, KeyFigurePointer(i))));
  }
  // Robots and assets are of no department.
  if (a.department.empty()) table.rows.push_back(std::move(all));
  for (const size_t i : WorstServices(a)) {
    const ServiceFigures& service = a.services[i];
    std::vector<ReportCell> row = {TextCell(w.ServiceName(service))};
    AddLatency(w, service.latency_ms, ServicePointer(i) + "/latency_ms", &row);
    row.push_back(TextCell(
        w.Count(service.status.by_class[kServerErrors], ServicePointer(i) + "/status/5xx")));
    row.push_back(TextCell(w.RateValue(w.model().services[i].server_errors,
                                       ServiceReportPointer(i) + "/server_errors")));
    table.rows.push_back(std::move(row));
  }
  if (a.department.empty()) {
    table.note = w.Rich(a.latency_ms.count > 0 ? Message::kReportLatencyNote : Message::kNoLatency);
  }
  return table;
}

struct StepPlace {
  size_t service, step;
};

uint64_t LeftAt(const Analysis& a, const StepPlace& place) {
  const StepFigures& step = a.services[place.service].steps[place.step];
  uint64_t left = 0;
  for (const uint64_t count : {step.left_after_error, step.left_after_slow}) {
    left += KnownOrZero(count);
  }
  return left;
}

ReportTable WorstSteps(const ReportWriter& w) {
  const Analysis& a = w.analysis();
  std::vector<StepPlace> places;
  for (size_t i = 0; i < a.services.size(); ++i) {
    for (size_t k = 0; k < a.services[i].steps.size(); ++k) {
      if (LeftAt(a, {i, k}) > 0) places.push_back({i, k});
    }
  }
  std::stable_sort(places.begin(), places.end(), [&](const StepPlace& x, const StepPlace& y) {
    return LeftAt(a, x) > LeftAt(a, y);
  });
  if (places.size() > kMostSteps) places.resize(kMostSteps);
  ReportTable table{"worst-steps", w.Say(Message::kReportWorstSteps), {}, {}, {}};
  table.columns = {w.Words(Message::kService), w.Words(Message::kColumnStep),
                   w.Numbers(Message::kReached), w.Numbers(Message::kColumnAfterError),
                   w.Numbers(Message::kColumnAfterSlow)};
  for (const StepPlace& place : places) {
    const StepFigures& step = a.services[place.service].steps[place.step];
    const std::string pointer = absl::StrCat(ServicePointer(place.service), "/steps/", place.step);
    table.rows.push_back({TextCell(w.ServiceName(a.services[place.service])),
                          TextCell(Plain(step.name)),
                          TextCell(w.Count(step.reached, pointer + "/reached")),
                          TextCell(w.Count(step.left_after_error, pointer + "/left_after_error")),
                          TextCell(w.Count(step.left_after_slow, pointer + "/left_after_slow"))});
  }
  table.note = w.Rich(Message::kReportAssociationNote);
  return table;
}

ReportTable GapsTable(const ReportWriter& w) {
  ReportTable table{"gaps", w.Say(Message::kReportGaps), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnFrom), w.Words(Message::kColumnTo),
                   w.Numbers(Message::kColumnHours)};
  for (size_t i = 0; i < w.analysis().gaps.size() && i < kMostGaps; ++i) {
    const Gap& gap = w.analysis().gaps[i];
    table.rows.push_back(
        {TextCell(w.Hour(gap.from)), TextCell(w.Hour(gap.to)),
         TextCell(w.Count(static_cast<uint64_t>(absl::ToInt64Hours(gap.to - gap.from)),
                          absl::StrCat("/report/gap_hours/", i)))});
  }
  if (w.analysis().gaps.size() > kMostGaps) {
    table.note =
        w.Rich(Message::kMoreRows, {Plain(std::to_string(w.analysis().gaps.size() - kMostGaps))});
  }
  return table;
}

}  // namespace

ReportSection ReliabilitySection(const ReportWriter& w) {
  ReportSection section{"reliability", w.Say(Message::kReportReliability), {}};
  ReportTable latency = LatencyTable(w);
  if (!latency.rows.empty()) section.blocks.emplace_back(std::move(latency));
  ReportTable steps = WorstSteps(w);
  if (!steps.rows.empty()) section.blocks.emplace_back(std::move(steps));
  if (w.analysis().department.empty()) section.blocks.emplace_back(StatusTable(w));
  for (ReportTable table : {PathsTable(w, w.analysis().top_server_errors, "/top/server_errors",
                                       "server-error-paths", Message::kSectionServerErrors),
                            PathsTable(w, w.analysis().top_not_found, "/top/not_found",
                                       "not-found-paths", Message::kSectionNotFound)}) {
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  }
  if (!w.analysis().gaps.empty()) section.blocks.emplace_back(GapsTable(w));
  return section;
}

}  // namespace civlog
