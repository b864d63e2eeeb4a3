// Merging stores of several machines.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "engine/run_parts.h"
#include "engine/service_model.h"
#include "engine/store_care.h"
#include "engine/store_file.h"
#include "engine/store_reader.h"
#include "engine/store_schema.h"
#include "engine/stored_figures.h"
#include "engine/stored_sums.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

const StoreTables& Tables() { return StoreTables::Get(); }

// Numbers that things get in the merged store.
using Renumbering = std::map<int64_t, int64_t>;

class Merger {
 public:
  explicit Merger(StoreFile* file) : file_(file) {}

  absl::Status Add(const std::string& path, int64_t data_end_us);
  absl::Status Finish(const std::string& version);

 private:
  struct Numbers {
    Renumbering services{{0, 0}};
    Renumbering routes{{0, 0}};
    Renumbering sources;
    Renumbering catalogs;
  };

  absl::Status AddDirectory(StoreReader* store, Numbers* numbers);
  absl::Status AddRows(StoreReader* store, const Numbers& numbers);
  absl::Status AddOpen(StoreReader* store, int64_t data_end_us, const Numbers& numbers);
  absl::Status Write(const TableSpec& spec, const Numbers& numbers, std::vector<StoredRow> rows);

  StoreFile* file_;
  StoreClock clock_;
  bool any_ = false;
  std::map<std::string, int64_t> services_;             // by id
  std::map<std::vector<std::string>, int64_t> routes_;  // by service id, role and text
  std::map<std::string, int64_t> catalogs_;             // by digest
  int64_t last_catalog_use_us_ = std::numeric_limits<int64_t>::min();
  int64_t sources_ = 0;
};

// The number of `key`, a new one where it has none; says which.
template <typename Key>
std::pair<int64_t, bool> NumberOf(const Key& key, std::map<Key, int64_t>* known) {
  const auto [place, fresh] = known->try_emplace(key, static_cast<int64_t>(known->size()) + 1);
  return {place->second, fresh};
}

absl::Status Merger::AddDirectory(StoreReader* store, Numbers* numbers) {
  StoreFile& from = store->file();
  std::map<int64_t, std::string> ids;
  std::vector<StoredRow> fresh;
  ASSIGN_OR_RETURN(std::vector<StoredRow> rows, from.Table(Tables().services).Read());
  for (StoredRow& row : rows) {
    const auto [number, is_new] = NumberOf(row.texts[0], &services_);
    numbers->services[row.numbers[0]] = number;
    ids[row.numbers[0]] = row.texts[0];
    row.numbers[0] = number;
    if (is_new) fresh.push_back(std::move(row));
  }
  RETURN_IF_ERROR(file_->Table(Tables().services).Write(fresh));
  ASSIGN_OR_RETURN(rows, from.Table(Tables().steps_of_services).Read());
  for (StoredRow& row : rows) row.numbers[0] = numbers->services[row.numbers[0]];
  RETURN_IF_ERROR(file_->Table(Tables().steps_of_services).Write(rows));
  ASSIGN_OR_RETURN(rows, from.Table(Tables().routes).Read());
  fresh.clear();
  for (StoredRow& row : rows) {
    const auto [number, is_new] = NumberOf<std::vector<std::string>>(
        {ids[row.numbers[1]], row.texts[0], row.texts[1]}, &routes_);
    numbers->routes[row.numbers[0]] = number;
    row.numbers = {number, numbers->services[row.numbers[1]]};
    if (is_new) fresh.push_back(std::move(row));
  }
  RETURN_IF_ERROR(file_->Table(Tables().routes).Write(fresh));
  ASSIGN_OR_RETURN(rows, from.Table(Tables().catalogs).Read());
  for (StoredRow& row : rows) {
    const int64_t number = NumberOf(row.texts[0], &catalogs_).first;
    numbers->catalogs[row.numbers[0]] = number;
    row.numbers[0] = number;
    if (row.numbers[1] < last_catalog_use_us_) continue;
    last_catalog_use_us_ = row.numbers[1];
    clock_.catalog = number;
  }
  RETURN_IF_ERROR(file_->Table(Tables().catalogs).Write(rows));
  ASSIGN_OR_RETURN(rows, from.Table(Tables().sources).Read());
  for (StoredRow& row : rows) {
    numbers->sources[row.numbers[0]] = ++sources_;
    row.numbers[0] = sources_;
  }
  return file_->Table(Tables().sources).Write(rows);
}

// What the columns behind the first key are numbers of.
absl::Status Merger::Write(const TableSpec& spec, const Numbers& numbers,
                           std::vector<StoredRow> rows) {
  const std::pair<std::string_view, const Renumbering*> kColumns[] = {
      {"service", &numbers.services},
      {"route", &numbers.routes},
      {"source", &numbers.sources},
      {"catalog", &numbers.catalogs}};
  for (size_t column = 0; column < spec.keys; ++column) {
    for (const auto& [name, renumbered] : kColumns) {
      if (name != spec.numbers[column]) continue;
      for (StoredRow& row : rows) {
        const auto found = renumbered->find(row.numbers[column]);
        row.numbers[column] = found == renumbered->end() ? 0 : found->second;
      }
    }
    if (std::string_view(spec.numbers[column]) != "name_hash") continue;
    // Each store hashes with a key of its own.
    for (StoredRow& row : rows) {
      row.numbers[column] = static_cast<int64_t>(SipHash24(0, 0, row.texts[0]));
    }
  }
  return file_->Table(spec).Write(rows);
}

absl::Status Merger::AddRows(StoreReader* store, const Numbers& numbers) {
  for (const TableSpec* spec : Tables().all()) {
    const std::string_view key = spec->numbers.front();
    const bool of_times = key == "hour" || key == "day" || key == "week";
    if (!of_times || spec->code > kOpenCodes) continue;
    ASSIGN_OR_RETURN(std::vector<StoredRow> rows, store->file().Table(*spec).Read());
    RETURN_IF_ERROR(Write(*spec, numbers, std::move(rows)));
  }
  return absl::OkStatus();
}

// What is under way, as it is at the end of everybody's data.
absl::Status Merger::AddOpen(StoreReader* store, int64_t data_end_us, const Numbers& numbers) {
  ASSIGN_OR_RETURN(const std::vector<StoredRow> states,
                   store->file().Table(Tables().shards).Read());
  if (states.empty()) {
    // A merged store has nothing under way.
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Catalog* catalog, store->UseCatalog(nullptr));
  ASSIGN_OR_RETURN(const std::unique_ptr<ServiceModel> services, ServiceModel::Make(catalog));
  const absl::Duration timeout =
      catalog != nullptr ? catalog->portal.visit_timeout : Portal().visit_timeout;
  std::vector<std::string> texts;
  Shards shards;
  for (const StoredRow& row : states) {
    texts.push_back(row.texts[0]);
    shards.push_back(std::make_unique<Shard>(*services, absl::ToInt64Microseconds(timeout),
                                             store->zone(), VisitShardLimits(),
                                             TimeDetail::kAllByPeriod, GroupNeeds()));
  }
  TaskPool pool(1);
  if (!RestoreShards(texts, &shards, &pool)) {
    return absl::DataLossError(absl::StrCat(
        store->file().path(), ": its state of open visits cannot be read; restore it from a copy"));
  }
  for (const auto& shard : shards) shard->Finish(data_end_us);
  std::vector<int64_t> routes;
  if (catalog != nullptr) routes = store->RouteNumbers();
  FigureRows rows;
  AppendOrdered(FiguresOf(shards), false, routes, &rows);
  AppendSums(store->zone(), &rows);
  for (auto& [spec, table_rows] : rows) {
    RETURN_IF_ERROR(Write(*spec, numbers, std::move(table_rows)));
  }
  return absl::OkStatus();
}

absl::Status Merger::Add(const std::string& path, int64_t data_end_us) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> store, StoreReader::Open(path));
  const StoreClock& theirs = store->clock();
  if (any_ && theirs.time_zone != clock_.time_zone) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": counts the days of ", theirs.time_zone,
                                                   ", the others those of ", clock_.time_zone,
                                                   ": stores of one time zone can be merged"));
  }
  Numbers numbers;
  RETURN_IF_ERROR(AddDirectory(store.get(), &numbers));
  RETURN_IF_ERROR(AddRows(store.get(), numbers));
  RETURN_IF_ERROR(AddOpen(store.get(), data_end_us, numbers));
  const RunClock& run = theirs.run;
  RunClock& all = clock_.run;
  all.first_us = std::min(all.first_us, run.first_us);
  all.last_us = std::max(all.last_us, run.last_us);
  all.records += run.records;
  all.watermark = any_ ? std::min(all.watermark, run.watermark) : run.watermark;
  clock_.time_zone = theirs.time_zone;
  any_ = true;
  return absl::OkStatus();
}

absl::Status Merger::Finish(const std::string& version) {
  clock_.checkpoint = 1;
  clock_.merged = true;
  clock_.written_by = version;
  return file_->Table(Tables().clock).Write({clock_.ToRow()});
}

// A file that may be replaced: none, or a merged store.
absl::Status MayReplace(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> there, StoreReader::Open(path));
  if (there->clock().merged) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path,
                   ": a store that logs were added to, and no merged one; it is not replaced: name "
                   "another file for the result"));
}

// An SQLite file with what stands beside it.
void RemoveBeside(const std::string& path) {
  for (const char* suffix : {"-wal", "-shm"}) ::unlink((path + suffix).c_str());
}
void Remove(const std::string& path) {
  RemoveBeside(path);
  ::unlink(path.c_str());
}

}  // namespace

absl::Status MergeStores(const std::string& path, const std::vector<std::string>& others,
                         const std::string& version) {
  RETURN_IF_ERROR(MayReplace(path));
  int64_t data_end_us = kAlways;
  for (const std::string& other : others) {
    ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> store, StoreReader::Open(other));
    data_end_us = std::max(data_end_us, store->clock().run.last_us);
  }
  const std::string temporary = path + ".new";
  Remove(temporary);
  const auto remover = absl::MakeCleanup([&temporary] { Remove(temporary); });
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<StoreFile> file,
                     StoreFile::Open(temporary, StoreFile::Mode::kCreate));
    RETURN_IF_ERROR(file->Begin());
    Merger merger(file.get());
    for (const std::string& other : others) RETURN_IF_ERROR(merger.Add(other, data_end_us));
    RETURN_IF_ERROR(merger.Finish(version));
    RETURN_IF_ERROR(file->Commit());
    RETURN_IF_ERROR(file->database().Run("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  RemoveBeside(path);
  if (::rename(temporary.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(path, ": cannot be put in place"));
}

}  // namespace civlog
