// How the program ends. The numbers are part of the command line's contract.

#ifndef CIVLOG_CLI_EXIT_CODE_H_
#define CIVLOG_CLI_EXIT_CODE_H_

namespace civlog {

enum ExitCode : int {
  kDone = 0,
  kNothingCounted = 1,  // no line fitted, or a filter matched none
  kUsageError = 2,      // usage, catalogue, format or expression
  kInputError = 3,      // an input could not be read; the rest was
  kOutputError = 4,     // an output could not be written
  kInterrupted = 130,   // Ctrl-C
};

}  // namespace civlog

#endif  // CIVLOG_CLI_EXIT_CODE_H_
