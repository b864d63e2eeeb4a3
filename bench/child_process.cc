#include "bench/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

extern char** environ;  // POSIX

namespace civlog {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

pid_t Spawn(const std::vector<std::string>& arguments, int output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = -1;
  if (posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

void ReadAll(int fd, std::string* output) {
  std::array<char, 1 << 16> buffer;
  ssize_t got = 0;
  while ((got = ::read(fd, buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR)) {
    if (got > 0) output->append(buffer.data(), static_cast<size_t>(got));
  }
}

}  // namespace

ChildRun RunChild(const std::vector<std::string>& arguments) {
  ChildRun run;
  int pipe_ends[2];
  if (arguments.empty() || ::pipe2(pipe_ends, O_CLOEXEC) != 0) return run;
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = Spawn(arguments, pipe_ends[1]);
  ::close(pipe_ends[1]);
  if (child > 0) ReadAll(pipe_ends[0], &run.output);
  ::close(pipe_ends[0]);
  if (child < 0) return run;
  int status = 0;
  rusage usage = {};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  run.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  run.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  run.peak_resident_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  run.ok = run.exit_code == 0;
  return run;
}

}  // namespace civlog
