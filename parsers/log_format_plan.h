// A log format as the LineParser runs it: a short list of steps.
//
// A line is a literal prefix, then for each step a field and the literal that ends
// it; the last step's literal ends the line. Every format, preset or not, is such a
// list, so that there is one parser.

#ifndef CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_
#define CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_

#include <array>
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

// How the end of a step's field is found; `until` is the literal behind the field.
enum class FieldEnd : uint8_t {
  kByte,       // at the first `until`, of one byte
  kLiteral,    // at the first `until`
  kQuote,      // at the first `until` whose quote no backslash protects
  kList,       // at the first `until` that does not belong to ", " or " : "
  kLastColon,  // at the last ':' before the next field's end: an IPv6 address and a port
  kSlash,      // at the next '/', which belongs to the next field: $host$request_uri
  kWidth,      // after `width` bytes
  kW3c,        // at the first `until` outside of quotes, or at the end of the line
  kLine,       // with `until` at the end of the line
};

// How a field writes what cannot stand in it.
enum class Decoding : uint8_t {
  kNone,
  kBackslash,  // \" \\ \n \xHH \uHHHH
  kPlus,       // '+' for a space
  kPercent,    // %HH
};

struct FormatStep {
  static constexpr uint8_t kNoRank = UINT8_MAX;

  StepKind kind = StepKind::kSkip;
  TextField field = TextField::kClient;
  FieldEnd ending = FieldEnd::kLine;
  uint16_t extra = 0;
  bool quoted = false;  // a quote behind a backslash does not end it
  Decoding decoding = Decoding::kBackslash;
  bool is_number = false;         // kSkip: digits or "-"
  bool is_list = false;           // ", " or " : " stand between several values
  bool dash_query = false;        // kTarget: a '-' behind a path without '?' is an empty query
  bool dash_is_zero = false;      // kStatus: '-' is 0
  bool padded = false;            // blanks may stand before it
  bool sums = false;              // kLatency: adds to what other fields gave
  bool point_is_seconds = false;  // kLatency: with a fraction it is in seconds
  double unit_us = 1;
  size_t width = 0;  // kWidth
  TimePart time;
  char delimiter = '\0';  // the first byte of `until`; set by FormatPlan::Complete
  // These three are set by FormatPlan::Complete too. HasStrayBlank may be true; `until`
  // begins with plan.delimiters[delimiter_rank]; its first `delimiter` ends the field
  // wherever the rest of `until` follows, and no backslash stands before a quote.
  bool checks_blanks = false;
  uint8_t delimiter_rank = kNoRank;
  bool ends_at_first = false;
  std::string_view name;     // of the field in messages and traces; static
  std::string until;         // empty: the end of the line, or see `ending`
  std::string until_behind;  // kLastColon: the literal behind the next field
};

struct FormatPlan {
  std::string prefix;  // the literal before the first field
  std::vector<FormatStep> steps;
  std::vector<TextField> absent;  // text fields that the format does not have
  static constexpr size_t kNoStep = SIZE_MAX;
  size_t request_step = kNoStep;  // position of the request line
  bool joins_query = false;       // target and query come as two fields
  bool default_utc = false;       // times without an offset are UTC
  bool lone_clf = false;          // one field has all of the time, as Apache writes it
  // The bytes that end most fields.
  std::array<char, 2> delimiters = {' ', '"'};
  size_t figures = 0;  // fields that are used: how specific the format is

  bool Has(StepKind kind) const;
  bool HasText(TextField field) const;
  bool IsAbsent(TextField field) const;
  // Fills in what follows from the steps: all but `prefix`, `steps`, `default_utc` and
  // `figures`.
  void Complete();
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LOG_FORMAT_PLAN_H_
