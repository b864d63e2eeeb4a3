#include "tests/support/store_figures.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <vector>

#include "engine/calendar.h"
#include "engine/store_care.h"
#include "engine/store_reader.h"
#include "engine/week_keys.h"
#include "parsers/status_macros.h"
#include "queries/analysis_json.h"
#include "queries/stored_analysis.h"

namespace civlog {
namespace {

absl::StatusOr<std::vector<HourId>> LateHours(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> reader, StoreReader::Open(path));
  Calendar calendar(reader->zone());
  const int64_t watermark_us = reader->clock().run.watermark.order_us;
  ASSIGN_OR_RETURN(std::vector<HourId> hours,
                   reader->Restated(absl::UnixEpoch(), absl::UnixEpoch() + absl::Hours(1'000'000)));
  const auto has_key = [&](HourId hour) {
    const int64_t hour_us = absl::ToUnixMicros(Calendar::TimeOf(hour));
    return calendar.WeekOf(hour_us) >= calendar.WeekOf(watermark_us - kWeekKeyCarryUs);
  };
  hours.erase(std::remove_if(hours.begin(), hours.end(), has_key), hours.end());
  return hours;
}

nlohmann::json WithoutVisitors(nlohmann::json figures) {
  for (const char* key : {"citizens", "rates", "stages", "notes"}) figures.erase(key);
  for (const char* span : {"hours", "days"}) {
    for (nlohmann::json& counts : figures[span]) counts.erase("visits");
  }
  for (nlohmann::json& service : figures["services"]) {
    service = {{"id", service["id"]},
               {"requests", service["requests"]},
               {"page_views", service["page_views"]},
               {"status", service["status"]},
               {"latency_ms", service["latency_ms"]}};
  }
  return figures;
}

}  // namespace

nlohmann::json ComparableFigures(const std::string& text) {
  nlohmann::json figures = nlohmann::json::parse(text, nullptr, false);
  if (!figures.is_object()) return nullptr;
  figures["generator"].erase("version");
  figures["lines"]["rejected_samples"] = nlohmann::json::array();
  return figures;
}

absl::StatusOr<nlohmann::json> FiguresOfStore(const std::string& path,
                                              std::optional<absl::Time> from,
                                              std::optional<absl::Time> to) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> reader, StoreReader::Open(path));
  ASSIGN_OR_RETURN(const Catalog* catalog, reader->UseCatalog(nullptr));
  ASSIGN_OR_RETURN(const Analysis analysis, AnalyzeStore(reader.get(), catalog, from, to, {}));
  return ComparableFigures(AnalysisToJson(analysis, "en"));
}

bool LinesCameAfterTheirKey(const std::string& path) {
  const absl::StatusOr<std::vector<HourId>> hours = LateHours(path);
  return hours.ok() && !hours->empty();
}

std::string DifferenceOfStore(const std::string& path, const nlohmann::json& analyzed) {
  if (const absl::Status status = CheckStore(path); !status.ok()) return status.ToString();
  const absl::StatusOr<nlohmann::json> stored = FiguresOfStore(path);
  if (!stored.ok()) return stored.status().ToString();
  const bool tells_visitors = !LinesCameAfterTheirKey(path);
  const nlohmann::json patch =
      tells_visitors ? nlohmann::json::diff(analyzed, *stored)
                     : nlohmann::json::diff(WithoutVisitors(analyzed), WithoutVisitors(*stored));
  return patch.empty() ? "" : patch.dump();
}

std::string WhatDoesNotAddUp(const nlohmann::json& figures) {
  std::ostringstream wrong;
  const auto check = [&wrong](const char* what, uint64_t whole, uint64_t parts) {
    if (whole != parts) wrong << what << ": " << whole << " are not " << parts << "\n";
  };
  const nlohmann::json& lines = figures["lines"];
  const nlohmann::json& records = figures["records"];
  check("lines", lines["read"],
        lines["blank"].get<uint64_t>() + lines["directive"].get<uint64_t>() +
            lines["records"].get<uint64_t>() + lines["rejected"]["total"].get<uint64_t>());
  check("records", lines["records"],
        records["counted"].get<uint64_t>() + records["unreadable_request"].get<uint64_t>() +
            records["outside_portal"].get<uint64_t>() + records["asset"].get<uint64_t>() +
            records["not_citizen"]["total"].get<uint64_t>());
  check("requests", figures["traffic"]["requests"], lines["records"]);
  uint64_t by_hour = 0;
  for (const nlohmann::json& hour : figures["hours"]) by_hour += hour["requests"].get<uint64_t>();
  check("requests by hour", by_hour, lines["records"]);
  for (const nlohmann::json& service : figures["services"]) {
    const nlohmann::json& attempts = service["attempts"];
    if (attempts.is_null()) continue;
    uint64_t ended = 0;
    for (const char* end : {"granted", "refused", "failed", "abandoned", "open"}) {
      ended += attempts[end].get<uint64_t>();
    }
    check("attempts", attempts["started"], ended);
  }
  return wrong.str();
}

}  // namespace civlog
