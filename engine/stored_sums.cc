#include "engine/stored_sums.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }

using DayOfHour = absl::FunctionRef<int64_t(int64_t hour)>;

// Rows with the day of their hour in its place, those of one key added up.
std::vector<StoredRow> SumsByDay(const std::vector<StoredRow>& by_hour, size_t keys,
                                 DayOfHour day_of) {
  std::map<StoredKey, StoredNumbers> sums;
  for (const StoredRow& row : by_hour) {
    StoredKey key(row.numbers.begin(), row.numbers.begin() + static_cast<std::ptrdiff_t>(keys));
    key.front() = day_of(key.front());
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
    for (size_t i = StoreTables::kFirstStatusColumn; i < StoreTables::kBytesColumn; ++i) {
      sum.requests += row.numbers[i];
    }
    sum.server_errors += row.numbers[StoreTables::kFirstStatusColumn + 5];
    sum.page_views += row.numbers[StoreTables::kPageViewsColumn];
  }
  std::vector<StoredRow> rows;
  for (const auto& [hour, sum] : sums) {
    rows.push_back({{hour, sum.requests, sum.page_views, sum.server_errors}, {}});
  }
  return rows;
}

FigureRows SumsOf(const FigureRows& rows, DayOfHour day_of) {
  FigureRows all_sums;
  for (const DaySums& sums : Tables().day_sums()) {
    const auto by_hour = rows.find(sums.by_hour);
    if (by_hour == rows.end()) continue;
    all_sums[sums.by_day] = SumsByDay(by_hour->second, sums.by_hour->keys, day_of);
  }
  const auto traffic = rows.find(&Tables().traffic);
  if (traffic != rows.end()) all_sums[&Tables().hour_traffic] = SumsOfHours(traffic->second);
  return all_sums;
}

// The days of a store's hours.
using HourDays = std::map<int64_t, int64_t>;

// A day of a store, or what is open, of all days.
struct DayOfStore {
  const HourDays& days;
  std::optional<int64_t> number = std::nullopt;  // nullopt: what is open
  KeyRange hours = {};  // from the first one to the last; all are its own in most zones

  bool Has(int64_t hour) const {
    const auto day = days.find(hour);
    return !number || (day != days.end() && day->second == *number);
  }
  // Rows of a table, whose first key is an hour or a day.
  absl::StatusOr<std::vector<StoredRow>> Read(StoreFile* file, const TableSpec& spec) const {
    const bool by_hour = std::string_view(spec.numbers.front()) == "hour";
    const KeyRange day = number ? KeyRange{*number, *number + 1} : KeyRange();
    ASSIGN_OR_RETURN(std::vector<StoredRow> rows, file->Table(spec).Read(by_hour ? hours : day));
    if (by_hour) {
      std::erase_if(rows, [this](const StoredRow& row) { return !Has(row.numbers.front()); });
    }
    return rows;
  }
};

// Gives `take` the sums of what is open, and of one day of the store after the other.
using TakeSums = absl::FunctionRef<absl::Status(const DayOfStore&, const FigureRows& sums)>;
absl::Status ForEachDay(StoreFile* file, TakeSums take) {
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(Tables().hours).Read());
  HourDays days;
  std::map<int64_t, KeyRange> hours_of;
  for (const StoredRow& row : hours) {
    const int64_t hour = row.numbers[0];
    days[hour] = row.numbers[1];
    KeyRange& range = hours_of.try_emplace(row.numbers[1], KeyRange{hour, hour}).first->second;
    range = {std::min(range.from, hour), std::max(range.to, hour + 1)};
  }
  const auto day_of = [&days](int64_t hour) {
    const auto day = days.find(hour);
    return day != days.end() ? day->second : int64_t{kEveryDay};
  };
  const auto take_day = [&](const DayOfStore& day) -> absl::Status {
    FigureRows rows;
    for (const DaySums& sums : Tables().day_sums()) {
      if ((sums.by_hour->code < kOpenCodes) != day.number.has_value()) continue;
      ASSIGN_OR_RETURN(rows[sums.by_hour], day.Read(file, *sums.by_hour));
    }
    return take(day, SumsOf(rows, day_of));
  };
  RETURN_IF_ERROR(take_day({days}));
  for (const auto& [number, range] : hours_of) RETURN_IF_ERROR(take_day({days, number, range}));
  return absl::OkStatus();
}

}  // namespace

void AppendSums(absl::TimeZone zone, FigureRows* rows) {
  Calendar calendar(zone);
  rows->merge(SumsOf(*rows, [&calendar](int64_t hour) -> int64_t {
    return calendar.DayOf(hour * kMicrosPerHourId);
  }));
}

absl::Status SumUp(StoreFile* file) {
  return ForEachDay(file, [file](const DayOfStore&, const FigureRows& sums) {
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
  const auto check = [&](const DayOfStore& day, const FigureRows& sums) {
    for (const auto& [spec, rows] : sums) {
      ASSIGN_OR_RETURN(const std::vector<StoredRow> there, day.Read(file, *spec));
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
