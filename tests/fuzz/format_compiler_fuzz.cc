// Format strings, directives and whole definitions, as an operator may give them.

#include "parsers/format_tokens.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  ReadServerConfig(text);
  if (text.starts_with('@')) return 0;  // would name a file
  const auto formats = ResolveLogFormat(text);
  if (!formats.ok()) {
    Require(!formats.status().message().empty(), "a refusal says why");
    return 0;
  }
  constexpr std::string_view kLog =
      "192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] \"GET /a HTTP/1.1\" 200 5 \"-\" \"agent\"\n"
      "2026-11-16T00:00:00Z GET /a?b=1 200 0.012\n\"\" \"\\\"\n";
  RequireSameInAnyBlocks(kLog, *formats);
  return 0;
}
