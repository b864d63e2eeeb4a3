#include "parsers/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/gzip_source.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How often a read that waits for a pipe looks whether it was interrupted.
constexpr int kPollMilliseconds = 100;
// The longest signature in kSignatures.
constexpr size_t kSignatureBytes = 6;

absl::Status SystemError(const std::string& name, int error) {
  const std::string message = absl::StrCat(name, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES) return absl::PermissionDeniedError(message);
  return absl::UnavailableError(message);
}

class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string name, bool may_wait, const std::atomic<bool>* interrupt)
      : fd_(fd), name_(std::move(name)), may_wait_(may_wait), interrupt_(interrupt) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (!Interrupted()) {
      if (may_wait_ && !Ready()) continue;
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

 private:
  bool Interrupted() const {
    return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  }
  bool Ready() const {
    struct pollfd waiting = {fd_, POLLIN, 0};
    return ::poll(&waiting, 1, kPollMilliseconds) != 0;
  }

  int fd_;
  std::string name_;
  bool may_wait_;
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

// Hands the bytes that were read to recognise the content out again.
class SniffedSource : public ByteSource {
 public:
  SniffedSource(std::string head, std::unique_ptr<ByteSource> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (used_ == head_.size()) return rest_->Read(buffer, capacity);
    const size_t size = head_.copy(buffer, capacity, used_);
    used_ += size;
    return size;
  }

  uint64_t raw_bytes_read() const override { return rest_->raw_bytes_read(); }

 private:
  std::string head_;
  size_t used_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

using Decoder = std::unique_ptr<ByteSource> (*)(std::unique_ptr<ByteSource> raw, std::string name);

// Content that is told by its first bytes. Without a decoder it is refused, with
// the remedy, rather than taken for a log of garbage.
struct Signature {
  std::string_view magic;
  std::string_view kind;
  Decoder decoder;
  std::string_view remedy;
};

constexpr Signature kSignatures[] = {
    {std::string_view("\x1f\x8b", 2), "gzip", &MakeGzipSource, ""},
    {std::string_view("\x28\xb5\x2f\xfd", 4), "zstd", nullptr, "zstdcat"},
    {std::string_view("\xfd\x37\x7a\x58\x5a\x00", 6), "xz", nullptr, "xzcat"},
    {"BZh", "bzip2", nullptr, "bzcat"},
    {std::string_view("PK\x03\x04", 4), "zip", nullptr, "unzip -p"},
    {"\xff\xfe", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8"},
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> Decompressed(std::unique_ptr<ByteSource> raw,
                                                         const std::string& name) {
  std::string head(kSignatureBytes, '\0');
  size_t size = 0;
  while (size < head.size()) {
    ASSIGN_OR_RETURN(const size_t got, raw->Read(head.data() + size, head.size() - size));
    if (got == 0) break;
    size += got;
  }
  head.resize(size);
  auto sniffed = std::make_unique<SniffedSource>(head, std::move(raw));
  for (const Signature& signature : kSignatures) {
    if (!std::string_view(head).starts_with(signature.magic)) continue;
    if (signature.decoder != nullptr) return signature.decoder(std::move(sniffed), name);
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is ", ToAbsl(signature.kind), ", which is not read directly; try: ",
                     ToAbsl(signature.remedy), " ", name, " | civlog analyze -"));
  }
  return sniffed;
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const InputFile& file,
                                                       const std::atomic<bool>* interrupt) {
  int fd = STDIN_FILENO;
  if (file.path != "-") {
    fd = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return SystemError(file.name, errno);
  }
  struct stat info;
  if (::fstat(fd, &info) != 0) {
    const int error = errno;
    if (fd != STDIN_FILENO) ::close(fd);
    return SystemError(file.name, error);
  }
  auto source = std::make_unique<FileSource>(fd, file.name, !S_ISREG(info.st_mode), interrupt);
  if (S_ISDIR(info.st_mode)) return SystemError(file.name, EISDIR);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return Decompressed(std::move(source), file.name);
}

uint64_t RawSize(const InputFile& file) {
  struct stat info;
  const bool known =
      file.path == "-" ? ::fstat(STDIN_FILENO, &info) == 0 : ::stat(file.path.c_str(), &info) == 0;
  return known && S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes, size_t piece) {
  return std::make_unique<MemorySource>(std::move(bytes), piece);
}

}  // namespace civlog
