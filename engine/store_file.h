// A store's file: an SQLite database of civlog's, of a version that this program knows.

#ifndef CIVLOG_ENGINE_STORE_FILE_H_
#define CIVLOG_ENGINE_STORE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/sqlite.h"
#include "engine/stored_table.h"

namespace civlog {

// Errors name the file and the remedy: NotFound where there is none, FailedPrecondition
// where it is another program's or a newer version's, DataLoss where it is damaged,
// ResourceExhausted where the disk is full, Unavailable where another program writes.
// Not thread-safe.
class StoreFile {
 public:
  enum class Mode : uint8_t { kRead, kWrite, kCreate };

  // Brings an older version up to date, in a transaction, before anything else. kCreate
  // makes a store where there is no file, or an empty one.
  static absl::StatusOr<std::unique_ptr<StoreFile>> Open(const std::string& path, Mode mode);

  // Begins a transaction. What it reads is of one checkpoint.
  absl::Status Begin();
  // Ends it and keeps what was written; on the disk when this returns.
  absl::Status Commit();
  // Ends it as if it had not been.
  void Rollback();

  // REQUIRES: a transaction, during which it may be used.
  StoredTable Table(const TableSpec& spec) { return {&spec, &database_, &digests_}; }
  // Rows of all chunks are as they were written, and no others; tables, views and codes are
  // those of this version. REQUIRES: a transaction.
  absl::Status Check();

  const std::string& path() const { return database_.name(); }
  Database& database() { return database_; }

 private:
  StoreFile(Database database, Mode mode) : database_(std::move(database)), mode_(mode) {}
  absl::Status Recognise();
  absl::Status Migrate(int64_t from);
  absl::Status CheckVersion();
  absl::Status ReadDigests();
  absl::Status WriteDigests();
  absl::Status CheckSchema();

  Database database_;
  Mode mode_;
  ChunkDigests digests_;
  ChunkDigests kept_;  // as they are in the file
};

// Holds a store for one writer. Advisory: flock(2) on a file beside the store, so that a
// writer that was killed holds nothing.
class StoreLock {
 public:
  // Waits some seconds for another writer to end. Unavailable where it does not.
  static absl::StatusOr<StoreLock> Take(const std::string& store);
  StoreLock(StoreLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StoreLock& operator=(StoreLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~StoreLock();

 private:
  explicit StoreLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_FILE_H_
