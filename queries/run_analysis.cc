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

absl::StatusOr<Analysis> AnalyzeMemory(const std::string& catalog_text,
                                       const std::vector<std::pair<std::string, std::string>>& logs,
                                       const AnalyzeOptions& options) {
  std::optional<Catalog> catalog;
  if (!catalog_text.empty()) {
    CatalogResult parsed = ParseCatalog(catalog_text, "civlog.toml");
    if (!parsed.catalog) {
      std::string message;
      for (const CatalogDiagnostic& d : parsed.diagnostics) message += d.ToString() + "\n";
      return absl::InvalidArgumentError(message);
    }
    catalog = std::move(parsed.catalog);
  }
  std::vector<AudienceRule> rules;
  if (catalog) rules = catalog->audience_rules;
  ASSIGN_OR_RETURN(const std::unique_ptr<AudienceClassifier> audience,
                   AudienceClassifier::Make(rules));
  std::vector<LogInput> inputs;
  for (const auto& [name, text] : logs) inputs.push_back(MemoryInput(name, text));
  RunOptions run;
  run.threads = options.threads;
  run.block_bytes = options.block_bytes;
  run.key = VisitorKey::Random();
  FigureOptions figures;
  if (catalog) {
    run.time_zone = figures.time_zone = catalog->portal.time_zone;
    figures.time_zone_name = catalog->portal.time_zone_name;
  }
  return Analyze(std::move(inputs), catalog ? &*catalog : nullptr, *audience, run, figures);
}

}  // namespace civlog
