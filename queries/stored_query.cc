#include "queries/stored_query.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// Finer than an hour.
bool IsWithinHour(FieldId id) { return id == FieldId::kMinute || id == FieldId::kTenMinutes; }

bool IsKept(const FieldRef& ref) {
  const FieldId id = ref.field->id;
  if (IsTimeDimension(*ref.field)) return !IsWithinHour(id);
  return id == FieldId::kService || id == FieldId::kDepartment || id == FieldId::kKind ||
         id == FieldId::kAudience || id == FieldId::kBucket || id == FieldId::kStatusClass ||
         id == FieldId::kStage;
}

// Rows of a table whose hour lies within.
CounterTable Within(const CounterTable& table, size_t measures, int64_t since_us, int64_t until_us,
                    HourId (*hour_of)(uint64_t key)) {
  CounterTable result(measures);
  for (size_t row = 0; row < table.rows(); ++row) {
    const int64_t begin_us = absl::ToUnixMicros(Calendar::TimeOf(hour_of(table.key(row))));
    if (begin_us < since_us || begin_us >= until_us) continue;
    const size_t place = result.Row(table.key(row));
    for (size_t measure = 0; measure < measures; ++measure) {
      result.Add(place, measure, table.value(row, measure));
    }
  }
  return result;
}

HourId HourOfTraffic(uint64_t key) { return TrafficKey::Unpack(key).hour; }

// Groups, as a run that listened for the plan would have left them.
class StoredGroups {
 public:
  StoredGroups(const QueryPlan& plan, FieldReader reader)
      : plan_(plan), reader_(std::move(reader)) {}

  GroupResult Of(const CounterTable& traffic);

 private:
  std::string KeyOf(const TrafficKey& key);

  const QueryPlan& plan_;
  FieldReader reader_;
};

std::string StoredGroups::KeyOf(const TrafficKey& key) {
  std::string text;
  int64_t time_us = reader_.TimeIn(key.hour);
  if (plan_.compare) {
    const bool before =
        plan_.compare->PeriodOf(absl::ToUnixMicros(Calendar::TimeOf(key.hour))) == 1;
    AppendToKey(FieldValue::Number(before ? 1 : 0), &text);
    if (before) time_us += plan_.compare->shift_us;
  }
  for (const FieldRef& ref : plan_.dimensions) {
    AppendToKey(IsTimeDimension(*ref.field) ? reader_.OfTime(ref.field->id, time_us)
                                            : reader_.OfTraffic(ref.field->id, key),
                &text);
  }
  return text;
}

GroupResult StoredGroups::Of(const CounterTable& traffic) {
  std::map<std::string, GroupCounters> groups;
  GroupResult result;
  for (size_t row = 0; row < traffic.rows(); ++row) {
    const TrafficKey key = TrafficKey::Unpack(traffic.key(row));
    if (plan_.compare &&
        plan_.compare->PeriodOf(absl::ToUnixMicros(Calendar::TimeOf(key.hour))) < 0) {
      continue;
    }
    const uint64_t requests = traffic.value(row, kRequests);
    for (GroupCounters* counters : {&groups[KeyOf(key)], &result.total}) {
      counters->requests += requests;
      if (key.bucket == Bucket::kCounted) counters->counted += requests;
      if (key.status_class >= 4) counters->errors += requests;
      if (key.status_class == 5) counters->server_errors += requests;
      counters->bytes_sent += traffic.value(row, kBytesSent);
      counters->page_views += traffic.value(row, kPageViews);
    }
  }
  for (auto& [key, counters] : groups) result.groups.push_back({key, 0, std::move(counters)});
  return result;
}

// The first instant of the day that a time is in, and that of the day after it.
absl::Time DayBegin(int64_t time_us, absl::TimeZone zone, int days_on) {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(time_us), zone);
  return absl::FromCivil(day + days_on, zone);
}

}  // namespace

absl::Status CheckStoredQuery(const QueryPlan& plan) {
  if (plan.where != nullptr) {
    return absl::InvalidArgumentError(
        "--where is about single requests, which a store does not keep: tell them apart by --by, "
        "or ask the logs themselves");
  }
  bool by_status = false;
  for (const FieldRef& ref : plan.dimensions) {
    by_status = by_status || ref.field->id == FieldId::kStatusClass;
    if (IsKept(ref)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--by ", ref.name(),
                     ": a store does not keep that; it knows hour, day, week, weekday, "
                     "hour_of_day, service, department, kind, audience, bucket, status_class and "
                     "stage: ask the logs themselves"));
  }
  for (const Measure* measure : plan.measures) {
    const bool of_status =
        measure->id == MeasureId::kBytesSent || measure->id == MeasureId::kPageViews;
    if (by_status && of_status) {
      return absl::InvalidArgumentError(
          absl::StrCat(ToAbsl(measure->name),
                       " by status_class: a store does not keep that; ask the logs "
                       "themselves"));
    }
    if (measure->unit != MeasureUnit::kMilliseconds && measure->id != MeasureId::kVisitors)
      continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--select ", ToAbsl(measure->name),
                     ": a store keeps it by day or week: `civlog report --store` shows it; or ask "
                     "the logs themselves"));
  }
  return absl::OkStatus();
}

absl::StatusOr<QueryResult> QueryStore(StoreReader* store, const QueryPlan& plan,
                                       const Catalog* catalog, int64_t since_us, int64_t until_us,
                                       const QueryOptions& options) {
  if (plan.compare) {
    since_us = plan.compare->since_us - plan.compare->shift_us;
    until_us = plan.compare->until_us;
  }
  std::optional<absl::Time> from;
  std::optional<absl::Time> to;
  if (since_us != std::numeric_limits<int64_t>::min()) from = DayBegin(since_us, store->zone(), 0);
  if (until_us != std::numeric_limits<int64_t>::max()) {
    to = DayBegin(until_us - 1, store->zone(), 1);
  }
  const bool whole_days = (!from || absl::ToUnixMicros(*from) == since_us) &&
                          (!to || absl::ToUnixMicros(*to) == until_us);
  const TimeDetail detail = whole_days ? plan.time_detail() : TimeDetail::kServicesByHour;
  ASSIGN_OR_RETURN(RunResult run, store->Read(from, to, detail));
  if (!whole_days) {
    const auto within = [&](CounterTable* table, size_t measures, HourId (*hour_of)(uint64_t)) {
      *table = Within(*table, measures, since_us, until_us, hour_of);
    };
    within(&run.traffic.traffic, kTrafficMeasures, HourOfTraffic);
    within(&run.visits.visits, kVisitMeasures, HourOfKey);
    within(&run.visits.attempts, kAttemptMeasures, HourOfKey);
  }
  run.groups = StoredGroups(plan, FieldReader(catalog, nullptr, store->zone(), options.language,
                                              run.segments))
                   .Of(run.traffic.traffic);
  run.records = run.groups.total.requests;
  if (run.records > 0) {
    run.first_us = std::max(run.first_us, since_us);
    run.last_us = std::min(run.last_us, until_us);
  }
  return ComputeQuery(plan, run, catalog, options);
}

}  // namespace civlog
