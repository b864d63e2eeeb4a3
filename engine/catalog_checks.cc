// Routes are compared where they can meet only.
//
// A path route stands in the way of another one only if it matches the same paths: a
// more general path is less specific and loses. Of two with the same path, the one
// with fewer query constraints loses, then the one without method, then the undated
// one. What is left is that both ask for the same method and query keys, and that
// the loser's values are the winner's, or the winner takes any. So a route is looked
// up under each query that is its own with some values left open.
//
// The other case is a `re:` pattern, which comes before paths that end in `**`
// whatever they ask for.

#include "engine/catalog_checks.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/path.h"
#include "engine/route_pattern.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

// Beyond these a check would cost more than it tells.
constexpr size_t kMaxOpenValues = 6;
constexpr size_t kMaxCompared = 64;

struct PlacedRoute {
  const Service* service = nullptr;
  const Route* route = nullptr;
  const std::string* key = nullptr;
  std::string specificity;

  bool dated() const { return route->valid_from || route->valid_until; }
};

absl::CivilDay From(const Route& route) { return route.valid_from.value_or(absl::CivilDay::min()); }
absl::CivilDay Until(const Route& route) {
  return route.valid_until.value_or(absl::CivilDay::max());
}
bool CoversDates(const Route& a, const Route& b) {
  return From(a) <= From(b) && Until(b) <= Until(a);
}
bool OverlapsDates(const Route& a, const Route& b) {
  return From(a) <= Until(b) && From(b) <= Until(a);
}

// What routes that match the same requests have in common, with the values of the
// constraints whose bit is set in `open` left open.
std::string Meeting(const Route& route, uint32_t open) {
  std::string text = absl::StrCat(route.method, " ");
  if (route.is_regex) {
    absl::StrAppend(&text, "re:", route.path);
  } else {
    const std::string path = EncodeNonAscii(route.path);
    for (const std::string_view segment : PathSegments(path)) {
      absl::StrAppend(&text, "/", IsCapture(segment) ? "*" : ToAbsl(segment));
    }
  }
  std::vector<std::string> constraints;
  for (size_t i = 0; i < route.query.size(); ++i) {
    const QueryConstraint& constraint = route.query[i];
    const bool any = constraint.any_value || (i < 32 && (open >> i & 1) != 0);
    constraints.push_back(any ? constraint.key
                              : absl::StrCat(constraint.key, "\n", constraint.value));
  }
  std::sort(constraints.begin(), constraints.end());
  for (const std::string& constraint : constraints) absl::StrAppend(&text, "\n\n", constraint);
  return text;
}

// What a path that `route`, which ends in **, matches begins with in any case.
std::string SurePrefix(const Route& route) {
  std::string prefix;
  for (const std::string_view segment : PathSegments(route.path)) {
    if (segment == "**") return prefix.empty() ? "/" : prefix;
    if (IsCapture(segment)) break;
    absl::StrAppend(&prefix, "/", ToAbsl(segment));
  }
  return prefix + "/";
}

// True where what matches a text matches every longer one that begins with it: the
// pattern does not look at what follows.
bool IgnoresRest(std::string_view pattern) {
  for (const std::string_view looks : {"$", "\\z", "\\b", "\\B"}) {
    if (pattern.find(looks) != std::string_view::npos) return false;
  }
  return true;
}

class RouteChecker {
 public:
  RouteChecker(CatalogReader* reader, const Catalog& catalog,
               const std::vector<std::vector<std::string>>& route_keys);

  void Check();

 private:
  using Group = std::vector<size_t>;  // positions in routes_, the preferred first

  void MakeGroups();
  void CheckMeeting(size_t loser);
  bool CheckGroup(const Group& group, size_t loser, bool same_query);
  void CheckPatterns();
  void CompareWithPatterns(const PlacedRoute& loser, const std::vector<size_t>& winners);
  bool Preferred(size_t a, size_t b) const {
    return std::tie(routes_[a].specificity, a) < std::tie(routes_[b].specificity, b);
  }

  void WarnNeverWins(const PlacedRoute& winner, const PlacedRoute& loser);
  void WarnOverlap(const PlacedRoute& winner, const PlacedRoute& loser);

  CatalogReader* reader_;
  std::vector<PlacedRoute> routes_;  // in the order of the catalogue
  absl::flat_hash_map<std::string, Group> groups_;
};

RouteChecker::RouteChecker(CatalogReader* reader, const Catalog& catalog,
                           const std::vector<std::vector<std::string>>& route_keys)
    : reader_(reader) {
  for (size_t s = 0; s < catalog.services.size(); ++s) {
    const Service& service = catalog.services[s];
    for (size_t r = 0; r < service.routes.size(); ++r) {
      const Route& route = service.routes[r];
      routes_.push_back({&service, &route, &route_keys[s][r], SpecificityKey(route)});
    }
  }
}

void RouteChecker::Check() {
  MakeGroups();
  for (size_t i = 0; i < routes_.size(); ++i) CheckMeeting(i);
  CheckPatterns();
}

void RouteChecker::MakeGroups() {
  for (size_t i = 0; i < routes_.size(); ++i) groups_[Meeting(*routes_[i].route, 0)].push_back(i);
  for (auto& [meeting, group] : groups_) {
    std::sort(group.begin(), group.end(), [this](size_t a, size_t b) { return Preferred(a, b); });
  }
}

void RouteChecker::CheckMeeting(size_t loser) {
  const Route& route = *routes_[loser].route;
  const size_t values = std::min<size_t>(route.query.size(), kMaxOpenValues);
  for (uint32_t open = 0; open < (uint32_t{1} << values); ++open) {
    const auto group = groups_.find(Meeting(route, open));
    if (group != groups_.end() && CheckGroup(group->second, loser, open == 0)) return;
  }
}

// True where it warned.
bool RouteChecker::CheckGroup(const Group& group, size_t loser, bool same_query) {
  const PlacedRoute& b = routes_[loser];
  size_t compared = 0;
  for (const size_t winner : group) {
    const PlacedRoute& a = routes_[winner];
    if (!Preferred(winner, loser) || ++compared > kMaxCompared) return false;
    // A dated route is there to go before the undated one.
    if (a.dated() != b.dated()) continue;
    const bool same_service = a.service == b.service;
    const bool repeats =
        same_service && b.route->role == RouteRole::kMember && a.route->role != RouteRole::kMember;
    if (repeats) continue;  // a step or an act of the service whose route it is
    if (CoversDates(*a.route, *b.route)) {
      WarnNeverWins(a, b);
      return true;
    }
    const bool same_meaning =
        same_service && a.route->role == b.route->role && a.route->index == b.route->index;
    if (same_query && !same_meaning && OverlapsDates(*a.route, *b.route)) {
      WarnOverlap(a, b);
      return true;
    }
  }
  return false;
}

void RouteChecker::CheckPatterns() {
  const RE2::Options options = RoutePatternOptions();
  RE2::Set patterns(options, RE2::UNANCHORED);
  std::vector<size_t> pattern_routes;
  for (size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = *routes_[i].route;
    if (!route.is_regex || !IgnoresRest(route.path)) continue;
    if (patterns.Add(route.path, nullptr) >= 0) pattern_routes.push_back(i);
  }
  if (pattern_routes.empty() || !patterns.Compile()) return;
  for (const PlacedRoute& loser : routes_) {
    if (loser.route->is_regex || !loser.route->path.ends_with("/**")) continue;
    std::vector<int> matched;
    patterns.Match(SurePrefix(*loser.route), &matched);
    std::sort(matched.begin(), matched.end());
    std::vector<size_t> winners;
    for (const int i : matched) winners.push_back(pattern_routes[static_cast<size_t>(i)]);
    CompareWithPatterns(loser, winners);
  }
}

void RouteChecker::CompareWithPatterns(const PlacedRoute& loser,
                                       const std::vector<size_t>& winners) {
  size_t compared = 0;
  for (const size_t i : winners) {
    const PlacedRoute& winner = routes_[i];
    if (++compared > kMaxCompared) return;
    const bool repeats = winner.service == loser.service && loser.route->role == RouteRole::kMember;
    const bool method = winner.route->method.empty() || winner.route->method == loser.route->method;
    if (repeats || !method || !CoversDates(*winner.route, *loser.route)) continue;
    return WarnNeverWins(winner, loser);
  }
}

void RouteChecker::WarnNeverWins(const PlacedRoute& winner, const PlacedRoute& loser) {
  reader_->Warn(
      {loser.route->line, loser.route->column, *loser.key},
      absl::StrCat("\"", loser.route->text, "\" can never win: \"", winner.route->text, "\" of ",
                   winner.service->id, " at line ", winner.route->line, " always does"),
      "take one of them out, or make this one more specific");
}

void RouteChecker::WarnOverlap(const PlacedRoute& winner, const PlacedRoute& loser) {
  const absl::CivilDay from = std::max(From(*winner.route), From(*loser.route));
  const absl::CivilDay until = std::min(Until(*winner.route), Until(*loser.route));
  const auto written = [](absl::string_view word, absl::CivilDay day) {
    const bool bounded = day != absl::CivilDay::min() && day != absl::CivilDay::max();
    return bounded ? absl::StrCat(" ", word, " ", absl::FormatCivilTime(day)) : std::string();
  };
  reader_->Warn({loser.route->line, loser.route->column, *loser.key},
                absl::StrCat("\"", loser.route->text, "\" is also a route of ", winner.service->id,
                             " at line ", winner.route->line, written("from", from),
                             written("until", until), ", which wins then"),
                "let one end the day before the other begins");
}

}  // namespace

void CheckRoutes(CatalogReader* reader, const Catalog& catalog,
                 const std::vector<std::vector<std::string>>& route_keys) {
  RouteChecker(reader, catalog, route_keys).Check();
}

}  // namespace civlog
