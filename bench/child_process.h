// Runs a program and says what it cost.

#ifndef CIVLOG_BENCH_CHILD_PROCESS_H_
#define CIVLOG_BENCH_CHILD_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace civlog {

struct ChildRun {
  bool ok = false;  // it ran and exited with 0
  int exit_code = -1;
  double wall_seconds = 0;
  double cpu_seconds = 0;  // user and system, all threads
  uint64_t peak_resident_bytes = 0;
  std::string output;  // its standard output
};

// Runs `arguments` (the program first, found on the PATH where it has no slash) with
// an empty standard input and waits for it. Standard error is passed through.
ChildRun RunChild(const std::vector<std::string>& arguments);

}  // namespace civlog

#endif  // CIVLOG_BENCH_CHILD_PROCESS_H_
