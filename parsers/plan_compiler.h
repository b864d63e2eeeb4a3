// Turns a format definition into the plan that a LineParser runs.

#ifndef CIVLOG_PARSERS_PLAN_COMPILER_H_
#define CIVLOG_PARSERS_PLAN_COMPILER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "parsers/format_tokens.h"
#include "parsers/log_format_plan.h"

namespace civlog {

// Fills `*plan` and the names of the extra fields. InvalidArgument, with the reason
// and the remedy, where the format cannot be read or lacks a time, a request or a
// status.
absl::Status CompilePlan(const FormatDefinition& definition, FormatPlan* plan,
                         std::vector<std::string>* extra_fields);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_PLAN_COMPILER_H_
