#include "parsers/record_batch.h"

namespace civlog {
namespace {

constexpr std::string_view kReasonNames[kRejectReasonCount] = {
    "truncated", "bad_time", "bad_status", "bad_number", "no_match", "invalid_json", "too_long"};
constexpr std::string_view kFieldNames[kTextFieldCount] = {"client",   "forwarded", "user",
                                                           "host",     "method",    "target",
                                                           "protocol", "referrer",  "user_agent"};

}  // namespace

std::string_view RejectReasonName(RejectReason reason) {
  return kReasonNames[static_cast<size_t>(reason)];
}

std::string_view TextFieldName(TextField field) { return kFieldNames[static_cast<size_t>(field)]; }

void RecordBatch::Clear() {
  size = 0;
  lines = 0;
  rejects.clear();
  blank.clear();
  directive.clear();
  arena_.Clear();
}

}  // namespace civlog
