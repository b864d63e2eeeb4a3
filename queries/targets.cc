#include "queries/targets.h"

#include <algorithm>

#include "queries/statistics.h"

namespace civlog {
namespace {

// A metric's value; of shares with its parts.
struct MetricValue {
  std::optional<double> value;
  Rate rate;
};

MetricValue OfCount(uint64_t count) {
  MetricValue value;
  if (!IsSuppressed(count)) value.value = static_cast<double>(count);
  return value;
}

MetricValue OfRate(const Rate& rate) { return {rate.value, rate}; }

// Absent where one of the counts is not shown.
MetricValue OfParts(uint64_t part, uint64_t whole) {
  if (IsSuppressed(part) || IsSuppressed(whole)) return {};
  return OfRate(Proportion(std::min(part, whole), whole));
}

uint64_t SumOf(uint64_t a, uint64_t b) {
  return IsSuppressed(a) || IsSuppressed(b) ? kSuppressedCount : a + b;
}

MetricValue OfStatus(const StatusClasses& status, uint64_t requests, bool server_only) {
  const uint64_t errors =
      server_only ? status.by_class[5] : SumOf(status.by_class[4], status.by_class[5]);
  return OfParts(errors, requests);
}

MetricValue OfPortal(const Analysis& a, TargetMetricId metric) {
  switch (metric) {
    case TargetMetricId::kVisits:
      return OfCount(a.visits);
    case TargetMetricId::kVisitors:
      return OfCount(a.visitors);
    case TargetMetricId::kPageViews:
      return OfCount(a.page_views);
    case TargetMetricId::kActs:
      return OfCount(a.acts);
    case TargetMetricId::kCompleted:
      return OfCount(a.completion.numerator);
    case TargetMetricId::kCompletionRate:
      return OfRate(a.completion);
    case TargetMetricId::kInteractionRate:
      return OfRate(a.interaction);
    case TargetMetricId::kParticipationRate:
      return OfRate(a.participation);
    case TargetMetricId::kBounceRate:
      return OfParts(a.bounces, a.visits);
    case TargetMetricId::kErrorRate:
      return OfStatus(a.status, a.records, false);
    case TargetMetricId::kServerErrorRate:
      return OfStatus(a.status, a.records, true);
    case TargetMetricId::kP50:
      return {a.latency_ms.p50, {}};
    case TargetMetricId::kP90:
      return {a.latency_ms.p90, {}};
    case TargetMetricId::kP95:
      return {a.latency_ms.p95, {}};
    case TargetMetricId::kP99:
      return {a.latency_ms.p99, {}};
    case TargetMetricId::kParticipationPer1000:
      return {a.participation_per_1000_residents, {}};
    case TargetMetricId::kStarted:
    case TargetMetricId::kFailed:
    case TargetMetricId::kAbandoned:
    case TargetMetricId::kDigitalTakeUp:
      return {};
  }
  return {};
}

MetricValue OfAttempts(const AttemptFigures& a, TargetMetricId metric) {
  if (metric == TargetMetricId::kStarted) return OfCount(a.started);
  if (metric == TargetMetricId::kFailed) return OfCount(a.failed);
  return OfCount(a.abandoned);
}

MetricValue OfService(const ServiceFigures& s, TargetMetricId metric) {
  switch (metric) {
    case TargetMetricId::kVisits:
      return OfCount(s.visits);
    case TargetMetricId::kVisitors:
      return OfCount(s.visitors);
    case TargetMetricId::kPageViews:
      return OfCount(s.page_views);
    case TargetMetricId::kActs:
      return OfCount(s.acts);
    case TargetMetricId::kStarted:
    case TargetMetricId::kFailed:
    case TargetMetricId::kAbandoned:
      return s.attempts ? OfAttempts(*s.attempts, metric) : MetricValue{};
    case TargetMetricId::kCompleted:
      return OfCount(s.completion_rate.numerator);
    case TargetMetricId::kCompletionRate:
      return OfRate(s.completion_rate);
    case TargetMetricId::kInteractionRate:
    case TargetMetricId::kParticipationRate:
      return OfRate(s.interaction_rate);
    case TargetMetricId::kErrorRate:
      return OfStatus(s.status, s.requests, false);
    case TargetMetricId::kServerErrorRate:
      return OfStatus(s.status, s.requests, true);
    case TargetMetricId::kP50:
      return {s.latency_ms.p50, {}};
    case TargetMetricId::kP90:
      return {s.latency_ms.p90, {}};
    case TargetMetricId::kP95:
      return {s.latency_ms.p95, {}};
    case TargetMetricId::kP99:
      return {s.latency_ms.p99, {}};
    case TargetMetricId::kDigitalTakeUp:
      return OfRate(s.digital_take_up);
    case TargetMetricId::kBounceRate:
    case TargetMetricId::kParticipationPer1000:
      return {};
  }
  return {};
}

bool IsOneWholeWeek(const Analysis& a) {
  constexpr int64_t kDaysOfWeek = 7;
  return !a.partial() &&
         absl::ToCivilDay(*a.to, a.time_zone) - absl::ToCivilDay(*a.from, a.time_zone) ==
             kDaysOfWeek;
}

bool Satisfies(double value, Comparison comparison, double target) {
  return comparison == Comparison::kAtLeast ? value >= target : value <= target;
}

// The straight line from the baseline to the target; before the baseline, its value.
double OnLine(const PlanTarget& target, absl::CivilDay day) {
  const TargetBaseline& from = *target.baseline;
  const auto whole = static_cast<double>(target.by - from.date);
  const auto gone = static_cast<double>(std::max<int64_t>(day - from.date, 0));
  return from.value + (target.value - from.value) * gone / whole;
}

TargetStatus StatusOf(const TargetResult& result, bool due) {
  const PlanTarget& target = *result.target;
  if (!result.value) return TargetStatus::kUnknown;
  if (Satisfies(*result.value, target.comparison, target.value)) return TargetStatus::kMet;
  if (due) return TargetStatus::kMissed;
  if (result.expected && Satisfies(*result.value, target.comparison, *result.expected)) {
    return TargetStatus::kOnCourse;
  }
  return TargetStatus::kNotYetMet;
}

TargetResult Evaluate(const PlanTarget& target, const ServiceFigures* service,
                      const Analysis& analysis) {
  const TargetMetric& metric = *FindTargetMetric(target.metric);
  TargetResult result;
  result.target = &target;
  result.service = service;
  result.unit = metric.unit;
  const bool weekly = metric.unit == TargetUnit::kCount || metric.unit == TargetUnit::kPerThousand;
  if (!weekly || IsOneWholeWeek(analysis)) {
    MetricValue value =
        service == nullptr ? OfPortal(analysis, metric.id) : OfService(*service, metric.id);
    result.value = value.value;
    result.rate = value.rate;
  }
  if (result.value) result.gap = *result.value - target.value;
  const absl::CivilDay last = absl::ToCivilDay(*analysis.to - absl::Seconds(1), analysis.time_zone);
  const bool due = last >= target.by;
  if (target.baseline && !due) result.expected = OnLine(target, last);
  result.status = StatusOf(result, due);
  return result;
}

}  // namespace

std::string_view TargetStatusName(TargetStatus status) {
  switch (status) {
    case TargetStatus::kMet:
      return "met";
    case TargetStatus::kOnCourse:
      return "on_course";
    case TargetStatus::kNotYetMet:
      return "not_yet_met";
    case TargetStatus::kMissed:
      return "missed";
    case TargetStatus::kUnknown:
      break;
  }
  return "unknown";
}

std::vector<TargetResult> EvaluateTargets(const Catalog& catalog, const Analysis& analysis) {
  std::vector<TargetResult> results;
  if (!analysis.from || !analysis.to) return results;
  for (const PlanTarget& target : catalog.targets) {
    if (target.service.empty()) {
      if (analysis.department.empty()) results.push_back(Evaluate(target, nullptr, analysis));
      continue;
    }
    for (const ServiceFigures& service : analysis.services) {
      if (service.id == target.service) results.push_back(Evaluate(target, &service, analysis));
    }
  }
  return results;
}

}  // namespace civlog
