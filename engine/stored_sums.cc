#include "engine/stored_sums.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "engine/store_writer.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }

// Rows with the day of their hour in its place, those of one key added up.
std::vector<StoredRow> SumsByDay(const std::vector<StoredRow>& by_hour, size_t keys,
                                 Calendar* calendar) {
  std::map<StoredKey, StoredNumbers> sums;
  for (const StoredRow& row : by_hour) {
    StoredKey key(row.numbers.begin(), row.numbers.begin() + static_cast<std::ptrdiff_t>(keys));
    key.front() = calendar->DayOf(key.front() * kMicrosPerHourId);
    const auto [sum, is_new] = sums.try_emplace(key, row.numbers);
    if (is_new) {
      sum->second.front() = key.front();
      continue;
    }
    for (size_t i = keys; i < row.numbers.size(); ++i) sum->second[i] += row.numbers[i];
  }
  std::vector<StoredRow> rows;
  rows.reserve(sums.size());
  for (auto& [key, sum] : sums) rows.push_back({std::move(sum), {}});
  return rows;
}

// Sums of an hour's rows of the traffic table.
std::vector<StoredRow> SumsOfHours(const std::vector<StoredRow>& traffic) {
  struct Sum {
    int64_t requests = 0, page_views = 0, server_errors = 0;
  };
  std::map<int64_t, Sum> sums;
  for (const StoredRow& row : traffic) {
    Sum& sum = sums[row.numbers.front()];
    for (size_t i = StoreTables::kFirstStatusClass; i < StoreTables::kBytes; ++i) {
      sum.requests += row.numbers[i];
    }
    sum.server_errors += row.numbers[StoreTables::kFirstStatusClass + 5];
    sum.page_views += row.numbers[StoreTables::kPageViews];
  }
  std::vector<StoredRow> rows;
  for (const auto& [hour, sum] : sums) {
    rows.push_back({{hour, sum.requests, sum.page_views, sum.server_errors}, {}});
  }
  return rows;
}

// The sums of `by_hour` alone.
FigureRows SumsOf(absl::TimeZone zone, FigureRows by_hour) {
  AppendSums(zone, &by_hour);
  for (const DaySums& sums : Tables().day_sums()) by_hour.erase(sums.by_hour);
  return by_hour;
}

// Gives `take` the sums of each day of the store, with the day and its hours, and those of all
// that is open, with ranges without ends.
using TakeSums = absl::FunctionRef<absl::Status(const KeyRange& day, const KeyRange& hours,
                                                const FigureRows& sums)>;
absl::Status ForEachDay(StoreFile* file, TakeSums take) {
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(Tables().hours).Read());
  if (hours.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const StoreClock clock, StoreClock::Read(file));
  ASSIGN_OR_RETURN(const absl::TimeZone zone, clock.Zone(file->path()));
  std::map<int64_t, KeyRange> days;
  for (const StoredRow& hour : hours) {
    const int64_t id = hour.numbers[0];
    KeyRange& day = days.try_emplace(hour.numbers[1], KeyRange{id, id}).first->second;
    day = {std::min(day.from, id), std::max(day.to, id + 1)};
  }
  const auto read = [file](bool open, const KeyRange& range) -> absl::StatusOr<FigureRows> {
    FigureRows rows;
    for (const DaySums& sums : Tables().day_sums()) {
      if ((sums.by_hour->code > kOpenCodes) != open) continue;
      ASSIGN_OR_RETURN(rows[sums.by_hour], file->Table(*sums.by_hour).Read(range));
    }
    return rows;
  };
  ASSIGN_OR_RETURN(FigureRows rows, read(true, {}));
  RETURN_IF_ERROR(take({}, {}, SumsOf(zone, std::move(rows))));
  for (const auto& [day, range] : days) {
    ASSIGN_OR_RETURN(rows, read(false, range));
    RETURN_IF_ERROR(take({day, day + 1}, range, SumsOf(zone, std::move(rows))));
  }
  return absl::OkStatus();
}

}  // namespace

void AppendSums(absl::TimeZone zone, FigureRows* rows) {
  Calendar calendar(zone);
  for (const DaySums& sums : Tables().day_sums()) {
    const auto by_hour = rows->find(sums.by_hour);
    if (by_hour == rows->end()) continue;
    (*rows)[sums.by_day] = SumsByDay(by_hour->second, sums.by_hour->keys, &calendar);
  }
  const auto traffic = rows->find(&Tables().traffic);
  if (traffic != rows->end()) (*rows)[&Tables().hour_traffic] = SumsOfHours(traffic->second);
}

absl::Status SumUp(StoreFile* file) {
  return ForEachDay(file, [file](const KeyRange&, const KeyRange&, const FigureRows& sums) {
    for (const auto& [spec, rows] : sums) RETURN_IF_ERROR(file->Table(*spec).Write(rows));
    return absl::OkStatus();
  });
}

absl::Status CheckSums(StoreFile* file) {
  std::map<const TableSpec*, uint64_t> counts;
  const auto wrong = [file](const TableSpec& spec) {
    return absl::DataLossError(
        absl::StrCat(file->path(), ": damaged: the table ", spec.name,
                     " does not have the sums of what is counted by hour; restore the file from a "
                     "copy"));
  };
  const auto check = [&](const KeyRange& day, const KeyRange& hours, const FigureRows& sums) {
    for (const auto& [spec, rows] : sums) {
      const KeyRange& range = spec == &Tables().hour_traffic ? hours : day;
      ASSIGN_OR_RETURN(const std::vector<StoredRow> there, file->Table(*spec).Read(range));
      const bool same =
          std::equal(there.begin(), there.end(), rows.begin(), rows.end(),
                     [](const StoredRow& a, const StoredRow& b) { return a.numbers == b.numbers; });
      if (!same) return wrong(*spec);
      counts[spec] += rows.size();
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachDay(file, check));
  // Nor sums of days that there are no hours of.
  std::vector<const TableSpec*> specs = {&Tables().hour_traffic};
  for (const DaySums& sums : Tables().day_sums()) specs.push_back(sums.by_day);
  for (const TableSpec* spec : specs) {
    ASSIGN_OR_RETURN(const uint64_t rows, file->Table(*spec).Count());
    if (rows != counts[spec]) return wrong(*spec);
  }
  return absl::OkStatus();
}

}  // namespace civlog
