// Weeks of a portal for the tests of reports.

#ifndef CIVLOG_TESTS_QUERIES_SAMPLE_HISTORY_H_
#define CIVLOG_TESTS_QUERIES_SAMPLE_HISTORY_H_

#include <map>
#include <optional>

#include "queries/analysis.h"
#include "queries/analysis_history.h"
#include "queries/report_period.h"

namespace civlog {

// What was put into it, by the period's beginning.
class SampleHistory : public AnalysisHistory {
 public:
  absl::StatusOr<std::optional<Analysis>> Of(absl::Time from, absl::Time to) override;
  void Set(const ReportPeriod& period, Analysis analysis);

 private:
  std::map<std::pair<absl::Time, absl::Time>, Analysis> periods_;
};

// The week of SampleAnalysis.
ReportPeriod SampleWeek();

// SampleAnalysis with its rates' intervals as they are, without gaps, moved to `week`.
Analysis WholeWeek(const ReportPeriod& week);

// Sets visits, of which `took_part` took part.
void SetVisits(uint64_t visits, uint64_t took_part, Analysis* analysis);
// Sets what became of the attempts of a service that ended, and the portal's sums.
void SetCompletion(size_t service, uint64_t completed, uint64_t ended, Analysis* analysis);

// Twelve weeks and the one a year before, which differ a little from each other.
SampleHistory SampleWeeks();

// A portal of `services`, of which a third are transactions.
Analysis LargeAnalysis(const ReportPeriod& week, size_t services);

}  // namespace civlog

#endif  // CIVLOG_TESTS_QUERIES_SAMPLE_HISTORY_H_
