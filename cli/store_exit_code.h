// What the program ends with after an error of a store.

#ifndef CIVLOG_CLI_STORE_EXIT_CODE_H_
#define CIVLOG_CLI_STORE_EXIT_CODE_H_

#include "absl/status/status.h"
#include "cli/exit_code.h"

namespace civlog {

// REQUIRES: not OK.
inline int StoreExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kDataLoss:
      return kInputError;
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kAborted:
      return kOutputError;
    default:
      return kUsageError;
  }
}

}  // namespace civlog

#endif  // CIVLOG_CLI_STORE_EXIT_CODE_H_
