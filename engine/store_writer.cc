#include "engine/store_writer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/calendar.h"
#include "engine/store_schema.h"
#include "engine/stored_sums.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }
int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }
uint64_t Unsigned(int64_t value) { return static_cast<uint64_t>(value); }

StoredRow RowOf(const SourceState& source) {
  return {{source.id, Signed(source.head_bytes), Signed(source.head_digest),
           Signed(source.tail_bytes), Signed(source.tail_digest), Signed(source.offset),
           Signed(source.lines), Signed(source.rejected), source.first_us, source.latest_us,
           source.last_day, Signed(source.stamp.device), Signed(source.stamp.inode),
           Signed(source.stamp.size), source.stamp.modified_ns},
          {source.name, source.format, source.w3c_fields}};
}

SourceState SourceOf(const StoredRow& row) {
  const StoredNumbers& n = row.numbers;
  SourceState source;
  source.id = static_cast<uint32_t>(n[0]);
  source.head_bytes = Unsigned(n[1]);
  source.head_digest = Unsigned(n[2]);
  source.tail_bytes = Unsigned(n[3]);
  source.tail_digest = Unsigned(n[4]);
  source.offset = Unsigned(n[5]);
  source.lines = Unsigned(n[6]);
  source.rejected = Unsigned(n[7]);
  source.first_us = n[8];
  source.latest_us = n[9];
  source.last_day = static_cast<int32_t>(n[10]);
  source.stamp = {Unsigned(n[11]), Unsigned(n[12]), Unsigned(n[13]), n[14]};
  source.name = row.texts[0];
  source.format = row.texts[1];
  source.w3c_fields = row.texts[2];
  return source;
}

// What the beginning of an input says of it from now on.
void KnowBy(const VisitorKey& key, std::string_view head, SourceState* source) {
  head = head.substr(0, kHeadBytes);
  if (head.size() <= source->head_bytes) return;
  source->head_bytes = head.size();
  source->head_digest = ContentDigest(key, head);
}

bool BeginsAs(const SourceState& source, const VisitorKey& key, std::string_view head) {
  return source.head_bytes > 0 && head.size() >= source.head_bytes &&
         ContentDigest(key, head.substr(0, source.head_bytes)) == source.head_digest;
}

}  // namespace

std::string KeyFileOf(const std::string& store) { return store + ".keys"; }

absl::StatusOr<StoreClock> StoreClock::Read(StoreFile* file) {
  StoreClock clock;
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, file->Table(Tables().clock).Read());
  if (rows.empty()) return clock;
  const StoredNumbers& n = rows.front().numbers;
  clock.checkpoint = n[1];
  clock.run = {{n[2], Unsigned(n[3])}, n[4], n[5], Unsigned(n[6])};
  clock.catalog = n[7];
  clock.merged = n[8] != 0;
  clock.store = Unsigned(n[9]);
  clock.time_zone = rows.front().texts[0];
  clock.written_by = rows.front().texts[1];
  return clock;
}

StoredRow StoreClock::ToRow() const {
  return {{1, checkpoint, run.watermark.order_us, Signed(run.watermark.position), run.first_us,
           run.last_us, Signed(run.records), catalog, merged ? 1 : 0, Signed(store)},
          {time_zone, written_by}};
}

absl::StatusOr<absl::TimeZone> StoreClock::Zone(const std::string& path) const {
  absl::TimeZone zone;
  if (absl::LoadTimeZone(time_zone, &zone)) return zone;
  return absl::InvalidArgumentError(absl::StrCat(path, ": its time zone ", time_zone,
                                                 " is not known here (is the package tzdata "
                                                 "installed?)"));
}

absl::StatusOr<std::unique_ptr<StoreWriter>> StoreWriter::Open(const std::string& path,
                                                               const std::optional<Zone>& zone,
                                                               const std::string& version) {
  ASSIGN_OR_RETURN(StoreLock lock, StoreLock::Take(path));
  ASSIGN_OR_RETURN(std::unique_ptr<StoreFile> file,
                   StoreFile::Open(path, StoreFile::Mode::kCreate));
  std::unique_ptr<StoreWriter> writer(new StoreWriter(std::move(lock), std::move(file)));
  writer->version_ = version;
  RETURN_IF_ERROR(writer->file_->Begin());
  const absl::Status read = writer->ReadStore(zone);
  writer->file_->Rollback();
  RETURN_IF_ERROR(read);
  RETURN_IF_ERROR(writer->OpenKeys());
  return writer;
}

absl::Status StoreWriter::ReadStore(const std::optional<Zone>& zone) {
  ASSIGN_OR_RETURN(clock_, StoreClock::Read(file_.get()));
  if (clock_.merged) {
    return absl::FailedPreconditionError(
        absl::StrCat(file_->path(),
                     ": merged of other stores, and nothing can be added to it: add "
                     "it to one of those, and merge them again"));
  }
  if (clock_.checkpoint == 0) {
    zone_ = zone.value_or(Zone{"UTC", absl::UTCTimeZone()});
    clock_.time_zone = zone_.name;
  } else {
    zone_.name = clock_.time_zone;
    ASSIGN_OR_RETURN(zone_.zone, clock_.Zone(file_->path()));
    if (zone && zone->name != zone_.name) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_->path(), ": counts the days of ", zone_.name, ", not of ", zone->name,
                       ": go on with that time zone, or begin a new store"));
    }
  }
  ASSIGN_OR_RETURN(directory_, ServiceDirectory::Read(file_.get()));
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, file_->Table(Tables().sources).Read());
  for (const StoredRow& row : rows) {
    sources_.push_back(SourceOf(row));
    next_source_ = std::max(next_source_, sources_.back().id + 1);
  }
  return absl::OkStatus();
}

absl::Status StoreWriter::OpenKeys() {
  const std::string path = KeyFileOf(file_->path());
  if (clock_.checkpoint > 0) {
    ASSIGN_OR_RETURN(keys_, ReadKeyFile(path));
    if (keys_.store != clock_.store) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": the keys of another store; put those of ", file_->path(), " back"));
    }
  } else {
    keys_.store = clock_.store = VisitorKey::Random().k0;
    keys_.key = VisitorKey::Random();
    RETURN_IF_ERROR(WriteKeyFile(path, keys_));
  }
  week_keys_.Restore(keys_.weeks);
  return absl::OkStatus();
}

absl::Status StoreWriter::KeepKeys() {
  std::map<int32_t, VisitorKey> weeks = week_keys_.all();
  if (weeks == keys_.weeks) return absl::OkStatus();
  StoredKeys keys = keys_;
  keys.weeks = std::move(weeks);
  RETURN_IF_ERROR(WriteKeyFile(KeyFileOf(file_->path()), keys));
  keys_ = std::move(keys);
  return absl::OkStatus();
}

// Of the weeks that ended 48 hours ago.
absl::Status StoreWriter::DropOldKeys() {
  const int64_t watermark_us = clock_.run.watermark.order_us;
  if (watermark_us == kAlways) return absl::OkStatus();
  week_keys_.ForgetBefore(Calendar(zone_.zone).WeekOf(watermark_us - kWeekKeyCarryUs));
  return KeepKeys();
}

absl::StatusOr<const Catalog*> StoreWriter::UseCatalog(const Catalog* current) {
  ASSIGN_OR_RETURN(std::optional<Catalog> catalog, directory_.CatalogFor(current));
  std::vector<RouteRef> routes;
  if (catalog) {
    ASSIGN_OR_RETURN(const std::unique_ptr<RouteTable> table, RouteTable::Make(*catalog));
    routes = table->routes();
  }
  catalog_ = std::move(catalog);
  routes_ = std::move(routes);
  return catalog_ ? &*catalog_ : nullptr;
}

// What the RouteIds of the last run are in this one; empty where they are the same.
absl::StatusOr<std::vector<RouteId>> StoreWriter::Renumbering() {
  ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, file_->Table(Tables().run_routes).Read());
  const std::vector<int64_t> numbers = RouteNumbers();
  std::vector<RouteId> renumbered;
  bool same = rows.size() == numbers.size();
  for (size_t place = 0; place < rows.size(); ++place) {
    const int64_t number = rows[place].numbers[1];
    const auto found = std::find(numbers.begin(), numbers.end(), number);
    const bool gone = number == 0 || found == numbers.end();
    renumbered.push_back(gone ? kNoRoute : static_cast<RouteId>(found - numbers.begin()));
    same = same && renumbered.back() == place;
  }
  if (same) renumbered.clear();
  return renumbered;
}

std::vector<int64_t> StoreWriter::RouteNumbers() const {
  std::vector<int64_t> numbers;
  for (const RouteRef& route : routes_) numbers.push_back(directory_.RouteNumber(route));
  return numbers;
}

absl::StatusOr<Checkpoint> StoreWriter::Resume() {
  Checkpoint checkpoint;
  checkpoint.clock = clock_.run;
  if (!catalog_) checkpoint.segments = directory_.ids();
  if (clock_.checkpoint == 0) return checkpoint;
  RETURN_IF_ERROR(file_->Begin());
  const auto read = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<StoredRow> rows, file_->Table(Tables().shards).Read());
    for (StoredRow& row : rows) checkpoint.shards.push_back(std::move(row.texts[0]));
    ASSIGN_OR_RETURN(checkpoint.routes, Renumbering());
    return absl::OkStatus();
  };
  const absl::Status status = read();
  file_->Rollback();
  RETURN_IF_ERROR(status);
  return checkpoint;
}

absl::StatusOr<std::vector<SourceState>> StoreWriter::Identify(const ProbedInput& input) {
  std::vector<SourceState> candidates;
  if (!input.input.reopenable) {
    if (stream_name_.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(input.input.name,
                       ": a stream has no name by which it would be known the next time; give it "
                       "one with --source NAME"));
    }
    for (const SourceState& source : sources_) {
      if (source.name == stream_name_) candidates.push_back(source);
    }
    return candidates;
  }
  for (const SourceState& source : sources_) {
    if (BeginsAs(source, keys_.key, input.head)) candidates.push_back(source);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const SourceState& a, const SourceState& b) { return a.offset > b.offset; });
  for (SourceState& source : candidates) {
    KnowBy(keys_.key, input.head, &source);
    source.name = input.input.name;
  }
  return candidates;
}

absl::StatusOr<SourceState> StoreWriter::AsNew(ProbedInput* input) {
  SourceState source;
  source.id = next_source_++;
  source.name = input->input.reopenable ? input->input.name : stream_name_;
  source.format = input->format_name;
  KnowBy(keys_.key, input->head, &source);
  const bool name_is_known =
      std::any_of(sources_.begin(), sources_.end(),
                  [&](const SourceState& other) { return other.name == source.name; });
  if (name_is_known) {
    input->notice =
        "not the log that was read by this name before, or cut short since: counted as a new one";
  }
  return source;
}

StoredRow HourRow(HourId hour, Calendar* calendar, absl::TimeZone zone) {
  const absl::Time begin = Calendar::TimeOf(hour);
  const int64_t begin_us = absl::ToUnixMicros(begin);
  return {{hour, calendar->DayOf(begin_us), calendar->WeekOf(begin_us)},
          {absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", begin, zone)}};
}

// Hours that have lines, and those that had been over already.
void StoreWriter::NoteHours(const TrafficCounters& traffic, FigureRows* rows) {
  Calendar calendar(zone_.zone);
  std::map<HourId, uint64_t> requests;
  for (size_t row = 0; row < traffic.traffic.rows(); ++row) {
    requests[TrafficKey::Unpack(traffic.traffic.key(row)).hour] +=
        traffic.traffic.value(row, kRequests);
  }
  std::set<int32_t> days;
  for (const auto& [hour, count] : requests) {
    StoredRow row = HourRow(hour, &calendar, zone_.zone);
    days.insert(static_cast<int32_t>(row.numbers[1]));
    (*rows)[&Tables().hours].push_back(std::move(row));
    const bool was_over = clock_.checkpoint > 0 &&
                          hour * kMicrosPerHourId + kMicrosPerHour <= clock_.run.watermark.order_us;
    if (was_over) (*rows)[&Tables().restatements].push_back({{hour, Signed(count)}, {}});
  }
  if (!catalog_) return;
  for (const int32_t day : days) {
    (*rows)[&Tables().day_catalogs].push_back({{day, clock_.catalog}, {}});
  }
}

absl::Status StoreWriter::WriteFigures(const Checkpoint& checkpoint) {
  const std::vector<int64_t> routes = RouteNumbers();
  FigureRows rows;
  AppendTraffic(checkpoint.traffic, routes, &rows);
  AppendLines(checkpoint.lines, &rows);
  AppendOrdered(checkpoint.settled, false, routes, &rows);
  AppendOrdered(checkpoint.open, true, routes, &rows);
  AppendSums(zone_.zone, &rows);
  NoteHours(checkpoint.traffic, &rows);
  for (const TableSpec* spec : Tables().all()) {
    if (spec->code > kOpenCodes) RETURN_IF_ERROR(file_->Table(*spec).Erase({}));
  }
  for (const auto& [spec, table_rows] : rows) {
    RETURN_IF_ERROR(file_->Table(*spec).Write(table_rows));
  }
  return absl::OkStatus();
}

absl::Status StoreWriter::WriteState(const Checkpoint& checkpoint) {
  std::vector<StoredRow> shards;
  for (size_t i = 0; i < checkpoint.shards.size(); ++i) {
    shards.push_back({{static_cast<int64_t>(i)}, {checkpoint.shards[i]}});
  }
  RETURN_IF_ERROR(file_->Table(Tables().shards).Write(shards));
  RETURN_IF_ERROR(WriteSources(checkpoint.sources));
  StoredTable run_routes = file_->Table(Tables().run_routes);
  RETURN_IF_ERROR(run_routes.Erase({}));
  std::vector<StoredRow> rows;
  for (const int64_t number : RouteNumbers()) {
    rows.push_back({{static_cast<int64_t>(rows.size()), number}, {}});
  }
  RETURN_IF_ERROR(run_routes.Write(rows));
  return file_->Table(Tables().clock).Write({clock_.ToRow()});
}

absl::Status StoreWriter::WriteSources(const std::vector<SourceState>& sources) {
  std::vector<StoredRow> rows;
  for (const SourceState& source : sources) rows.push_back(RowOf(source));
  return file_->Table(Tables().sources).Write(rows);
}

absl::Status StoreWriter::WrittenMeanwhile() const {
  return absl::AbortedError(absl::StrCat(
      file_->path(), ": another program wrote to it meanwhile; nothing was kept: run it again"));
}

absl::Status StoreWriter::Write(const Checkpoint& checkpoint) {
  ASSIGN_OR_RETURN(const StoreClock there, StoreClock::Read(file_.get()));
  if (there.checkpoint != clock_.checkpoint) return WrittenMeanwhile();
  ASSIGN_OR_RETURN(clock_.catalog,
                   directory_.Write(file_.get(), catalog_ ? &*catalog_ : nullptr,
                                    checkpoint.segments, absl::ToUnixMicros(absl::Now())));
  RETURN_IF_ERROR(WriteFigures(checkpoint));
  clock_.run = checkpoint.clock;
  clock_.written_by = version_;
  ++clock_.checkpoint;
  return WriteState(checkpoint);
}

absl::Status StoreWriter::Keep(const Checkpoint& checkpoint) {
  RETURN_IF_ERROR(KeepKeys());
  RETURN_IF_ERROR(file_->Begin());
  absl::Status written = Write(checkpoint);
  if (!written.ok()) {
    file_->Rollback();
    return written;
  }
  RETURN_IF_ERROR(file_->Commit());
  for (const SourceState& source : checkpoint.sources) {
    const auto known = std::find_if(sources_.begin(), sources_.end(),
                                    [&](const auto& other) { return other.id == source.id; });
    if (known == sources_.end()) {
      sources_.push_back(source);
    } else {
      *known = source;
    }
  }
  RETURN_IF_ERROR(DropOldKeys());
  if (kept) kept(checkpoint);
  return absl::OkStatus();
}

}  // namespace civlog
