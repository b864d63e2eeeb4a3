// Reads a store's figures: of all of it, or of a span of days.

#ifndef CIVLOG_ENGINE_STORE_READER_H_
#define CIVLOG_ENGINE_STORE_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/catalog.h"
#include "engine/pipeline.h"
#include "engine/service_directory.h"
#include "engine/store_file.h"
#include "engine/store_writer.h"
#include "engine/stored_figures.h"

namespace civlog {

// Everything read by one reader is of one checkpoint, whatever is written meanwhile.
// Errors as StoreFile has them. Not thread-safe.
class StoreReader {
 public:
  // NotFound where there is no store, or one without a checkpoint.
  static absl::StatusOr<std::unique_ptr<StoreReader>> Open(const std::string& path);
  ~StoreReader();
  StoreReader(const StoreReader&) = delete;
  StoreReader& operator=(const StoreReader&) = delete;

  const StoreClock& clock() const { return clock_; }
  absl::TimeZone zone() const { return zone_; }
  const std::string& zone_name() const { return clock_.time_zone; }
  StoreFile& file() { return *file_; }

  // From now on figures are of the services of `current`, or of the catalogue that was
  // used last; those that are gone stay. Null where there never was one. Lives as long as
  // the reader.
  absl::StatusOr<const Catalog*> UseCatalog(const Catalog* current);

  // The store's numbers of the catalogue's routes, by RouteId.
  std::vector<int64_t> RouteNumbers() const;

  // What a run over the lines of [from, to) would have left, as far as it is kept: no
  // samples of rejected lines, times to the hour. Both are first instants of days of the
  // store's time zone; without them, all there is. RunResult::whole_weeks says whether
  // what is counted by week is known. Counts of services are by hour only where `detail` has
  // them so, which takes many times longer. REQUIRES: UseCatalog.
  absl::StatusOr<RunResult> Read(std::optional<absl::Time> from, std::optional<absl::Time> to,
                                 TimeDetail detail);

  // Catalogues in use on the days of [from, to): digests, in the order of their numbers.
  absl::StatusOr<std::vector<std::string>> CatalogsOf(absl::Time from, absl::Time to);
  // Hours of [from, to) that got lines after they had been over.
  absl::StatusOr<std::vector<HourId>> Restated(absl::Time from, absl::Time to);

 private:
  StoreReader() = default;
  absl::StatusOr<StoredSpan> SpanOf(std::optional<absl::Time> from, std::optional<absl::Time> to);
  absl::Status AddSources(const StoredLines& lines, RunResult* run);
  absl::Status AddPeriod(const StoredSpan& span, bool everything, RunResult* run);

  std::unique_ptr<StoreFile> file_;
  StoreClock clock_;
  absl::TimeZone zone_ = absl::UTCTimeZone();
  ServiceDirectory directory_;
  std::optional<Catalog> catalog_;
  std::vector<RouteRef> routes_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_READER_H_
