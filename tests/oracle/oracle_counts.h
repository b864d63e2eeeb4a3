// Counters in a JSON report.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_COUNTS_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_COUNTS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace civlog::oracle {

inline void Add(uint64_t count, nlohmann::json* counter) {
  *counter = counter->get<uint64_t>() + count;
}

inline void Increment(nlohmann::json* counter) { Add(1, counter); }

// {"2xx": 0, ... "5xx": 0} from class `first` on.
inline nlohmann::json EmptyStatus(int first) {
  nlohmann::json status = nlohmann::json::object();
  for (int c = first; c <= 5; ++c) status[std::to_string(c) + "xx"] = 0;
  return status;
}

// A status that has no class there is not counted.
inline void CountStatus(int status, nlohmann::json* counts) {
  const std::string name = std::to_string(status / 100) + "xx";
  if (counts->contains(name)) Increment(&(*counts)[name]);
}

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_COUNTS_H_
