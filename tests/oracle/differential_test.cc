// The engine against the oracle on random portals.
//
// CIVLOG_DIFFERENTIAL_SEEDS says how many seeds are tried, CIVLOG_DIFFERENTIAL_FIRST
// from which on: one seed again is FIRST=that, SEEDS=1.

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "queries/analysis_json.h"
#include "queries/run_analysis.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/random_portal.h"
#include "tests/support/json_difference.h"

namespace civlog {
namespace {

using nlohmann::json;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::string> Differences(const RandomPortal& portal, const AnalyzeOptions& options) {
  std::vector<std::string> differences;
  const auto analysis = AnalyzeMemory(portal.catalog, portal.logs, options);
  if (!analysis.ok()) return {std::string(analysis.status().message())};
  FindDifferences(OracleAnalysis(portal.catalog, portal.logs),
                  json::parse(AnalysisToJson(*analysis, "en")), "", &differences);
  return differences;
}

// Drops lines as long as something differs.
RandomPortal Minimize(RandomPortal portal, const AnalyzeOptions& options) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (auto& [name, text] : portal.logs) {
      for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        const std::string before = text;
        text.erase(begin, end - begin);
        if (Differences(portal, options).empty()) {
          text = before;
          begin = end;
        } else {
          smaller = true;
        }
      }
    }
  }
  return portal;
}

TEST(DifferentialTest, EngineAgreesWithOracle) {
  const uint64_t first = FromEnvironment("CIVLOG_DIFFERENTIAL_FIRST", 1);
  const uint64_t seeds = FromEnvironment("CIVLOG_DIFFERENTIAL_SEEDS", 3000);
  std::printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + seeds - 1));
  uint64_t counted = 0;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const RandomPortal portal = MakeRandomPortal(seed);
    const AnalyzeOptions options{std::vector<size_t>{1, 2, 8}[seed % 3],
                                 std::vector<size_t>{1, 57, 400, 1 << 20}[seed % 4]};
    const std::vector<std::string> differences = Differences(portal, options);
    if (differences.empty()) {
      counted += portal.logs.size();
      continue;
    }
    const RandomPortal minimal = Minimize(portal, options);
    std::ostringstream message;
    message << "seed " << seed << ", threads " << options.threads << ", blocks of "
            << options.block_bytes << "\n";
    for (const std::string& difference : Differences(minimal, options))
      message << difference << "\n";
    message << minimal.catalog;
    for (const auto& [name, text] : minimal.logs) message << "--- " << name << "\n" << text;
    FAIL() << message.str();
  }
  EXPECT_GT(counted, 0u);
}

}  // namespace
}  // namespace civlog
