// RETURN_IF_ERROR and ASSIGN_OR_RETURN for absl::Status, which Debian 12's
// Abseil does not ship.

#ifndef CIVLOG_PARSERS_STATUS_MACROS_H_
#define CIVLOG_PARSERS_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CIVLOG_CONCAT_INNER(a, b) a##b
#define CIVLOG_CONCAT(a, b) CIVLOG_CONCAT_INNER(a, b)

// Returns the status from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expression)                \
  do {                                             \
    absl::Status civlog_status = (expression);     \
    if (!civlog_status.ok()) return civlog_status; \
  } while (false)

// ASSIGN_OR_RETURN(auto x, F()): assigns the value or returns the status.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(CIVLOG_CONCAT(civlog_or_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_IMPL(holder, declaration, expression) \
  auto holder = (expression);                                  \
  if (!holder.ok()) return holder.status();                    \
  declaration = *std::move(holder)

#endif  // CIVLOG_PARSERS_STATUS_MACROS_H_
