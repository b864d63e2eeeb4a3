#include "tests/oracle/comparison.h"

#include <algorithm>
#include <cmath>

namespace civlog::oracle {
namespace {

using nlohmann::json;

class Comparer {
 public:
  void Compare(const std::string& pointer, const json& oracle, const json& engine) {
    if (oracle.is_object() && engine.is_object()) return CompareObjects(pointer, oracle, engine);
    if (oracle.is_array() && engine.is_array()) return CompareArrays(pointer, oracle, engine);
    if (!SameValue(oracle, engine)) Add(pointer, oracle.dump(), engine.dump());
  }

  void Add(std::string pointer, std::string oracle, std::string engine) {
    differences_.push_back({std::move(pointer), std::move(oracle), std::move(engine)});
  }

  std::vector<Difference> Take() { return std::move(differences_); }

 private:
  static bool SameValue(const json& a, const json& b) {
    if (!a.is_number() || !b.is_number()) return a == b;
    const double x = a.get<double>();
    const double y = b.get<double>();
    return std::abs(x - y) <= 1e-9 * std::max(1.0, std::abs(x));
  }

  void CompareObjects(const std::string& pointer, const json& oracle, const json& engine) {
    for (const auto& [key, value] : oracle.items()) {
      const std::string inner = pointer + "/" + key;
      if (engine.contains(key)) {
        Compare(inner, value, engine.at(key));
      } else {
        Add(inner, value.dump(), "absent");
      }
    }
  }

  void CompareArrays(const std::string& pointer, const json& oracle, const json& engine) {
    if (oracle.size() != engine.size()) return Add(pointer, oracle.dump(), engine.dump());
    for (size_t i = 0; i < oracle.size(); ++i) {
      Compare(pointer + "/" + std::to_string(i), oracle.at(i), engine.at(i));
    }
  }

  std::vector<Difference> differences_;
};

json ById(const json& services) {
  json by_id = json::object();
  for (const json& service : services) by_id["@" + service.at("id").get<std::string>()] = service;
  return by_id;
}

json Ids(const json& services) {
  json ids = json::array();
  for (const json& service : services) ids.push_back(service.at("id"));
  return ids;
}

}  // namespace

std::vector<Difference> Compare(const json& oracle, const json& engine, bool ordered_services) {
  json expected = oracle;
  json actual = engine;
  json expected_ids = Ids(oracle.at("services"));
  json actual_ids = Ids(engine.at("services"));
  if (!ordered_services) {
    std::sort(expected_ids.begin(), expected_ids.end());
    std::sort(actual_ids.begin(), actual_ids.end());
  }
  expected["services"] = ById(oracle.at("services"));
  actual["services"] = ById(engine.at("services"));
  Comparer comparer;
  comparer.Compare("/services/ids", expected_ids, actual_ids);
  comparer.Compare("", expected, actual);
  return comparer.Take();
}

std::string ToString(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& difference : differences) {
    text += difference.pointer + ": oracle " + difference.oracle + ", engine " + difference.engine +
            "\n";
  }
  return text;
}

}  // namespace civlog::oracle
