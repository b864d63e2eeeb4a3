#include "bench/byte_sink.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

extern char** environ;

namespace civlog::corpus {
namespace {

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

int OpenForWriting(const std::string& path, std::string* error) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) *error = path + ": " + std::strerror(errno);
  return fd;
}

class FileSink : public ByteSink {
 public:
  explicit FileSink(int fd) : fd_(fd) {}
  ~FileSink() override { FileSink::Close(); }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  bool Write(std::string_view bytes) override { return WriteAll(fd_, bytes); }
  bool Close() override {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || close(fd) == 0;
  }

 private:
  int fd_;
};

// Owns the file and, while a member is open, one gzip process and the pipe to it.
class GzipSink : public ByteSink {
 public:
  GzipSink(int fd, int level) : file_(fd), level_(std::string("-").append(std::to_string(level))) {}
  ~GzipSink() override { GzipSink::Close(); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  bool Write(std::string_view bytes) override {
    if (pipe_ < 0 && !StartMember()) return false;
    return WriteAll(pipe_, bytes);
  }
  bool NextDay() override { return EndMember(); }
  bool Close() override {
    const bool ended = EndMember();
    const int fd = std::exchange(file_, -1);
    return ended && (fd < 0 || close(fd) == 0);
  }

 private:
  bool StartMember() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, file_, STDOUT_FILENO);
    std::string program = "gzip";
    std::string flags = "-nc";
    char* arguments[] = {program.data(), flags.data(), level_.data(), nullptr};
    const int failed = posix_spawnp(&process_, "gzip", &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    if (failed != 0) {
      close(ends[1]);
      return false;
    }
    pipe_ = ends[1];
    return true;
  }

  bool EndMember() {
    if (pipe_ < 0) return true;
    const bool closed = close(std::exchange(pipe_, -1)) == 0;
    int status = 0;
    while (waitpid(process_, &status, 0) < 0) {
      if (errno != EINTR) return false;
    }
    return closed && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  int file_;
  std::string level_;
  int pipe_ = -1;
  pid_t process_ = -1;
};

class MemorySink : public ByteSink {
 public:
  explicit MemorySink(std::string* bytes) : bytes_(*bytes) {}
  bool Write(std::string_view bytes) override {
    bytes_ += bytes;
    return true;
  }

 private:
  std::string& bytes_;
};

class NullSink : public ByteSink {
 public:
  bool Write(std::string_view) override { return true; }
};

}  // namespace

std::unique_ptr<ByteSink> MakeFileSink(const std::string& path, std::string* error) {
  const int fd = OpenForWriting(path, error);
  if (fd < 0) return nullptr;
  return std::make_unique<FileSink>(fd);
}

std::unique_ptr<ByteSink> MakeGzipSink(const std::string& path, int level, std::string* error) {
  // A gzip that fails must be an error of Write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  const int fd = OpenForWriting(path, error);
  if (fd < 0) return nullptr;
  return std::make_unique<GzipSink>(fd, level);
}

std::unique_ptr<ByteSink> MakeMemorySink(std::string* bytes) {
  return std::make_unique<MemorySink>(bytes);
}

std::unique_ptr<ByteSink> MakeNullSink() { return std::make_unique<NullSink>(); }

}  // namespace civlog::corpus
