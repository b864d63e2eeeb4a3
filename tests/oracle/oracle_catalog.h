// The oracle's own reading of catalogues and routes.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace civlog {

struct OracleRoute {
  std::string method, path, regex;
  std::vector<std::pair<std::string, std::optional<std::string>>> query;
  std::string role;  // "member", "status", "step", "end", "error", "save", "resume", "act"
  size_t index = 0;
  std::optional<int64_t> from_s, until_s;
  std::vector<int> accepted;
};

struct OracleService {
  std::string id, kind, tier, department;
  bool strict = false;
  int64_t abandon_s = 1800;
  int64_t resume_s = -1;
  std::vector<std::string> steps;
  std::vector<std::string> outcomes;  // of `ends`
  std::vector<OracleRoute> routes;
};

struct OracleCatalog {
  bool given = false;
  absl::TimeZone zone = absl::UTCTimeZone();
  std::vector<std::string> hosts;
  std::string ignored_prefix;  // RandomPortal ignores networks of whole octets only
  bool by_user = false;
  int64_t timeout_s = 1800;
  double population = 0;
  std::vector<OracleService> services;
};

OracleCatalog ReadOracleCatalog(const std::string& toml);

// A raw path as routes see it.
std::string OracleNormalPath(const std::string& path);

// True where a request with this normalised path, method, query and time (seconds)
// may be on the route; the path alone.
bool OraclePathFits(const OracleRoute& route, const std::string& path);
bool OracleRequestFits(const OracleRoute& route, const std::string& method,
                       const std::string& query, int64_t time_s);

// True where `a` wins over `b` by being the more specific.
bool OracleMoreSpecific(const OracleRoute& a, const OracleRoute& b);

}  // namespace civlog

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_
