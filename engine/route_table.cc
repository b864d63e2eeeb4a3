#include "engine/route_table.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "engine/path.h"
#include "engine/query_constraints.h"
#include "engine/route_pattern.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr uint32_t kNoNode = UINT32_MAX;
constexpr int64_t kPatternSetBytes = int64_t{64} << 20;  // of states, made as they are needed

RouteMethod MethodOf(std::string_view name) {
  if (name == "GET") return RouteMethod::kGet;
  if (name == "POST") return RouteMethod::kPost;
  return name.empty() ? RouteMethod::kAny : RouteMethod::kOther;
}

// A place in the trie: what stands here, and what may follow.
struct Node {
  absl::flat_hash_map<std::string, uint32_t> literals;
  uint32_t capture = kNoNode;
  std::vector<RouteId> here;   // patterns that end here
  std::vector<RouteId> below;  // patterns that end in ** here
};

}  // namespace

struct RouteTable::Impl {
  std::vector<Node> nodes = std::vector<Node>(1);
  std::unique_ptr<RE2::Set> patterns;
  std::vector<std::unique_ptr<RE2>> single_patterns;  // for when the set gives up
  std::vector<RouteId> pattern_routes;                // by position in the set
  // What a path must begin with for any of them to match, in order, none the beginning of
  // another; one that is empty where nothing is known.
  std::vector<std::string> pattern_prefixes;
  std::vector<uint32_t> rank;  // by RouteId: the smaller, the more specific
  QueryConstraints constraints;
  std::vector<absl::InlinedVector<ConstraintId, 2>> asked;  // by RouteId

  void Insert(std::string_view path, RouteId id) {
    uint32_t node = 0;
    for (const std::string_view segment : PathSegments(path)) {
      if (segment == "**") {
        nodes[node].below.push_back(id);
        return;
      }
      node = Child(node, segment);
    }
    nodes[node].here.push_back(id);
  }

  uint32_t Child(uint32_t node, std::string_view segment) {
    const auto next = static_cast<uint32_t>(nodes.size());
    if (IsCapture(segment)) {
      if (nodes[node].capture == kNoNode) {
        nodes[node].capture = next;
        nodes.emplace_back();
      }
      return nodes[node].capture;
    }
    const auto [entry, is_new] = nodes[node].literals.try_emplace(std::string(segment), next);
    const uint32_t child = entry->second;
    if (is_new) nodes.emplace_back();
    return child;
  }

  // `rest` begins with the '/' of the next segment, or is empty.
  void Collect(uint32_t index, std::string_view rest, std::vector<RouteId>* out) const {
    const Node& node = nodes[index];
    if (rest.empty()) out->insert(out->end(), node.here.begin(), node.here.end());
    out->insert(out->end(), node.below.begin(), node.below.end());
    if (rest.empty()) return;
    const size_t end = std::min(rest.find('/', 1), rest.size());
    const std::string_view segment = rest.substr(1, end - 1);
    const auto literal = node.literals.find(ToAbsl(segment));
    if (literal != node.literals.end()) Collect(literal->second, rest.substr(end), out);
    if (node.capture != kNoNode && !segment.empty()) {
      Collect(node.capture, rest.substr(end), out);
    }
  }

  absl::Status CompilePatterns(const std::vector<RouteRef>& routes) {
    RE2::Options options = RoutePatternOptions();
    for (RouteId id = 0; id < routes.size(); ++id) {
      if (routes[id].route->is_regex) pattern_routes.push_back(id);
    }
    if (pattern_routes.empty()) return absl::OkStatus();
    options.set_max_mem(kPatternSetBytes);
    patterns = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const RouteId id : pattern_routes) {
      const Route& route = *routes[id].route;
      std::string error;
      if (patterns->Add(route.path, &error) < 0) {
        return absl::InvalidArgumentError(absl::StrCat(route.text, ": ", error));
      }
      single_patterns.push_back(std::make_unique<RE2>(route.path, RoutePatternOptions()));
    }
    if (!patterns->Compile()) patterns.reset();
    for (const RouteId id : pattern_routes) {
      pattern_prefixes.emplace_back(LiteralPrefix(routes[id].route->path));
    }
    std::sort(pattern_prefixes.begin(), pattern_prefixes.end());
    const auto extends = [](const std::string& shorter, const std::string& longer) {
      return std::string_view(longer).starts_with(shorter);
    };
    pattern_prefixes.erase(std::unique(pattern_prefixes.begin(), pattern_prefixes.end(), extends),
                           pattern_prefixes.end());
    return absl::OkStatus();
  }

  bool MayMatchPattern(std::string_view path) const {
    const auto after = std::upper_bound(pattern_prefixes.begin(), pattern_prefixes.end(), path);
    return after != pattern_prefixes.begin() && path.starts_with(*std::prev(after));
  }

  void CollectPatterns(std::string_view path, std::vector<RouteId>* out) const {
    if (!MayMatchPattern(path)) return;
    const re2::StringPiece text(path.data(), path.size());
    std::vector<int> matched;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (patterns != nullptr) patterns->Match(text, &matched, &error);
    if (patterns != nullptr && error.kind == RE2::Set::kNoError) {
      for (const int i : matched) out->push_back(pattern_routes[static_cast<size_t>(i)]);
      return;
    }
    for (size_t i = 0; i < single_patterns.size(); ++i) {
      if (RE2::PartialMatch(text, *single_patterns[i])) out->push_back(pattern_routes[i]);
    }
  }

  void Rank(const std::vector<RouteRef>& routes) {
    std::vector<std::pair<std::string, RouteId>> order;
    for (RouteId id = 0; id < routes.size(); ++id) {
      order.emplace_back(SpecificityKey(*routes[id].route), id);
    }
    std::sort(order.begin(), order.end());
    rank.resize(routes.size());
    for (uint32_t i = 0; i < order.size(); ++i) rank[order[i].second] = i;
  }
};

RouteTable::RouteTable() : impl_(std::make_unique<Impl>()) {}
RouteTable::~RouteTable() = default;

absl::StatusOr<std::unique_ptr<RouteTable>> RouteTable::Make(const Catalog& catalog) {
  std::unique_ptr<RouteTable> table(new RouteTable());
  const absl::TimeZone zone = catalog.portal.time_zone;
  for (size_t service = 0; service < catalog.services.size(); ++service) {
    for (const Route& route : catalog.services[service].routes) {
      RouteRef ref;
      ref.service = static_cast<uint32_t>(service);
      ref.route = &route;
      ref.index = route.index;
      ref.role = route.role;
      ref.method = MethodOf(route.method);
      ref.asks_query = !route.query.empty();
      ref.lists_accepted = !route.accepted.empty();
      if (route.valid_from) {
        ref.valid_from_us = absl::ToUnixMicros(absl::FromCivil(*route.valid_from, zone));
      }
      if (route.valid_until) {
        ref.valid_until_us = absl::ToUnixMicros(absl::FromCivil(*route.valid_until + 1, zone));
      }
      table->routes_.push_back(ref);
    }
  }
  Impl& impl = *table->impl_;
  impl.asked.resize(table->routes_.size());
  for (RouteId id = 0; id < table->routes_.size(); ++id) {
    const Route& route = *table->routes_[id].route;
    for (const QueryConstraint& constraint : route.query) {
      impl.asked[id].push_back(impl.constraints.Add(constraint));
    }
    if (route.is_regex) continue;
    impl.Insert(route.path, id);
    const std::string encoded = EncodeNonAscii(route.path);
    if (encoded != route.path) impl.Insert(encoded, id);
  }
  impl.Rank(table->routes_);
  const absl::Status compiled = impl.CompilePatterns(table->routes_);
  if (!compiled.ok()) return compiled;
  return table;
}

void RouteTable::Candidates(std::string_view normalized_path, std::vector<RouteId>* out) const {
  out->clear();
  if (!normalized_path.empty() && normalized_path.front() == '/') {
    impl_->Collect(0, normalized_path, out);
  }
  impl_->CollectPatterns(normalized_path, out);
  std::sort(out->begin(), out->end(),
            [this](RouteId a, RouteId b) { return impl_->rank[a] < impl_->rank[b]; });
}

RouteId RouteTable::Resolve(absl::Span<const RouteId> candidates, std::string_view method,
                            std::string_view query, int64_t time_us) const {
  const RouteMethod asked_method = candidates.empty() ? RouteMethod::kAny : MethodOf(method);
  std::optional<MetConstraints> met;  // of the query, once one is asked for
  for (const RouteId id : candidates) {
    const RouteRef& ref = routes_[id];
    if (time_us < ref.valid_from_us || time_us >= ref.valid_until_us) continue;
    if (ref.method != RouteMethod::kAny && ref.method != asked_method) continue;
    if (ref.method == RouteMethod::kOther && ref.route->method != method) continue;
    if (!ref.asks_query) return id;
    if (!met) met = impl_->constraints.Find(query);
    const absl::InlinedVector<ConstraintId, 2>& asked = impl_->asked[id];
    const auto holds = [&met](ConstraintId constraint) { return met->Has(constraint); };
    if (std::all_of(asked.begin(), asked.end(), holds)) return id;
  }
  return kNoRoute;
}

}  // namespace civlog
