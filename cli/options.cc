#include "cli/options.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"

namespace civlog {
namespace {

constexpr char kDefaultCatalog[] = "civlog.toml";

absl::StatusOr<std::optional<Catalog>> LoadOptionalCatalog(const std::string& path) {
  if (path.empty()) return std::optional<Catalog>();
  CatalogResult result = LoadCatalog(path);
  if (result.catalog) return std::move(result.catalog);
  std::string message;
  for (const CatalogDiagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity != CatalogDiagnostic::Severity::kError) continue;
    absl::StrAppend(&message, message.empty() ? "" : "\n", diagnostic.ToString());
  }
  return absl::InvalidArgumentError(message);
}

absl::Status LoadZone(const std::string& option, Setup* setup) {
  if (option.empty()) {
    if (!setup->catalog) return absl::OkStatus();
    setup->time_zone = setup->catalog->portal.time_zone;
    setup->time_zone_name = setup->catalog->portal.time_zone_name;
    return absl::OkStatus();
  }
  setup->time_zone_name = option;
  if (absl::LoadTimeZone(option, &setup->time_zone)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--time-zone ", option,
                   ": no such time zone; give a name of the IANA list, such as Asia/Seoul or UTC "
                   "(is the package tzdata installed?)"));
}

}  // namespace

std::string CatalogPath(const std::string& option) {
  if (!option.empty()) return option;
  const char* variable = std::getenv("CIVLOG_CATALOG");
  if (variable != nullptr && *variable != '\0') return variable;
  return ::access(kDefaultCatalog, F_OK) == 0 ? kDefaultCatalog : "";
}

absl::StatusOr<Setup> LoadSetup(const InputOptions& options) {
  Setup setup;
  ASSIGN_OR_RETURN(setup.catalog, LoadOptionalCatalog(CatalogPath(options.catalog)));
  RETURN_IF_ERROR(LoadZone(options.time_zone, &setup));
  std::vector<AudienceRule> rules;
  if (setup.catalog) rules = setup.catalog->audience_rules;
  ASSIGN_OR_RETURN(setup.audience, AudienceClassifier::Make(rules));
  if (!options.log_format.empty()) {
    ASSIGN_OR_RETURN(setup.formats, ResolveLogFormat(options.log_format));
  }
  return setup;
}

absl::StatusOr<std::optional<ChannelCounts>> LoadChannels(const Setup& setup,
                                                          const std::string& option) {
  const Catalog* catalog = setup.catalog_or_null();
  if (catalog == nullptr && !option.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--channels ", option,
                     ": services are those of a catalogue, and there is none; give -c FILE"));
  }
  const std::string file = !option.empty()      ? option
                           : catalog != nullptr ? catalog->channels_file
                                                : std::string();
  if (file.empty()) return std::optional<ChannelCounts>();
  ASSIGN_OR_RETURN(ChannelCounts counts, ChannelCounts::Load(file, *catalog));
  return std::optional<ChannelCounts>(std::move(counts));
}

absl::StatusOr<std::vector<std::string>> LogArguments(const std::vector<std::string>& logs) {
  if (!logs.empty()) return logs;
  if (::isatty(STDIN_FILENO) != 1) return std::vector<std::string>{"-"};
  return absl::InvalidArgumentError(
      "no log given; name files, directories or quoted globs, or pipe a log in");
}

absl::StatusOr<std::vector<LogInput>> OpenInputs(const std::vector<std::string>& logs,
                                                 const std::atomic<bool>* interrupt,
                                                 std::vector<absl::Status>* errors,
                                                 Following following) {
  ASSIGN_OR_RETURN(const std::vector<std::string> arguments, LogArguments(logs));
  InputList list = ExpandInputs(arguments);
  std::vector<LogInput> inputs;
  for (const InputFile& file : list.files) inputs.push_back(FileInput(file, interrupt, following));
  for (absl::Status& error : list.errors) {
    if (error.code() == absl::StatusCode::kFailedPrecondition) {
      Complain(EscapeForTerminal(FromAbsl(error.message())));
    } else {
      errors->push_back(std::move(error));
    }
  }
  return inputs;
}

}  // namespace civlog
