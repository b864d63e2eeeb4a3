// One analysis from end to end: logs and a catalogue in, figures out.

#ifndef CIVLOG_QUERIES_RUN_ANALYSIS_H_
#define CIVLOG_QUERIES_RUN_ANALYSIS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/audience.h"
#include "engine/catalog.h"
#include "engine/pipeline.h"
#include "queries/analysis.h"
#include "queries/compute_analysis.h"
#include "queries/query_result.h"

namespace civlog {

// Runs over `inputs` and computes the figures. `catalog` may be null; it and
// `audience` must outlive the call.
absl::StatusOr<Analysis> Analyze(std::vector<LogInput> inputs, const Catalog* catalog,
                                 const AudienceClassifier& audience, const RunOptions& run,
                                 const FigureOptions& figures);

// For tests: logs and a catalogue ("" for none) in memory, in the catalogue's time
// zone or UTC. InvalidArgument with every diagnostic where the catalogue is wrong.
struct AnalyzeOptions {
  size_t threads = 1;
  size_t block_bytes = size_t{1} << 20;
};
absl::StatusOr<Analysis> AnalyzeMemory(const std::string& catalog_text,
                                       const std::vector<std::pair<std::string, std::string>>& logs,
                                       const AnalyzeOptions& options);

// The same for a query.
absl::StatusOr<QueryResult> QueryMemory(
    const std::string& catalog_text, const std::vector<std::pair<std::string, std::string>>& logs,
    const QueryRequest& request, const AnalyzeOptions& options);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_RUN_ANALYSIS_H_
