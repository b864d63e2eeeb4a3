// What the commands share: the options that tell what is read and how it is
// understood, and loading what they name.

#ifndef CIVLOG_CLI_OPTIONS_H_
#define CIVLOG_CLI_OPTIONS_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/audience.h"
#include "engine/catalog.h"
#include "engine/log_input.h"
#include "parsers/log_format.h"
#include "queries/channels.h"

namespace civlog {

// Options as they were given; empty where they were not.
struct InputOptions {
  std::vector<std::string> logs;
  std::string catalog;
  std::string log_format;
  std::string time_zone;
};

// What the options lead to.
struct Setup {
  std::optional<Catalog> catalog;
  std::unique_ptr<AudienceClassifier> audience;
  FormatList formats;  // empty: detect
  absl::TimeZone time_zone = absl::UTCTimeZone();
  std::string time_zone_name = "UTC";

  const Catalog* catalog_or_null() const { return catalog ? &*catalog : nullptr; }
};

// Loads catalogue (-c, else $CIVLOG_CATALOG, else ./civlog.toml where it exists),
// robots list, zone and format. The status' message may have several lines, one an
// error.
absl::StatusOr<Setup> LoadSetup(const InputOptions& options);

// Completions by other channels: of `option`, else of the file that the catalogue names,
// else nullopt. InvalidArgument where there is no catalogue.
absl::StatusOr<std::optional<ChannelCounts>> LoadChannels(const Setup& setup,
                                                          const std::string& option);

// The path of the catalogue that `option` leads to; "" for none.
std::string CatalogPath(const std::string& option);

// LOG arguments as they were given, or standard input where there are none and it is
// piped. InvalidArgument where nothing was named at all.
absl::StatusOr<std::vector<std::string>> LogArguments(const std::vector<std::string>& logs);

// The inputs that LOG arguments lead to; none and a piped standard input means
// that. Errors of single arguments go to `*errors`; a directory without files is
// none, and only said. InvalidArgument where nothing was named at all.
absl::StatusOr<std::vector<LogInput>> OpenInputs(const std::vector<std::string>& logs,
                                                 const std::atomic<bool>* interrupt,
                                                 std::vector<absl::Status>* errors,
                                                 Following following = Following::kNot);

}  // namespace civlog

#endif  // CIVLOG_CLI_OPTIONS_H_
