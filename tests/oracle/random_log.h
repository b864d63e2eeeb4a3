// The logs of a random portal.

#ifndef CIVLOG_TESTS_ORACLE_RANDOM_LOG_H_
#define CIVLOG_TESTS_ORACLE_RANDOM_LOG_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/random_catalog.h"
#include "tests/oracle/random_source.h"

namespace civlog::oracle {

// One to four logs, each of one format, that begin about `begin_s`.
std::vector<std::pair<std::string, std::string>> MakeRandomLogs(const RandomCatalog& catalog,
                                                                int64_t begin_s, Random* random);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_RANDOM_LOG_H_
