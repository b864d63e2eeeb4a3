// JSON lines, compared with another reader's view of them.

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

void CompareWithNlohmann(std::string_view line) {
  static const FormatList& exact = *new FormatList(*ResolveLogFormat(
      "json:time=$.time,method=$.method,target=$.uri,status=$.status,user_agent=$.agent"));
  LineParser parser(exact, absl::UTCTimeZone());
  RecordBatch batch;
  const LineTrace trace = parser.Trace(line, 1, &batch);
  if (trace.outcome != LineTrace::Outcome::kRecord) return;
  // Of a key that stands twice, the first is taken here and the last there.
  const auto other = nlohmann::json::parse(line, nullptr, false);
  if (!other.is_object() || line.find("\"agent\"") != line.rfind("\"agent\"")) return;
  const auto agent = other.find("agent");
  if (agent == other.end() || !agent->is_string()) return;
  const std::string theirs = agent->get<std::string>();
  if (theirs.empty() || theirs == "-") return;
  if (theirs.find('\0') != std::string::npos) return;
  const std::string_view ours = batch.Get(TextField::kUserAgent, 0);
  // Servers write \x and \' too, which JSON has not; a lone surrogate is no text.
  if (line.find("\\x") == std::string_view::npos && line.find("\\u") == std::string_view::npos) {
    Require(ours == theirs, "agent of " + std::string(line));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const FormatList& loose = *new FormatList(*ResolveLogFormat("json"));
  const std::string_view log = AsText(data, size);
  RequireSameInAnyBlocks(log, loose);
  CompareWithNlohmann(log.substr(0, log.find('\n')));
  return 0;
}
