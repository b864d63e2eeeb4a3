// A service catalogue read the plain way, and the route of a request found by
// trying every one.
//
// Written from docs/metrics.md; shares nothing with engine/. The catalogue must be
// right: mistakes in it are not reported.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace civlog::oracle {

// A request target in the parts that rules look at.
struct Target {
  std::string host;  // lower case, without port; of an absolute-form target only
  std::string path;  // normalised
  std::vector<std::pair<std::string, std::string>> query;  // decoded
};
Target ReadTarget(const std::string& target);

enum class Role { kMember, kStatus, kStep, kEnd, kError, kSave, kResume, kAct };

struct Route {
  size_t service = 0;
  Role role = Role::kMember;
  size_t index = 0;  // among the service's acts, steps or ends
  std::string method;
  std::string regex;                  // empty: `segments` hold
  std::vector<std::string> segments;  // of the pattern
  std::vector<std::pair<std::string, std::optional<std::string>>> query;
  bool dated = false;
  int64_t from_s = std::numeric_limits<int64_t>::min();
  int64_t until_s = std::numeric_limits<int64_t>::max();  // exclusive
  std::set<int> accepted;                                 // empty: by method
  bool refuses = false;                                   // an end's outcome
};

struct Service {
  std::string id;
  std::string kind;
  std::string tier;
  std::string department;
  std::vector<std::string> step_names;
  std::vector<std::string> end_names;
  std::vector<std::string> act_names;
  bool strict = false;
  int64_t abandon_after_s = 1800;
  std::optional<int64_t> resume_within_s;
};

// Bytes of an address, IPv4 mapped into IPv6, and how many bits of it count.
struct Network {
  std::string address;
  int bits = 128;
};

struct Catalog {
  bool given = false;  // false: there is no catalogue
  absl::TimeZone zone = absl::UTCTimeZone();
  std::set<std::string> hosts;
  std::vector<Network> ignored;
  std::optional<uint64_t> population;
  int64_t visit_timeout_s = 1800;
  std::vector<std::string> identity = {"address+agent"};
  std::vector<std::pair<std::string, std::string>> audience;  // class, pattern
  std::vector<Service> services;
  std::vector<Route> routes;  // in the order of preference where all else is equal

  bool Ignores(const std::string& client) const;
  // True where some route's path matches, whatever method, query and date.
  bool Claims(const std::string& path) const;
  // The route that a request is on, nullptr where there is none.
  const Route* Find(const std::string& method, const Target& target, int64_t time_s) const;
};

// `toml` "" is no catalogue.
Catalog ReadCatalog(const std::string& toml);

bool IsAccepted(const std::set<int>& accepted, const std::string& method, int status);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_CATALOG_H_
