// A naive reference for the figures: maps and sorting, straight from
// docs/metrics.md, sharing no code with the engine.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace civlog {

// The figures of combined, common or vhost_combined logs under a catalogue ("" for
// none), as the part of the schema civlog.analysis/1 that is exact. Robots are
// those of RandomPortal's agents only.
nlohmann::json OracleAnalysis(const std::string& catalog_toml,
                              const std::vector<std::pair<std::string, std::string>>& logs);

}  // namespace civlog

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_H_
