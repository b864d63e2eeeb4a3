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

namespace civlog {
namespace {

using nlohmann::json;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Every value of the oracle's report against the engine's.
void Compare(const json& expected, const json& actual, const std::string& pointer,
             std::vector<std::string>* differences) {
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      Compare(value, actual.contains(key) ? actual.at(key) : json("missing"), pointer + "/" + key,
              differences);
    }
  } else if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
    for (size_t i = 0; i < expected.size(); ++i) {
      Compare(expected[i], actual[i], pointer + "/" + std::to_string(i), differences);
    }
  } else if (expected != actual) {
    differences->push_back(pointer + ": expected " + expected.dump() + ", is " + actual.dump());
  }
}

std::vector<std::string> Differences(const RandomPortal& portal, const AnalyzeOptions& options) {
  std::vector<std::string> differences;
  const auto analysis = AnalyzeMemory(portal.catalog, portal.logs, options);
  if (!analysis.ok()) return {std::string(analysis.status().message())};
  Compare(OracleAnalysis(portal.catalog, portal.logs), json::parse(AnalysisToJson(*analysis, "en")),
          "", &differences);
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
