// The naive oracle: every figure of `civlog analyze --json` that does not need an
// estimate, by maps and sorting.
//
// The truth that the engine is compared with. Written from docs/metrics.md as
// simply as can be, without regard to speed or memory, and sharing no code with
// parsers/, engine/ or queries/. Logs are in the formats common, combined or
// vhost_combined.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace civlog::oracle {

// A subset of the schema civlog.analysis/1. `catalog_toml` "" is no catalogue;
// `logs` are names and texts. The services of an analysis without a catalogue are
// in order of their ids.
nlohmann::json OracleAnalysis(const std::string& catalog_toml,
                              const std::vector<std::pair<std::string, std::string>>& logs);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_H_
