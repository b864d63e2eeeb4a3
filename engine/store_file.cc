#include "engine/store_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/audience.h"
#include "engine/counters.h"
#include "engine/store_migration.h"
#include "engine/store_schema.h"
#include "engine/stored_sums.h"
#include "engine/visitor.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How long another writer is waited for.
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kLookEvery = absl::Milliseconds(50);

int64_t KnownVersion() { return static_cast<int64_t>(StoreMigrations().size()); }

uint64_t DigestOf(const ChunkDigests& digests) {
  uint64_t sum = digests.size();
  for (const auto& [place, digest] : digests) {
    const int64_t words[] = {place.first, place.second, static_cast<int64_t>(digest.rows),
                             static_cast<int64_t>(digest.sum)};
    sum += SipHash24(0, 0, {reinterpret_cast<const char*>(words), sizeof(words)});
  }
  return sum;
}

absl::Status NoStore(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat(path,
                   ": no store of civlog's; name another file, which is made if it is not "
                   "there"));
}

// Names of what the tables hold as numbers.
absl::Status WriteCodes(Database* database) {
  Statement put =
      database->Prepare("INSERT OR REPLACE INTO codes(kind, code, name) VALUES(?, ?, ?)");
  for (size_t i = 0; i < kAudienceCount; ++i) {
    put.Bind("audience").Bind(static_cast<int64_t>(i));
    RETURN_IF_ERROR(put.Bind(AudienceName(static_cast<Audience>(i))).Run());
  }
  for (size_t i = 0; i < kBucketCount; ++i) {
    put.Bind("bucket").Bind(static_cast<int64_t>(i));
    RETURN_IF_ERROR(put.Bind(BucketName(static_cast<Bucket>(i))).Run());
  }
  return put.status();
}

// All columns of all rows.
absl::StatusOr<std::vector<std::string>> TextsOf(Database* database, const char* sql) {
  constexpr int kColumns = 3;
  std::vector<std::string> texts;
  Statement read = database->Prepare(sql);
  while (read.Next()) {
    for (int column = 0; column < kColumns; ++column) texts.emplace_back(read.Bytes(column));
  }
  RETURN_IF_ERROR(read.status());
  return texts;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreFile>> StoreFile::Open(const std::string& path, Mode mode) {
  const Database::Mode database_mode = mode == Mode::kRead    ? Database::Mode::kRead
                                       : mode == Mode::kWrite ? Database::Mode::kWrite
                                                              : Database::Mode::kCreate;
  ASSIGN_OR_RETURN(Database database, Database::Open(path, database_mode));
  std::unique_ptr<StoreFile> file(new StoreFile(std::move(database), mode));
  RETURN_IF_ERROR(file->Recognise());
  return file;
}

absl::Status StoreFile::Recognise() {
  ASSIGN_OR_RETURN(const int64_t application, database_.Number("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const int64_t version, database_.Number("PRAGMA user_version"));
  ASSIGN_OR_RETURN(const int64_t objects, database_.Number("SELECT count(*) FROM sqlite_master"));
  const bool fresh = application == 0 && version == 0 && objects == 0;
  if (fresh && mode_ != Mode::kCreate) return NoStore(path());
  if (!fresh && application != kStoreApplicationId) return NoStore(path());
  if (version > KnownVersion()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path(), ": a store of version ", version, ", made by a newer civlog; this one knows up to ",
        KnownVersion(), ": install the newer civlog, nothing was changed"));
  }
  if (version == KnownVersion()) return absl::OkStatus();
  if (mode_ != Mode::kRead) return Migrate(version);
  // It is brought up to date by somebody who may write it.
  return Open(path(), Mode::kWrite).status();
}

absl::Status StoreFile::Migrate(int64_t from) {
  if (from == 0) RETURN_IF_ERROR(database_.Run("PRAGMA journal_mode = WAL"));
  RETURN_IF_ERROR(database_.Run("BEGIN IMMEDIATE"));
  const auto migrate = [&]() -> absl::Status {
    // Another program may have been faster.
    ASSIGN_OR_RETURN(from, database_.Number("PRAGMA user_version"));
    for (int64_t version = from; version < KnownVersion(); ++version) {
      RETURN_IF_ERROR(database_.Run(StoreMigrations()[static_cast<size_t>(version)]));
    }
    if (from > 0) RETURN_IF_ERROR(ReadDigests());
    if (from > 0 && from < kVersionOfSignedHours) RETURN_IF_ERROR(MoveHoursBeforeEpoch(this));
    if (from > 0 && from < kVersionOfSums) RETURN_IF_ERROR(SumUp(this));
    if (from > 0 && from < KnownVersion()) RETURN_IF_ERROR(StopOlderWriters(this));
    RETURN_IF_ERROR(WriteDigests());
    RETURN_IF_ERROR(WriteCodes(&database_));
    RETURN_IF_ERROR(
        database_.Run(absl::StrCat("PRAGMA application_id = ", kStoreApplicationId,
                                   "; PRAGMA user_version = ", KnownVersion(), "; COMMIT")));
    return absl::OkStatus();
  };
  absl::Status status = migrate();
  if (!status.ok()) Rollback();
  return status;
}

absl::Status StoreFile::Begin() {
  RETURN_IF_ERROR(database_.Run(mode_ == Mode::kRead ? "BEGIN" : "BEGIN IMMEDIATE"));
  absl::Status status = CheckVersion();
  if (status.ok()) status = ReadDigests();
  if (!status.ok()) Rollback();
  return status;
}

absl::Status StoreFile::Commit() {
  absl::Status status = mode_ == Mode::kRead ? absl::OkStatus() : WriteDigests();
  if (status.ok()) status = database_.Run("COMMIT");
  if (!status.ok()) Rollback();
  return status;
}

// Opened by this version, a store may have become a newer one's meanwhile.
absl::Status StoreFile::CheckVersion() {
  ASSIGN_OR_RETURN(const int64_t version, database_.Number("PRAGMA user_version"));
  if (version == KnownVersion()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path(), ": a newer civlog has made it a store of version ", version,
      " meanwhile; this one knows up to ", KnownVersion(), ": start the newer one instead"));
}

void StoreFile::Rollback() {
  // There may be none any more: SQLite ends it by itself after some errors.
  database_.Run("ROLLBACK").IgnoreError();
}

absl::Status StoreFile::ReadDigests() {
  digests_.clear();
  Statement read = database_.Prepare("SELECT code, chunk, rows, sum FROM digests");
  while (read.Next()) {
    digests_[{read.Integer(0), read.Integer(1)}] = {static_cast<uint64_t>(read.Integer(2)),
                                                    static_cast<uint64_t>(read.Integer(3))};
  }
  RETURN_IF_ERROR(read.status());
  kept_ = digests_;
  ASSIGN_OR_RETURN(const int64_t expected, database_.Number("SELECT sum FROM digest_of_digests"));
  if (static_cast<uint64_t>(expected) == DigestOf(digests_)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      path(), ": damaged: its digests are not as they were written; restore the file from a copy"));
}

absl::Status StoreFile::WriteDigests() {
  Statement put = database_.Prepare(
      "INSERT OR REPLACE INTO digests(code, chunk, rows, sum) VALUES(?, ?, ?, ?)");
  for (const auto& [place, digest] : digests_) {
    const auto kept = kept_.find(place);
    if (kept != kept_.end() && kept->second == digest) continue;
    put.Bind(place.first).Bind(place.second).Bind(static_cast<int64_t>(digest.rows));
    RETURN_IF_ERROR(put.Bind(static_cast<int64_t>(digest.sum)).Run());
  }
  Statement drop = database_.Prepare("DELETE FROM digests WHERE code = ? AND chunk = ?");
  for (const auto& [place, digest] : kept_) {
    if (digests_.contains(place)) continue;
    RETURN_IF_ERROR(drop.Bind(place.first).Bind(place.second).Run());
  }
  Statement sum =
      database_.Prepare("INSERT OR REPLACE INTO digest_of_digests(one, sum) VALUES(1, ?)");
  return sum.Bind(static_cast<int64_t>(DigestOf(digests_))).Run();
}

// Tables, views and codes, which have no digests: as a store has them that was made just
// now.
absl::Status StoreFile::CheckSchema() {
  ASSIGN_OR_RETURN(Database fresh, Database::Open(":memory:", Database::Mode::kCreate));
  for (const std::string& migration : StoreMigrations()) RETURN_IF_ERROR(fresh.Run(migration));
  RETURN_IF_ERROR(WriteCodes(&fresh));
  for (const char* sql : {"SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2",
                          "SELECT kind, code, name FROM codes ORDER BY 1, 2"}) {
    ASSIGN_OR_RETURN(const std::vector<std::string> expected, TextsOf(&fresh, sql));
    ASSIGN_OR_RETURN(const std::vector<std::string> there, TextsOf(&database_, sql));
    if (there == expected) continue;
    return absl::DataLossError(
        absl::StrCat(path(),
                     ": damaged: its tables, views or codes are not civlog's, or somebody added "
                     "some; restore the file from a copy"));
  }
  return absl::OkStatus();
}

absl::Status StoreFile::Check() {
  Statement pages = database_.Prepare("PRAGMA integrity_check(1)");
  const bool answered = pages.Next();
  RETURN_IF_ERROR(pages.status());
  if (!answered || pages.Bytes(0) != "ok") {
    return absl::DataLossError(absl::StrCat(path(), ": damaged: ", ToAbsl(pages.Bytes(0)),
                                            "; restore the file from a copy"));
  }
  RETURN_IF_ERROR(CheckSchema());
  for (const TableSpec* spec : StoreTables::Get().all()) {
    ASSIGN_OR_RETURN(const uint64_t rows, Table(*spec).Count());
    ASSIGN_OR_RETURN(const int64_t there,
                     database_.Number(absl::StrCat("SELECT count(*) FROM ", spec->name)));
    if (static_cast<uint64_t>(there) != rows) {
      return absl::DataLossError(absl::StrCat(path(), ": damaged: the table ", spec->name,
                                              " has rows that nobody wrote; restore the file from "
                                              "a copy"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<StoreLock> StoreLock::Take(const std::string& store) {
  const std::string path = store + ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP);
  if (fd < 0) {
    return absl::PermissionDeniedError(absl::StrCat(path, ": ", std::strerror(errno)));
  }
  StoreLock lock(fd);
  const absl::Time until = absl::Now() + kPatience;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
    }
    if (absl::Now() >= until) {
      return absl::UnavailableError(
          absl::StrCat(store,
                       ": another civlog is writing to it; nothing was counted: run it again "
                       "when that one has ended"));
    }
    absl::SleepFor(kLookEvery);
  }
  return lock;
}

StoreLock::~StoreLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace civlog
