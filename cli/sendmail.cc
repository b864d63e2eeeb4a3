#include "cli/sendmail.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace civlog {
namespace {

absl::Status MailError(const std::string& program, const std::string& what) {
  return absl::UnavailableError(
      absl::StrCat("mail was not sent: ", program, ": ", what,
                   "; install a mail program with the sendmail interface, or name it in "
                   "$CIVLOG_SENDMAIL"));
}

std::string Program() {
  const char* variable = std::getenv("CIVLOG_SENDMAIL");
  return variable != nullptr && *variable != '\0' ? variable : "/usr/sbin/sendmail";
}

// Starts it with the pipe's reading end as its standard input; an errno, or 0.
int Start(const std::string& program, const int* pipe, pid_t* pid) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[0], STDIN_FILENO);
  std::string words[] = {program, "-i", "-t"};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  const int error = ::posix_spawn(pid, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

// False where the program does not take all of it.
bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::Status SendMail(const std::string& message) {
  const std::string program = Program();
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return MailError(program, std::strerror(errno));
  pid_t pid = 0;
  const int error = Start(program, pipe, &pid);
  ::close(pipe[0]);
  if (error != 0) {
    ::close(pipe[1]);
    return MailError(program, std::strerror(error));
  }
  const bool taken = WriteAll(pipe[1], message);
  ::close(pipe[1]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return MailError(program, WIFEXITED(status)
                                  ? absl::StrCat("it ended with ", WEXITSTATUS(status))
                                  : std::string("it was killed"));
  }
  return taken ? absl::OkStatus() : MailError(program, "it did not take the whole message");
}

}  // namespace civlog
