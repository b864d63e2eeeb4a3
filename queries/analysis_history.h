// The analyses of earlier and later periods, from wherever they are kept.

#ifndef CIVLOG_QUERIES_ANALYSIS_HISTORY_H_
#define CIVLOG_QUERIES_ANALYSIS_HISTORY_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "queries/analysis.h"

namespace civlog {

// Not thread-safe.
class AnalysisHistory {
 public:
  virtual ~AnalysisHistory() = default;
  // The analysis of [from, to), whole days of the portal's zone. nullopt where nothing is
  // known of that period; an error where it cannot be had, with source and remedy.
  virtual absl::StatusOr<std::optional<Analysis>> Of(absl::Time from, absl::Time to) = 0;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ANALYSIS_HISTORY_H_
