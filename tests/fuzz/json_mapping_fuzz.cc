// What stands behind `json:`.

#include "parsers/json_mapping.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string spec = "json:" + std::string(AsText(data, size));
  const auto mapping = ReadJsonMapping(spec);
  if (mapping.ok()) {
    for (const JsonPath& path : mapping->paths) Require(!path.keys.empty(), "a path has keys");
  }
  JsonName(spec);
  return 0;
}
