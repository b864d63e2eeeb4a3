// The rules of docs/metrics.md, each on a log small enough to count by hand.
//
// One table of cases, run against the oracle (oracle_test.cc) and against the
// engine (engine_rules_test.cc): what is expected was counted by hand from the
// rules, not taken from either.

#ifndef CIVLOG_TESTS_ORACLE_RULE_CASES_H_
#define CIVLOG_TESTS_ORACLE_RULE_CASES_H_

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace civlog::oracle {

using Logs = std::vector<std::pair<std::string, std::string>>;  // name, text

struct RuleCase {
  std::string name;
  std::string catalog;  // TOML, "" for none
  Logs logs;
  // JSON pointer and value; "/services/@cert/..." is the service of that id. Numbers
  // with a fraction are compared to nine digits.
  std::vector<std::pair<std::string, nlohmann::json>> expected;
};

// A name that a test can have.
std::ostream& operator<<(std::ostream& out, const RuleCase& rule);

// A catalogue with a service of every kind, in Asia/Seoul: news (information), ask
// (interaction), petition (participation), cert, pay and strict (transactions).
const std::string& HanbitCatalog();

// A combined log, a line an element: "[day] clock visitor method target status".
// The day is one of November 2026 (the 16th, a Monday, where it is left out),
// the clock that of Asia/Seoul. The visitor is a letter, or "user:name" for an authenticated one,
// and gives the address and the agent; "robot" is Googlebot. A line that begins with
// "!" stands for what follows.
std::string CombinedLog(const std::vector<std::string>& lines);
// One log named access.log.
Logs OneLog(const std::vector<std::string>& lines);

std::vector<RuleCase> LineCases();     // from line to counted request
std::vector<RuleCase> VisitCases();    // visitors, visits, order, time
std::vector<RuleCase> ServiceCases();  // routes, acts, rates
std::vector<RuleCase> AttemptCases();  // transactions
std::vector<RuleCase> SmallPortalCases();
std::vector<RuleCase> AllRuleCases();
// Of figures that the oracle does not compute: for the engine alone.
std::vector<RuleCase> EngineCases();

// The value at a case's pointer; discarded where there is none.
nlohmann::json ValueAt(const nlohmann::json& report, const std::string& pointer);

// What of `rule` does not hold in `report`, a line each; "" where all does.
std::string Violations(const RuleCase& rule, const nlohmann::json& report);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_RULE_CASES_H_
