#include "tests/queries/sample_history.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "queries/compute_analysis.h"
#include "queries/compute_report.h"
#include "queries/statistics.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

constexpr size_t kCertificate = 1;
constexpr size_t kPermit = 2;

void SetRates(Analysis* a) {
  a->interaction = Proportion(a->interaction.numerator, a->visits);
  uint64_t completed = 0;
  uint64_t ended = 0;
  for (ServiceFigures& service : a->services) {
    service.acting_visits = std::min(service.acting_visits, service.visits);
    if (service.kind != ServiceKind::kInformation) {
      service.interaction_rate = Proportion(service.acting_visits, service.visits);
    }
    if (!service.attempts) continue;
    const AttemptFigures& attempts = *service.attempts;
    const uint64_t service_ended = attempts.started - attempts.open;
    service.completion_rate = Proportion(attempts.granted + attempts.refused, service_ended);
    service.failure_rate = Proportion(attempts.failed, service_ended);
    service.abandonment_rate = Proportion(attempts.abandoned, service_ended);
    completed += attempts.granted + attempts.refused;
    ended += service_ended;
  }
  a->completion = Proportion(completed, ended);
}

}  // namespace

absl::StatusOr<std::optional<Analysis>> SampleHistory::Of(absl::Time from, absl::Time to) {
  const auto found = periods_.find({from, to});
  if (found == periods_.end()) return std::optional<Analysis>();
  return std::optional<Analysis>(found->second);
}

void SampleHistory::Set(const ReportPeriod& period, Analysis analysis) {
  periods_.insert_or_assign({period.from(), period.to()}, std::move(analysis));
}

ReportPeriod SampleWeek() {
  const Analysis a = SampleAnalysis();
  return CoveringPeriod(*a.from, *a.to, a.time_zone);
}

Analysis WholeWeek(const ReportPeriod& week) {
  Analysis a = SampleAnalysis();
  const absl::Duration shift = week.from() - *a.from;
  a.from = week.from();
  a.to = week.to();
  a.first_record += shift;
  a.last_record += shift;
  a.gaps.clear();
  for (HourFigures& hour : a.hours) hour.hour += shift;
  a.days = SumByDay(a.hours, a.time_zone);
  SetRates(&a);
  SetVisits(a.visits, a.participation.numerator, &a);
  return a;
}

void SetVisits(uint64_t visits, uint64_t took_part, Analysis* a) {
  a->visits = visits;
  a->participation = Proportion(took_part, visits);
  a->participation_by_tier[1].second = a->participation;
  a->interaction = Proportion(a->interaction.numerator, visits);
  a->participation_per_1000_residents =
      static_cast<double>(took_part) * 1000 / static_cast<double>(*a->population);
  a->stage_enhanced = visits - a->stage_interactive - a->stage_transactional - a->stage_seamless;
}

void SetCompletion(size_t service, uint64_t completed, uint64_t ended, Analysis* a) {
  AttemptFigures& attempts = *a->services[service].attempts;
  attempts.granted = completed;
  attempts.refused = attempts.failed = 0;
  attempts.abandoned = ended - completed;
  attempts.started = ended + attempts.open;
  a->services[service].steps[0].reached = attempts.started;
  for (size_t k = 1; k < a->services[service].steps.size(); ++k) {
    StepFigures& step = a->services[service].steps[k];
    step.reached = std::min(step.reached, a->services[service].steps[k - 1].reached);
  }
  SetRates(a);
}

SampleHistory SampleWeeks() {
  SampleHistory history;
  const ReportPeriod week = SampleWeek();
  const auto add = [&](const ReportPeriod& period, uint64_t step) {
    Analysis a = WholeWeek(period);
    SetVisits(40500 + step * 7919 % 3000, 95 + step * 31 % 40, &a);
    SetCompletion(kCertificate, 690 + step * 13 % 40, 980, &a);
    SetCompletion(kPermit, 7 + step % 4, 12, &a);
    history.Set(period, std::move(a));
  };
  for (int back = 0; back < kTrendPeriods; ++back) {
    if (back == 7) continue;  // a week of which nothing is known
    add(PeriodBefore(week, back), static_cast<uint64_t>(back));
  }
  add(YearBefore(week), 5);
  return history;
}

Analysis LargeAnalysis(const ReportPeriod& week, size_t services) {
  Analysis a = WholeWeek(week);
  const std::vector<ServiceFigures> kinds = a.services;
  a.services.clear();
  for (size_t i = 0; i < services; ++i) {
    constexpr size_t kKinds[] = {0, kCertificate, 3};
    ServiceFigures service = kinds[kKinds[i % std::size(kKinds)]];
    service.id = std::string("service-").append(std::to_string(i));
    for (auto& [language, name] : service.name.by_language) {
      name.append(" ").append(std::to_string(i));
    }
    a.services.push_back(std::move(service));
  }
  SetRates(&a);
  return a;
}

}  // namespace civlog
