// One department's part of an analysis.

#ifndef CIVLOG_QUERIES_DEPARTMENT_H_
#define CIVLOG_QUERIES_DEPARTMENT_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/catalog.h"
#include "queries/analysis.h"

namespace civlog {

// The departments of a catalogue's services, each once, in the order of the file.
// Services whose departments have a text in common, in whatever language, are of one.
std::vector<LocalizedText> Departments(const Catalog& catalog);

// The department that is called `name` in one of its languages. NotFound with the
// nearest name and the list where there is none.
absl::StatusOr<LocalizedText> FindDepartment(const std::vector<LocalizedText>& departments,
                                             std::string_view name);

// The figures of the department's services, and of the whole what they add up to:
// counted requests, page views, acts, attempts and their completion. Visits, visitors and
// the rates over visits do not add up over services: they are those of the department
// where it has only one service, else kept back. What is of the portal as a whole (lines,
// traffic, hours, top lists) is absent. docs/metrics.md, section 9.
// Before disclosure control (disclosure.h).
Analysis OfDepartment(const Analysis& analysis, const LocalizedText& department);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_DEPARTMENT_H_
