// From analyses to a report: comparisons, lines over time, what stands out.

#ifndef CIVLOG_QUERIES_COMPUTE_REPORT_H_
#define CIVLOG_QUERIES_COMPUTE_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "queries/analysis.h"
#include "queries/analysis_history.h"
#include "queries/report_model.h"

namespace civlog {

// Periods that a line over time goes through, the report's own being the last.
inline constexpr int kTrendPeriods = 12;

// The report on `period`, of which `analysis` has the figures. `history`, which may be null,
// is asked for the period before, the one a year before, and those of the line over time.
// `catalog`, which may be null too, has the targets. An error is the history's.
absl::StatusOr<ReportModel> ComputeReport(Analysis analysis, const ReportPeriod& period,
                                          AnalysisHistory* history, const Catalog* catalog);

// What the figures of `model`, all else being there, bear out.
std::vector<Finding> FindWhatStandsOut(const ReportModel& model);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_COMPUTE_REPORT_H_
