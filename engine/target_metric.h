// What a target may be set on.
//
// The names are those of `civlog query --list` where it has them; what they mean is in
// docs/metrics.md, section 8.

#ifndef CIVLOG_ENGINE_TARGET_METRIC_H_
#define CIVLOG_ENGINE_TARGET_METRIC_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "engine/catalog.h"

namespace civlog {

enum class TargetMetricId : uint8_t {
  kVisits,
  kVisitors,
  kPageViews,
  kActs,
  kStarted,
  kCompleted,
  kFailed,
  kAbandoned,
  kCompletionRate,
  kInteractionRate,
  kParticipationRate,
  kBounceRate,
  kErrorRate,
  kServerErrorRate,
  kP50,
  kP90,
  kP95,
  kP99,
  kDigitalTakeUp,
  kParticipationPer1000,
};

enum class TargetUnit : uint8_t {
  kCount,  // of one ISO week
  kShare,  // of 1; a gap is told in percentage points
  kMilliseconds,
  kPerThousand,  // visits per 1,000 residents in one ISO week
};

struct TargetMetric {
  TargetMetricId id;
  std::string_view name;
  TargetUnit unit;
  bool of_portal;
  // The kinds of service that have it, a bit each (1 << kind).
  uint8_t kinds;

  bool Has(ServiceKind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
};

absl::Span<const TargetMetric> TargetMetrics();
// Null where there is none of that name.
const TargetMetric* FindTargetMetric(std::string_view name);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TARGET_METRIC_H_
