// Finds the route that a request is on.
//
// Path patterns are a trie over segments (literal, {capture}, **), patterns with
// `re:` one RE2::Set; the cost of a look-up does not grow with the number of
// routes. The work is in two halves so that the dear one can be cached by path:
// Candidates() depends on the path alone and lists every route whose path
// matches, most specific first; Resolve() picks the first candidate that the
// method, query and date of a request allow.
//
// Most specific first means: segment by segment from the left a literal before a
// {capture} before **; patterns without ** before `re:` patterns before patterns
// with **; then more query constraints before fewer; then a route with a method
// before one without; then dated before undated; then one that is a step, an act or
// the like before one that only belongs to its service; then the order of the
// catalogue.

#ifndef CIVLOG_ENGINE_ROUTE_TABLE_H_
#define CIVLOG_ENGINE_ROUTE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/catalog.h"

namespace civlog {

// Position of a route in RouteTable::routes().
using RouteId = uint32_t;
inline constexpr RouteId kNoRoute = UINT32_MAX;

// Methods that are told without a look at their names.
enum class RouteMethod : uint8_t { kAny, kGet, kPost, kOther };

// A route and the service it belongs to, with what each request asks of it: a catalogue may have
// thousands of routes, and one cache line of each is all that most requests look at.
struct alignas(32) RouteRef {
  int64_t valid_from_us = INT64_MIN;   // inclusive
  int64_t valid_until_us = INT64_MAX;  // exclusive
  const Route* route = nullptr;        // owned by the catalogue
  uint32_t service = 0;                // position in Catalog::services
  uint16_t index = 0;                  // Route::index
  RouteRole role = RouteRole::kMember;
  RouteMethod method : 2 = RouteMethod::kAny;
  bool asks_query : 1 = false;      // Route::query is not empty
  bool lists_accepted : 1 = false;  // Route::accepted is not empty
};
static_assert(sizeof(void*) != 8 || sizeof(RouteRef) == 32);

// Immutable and thread-safe. The catalogue must outlive it.
class RouteTable {
 public:
  static absl::StatusOr<std::unique_ptr<RouteTable>> Make(const Catalog& catalog);
  ~RouteTable();

  const std::vector<RouteRef>& routes() const { return routes_; }

  // Appends to `*out` (cleared first) the routes whose path matches
  // `normalized_path` (see NormalizePath), most specific first.
  void Candidates(std::string_view normalized_path, std::vector<RouteId>* out) const;

  // The first of `candidates` that a request with this method, query and time is
  // on; kNoRoute where none.
  RouteId Resolve(absl::Span<const RouteId> candidates, std::string_view method,
                  std::string_view query, int64_t time_us) const;

 private:
  struct Impl;
  RouteTable();
  std::vector<RouteRef> routes_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_ROUTE_TABLE_H_
