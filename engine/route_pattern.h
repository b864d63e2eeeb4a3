// The grammar of routes, `[METHOD] path[?key=value&...]` or `[METHOD] re:pattern`,
// and which of two is more specific.

#ifndef CIVLOG_ENGINE_ROUTE_PATTERN_H_
#define CIVLOG_ENGINE_ROUTE_PATTERN_H_

#include <re2/re2.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog.h"

namespace civlog {

struct RouteProblem {
  std::string message;  // what is wrong, with the offending piece
  std::string remedy;
};

// Parses `text` into route->text, method, path, is_regex and query (decoded, no
// constraint twice). nullopt where it is a route.
std::optional<RouteProblem> ParseRoute(std::string_view text, Route* route);

// What makes a route unlikely to match anything, though it is one: a method that is
// none of HTTP's, a pattern that looks for the query.
std::optional<RouteProblem> DoubtRoute(const Route& route);

// How `re:` patterns are compiled: a path is bytes, not always UTF-8.
RE2::Options RoutePatternOptions();

// What every path begins with that `pattern`, a regular expression, matches; empty where
// that is not plain from its text.
std::string_view LiteralPrefix(std::string_view pattern);

// The segments of a path pattern: "/a/{id}/**" has "a", "{id}" and "**"; "/" has one
// that is empty.
std::vector<std::string_view> PathSegments(std::string_view path);

// True for {name} and *.
bool IsCapture(std::string_view segment);

// Sorts routes as route_table.h says: the smaller the key as bytes, the more specific
// the route; equal keys are for the order of the catalogue to decide.
std::string SpecificityKey(const Route& route);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_ROUTE_PATTERN_H_
