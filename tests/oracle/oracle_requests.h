// From lines to counted requests, with every bucket on the way.
//
// Written from docs/metrics.md, section 1; shares nothing with engine/.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_REQUESTS_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_REQUESTS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/oracle_catalog.h"
#include "tests/oracle/oracle_visits.h"

namespace civlog::oracle {

// A record, whatever became of it.
struct SeenRecord {
  std::string bucket;    // "counted", "asset", ...
  std::string audience;  // "citizen", "monitor", ...
  std::string host;      // asked for; lower case
  int64_t bytes = 0;
  Request request;  // its visitor, route and service only where it is counted
};

struct Requests {
  // The report's lines, records and traffic.
  nlohmann::json counts;
  // Time and status of every record.
  std::vector<std::pair<int64_t, int>> records;
  std::vector<SeenRecord> seen;  // the same, in the same order
  std::vector<Request> counted;  // their routes are the catalogue's
};

Requests ReadRequests(const Catalog& catalog,
                      const std::vector<std::pair<std::string, std::string>>& logs);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_REQUESTS_H_
