// Turns a run's counters into figures: the one place that knows what a metric
// means. Every definition is that of docs/metrics.md.

#ifndef CIVLOG_QUERIES_COMPUTE_ANALYSIS_H_
#define CIVLOG_QUERIES_COMPUTE_ANALYSIS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/catalog.h"
#include "engine/pipeline.h"
#include "queries/analysis.h"

namespace civlog {

// A period that was asked for of a store, [from, to).
struct AskedPeriod {
  absl::Time from;
  absl::Time to;
  bool goes_back = false;  // the store has lines from before it
  bool goes_on = false;    // and from after it
};

struct FigureOptions {
  std::string version;
  absl::TimeZone time_zone = absl::UTCTimeZone();
  std::string time_zone_name = "UTC";
  bool raw_samples = false;  // show rejected lines without redaction
  std::optional<AskedPeriod> asked;
};

// Of a run with TimeDetail::kPortalByHour. `catalog` is the run's; null where there was none.
Analysis ComputeAnalysis(const RunResult& run, const Catalog* catalog,
                         const FigureOptions& options);

// The days of the zone that ascending hours make up.
std::vector<DayFigures> SumByDay(const std::vector<HourFigures>& hours, absl::TimeZone zone);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_COMPUTE_ANALYSIS_H_
