// What --follow shows: the same answer again and again, as it is by then.

#ifndef CIVLOG_CLI_LIVE_OUTPUT_H_
#define CIVLOG_CLI_LIVE_OUTPUT_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/output.h"
#include "cli/run_flags.h"

namespace civlog {

// On a terminal, text is drawn over the text before, as much of it as there is room for.
// Elsewhere text and JSON are written whenever they have changed; NDJSON every time, with
// "as_of", the time it was made, in front. A file is replaced as a whole every time.
class LiveOutput {
 public:
  // InvalidArgument, with the remedy, where the format cannot be repeated there.
  static absl::Status Check(const RunFlags& flags, OutputFormat format);

  LiveOutput(const RunFlags& flags, OutputFormat format, absl::TimeZone zone);

  // `lines`: how many have been read, for the line below.
  void Show(const std::string& text, uint64_t lines);
  // The last one, all of it.
  absl::Status Finish(const std::string& text);

  // True once there is no use in showing more.
  bool finished() const { return !status_.ok() || (output_ != nullptr && output_->ReaderLeft()); }

 private:
  void Write(const std::string& text);
  void Draw(std::string_view text, uint64_t lines);
  void Erase();

  std::string path_;
  OutputFormat format_;
  absl::TimeZone zone_;
  bool draws_;
  std::unique_ptr<Output> output_;  // standard output
  std::string last_;
  size_t drawn_ = 0;  // lines on the terminal
  absl::Status status_;
};

}  // namespace civlog

#endif  // CIVLOG_CLI_LIVE_OUTPUT_H_
