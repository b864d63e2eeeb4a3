#include "cli/store_command.h"

#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/output.h"
#include "cli/run_flags.h"
#include "cli/store_exit_code.h"
#include "engine/store_care.h"
#include "engine/store_reader.h"
#include "engine/store_schema.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/text_table.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

std::string TimeText(int64_t time_us, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixMicros(time_us), zone);
}

uint64_t SizeOf(const std::string& path) {
  struct stat info = {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
}

struct StoreInfo {
  StoreClock clock;
  absl::TimeZone zone;
  uint64_t bytes = 0;
  int64_t services = 0;
  std::vector<std::string> catalogs;  // digests, the one used last at the end
  std::vector<StoredRow> sources;
  int64_t hours = 0;
  int64_t restated_hours = 0;
};

absl::StatusOr<StoreInfo> ReadInfo(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> store, StoreReader::Open(path));
  const StoreTables& tables = StoreTables::Get();
  StoreInfo info;
  info.clock = store->clock();
  info.zone = store->zone();
  info.bytes = SizeOf(path) + SizeOf(path + "-wal");
  const auto count = [&](const TableSpec& spec, int64_t* rows) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<StoredRow> all, store->file().Table(spec).Read());
    *rows = static_cast<int64_t>(all.size());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(count(tables.services, &info.services));
  RETURN_IF_ERROR(count(tables.hours, &info.hours));
  RETURN_IF_ERROR(count(tables.restatements, &info.restated_hours));
  ASSIGN_OR_RETURN(info.sources, store->file().Table(tables.sources).Read());
  ASSIGN_OR_RETURN(const std::vector<StoredRow> catalogs,
                   store->file().Table(tables.catalogs).Read());
  for (const StoredRow& row : catalogs) {
    if (row.numbers[0] != info.clock.catalog) info.catalogs.push_back(row.texts[0]);
  }
  for (const StoredRow& row : catalogs) {
    if (row.numbers[0] == info.clock.catalog) info.catalogs.push_back(row.texts[0]);
  }
  return info;
}

std::string InfoJson(const StoreInfo& info) {
  ordered_json sources = ordered_json::array();
  for (const StoredRow& row : info.sources) {
    sources.push_back({{"name", EscapeForTerminal(row.texts[0])},
                       {"format", row.texts[1]},
                       {"lines", row.numbers[6]},
                       {"rejected", row.numbers[7]},
                       {"bytes_read", row.numbers[5]}});
  }
  const auto time = [&](int64_t time_us) {
    return absl::FormatTime("%Y-%m-%d%ET%H:%M:%S%Ez", absl::FromUnixMicros(time_us), info.zone);
  };
  const RunClock& run = info.clock.run;
  ordered_json first = nullptr;
  ordered_json last = nullptr;
  if (run.records > 0) {
    first = time(run.first_us);
    last = time(run.last_us);
  }
  const ordered_json document = {{"schema", "civlog.store/1"},
                                 {"version", StoreMigrations().size()},
                                 {"written_by", info.clock.written_by},
                                 {"merged", info.clock.merged},
                                 {"time_zone", info.clock.time_zone},
                                 {"checkpoints", info.clock.checkpoint},
                                 {"records", run.records},
                                 {"first_record", std::move(first)},
                                 {"last_record", std::move(last)},
                                 {"hours", info.hours},
                                 {"restated_hours", info.restated_hours},
                                 {"services", info.services},
                                 {"catalogs", info.catalogs},
                                 {"bytes", info.bytes},
                                 {"sources", std::move(sources)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string InfoText(const std::string& path, const StoreInfo& info) {
  const RunClock& run = info.clock.run;
  std::string text =
      absl::StrCat(EscapeForTerminal(path), ": ", FormatCount(run.records), " records",
                   run.records > 0 ? absl::StrCat(" of ", TimeText(run.first_us, info.zone), " to ",
                                                  TimeText(run.last_us, info.zone))
                                   : "",
                   " ", info.clock.time_zone, "\n");
  absl::StrAppend(&text, "  ", FormatCount(static_cast<uint64_t>(info.hours)),
                  " hours with lines, ", FormatCount(static_cast<uint64_t>(info.services)),
                  " services, ", FormatBytes(info.bytes),
                  info.clock.merged ? ", merged of other stores" : "", "\n");
  if (info.restated_hours > 0) {
    absl::StrAppend(&text, "  ", FormatCount(static_cast<uint64_t>(info.restated_hours)),
                    " hours got lines after they had been over\n");
  }
  if (!info.catalogs.empty()) {
    absl::StrAppend(&text, "  catalogue ", info.catalogs.back().substr(0, 8));
    if (info.catalogs.size() > 1) {
      absl::StrAppend(&text, ", ", info.catalogs.size() - 1, " before it");
    }
    text.push_back('\n');
  }
  for (const StoredRow& row : info.sources) {
    absl::StrAppend(&text, "  ", EscapeForTerminal(row.texts[0]), ": ",
                    FormatCount(static_cast<uint64_t>(row.numbers[6])), " lines, ",
                    FormatCount(static_cast<uint64_t>(row.numbers[7])), " rejected, ", row.texts[1],
                    "\n");
  }
  return text;
}

absl::StatusOr<std::string> Do(const StoreCommand& command) {
  if (command.verb == "check") {
    RETURN_IF_ERROR(CheckStore(command.store));
    return absl::StrCat(EscapeForTerminal(command.store), ": every row is as it was written\n");
  }
  if (command.verb == "compact") {
    const uint64_t before = SizeOf(command.store);
    RETURN_IF_ERROR(CompactStore(command.store));
    return absl::StrCat(EscapeForTerminal(command.store), ": ", FormatBytes(before), " before, ",
                        FormatBytes(SizeOf(command.store)), " now\n");
  }
  if (command.verb == "forget") {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(command.before, &day)) {
      return absl::InvalidArgumentError(absl::StrCat("--before ", EscapeForTerminal(command.before),
                                                     ": no date; give one like 2026-01-01"));
    }
    ASSIGN_OR_RETURN(const int64_t hours, ForgetBefore(command.store, day));
    return absl::StrCat(EscapeForTerminal(command.store), ": ",
                        FormatCount(static_cast<uint64_t>(hours)), " hours before ",
                        absl::FormatCivilTime(day), " forgotten\n");
  }
  if (command.verb == "merge") {
    RETURN_IF_ERROR(MergeStores(command.store, command.others, CIVLOG_VERSION));
    Complain(absl::StrCat("merged: a visitor whose requests went to several of these ",
                          command.others.size(), " is counted in each; to be read only"));
  }
  ASSIGN_OR_RETURN(const StoreInfo info, ReadInfo(command.store));
  return command.json ? InfoJson(info) : InfoText(command.store, info);
}

}  // namespace

int RunStore(const StoreCommand& command) {
  const absl::StatusOr<std::string> text = Do(command);
  if (!text.ok()) {
    ComplainAll(text.status());
    return StoreExitCode(text.status());
  }
  const absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  if (!output.ok()) return kOutputError;
  (*output)->Write(*text);
  return (*output)->Close().ok() ? kDone : kOutputError;
}

}  // namespace civlog
