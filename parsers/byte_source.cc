#include "parsers/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "parsers/absl_bridge.h"
#include "parsers/gzip_source.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How often a read that waits for a pipe looks whether it was interrupted.
constexpr int kPollMilliseconds = 100;
constexpr std::string_view kStdinPath = "-";

absl::Status SystemError(const std::string& name, int error) {
  const std::string message = absl::StrCat(name, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES) {
    return absl::PermissionDeniedError(absl::StrCat(message, "; run as a user who may read it"));
  }
  return absl::UnavailableError(message);
}

bool IsSet(const std::atomic<bool>* interrupt) {
  return interrupt != nullptr && interrupt->load(std::memory_order_relaxed);
}

// A file descriptor. Owns it, unless it is standard input's.
class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string name, bool may_wait, const std::atomic<bool>* interrupt)
      : fd_(fd), name_(std::move(name)), may_wait_(may_wait), interrupt_(interrupt) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (!IsSet(interrupt_)) {
      if (may_wait_ && !IsReady()) continue;
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
  // Waits a little for bytes, the end or an error. A signal counts as not ready: it
  // may be the one that interrupts, and the read would wait on.
  bool IsReady() const {
    struct pollfd waiting = {fd_, POLLIN, 0};
    return ::poll(&waiting, 1, kPollMilliseconds) > 0;
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

 private:
  std::unique_ptr<ByteSource> source_;
  const std::atomic<bool>* interrupt_;
};

// Hands the bytes that were read to recognise the content out again, then the error
// that was met on the way, if any.
class SniffedSource : public ByteSource {
 public:
  SniffedSource(std::string head, absl::Status status, std::unique_ptr<ByteSource> rest)
      : head_(std::move(head)), status_(std::move(status)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (used_ == head_.size()) {
      if (!status_.ok()) return status_;
      return rest_->Read(buffer, capacity);
    }
    const size_t size = head_.copy(buffer, capacity, used_);
    used_ += size;
    return size;
  }

  uint64_t raw_bytes_read() const override { return rest_->raw_bytes_read(); }

 private:
  std::string head_;
  size_t used_ = 0;
  absl::Status status_;
  std::unique_ptr<ByteSource> rest_;
};

using Decoder = std::unique_ptr<ByteSource> (*)(std::unique_ptr<ByteSource> raw, std::string name);

// Content that is told by its first bytes; '.' stands for any byte. Without a decoder
// it is refused, with the command that makes a log of it, rather than taken for a log
// of garbage. The signatures are long enough that no log line begins with one.
struct Signature {
  std::string_view magic;
  std::string_view kind;
  Decoder decoder;
  std::string_view remedy;
};

// RFC 1952, RFC 8878 (frames and skippable frames), the xz file format 1.0.4, bzip2
// (a first block, or none), PKWARE's APPNOTE (a file, or none), 7zFormat.txt, the LZ4
// frame format 1.6, compress(1), Unicode's byte order marks.
constexpr Signature kSignatures[] = {
    {std::string_view("\x1f\x8b", 2), "gzip", &MakeGzipSource, ""},
    {std::string_view("\x28\xb5\x2f\xfd", 4), "zstd", nullptr, "zstdcat"},
    {std::string_view(".\x2a\x4d\x18", 4), "zstd", nullptr, "zstdcat"},
    {std::string_view("\xfd\x37\x7a\x58\x5a\x00", 6), "xz", nullptr, "xzcat"},
    {"BZh.1AY&SY", "bzip2", nullptr, "bzcat"},
    {"BZh.\x17\x72\x45\x38\x50\x90", "bzip2", nullptr, "bzcat"},
    {std::string_view("PK\x03\x04", 4), "zip", nullptr, "unzip -p"},
    {std::string_view("PK\x05\x06", 4), "zip", nullptr, "unzip -p"},
    {"7z\xbc\xaf\x27\x1c", "7-Zip", nullptr, "7z x -so"},
    {"\x04\x22\x4d\x18", "LZ4", nullptr, "lz4cat"},
    {"\x1f\x9d", "compress", nullptr, "zcat"},
    {"\xff\xfe", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8"},
};
// The longest of them.
constexpr size_t kSignatureBytes = 10;

// True where the bytes that both have are the same.
bool Agree(std::string_view magic, std::string_view head) {
  return std::equal(
      magic.begin(),
      magic.begin() + static_cast<std::ptrdiff_t>(std::min(magic.size(), head.size())),
      head.begin(), [](char want, char got) { return want == '.' || want == got; });
}

const Signature* FindSignature(std::string_view head) {
  for (const Signature& signature : kSignatures) {
    if (head.size() >= signature.magic.size() && Agree(signature.magic, head)) return &signature;
  }
  return nullptr;
}

// True where more bytes may still make a signature of it.
bool MayBecomeSignature(std::string_view head) {
  return std::any_of(std::begin(kSignatures), std::end(kSignatures), [head](const Signature& s) {
    return head.size() < s.magic.size() && Agree(s.magic, head);
  });
}

// Reads as much as it takes to recognise the content, and no more than that waits:
// the first line of a slow pipe may be shorter than a signature.
absl::Status ReadHead(ByteSource* raw, std::string* head) {
  char buffer[kSignatureBytes];
  while (MayBecomeSignature(*head)) {
    ASSIGN_OR_RETURN(const size_t got, raw->Read(buffer, kSignatureBytes - head->size()));
    if (got == 0) break;
    head->append(buffer, got);
  }
  return absl::OkStatus();
}

// `name` as one word of a shell.
std::string ShellWord(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("/._-+,:@%=").find(c) != std::string_view::npos;
  });
  return plain ? name : absl::StrCat("'", absl::StrReplaceAll(name, {{"'", "'\\''"}}), "'");
}

absl::Status Refusal(const std::string& name, const Signature& found) {
  const std::string what =
      absl::StrCat(name, ": is ", ToAbsl(found.kind), ", which is not read directly; ");
  if (name == kStdinName) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, "convert it first (", ToAbsl(found.remedy), ")"));
  }
  return absl::InvalidArgumentError(absl::StrCat(what, "try: ", ToAbsl(found.remedy), " ",
                                                 ShellWord(name), " | civlog analyze -"));
}

// Opens without waiting for a pipe's writer: that wait is Read's, which can be
// interrupted. -1 and errno on error.
int OpenForReading(const std::string& path) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> Decompressed(std::unique_ptr<ByteSource> raw,
                                                         const std::string& name) {
  std::string head;
  const absl::Status status = ReadHead(raw.get(), &head);
  if (!status.ok() && head.empty()) return status;
  const Signature* found = FindSignature(head);
  auto sniffed = std::make_unique<SniffedSource>(std::move(head), status, std::move(raw));
  if (found == nullptr) return sniffed;
  if (found->decoder == nullptr) return Refusal(name, *found);
  return found->decoder(std::move(sniffed), name);
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const InputFile& file,
                                                       const std::atomic<bool>* interrupt) {
  const int fd = file.path == kStdinPath ? STDIN_FILENO : OpenForReading(file.path);
  if (fd < 0) return SystemError(file.name, errno);
  struct stat info = {};
  const int error = ::fstat(fd, &info) == 0 ? 0 : errno;
  auto source = std::make_unique<FileSource>(fd, file.name, !S_ISREG(info.st_mode), interrupt);
  if (error != 0) return SystemError(file.name, error);
  if (S_ISDIR(info.st_mode)) return SystemError(file.name, EISDIR);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  absl::StatusOr<std::unique_ptr<ByteSource>> opened = Decompressed(std::move(source), file.name);
  if (!opened.ok() || interrupt == nullptr) return opened;
  return std::make_unique<InterruptibleSource>(*std::move(opened), interrupt);
}

uint64_t RawSize(const InputFile& file) {
  struct stat info;
  const bool known = file.path == kStdinPath ? ::fstat(STDIN_FILENO, &info) == 0
                                             : ::stat(file.path.c_str(), &info) == 0;
  return known && S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes, size_t piece) {
  return std::make_unique<MemorySource>(std::move(bytes), piece);
}

}  // namespace civlog
