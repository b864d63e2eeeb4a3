#include "engine/stored_figures.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "engine/service_directory.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr size_t kStatusClasses = StoreTables::kBytesColumn - StoreTables::kFirstStatusColumn;
constexpr int64_t kAllRecords = 0;  // for a service, of the latencies of every record

const StoreTables& Tables() { return StoreTables::Get(); }
int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }
uint64_t Unsigned(int64_t value) { return static_cast<uint64_t>(value); }

const TableSpec& Of(const TwofoldTable& table, bool open) {
  return open ? table.open : table.settled;
}

// Rows of a counter table, each behind a key that `key_of` makes of the packed one.
template <typename KeyOf>
void AppendCounters(const CounterTable& table, size_t measures, const KeyOf& key_of,
                    std::vector<StoredRow>* rows) {
  for (size_t row = 0; row < table.rows(); ++row) {
    StoredRow stored{key_of(table.key(row)), {}};
    bool any = false;
    for (size_t measure = 0; measure < measures; ++measure) {
      stored.numbers.push_back(Signed(table.value(row, measure)));
      any = any || stored.numbers.back() != 0;
    }
    if (any) rows->push_back(std::move(stored));
  }
}

// The other way round: `key` packs the keys of a row.
void AddToCounters(uint64_t key, const StoredRow& row, size_t keys, CounterTable* table) {
  const size_t place = table->Row(key);
  for (size_t i = keys; i < row.numbers.size(); ++i) {
    table->Add(place, i - keys, Unsigned(row.numbers[i]));
  }
}

void AppendDayTraffic(int32_t day, const DayTraffic& traffic, const std::vector<int64_t>& routes,
                      FigureRows* rows) {
  std::vector<StoredRow>& latency = (*rows)[&Tables().latency];
  if (traffic.latency.count() > 0) {
    latency.push_back({{day, kAllRecords, 0, 0}, {traffic.latency.Encode()}});
  }
  for (const auto& [packed, histogram] : traffic.service_latency) {
    const LatencyKey key = LatencyKey::Unpack(packed);
    latency.push_back({{day, ServiceDirectory::NumberOf(key.service), key.status_class, key.step},
                       {histogram.Encode()}});
  }
  std::vector<StoredRow>& hits = (*rows)[&Tables().route_hits];
  for (size_t route = 0; route < traffic.route_hits.size(); ++route) {
    if (traffic.route_hits[route] == 0) continue;
    hits.push_back({{day, routes[route], Signed(traffic.route_hits[route])}, {}});
  }
}

void AppendDayVisits(int32_t day, const DayVisits& visits, bool open,
                     const std::vector<int64_t>& routes, FigureRows* rows) {
  AppendCounters(
      visits.steps, kStepMeasures,
      [day](uint64_t packed) -> StoredNumbers {
        const LatencyKey key = LatencyKey::Unpack(static_cast<uint32_t>(packed));
        return {day, ServiceDirectory::NumberOf(key.service), key.step};
      },
      &(*rows)[&Of(Tables().steps, open)]);
  AppendCounters(
      visits.acts, 1,
      [day, &routes](uint64_t route) -> StoredNumbers {
        return {day, routes[route]};
      },
      &(*rows)[&Of(Tables().acts, open)]);
  std::vector<StoredRow>& left = (*rows)[&Of(Tables().left_latency, open)];
  for (const auto& [packed, histogram] : visits.left_latency) {
    const LatencyKey key = LatencyKey::Unpack(packed);
    left.push_back(
        {{day, ServiceDirectory::NumberOf(key.service), key.step}, {histogram.Encode()}});
  }
  std::vector<StoredRow>& times = (*rows)[&Of(Tables().time_to_complete, open)];
  for (const auto& [service, histogram] : visits.time_to_complete) {
    times.push_back({{day, ServiceDirectory::NumberOf(service)}, {histogram.Encode()}});
  }
}

void AppendWeek(int32_t week, const WeekFigures& figures, bool open, FigureRows* rows) {
  constexpr int64_t kPortal = 0;
  std::vector<StoredRow>& visitors = (*rows)[&Of(Tables().week_visitors, open)];
  uint64_t told = 0;
  for (size_t days = 0; days < figures.by_days.size(); ++days) {
    if (figures.by_days[days] == 0) continue;
    told += figures.by_days[days];
    visitors.push_back({{week, kPortal, Signed(days), 0, Signed(figures.by_days[days])}, {}});
  }
  const auto add = [&](int64_t service, uint64_t count, bool exact) {
    if (count == 0) return;
    visitors.push_back({{week, service, kWholeWeek, exact ? 0 : 1, Signed(count)}, {}});
  };
  if (figures.visitors.count > told) {
    // These are not told by day: a row of every day would be another's.
    visitors.push_back(
        {{week, kPortal, 0, figures.visitors.exact ? 0 : 1, Signed(figures.visitors.count - told)},
         {}});
  }
  for (const auto& [service, count] : figures.by_service) {
    add(ServiceDirectory::NumberOf(service), count.count, count.exact);
  }
  std::vector<StoredRow>& completers = (*rows)[&Of(Tables().week_completers, open)];
  for (const auto& [service, count] : figures.completers) {
    completers.push_back({{week, ServiceDirectory::NumberOf(service), Signed(count.visitors),
                           Signed(count.attempts)},
                          {}});
  }
}

absl::Status MergeHistogram(const StoredRow& row, LatencyHistogram* histogram) {
  const std::optional<LatencyHistogram> stored = LatencyHistogram::Decode(row.texts.front());
  if (!stored) return absl::DataLossError("a histogram of the store cannot be read");
  histogram->Merge(*stored);
  return absl::OkStatus();
}

// What is settled of a range, and what is open.
absl::Status ForEachOfBoth(StoreFile* file, const TwofoldTable& table, const KeyRange& range,
                           StoredTable::TakeRow take) {
  RETURN_IF_ERROR(file->Table(table.settled).ForEach(range, take));
  return file->Table(table.open).ForEach(range, take);
}

// One that is read by hour, or the sums by day of it.
const TwofoldTable& ByDetail(const TwofoldTable& by_hour, const TwofoldTable& by_day,
                             TimeDetail detail) {
  return detail == TimeDetail::kPortalByHour ? by_day : by_hour;
}
const KeyRange& RangeOf(const StoredSpan& span, TimeDetail detail) {
  return detail == TimeDetail::kPortalByHour ? span.days : span.hours;
}

// Of a row of such a table.
uint64_t HourServiceOf(const StoredRow& row, TimeDetail detail) {
  return PackHourService(HourOfServices(detail, static_cast<HourId>(row.numbers[0])),
                         ServiceDirectory::PlaceOf(row.numbers[1]));
}

LatencyKey StepKey(const StoredRow& row) {
  return {ServiceDirectory::PlaceOf(row.numbers[1]), 0, static_cast<uint8_t>(row.numbers[2])};
}

absl::Status ReadDayVisits(StoreFile* file, const StoredSpan& span,
                           const std::map<int64_t, RouteId>& routes, DayVisits* visits) {
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().steps, span.days, [&](const StoredRow& row) {
    AddToCounters(StepKey(row).Pack(), row, 3, &visits->steps);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().acts, span.days, [&](const StoredRow& row) {
    const auto route = routes.find(row.numbers[1]);
    if (route != routes.end()) AddToCounters(route->second, row, 2, &visits->acts);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().left_latency, span.days, [&](const StoredRow& row) {
    return MergeHistogram(row, &visits->left_latency[StepKey(row).Pack()]);
  }));
  return ForEachOfBoth(file, Tables().time_to_complete, span.days, [&](const StoredRow& row) {
    return MergeHistogram(row,
                          &visits->time_to_complete[ServiceDirectory::PlaceOf(row.numbers[1])]);
  });
}

absl::StatusOr<TopLists> ReadTops(StoreFile* file, const StoredSpan& span) {
  std::array<absl::flat_hash_map<int64_t, TopEntry>, kTopListCount> by_hash;
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().week_names, span.weeks, [&](const StoredRow& row) {
    if (Unsigned(row.numbers[1]) >= kTopListCount) return absl::OkStatus();
    TopEntry& entry = by_hash[static_cast<size_t>(row.numbers[1])][row.numbers[2]];
    entry.hash = Unsigned(row.numbers[2]);
    entry.count += Unsigned(row.numbers[3]);
    entry.error += Unsigned(row.numbers[4]);
    entry.name = row.texts[0];
    return absl::OkStatus();
  }));
  TopLists lists;
  for (size_t list = 0; list < kTopListCount; ++list) {
    for (auto& [hash, entry] : by_hash[list]) lists[list].push_back(std::move(entry));
    SortByFrequency(&lists[list]);
  }
  return lists;
}

}  // namespace

void AppendTraffic(const TrafficCounters& counters, const std::vector<int64_t>& routes,
                   FigureRows* rows) {
  struct Cell {
    std::array<uint64_t, kStatusClasses> requests{};
    uint64_t bytes_sent = 0, page_views = 0, status_views = 0;
  };
  std::map<StoredKey, Cell> cells;
  const CounterTable& table = counters.traffic;
  for (size_t row = 0; row < table.rows(); ++row) {
    const TrafficKey key = TrafficKey::Unpack(table.key(row));
    Cell& cell =
        cells[{key.hour, static_cast<int64_t>(key.bucket), static_cast<int64_t>(key.audience),
               ServiceDirectory::NumberOf(key.service)}];
    cell.requests[key.status_class] += table.value(row, kRequests);
    cell.bytes_sent += table.value(row, kBytesSent);
    cell.page_views += table.value(row, kPageViews);
    cell.status_views += table.value(row, kStatusViews);
  }
  for (const auto& [key, cell] : cells) {
    StoredRow row{{key.begin(), key.end()}, {}};
    for (const uint64_t requests : cell.requests) row.numbers.push_back(Signed(requests));
    row.numbers.insert(row.numbers.end(), {Signed(cell.bytes_sent), Signed(cell.page_views),
                                           Signed(cell.status_views)});
    (*rows)[&Tables().traffic].push_back(std::move(row));
  }
  for (const auto& [day, traffic] : counters.days) AppendDayTraffic(day, traffic, routes, rows);
}

void AppendLines(const LineDays& lines, FigureRows* rows) {
  for (const auto& [place, counts] : lines) {
    StoredRow row{{place.first, place.second, Signed(counts.lines), Signed(counts.blank),
                   Signed(counts.directive), Signed(counts.late)},
                  {}};
    for (const uint64_t rejected : counts.rejected) row.numbers.push_back(Signed(rejected));
    (*rows)[&Tables().lines].push_back(std::move(row));
  }
}

void AppendOrdered(const OrderedFigures& figures, bool open, const std::vector<int64_t>& routes,
                   FigureRows* rows) {
  const VisitCounters& visits = figures.visits;
  for (size_t row = 0; row < visits.visits.rows(); ++row) {
    const uint64_t key = visits.visits.key(row);
    const ServiceId service = ServiceOfKey(key);
    StoredRow stored{{HourOfKey(key)}, {}};
    const auto add = [&](size_t measure) {
      stored.numbers.push_back(Signed(visits.visits.value(row, measure)));
    };
    if (service == kNoService) {
      for (size_t measure = 0; measure < kVisitMeasures; ++measure) add(measure);
      (*rows)[&Of(Tables().visits, open)].push_back(std::move(stored));
    } else {
      stored.numbers.push_back(ServiceDirectory::NumberOf(service));
      for (const VisitMeasure measure : {kVisits, kActs, kActingVisits}) add(measure);
      (*rows)[&Of(Tables().service_visits, open)].push_back(std::move(stored));
    }
  }
  AppendCounters(
      visits.attempts, kAttemptMeasures,
      [](uint64_t key) -> StoredNumbers {
        return {HourOfKey(key), ServiceDirectory::NumberOf(ServiceOfKey(key))};
      },
      &(*rows)[&Of(Tables().attempts, open)]);
  for (const auto& [day, counters] : visits.days) {
    AppendDayVisits(day, counters, open, routes, rows);
  }
  for (const auto& [week, counted] : figures.weeks) AppendWeek(week, counted, open, rows);
  for (const auto& [week, lists] : figures.tops) {
    for (size_t list = 0; list < lists.size(); ++list) {
      for (const TopEntry& entry : lists[list]) {
        (*rows)[&Of(Tables().week_names, open)].push_back(
            {{week, Signed(list), Signed(entry.hash), Signed(entry.count), Signed(entry.error)},
             {entry.name}});
      }
    }
  }
}

DaysOfWeek StoredSpan::DaysOf(int64_t week) const {
  DaysOfWeek in_it = kWholeWeek;
  if (week == first_week) in_it = static_cast<DaysOfWeek>(in_it & first_week_days);
  if (week == last_week) in_it = static_cast<DaysOfWeek>(in_it & last_week_days);
  return in_it;
}

absl::StatusOr<TrafficCounters> ReadTraffic(StoreFile* file, const StoredSpan& span,
                                            const std::map<int64_t, RouteId>& routes,
                                            TimeDetail detail) {
  TrafficCounters counters;
  const auto add_traffic = [&](const StoredRow& row) {
    TrafficKey key;
    key.hour = HourOfServices(detail, static_cast<HourId>(row.numbers[0]));
    key.bucket = static_cast<Bucket>(row.numbers[1]);
    key.audience = static_cast<Audience>(row.numbers[2]);
    key.service = ServiceDirectory::PlaceOf(row.numbers[3]);
    // What is not told by status class is put to the first that there is.
    bool first = true;
    for (size_t status_class = 0; status_class < kStatusClasses; ++status_class) {
      const uint64_t requests =
          Unsigned(row.numbers[StoreTables::kFirstStatusColumn + status_class]);
      if (requests == 0) continue;
      key.status_class = static_cast<uint8_t>(status_class);
      const size_t place = counters.traffic.Row(key.Pack());
      counters.traffic.Add(place, kRequests, requests);
      if (!std::exchange(first, false)) continue;
      counters.traffic.Add(place, kBytesSent, Unsigned(row.numbers[StoreTables::kBytesColumn]));
      counters.traffic.Add(place, kPageViews, Unsigned(row.numbers[StoreTables::kPageViewsColumn]));
      counters.traffic.Add(place, kStatusViews,
                           Unsigned(row.numbers[StoreTables::kStatusViewsColumn]));
    }
    return absl::OkStatus();
  };
  const bool by_day = detail == TimeDetail::kPortalByHour;
  RETURN_IF_ERROR(file->Table(by_day ? Tables().day_traffic : Tables().traffic)
                      .ForEach(RangeOf(span, detail), add_traffic));
  const auto add_hour = [&](const StoredRow& row) {
    AddToCounters(PackHourService(static_cast<HourId>(row.numbers[0]), kNoService), row, 1,
                  &counters.hours);
    return absl::OkStatus();
  };
  if (by_day) {
    RETURN_IF_ERROR(file->Table(Tables().hour_traffic).ForEach(span.hours, add_hour));
  }
  DayTraffic& days = counters.Of(kEveryDay);
  RETURN_IF_ERROR(file->Table(Tables().latency).ForEach(span.days, [&](const StoredRow& row) {
    if (row.numbers[1] == kAllRecords) return MergeHistogram(row, &days.latency);
    const LatencyKey key{ServiceDirectory::PlaceOf(row.numbers[1]),
                         static_cast<uint8_t>(row.numbers[2]),
                         static_cast<uint8_t>(row.numbers[3])};
    return MergeHistogram(row, &days.service_latency[key.Pack()]);
  }));
  RETURN_IF_ERROR(file->Table(Tables().route_hits).ForEach(span.days, [&](const StoredRow& row) {
    const auto route = routes.find(row.numbers[1]);
    if (route == routes.end()) return absl::OkStatus();
    if (days.route_hits.size() <= route->second) days.route_hits.resize(route->second + size_t{1});
    days.route_hits[route->second] += Unsigned(row.numbers[2]);
    return absl::OkStatus();
  }));
  return counters;
}

absl::StatusOr<StoredLines> ReadLines(StoreFile* file, const StoredSpan& span) {
  constexpr size_t kRejected = 6;
  StoredLines lines;
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, file->Table(Tables().lines).Read(span.days));
  for (const StoredRow& row : rows) {
    LineCounts counts;
    counts.lines = Unsigned(row.numbers[2]);
    counts.blank = Unsigned(row.numbers[3]);
    counts.directive = Unsigned(row.numbers[4]);
    counts.late = Unsigned(row.numbers[5]);
    for (size_t i = 0; i < kRejectReasonCount; ++i) {
      counts.rejected[i] = Unsigned(row.numbers[kRejected + i]);
    }
    lines.all.Merge(counts);
    lines.by_source[row.numbers[1]].Merge(counts);
  }
  return lines;
}

absl::StatusOr<VisitCounters> ReadVisits(StoreFile* file, const StoredSpan& span,
                                         const std::map<int64_t, RouteId>& routes,
                                         TimeDetail detail) {
  VisitCounters counters;
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().visits, span.hours, [&](const StoredRow& row) {
    const HourId hour = static_cast<HourId>(row.numbers[0]);
    AddToCounters(PackHourService(HourOfServices(detail, hour), kNoService), row, 1,
                  &counters.visits);
    if (detail == TimeDetail::kPortalByHour) {
      CounterTable& hours = counters.hours;
      hours.Add(hours.Row(PackHourService(hour, kNoService)), 0, Unsigned(row.numbers[1]));
    }
    return absl::OkStatus();
  }));
  const auto add_service_visits = [&](const StoredRow& row) {
    const size_t place = counters.visits.Row(HourServiceOf(row, detail));
    size_t column = 2;
    for (const VisitMeasure measure : {kVisits, kActs, kActingVisits}) {
      counters.visits.Add(place, measure, Unsigned(row.numbers[column++]));
    }
    return absl::OkStatus();
  };
  const KeyRange& range = RangeOf(span, detail);
  const TwofoldTable& visits =
      ByDetail(Tables().service_visits, Tables().day_service_visits, detail);
  RETURN_IF_ERROR(ForEachOfBoth(file, visits, range, add_service_visits));
  const TwofoldTable& attempts = ByDetail(Tables().attempts, Tables().day_attempts, detail);
  RETURN_IF_ERROR(ForEachOfBoth(file, attempts, range, [&](const StoredRow& row) {
    AddToCounters(HourServiceOf(row, detail), row, 2, &counters.attempts);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ReadDayVisits(file, span, routes, &counters.Of(kEveryDay)));
  return counters;
}

absl::StatusOr<StoredWeeks> ReadWeeks(StoreFile* file, const StoredSpan& span) {
  StoredWeeks weeks;
  WeekFigures& figures = weeks.visitors;
  const auto add_visitors = [&](const StoredRow& row) {
    const bool of_portal = row.numbers[1] == 0;
    const bool told_by_day = of_portal && row.numbers[2] != 0;
    if (!of_portal && !span.whole_weeks) return absl::OkStatus();
    if (told_by_day && (row.numbers[2] & span.DaysOf(row.numbers[0])) == 0) return absl::OkStatus();
    DistinctCount& count = of_portal
                               ? figures.visitors
                               : figures.by_service[ServiceDirectory::PlaceOf(row.numbers[1])];
    count.count += Unsigned(row.numbers[4]);
    const bool of_some_days = of_portal && !told_by_day && !span.whole_weeks;
    count.exact = count.exact && row.numbers[3] == 0 && !of_some_days;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().week_visitors, span.weeks, add_visitors));
  if (!span.whole_weeks) return weeks;
  const auto add_completers = [&](const StoredRow& row) {
    Completers& completers = figures.completers[ServiceDirectory::PlaceOf(row.numbers[1])];
    completers.visitors += Unsigned(row.numbers[2]);
    completers.attempts += Unsigned(row.numbers[3]);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachOfBoth(file, Tables().week_completers, span.weeks, add_completers));
  ASSIGN_OR_RETURN(weeks.tops, ReadTops(file, span));
  return weeks;
}

}  // namespace civlog
