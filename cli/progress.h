// The progress line on standard error.

#ifndef CIVLOG_CLI_PROGRESS_H_
#define CIVLOG_CLI_PROGRESS_H_

#include "absl/time/time.h"
#include "engine/pipeline.h"

namespace civlog {

// Draws bytes, rate, time left and rejected lines, at most ten times a second, and
// only where standard error is a terminal. Clears its line when it is destroyed.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Draw(const RunProgress& progress);

 private:
  bool enabled_;
  bool drawn_ = false;
  absl::Time started_;
  absl::Time last_;
};

}  // namespace civlog

#endif  // CIVLOG_CLI_PROGRESS_H_
