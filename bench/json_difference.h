// Compares what is expected of a report with a report.

#ifndef CIVLOG_BENCH_JSON_DIFFERENCE_H_
#define CIVLOG_BENCH_JSON_DIFFERENCE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace civlog {

// Every place where `actual` lacks or contradicts a value of `expected`, as JSON
// pointer and both values. What `actual` has on top does not matter; arrays must have
// the same length.
inline void FindDifferences(const nlohmann::json& expected, const nlohmann::json& actual,
                            const std::string& pointer, std::vector<std::string>* differences) {
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      FindDifferences(value, actual.contains(key) ? actual.at(key) : nlohmann::json("missing"),
                      pointer + "/" + key, differences);
    }
  } else if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
    for (size_t i = 0; i < expected.size(); ++i) {
      FindDifferences(expected[i], actual[i], pointer + "/" + std::to_string(i), differences);
    }
  } else if (expected != actual) {
    differences->push_back(pointer + ": expected " + expected.dump() + ", is " + actual.dump());
  }
}

}  // namespace civlog

#endif  // CIVLOG_BENCH_JSON_DIFFERENCE_H_
