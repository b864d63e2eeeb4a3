// What a query can count: the names that `--select` knows.
//
// Definitions are those of docs/metrics.md; compute_query.cc is where they are
// computed from the counters.

#ifndef CIVLOG_QUERIES_MEASURE_H_
#define CIVLOG_QUERIES_MEASURE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace civlog {

enum class MeasureId : uint8_t {
  kRequests,
  kCounted,
  kPageViews,
  kVisitors,
  kBytesSent,
  kErrorRate,
  kServerErrorRate,
  kP50,
  kP90,
  kP95,
  kP99,
  kMax,
  kAverage,
  kShare,
  kVisits,
  kActs,
  kStarted,
  kCompleted,
  kFailed,
  kAbandoned,
  kCompletionRate,
  kInteractionRate,
  kParticipationRate,
  kBounceRate,
};

enum class MeasureUnit : uint8_t { kCount, kBytes, kRate, kMilliseconds };

// Which counters a measure comes from.
enum class MeasureFamily : uint8_t {
  kRecord,   // of single records: can be told by anything that a record has
  kVisit,    // of whole visits
  kService,  // of visits, summed over services
  kShare,    // of the total of the first count
};

struct Measure {
  MeasureId id;
  std::string_view name;
  MeasureUnit unit;
  MeasureFamily family;
  std::string_view meaning;
};

absl::Span<const Measure> Measures();

// InvalidArgument with the nearest name where there is none of that name.
absl::StatusOr<const Measure*> FindMeasure(std::string_view name);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_MEASURE_H_
