// The figures of a store.

#ifndef CIVLOG_QUERIES_STORED_ANALYSIS_H_
#define CIVLOG_QUERIES_STORED_ANALYSIS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/catalog.h"
#include "engine/store_reader.h"
#include "queries/analysis.h"
#include "queries/compute_analysis.h"

namespace civlog {

// What an analysis of the lines of [from, to) would say, as far as a store keeps it: both
// are first instants of days of the store's time zone; without them, all there is.
// `catalog` is StoreReader::UseCatalog's. Of a part of a week the visitors of services and
// the lists of names are absent. Rejected lines have no samples. The zone of `options` is
// the store's.
absl::StatusOr<Analysis> AnalyzeStore(StoreReader* store, const Catalog* catalog,
                                      std::optional<absl::Time> from, std::optional<absl::Time> to,
                                      FigureOptions options);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_STORED_ANALYSIS_H_
