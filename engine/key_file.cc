#include "engine/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr std::string_view kFirstLine = "civlog keys 1";

absl::Status Failed(const std::string& path) {
  const int error = errno;
  const std::string message = absl::StrCat(path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT) {
    return absl::ResourceExhaustedError(
        absl::StrCat(message, "; nothing is lost: make room and run it again"));
  }
  return absl::UnavailableError(message);
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return ::fsync(fd) == 0;
}

// The directory's entry for a file is on the disk once the directory is.
void SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// The last line: a key that is another by one digit would be one of nobody.
std::string CheckLine(std::string_view text) {
  return absl::StrFormat("check %016x\n", SipHash24(0, 0, text));
}

std::string TextOf(const StoredKeys& keys) {
  std::string text = absl::StrFormat("%s\nstore %016x\nkey %016x %016x\n", ToAbsl(kFirstLine),
                                     keys.store, keys.key.k0, keys.key.k1);
  for (const auto& [week, key] : keys.weeks) {
    absl::StrAppendFormat(&text, "week %d %016x %016x\n", week, key.k0, key.k1);
  }
  return text + CheckLine(text);
}

}  // namespace

absl::StatusOr<StoredKeys> ParseKeys(std::string_view text, const std::string& path) {
  const absl::Status damaged = absl::DataLossError(absl::StrCat(
      path, ": no key file of civlog's, or damaged; restore it together with the store"));
  const size_t check = text.rfind("check ");
  if (check == std::string_view::npos || text.substr(check) != CheckLine(text.substr(0, check))) {
    return damaged;
  }
  StoredKeys keys;
  for (const absl::string_view view :
       absl::StrSplit(ToAbsl(text.substr(0, check)), '\n', absl::SkipEmpty())) {
    const std::string line(view);
    int32_t week = 0;
    VisitorKey key;
    if (std::sscanf(line.c_str(), "week %" SCNd32 " %" SCNx64 " %" SCNx64, &week, &key.k0,
                    &key.k1) == 3) {
      keys.weeks[week] = key;
    } else if (std::sscanf(line.c_str(), "store %" SCNx64, &keys.store) != 1 &&
               std::sscanf(line.c_str(), "key %" SCNx64 " %" SCNx64, &keys.key.k0, &keys.key.k1) !=
                   2 &&
               line != kFirstLine) {
      return damaged;
    }
  }
  if (text.substr(0, kFirstLine.size()) != kFirstLine) return damaged;
  return keys;
}

absl::StatusOr<StoredKeys> ReadKeyFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return errno == ENOENT
               ? absl::NotFoundError(absl::StrCat(
                     path,
                     ": not there, and visits under way cannot be gone on with without it; "
                     "put it back beside the store"))
               : Failed(path);
  }
  const auto closer = absl::MakeCleanup([fd] { ::close(fd); });
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof(buffer))) != 0;) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path);
    text.append(buffer, static_cast<size_t>(got));
  }
  return ParseKeys(text, path);
}

absl::Status WriteKeyFile(const std::string& path, const StoredKeys& keys) {
  const std::string temporary = path + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return Failed(temporary);
  const bool written = ::fchmod(fd, kOwnerOnly) == 0 && WriteAll(fd, TextOf(keys));
  absl::Status status = written ? absl::OkStatus() : Failed(temporary);
  ::close(fd);
  if (!written) {
    ::unlink(temporary.c_str());
    return status;
  }
  const int old = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  struct stat info = {};
  const bool had = old >= 0 && ::fstat(old, &info) == 0;
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    absl::Status failed = Failed(path);
    if (old >= 0) ::close(old);
    return failed;
  }
  SyncDirectoryOf(path);
  // Keys that were replaced are not to be found on the disk.
  if (had) WriteAll(old, std::string(static_cast<size_t>(info.st_size), '\0'));
  if (old >= 0) ::close(old);
  return absl::OkStatus();
}

}  // namespace civlog
