// Where results go: standard output, or a file written beside and renamed.

#ifndef CIVLOG_CLI_OUTPUT_H_
#define CIVLOG_CLI_OUTPUT_H_

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace civlog {

// A message on standard error: "civlog: " and the text.
void Complain(std::string_view message);

// Standard output or a file. Writes are buffered; the first error sticks. A reader
// that closed the pipe wants no more: that is success, and ends the output.
class Output {
 public:
  // `path` empty: standard output. A file is written to a temporary one beside it.
  static absl::StatusOr<std::unique_ptr<Output>> Open(const std::string& path);
  ~Output();  // without Close, a file is not put in place
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view text);
  // Writes what is buffered out.
  void Flush();
  // Flushes, and puts a file in its place.
  absl::Status Close();

  // True once nobody reads the pipe any more, also where nothing was written since.
  bool ReaderLeft() const;
  // True once there is no use in writing more.
  bool finished() const { return closed_pipe_ || !status_.ok(); }

 private:
  Output() = default;
  void WriteOut(std::string_view text);

  int fd_ = -1;
  std::string path_;
  std::string temporary_;
  std::string buffer_;
  bool closed_pipe_ = false;
  absl::Status status_;
};

// What standard output is: its width in columns (80 unless it is a terminal or
// $COLUMNS says otherwise), and whether colour is welcome there.
int OutputWidth();
// Its height in lines, 24 where that is not known.
size_t OutputHeight();
bool OutputIsTerminal();
bool ColorWelcome(bool no_color_flag);

}  // namespace civlog

#endif  // CIVLOG_CLI_OUTPUT_H_
