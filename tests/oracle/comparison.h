// What differs between the oracle's report and the engine's.

#ifndef CIVLOG_TESTS_ORACLE_COMPARISON_H_
#define CIVLOG_TESTS_ORACLE_COMPARISON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace civlog::oracle {

struct Difference {
  std::string pointer;  // JSON pointer; services by id: /services/@cert/acts
  std::string oracle;
  std::string engine;
};

// Every figure that the oracle gives must be in the engine's report, which may have
// more; lists must be as long. Numbers with a fraction may differ in the tenth
// digit. `ordered_services`: services must also be in the same order.
std::vector<Difference> Compare(const nlohmann::json& oracle, const nlohmann::json& engine,
                                bool ordered_services);

// A line each.
std::string ToString(const std::vector<Difference>& differences);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_COMPARISON_H_
