#include "parsers/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/content_kind.h"
#include "parsers/decompressed_source.h"
#include "parsers/file_access.h"
#include "parsers/followed_file.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How often a read that waits for a pipe looks whether it was interrupted.
constexpr int kPollMilliseconds = 100;
constexpr std::string_view kStdinPath = "-";

// A file descriptor. Owns it, unless it is standard input's.
class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string name, const FileStamp& stamp, const std::atomic<bool>* interrupt)
      : fd_(fd),
        name_(std::move(name)),
        stamp_(stamp),
        may_wait_(!stamp.known()),
        interrupt_(interrupt) {}
  ~FileSource() override {
    if (fd_ >= 0 && fd_ != STDIN_FILENO) ::close(fd_);
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    silent_ = false;
    while (!IsSet(interrupt_)) {
      if (may_wait_ && !IsReady()) {
        silent_ = !waits_;
        if (silent_) return size_t{0};
        continue;
      }
      const ssize_t got = ::read(fd_, buffer, capacity);
      if (got >= 0) {
        read_ += static_cast<uint64_t>(got);
        return static_cast<size_t>(got);
      }
      if (errno != EINTR && errno != EAGAIN) return SystemError(name_, errno);
    }
    return size_t{0};
  }

  uint64_t raw_bytes_read() const override { return read_; }
  bool may_grow() const override { return silent_; }
  FileStamp stamp() const override { return stamp_; }

  // Hands over the descriptor, and is not to be used any more.
  int Release() { return std::exchange(fd_, -1); }

  // From now on, a pipe without bytes for now may grow.
  void DoNotWait() { waits_ = false; }

 private:
  // Waits a little for bytes, the end or an error. A signal counts as not ready: it
  // may be the one that interrupts, and the read would wait on.
  bool IsReady() const {
    struct pollfd waiting = {fd_, POLLIN, 0};
    return ::poll(&waiting, 1, waits_ ? kPollMilliseconds : 0) > 0;
  }

  int fd_;
  std::string name_;
  FileStamp stamp_;
  bool may_wait_;
  bool waits_ = true;
  bool silent_ = false;  // the last read found nothing, and not the end
  const std::atomic<bool>* interrupt_;
  uint64_t read_ = 0;
};

class MemorySource : public ByteSource {
 public:
  MemorySource(std::string bytes, size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    size_t size = std::min(capacity, bytes_.size() - used_);
    if (piece_ > 0) size = std::min(size, piece_);
    std::memcpy(buffer, bytes_.data() + used_, size);
    used_ += size;
    return size;
  }

  uint64_t raw_bytes_read() const override { return used_; }

 private:
  std::string bytes_;
  size_t piece_;
  size_t used_ = 0;
};

class ReplaySource : public ByteSource {
 public:
  ReplaySource(std::string ahead, absl::Status status, std::unique_ptr<ByteSource> rest)
      : ahead_(std::move(ahead)), status_(std::move(status)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (used_ == ahead_.size()) {
      if (!status_.ok()) return status_;
      return rest_->Read(buffer, capacity);
    }
    const size_t size = std::min(capacity, ahead_.size() - used_);
    ahead_.copy(buffer, size, used_);
    used_ += size;
    return size;
  }
  uint64_t raw_bytes_read() const override { return rest_->raw_bytes_read(); }
  bool may_grow() const override { return status_.ok() && rest_->may_grow(); }
  FileStamp stamp() const override { return rest_->stamp(); }

 private:
  std::string ahead_;
  size_t used_ = 0;
  absl::Status status_;
  std::unique_ptr<ByteSource> rest_;
};

// Ends without an error once interrupted: that a stream then stops short is no fault
// of the file.
class InterruptibleSource : public ByteSource {
 public:
  InterruptibleSource(std::unique_ptr<ByteSource> source, const std::atomic<bool>* interrupt)
      : source_(std::move(source)), interrupt_(interrupt) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (IsSet(interrupt_)) return size_t{0};
    absl::StatusOr<size_t> got = source_->Read(buffer, capacity);
    if (!got.ok() && IsSet(interrupt_)) return size_t{0};
    return got;
  }

  uint64_t raw_bytes_read() const override { return source_->raw_bytes_read(); }
  bool may_grow() const override { return !IsSet(interrupt_) && source_->may_grow(); }
  FileStamp stamp() const override { return IsSet(interrupt_) ? FileStamp() : source_->stamp(); }
  bool compressed() const override { return source_->compressed(); }

 private:
  std::unique_ptr<ByteSource> source_;
  const std::atomic<bool>* interrupt_;
};

// Reads as much as it takes to recognise the content, and no more than that waits:
// the first line of a slow pipe may be shorter than a signature.
absl::Status ReadHead(ByteSource* raw, std::string* head) {
  char buffer[kMagicBytes];
  while (MayBecomeContentKind(*head)) {
    ASSIGN_OR_RETURN(const size_t got, raw->Read(buffer, kMagicBytes - head->size()));
    if (got == 0) break;
    head->append(buffer, got);
  }
  return absl::OkStatus();
}

// True for an open file whose first bytes are those of compressed content.
bool IsCompressed(int fd) {
  std::string head(kMagicBytes, '\0');
  const ssize_t got = ::pread(fd, head.data(), head.size(), 0);
  head.resize(static_cast<size_t>(std::max<ssize_t>(0, got)));
  return FindContentKind(head) != nullptr;
}

// A pipe's bytes: waits for the first of them only, which tell whether they are
// compressed. What is, is read to its end.
absl::StatusOr<std::unique_ptr<ByteSource>> FollowedPipe(std::unique_ptr<FileSource> pipe,
                                                         const std::string& name) {
  std::string head;
  const absl::Status status = ReadHead(pipe.get(), &head);
  if (FindContentKind(head) != nullptr) {
    return Decompressed(MakeReplaySource(std::move(head), status, std::move(pipe)), name);
  }
  pipe->DoNotWait();
  return MakeReplaySource(std::move(head), status, std::move(pipe));
}

}  // namespace

absl::Status SystemError(const std::string& name, int error) {
  const std::string message = absl::StrCat(name, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES) {
    return absl::PermissionDeniedError(absl::StrCat(message, "; run as a user who may read it"));
  }
  return absl::UnavailableError(message);
}

int OpenForReading(const std::string& path) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

absl::StatusOr<std::unique_ptr<ByteSource>> Decompressed(std::unique_ptr<ByteSource> raw,
                                                         const std::string& name) {
  std::string head;
  absl::Status status = ReadHead(raw.get(), &head);
  if (!status.ok() && head.empty()) return status;
  const ContentKind* kind = FindContentKind(head);
  if (kind != nullptr && kind->make_decoder == nullptr) return Refusal(name, *kind);
  return MakeDecompressedSource(std::move(raw), name, std::move(head), std::move(status));
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const InputFile& file,
                                                       const std::atomic<bool>* interrupt,
                                                       Following following) {
  const int fd = file.path == kStdinPath ? STDIN_FILENO : OpenForReading(file.path);
  if (fd < 0) return SystemError(file.name, errno);
  struct stat info = {};
  const int error = ::fstat(fd, &info) == 0 ? 0 : errno;
  const FileStamp stamp = StampOf(info);
  auto source = std::make_unique<FileSource>(fd, file.name, stamp, interrupt);
  if (error != 0) return SystemError(file.name, error);
  if (S_ISDIR(info.st_mode)) return SystemError(file.name, EISDIR);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  const bool follow = following != Following::kNot;
  absl::StatusOr<std::unique_ptr<ByteSource>> opened = absl::UnknownError("");
  if (follow && !stamp.known()) {
    opened = FollowedPipe(std::move(source), file.name);
  } else if (follow && fd != STDIN_FILENO && !IsCompressed(fd)) {
    opened = std::make_unique<FollowedFile>(source->Release(), file, following);
  } else {
    opened = Decompressed(std::move(source), file.name);
  }
  if (!opened.ok() || interrupt == nullptr) return opened;
  return std::make_unique<InterruptibleSource>(*std::move(opened), interrupt);
}

FileStamp StampOf(const struct stat& info) {
  if (!S_ISREG(info.st_mode)) return {};
  return {info.st_dev, info.st_ino, static_cast<uint64_t>(info.st_size),
          info.st_mtim.tv_sec * int64_t{1'000'000'000} + info.st_mtim.tv_nsec};
}

FileStamp StampOf(const InputFile& file) {
  struct stat info;
  const bool known = file.path == kStdinPath ? ::fstat(STDIN_FILENO, &info) == 0
                                             : ::stat(file.path.c_str(), &info) == 0;
  return known ? StampOf(info) : FileStamp();
}

std::unique_ptr<ByteSource> MakeReplaySource(std::string ahead, absl::Status status,
                                             std::unique_ptr<ByteSource> rest) {
  return std::make_unique<ReplaySource>(std::move(ahead), std::move(status), std::move(rest));
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes, size_t piece) {
  return std::make_unique<MemorySource>(std::move(bytes), piece);
}

}  // namespace civlog
