// Catalogues.

#include "engine/catalog.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const CatalogResult result = ParseCatalog(AsText(data, size), "fuzz.toml");
  Require(result.catalog.has_value() || !result.diagnostics.empty(), "a refusal says why");
  for (const CatalogDiagnostic& diagnostic : result.diagnostics) {
    Require(!diagnostic.ToString().empty(), "a diagnostic has a text");
  }
  return 0;
}
