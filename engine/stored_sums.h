// Sums by day of what a store counts by hour, which reports of many weeks are read from.

#ifndef CIVLOG_ENGINE_STORED_SUMS_H_
#define CIVLOG_ENGINE_STORED_SUMS_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/store_file.h"
#include "engine/stored_figures.h"

namespace civlog {

// Adds the rows of the tables of sums (StoreTables::day_sums, hour_traffic) to what `rows` has
// of those that they are sums of. `zone` is the store's. To be called once, when `rows` is
// complete.
void AppendSums(absl::TimeZone zone, FigureRows* rows);

// Both take one day of the tables by hour after the other; an hour is of the day that the table
// `hours` says, whatever has become known of the time zone since. REQUIRES: a transaction.
//
// Fills the tables of sums, which are empty.
absl::Status SumUp(StoreFile* file);
// DataLoss where they do not hold the sums.
absl::Status CheckSums(StoreFile* file);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORED_SUMS_H_
