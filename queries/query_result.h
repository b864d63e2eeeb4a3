// The answer to a query: a table, and how it came about.

#ifndef CIVLOG_QUERIES_QUERY_RESULT_H_
#define CIVLOG_QUERIES_QUERY_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/pipeline.h"
#include "queries/analysis.h"
#include "queries/query_plan.h"

namespace civlog {

// One figure. Absent where there is nothing to compute it from.
struct Figure {
  std::optional<double> value;  // counts below 2^53 are exact; rates 0 to 1; ms
  Rate rate;                    // of rates: the same, with its parts and its interval
  bool estimated = false;       // a sketch's
};

// A figure against the same of the period before.
struct FigureChange {
  Figure before;
  std::optional<double> absolute;  // of the figure's unit
  std::optional<double> relative;  // to what it was; absent where that was 0
  // Not by chance, see statistics.h. Absent where that cannot be told.
  std::optional<bool> significant;
};

struct QueryCell {
  std::optional<std::string> text;  // as FieldText; absent where the record has none
  int64_t number = 0;               // of fields that are numbers
};

struct QueryRow {
  std::vector<QueryCell> keys;        // by dimension
  std::vector<Figure> figures;        // by measure
  std::vector<FigureChange> changes;  // the same, where periods are compared
  uint64_t missing_requests = 0;      // at most; 0: exact
};

struct QueryResult {
  QueryPlan plan;
  absl::TimeZone zone = absl::UTCTimeZone();
  std::string time_zone_name;
  std::vector<QueryRow> rows;
  std::optional<QueryRow> totals;  // over all rows, also those left out
  size_t rows_found = 0;           // before --top and --min
  // What was read.
  uint64_t lines_read = 0;
  uint64_t rejected = 0;
  uint64_t outside_period = 0;
  uint64_t filtered_out = 0;
  uint64_t records = 0;  // that took part
  std::optional<absl::Time> first, last;
  bool interrupted = false;
  bool incomplete = false;
  std::vector<std::string> notes;
};

struct QueryOptions {
  absl::TimeZone zone = absl::UTCTimeZone();
  std::string time_zone_name = "UTC";
  std::string language = "en";
};

// Computes the rows from what a run left that ListenFor had set up.
QueryResult ComputeQuery(const QueryPlan& plan, const RunResult& run, const Catalog* catalog,
                         const QueryOptions& options);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_QUERY_RESULT_H_
