// A run's counters as rows of a store, and back.

#ifndef CIVLOG_ENGINE_STORED_FIGURES_H_
#define CIVLOG_ENGINE_STORED_FIGURES_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/time/time.h"
#include "engine/calendar.h"
#include "engine/checkpoint.h"
#include "engine/counters.h"
#include "engine/store_file.h"
#include "engine/store_schema.h"

namespace civlog {

// Rows that a checkpoint brings, by table.
using FigureRows = std::map<const TableSpec*, std::vector<StoredRow>>;

// `routes` has the store's number of a route by RouteId.
void AppendTraffic(const TrafficCounters& counters, const std::vector<int64_t>& routes,
                   FigureRows* rows);
void AppendLines(const LineDays& lines, FigureRows* rows);
// `open`: what would come to the figures if the data ended.
void AppendOrdered(const OrderedFigures& figures, bool open, const std::vector<int64_t>& routes,
                   FigureRows* rows);

// A part of a store's figures. Hours, days and weeks fit each other.
struct StoredSpan {
  KeyRange hours;  // HourIds
  KeyRange days;
  KeyRange weeks;
  // Days that are told apart of the weeks at both ends; all of them in between.
  int32_t first_week = 0;
  int32_t last_week = 0;
  DaysOfWeek first_week_days = kWholeWeek;
  DaysOfWeek last_week_days = kWholeWeek;
  // Nothing else is stored of the weeks, so that what is told by week is known.
  bool whole_weeks = true;

  // The days of a week that are in it.
  DaysOfWeek DaysOf(int64_t week) const;
};

// Adds up what the store has of a span. `routes` has RouteIds by the store's number;
// absent ones are of earlier catalogues. What has no hour is of all days together, whatever the
// detail. REQUIRES: a transaction.
absl::StatusOr<TrafficCounters> ReadTraffic(StoreFile* file, const StoredSpan& span,
                                            const std::map<int64_t, RouteId>& routes,
                                            TimeDetail detail);
struct StoredLines {
  LineCounts all;
  std::map<int64_t, LineCounts> by_source;  // by SourceState::id
};
absl::StatusOr<StoredLines> ReadLines(StoreFile* file, const StoredSpan& span);
absl::StatusOr<VisitCounters> ReadVisits(StoreFile* file, const StoredSpan& span,
                                         const std::map<int64_t, RouteId>& routes,
                                         TimeDetail detail);
// The weeks of a span, added up; `by_service`, `completers` and `tops` only where
// StoredSpan::whole_weeks.
struct StoredWeeks {
  WeekFigures visitors;
  TopLists tops;
};
absl::StatusOr<StoredWeeks> ReadWeeks(StoreFile* file, const StoredSpan& span);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORED_FIGURES_H_
