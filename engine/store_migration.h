// What bringing an older store up to date takes besides SQL.

#ifndef CIVLOG_ENGINE_STORE_MIGRATION_H_
#define CIVLOG_ENGINE_STORE_MIGRATION_H_

#include "absl/status/status.h"
#include "engine/store_file.h"

namespace civlog {

// The first version of a store in which hours before 1970-01-01 UTC are negative; those before
// had them 2^32 higher, in a year far ahead.
inline constexpr int64_t kVersionOfSignedHours = 3;

// Gives such hours of all tables the numbers, days and weeks that they have. REQUIRES: a
// transaction.
absl::Status MoveHoursBeforeEpoch(StoreFile* file);

// So that whoever still writes by an older version is told that the store has changed, and
// keeps nothing any more. REQUIRES: a transaction.
absl::Status StopOlderWriters(StoreFile* file);

// The first version with the tables of sums, see SumUp.
inline constexpr int64_t kVersionOfSums = 4;

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_MIGRATION_H_
