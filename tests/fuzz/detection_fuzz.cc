// The first lines of a log, wrapped or not.

#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view log = AsText(data, size);
  const Detection detection = DetectFormat(log);
  Require(!detection.explanation.empty(), "detection explains itself");
  if (!detection.formats.empty()) RequireSameInAnyBlocks(log, detection.formats);
  return 0;
}
