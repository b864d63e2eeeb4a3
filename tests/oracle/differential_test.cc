// The engine against the oracle, on random portals.
//
// CIVLOG_DIFFERENTIAL_SEEDS says how many, CIVLOG_DIFFERENTIAL_FIRST where to begin: a
// failure prints its seed, what differs, and the smallest catalogue and logs that
// still do.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "tests/oracle/comparison.h"
#include "tests/oracle/engine_adapter.h"
#include "tests/oracle/minimizer.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/random_portal.h"
#include "tests/oracle/random_source.h"

namespace civlog::oracle {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// How the engine is run on a portal; nothing of it may change a figure.
struct Setting {
  size_t threads = 1;
  size_t block_bytes = 1;
};

Setting SettingOf(uint64_t seed) {
  Random random(~seed);
  Setting setting;
  setting.threads = random.Pick(std::vector<size_t>{1, 2, 8});
  setting.block_bytes = 1 + random.Below(random.Pick(std::vector<size_t>{8, 300, 4096}));
  return setting;
}

struct Outcome {
  std::string error;  // of an engine that refuses
  std::vector<Difference> differences;
};

Outcome RunBoth(const RandomPortal& portal, const Setting& setting) {
  const auto engine =
      EngineAnalysis(portal.catalog, portal.logs, setting.threads, setting.block_bytes);
  if (!engine.ok()) return {engine.status().ToString(), {}};
  const nlohmann::json oracle = OracleAnalysis(portal.catalog, portal.logs);
  return {"", Compare(oracle, *engine, !portal.catalog.empty())};
}

// The figures that differ, whatever their place in a list.
std::set<std::string> Kinds(const Outcome& outcome) {
  std::set<std::string> kinds;
  for (const Difference& difference : outcome.differences) {
    std::string kind = difference.pointer;
    RE2::GlobalReplace(&kind, "/[0-9]+", "/#");
    kinds.insert(kind);
  }
  return kinds;
}

// The smallest portal that differs in nothing but what `portal` differs in.
RandomPortal SmallestLike(const RandomPortal& portal, const Setting& setting,
                          const Outcome& outcome) {
  const std::set<std::string> kinds = Kinds(outcome);
  return Minimize(portal, [&setting, &kinds](const RandomPortal& candidate) {
    const std::set<std::string> found = Kinds(RunBoth(candidate, setting));
    return !found.empty() && std::includes(kinds.begin(), kinds.end(), found.begin(), found.end());
  });
}

std::string Explain(uint64_t seed, const RandomPortal& portal, const Setting& setting,
                    const Outcome& outcome) {
  const std::string text = "seed " + std::to_string(seed) + ", " + std::to_string(setting.threads) +
                           " threads, blocks of " + std::to_string(setting.block_bytes) +
                           " bytes\n";
  if (!outcome.error.empty()) return text + outcome.error + "\n" + ToText(portal);
  const RandomPortal small = SmallestLike(portal, setting, outcome);
  return text + ToString(outcome.differences) + "The smallest that differs:\n" +
         ToString(RunBoth(small, setting).differences) + ToText(small);
}

TEST(DifferentialTest, EngineAgreesWithTheOracle) {
  const uint64_t first = FromEnvironment("CIVLOG_DIFFERENTIAL_FIRST", 1);
  const uint64_t seeds = FromEnvironment("CIVLOG_DIFFERENTIAL_SEEDS", 3000);
  constexpr int kMostFailures = 3;
  int failures = 0;
  for (uint64_t seed = first; seed < first + seeds && failures < kMostFailures; ++seed) {
    const RandomPortal portal = MakeRandomPortal(seed);
    const Setting setting = SettingOf(seed);
    const Outcome outcome = RunBoth(portal, setting);
    if (outcome.error.empty() && outcome.differences.empty()) continue;
    ++failures;
    ADD_FAILURE() << Explain(seed, portal, setting, outcome);
  }
}

}  // namespace
}  // namespace civlog::oracle
