#include "engine/store_replace.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/calendar.h"
#include "engine/run_parts.h"
#include "engine/service_model.h"
#include "engine/store_schema.h"
#include "engine/stored_sums.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }

// A day as the tables know it.
struct StoredDay {
  int64_t day = 0;
  int64_t from_us = 0;
  int64_t to_us = 0;
  KeyRange hours;
};

StoredDay DayOf(absl::CivilDay day, absl::TimeZone zone) {
  StoredDay stored;
  stored.day = day - absl::CivilDay(1970, 1, 1);
  stored.from_us = absl::ToUnixMicros(absl::FromCivil(day, zone));
  stored.to_us = absl::ToUnixMicros(absl::FromCivil(day + 1, zone));
  stored.hours = {FirstHourIdFrom(stored.from_us), FirstHourIdFrom(stored.to_us)};
  return stored;
}

// What of the tables is replaced.
struct Replaced {
  std::vector<StoredDay> days;
  std::set<int64_t> weeks;

  // Ranges of first keys, by what the keys of a table are.
  std::vector<KeyRange> RangesOf(const TableSpec& spec) const {
    const std::string_view key = spec.numbers.front();
    std::vector<KeyRange> ranges;
    if (key == "hour") {
      for (const StoredDay& day : days) ranges.push_back(day.hours);
    } else if (key == "day") {
      for (const StoredDay& day : days) ranges.push_back({day.day, day.day + 1});
    } else if (key == "week") {
      for (const int64_t week : weeks) ranges.push_back({week, week + 1});
    }
    return ranges;
  }
};

bool InAny(const std::vector<KeyRange>& ranges, int64_t key) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [key](const KeyRange& range) { return range.Contains(key); });
}

// The weeks that the days are all of, and that are over.
absl::StatusOr<std::set<int64_t>> WholeWeeks(StoreFile* file, const Replaced& replaced) {
  const std::vector<KeyRange> hours_of_days = replaced.RangesOf(Tables().hours);
  std::set<int64_t> weeks;
  std::set<int64_t> others;
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file->Table(Tables().hours).Read());
  for (const StoredRow& hour : hours) {
    (InAny(hours_of_days, hour.numbers[0]) ? weeks : others).insert(hour.numbers[2]);
  }
  ASSIGN_OR_RETURN(const std::vector<StoredRow> open,
                   file->Table(Tables().week_visitors.open).Read());
  for (const StoredRow& row : open) others.insert(row.numbers[0]);
  std::erase_if(weeks, [&others](int64_t week) { return others.contains(week); });
  return weeks;
}

// Records in rows of the traffic table.
uint64_t RecordsIn(const std::vector<StoredRow>& rows) {
  uint64_t records = 0;
  for (const StoredRow& row : rows) {
    for (size_t i = StoreTables::kFirstStatusColumn; i < StoreTables::kBytesColumn; ++i) {
      records += static_cast<uint64_t>(row.numbers[i]);
    }
  }
  return records;
}

}  // namespace

absl::Status KnownSources::Keep(const Checkpoint& checkpoint) {
  for (const SourceState& source : checkpoint.sources) known_[source.name] = source.id;
  return store_.Keep(checkpoint);
}

absl::StatusOr<ReplacedDays> ReplacedDays::Make(StoreWriter* store,
                                                std::vector<absl::CivilDay> days,
                                                std::map<std::string, uint32_t> known) {
  ReplacedDays replaced(store, std::move(days), std::move(known));
  for (const absl::CivilDay day : replaced.days_) {
    if (replaced.IsOver(day)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("--replace ", absl::FormatCivilTime(day),
                     ": the store has no lines of after that day yet, so that it is not over: "
                     "ingest goes on with it"));
  }
  return replaced;
}

bool ReplacedDays::IsOver(absl::CivilDay day) const {
  const absl::Time end = absl::FromCivil(day + 1, store_.zone().zone);
  return absl::ToUnixMicros(end) <= store_.clock().run.last_us;
}

absl::Status ReplacedDays::ChooseDays(const LineDays& lines) {
  std::map<int32_t, uint64_t> by_day;
  for (const auto& [place, counts] : lines) by_day[place.first] += counts.lines;
  for (const auto& [number, count] : by_day) {
    if (number == kEveryDay) continue;
    const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + number;
    if (!IsOver(day)) continue;
    ASSIGN_OR_RETURN(const uint64_t stored, store_.LinesOf(number));
    if (count < stored) {
      return absl::FailedPreconditionError(absl::StrCat(
          absl::FormatCivilTime(day), ": the store has ", stored, " lines of that day, these logs ",
          count, "; nothing was replaced: give all logs of the days, or only days that are whole"));
    }
    days_.push_back(day);
  }
  if (!days_.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError("the logs have no day that is over; nothing was replaced");
}

absl::StatusOr<Checkpoint> ReplacedDays::Resume() {
  ASSIGN_OR_RETURN(const Checkpoint last, store_.Resume());
  Checkpoint fresh;
  fresh.segments = last.segments;
  return fresh;
}

absl::StatusOr<SourceState> ReplacedDays::AsNew(ProbedInput* input) {
  const auto known = known_.find(input->input.name);
  if (known == known_.end()) return store_.AsNew(input);
  SourceState source;
  source.id = known->second;
  source.name = input->input.name;
  return source;
}

absl::Status ReplacedDays::Keep(const Checkpoint& checkpoint) {
  if (!checkpoint.whole) {
    return absl::CancelledError(
        "--replace: not every log could be read to its end; nothing was replaced");
  }
  if (days_.empty()) RETURN_IF_ERROR(ChooseDays(checkpoint.lines));
  Checkpoint replacing = checkpoint;
  std::set<uint32_t> ids;
  for (const auto& [name, id] : known_) ids.insert(id);
  std::erase_if(replacing.sources,
                [&ids](const SourceState& source) { return ids.contains(source.id); });
  const absl::CivilDay epoch(1970, 1, 1);
  for (const auto& [place, counts] : checkpoint.lines) {
    const bool of_days = std::any_of(
        days_.begin(), days_.end(),
        [&epoch, number = place.first](absl::CivilDay day) { return day - epoch == number; });
    (of_days ? lines_ : other_lines_) += counts.lines;
  }
  return store_.Replace(days_, replacing);
}

absl::StatusOr<uint64_t> StoreWriter::LinesOf(int32_t day) {
  RETURN_IF_ERROR(file_->Begin());
  const absl::StatusOr<std::vector<StoredRow>> rows =
      file_->Table(Tables().lines).Read({day, int64_t{day} + 1});
  file_->Rollback();
  RETURN_IF_ERROR(rows.status());
  constexpr size_t kLines = 2;
  uint64_t lines = 0;
  for (const StoredRow& row : *rows) lines += static_cast<uint64_t>(row.numbers[kLines]);
  return lines;
}

absl::Status StoreWriter::Replace(const std::vector<absl::CivilDay>& days,
                                  const Checkpoint& checkpoint) {
  RETURN_IF_ERROR(file_->Begin());
  absl::Status written = WriteReplacement(days, checkpoint);
  if (!written.ok()) {
    file_->Rollback();
    return written;
  }
  return file_->Commit();
}

absl::Status StoreWriter::WriteReplacement(const std::vector<absl::CivilDay>& days,
                                           const Checkpoint& checkpoint) {
  ASSIGN_OR_RETURN(const StoreClock there, StoreClock::Read(file_.get()));
  if (there.checkpoint != clock_.checkpoint) return WrittenMeanwhile();
  Replaced replaced;
  for (const absl::CivilDay day : days) replaced.days.push_back(DayOf(day, zone_.zone));
  ASSIGN_OR_RETURN(replaced.weeks, WholeWeeks(file_.get(), replaced));
  ASSIGN_OR_RETURN(clock_.catalog,
                   directory_.Write(file_.get(), catalog_ ? &*catalog_ : nullptr,
                                    checkpoint.segments, absl::ToUnixMicros(absl::Now())));
  for (const TableSpec* spec : Tables().all()) {
    // What is told by week and not over stays.
    for (const KeyRange& range : replaced.RangesOf(*spec)) {
      if (spec == &Tables().traffic) {
        ASSIGN_OR_RETURN(const std::vector<StoredRow> gone, file_->Table(*spec).Read(range));
        clock_.run.records -= RecordsIn(gone);
      }
      RETURN_IF_ERROR(file_->Table(*spec).Erase(range));
    }
  }
  const std::vector<int64_t> routes = RouteNumbers();
  FigureRows rows;
  AppendTraffic(checkpoint.traffic, routes, &rows);
  AppendLines(checkpoint.lines, &rows);
  AppendOrdered(checkpoint.settled, false, routes, &rows);
  AppendOrdered(checkpoint.open, false, routes, &rows);
  AppendSums(zone_.zone, &rows);
  NoteHours(checkpoint.traffic, &rows);
  for (auto& [spec, table_rows] : rows) {
    const std::vector<KeyRange> ranges = replaced.RangesOf(*spec);
    std::erase_if(table_rows,
                  [&](const StoredRow& row) { return !InAny(ranges, row.numbers.front()); });
    if (spec == &Tables().traffic) clock_.run.records += RecordsIn(table_rows);
    RETURN_IF_ERROR(file_->Table(*spec).Write(table_rows));
  }
  RETURN_IF_ERROR(ForgetUnderWay(days));
  RETURN_IF_ERROR(WriteSources(checkpoint.sources));
  ++clock_.checkpoint;
  return file_->Table(Tables().clock).Write({clock_.ToRow()});
}

// Takes visits and attempts that began on the days out of what the next run goes on from.
absl::Status StoreWriter::ForgetUnderWay(const std::vector<absl::CivilDay>& days) {
  ASSIGN_OR_RETURN(std::vector<StoredRow> rows, file_->Table(Tables().shards).Read());
  ASSIGN_OR_RETURN(const std::unique_ptr<ServiceModel> services,
                   ServiceModel::Make(catalog_ ? &*catalog_ : nullptr));
  std::vector<std::string> states;
  Shards shards;
  for (const StoredRow& row : rows) {
    states.push_back(row.texts[0]);
    shards.push_back(std::make_unique<Shard>(*services, 0, zone_.zone, VisitShardLimits(),
                                             TimeDetail::kAllByPeriod, GroupNeeds()));
  }
  TaskPool pool(1);
  if (!RestoreShards(states, &shards, &pool)) {
    return absl::DataLossError(absl::StrCat(
        file_->path(), ": its state of open visits cannot be read; restore it from a copy"));
  }
  for (size_t i = 0; i < shards.size(); ++i) {
    for (const absl::CivilDay day : days) {
      const StoredDay stored = DayOf(day, zone_.zone);
      shards[i]->visits->ForgetBegun(stored.from_us, stored.to_us);
    }
    StateWriter writer;
    writer(*shards[i]);
    rows[i].texts[0] = writer.Take();
  }
  return file_->Table(Tables().shards).Write(rows);
}

}  // namespace civlog
