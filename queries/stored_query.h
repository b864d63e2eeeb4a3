// Queries over a store.

#ifndef CIVLOG_QUERIES_STORED_QUERY_H_
#define CIVLOG_QUERIES_STORED_QUERY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/catalog.h"
#include "engine/store_reader.h"
#include "queries/query_plan.h"
#include "queries/query_result.h"

namespace civlog {

// InvalidArgument, with the reason and the remedy, where a store does not keep what the
// plan asks for: single requests are gone, what is left is by hour, audience, service and
// status class, and latencies and visitors are by day or week.
absl::Status CheckStoredQuery(const QueryPlan& plan);

// The answer, over the hours that lie in [since_us, until_us). `catalog` is
// StoreReader::UseCatalog's. REQUIRES: CheckStoredQuery.
absl::StatusOr<QueryResult> QueryStore(StoreReader* store, const QueryPlan& plan,
                                       const Catalog* catalog, int64_t since_us, int64_t until_us,
                                       const QueryOptions& options);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_STORED_QUERY_H_
