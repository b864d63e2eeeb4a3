// Compressed and plain bytes, in reads of any size.

#include <memory>

#include "parsers/byte_source.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

constexpr size_t kMostBytes = size_t{16} << 20;  // of what a small input may expand to

std::string ReadAll(std::string_view bytes, size_t read_bytes) {
  auto source = Decompressed(MakeMemorySource(std::string(bytes)), "fuzz");
  if (!source.ok()) return "refused";
  std::string text;
  std::string buffer(read_bytes, '\0');
  while (text.size() < kMostBytes) {
    const auto got = (*source)->Read(buffer.data(), buffer.size());
    if (!got.ok()) return text + "\nerror";
    if (*got == 0) break;
    text.append(buffer, 0, *got);
  }
  text.resize(std::min(text.size(), kMostBytes));
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = AsText(data, size);
  Require(ReadAll(bytes, 4096) == ReadAll(bytes, 777), "reads of any size give the same bytes");
  return 0;
}
