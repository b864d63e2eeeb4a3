// The tables and views of a store. docs/store.md describes them for those who read a
// store with a program of their own.

#ifndef CIVLOG_ENGINE_STORE_SCHEMA_H_
#define CIVLOG_ENGINE_STORE_SCHEMA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/stored_table.h"

namespace civlog {

// PRAGMA application_id: "civl".
inline constexpr int64_t kStoreApplicationId = 0x6369766C;

// TableSpec::code of tables with what is open lies above.
inline constexpr int64_t kOpenCodes = 100;

// A table that has figures of two kinds: what is settled, and what would come to it if the
// data ended at the last checkpoint ("_open" behind its name), which every checkpoint
// replaces.
struct TwofoldTable {
  TableSpec settled;
  TableSpec open;
};

// A table by hour, and the one that has its sums by day.
struct DaySums {
  const TableSpec* by_hour;
  const TableSpec* by_day;
};

// Numbers in them: hours are HourIds, days and weeks as Calendar has them, times
// microseconds since the Unix epoch. Services are ServiceId + 1, 0 for none or the portal
// as a whole; routes and sources have numbers of their own.
struct StoreTables {
  // What there is.
  TableSpec clock, catalogs, services, steps_of_services, routes, sources;
  // What a run goes on from.
  TableSpec shards, run_routes;
  // Figures by hour.
  TableSpec traffic;
  TwofoldTable visits, service_visits, attempts;
  // Sums of these by day and, of traffic, of all that an hour has: reports are read from them,
  // and queries that do not ask for hours.
  TableSpec hour_traffic, day_traffic;
  TwofoldTable day_service_visits, day_attempts;
  // By day.
  TableSpec latency, route_hits, lines, day_catalogs;
  TwofoldTable steps, acts, left_latency, time_to_complete;
  // By week.
  TwofoldTable week_visitors, week_completers, week_names;
  // About hours.
  TableSpec hours, restatements;

  // Columns of `traffic` and `day_traffic`. Requests are by status class, 0 for no valid one.
  enum TrafficColumn : size_t {
    kFirstStatusColumn = 4,
    kBytesColumn = kFirstStatusColumn + 6,
    kPageViewsColumn,
    kStatusViewsColumn,
  };

  static const StoreTables& Get();
  // All of them.
  std::vector<const TableSpec*> all() const;
  // Those of hour_traffic aside.
  std::vector<DaySums> day_sums() const;
};

// What makes a store of version `i` one of version `i + 1`, each to be run in a
// transaction. Those that were released must not change: a new version is a new entry.
const std::vector<std::string>& StoreMigrations();

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_SCHEMA_H_
