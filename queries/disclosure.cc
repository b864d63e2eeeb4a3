#include "queries/disclosure.h"

#include <utility>

#include "queries/disclosure_relations.h"
#include "queries/disclosure_table.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

// Of magnitudes that are sums over requests, such as bytes, only so many digits are shown:
// a sum of responses of one size tells how many there were.
constexpr uint64_t kMagnitudeLimit = 100;  // two digits

uint64_t RoundMagnitude(uint64_t value) {
  uint64_t step = 1;
  for (uint64_t rest = value; rest >= kMagnitudeLimit; rest /= 10) step *= 10;
  const uint64_t below = value - value % step;
  const bool up = value % step >= step - value % step && below <= kSuppressedCount - 1 - step;
  return up ? below + step : below;
}

// A percentile is a value of somebody where few lie beyond it, and the greatest always
// is. `beyond` is the part of the values that does.
void Withhold(const LatencySummary& summary, double beyond, std::optional<double>* percentile) {
  if (IsSuppressed(summary.count) ||
      static_cast<double>(summary.count) * beyond < static_cast<double>(kLeastPublishedCount)) {
    percentile->reset();
  }
}

// After the counts.
void ControlSummary(LatencySummary* summary) {
  Withhold(*summary, 0.50, &summary->p50);
  Withhold(*summary, 0.10, &summary->p90);
  Withhold(*summary, 0.05, &summary->p95);
  Withhold(*summary, 0.01, &summary->p99);
  summary->max.reset();
}

// From what is left of its counts.
void ControlRate(Rate* rate, Rate (*compute)(uint64_t, uint64_t) = Proportion) {
  const bool known =
      rate->value && !IsSuppressed(rate->numerator) && !IsSuppressed(rate->denominator);
  if (known) {
    *rate = compute(rate->numerator, rate->denominator);
  } else {
    rate->value = rate->low = rate->high = std::nullopt;
  }
}

// What strangers wrote, what is of single lines, and what is of use to the operator only.
// Also a path may be one citizen's case.
void RemoveTexts(Analysis* a) {
  a->rejected_samples.clear();
  a->sources.clear();
  a->unmatched_routes.clear();
  a->notes.clear();
  for (std::vector<PathCount>* list :
       {&a->unclassified_top_paths, &a->top_pages, &a->top_not_found, &a->top_server_errors,
        &a->top_referrers, &a->top_entry_pages, &a->top_exit_pages}) {
    list->clear();
  }
  if (a->from && a->to) {
    a->first_record = *a->from;
    a->last_record = *a->to;
  }
  if (a->has_catalog) return;
  // Services are path segments then.
  a->services.clear();
  a->unclassified_requests = a->counted;
}

void ControlMagnitudes(Analysis* a) {
  a->bytes_sent = IsSuppressed(a->records) ? kSuppressedCount : RoundMagnitude(a->bytes_sent);
  for (AudienceTraffic& traffic : a->traffic_by_audience) traffic.bytes_sent = kSuppressedCount;
  ControlSummary(&a->latency_ms);
  for (ServiceFigures& service : a->services) {
    ControlSummary(&service.latency_ms);
    ControlSummary(&service.time_to_complete_s);
  }
}

void ControlRates(Analysis* a) {
  ControlRate(&a->interaction);
  ControlRate(&a->completion);
  ControlRate(&a->participation);
  for (auto& [tier, rate] : a->participation_by_tier) ControlRate(&rate);
  if (a->participation_per_1000_residents && a->population) {
    a->participation_per_1000_residents =
        PerThousandResidents(a->participation.numerator, *a->population);
  }
  for (ServiceFigures& service : a->services) {
    for (Rate* rate : {&service.interaction_rate, &service.completion_rate, &service.failure_rate,
                       &service.abandonment_rate, &service.digital_take_up}) {
      ControlRate(rate);
    }
    ControlRate(&service.status_check_ratio, Ratio);
  }
}

}  // namespace

void ApplyDisclosureControl(const std::vector<Analysis*>& published_together) {
  std::vector<Analysis*> analyses;
  for (Analysis* analysis : published_together) {
    if (!analysis->disclosure_controlled) analyses.push_back(analysis);
  }
  for (Analysis* analysis : analyses) RemoveTexts(analysis);
  DisclosureTable table;
  AddAnalyses(analyses, &table);
  table.Publish();
  for (Analysis* analysis : analyses) {
    ControlMagnitudes(analysis);
    ControlRates(analysis);
    analysis->disclosure_controlled = true;
  }
}

void ApplyDisclosureControl(Analysis* analysis) {
  ApplyDisclosureControl(std::vector<Analysis*>{analysis});
}

}  // namespace civlog
