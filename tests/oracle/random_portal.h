// Small random catalogues and logs, concentrated where the rules are: few visitors,
// few paths, gaps around the limits.

#ifndef CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_
#define CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace civlog {

struct RandomPortal {
  std::string catalog;                                    // "" for none
  std::vector<std::pair<std::string, std::string>> logs;  // name, text
};

// The same for the same seed, on every machine.
RandomPortal MakeRandomPortal(uint64_t seed);

}  // namespace civlog

#endif  // CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_
