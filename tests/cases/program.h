// Runs a program the way a shell would, and records what it did.

#ifndef CIVLOG_TESTS_CASES_PROGRAM_H_
#define CIVLOG_TESTS_CASES_PROGRAM_H_

#include <cstdint>
#include <functional>
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
  // Asked again and again while the program runs; SIGKILL once it says so. May be empty.
  std::function<bool()> kill_once;
  // No file may grow beyond this: writes fail from there on, as on a full disk.
  std::optional<uint64_t> most_file_bytes;
  int timeout_s = 60;
};

struct Completed {
  int exit_code = -1;  // 128 + the signal for a program that a signal ended
  bool timed_out = false;
  std::string out;
  std::string err;
  long peak_memory_kb = 0;
};

// Runs it to its end. Thread-safe: what it does between fork and exec takes no lock.
Completed RunProgram(const Invocation& invocation);

}  // namespace civlog

#endif  // CIVLOG_TESTS_CASES_PROGRAM_H_
