// The oracle against the rules, counted by hand: what it says must be true before
// the engine is compared with it.

#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

class OracleRulesTest : public ::testing::TestWithParam<RuleCase> {};

TEST_P(OracleRulesTest, Holds) {
  const RuleCase& rule = GetParam();
  EXPECT_EQ(Violations(rule, OracleAnalysis(rule.catalog, rule.logs)), "");
}

INSTANTIATE_TEST_SUITE_P(Rules, OracleRulesTest, ::testing::ValuesIn(AllRuleCases()),
                         [](const auto& tested) { return tested.param.name; });

TEST(OracleTest, SumsAddUp) {
  for (const RuleCase& rule : AllRuleCases()) {
    const nlohmann::json report = OracleAnalysis(rule.catalog, rule.logs);
    const nlohmann::json& lines = report["lines"];
    EXPECT_EQ(lines["read"].get<int>(), lines["blank"].get<int>() + lines["records"].get<int>() +
                                            lines["rejected"]["total"].get<int>())
        << rule.name;
    const nlohmann::json& records = report["records"];
    EXPECT_EQ(lines["records"].get<int>(),
              records["counted"].get<int>() + records["unreadable_request"].get<int>() +
                  records["outside_portal"].get<int>() + records["asset"].get<int>() +
                  records["not_citizen"]["total"].get<int>())
        << rule.name;
    int requests = report["unclassified"]["requests"].get<int>();
    for (const nlohmann::json& service : report["services"])
      requests += service["requests"].get<int>();
    EXPECT_EQ(records["counted"].get<int>(), requests) << rule.name;
  }
}

}  // namespace
}  // namespace civlog::oracle
