#include "engine/target_metric.h"

namespace civlog {
namespace {

using Id = TargetMetricId;
using Unit = TargetUnit;

constexpr uint8_t Bit(ServiceKind kind) {
  return static_cast<uint8_t>(1U << static_cast<unsigned>(kind));
}
constexpr uint8_t kNone = 0;
constexpr uint8_t kTransactions = Bit(ServiceKind::kTransaction);
constexpr uint8_t kParticipation = Bit(ServiceKind::kParticipation);
constexpr uint8_t kActing = Bit(ServiceKind::kInteraction) | kTransactions | kParticipation;
constexpr uint8_t kAll = Bit(ServiceKind::kInformation) | kActing;

constexpr TargetMetric kMetrics[] = {
    {Id::kVisits, "visits", Unit::kCount, true, kAll},
    {Id::kVisitors, "visitors", Unit::kCount, true, kAll},
    {Id::kPageViews, "page_views", Unit::kCount, true, kAll},
    {Id::kActs, "acts", Unit::kCount, true, kAll},
    {Id::kStarted, "started", Unit::kCount, false, kTransactions},
    {Id::kCompleted, "completed", Unit::kCount, true, kTransactions},
    {Id::kFailed, "failed", Unit::kCount, false, kTransactions},
    {Id::kAbandoned, "abandoned", Unit::kCount, false, kTransactions},
    {Id::kCompletionRate, "completion_rate", Unit::kShare, true, kTransactions},
    {Id::kInteractionRate, "interaction_rate", Unit::kShare, true, kActing},
    {Id::kParticipationRate, "participation_rate", Unit::kShare, true, kParticipation},
    {Id::kBounceRate, "bounce_rate", Unit::kShare, true, kNone},
    {Id::kErrorRate, "error_rate", Unit::kShare, true, kAll},
    {Id::kServerErrorRate, "server_error_rate", Unit::kShare, true, kAll},
    {Id::kP50, "p50", Unit::kMilliseconds, true, kAll},
    {Id::kP90, "p90", Unit::kMilliseconds, true, kAll},
    {Id::kP95, "p95", Unit::kMilliseconds, true, kAll},
    {Id::kP99, "p99", Unit::kMilliseconds, true, kAll},
    {Id::kDigitalTakeUp, "digital_take_up", Unit::kShare, false, kTransactions},
    {Id::kParticipationPer1000, "participation_per_1000_residents", Unit::kPerThousand, true,
     kNone},
};

}  // namespace

absl::Span<const TargetMetric> TargetMetrics() { return kMetrics; }

const TargetMetric* FindTargetMetric(std::string_view name) {
  for (const TargetMetric& metric : kMetrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

std::string_view ComparisonSign(Comparison comparison) {
  return comparison == Comparison::kAtLeast ? ">=" : "<=";
}

}  // namespace civlog
