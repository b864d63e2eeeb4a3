// Records: what a log line says, as columns.
//
// A RecordBatch is a struct of arrays, one entry a record, filled by a
// LineParser from one block. Its text columns are views: into the block where
// the bytes of the log can be used as they stand, into the batch's own arena
// where an escape had to be decoded or two fields joined. Either way they live
// until the batch is cleared or its block is recycled, whichever is first.
// Not thread-safe; one batch belongs to one worker.

#ifndef CIVLOG_PARSERS_RECORD_BATCH_H_
#define CIVLOG_PARSERS_RECORD_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/text_arena.h"

namespace civlog {

// Why a line did not become a record. A closed set: the names (see
// RejectReasonName) are part of the JSON schema and must not change.
enum class RejectReason : uint8_t {
  kTruncated,    // the line ends, after its time was read, before the format does
  kBadTime,      // the time field is no time
  kBadStatus,    // the status field is no three-digit number
  kBadNumber,    // another numeric field is no number, or out of range
  kNoMatch,      // the line does not have the format's shape
  kInvalidJson,  // a JSON log's line is not JSON
  kTooLong,      // the line is longer than kMaxLineBytes
};
inline constexpr size_t kRejectReasonCount = 7;

// "truncated", "bad_time", ...
std::string_view RejectReasonName(RejectReason reason);

// The text columns of a record.
enum class TextField : uint8_t {
  kClient,     // peer address or host name, without port or brackets
  kForwarded,  // X-Forwarded-For or the like, as logged
  kUser,       // authenticated user
  kHost,       // virtual host, without port
  kMethod,
  kTarget,  // request target as logged, escapes of the log format decoded
  kProtocol,
  kReferrer,
  kUserAgent,
};
inline constexpr size_t kTextFieldCount = 9;

// "client", "forwarded", ... as in `civlog explain --json`.
std::string_view TextFieldName(TextField field);

// A rejected line. `text` views the block; never print it without escaping and
// redaction.
struct Reject {
  uint64_t line = 0;    // 1-based line number within the source
  uint32_t column = 0;  // 1-based byte column where the format stopped fitting
  RejectReason reason = RejectReason::kNoMatch;
  std::string_view field;  // static name of the field that failed, "" for none
  std::string_view text;   // the whole line without its line ending
};

// A text column's entry. data() == nullptr: the log format has no such field.
// data() != nullptr and empty: the field is there but "-" or empty.
using Text = std::string_view;
inline constexpr Text kAbsentText{"", 0};

struct RecordBatch {
  static constexpr size_t kCapacity = 512;

  size_t size = 0;  // records; rejects and the line counts come on top

  std::array<int64_t, kCapacity> time_us;     // microseconds since the Unix epoch, UTC
  std::array<uint64_t, kCapacity> line;       // 1-based line number within the source
  std::array<int64_t, kCapacity> bytes_sent;  // -1: absent or "-"
  std::array<int64_t, kCapacity> latency_us;  // -1: absent or "-"
  std::array<uint16_t, kCapacity> status;     // 0..999; 0 where the log says 0 or 000
  // False where the request is not METHOD SP target [SP protocol]: an empty
  // "-", a TLS handshake on a plain port. Method, target and protocol are then
  // empty.
  std::array<bool, kCapacity> readable_request;
  std::array<std::array<Text, kCapacity>, kTextFieldCount> text;
  std::array<std::string_view, kCapacity> raw;  // the whole line, without its ending
  // Values of the format's extra fields (cookies and headers that a catalogue
  // may name as identity), by position in LogFormat::extra_fields.
  std::vector<std::array<Text, kCapacity>> extra;

  uint64_t lines = 0;  // lines consumed, of every kind
  std::vector<Reject> rejects;
  // Numbers of the lines that are empty or white space only, and of the "#..." of W3C logs.
  std::vector<uint64_t> blank;
  std::vector<uint64_t> directive;

  const Text& Get(TextField field, size_t i) const { return text[static_cast<size_t>(field)][i]; }
  Text& Set(TextField field, size_t i) { return text[static_cast<size_t>(field)][i]; }

  // Empties the batch and its arena; capacity is kept.
  void Clear();
  // `bytes` of storage that live until Clear. For decoded text.
  char* Allocate(size_t bytes) { return arena_.Allocate(bytes); }

 private:
  TextArena arena_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_RECORD_BATCH_H_
