#include "engine/route_table.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/path.h"
#include "engine/route_pattern.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr uint32_t kNoNode = UINT32_MAX;

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
  std::vector<RouteId> pattern_routes;  // by position in the set
  std::vector<uint32_t> rank;           // by RouteId: the smaller, the more specific

  void Insert(const Route& route, RouteId id) {
    uint32_t node = 0;
    for (const std::string_view segment : PathSegments(route.path)) {
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
    RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(RE2::Options::EncodingLatin1);
    patterns = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (RouteId id = 0; id < routes.size(); ++id) {
      if (!routes[id].route->is_regex) continue;
      std::string error;
      if (patterns->Add(routes[id].route->path, &error) < 0) {
        return absl::InvalidArgumentError(absl::StrCat(routes[id].route->text, ": ", error));
      }
      pattern_routes.push_back(id);
    }
    if (pattern_routes.empty()) {
      patterns.reset();
    } else if (!patterns->Compile()) {
      return absl::InvalidArgumentError("the catalogue's re: routes are too large together");
    }
    return absl::OkStatus();
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
  const std::vector<RouteRef>& routes = table->routes_;
  for (RouteId id = 0; id < routes.size(); ++id) {
    if (!routes[id].route->is_regex) impl.Insert(*routes[id].route, id);
  }
  const absl::Status compiled = impl.CompilePatterns(routes);
  if (!compiled.ok()) return compiled;

  std::vector<RouteId> order(routes.size());
  for (RouteId id = 0; id < routes.size(); ++id) order[id] = id;
  std::stable_sort(order.begin(), order.end(), [&routes](RouteId a, RouteId b) {
    return MoreSpecific(*routes[a].route, *routes[b].route);
  });
  impl.rank.resize(routes.size());
  for (uint32_t i = 0; i < order.size(); ++i) impl.rank[order[i]] = i;
  return table;
}

void RouteTable::Candidates(std::string_view normalized_path, std::vector<RouteId>* out) const {
  out->clear();
  if (!normalized_path.empty() && normalized_path.front() == '/') {
    impl_->Collect(0, normalized_path, out);
  }
  if (impl_->patterns != nullptr) {
    std::vector<int> matched;
    impl_->patterns->Match(re2::StringPiece(normalized_path.data(), normalized_path.size()),
                           &matched);
    for (const int i : matched) {
      out->push_back(impl_->pattern_routes[static_cast<size_t>(i)]);
    }
  }
  std::sort(out->begin(), out->end(),
            [this](RouteId a, RouteId b) { return impl_->rank[a] < impl_->rank[b]; });
}

RouteId RouteTable::Resolve(absl::Span<const RouteId> candidates, std::string_view method,
                            std::string_view query, int64_t time_us) const {
  for (const RouteId id : candidates) {
    const RouteRef& ref = routes_[id];
    const Route& route = *ref.route;
    if (time_us < ref.valid_from_us || time_us >= ref.valid_until_us) continue;
    if (!route.method.empty() && route.method != method) continue;
    const bool has_all = std::all_of(
        route.query.begin(), route.query.end(), [query](const QueryConstraint& constraint) {
          return constraint.any_value ? QueryHasKey(query, constraint.key)
                                      : QueryHas(query, constraint.key, constraint.value);
        });
    if (has_all) return id;
  }
  return kNoRoute;
}

}  // namespace civlog
