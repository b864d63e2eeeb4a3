// The engine against the rules, on the cases that the oracle is held to.

#include <gtest/gtest.h>

#include "tests/oracle/engine_adapter.h"
#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

class EngineRulesTest : public ::testing::TestWithParam<RuleCase> {};

TEST_P(EngineRulesTest, Holds) {
  const RuleCase& rule = GetParam();
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    for (const size_t block_bytes : {size_t{1}, size_t{200}, size_t{1} << 20}) {
      const auto report = EngineAnalysis(rule.catalog, rule.logs, threads, block_bytes);
      ASSERT_TRUE(report.ok()) << report.status();
      EXPECT_EQ(Violations(rule, *report), "")
          << threads << " threads, blocks of " << block_bytes << " bytes";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EngineRulesTest, ::testing::ValuesIn(AllRuleCases()),
                         [](const auto& tested) { return tested.param.name; });
INSTANTIATE_TEST_SUITE_P(EngineOnly, EngineRulesTest, ::testing::ValuesIn(EngineCases()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace civlog::oracle
