#include "queries/compute_report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "parsers/status_macros.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

constexpr size_t kServerErrorClass = 5;

std::optional<double> AsDouble(uint64_t count) {
  if (IsSuppressed(count)) return std::nullopt;
  return static_cast<double>(count);
}

// A share of counts that may be suppressed.
Rate ShareOf(uint64_t part, uint64_t whole) {
  if (IsSuppressed(part) || IsSuppressed(whole) || part > whole) {
    Rate unknown;
    unknown.numerator = part;
    unknown.denominator = whole;
    return unknown;
  }
  return Proportion(part, whole);
}

// Suppressed as soon as a part is: a total must not give a part away.
void AddCount(uint64_t count, uint64_t* sum) {
  *sum = IsSuppressed(count) || IsSuppressed(*sum) ? kSuppressedCount : *sum + count;
}

// Whether the logs reach from the period's beginning to its end; where they are silent there
// though they go on, that is a gap. One department's analysis has no hours, and is taken at
// its word.
bool Reaches(const Analysis& a, const ReportPeriod& period) {
  if (!a.from || !a.to || *a.from > period.from() || *a.to < period.to()) return false;
  if (a.hours.empty()) return period.kind != PeriodKind::kWeek || !a.partial_week;
  const auto gap_at = [&a](absl::Time time) {
    return std::any_of(a.gaps.begin(), a.gaps.end(),
                       [time](const Gap& gap) { return gap.from <= time && time <= gap.to; });
  };
  return (a.hours.front().hour <= period.from() || gap_at(period.from())) &&
         (a.hours.back().hour + absl::Hours(1) >= period.to() || gap_at(period.to()));
}

bool IsComplete(const Analysis& a, const ReportPeriod& period) {
  return !a.interrupted && !a.incomplete && Reaches(a, period);
}

// Counts are compared where both periods are there as a whole.
bool IsWhole(const Analysis& a, const ReportPeriod& period) {
  return IsComplete(a, period) && a.gaps.empty();
}

const ServiceFigures* FindService(const Analysis& analysis, const std::string& id) {
  for (const ServiceFigures& service : analysis.services) {
    if (service.id == id) return &service;
  }
  return nullptr;
}

uint64_t Requests(const StatusClasses& status) {
  uint64_t sum = 0;
  for (const uint64_t count : status.by_class) AddCount(count, &sum);
  return sum;
}

// One analysis' value of a key figure.
struct MetricValue {
  std::optional<double> value;
  Rate rate;
  uint64_t count = 0;
};

MetricValue OfCount(uint64_t count) { return {AsDouble(count), {}, count}; }
MetricValue OfRate(const Rate& rate) { return {rate.value, rate, 0}; }

MetricValue ValueOf(const Analysis& a, KeyMetric metric) {
  switch (metric) {
    case KeyMetric::kVisits:
      return OfCount(a.visits);
    case KeyMetric::kVisitors:
      return OfCount(a.visitors);
    case KeyMetric::kPageViews:
      return OfCount(a.page_views);
    case KeyMetric::kActs:
      return OfCount(a.acts);
    case KeyMetric::kInteraction:
      return OfRate(a.interaction);
    case KeyMetric::kCompletion:
      return OfRate(a.completion);
    case KeyMetric::kParticipation:
      return OfRate(a.participation);
    case KeyMetric::kServerErrors:
      return OfRate(ShareOf(a.status.by_class[kServerErrorClass], Requests(a.status)));
    case KeyMetric::kLatencyP95:
      break;
  }
  return {a.latency_ms.p95, {}, 0};
}

// The name of the metric of targets that a key figure is.
std::string_view TargetMetricOf(KeyMetric metric) {
  switch (metric) {
    case KeyMetric::kInteraction:
      return "interaction_rate";
    case KeyMetric::kCompletion:
      return "completion_rate";
    case KeyMetric::kParticipation:
      return "participation_rate";
    case KeyMetric::kLatencyP95:
      return "p95";
    default:
      return KeyMetricName(metric);
  }
}

bool CountIsTested(KeyMetric metric) {
  return metric == KeyMetric::kVisits || metric == KeyMetric::kActs;
}

PeriodComparison CompareRates(const Rate& now, const Rate& then) {
  PeriodComparison comparison;
  comparison.value = then.value;
  if (!now.value || !then.value) return comparison;
  comparison.change = *now.value - *then.value;
  comparison.significant = ProportionsDiffer(now, then);
  return comparison;
}

// An analysis, of which nothing may be known, and its period.
struct Compared {
  const std::optional<Analysis>& analysis;
  ReportPeriod period;
};

PeriodComparison Compare(const Analysis& now, const ReportPeriod& period, const Compared& then,
                         KeyMetric metric) {
  if (!then.analysis) return {};
  const MetricValue ours = ValueOf(now, metric);
  const MetricValue theirs = ValueOf(*then.analysis, metric);
  if (UnitOf(metric) == FigureUnit::kShare) return CompareRates(ours.rate, theirs.rate);
  PeriodComparison comparison;
  comparison.value = theirs.value;
  if (!ours.value || !theirs.value || *theirs.value <= 0) return comparison;
  const bool whole = IsWhole(now, period) && IsWhole(*then.analysis, then.period);
  if (UnitOf(metric) == FigureUnit::kCount && !whole) return comparison;
  comparison.change = (*ours.value - *theirs.value) / *theirs.value;
  if (CountIsTested(metric)) comparison.significant = CountsDiffer(ours.count, theirs.count);
  return comparison;
}

// Holm's step-down procedure ("A simple sequentially rejective multiple test procedure",
// 1979): of many comparisons, those that differ with at most 5 % risk of a single false one.
void CorrectForMany(const std::vector<std::pair<double, PeriodComparison*>>& tests) {
  constexpr double kLevel = 0.05;
  std::vector<std::pair<double, PeriodComparison*>> sorted = tests;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  bool rejecting = true;
  for (size_t i = 0; i < sorted.size(); ++i) {
    rejecting = rejecting && sorted[i].first <= kLevel / static_cast<double>(sorted.size() - i);
    sorted[i].second->significant = rejecting;
  }
}

// Fills a report from its analysis and a history.
class ReportComputation {
 public:
  ReportComputation(Analysis analysis, const ReportPeriod& period) {
    model_.period = period;
    model_.analysis = std::move(analysis);
  }

  absl::StatusOr<ReportModel> Compute(AnalysisHistory* history, const Catalog* catalog) {
    if (history != nullptr) RETURN_IF_ERROR(Ask(history));
    model_.complete = IsComplete(a(), model_.period);
    AddKeyFigures();
    AddDays();
    AddKinds();
    AddStages();
    AddServices();
    AddTrend();
    if (catalog != nullptr) AddTargets(*catalog);
    model_.unclassified = ShareOf(a().unclassified_requests, a().counted);
    for (const AudienceTraffic& traffic : a().traffic_by_audience) {
      model_.audience_shares.push_back(ShareOf(traffic.requests, a().records));
    }
    model_.findings = FindWhatStandsOut(model_);
    return std::move(model_);
  }

 private:
  absl::Status Ask(AnalysisHistory* history);
  void AddKeyFigures();
  void AddDays();
  void AddKinds();
  void AddStages();
  void AddServices();
  void AddServiceComparisons();
  void AddTransactions(const ServiceFigures& service);
  void AddTrend();
  void AddTargets(const Catalog& catalog);
  const Analysis& a() const { return model_.analysis; }

  ReportModel model_;
  std::optional<Analysis> before_, year_;
  std::vector<std::optional<Analysis>> past_;  // oldest first, without the report's own period
};

absl::Status ReportComputation::Ask(AnalysisHistory* history) {
  for (int back = kTrendPeriods - 1; back > 0; --back) {
    const ReportPeriod period = PeriodBefore(model_.period, back);
    ASSIGN_OR_RETURN(std::optional<Analysis> past, history->Of(period.from(), period.to()));
    model_.trend.emplace_back().period = period;
    past_.push_back(std::move(past));
  }
  model_.trend.emplace_back().period = model_.period;
  before_ = past_.back();
  const ReportPeriod year = YearBefore(model_.period);
  ASSIGN_OR_RETURN(year_, history->Of(year.from(), year.to()));
  model_.before_known = before_.has_value();
  model_.year_known = year_.has_value();
  return absl::OkStatus();
}

void ReportComputation::AddKeyFigures() {
  const Compared before{before_, PeriodBefore(model_.period)};
  const Compared year{year_, YearBefore(model_.period)};
  for (size_t m = 0; m <= static_cast<size_t>(KeyMetric::kLatencyP95); ++m) {
    const KeyMetric metric = static_cast<KeyMetric>(m);
    const bool needs_catalog =
        metric == KeyMetric::kCompletion || metric == KeyMetric::kParticipation;
    if (needs_catalog && !a().has_catalog) continue;
    const MetricValue now = ValueOf(a(), metric);
    const bool may_lack = metric == KeyMetric::kLatencyP95 || !a().department.empty();
    if (may_lack && !now.value) continue;
    model_.key_figures.push_back({metric,
                                  now.value,
                                  now.rate,
                                  Compare(a(), model_.period, before, metric),
                                  Compare(a(), model_.period, year, metric),
                                  {}});
  }
}

void ReportComputation::AddDays() {
  std::map<absl::CivilDay, ReportDay> days;
  for (absl::CivilDay day = model_.period.first; day < model_.period.end; ++day) {
    days[day].figures.day = day;
  }
  for (const DayFigures& day : a().days) {
    const auto found = days.find(day.day);
    if (found != days.end()) found->second.figures = day;
  }
  for (const Gap& gap : a().gaps) {
    for (absl::Time hour = gap.from; hour < gap.to; hour += absl::Hours(1)) {
      ++model_.missing_hours;
      const auto found = days.find(absl::ToCivilDay(hour, model_.period.zone));
      if (found != days.end()) ++found->second.missing_hours;
    }
  }
  if (a().days.empty()) return;  // of one department, nothing is known by day
  for (const auto& [day, figures] : days) model_.days.push_back(figures);
}

void ReportComputation::AddTargets(const Catalog& catalog) {
  for (const TargetResult& result : EvaluateTargets(catalog, a())) {
    ReportTarget target{*result.target, std::nullopt, result.unit,
                        result.status,  result.value, result.gap};
    if (result.service != nullptr) {
      target.service = static_cast<size_t>(result.service - a().services.data());
    } else {
      for (KeyFigure& figure : model_.key_figures) {
        if (TargetMetricOf(figure.metric) == result.target->metric) {
          figure.targets.push_back(model_.targets.size());
        }
      }
    }
    ++model_.targets_by_status[static_cast<size_t>(result.status)];
    model_.targets.push_back(std::move(target));
  }
}

void ReportComputation::AddKinds() {
  uint64_t page_views = 0;
  for (size_t k = 0; k < kServiceKindCount; ++k) {
    model_.kinds[k].kind = static_cast<ServiceKind>(k);
  }
  for (const ServiceFigures& service : a().services) {
    KindFigures& kind = model_.kinds[static_cast<size_t>(service.kind)];
    ++kind.services;
    AddCount(service.requests, &kind.requests);
    AddCount(service.page_views, &kind.page_views);
    AddCount(service.acts, &kind.acts);
    AddCount(service.page_views, &page_views);
  }
  for (KindFigures& kind : model_.kinds) {
    kind.share_of_page_views = ShareOf(kind.page_views, page_views);
  }
}

void ReportComputation::AddStages() {
  model_.stage_shares = {
      ShareOf(a().stage_enhanced, a().visits), ShareOf(a().stage_interactive, a().visits),
      ShareOf(a().stage_transactional, a().visits), ShareOf(a().stage_seamless, a().visits)};
}

void ReportComputation::AddTransactions(const ServiceFigures& service) {
  if (!service.attempts) return;
  TransactionTotals& totals = model_.transactions;
  AddCount(service.attempts->started, &totals.started);
  AddCount(service.attempts->granted, &totals.granted);
  AddCount(service.attempts->refused, &totals.refused);
  AddCount(service.attempts->failed, &totals.failed);
  AddCount(service.attempts->abandoned, &totals.abandoned);
  AddCount(service.attempts->open, &totals.open);
  for (const StepFigures& step : service.steps) {
    AddCount(step.left_after_error, &totals.left_after_error);
  }
}

// Attempts that reached step k and no later one.
Rate StepLoss(const ServiceFigures& service, size_t k) {
  const uint64_t reached = service.steps[k].reached;
  const uint64_t next = service.steps[k + 1].reached;
  if (IsSuppressed(reached) || IsSuppressed(next) || next > reached) {
    return ShareOf(kSuppressedCount, reached);
  }
  return ShareOf(reached - next, reached);
}

void ReportComputation::AddServices() {
  for (const ServiceFigures& service : a().services) {
    ServiceReport report;
    for (size_t k = 0; k + 1 < service.steps.size(); ++k) {
      report.step_losses.push_back(StepLoss(service, k));
    }
    report.server_errors =
        ShareOf(service.status.by_class[kServerErrorClass], Requests(service.status));
    for (const std::optional<Analysis>& past : past_) {
      const ServiceFigures* then = past ? FindService(*past, service.id) : nullptr;
      report.completion_trend.push_back(then == nullptr ? Rate{} : then->completion_rate);
    }
    if (!model_.trend.empty()) report.completion_trend.push_back(service.completion_rate);
    model_.services.push_back(std::move(report));
    AddTransactions(service);
  }
  if (before_) AddServiceComparisons();
}

void ReportComputation::AddServiceComparisons() {
  std::vector<std::pair<double, PeriodComparison*>> completions;
  std::vector<std::pair<double, PeriodComparison*>> participations;
  const auto compare = [](const Rate& now, const Rate& then, PeriodComparison* comparison,
                          auto* tests) {
    *comparison = CompareRates(now, then);
    const std::optional<double> p = ProportionsPValue(now, then);
    if (p) tests->push_back({*p, comparison});
  };
  for (size_t i = 0; i < a().services.size(); ++i) {
    const ServiceFigures& now = a().services[i];
    const ServiceFigures* then = FindService(*before_, now.id);
    if (then == nullptr) continue;
    ServiceReport& report = model_.services[i];
    compare(now.completion_rate, then->completion_rate, &report.completion_before, &completions);
    compare(now.interaction_rate, then->interaction_rate, &report.took_part_before,
            &participations);
  }
  CorrectForMany(completions);
  CorrectForMany(participations);
}

void ReportComputation::AddTrend() {
  for (size_t i = 0; i < model_.trend.size(); ++i) {
    const bool own = i + 1 == model_.trend.size();
    if (!own && !past_[i]) continue;
    const Analysis& of = own ? a() : *past_[i];
    TrendPoint& point = model_.trend[i];
    point.known = true;
    if (!IsSuppressed(of.visits)) point.visits = of.visits;
    point.interaction = of.interaction;
    point.completion = of.completion;
    point.participation = of.participation;
  }
}

}  // namespace

absl::StatusOr<ReportModel> ComputeReport(Analysis analysis, const ReportPeriod& period,
                                          AnalysisHistory* history, const Catalog* catalog) {
  return ReportComputation(std::move(analysis), period).Compute(history, catalog);
}

}  // namespace civlog
