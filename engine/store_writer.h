// Feeds a store: takes a run's checkpoints, each in one transaction.

#ifndef CIVLOG_ENGINE_STORE_WRITER_H_
#define CIVLOG_ENGINE_STORE_WRITER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/calendar.h"
#include "engine/catalog.h"
#include "engine/checkpoint.h"
#include "engine/key_file.h"
#include "engine/service_directory.h"
#include "engine/store_file.h"
#include "engine/stored_figures.h"
#include "engine/week_keys.h"

namespace civlog {

// The only row of the table `clock`: where the store stands.
struct StoreClock {
  int64_t checkpoint = 0;  // how many were kept
  RunClock run;
  int64_t catalog = 0;  // number of the one used last
  bool merged = false;  // made of others: nothing can be added to it
  uint64_t store = 0;   // which one it is, for its keys
  std::string time_zone;
  std::string written_by;  // the program's version

  // Of a store that has no checkpoint yet: as it is here. REQUIRES: a transaction.
  static absl::StatusOr<StoreClock> Read(StoreFile* file);
  StoredRow ToRow() const;
  // The store's, whose path is in the error: InvalidArgument where it is not known here.
  absl::StatusOr<absl::TimeZone> Zone(const std::string& path) const;
};

// The row of StoreTables::hours; the calendar is of the zone.
StoredRow HourRow(HourId hour, Calendar* calendar, absl::TimeZone zone);

// Where the keys of a store are.
std::string KeyFileOf(const std::string& store);

// Holds the store's lock as long as it lives. Errors as StoreFile and ReadKeyFile have
// them. Not thread-safe.
class StoreWriter : public CheckpointSink {
 public:
  struct Zone {
    std::string name;
    absl::TimeZone zone;
  };

  // Makes the store and its keys where there is none. InvalidArgument where the store is
  // of another time zone; no `zone` takes the store's, UTC for a new one.
  static absl::StatusOr<std::unique_ptr<StoreWriter>> Open(const std::string& path,
                                                           const std::optional<Zone>& zone,
                                                           const std::string& version);

  const Zone& zone() const { return zone_; }
  const VisitorKey& key() const { return keys_.key; }
  WeekKeys* week_keys() { return &week_keys_; }

  // Prepares for a run: `current` (null: the one used last, if any) in the places that the
  // store's services have. Null where there is none. Lives as long as the writer, or until
  // the next call. After an error, the one before stays.
  absl::StatusOr<const Catalog*> UseCatalog(const Catalog* current);

  // An input that is no file is known by this name; else it is refused.
  void NameStream(std::string name) { stream_name_ = std::move(name); }

  absl::StatusOr<Checkpoint> Resume() override;
  absl::StatusOr<std::vector<SourceState>> Identify(const ProbedInput& input) override;
  absl::StatusOr<SourceState> AsNew(ProbedInput* input) override;
  absl::Status Keep(const Checkpoint& checkpoint) override;

  // Puts what the checkpoint has of the days in the place of what the store has of them;
  // see store_replace.h. `checkpoint` is of a run of its own, its sources are new ones.
  absl::Status Replace(const std::vector<absl::CivilDay>& days, const Checkpoint& checkpoint);
  // Lines that the store has of a day.
  absl::StatusOr<uint64_t> LinesOf(int32_t day);
  const StoreClock& clock() const { return clock_; }

  // Called after each checkpoint that was kept, for tests and for watchdogs; may be empty.
  std::function<void(const Checkpoint&)> kept;

 private:
  StoreWriter(StoreLock lock, std::unique_ptr<StoreFile> file)
      : lock_(std::move(lock)), file_(std::move(file)) {}

  absl::Status ReadStore(const std::optional<Zone>& zone);
  absl::Status OpenKeys();
  absl::Status KeepKeys();
  absl::Status DropOldKeys();
  absl::StatusOr<std::vector<RouteId>> Renumbering();
  absl::Status Write(const Checkpoint& checkpoint);
  absl::Status WriteFigures(const Checkpoint& checkpoint);
  absl::Status WriteState(const Checkpoint& checkpoint);
  absl::Status WriteSources(const std::vector<SourceState>& sources);
  absl::Status WriteReplacement(const std::vector<absl::CivilDay>& days,
                                const Checkpoint& checkpoint);
  absl::Status ForgetUnderWay(const std::vector<absl::CivilDay>& days);
  absl::Status WrittenMeanwhile() const;
  void NoteHours(const TrafficCounters& traffic, FigureRows* rows);
  std::vector<int64_t> RouteNumbers() const;

  StoreLock lock_;
  std::unique_ptr<StoreFile> file_;
  Zone zone_;
  std::string version_;
  StoreClock clock_;
  StoredKeys keys_;  // as they are in their file
  WeekKeys week_keys_;
  ServiceDirectory directory_;
  std::optional<Catalog> catalog_;
  std::vector<RouteRef> routes_;  // of `catalog_`
  std::vector<SourceState> sources_;
  uint32_t next_source_ = 1;
  std::string stream_name_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_WRITER_H_
