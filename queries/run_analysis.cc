#include "queries/run_analysis.h"

#include <optional>

#include "parsers/status_macros.h"

namespace civlog {

absl::StatusOr<Analysis> Analyze(std::vector<LogInput> inputs, const Catalog* catalog,
                                 const AudienceClassifier& audience, const RunOptions& run,
                                 const FigureOptions& figures) {
  ASSIGN_OR_RETURN(const RunResult result, RunPipeline(std::move(inputs), catalog, audience, run));
  return ComputeAnalysis(result, catalog, figures);
}

namespace {

// What a run over texts needs.
struct MemoryRun {
  std::optional<Catalog> catalog;
  std::unique_ptr<AudienceClassifier> audience;
  std::vector<LogInput> inputs;
  RunOptions run;
  absl::TimeZone zone = absl::UTCTimeZone();
  std::string zone_name = "UTC";

  const Catalog* catalog_or_null() const { return catalog ? &*catalog : nullptr; }
};

absl::StatusOr<MemoryRun> MakeMemoryRun(
    const std::string& catalog_text, const std::vector<std::pair<std::string, std::string>>& logs,
    const AnalyzeOptions& options) {
  MemoryRun memory;
  if (!catalog_text.empty()) {
    CatalogResult parsed = ParseCatalog(catalog_text, "civlog.toml");
    if (!parsed.catalog) {
      std::string message;
      for (const CatalogDiagnostic& d : parsed.diagnostics) message += d.ToString() + "\n";
      return absl::InvalidArgumentError(message);
    }
    memory.catalog = std::move(parsed.catalog);
    memory.zone = memory.catalog->portal.time_zone;
    memory.zone_name = memory.catalog->portal.time_zone_name;
  }
  std::vector<AudienceRule> rules;
  if (memory.catalog) rules = memory.catalog->audience_rules;
  ASSIGN_OR_RETURN(memory.audience, AudienceClassifier::Make(rules));
  for (const auto& [name, text] : logs) memory.inputs.push_back(MemoryInput(name, text));
  memory.run.threads = options.threads;
  memory.run.block_bytes = options.block_bytes;
  memory.run.key = VisitorKey::Random();
  memory.run.time_zone = memory.zone;
  return memory;
}

}  // namespace

absl::StatusOr<Analysis> AnalyzeMemory(const std::string& catalog_text,
                                       const std::vector<std::pair<std::string, std::string>>& logs,
                                       const AnalyzeOptions& options) {
  ASSIGN_OR_RETURN(MemoryRun memory, MakeMemoryRun(catalog_text, logs, options));
  FigureOptions figures;
  figures.time_zone = memory.zone;
  figures.time_zone_name = memory.zone_name;
  return Analyze(std::move(memory.inputs), memory.catalog_or_null(), *memory.audience, memory.run,
                 figures);
}

absl::StatusOr<QueryResult> QueryMemory(
    const std::string& catalog_text, const std::vector<std::pair<std::string, std::string>>& logs,
    const QueryRequest& request, const AnalyzeOptions& options) {
  ASSIGN_OR_RETURN(MemoryRun memory, MakeMemoryRun(catalog_text, logs, options));
  const Catalog* catalog = memory.catalog_or_null();
  ASSIGN_OR_RETURN(const QueryPlan plan, MakeQueryPlan(request, catalog, memory.zone));
  ListenFor(plan, catalog, "en", &memory.run);
  ASSIGN_OR_RETURN(const RunResult result,
                   RunPipeline(std::move(memory.inputs), catalog, *memory.audience, memory.run));
  QueryOptions options_of_query;
  options_of_query.zone = memory.zone;
  options_of_query.time_zone_name = memory.zone_name;
  return ComputeQuery(plan, result, catalog, options_of_query);
}

}  // namespace civlog
