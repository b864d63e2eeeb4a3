#include "tests/cases/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace civlog {
namespace {

// Exit code of a child that could not become the program, as in a shell.
constexpr int kCannotRun = 127;

// An open file, closed at the end of its scope.
class File {
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() { Close(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

struct Pipe {
  File read_end;
  File write_end;
};

Pipe MakePipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  return {File(ends[0]), File(ends[1])};
}

void MakeNonBlocking(const File& file) {
  fcntl(file.get(), F_SETFL, fcntl(file.get(), F_GETFL) | O_NONBLOCK);
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string name(variable.substr(0, variable.find('=')));
    const bool own = name.starts_with("CIVLOG_") || name == "NO_COLOR" || name == "COLUMNS";
    if (!own && !added.contains(name)) variables.emplace_back(variable);
  }
  for (const auto& [name, value] : added) variables.push_back(name + "=" + value);
  return variables;
}

// The files that the child gets as its standard ones.
struct ChildFiles {
  int in;
  int out;
  int err;
};

pid_t Start(const Invocation& invocation, const ChildFiles& files) {
  std::vector<std::string> arguments = invocation.command;
  std::vector<std::string> variables = Environment(invocation.environment);
  const std::vector<char*> argv = Pointers(arguments);
  const std::vector<char*> envp = Pointers(variables);
  const pid_t child = fork();
  if (child != 0) return child;
  // This process ignores SIGPIPE, and a program inherits what is ignored.
  std::signal(SIGPIPE, SIG_DFL);
  if (invocation.most_file_bytes) {
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit limit = {*invocation.most_file_bytes, *invocation.most_file_bytes};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(kCannotRun);
  }
  if (chdir(invocation.directory.c_str()) != 0) _exit(kCannotRun);
  if (dup2(files.in, 0) < 0 || dup2(files.out, 1) < 0 || dup2(files.err, 2) < 0) _exit(kCannotRun);
  execvpe(argv[0], argv.data(), envp.data());
  _exit(kCannotRun);
}

// Writes a text to a pipe as the reader makes room, then closes the pipe; where
// the reader is to be interrupted, does that first.
class Feed {
 public:
  Feed(File pipe, std::string_view text, bool until_drained, bool interrupt)
      : pipe_(std::move(pipe)), rest_(text), until_drained_(until_drained), interrupt_(interrupt) {
    if (pipe_.open()) MakeNonBlocking(pipe_);
  }

  bool open() const { return pipe_.open(); }
  // The pipe while there is something to write to it, else -1.
  int writing_to() const { return rest_.empty() ? -1 : pipe_.get(); }

  void Advance(pid_t reader) {
    while (pipe_.open() && !rest_.empty()) {
      const ssize_t written = write(pipe_.get(), rest_.data(), rest_.size());
      if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (written < 0) return pipe_.Close();  // the reader left
      rest_.remove_prefix(static_cast<size_t>(written));
    }
    if (!pipe_.open() || (until_drained_ && !Drained())) return;
    if (interrupt_) kill(reader, SIGINT);
    pipe_.Close();
  }

 private:
  bool Drained() const {
    int waiting = 0;
    return ioctl(pipe_.get(), FIONREAD, &waiting) == 0 && waiting == 0;
  }

  File pipe_;
  std::string_view rest_;
  bool until_drained_;
  bool interrupt_;
};

// Appends what can be read to `text`; closes the file at its end.
void Drain(File& file, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(file.get(), buffer.data(), buffer.size());
  if (size > 0) {
    text.append(buffer.data(), static_cast<size_t>(size));
  } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
    file.Close();
  }
}

// How long to wait for something to happen: how full a pipe is raises no event, nor does
// the moment to kill, so that they are looked at in between.
timespec Patience(const Invocation& invocation, const Feed& feed) {
  constexpr long kMillisecondNs = 1'000'000;
  if (invocation.kill_once) return {0, kMillisecondNs / 20};
  return {0, feed.open() ? 2 * kMillisecondNs : 100 * kMillisecondNs};
}

// Feeds the child and collects its output until it closes both or time is up.
// False: time is up.
bool Converse(pid_t child, const Invocation& invocation, Feed& feed, File& out, File& err,
              Completed& completed) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(invocation.timeout_s);
  bool alive = true;
  while (out.open() || err.open()) {
    if (Clock::now() >= deadline) return false;
    if (alive && invocation.kill_once && invocation.kill_once()) {
      kill(child, SIGKILL);
      alive = false;
    }
    std::array<pollfd, 3> watched{
        {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {feed.writing_to(), POLLOUT, 0}}};
    const timespec patience = Patience(invocation, feed);
    ppoll(watched.data(), watched.size(), &patience, nullptr);
    if (watched[0].revents != 0) Drain(out, completed.out);
    if (watched[1].revents != 0) Drain(err, completed.err);
    feed.Advance(child);
  }
  return true;
}

void Await(pid_t child, Completed& completed) {
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  completed.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  completed.peak_memory_kb = usage.ru_maxrss;
}

File OpenInput(const Invocation& invocation, Pipe& pipe) {
  if (!invocation.input || !invocation.fifo.empty()) {
    return File(open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  return std::move(pipe.read_end);
}

File OpenOutput(Invocation::Output output, Pipe& pipe) {
  if (output == Invocation::Output::kFullDevice) {
    pipe = Pipe();
    return File(open("/dev/full", O_WRONLY | O_CLOEXEC));
  }
  if (output == Invocation::Output::kClosedPipe) pipe.read_end.Close();
  return std::move(pipe.write_end);
}

// Both ends at once, so that opening does not wait for the program to open its
// end, and what was written is kept for it.
File OpenFifo(const std::string& path) { return File(open(path.c_str(), O_RDWR | O_CLOEXEC)); }

}  // namespace

Completed RunProgram(const Invocation& invocation) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe in = MakePipe();
  Pipe out = MakePipe();
  Pipe err = MakePipe();
  File child_in = OpenInput(invocation, in);
  File child_out = OpenOutput(invocation.output, out);
  Completed completed;
  const bool by_fifo = !invocation.fifo.empty();
  File feeding = by_fifo ? OpenFifo(invocation.fifo) : std::move(in.write_end);
  if (!invocation.input) feeding.Close();
  const pid_t child = Start(invocation, {child_in.get(), child_out.get(), err.write_end.get()});
  child_in.Close();
  child_out.Close();
  err.write_end.Close();

  Feed feed(std::move(feeding), invocation.input ? std::string_view(*invocation.input) : "",
            by_fifo || invocation.interrupt, invocation.interrupt);
  completed.timed_out = !Converse(child, invocation, feed, out.read_end, err.read_end, completed);
  if (completed.timed_out) kill(child, SIGKILL);
  Await(child, completed);
  return completed;
}

}  // namespace civlog
