#include "engine/store_reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }

}  // namespace

absl::StatusOr<std::unique_ptr<StoreReader>> StoreReader::Open(const std::string& path) {
  std::unique_ptr<StoreReader> reader(new StoreReader());
  ASSIGN_OR_RETURN(reader->file_, StoreFile::Open(path, StoreFile::Mode::kRead));
  RETURN_IF_ERROR(reader->file_->Begin());
  ASSIGN_OR_RETURN(reader->clock_, StoreClock::Read(reader->file_.get()));
  if (reader->clock_.checkpoint == 0) {
    return absl::NotFoundError(
        absl::StrCat(path, ": nothing was counted yet; civlog ingest --store does that"));
  }
  ASSIGN_OR_RETURN(reader->zone_, reader->clock_.Zone(path));
  ASSIGN_OR_RETURN(reader->directory_, ServiceDirectory::Read(reader->file_.get()));
  return reader;
}

StoreReader::~StoreReader() {
  if (file_ != nullptr) file_->Rollback();
}

absl::StatusOr<const Catalog*> StoreReader::UseCatalog(const Catalog* current) {
  ASSIGN_OR_RETURN(catalog_, directory_.CatalogFor(current));
  routes_.clear();
  if (!catalog_) return nullptr;
  ASSIGN_OR_RETURN(const std::unique_ptr<RouteTable> table, RouteTable::Make(*catalog_));
  routes_ = table->routes();
  return &*catalog_;
}

std::vector<int64_t> StoreReader::RouteNumbers() const {
  std::vector<int64_t> numbers;
  for (const RouteRef& route : routes_) numbers.push_back(directory_.RouteNumber(route));
  return numbers;
}

absl::StatusOr<StoredSpan> StoreReader::SpanOf(std::optional<absl::Time> from,
                                               std::optional<absl::Time> to) {
  StoredSpan span;
  Calendar calendar(zone_);
  span.first_week = span.last_week = INT32_MIN;
  if (from) {
    const int64_t from_us = absl::ToUnixMicros(*from);
    span.hours.from = FirstHourIdFrom(from_us);
    span.days.from = calendar.DayOf(from_us);
    span.weeks.from = span.first_week = calendar.WeekOf(from_us);
    const int64_t weekday = span.days.from - Calendar::MondayOf(span.first_week);
    span.first_week_days = static_cast<DaysOfWeek>(kWholeWeek & (kWholeWeek << weekday));
  }
  if (to) {
    const int64_t last_us = absl::ToUnixMicros(*to) - 1;
    span.hours.to = FirstHourIdFrom(last_us + 1);
    span.days.to = calendar.DayOf(last_us) + 1;
    span.last_week = calendar.WeekOf(last_us);
    span.weeks.to = span.last_week + 1;
    const int64_t days = span.days.to - Calendar::MondayOf(span.last_week);
    span.last_week_days = static_cast<DaysOfWeek>((1U << days) - 1);
  }
  if (span.first_week_days == kWholeWeek && span.last_week_days == kWholeWeek) return span;
  // The weeks at the ends are whole all the same where nothing else of them is stored.
  const int64_t hours_per_week = 7 * 24 * 4;
  KeyRange around = span.hours;
  if (from) around.from -= hours_per_week;
  if (to) around.to += hours_per_week;
  ASSIGN_OR_RETURN(const std::vector<StoredRow> hours, file_->Table(Tables().hours).Read(around));
  for (const StoredRow& hour : hours) {
    const bool inside = span.hours.Contains(hour.numbers[0]);
    if (!inside && span.weeks.Contains(hour.numbers[2])) span.whole_weeks = false;
  }
  return span;
}

// How much of each source is of the span.
absl::Status StoreReader::AddSources(const StoredLines& lines, RunResult* run) {
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, file_->Table(Tables().sources).Read());
  for (const StoredRow& row : rows) {
    const auto counts = lines.by_source.find(row.numbers[0]);
    if (counts == lines.by_source.end()) continue;
    RunSource source;
    source.name = row.texts[0];
    source.format = row.texts[1];
    source.lines = counts->second.lines;
    for (const uint64_t rejected : counts->second.rejected) source.rejected += rejected;
    run->sources.push_back(std::move(source));
  }
  return absl::OkStatus();
}

absl::Status StoreReader::AddPeriod(const StoredSpan& span, bool everything, RunResult* run) {
  uint64_t records = 0;
  int64_t first = std::numeric_limits<int64_t>::max();
  int64_t last = std::numeric_limits<int64_t>::min();
  const auto add_hour = [&](HourId hour) {
    if (hour == kAllHours) return;
    first = std::min<int64_t>(first, hour);
    last = std::max<int64_t>(last, hour);
  };
  const CounterTable& traffic = run->traffic.traffic;
  for (size_t row = 0; row < traffic.rows(); ++row) {
    records += traffic.value(row, kRequests);
    add_hour(TrafficKey::Unpack(traffic.key(row)).hour);
  }
  const CounterTable& hours = run->traffic.hours;
  for (size_t row = 0; row < hours.rows(); ++row) add_hour(HourOfKey(hours.key(row)));
  run->records = records;
  run->whole_weeks = span.whole_weeks;
  if (records == 0) return absl::OkStatus();
  run->first_us = std::max(first * kMicrosPerHourId, clock_.run.first_us);
  run->last_us = std::min(last * kMicrosPerHourId + kMicrosPerHour - 1, clock_.run.last_us);
  if (everything) {
    run->first_us = clock_.run.first_us;
    run->last_us = clock_.run.last_us;
  }
  return absl::OkStatus();
}

absl::StatusOr<RunResult> StoreReader::Read(std::optional<absl::Time> from,
                                            std::optional<absl::Time> to, TimeDetail detail) {
  RunResult run;
  ASSIGN_OR_RETURN(const StoredSpan span, SpanOf(from, to));
  std::map<int64_t, RouteId> routes;
  for (size_t route = 0; route < routes_.size(); ++route) {
    const int64_t number = directory_.RouteNumber(routes_[route]);
    if (number != 0) routes.try_emplace(number, static_cast<RouteId>(route));
  }
  ASSIGN_OR_RETURN(run.traffic, ReadTraffic(file_.get(), span, routes, detail));
  ASSIGN_OR_RETURN(const StoredLines lines, ReadLines(file_.get(), span));
  run.traffic.lines = lines.all.lines;
  run.traffic.blank = lines.all.blank;
  run.traffic.directive = lines.all.directive;
  run.traffic.rejected = lines.all.rejected;
  run.late = lines.all.late;
  ASSIGN_OR_RETURN(run.visits, ReadVisits(file_.get(), span, routes, detail));
  ASSIGN_OR_RETURN(StoredWeeks weeks, ReadWeeks(file_.get(), span));
  run.visitors = weeks.visitors.visitors;
  run.service_visitors = std::move(weeks.visitors.by_service);
  run.completers = std::move(weeks.visitors.completers);
  run.top = std::move(weeks.tops);
  for (std::vector<TopEntry>& list : run.top) list.resize(std::min(list.size(), kTopEntries));
  RETURN_IF_ERROR(AddSources(lines, &run));
  RETURN_IF_ERROR(AddPeriod(span, !from && !to, &run));
  if (catalog_) {
    run.routes = routes_;
  } else {
    run.segments = directory_.ids();
  }
  return run;
}

absl::StatusOr<std::vector<std::string>> StoreReader::CatalogsOf(absl::Time from, absl::Time to) {
  ASSIGN_OR_RETURN(const StoredSpan span, SpanOf(from, to));
  ASSIGN_OR_RETURN(const std::vector<StoredRow> days,
                   file_->Table(Tables().day_catalogs).Read(span.days));
  std::set<int64_t> used;
  for (const StoredRow& day : days) used.insert(day.numbers[1]);
  ASSIGN_OR_RETURN(const std::vector<StoredRow> catalogs, file_->Table(Tables().catalogs).Read());
  std::vector<std::string> digests;
  for (const StoredRow& catalog : catalogs) {
    if (used.contains(catalog.numbers[0])) digests.push_back(catalog.texts[0]);
  }
  return digests;
}

absl::StatusOr<std::vector<HourId>> StoreReader::Restated(absl::Time from, absl::Time to) {
  ASSIGN_OR_RETURN(const StoredSpan span, SpanOf(from, to));
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows,
                   file_->Table(Tables().restatements).Read(span.hours));
  std::vector<HourId> hours;
  for (const StoredRow& row : rows) hours.push_back(static_cast<HourId>(row.numbers[0]));
  return hours;
}

}  // namespace civlog
