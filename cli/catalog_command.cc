#include "cli/catalog_command.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "parsers/absl_bridge.h"
#include "queries/escape.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

std::string Summary(const Catalog& catalog) {
  size_t counts[kServiceKindCount] = {};
  size_t routes = 0;
  for (const Service& service : catalog.services) {
    ++counts[static_cast<size_t>(service.kind)];
    routes += service.routes.size();
  }
  std::string text = absl::StrCat(catalog.file, ": ", catalog.services.size(), " services (");
  for (size_t i = 0; i < kServiceKindCount; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", counts[i], " ",
                    ToAbsl(ServiceKindName(static_cast<ServiceKind>(i))));
  }
  absl::StrAppend(&text, "), ", routes, " routes, time zone ", catalog.portal.time_zone_name, "\n");
  return text;
}

std::string AgainstLogs(const Catalog& catalog, const Analysis& analysis) {
  std::string text;
  for (const UnmatchedRoute& route : analysis.unmatched_routes) {
    absl::StrAppend(&text, catalog.file, ":", route.line, ": warning: ", route.service,
                    ": route \"", route.route, "\" matched no request\n");
  }
  const double share = analysis.counted == 0
                           ? 0
                           : 100.0 * static_cast<double>(analysis.unclassified_requests) /
                                 static_cast<double>(analysis.counted);
  absl::StrAppendFormat(&text, "%d of %d counted requests (%.1f %%) are on no service's route\n",
                        analysis.unclassified_requests, analysis.counted, share);
  for (const PathCount& path : analysis.unclassified_top_paths) {
    absl::StrAppendFormat(&text, "  %9d  %s\n", path.requests, EscapeForTerminal(path.path));
  }
  return text;
}

int CheckAgainstLogs(const InputOptions& options, Output* output) {
  const std::atomic<bool>* interrupt = WatchSignals();
  absl::StatusOr<Setup> setup = LoadSetup(options);
  if (!setup.ok()) {
    Complain(FromAbsl(setup.status().message()));
    return kUsageError;
  }
  std::vector<absl::Status> errors;
  absl::StatusOr<std::vector<LogInput>> inputs = OpenInputs(options.logs, interrupt, &errors);
  if (!inputs.ok()) {
    Complain(FromAbsl(inputs.status().message()));
    return kUsageError;
  }
  for (const absl::Status& error : errors) Complain(FromAbsl(error.message()));
  RunOptions run;
  run.formats = setup->formats;
  run.time_zone = setup->time_zone;
  run.key = VisitorKey::Random();
  run.interrupt = interrupt;
  const absl::StatusOr<Analysis> analysis =
      Analyze(*std::move(inputs), setup->catalog_or_null(), *setup->audience, run, FigureOptions());
  if (!analysis.ok()) {
    Complain(FromAbsl(analysis.status().message()));
    return kUsageError;
  }
  output->Write(AgainstLogs(*setup->catalog, *analysis));
  if (!errors.empty() || analysis->incomplete) return kInputError;
  return analysis->records == 0 ? kNothingCounted : kDone;
}

}  // namespace

int RunCatalogCheck(InputOptions options) {
  if (options.catalog.empty()) {
    const auto named = std::find_if(options.logs.begin(), options.logs.end(),
                                    [](const std::string& log) { return log.ends_with(".toml"); });
    if (named != options.logs.end()) {
      options.catalog = *named;
      options.logs.erase(named);
    }
  }
  options.catalog = CatalogPath(options.catalog);
  if (options.catalog.empty()) {
    Complain("no catalogue: give -c FILE, set CIVLOG_CATALOG, or put civlog.toml here");
    return kUsageError;
  }
  const CatalogResult result = LoadCatalog(options.catalog);
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  size_t errors = 0;
  for (const CatalogDiagnostic& diagnostic : result.diagnostics) {
    const std::string text = EscapeForTerminal(diagnostic.ToString());
    if (diagnostic.severity == CatalogDiagnostic::Severity::kError) {
      ++errors;
      Complain(text);
    } else {
      (*output)->Write(text + "\n");
    }
  }
  int code = kDone;
  if (!result.catalog) {
    Complain(absl::StrCat(options.catalog, ": ", errors, errors == 1 ? " error" : " errors"));
    code = kUsageError;
  } else {
    (*output)->Write(Summary(*result.catalog));
    if (!options.logs.empty()) code = CheckAgainstLogs(options, output->get());
  }
  if (const absl::Status written = (*output)->Close(); !written.ok()) {
    Complain(FromAbsl(written.message()));
    return kOutputError;
  }
  return code;
}

}  // namespace civlog
