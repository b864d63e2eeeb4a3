// The engine as the oracle's tests see it: texts in, JSON out.

#ifndef CIVLOG_TESTS_ORACLE_ENGINE_ADAPTER_H_
#define CIVLOG_TESTS_ORACLE_ENGINE_ADAPTER_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "queries/analysis_json.h"
#include "queries/run_analysis.h"

namespace civlog::oracle {

inline absl::StatusOr<nlohmann::json> EngineAnalysis(
    const std::string& catalog_toml, const std::vector<std::pair<std::string, std::string>>& logs,
    size_t threads, size_t block_bytes) {
  AnalyzeOptions options;
  options.threads = threads;
  options.block_bytes = block_bytes;
  const absl::StatusOr<Analysis> analysis = AnalyzeMemory(catalog_toml, logs, options);
  if (!analysis.ok()) return analysis.status();
  return nlohmann::json::parse(AnalysisToJson(*analysis, "en"));
}

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ENGINE_ADAPTER_H_
