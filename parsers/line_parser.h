// Runs a format's plan over lines: bytes in, records out.

#ifndef CIVLOG_PARSERS_LINE_PARSER_H_
#define CIVLOG_PARSERS_LINE_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "parsers/block_reader.h"
#include "parsers/log_format.h"
#include "parsers/record_batch.h"

namespace civlog {

// One field of a traced line.
struct FieldSpan {
  std::string_view name;  // static: "time", "client", ..., "status"
  size_t begin = 0;       // byte offsets into the line, end exclusive; as logged,
  size_t end = 0;         // without quotes or brackets around
};

// What became of one line, for `civlog explain`: slower than Parse, and the same
// code.
struct LineTrace {
  enum class Outcome { kBlank, kDirective, kRejected, kRecord };
  Outcome outcome = Outcome::kRejected;
  const LogFormat* format = nullptr;  // the member of the list that fitted, or the first
  RejectReason reason = RejectReason::kNoMatch;
  uint32_t column = 0;  // 1-based
  std::string field;    // of a reject
  std::string message;  // of a reject: what was expected and what stands there
  std::vector<FieldSpan> spans;
  // The offset from UTC that the record's time was logged with, in seconds; empty
  // where the format gives none and the default zone was taken.
  std::optional<int> utc_offset_s;
};

// Parses the lines of one source. Remembers the last date for speed, so that one
// parser serves one thread; the results do not depend on what it parsed before.
class LineParser {
 public:
  // `default_zone` is taken for times that carry no offset.
  LineParser(FormatList formats, absl::TimeZone default_zone);
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  // Parses lines of `block` from byte `*offset` on into `batch` (which is
  // cleared first) until the batch holds RecordBatch::kCapacity records (or as
  // many rejects) or the block ends, and moves `*offset` behind the last line
  // consumed. `*line` is the number of the line at `*offset`, moved along.
  void Parse(const Block& block, size_t* offset, uint64_t* line, RecordBatch* batch);

  // Parses one line (no line ending) as Parse would; the record, if there is
  // one, is entry 0 of `batch`, which is cleared first.
  LineTrace Trace(std::string_view line, uint64_t line_number, RecordBatch* batch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LINE_PARSER_H_
