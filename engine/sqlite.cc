#include "engine/sqlite.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How long another program's transaction is waited for.
constexpr int kPatienceMs = 10'000;

// SQLite looks at the system's error too late to tell that it was EFBIG.
bool MeetsSizeLimit(int code) {
  rlimit limit;
  return (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE ||
          code == SQLITE_IOERR_TRUNCATE) &&
         ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

// SQLite does not say so of the files beside the database.
bool OutOfRoom(int code, sqlite3* database) {
  if ((code & 0xFF) == SQLITE_FULL) return true;
  const int error = database != nullptr ? sqlite3_system_errno(database) : 0;
  const bool of_files = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
  return of_files && (error == ENOSPC || error == EDQUOT);
}

// What went wrong with the file, and what to do.
absl::Status ErrorOf(int code, sqlite3* database, const std::string& name) {
  const std::string reason = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  if (OutOfRoom(code, database)) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name, ": the disk is full; nothing is lost: make room and run it again"));
  }
  if (MeetsSizeLimit(code)) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name,
                     ": files may not become so large here; nothing is lost: raise the limit "
                     "(ulimit -f) and run it again"));
  }
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    // The statements are the program's own, so that what does not fit them is the file.
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return absl::DataLossError(
          absl::StrCat(name, ": damaged, or no store of civlog's (", reason,
                       "); nothing was written to it; restore it from a copy, or begin a new one"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(
          absl::StrCat(name, ": another program is writing to it; run it again later"));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::PermissionDeniedError(
          absl::StrCat(name, ": may not be written; run as a user who may write it"));
    case SQLITE_CANTOPEN:
      return absl::NotFoundError(absl::StrCat(name, ": cannot be opened (", reason, ")"));
    default:
      return absl::UnavailableError(absl::StrCat(
          name, ": ", reason, "; what was kept before stands: run it again to go on from there"));
  }
}

// The first look at the file, which ends what a writer that was killed had begun.
int Touch(sqlite3* database) {
  return sqlite3_exec(database, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr) &
         0xFF;
}

// No transaction is in the log beside the file.
bool NothingUnderWay(const std::string& path) {
  struct stat info = {};
  return ::stat((path + "-wal").c_str(), &info) != 0 || info.st_size == 0;
}

// https://www.sqlite.org/uri.html
std::string ImmutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      absl::StrAppend(&uri, "%", absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    } else {
      uri.push_back(c);
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void Statement::Note(int code) {
  if (code == SQLITE_OK || !status_.ok()) return;
  status_ = ErrorOf(code, sqlite3_db_handle(statement_.get()), *name_);
}

Statement& Statement::Bind(int64_t value) {
  if (status_.ok()) Note(sqlite3_bind_int64(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  if (status_.ok()) {
    Note(sqlite3_bind_text64(statement_.get(), ++bound_, text.data() != nullptr ? text.data() : "",
                             text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  return *this;
}

Statement& Statement::BindBlob(std::string_view bytes) {
  if (status_.ok()) {
    Note(sqlite3_bind_blob64(statement_.get(), ++bound_,
                             bytes.data() != nullptr ? bytes.data() : "", bytes.size(),
                             SQLITE_TRANSIENT));
  }
  return *this;
}

bool Statement::Next() {
  if (!status_.ok()) return false;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Note(code);
  return false;
}

void Statement::Rewind() {
  status_ = absl::OkStatus();
  bound_ = 0;
  if (statement_ != nullptr) sqlite3_reset(statement_.get());
}

absl::Status Statement::Run() {
  while (Next()) {
  }
  absl::Status status = status_;
  if (statement_ != nullptr) Rewind();
  return status;
}

std::string_view Statement::Bytes(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes != nullptr ? std::string_view(static_cast<const char*>(bytes), size)
                          : std::string_view();
}

absl::StatusOr<Database> Database::Open(const std::string& path, Mode mode) {
  Database opened;
  opened.name_ = std::make_unique<std::string>(path);
  if (mode != Mode::kCreate && ::access(path.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  }
  const auto open = [&opened](const std::string& name, int flags) {
    sqlite3* database = nullptr;
    // One thread uses it at a time.
    const int code = sqlite3_open_v2(name.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    opened.database_.reset(database);
    return code;
  };
  int code = open(path, mode == Mode::kRead    ? SQLITE_OPEN_READONLY
                        : mode == Mode::kWrite ? SQLITE_OPEN_READWRITE
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (code == SQLITE_OK && mode == Mode::kRead) {
    const int seen = Touch(opened.database_.get());
    if (seen == SQLITE_CANTOPEN && NothingUnderWay(path)) {
      // Where nothing may be written, not even beside it, nobody else writes either.
      code = open(ImmutableUri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    } else if (seen == SQLITE_READONLY && open(path, SQLITE_OPEN_READWRITE) == SQLITE_OK) {
      Touch(opened.database_.get());
      code = open(path, SQLITE_OPEN_READONLY);
    }
  }
  sqlite3* const database = opened.database_.get();
  if (code != SQLITE_OK) return ErrorOf(code, database, path);
  sqlite3_busy_timeout(database, kPatienceMs);
  sqlite3_extended_result_codes(database, 1);
  if (mode != Mode::kRead) {
    // A large transaction is not written twice for want of room.
    RETURN_IF_ERROR(opened.Run("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768"));
  }
  return opened;
}

absl::Status Database::Run(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : ErrorOf(code, database_.get(), *name_);
}

Statement Database::Prepare(std::string_view sql) {
  Statement statement;
  statement.name_ = name_.get();
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &prepared, nullptr);
  statement.statement_.reset(prepared);
  if (code != SQLITE_OK) statement.status_ = ErrorOf(code, database_.get(), *name_);
  return statement;
}

absl::StatusOr<int64_t> Database::Number(std::string_view sql) {
  Statement statement = Prepare(sql);
  const bool found = statement.Next();
  if (!statement.status().ok()) return statement.status();
  return found ? statement.Integer(0) : 0;
}

}  // namespace civlog
