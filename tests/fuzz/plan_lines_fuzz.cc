// Lines of every format that is a string. The first byte chooses which. What a strict
// expression makes of a combined line must be what the parser does.

#include <re2/re2.h>

#include <vector>

#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

std::vector<FormatList> StringFormats() {
  std::vector<FormatList> formats;
  for (const FormatPreset& preset : FormatPresets()) {
    if (preset.language == FormatLanguage::kString)
      formats.push_back(*ResolveLogFormat(preset.name));
  }
  return formats;
}

void CompareWithExpression(std::string_view line) {
  static const RE2& expression = *new RE2(
      R"re(([^ "\[\]]+) - ([a-z]+) \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}\] )re"
      R"re("([A-Z]+) ([^ "\\]+) HTTP/1\.1" ([0-9]{3}) ([0-9]{1,9}) "([^"\\]*)" "([^"\\]+)")re");
  std::string client, user, method, target, status, bytes, referrer, agent;
  if (!RE2::FullMatch(re2::StringPiece(line.data(), line.size()), expression, &client, &user,
                      &method, &target, &status, &bytes, &referrer, &agent)) {
    return;
  }
  static const FormatList& combined = *new FormatList(*ResolveLogFormat("combined"));
  LineParser parser(combined, absl::UTCTimeZone());
  RecordBatch batch;
  const LineTrace trace = parser.Trace(line, 1, &batch);
  if (trace.outcome == LineTrace::Outcome::kRejected) {
    Require(trace.reason == RejectReason::kBadTime, "only the time can be wrong");
    return;
  }
  Require(std::to_string(batch.status[0]) == std::to_string(std::stoi(status)), "status");
  Require(batch.bytes_sent[0] == std::stoll(bytes), "bytes");
  Require(batch.Get(TextField::kUser, 0) == user, "user");
  Require(batch.Get(TextField::kMethod, 0) == method, "method");
  Require(batch.Get(TextField::kTarget, 0) == target, "target");
  Require(agent == "-" || batch.Get(TextField::kUserAgent, 0) == agent, "agent");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<FormatList>& formats = *new std::vector<FormatList>(StringFormats());
  if (size == 0) return 0;
  const std::string_view log = AsText(data + 1, size - 1);
  RequireSameInAnyBlocks(log, formats[data[0] % formats.size()]);
  CompareWithExpression(log.substr(0, log.find('\n')));
  return 0;
}
