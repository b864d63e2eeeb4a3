// SQLite, with owners for its handles and absl::Status for its errors.

#ifndef CIVLOG_ENGINE_SQLITE_H_
#define CIVLOG_ENGINE_SQLITE_H_

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace civlog {

// A prepared statement. The first error sticks: status() tells it, and everything after it
// does nothing.
class Statement {
 public:
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  // Binds the parameters in turn, from the first on; after Run or Rewind anew.
  Statement& Bind(int64_t value);
  Statement& Bind(std::string_view text);
  Statement& BindBlob(std::string_view bytes);

  // Runs it to its end, and makes it ready for the next time.
  absl::Status Run();

  // Steps to the next row; false where there is none, or an error.
  bool Next();
  // Makes it ready for the next time. What went wrong is forgotten.
  void Rewind();
  const absl::Status& status() const { return status_; }

  int columns() const { return sqlite3_column_count(statement_.get()); }
  int64_t Integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  // Of a text or a blob; until the next step.
  std::string_view Bytes(int column) const;

 private:
  friend class Database;
  Statement() = default;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void Note(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* name_ = nullptr;  // of the database
  int bound_ = 0;
  absl::Status status_;
};

// An open database. Not thread-safe; outlives its statements.
class Database {
 public:
  enum class Mode : uint8_t { kRead, kWrite, kCreate };
  // `path` must exist, but for kCreate. What is kept is on the disk once its transaction
  // has ended.
  static absl::StatusOr<Database> Open(const std::string& path, Mode mode);
  Database(Database&&) = default;

  const std::string& name() const { return *name_; }

  // Runs statements without results, one or several.
  absl::Status Run(const std::string& sql);
  // `sql` is the program's own, so that an error is the file's.
  Statement Prepare(std::string_view sql);
  // The single number that a query yields.
  absl::StatusOr<int64_t> Number(std::string_view sql);

 private:
  struct CloseIt {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  Database() = default;

  std::unique_ptr<std::string> name_;
  std::unique_ptr<sqlite3, CloseIt> database_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SQLITE_H_
