// Runs a fuzzer over files, the seeds and what was found with it before, and over inputs
// that are made from them at random, the same ones every time.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

constexpr size_t kMadeInputs = 1000;
constexpr size_t kMostBytes = 4096;  // as libFuzzer begins with

void Run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

// A seed with some bytes changed, left out, repeated, or taken from another seed.
std::string Made(const std::vector<std::string>& seeds, std::mt19937* random) {
  const auto below = [random](size_t end) { return end == 0 ? 0 : (*random)() % end; };
  std::string bytes = seeds[below(seeds.size())].substr(0, kMostBytes);
  for (size_t edits = 1 + below(6); edits > 0; --edits) {
    const size_t at = below(bytes.size() + 1);
    const size_t length = 1 + below(8);
    const std::string& other = seeds[below(seeds.size())];
    switch (below(5)) {
      case 0:
        bytes.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 1:
        bytes.erase(at, length);
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, length * length));
        break;
      case 3:
        bytes.insert(at, other.substr(below(other.size() + 1), length * 4));
        break;
      default:
        if (at < bytes.size())
          bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << below(8)));
        break;
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::string& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    // Cut anywhere, too.
    for (const size_t part : {size_t{1}, size_t{2}, size_t{3}, size_t{7}}) {
      Run(seeds.back().substr(0, seeds.back().size() / part));
    }
  }
  if (seeds.empty()) return 1;
  std::mt19937 random(1);
  for (size_t i = 0; i < kMadeInputs; ++i) Run(Made(seeds, &random));
  std::printf("%zu files, %zu inputs made from them\n", seeds.size(), kMadeInputs);
  return 0;
}
