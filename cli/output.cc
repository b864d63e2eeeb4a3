#include "cli/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;

absl::Status WriteError(const std::string& where, int error) {
  return absl::UnavailableError(absl::StrCat(where, ": cannot write: ", std::strerror(error),
                                             "; free some space or choose another -o FILE"));
}

}  // namespace

void Complain(std::string_view message) {
  std::fprintf(stderr, "civlog: %.*s\n", static_cast<int>(message.size()), message.data());
}

absl::StatusOr<std::unique_ptr<Output>> Output::Open(const std::string& path) {
  std::unique_ptr<Output> output(new Output());
  if (path.empty()) {
    output->fd_ = STDOUT_FILENO;
    return output;
  }
  output->path_ = path;
  struct stat info;
  // A device or pipe cannot be renamed into place.
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    output->fd_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    output->temporary_ = path + ".XXXXXX";
    output->fd_ = ::mkostemp(output->temporary_.data(), O_CLOEXEC);
    if (output->fd_ >= 0) {
      const mode_t mask = ::umask(0);
      ::umask(mask);
      ::fchmod(output->fd_, 0666 & ~mask);
    }
  }
  if (output->fd_ < 0) {
    output->temporary_.clear();
    return absl::UnavailableError(
        absl::StrCat(path, ": cannot be written: ", std::strerror(errno)));
  }
  return output;
}

Output::~Output() {
  if (path_.empty() || fd_ < 0) return;
  ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void Output::Write(std::string_view text) {
  if (finished()) return;
  if (buffer_.size() + text.size() >= kBufferBytes) Flush();
  // What is long is not copied.
  if (text.size() >= kBufferBytes) return WriteOut(text);
  buffer_.append(text);
}

void Output::Flush() {
  WriteOut(buffer_);
  buffer_.clear();
}

void Output::WriteOut(std::string_view text) {
  while (!text.empty() && !finished()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EPIPE) {
      closed_pipe_ = true;
    } else if (errno != EINTR) {
      status_ = WriteError(path_.empty() ? "standard output" : path_, errno);
    }
  }
}

bool Output::ReaderLeft() const {
  struct pollfd end = {fd_, 0, 0};
  return finished() || (::poll(&end, 1, 0) > 0 && (end.revents & POLLERR) != 0);
}

absl::Status Output::Close() {
  Flush();
  if (path_.empty()) return status_;
  if (::close(fd_) != 0 && status_.ok()) status_ = WriteError(path_, errno);
  fd_ = -1;
  if (temporary_.empty()) return status_;
  if (status_.ok() && ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    status_ = WriteError(path_, errno);
  }
  if (!status_.ok()) ::unlink(temporary_.c_str());
  return status_;
}

bool OutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

int OutputWidth() {
  struct winsize size;
  if (OutputIsTerminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  int columns = 0;
  const char* text = std::getenv("COLUMNS");
  if (text != nullptr && absl::SimpleAtoi(text, &columns) && columns >= 80) return columns;
  return 80;
}

size_t OutputHeight() {
  constexpr size_t kUsualHeight = 24;
  struct winsize size;
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return known ? size.ws_row : kUsualHeight;
}

bool ColorWelcome(bool no_color_flag) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return !no_color_flag && OutputIsTerminal() && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::strcmp(term, "dumb") != 0);
}

}  // namespace civlog
