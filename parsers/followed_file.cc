#include "parsers/followed_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "absl/time/clock.h"
#include "parsers/file_access.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// A line of a log says when it was written, so that two logs differ early.
constexpr size_t kHeadBytes = 256;

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// -1 and errno on error.
ssize_t ReadOnce(int fd, char* buffer, size_t capacity) {
  ssize_t got = -1;
  do {
    got = ::read(fd, buffer, capacity);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

std::pair<std::string_view, int64_t> SplitRotation(std::string_view name) {
  for (const std::string_view suffix : {".gz", ".zst", ".xz", ".bz2"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || !IsDigits(name.substr(dot + 1))) return {name, 0};
  const std::string_view digits = name.substr(dot + 1);
  if (digits.size() >= 8) return {name, 0};
  int64_t rotation = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), rotation);
  return {name.substr(0, dot), rotation};
}

bool IsRotatedName(std::string_view name) { return SplitRotation(name).second > 0; }

FollowedFile::FollowedFile(int fd, const InputFile& file, Following following)
    : fd_(fd),
      path_(file.path),
      name_(file.name),
      by_name_(following == Following::kName && !IsRotatedName(file.name)),
      may_end_(following == Following::kFile) {
  struct stat info;
  if (::fstat(fd_, &info) == 0) stamp_ = StampOf(info);
}

FollowedFile::~FollowedFile() { ::close(fd_); }

// False where the file is not the one that was read: it was cut and written anew.
bool FollowedFile::HeadIsKnown() {
  std::string now(head_.size(), '\0');
  const ssize_t got = ::pread(fd_, now.data(), now.size(), 0);
  return got == static_cast<ssize_t>(head_.size()) && now == head_;
}

// True where the file begins otherwise than it did: what was read just now is of another
// log.
bool FollowedFile::HeadDiffers() {
  std::string now(head_.size(), '\0');
  const ssize_t got = ::pread(fd_, now.data(), now.size(), 0);
  now.resize(static_cast<size_t>(std::max<ssize_t>(0, got)));
  return !head_.starts_with(now);
}

void FollowedFile::StartOver() {
  ::lseek(fd_, 0, SEEK_SET);
  offset_ = 0;
  head_.clear();
  owes_newline_ = in_line_;
  in_line_ = false;
}

// Goes on with the file that has the name now; false where it cannot be had yet.
absl::StatusOr<bool> FollowedFile::Replace() {
  const int next = OpenForReading(path_);
  // It may be gone again, or not ours to read yet: rotation sets owners afterwards.
  if (next < 0 && (errno == ENOENT || errno == EACCES)) return false;
  if (next < 0) return SystemError(name_, errno);
  ::close(fd_);
  fd_ = next;
  StartOver();
  return true;
}

bool FollowedFile::HasName() const {
  struct stat named;
  return ::stat(path_.c_str(), &named) == 0 && StampOf(named).IsSameFile(stamp_);
}

// Nothing is to be expected of it any more.
bool FollowedFile::IsSilent() const {
  const absl::Time now = absl::Now();
  absl::Time changed = absl::FromUnixNanos(stamp_.modified_ns);
  // By another machine's clock, which tells nothing.
  if (changed > now) changed = last_growth_;
  const absl::Duration silent = now - changed;
  return silent >= kPatience || (silent >= kSilence && HasName());
}

// What is in the file now is another log.
void FollowedFile::NoteCut() {
  if (!may_end_) return StartOver();
  ended_ = true;
  stamp_ = FileStamp();
}

// At the end of what there was: true where there is something to read now.
absl::StatusOr<bool> FollowedFile::LookAround() {
  struct stat open_file;
  if (::fstat(fd_, &open_file) != 0) return SystemError(name_, errno);
  stamp_ = StampOf(open_file);
  if (stamp_.size < offset_ || !HeadIsKnown()) {
    NoteCut();
    return !ended_;
  }
  if (stamp_.size > offset_) return true;
  if (may_end_) ended_ = IsSilent();
  struct stat named;
  if (!by_name_ || ::stat(path_.c_str(), &named) != 0 || !S_ISREG(named.st_mode)) return false;
  if (StampOf(named).IsSameFile(stamp_)) return false;
  if (absl::Now() - last_growth_ < kQuiet) return false;
  return Replace();
}

absl::StatusOr<size_t> FollowedFile::Read(char* buffer, size_t capacity) {
  while (!ended_) {
    if (at_end_) {
      ASSIGN_OR_RETURN(const bool more, LookAround());
      if (!more) return size_t{0};
      at_end_ = false;
    }
    if (owes_newline_) {
      owes_newline_ = false;
      *buffer = '\n';
      return size_t{1};
    }
    const ssize_t got = ReadOnce(fd_, buffer, capacity);
    if (got < 0) return SystemError(name_, errno);
    if (got > 0) {
      const auto size = static_cast<size_t>(got);
      if (may_end_ && HeadDiffers()) {
        NoteCut();
        break;
      }
      if (head_.size() < kHeadBytes) {
        head_.append(buffer, std::min(size, kHeadBytes - head_.size()));
      }
      offset_ += size;
      read_ += size;
      in_line_ = buffer[size - 1] != '\n';
      last_growth_ = absl::Now();
      // Before what comes after this, the file may be cut and written anew.
      at_end_ = size < capacity;
      return size;
    }
    at_end_ = true;
  }
  return size_t{0};
}

}  // namespace civlog
