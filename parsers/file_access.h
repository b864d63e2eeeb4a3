// What everything that opens logs shares.

#ifndef CIVLOG_PARSERS_FILE_ACCESS_H_
#define CIVLOG_PARSERS_FILE_ACCESS_H_

#include <sys/stat.h>

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "parsers/byte_source.h"

namespace civlog {

// The status for a system error (an errno) at the file called `name`: NotFound,
// PermissionDenied with the remedy, or Unavailable.
absl::Status SystemError(const std::string& name, int error);

// Opens without waiting for a pipe's writer: that wait is the read's, which can be
// interrupted. -1 and errno on error.
int OpenForReading(const std::string& path);

// Unknown for what is no regular file.
FileStamp StampOf(const struct stat& info);

// Null is never set.
inline bool IsSet(const std::atomic<bool>* flag) {
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FILE_ACCESS_H_
