// The inputs of a run: logs that were opened once to learn their format and first
// time, and put into the order that ties between them are broken by.

#ifndef CIVLOG_ENGINE_LOG_INPUT_H_
#define CIVLOG_ENGINE_LOG_INPUT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "parsers/byte_source.h"
#include "parsers/log_format.h"

namespace civlog {

using SourceOpener = std::function<absl::StatusOr<std::unique_ptr<ByteSource>>()>;

// A log as it is handed to a run.
struct LogInput {
  std::string name;
  bool from_directory = false;  // left out where its format cannot be told
  bool reopenable = true;       // false: a pipe, whose bytes can be had once
  bool follows = false;         // it may grow while it is read
  bool unfinished = false;      // it may get more: what lacks a newline is no line yet
  FileStamp stamp;              // when it was found, or opened to be probed
  uint64_t raw_size = 0;        // bytes on disk, 0 if unknown
  SourceOpener open;
};

// Files and standard input. Reads end early once `*interrupt` (may be null) is set. Unless
// the name is followed, opening it yields Aborted where another file has the name by then.
LogInput FileInput(const InputFile& file, const std::atomic<bool>* interrupt, Following following);
// Bytes in memory.
LogInput MemoryInput(const std::string& name, std::string bytes);

// How much of the beginning of a log is kept, to know it by.
inline constexpr size_t kHeadBytes = 4096;

// A log whose beginning was looked at.
struct ProbedInput {
  LogInput input;
  std::unique_ptr<ByteSource> opened;  // where it cannot be reopened: from its first byte on
  FormatList formats;                  // empty: nothing to read, or left out
  std::string format_name;
  Detection detection;  // where no format was forced
  // Why it is not read, or not fully understood; empty where all is well.
  std::string problem;
  absl::Status status;      // an error while opening or reading its beginning
  bool undetected = false;  // no format fits: its lines will be rejected
  bool left_out = false;    // found in a directory, and no access log; or a duplicate
  bool duplicate = false;   // another input has its content
  std::string first_line;   // cut where it is long
  std::string head;         // its first bytes: kHeadBytes, of a stream what was looked at
  std::string notice;       // what a store has to say of it
  bool empty = false;
  int64_t first_time_us = std::numeric_limits<int64_t>::min();  // of its first record
  double us_per_byte = 0;  // how fast its clock runs, from the sample
};

// Opens an input and reads its beginning: tells its format (unless `forced` names
// one) and its first record's time. Of an input that follows, whole lines only count: it
// is empty until it has one, which a pipe is waited for.
ProbedInput ProbeInput(LogInput input, const FormatList& forced, absl::TimeZone zone);

// Orders inputs by their first time, then by name, rotated files ("access.log.2",
// "access.log.1", "access.log") oldest first. Neither the order of arguments nor
// that of a directory matters.
void RankInputs(std::vector<ProbedInput>* inputs);

// True where `a` comes before `b` by name, as RankInputs has it.
bool RotatedNameLess(std::string_view a, std::string_view b);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_LOG_INPUT_H_
