// W3C logs, whose directives may change what lines are made of.

#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const FormatList& w3c = *new FormatList(*ResolveLogFormat("w3c"));
  static const FormatList& iis = *new FormatList(*ResolveLogFormat("iis"));
  const std::string_view log = AsText(data, size);
  RequireSameInAnyBlocks(log, w3c);
  RequireSameInAnyBlocks(log, iis);
  return 0;
}
