// The planted truth: every figure that an analysis of the corpus must arrive at, kept
// while the corpus is written.
//
// Nothing is read back from the lines. Whoever plants a request says in which bucket
// it ends and what it does (plan.h); here that is added up the way docs/metrics.md
// defines the figures.

#ifndef CIVLOG_BENCH_TRUTH_H_
#define CIVLOG_BENCH_TRUTH_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "bench/plan.h"
#include "bench/portal_model.h"

namespace civlog::corpus {

enum class Reject : uint8_t {
  kTruncated,
  kBadTime,
  kBadStatus,
  kBadNumber,
  kNoMatch,
  kInvalidJson
};
inline constexpr size_t kRejectCount = 6;
std::string_view RejectName(Reject reason);

inline constexpr size_t kTransactionCount = 6;
inline constexpr size_t kMaxSteps = 8;

struct AttemptTruth {
  bool open = false;
  bool failing = false;
  bool had_error = false;
  bool saved = false;
  uint8_t furthest = 0;
};

// Services by place: the portal's own one bit each, offices one by one.
class ServiceSet {
 public:
  // False where it was there.
  bool Add(size_t place);
  void Clear();
  template <typename Function>
  void ForEach(Function function) const {
    for (uint32_t bits = own_; bits != 0; bits &= bits - 1) {
      function(static_cast<size_t>(std::countr_zero(bits)));
    }
    for (const uint16_t office : offices_) function(kServiceCount + office);
  }

 private:
  uint32_t own_ = 0;
  std::vector<uint16_t> offices_;
};

// What is known of one visitor while there is more to come.
struct VisitorTruth {
  // The visitor-week.
  int32_t week = -1;
  ServiceSet seen;
  // The visit.
  bool in_visit = false;
  bool interactive = false;  // acted on an interaction or participation service
  bool participated = false;
  uint32_t first_hour = 0;
  uint32_t page_views = 0;
  uint32_t acts = 0;
  uint32_t completions = 0;
  ServiceSet viewed;
  ServiceSet acted;
  uint32_t departments = 0;  // with a completion, one bit each
  int64_t last = 0;          // time of the last counted request
  std::array<AttemptTruth, kTransactionCount> attempts{};
};

struct ServiceTruth {
  uint64_t requests = 0;
  uint64_t page_views = 0;
  uint64_t visits = 0;
  uint64_t visitors = 0;
  uint64_t acts = 0;
  uint64_t acting_visits = 0;
  uint64_t latency_count = 0;
  std::array<uint64_t, 6> status{};
  uint64_t started = 0;
  uint64_t granted = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t abandoned = 0;
  uint64_t open = 0;
  uint64_t without_start = 0;
  uint64_t recovered = 0;
  std::array<uint64_t, kMaxSteps + 1> furthest{};          // attempts by their furthest step
  std::array<uint64_t, kMaxSteps + 1> left_after_error{};  // failed ones likewise
};

struct HourTruth {
  uint64_t requests = 0;
  uint64_t visits = 0;
  uint64_t page_views = 0;
  uint64_t server_errors = 0;
};

struct PathCounts {
  std::vector<uint32_t> page_views;
  std::vector<uint32_t> not_found;
  std::vector<uint32_t> server_errors;
  std::vector<uint32_t> unclassified;
};

// A record as the traffic figures see it.
struct RecordTruth {
  int64_t time = 0;
  uint16_t status = 0;
  uint64_t bytes = 0;
  Bucket bucket = Bucket::kCounted;
  Audience audience = Audience::kCitizen;
  bool has_latency = false;
};

struct TruthTotals {
  uint64_t blank = 0;
  uint64_t records = 0;
  uint64_t late = 0;
  uint64_t bytes_sent = 0;
  uint64_t latency_count = 0;
  uint64_t page_views = 0;
  uint64_t visitors = 0;
  uint64_t visits = 0;
  uint64_t bounces = 0;
  uint64_t acts = 0;
  uint64_t interactive_visits = 0;
  uint64_t participating_visits = 0;
  uint64_t enhanced = 0;
  uint64_t interactive = 0;
  uint64_t transactional = 0;
  uint64_t seamless = 0;
  uint64_t unclassified = 0;
  std::array<uint64_t, kRejectCount> rejected{};
  std::array<uint64_t, kBucketCount> buckets{};
  std::array<uint64_t, kAudienceCount> audiences{};  // of what is not a citizen
  std::array<uint64_t, 6> status{};
};

// Not thread-safe. Memory follows the period's hours, the number of paths and the
// attempts left in the last hours, not the number of lines.
class Truth {
 public:
  // A period of whole hours from `start` on. `paths` must outlive the truth; where
  // `count_paths` is false the lists of most frequent paths are left out.
  Truth(int64_t start, uint32_t hours, const PathSpace& paths, bool count_paths);

  void Blank() { ++totals_.blank; }
  void Rejected(Reject reason) { ++totals_.rejected[static_cast<size_t>(reason)]; }
  void Late() { ++totals_.late; }
  void Record(const RecordTruth& record);
  // A counted request of `visitor`, in addition to Record. Of one visitor in the order
  // of time.
  void Counted(VisitorTruth* visitor, int64_t time, const Request& request, bool has_latency);
  // No more requests of this visit. True where something is still saved: then the
  // visitor must not come back.
  bool VisitorLeaves(VisitorTruth* visitor);
  // No more records at all. Settles what was left open.
  void Finish();

  // As civlog.analysis/1 has it, counts only.
  std::string ToJson() const;

  const TruthTotals& totals() const { return totals_; }
  // By place, those of district offices behind the portal's own.
  const std::vector<ServiceTruth>& services() const { return services_; }
  uint64_t lines() const;

 private:
  // An attempt whose visitor fell silent at `last`.
  struct Left {
    int64_t last;
    ServiceId service;
    AttemptTruth attempt;
  };

  void Do(VisitorTruth* visitor, ServiceId service, const Request& request);
  void Act(VisitorTruth* visitor, size_t place);
  void Complete(VisitorTruth* visitor, ServiceId service, AttemptTruth* attempt, bool granted);
  void CountPath(const Request& request, bool classified, bool page_view);
  void CloseVisit(VisitorTruth* visitor);
  void CloseSilent(VisitorTruth* visitor, int64_t time);
  void CloseLeft(ServiceId service, const AttemptTruth& attempt);
  void SettleOld();

  const int64_t start_;
  const PathSpace& paths_;
  const bool count_paths_;
  TruthTotals totals_;
  std::vector<ServiceTruth> services_;
  std::vector<HourTruth> hours_;
  PathCounts counts_;
  std::vector<uint64_t> referrers_;
  std::array<std::deque<Left>, kTransactionCount * 2> left_;  // by service, saved or not
  int64_t last_time_ = 0;

  friend class TruthReport;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_TRUTH_H_
