#include "engine/store_migration.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "engine/store_writer.h"
#include "parsers/status_macros.h"

namespace civlog {

absl::Status MoveHoursBeforeEpoch(StoreFile* file) {
  constexpr int64_t kTooHigh = int64_t{1} << 32;
  // No log has hours so late that are right: they would be of the year 63,000.
  const KeyRange moved{.from = kTooHigh / 2};
  const StoreTables& tables = StoreTables::Get();
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(tables.hours).Read(moved));
  if (hours.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const StoreClock clock, StoreClock::Read(file));
  ASSIGN_OR_RETURN(const absl::TimeZone zone, clock.Zone(file->path()));
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

absl::Status StopOlderWriters(StoreFile* file) {
  ASSIGN_OR_RETURN(StoreClock clock, StoreClock::Read(file));
  if (clock.checkpoint == 0) return absl::OkStatus();
  // A writer goes on from the checkpoint that it has made.
  ++clock.checkpoint;
  return file->Table(StoreTables::Get().clock).Write({clock.ToRow()});
}

}  // namespace civlog
