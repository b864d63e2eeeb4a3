// Where a query listens in: every record on its way through the classifier.
//
// A tap decides which records take part, before the classifier works on them where
// the log line alone tells, else after; under what key they are grouped; and what is
// written of them. What it leaves out counts nowhere: the rest is as if the log had
// nothing else.

#ifndef CIVLOG_ENGINE_RECORD_TAP_H_
#define CIVLOG_ENGINE_RECORD_TAP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/agent_traits.h"
#include "engine/visitor.h"
#include "parsers/record_batch.h"

namespace civlog {

struct Verdict;  // classifier.h

// An answer that may need more to be known (Kleene, "Introduction to
// Metamathematics", 1952, section 64).
enum class Choice : uint8_t { kNo, kYes, kUnknown };

// Record `i` of a batch, and what the classifier has found. The views live until the
// next record.
struct TappedRecord {
  const RecordBatch* batch = nullptr;
  size_t i = 0;
  uint32_t source = 0;
  // Null before the classification, and what follows it then empty.
  const Verdict* verdict = nullptr;
  std::string_view path;   // normalised; empty where the request is unreadable
  std::string_view query;  // not decoded
  std::string_view client;
  std::optional<AddressBytes> address;
  const AgentTraits* agent = nullptr;  // null without an agent
};

// One worker's. Not thread-safe.
class RecordTap {
 public:
  virtual ~RecordTap() = default;

  // Whether a record takes part, of which only the log line is known.
  virtual Choice Wants(const TappedRecord& record) = 0;
  // Asked where that was kUnknown.
  virtual bool WantsClassified(const TappedRecord& record) = 0;
  // Appends the key of the record's group to `*key`, which is empty.
  virtual void AppendKey(const TappedRecord& record, std::string* key) = 0;
  // Appends what is written of the record to `*out`.
  virtual void Write(const TappedRecord& record, std::string* out) = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_RECORD_TAP_H_
