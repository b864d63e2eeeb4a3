// Whether what the city has set itself to reach is reached: the catalogue's targets
// against the figures of a period. The rules are those of docs/metrics.md, section 8.

#ifndef CIVLOG_QUERIES_TARGETS_H_
#define CIVLOG_QUERIES_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/catalog.h"
#include "engine/target_metric.h"
#include "queries/analysis.h"

namespace civlog {

enum class TargetStatus : uint8_t {
  kMet,        // the value satisfies the comparison, due or not
  kOnCourse,   // not due, and not behind the straight line from the baseline
  kNotYetMet,  // not due: behind that line, or without a baseline nobody can tell
  kMissed,     // due, and not met
  kUnknown,    // there is no value: no data, kept back, or not of this report
};
inline constexpr size_t kTargetStatusCount = 5;
std::string_view TargetStatusName(TargetStatus status);  // "met", "on_course", ...

struct TargetResult {
  const PlanTarget* target = nullptr;       // of the catalogue, which outlives the result
  const ServiceFigures* service = nullptr;  // of the Analysis; null: the whole portal
  TargetUnit unit = TargetUnit::kCount;     // of value, gap and expected
  TargetStatus status = TargetStatus::kUnknown;
  std::optional<double> value;  // of the period
  Rate rate;                    // of shares: the value with its parts and its interval
  // value - target: below 0 under it. Absent without a value.
  std::optional<double> gap;
  // Where the line from the baseline to the target is on the period's last day; absent
  // without a baseline, and once the target is due.
  std::optional<double> expected;
};

// One result for each target of `catalog` that is on the portal as a whole or on a
// service that `analysis` has, in the catalogue's order. For an analysis of one
// department the portal's targets are left out. Nothing without a period.
std::vector<TargetResult> EvaluateTargets(const Catalog& catalog, const Analysis& analysis);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_TARGETS_H_
