#include "queries/stored_analysis.h"

#include <utility>

#include "parsers/status_macros.h"

namespace civlog {

absl::StatusOr<Analysis> AnalyzeStore(StoreReader* store, const Catalog* catalog,
                                      std::optional<absl::Time> from, std::optional<absl::Time> to,
                                      FigureOptions options) {
  options.time_zone = store->zone();
  options.time_zone_name = store->zone_name();
  const absl::Time first = absl::FromUnixMicros(store->clock().run.first_us);
  const absl::Time last = absl::FromUnixMicros(store->clock().run.last_us);
  if (from && to) options.asked = AskedPeriod{*from, *to, first < *from, last >= *to};
  ASSIGN_OR_RETURN(const RunResult run, store->Read(from, to, TimeDetail::kPortalByHour));
  return ComputeAnalysis(run, catalog, options);
}

}  // namespace civlog
