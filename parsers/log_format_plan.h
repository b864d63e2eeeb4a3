// A log format as the LineParser runs it: a short list of steps.
//
// A line is a literal prefix, then for each step a field and the literal that ends
// it; the last step's literal ends the line. Every format, preset or not, is such a
// list, so that there is one parser.

#ifndef CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_
#define CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/record_batch.h"
#include "parsers/timestamp.h"

namespace civlog {

enum class StepKind : uint8_t {
  kSkip,
  kText,     // `field`
  kExtra,    // `extra`: position in LogFormat::extra_fields
  kTime,     // `time`: the whole of the record's time, or a part of it
  kRequest,  // METHOD SP target [SP protocol]
  kTarget,   // path and query, together or the path alone
  kQuery,    // the query, with or without its '?'
  kStatus,
  kBytesSent,
  kLatency,  // `unit_us` microseconds to the unit
};

struct FormatStep {
  StepKind kind = StepKind::kSkip;
  TextField field = TextField::kClient;
  uint16_t extra = 0;
  TimePart time;
  double unit_us = 1;
  std::string_view name;  // of the field in messages and traces; static
  std::string until;      // the literal behind the field; empty: the end of the line
  // The field ends where the next one begins, at a '/': $host$request_uri.
  bool until_slash = false;
  // In double quotes: a quote behind a backslash does not end it.
  bool quoted = false;
  bool decode = true;  // backslash escapes are decoded
};

struct FormatPlan {
  std::string prefix;  // the literal before the first field
  std::vector<FormatStep> steps;
  std::vector<TextField> absent;  // text fields that the format does not have
  static constexpr size_t kNoStep = SIZE_MAX;
  size_t request_step = kNoStep;  // position of the request line
  bool joins_query = false;       // target and query come as two fields
  size_t figures = 0;             // fields that are used: how specific the format is
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_
