// The figures of a report: one period's analysis, what it is compared with, and what stands
// out. Computed in one place (compute_report.h); every format lays the same out.

#ifndef CIVLOG_QUERIES_REPORT_MODEL_H_
#define CIVLOG_QUERIES_REPORT_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queries/analysis.h"
#include "queries/report_period.h"
#include "queries/targets.h"

namespace civlog {

// A figure beside the same of another period.
struct PeriodComparison {
  std::optional<double> value;  // the other period's; absent where nothing is known of it
  // Counts and times: relative to the other's, 0.04 being 4 % more. Shares: the difference,
  // 0.04 being 4 percentage points.
  std::optional<double> change;
  // Whether chance alone would hardly (in 5 of 100 cases) make such a difference; see
  // statistics.h. Absent where that is not tested: times, visitors, page views (which come in
  // bundles), and counts of periods with holes.
  std::optional<bool> significant;
};

enum class KeyMetric : uint8_t {
  kVisits,
  kVisitors,
  kPageViews,
  kActs,
  kInteraction,
  kCompletion,
  kParticipation,
  kServerErrors,
  kLatencyP95,
};
std::string_view KeyMetricName(KeyMetric metric);  // "visits", ...

// How a figure reads: 12,345; 74.2 % of a whole; milliseconds.
enum class FigureUnit : uint8_t { kCount, kShare, kMilliseconds };
FigureUnit UnitOf(KeyMetric metric);
// Whether more of it is better (1), worse (-1) or neither (0).
int DesirabilityOf(KeyMetric metric);

struct KeyFigure {
  KeyMetric metric = KeyMetric::kVisits;
  std::optional<double> value;  // the rate's, for shares
  Rate rate;                    // shares only
  PeriodComparison before;      // the period before
  PeriodComparison year;        // a year before
  std::vector<size_t> targets;  // of ReportModel::targets, those of this figure
};

// One of the periods that a line over time is drawn through, oldest first.
struct TrendPoint {
  ReportPeriod period;
  bool known = false;  // false: nothing is known, and all below is absent
  std::optional<uint64_t> visits;
  Rate interaction, completion, participation;
};

// A day of the period, also where the logs have none.
struct ReportDay {
  DayFigures figures;
  uint32_t missing_hours = 0;  // in gaps
};

// What a kind of service was used for.
struct KindFigures {
  ServiceKind kind = ServiceKind::kInformation;
  uint64_t services = 0;
  uint64_t requests = 0;
  uint64_t page_views = 0;
  uint64_t acts = 0;
  Rate share_of_page_views;  // of those of all kinds
};

// What an analysis does not say of a service; in the order of Analysis::services.
struct ServiceReport {
  PeriodComparison
      completion_before;  // significant: after Holm's correction for the number of services
  PeriodComparison took_part_before;   // the same of the interaction rate
  std::vector<Rate> completion_trend;  // by TrendPoint; absent where nothing is known
  // By step but the last: attempts that reached it and no later one, of those that reached it.
  std::vector<Rate> step_losses;
  Rate server_errors;  // requests answered with 5xx, of all its requests
};

// All transactions together.
struct TransactionTotals {
  uint64_t started = 0;
  uint64_t granted = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t abandoned = 0;
  uint64_t open = 0;
  uint64_t left_after_error = 0;
};

// What a target comes to; see TargetResult, whose rules these are.
struct ReportTarget {
  PlanTarget target;              // as the catalogue has it
  std::optional<size_t> service;  // of Analysis::services; absent: the whole portal
  TargetUnit unit = TargetUnit::kCount;
  TargetStatus status = TargetStatus::kUnknown;
  std::optional<double> value;
  std::optional<double> gap;  // value - target
};

// What a sentence of the summary tells. Each has its words in report_findings.cc.
enum class FindingKind : uint8_t {
  kPartial,
  kGaps,
  kNoCatalog,
  kFirstPeriod,
  kVisits,
  kCompletion,
  kTooFewAttempts,
  kParticipation,
  kServerErrors,
  kServiceRose,
  kServiceFell,
  kLowestCompletion,
  kLostStep,
  kLeftAfterError,
  kTargets,
  kTargetMissed,
  kUnclassified,
};
std::string_view FindingName(FindingKind kind);  // "partial", ...

// How a change, or a fact, is to be taken.
enum class Tone : uint8_t { kNeutral, kBetter, kWorse, kCaution };
std::string_view ToneName(Tone tone);

struct Finding {
  FindingKind kind = FindingKind::kVisits;
  Tone tone = Tone::kNeutral;
  size_t key_figure = 0;  // kVisits to kServerErrors: which of the key figures
  size_t service = 0;     // kServiceRose to kLostStep
  size_t step = 0;        // kLostStep
  size_t target = 0;      // kTargetMissed
};

struct ReportModel {
  ReportPeriod period;
  Analysis analysis;

  // False where the logs do not have all of the period from its beginning to its end, or
  // were not read to their end. Gaps within do not count.
  bool complete = true;
  std::optional<uint64_t> restated_hours;  // that got lines after they had been over; of a store
  std::vector<std::string> catalogs;       // digests of those in use, where a store had several

  bool before_known = false;
  bool year_known = false;
  std::vector<KeyFigure> key_figures;
  std::vector<ReportDay> days;    // of the period
  std::vector<TrendPoint> trend;  // empty without a history
  std::array<KindFigures, kServiceKindCount> kinds;
  std::array<Rate, 4> stage_shares;  // enhanced, interactive, transactional, seamless, of visits
  TransactionTotals transactions;
  std::vector<ServiceReport> services;
  std::vector<ReportTarget> targets;                             // in the catalogue's order
  std::array<uint64_t, kTargetStatusCount> targets_by_status{};  // by TargetStatus
  Rate unclassified;                                             // of counted requests
  std::vector<Rate> audience_shares;  // of records, in the order of traffic_by_audience
  uint64_t missing_hours = 0;         // in gaps
  std::vector<Finding> findings;      // the most important first
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_MODEL_H_
