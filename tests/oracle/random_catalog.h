// The catalogue of a random portal.

#ifndef CIVLOG_TESTS_ORACLE_RANDOM_CATALOG_H_
#define CIVLOG_TESTS_ORACLE_RANDOM_CATALOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracle/random_source.h"

namespace civlog::oracle {

// A request that one of the routes is for.
struct Hit {
  std::string method;
  std::string target;
};

struct RandomCatalog {
  std::string toml;  // one key a line, so that lines can be dropped
  std::string zone = "UTC";
  std::vector<Hit> hits;                   // one or more for each route
  std::vector<std::vector<Hit>> journeys;  // a transaction's steps in order
  std::vector<int64_t> timeouts_s;         // that mean something
};

// `begin_s` is about when the logs begin: routes are dated around it.
RandomCatalog MakeRandomCatalog(const std::string& zone, int64_t begin_s, Random* random);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_RANDOM_CATALOG_H_
