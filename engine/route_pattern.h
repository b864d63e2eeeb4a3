// The grammar of routes, `[METHOD] path[?key=value&...]` or `[METHOD] re:pattern`,
// and which of two is more specific.

#ifndef CIVLOG_ENGINE_ROUTE_PATTERN_H_
#define CIVLOG_ENGINE_ROUTE_PATTERN_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog.h"

namespace civlog {

// Parses `text` into route->text, method, path, is_regex and query. Returns "" or
// what is wrong, with the remedy.
std::string ParseRoute(std::string_view text, Route* route);

// The segments of a path pattern: "/a/{id}/**" has "a", "{id}" and "**"; "/" has one
// that is empty.
std::vector<std::string_view> PathSegments(std::string_view path);

// True for {name} and *.
bool IsCapture(std::string_view segment);

// A strict weak order, most specific first: see route_table.h.
bool MoreSpecific(const Route& a, const Route& b);

// True where `a` matches every request that `b` matches and is preferred, by order
// where neither is more specific: `b` can never win. Conservative.
bool Shadows(const Route& a, const Route& b);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_ROUTE_PATTERN_H_
