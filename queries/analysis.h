// The figures of one analysis: what every report, in whatever format, prints.
//
// Filled from the engine's counters by ComputeAnalysis (compute_analysis.h), the
// one place that knows what a metric means; renderers only lay out. Names follow
// docs/metrics.md; the JSON schema civlog.analysis/1 is written from this.

#ifndef CIVLOG_QUERIES_ANALYSIS_H_
#define CIVLOG_QUERIES_ANALYSIS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "engine/audience.h"
#include "engine/catalog.h"
#include "parsers/record_batch.h"

namespace civlog {

// Stands for a count that is not shown: kept back by disclosure control
// (disclosure.h), or not to be had for one department (department.h). Nobody
// computes with it; every format shows it as absent.
inline constexpr uint64_t kSuppressedCount = UINT64_MAX;
constexpr bool IsSuppressed(uint64_t count) { return count == kSuppressedCount; }
// For orders and lengths of bars, where what is not shown is as good as nothing.
constexpr uint64_t KnownOrZero(uint64_t count) { return IsSuppressed(count) ? 0 : count; }

// A rate with its numerator, denominator and 95 % Wilson score interval (Wilson,
// 1927). Absent (value is nullopt) where the denominator is 0.
struct Rate {
  uint64_t numerator = 0;
  uint64_t denominator = 0;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
};

// Latency of requests, in milliseconds, from a histogram with at most 1 %
// relative error. Absent where count is 0.
struct LatencySummary {
  uint64_t count = 0;
  std::optional<double> p50, p90, p95, p99, max;
};

struct StatusClasses {
  std::array<uint64_t, 6> by_class{};  // [1]: 1xx ... [5]: 5xx; [0]: anything else
};

struct RejectedSample {
  std::string source;
  uint64_t line = 0;
  uint32_t column = 0;
  RejectReason reason = RejectReason::kNoMatch;
  std::string text;  // clipped, redacted unless raw was asked for, control characters escaped
};

struct Gap {
  absl::Time from;
  absl::Time to;  // exclusive
};

struct StepFigures {
  std::string name;
  uint64_t reached = 0;           // attempts whose furthest step is this or a later one
  uint64_t left_after_error = 0;  // attempts that ended here right after an error
  uint64_t left_after_slow = 0;   // attempts that ended here right after a response slower than
                                  // the step's p95
};

struct AttemptFigures {
  uint64_t started = 0;
  uint64_t granted = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t abandoned = 0;
  uint64_t open = 0;
  uint64_t without_start = 0;
  uint64_t recovered = 0;
  uint64_t completed_visitors = 0;              // distinct visitors with a completed attempt
  uint64_t attempts_of_completed_visitors = 0;  // attempts those visitors started
};

struct NamedCount {
  std::string name;
  uint64_t count = 0;
};

struct ServiceFigures {
  std::string id;
  LocalizedText name;
  LocalizedText department;
  ServiceKind kind = ServiceKind::kInformation;
  Tier tier = Tier::kNone;
  uint64_t requests = 0;
  uint64_t page_views = 0;
  uint64_t visits = 0;  // visits that viewed the service
  uint64_t visitors = 0;
  bool visitors_exact = true;
  bool visitors_known = true;  // false of a part of a week, of which a store has none
  uint64_t acts = 0;
  uint64_t acting_visits = 0;
  Rate interaction_rate;  // acting visits / visits; interaction, transaction, participation
  StatusClasses status;
  LatencySummary latency_ms;
  // Transactions with a catalogue only.
  std::optional<AttemptFigures> attempts;
  Rate completion_rate;
  Rate failure_rate;
  Rate abandonment_rate;
  std::vector<StepFigures> steps;
  LatencySummary time_to_complete_s;  // in seconds, despite its type's unit: p50, p90
  uint64_t status_views = 0;
  Rate status_check_ratio;  // status views / completed; a ratio, may exceed 1, no interval
  std::vector<NamedCount> acts_by_name;
  // Completions at the counter, by telephone ... over the period, and the share of
  // all that were completed online; only where they were given (channels.h).
  std::vector<NamedCount> other_channels;
  Rate digital_take_up;
};

struct PathCount {
  std::string path;
  uint64_t requests = 0;
  // Space-Saving: the true count is in [requests - error, requests]. 0: exact.
  uint64_t error = 0;
};

struct HourFigures {
  absl::Time hour;        // its first instant, in the portal's zone
  uint64_t requests = 0;  // records
  uint64_t visits = 0;
  uint64_t page_views = 0;
  uint64_t server_errors = 0;  // records with status 5xx
};

// The same of a day of the portal's zone.
struct DayFigures {
  absl::CivilDay day;
  uint64_t requests = 0;
  uint64_t visits = 0;
  uint64_t page_views = 0;
  uint64_t server_errors = 0;
};

struct AudienceTraffic {
  Audience audience = Audience::kCitizen;
  uint64_t requests = 0;
  uint64_t bytes_sent = 0;
};

// A catalogue route that matched no request.
struct UnmatchedRoute {
  std::string service;
  std::string route;
  uint32_t line = 0;
};

// A source that was read, for the report's footer and for warnings.
struct SourceFigures {
  std::string name;
  std::string format;  // "combined"
  uint64_t lines = 0;
  uint64_t rejected = 0;
  std::string error;  // "" or why it could not be read to its end
};

struct Analysis {
  // generator
  std::string version;
  std::optional<std::string> catalog_digest;  // absent without a catalogue
  std::string robots_list;

  // portal
  bool has_catalog = false;
  LocalizedText portal_name;
  LocalizedText department;  // the only one whose services are in here; empty: all
  // Counts are rounded, and small ones are kept back: see disclosure.h.
  bool disclosure_controlled = false;
  std::string time_zone_name;
  absl::TimeZone time_zone;
  std::optional<uint64_t> population;
  std::string charset;  // of paths, for whoever reads them; see ReadablePath

  // period: from the first record's hour to the end of the last one's; absent
  // without records
  std::optional<absl::Time> from, to;
  absl::Time first_record, last_record;
  std::vector<Gap> gaps;
  bool interrupted = false;   // Ctrl-C: what was read until then
  bool incomplete = false;    // an input could not be read to its end
  bool partial_week = false;  // the period is not whole ISO weeks
  bool partial() const { return interrupted || incomplete || partial_week; }

  // lines
  uint64_t lines_read = 0;
  uint64_t blank = 0;
  uint64_t directive = 0;
  uint64_t outside_period = 0;  // records that --since, --until or --week left out
  uint64_t filtered_out = 0;    // records that --where left out
  uint64_t records = 0;         // the rest of the lines that fit
  uint64_t rejected = 0;
  std::array<uint64_t, kRejectReasonCount> rejected_by_reason{};
  std::vector<RejectedSample> rejected_samples;

  // records
  uint64_t counted = 0;
  uint64_t unreadable_request = 0;
  uint64_t outside_portal = 0;
  uint64_t asset = 0;
  uint64_t late = 0;
  uint64_t not_citizen = 0;
  std::array<uint64_t, kAudienceCount> not_citizen_by_audience{};  // [kCitizen] is 0

  // traffic, over every record
  uint64_t bytes_sent = 0;
  StatusClasses status;
  LatencySummary latency_ms;
  std::vector<AudienceTraffic> traffic_by_audience;  // audiences with a request, in enum order

  // citizens
  uint64_t page_views = 0;
  uint64_t visitors = 0;  // visitor-weeks where the period covers more than one ISO week
  bool visitors_exact = true;
  bool visitor_weeks = false;
  uint64_t visits = 0;
  uint64_t bounces = 0;
  uint64_t acts = 0;

  Rate interaction, completion, participation;
  std::optional<double> participation_per_1000_residents;
  std::array<std::pair<Tier, Rate>, 3> participation_by_tier{};

  // stage reach: visits by the deepest step observed; the rest (viewed only) are
  // `enhanced`. Sums to visits.
  uint64_t stage_enhanced = 0, stage_interactive = 0, stage_transactional = 0, stage_seamless = 0;

  std::vector<ServiceFigures> services;  // in the catalogue's order
  uint64_t unclassified_requests = 0;
  std::vector<PathCount> unclassified_top_paths;

  std::vector<PathCount> top_pages, top_not_found, top_server_errors, top_referrers;
  std::vector<PathCount> top_entry_pages, top_exit_pages;

  std::vector<HourFigures> hours;  // hours with at least one record, ascending
  std::vector<DayFigures> days;    // days with such an hour, ascending

  std::vector<UnmatchedRoute> unmatched_routes;
  std::vector<SourceFigures> sources;
  // Bounds that were hit, in plain English: "the table of open visits was full ..."
  std::vector<std::string> notes;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ANALYSIS_H_
