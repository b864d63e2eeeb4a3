// Runs a program the way a shell would, and records what it did.

#ifndef CIVLOG_TESTS_CASES_PROGRAM_H_
#define CIVLOG_TESTS_CASES_PROGRAM_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace civlog {

struct Invocation {
  // Where standard output goes: into Completed::out, into a pipe that nobody
  // reads any more, or onto a device without room.
  enum class Output { kCapture, kClosedPipe, kFullDevice };

  std::vector<std::string> command;  // program and arguments
  std::string directory;             // to run in
  // On top of this process's environment, less civlog's own variables.
  std::map<std::string, std::string> environment;
  // Written to standard input, which is then closed; absent: /dev/null.
  std::optional<std::string> input;
  // A named pipe (it must exist) to write `input` to, in place of standard input.
  std::string fifo;
  // Sends SIGINT once the program has taken all of `input`, and only then closes
  // the pipe.
  bool interrupt = false;
  Output output = Output::kCapture;
  int timeout_s = 60;
};

struct Completed {
  int exit_code = -1;  // 128 + the signal for a program that a signal ended
  bool timed_out = false;
  std::string out;
  std::string err;
  long peak_memory_kb = 0;
};

// Runs it to its end. Single-threaded callers only: it forks.
Completed RunProgram(const Invocation& invocation);

}  // namespace civlog

#endif  // CIVLOG_TESTS_CASES_PROGRAM_H_
