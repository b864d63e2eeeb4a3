#include "queries/report_model.h"

namespace civlog {

std::string_view KeyMetricName(KeyMetric metric) {
  constexpr std::string_view kNames[] = {"visits",        "visitors",          "page_views",
                                         "acts",          "interaction",       "completion",
                                         "participation", "server_error_rate", "latency_p95_ms"};
  return kNames[static_cast<size_t>(metric)];
}

FigureUnit UnitOf(KeyMetric metric) {
  switch (metric) {
    case KeyMetric::kInteraction:
    case KeyMetric::kCompletion:
    case KeyMetric::kParticipation:
    case KeyMetric::kServerErrors:
      return FigureUnit::kShare;
    case KeyMetric::kLatencyP95:
      return FigureUnit::kMilliseconds;
    default:
      return FigureUnit::kCount;
  }
}

int DesirabilityOf(KeyMetric metric) {
  switch (metric) {
    case KeyMetric::kInteraction:
    case KeyMetric::kCompletion:
    case KeyMetric::kParticipation:
      return 1;
    case KeyMetric::kServerErrors:
    case KeyMetric::kLatencyP95:
      return -1;
    default:
      return 0;
  }
}

std::string_view FindingName(FindingKind kind) {
  constexpr std::string_view kNames[] = {"partial",       "gaps",
                                         "no_catalog",    "first_period",
                                         "visits",        "completion",
                                         "few_attempts",  "participation",
                                         "server_errors", "service_rose",
                                         "service_fell",  "lowest_completion",
                                         "lost_step",     "left_after_error",
                                         "targets",       "target_missed",
                                         "unclassified"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view ToneName(Tone tone) {
  constexpr std::string_view kNames[] = {"neutral", "better", "worse", "caution"};
  return kNames[static_cast<size_t>(tone)];
}

}  // namespace civlog
