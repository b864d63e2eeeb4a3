// What is done with stores besides adding to them and reading them.

#ifndef CIVLOG_ENGINE_STORE_CARE_H_
#define CIVLOG_ENGINE_STORE_CARE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace civlog {

// Every row is as it was written, and sums are those of their hours. DataLoss, saying what is
// not.
absl::Status CheckStore(const std::string& path);

// Gives the room of what was removed back to the disk, and destroys keys that are no
// longer in use by the clock on the wall.
absl::Status CompactStore(const std::string& path);

// Removes every figure of the hours and days before `day`, and of the weeks that ended
// before it, so that nothing of them is left in the file. How far logs were read stays
// known. Returns the number of hours that had lines. FailedPrecondition where visits of
// then are still under way.
absl::StatusOr<int64_t> ForgetBefore(const std::string& path, absl::CivilDay day);

// Makes, or replaces, the store `path` of what `others` have: what one run over all their
// logs would have counted, as long as no visitor's requests went to two of them. Such a
// store can be read, and nothing be added to it. InvalidArgument where they are of
// different time zones.
absl::Status MergeStores(const std::string& path, const std::vector<std::string>& others,
                         const std::string& version);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_CARE_H_
