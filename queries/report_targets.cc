// Targets: what the city has set itself to reach, and where it stands.

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/target_metric.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

std::string Pointer(size_t target, const std::string& name) {
  return absl::StrCat("/report/targets/", target, "/", name);
}

// How far the value is from the target, with its sign.
RichText GapOf(const ReportWriter& w, size_t i) {
  const ReportTarget& target = w.model().targets[i];
  if (!target.gap) return Plain(kAbsentFigure);
  RichText size;
  if (target.unit == TargetUnit::kShare) {
    PeriodComparison difference;
    difference.change = target.gap;
    size = w.ChangeSize(FigureUnit::kShare, difference, "");
    size[0].pointer = Pointer(i, "gap");
  } else {
    size = TargetValue(w, i, std::abs(*target.gap), "gap");
    size[0].value = w.Decimal(*target.gap, 0, "")[0].value;
  }
  RichText text = Plain(*target.gap < 0 ? "−" : *target.gap > 0 ? "+" : "");
  AppendText(size, &text);
  return text;
}

RichText ServiceOf(const ReportWriter& w, size_t i) {
  const ReportTarget& target = w.model().targets[i];
  return target.service ? w.ServiceName(w.analysis().services[*target.service])
                        : Plain(w.Say(Message::kTargetPortal));
}

RichText MetricOf(const ReportWriter& w, size_t i) {
  const std::string& name = w.model().targets[i].target.metric;
  const TargetMetric* metric = FindTargetMetric(name);
  return Plain(metric == nullptr ? name : w.Say(TargetMetricMessage(metric->id)));
}

}  // namespace

Message StatusMessage(TargetStatus status) {
  constexpr Message kMessages[] = {Message::kTargetMet, Message::kTargetOnCourse,
                                   Message::kTargetNotYetMet, Message::kTargetMissed,
                                   Message::kTargetUnknown};
  return kMessages[static_cast<size_t>(status)];
}

Message TargetMetricMessage(TargetMetricId metric) {
  constexpr Message kMessages[] = {
      Message::kMetricVisits,        Message::kMetricVisitors,      Message::kMetricPageViews,
      Message::kMetricActs,          Message::kMetricStarted,       Message::kMetricCompleted,
      Message::kMetricFailed,        Message::kMetricAbandoned,     Message::kMetricCompletion,
      Message::kMetricInteraction,   Message::kMetricParticipation, Message::kMetricBounce,
      Message::kMetricErrors,        Message::kMetricServerErrors,  Message::kMetricLatencyP50,
      Message::kMetricLatencyP90,    Message::kMetricLatencyP95,    Message::kMetricLatencyP99,
      Message::kMetricDigitalTakeUp, Message::kMetricPerThousand};
  return kMessages[static_cast<size_t>(metric)];
}

RichText TargetValue(const ReportWriter& w, size_t i, const std::optional<double>& value,
                     const std::string& name) {
  const std::string pointer = Pointer(i, name);
  switch (w.model().targets[i].unit) {
    case TargetUnit::kCount:
      return w.Value(FigureUnit::kCount, value, pointer);
    case TargetUnit::kShare:
      return w.Percent(value, pointer);
    case TargetUnit::kMilliseconds:
      return w.Milliseconds(value, pointer);
    case TargetUnit::kPerThousand:
      break;
  }
  return w.Decimal(value, 2, pointer);
}

RichText TargetText(const ReportWriter& w, size_t i) {
  const PlanTarget& target = w.model().targets[i].target;
  RichText text = Plain(target.comparison == Comparison::kAtLeast ? "≥ " : "≤ ");
  AppendText(TargetValue(w, i, target.value, "target"), &text);
  return text;
}

RichText TargetSubject(const ReportWriter& w, size_t i) {
  RichText text = ServiceOf(w, i);
  AppendText(Plain(", "), &text);
  AppendText(MetricOf(w, i), &text);
  return text;
}

ReportSection TargetsSection(const ReportWriter& w) {
  ReportSection section{"targets", w.Say(Message::kReportTargets), {}};
  if (w.model().targets.empty()) return section;
  ReportTable table{"targets-table", w.Say(Message::kReportTargets), {}, {}, {}};
  table.columns = {w.Words(Message::kService),        {w.Say(Message::kColumnFigure), false, true},
                   w.Numbers(Message::kColumnTarget), w.Words(Message::kColumnBy),
                   w.Numbers(Message::kColumnValue),  w.Numbers(Message::kColumnGap),
                   w.Words(Message::kColumnState),    w.Words(Message::kColumnSource)};
  for (size_t i = 0; i < w.model().targets.size(); ++i) {
    const ReportTarget& target = w.model().targets[i];
    table.rows.push_back({TextCell(ServiceOf(w, i)), TextCell(MetricOf(w, i)),
                          TextCell(TargetText(w, i)), TextCell(w.Day(target.target.by)),
                          TextCell(TargetValue(w, i, target.value, "value")), TextCell(GapOf(w, i)),
                          TextCell(Plain(w.Say(StatusMessage(target.status)))),
                          TextCell(Plain(target.target.source.Get(LanguageCode(w.language()))))});
  }
  table.note = w.Rich(Message::kReportTargetsNote);
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace civlog
