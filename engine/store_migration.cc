#include "engine/store_migration.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "engine/store_writer.h"
#include "engine/stored_figures.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

absl::StatusOr<absl::TimeZone> ZoneOf(StoreFile* file) {
  ASSIGN_OR_RETURN(const StoreClock clock, StoreClock::Read(file));
  absl::TimeZone zone;
  if (absl::LoadTimeZone(clock.time_zone, &zone)) return zone;
  return absl::InvalidArgumentError(
      absl::StrCat(file->path(), ": its time zone ", clock.time_zone, " is not known here"));
}

}  // namespace

absl::Status MoveHoursBeforeEpoch(StoreFile* file) {
  constexpr int64_t kTooHigh = int64_t{1} << 32;
  // No log has hours so late that are right: they would be of the year 63,000.
  const KeyRange moved{.from = kTooHigh / 2};
  const StoreTables& tables = StoreTables::Get();
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(tables.hours).Read(moved));
  if (hours.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::TimeZone zone, ZoneOf(file));
  for (const TableSpec* spec : tables.all()) {
    if (std::string_view(spec->numbers.front()) != "hour" || spec == &tables.hours) continue;
    StoredTable table = file->Table(*spec);
    ASSIGN_OR_RETURN(std::vector<StoredRow> rows, table.Read(moved));
    for (StoredRow& row : rows) row.numbers[0] -= kTooHigh;
    RETURN_IF_ERROR(table.Erase(moved));
    RETURN_IF_ERROR(table.Write(rows));
  }
  RETURN_IF_ERROR(file->Table(tables.hours).Erase(moved));
  StoredTable catalogs = file->Table(tables.day_catalogs);
  Calendar calendar(zone);
  for (const StoredRow& hour : hours) {
    const StoredRow right =
        HourRow(static_cast<HourId>(hour.numbers[0] - kTooHigh), &calendar, zone);
    RETURN_IF_ERROR(file->Table(tables.hours).Write({right}));
    const KeyRange day{hour.numbers[1], hour.numbers[1] + 1};
    ASSIGN_OR_RETURN(std::vector<StoredRow> rows, catalogs.Read(day));
    for (StoredRow& row : rows) row.numbers[0] = right.numbers[1];
    RETURN_IF_ERROR(catalogs.Erase(day));
    RETURN_IF_ERROR(catalogs.Write(rows));
  }
  return absl::OkStatus();
}

namespace {

// Writes the sums of what `rows` has, and these alone.
absl::Status WriteSums(absl::TimeZone zone, FigureRows rows, StoreFile* file) {
  std::set<const TableSpec*> there;
  for (const auto& [spec, table_rows] : rows) there.insert(spec);
  AppendSums(zone, &rows);
  for (const auto& [spec, table_rows] : rows) {
    if (!there.contains(spec)) RETURN_IF_ERROR(file->Table(*spec).Write(table_rows));
  }
  return absl::OkStatus();
}

}  // namespace

// Day by day, since a store may be many times larger than the memory that this may take.
absl::Status SumUp(StoreFile* file) {
  const StoreTables& tables = StoreTables::Get();
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(tables.hours).Read());
  if (hours.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::TimeZone zone, ZoneOf(file));
  std::map<int64_t, KeyRange> days;
  for (const StoredRow& hour : hours) {
    KeyRange& day = days.try_emplace(hour.numbers[1], KeyRange{hour.numbers[0], 0}).first->second;
    day.from = std::min(day.from, hour.numbers[0]);
    day.to = std::max(day.to, hour.numbers[0] + 1);
  }
  FigureRows open;
  for (const DaySums& sums : tables.day_sums()) {
    if (sums.by_hour->code < kOpenCodes) continue;
    ASSIGN_OR_RETURN(open[sums.by_hour], file->Table(*sums.by_hour).Read());
  }
  RETURN_IF_ERROR(WriteSums(zone, std::move(open), file));
  for (const auto& [day, range] : days) {
    FigureRows rows;
    for (const DaySums& sums : tables.day_sums()) {
      if (sums.by_hour->code > kOpenCodes) continue;
      ASSIGN_OR_RETURN(rows[sums.by_hour], file->Table(*sums.by_hour).Read(range));
    }
    RETURN_IF_ERROR(WriteSums(zone, std::move(rows), file));
  }
  return absl::OkStatus();
}

}  // namespace civlog
