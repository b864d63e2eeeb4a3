// A query as it was asked, checked: what to count, by what, and of which records.

#ifndef CIVLOG_QUERIES_QUERY_PLAN_H_
#define CIVLOG_QUERIES_QUERY_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/pipeline.h"
#include "queries/measure.h"
#include "queries/record_field.h"
#include "queries/where_expression.h"

namespace civlog {

// A period, and the one before that it is compared with: [since, until), and the same
// moved back by `shift`, which is at least as long.
struct QueryComparison {
  int64_t since_us = 0;
  int64_t until_us = 0;
  int64_t shift_us = 0;

  // 0: of the period, 1: of the one before, -1: of neither.
  int PeriodOf(int64_t time_us) const {
    if (time_us >= since_us && time_us < until_us) return 0;
    return time_us >= since_us - shift_us && time_us < until_us - shift_us ? 1 : -1;
  }
};

// As the options have it.
struct QueryRequest {
  std::string select;  // names, with commas between; empty: "requests"
  std::string by;
  std::string where;
  std::optional<QueryComparison> compare;
  std::string order;  // "name", "name:asc", "name:desc"; several with commas between
  size_t top = 0;     // 0: all
  uint64_t at_least = 0;
  bool totals = false;
  bool raw = false;  // single citizens may be told apart
};

struct QueryOrder {
  size_t column = 0;  // dimensions first, then measures
  bool descending = false;
};

struct QueryPlan {
  std::vector<const Measure*> measures;
  std::vector<FieldRef> dimensions;
  std::shared_ptr<const WhereExpression> where;  // null: every record
  std::vector<QueryOrder> order;
  size_t top = 0;
  uint64_t at_least = 0;
  bool totals = false;
  std::optional<QueryComparison> compare;

  bool has_record_measures() const;
  bool has_visit_measures() const;
  // How much is told by time: services by hour only where their hours are asked for.
  TimeDetail time_detail() const;
  // What `share` is a part of.
  const Measure* share_of = nullptr;
};

// InvalidArgument where a name is unknown, or a measure cannot be had by a dimension,
// with the reason. `catalog` may be null.
absl::StatusOr<QueryPlan> MakeQueryPlan(const QueryRequest& request, const Catalog* catalog,
                                        absl::TimeZone zone);

// Sets what the run has to do for the plan; `language` is that of names. What is
// pointed to outlives the run.
void ListenFor(const QueryPlan& plan, const Catalog* catalog, const std::string& language,
               RunOptions* run);

// Only leaves records out: for reports that are filtered.
void FilterBy(std::shared_ptr<const WhereExpression> where, const Catalog* catalog,
              RunOptions* run);

// How the records themselves are written, one a line.
enum class RecordForm : uint8_t {
  kRaw,      // as logged
  kEscaped,  // as logged, with what a terminal would obey escaped
  kJson,     // an object with the fields of `civlog explain --json` and what was decided
};

// Writes the records that `where` (null: all) matches, and counts nothing.
void WriteRecords(std::shared_ptr<const WhereExpression> where, const Catalog* catalog,
                  RecordForm form, RunOptions* run);

// Values one after the other, as the key of a group.
void AppendToKey(const FieldValue& value, std::string* key);
// The values view `key`.
std::vector<FieldValue> ValuesOfKey(std::string_view key);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_QUERY_PLAN_H_
