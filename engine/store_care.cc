#include "engine/store_care.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/calendar.h"
#include "engine/key_file.h"
#include "engine/store_file.h"
#include "engine/store_schema.h"
#include "engine/store_writer.h"
#include "engine/stored_sums.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

absl::Status CheckAll(StoreFile* file) {
  RETURN_IF_ERROR(file->Check());
  return CheckSums(file);
}

// Runs `change` in a transaction, held against other writers.
template <typename Change>
absl::Status InTransaction(StoreFile* file, const Change& change) {
  RETURN_IF_ERROR(file->Begin());
  absl::Status status = change();
  if (status.ok()) return file->Commit();
  file->Rollback();
  return status;
}

absl::Status Rewrite(StoreFile* file) {
  RETURN_IF_ERROR(file->database().Run("VACUUM"));
  return file->database().Run("PRAGMA wal_checkpoint(TRUNCATE)");
}

// The first key that is kept, by what the keys of a table are.
struct KeptFrom {
  int64_t hour = 0;
  int64_t day = 0;
  int64_t week = 0;

  // nullopt for tables that are not of times.
  std::optional<int64_t> Of(const TableSpec& spec) const {
    const std::string_view key = spec.numbers.front();
    if (key == "hour") return hour;
    if (key == "day") return day;
    if (key == "week") return week;
    return std::nullopt;
  }
};

absl::Status EraseBefore(StoreFile* file, const KeptFrom& kept, int64_t* hours) {
  constexpr int64_t kFirst = std::numeric_limits<int64_t>::min();
  const StoreTables& tables = StoreTables::Get();
  for (const TwofoldTable* table : {&tables.visits, &tables.attempts}) {
    ASSIGN_OR_RETURN(const std::vector<StoredRow> open,
                     file->Table(table->open).Read({kFirst, kept.hour}));
    if (open.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(file->path(),
                     ": visits or attempts that began before that day are still "
                     "under way; nothing was forgotten"));
  }
  ASSIGN_OR_RETURN(const std::vector<StoredRow> forgotten,
                   file->Table(tables.hours).Read({kFirst, kept.hour}));
  *hours = static_cast<int64_t>(forgotten.size());
  for (const TableSpec* spec : tables.all()) {
    const std::optional<int64_t> first = kept.Of(*spec);
    if (first && spec->code < kOpenCodes) {
      RETURN_IF_ERROR(file->Table(*spec).Erase({kFirst, *first}));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckStore(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreFile> file,
                   StoreFile::Open(path, StoreFile::Mode::kRead));
  RETURN_IF_ERROR(file->Begin());
  absl::Status status = CheckAll(file.get());
  file->Rollback();
  return status;
}

absl::Status CompactStore(const std::string& path) {
  ASSIGN_OR_RETURN(const StoreLock lock, StoreLock::Take(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreFile> file,
                   StoreFile::Open(path, StoreFile::Mode::kWrite));
  StoreClock clock;
  const absl::Status checked = InTransaction(file.get(), [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckAll(file.get()));
    ASSIGN_OR_RETURN(clock, StoreClock::Read(file.get()));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(checked);
  RETURN_IF_ERROR(Rewrite(file.get()));
  absl::TimeZone zone;
  if (clock.merged || !absl::LoadTimeZone(clock.time_zone, &zone)) return absl::OkStatus();
  ASSIGN_OR_RETURN(StoredKeys keys, ReadKeyFile(KeyFileOf(path)));
  const int32_t first_in_use =
      Calendar(zone).WeekOf(absl::ToUnixMicros(absl::Now()) - kWeekKeyCarryUs);
  const size_t before = keys.weeks.size();
  keys.weeks.erase(keys.weeks.begin(), keys.weeks.lower_bound(first_in_use));
  if (keys.weeks.size() == before) return absl::OkStatus();
  return WriteKeyFile(KeyFileOf(path), keys);
}

absl::StatusOr<int64_t> ForgetBefore(const std::string& path, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const StoreLock lock, StoreLock::Take(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreFile> file,
                   StoreFile::Open(path, StoreFile::Mode::kWrite));
  int64_t hours = 0;
  const absl::Status forgotten = InTransaction(file.get(), [&]() -> absl::Status {
    ASSIGN_OR_RETURN(StoreClock clock, StoreClock::Read(file.get()));
    ASSIGN_OR_RETURN(const absl::TimeZone zone, clock.Zone(path));
    const int64_t from_us = absl::ToUnixMicros(absl::FromCivil(day, zone));
    Calendar calendar(zone);
    RETURN_IF_ERROR(EraseBefore(
        file.get(), {FirstHourIdFrom(from_us), calendar.DayOf(from_us), calendar.WeekOf(from_us)},
        &hours));
    clock.run.first_us = std::max(clock.run.first_us, from_us);
    return file->Table(StoreTables::Get().clock).Write({clock.ToRow()});
  });
  RETURN_IF_ERROR(forgotten);
  RETURN_IF_ERROR(Rewrite(file.get()));
  return hours;
}

}  // namespace civlog
