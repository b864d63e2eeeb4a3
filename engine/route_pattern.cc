#include "engine/route_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <tuple>

#include "engine/path.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr std::string_view kRegexPrefix = "re:";

bool IsMethod(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

std::string CheckSegment(std::string_view segment, bool last) {
  if (segment == "**") {
    return last ? "" : "** may only be the last segment; name what stands between or use re:";
  }
  if (IsCapture(segment)) return "";
  if (segment.find_first_of("{}*") != std::string_view::npos) {
    return "\"" + std::string(segment) +
           "\": {name} must be a whole segment; use re: for a part of one";
  }
  return "";
}

std::string ParsePath(std::string_view path, Route* route) {
  if (path.empty() || path.front() != '/') {
    return "a route's path begins with \"/\"; write [METHOD] /path or [METHOD] re:pattern";
  }
  const size_t question = path.find('?');
  NormalizePath(path.substr(0, question), &route->path);
  const std::vector<std::string_view> segments = PathSegments(route->path);
  for (size_t i = 0; i < segments.size(); ++i) {
    std::string problem = CheckSegment(segments[i], i + 1 == segments.size());
    if (!problem.empty()) return problem;
  }
  if (question == std::string_view::npos) return "";
  std::string_view query = path.substr(question + 1);
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    if (equals == 0 || pair.empty()) return "a query constraint has no key; write ?key=value";
    QueryConstraint constraint;
    constraint.key = std::string(pair.substr(0, equals));
    constraint.any_value = equals == std::string_view::npos;
    if (!constraint.any_value) constraint.value = std::string(pair.substr(equals + 1));
    route->query.push_back(std::move(constraint));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return "";
}

std::string ParseRegex(std::string_view pattern, Route* route) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled.ok()) {
    return "the pattern does not compile: " + compiled.error() + " at \"" + compiled.error_arg() +
           "\"; RE2 syntax is expected";
  }
  if (pattern.empty()) return "the pattern is empty";
  route->is_regex = true;
  route->path = std::string(pattern);
  return "";
}

// 0: a path without **, 1: a pattern, 2: a path with **.
int Class(const Route& route) {
  if (route.is_regex) return 1;
  return route.path.ends_with("/**") ? 2 : 0;
}

int SegmentClass(std::string_view segment) {
  if (segment == "**") return 2;
  return IsCapture(segment) ? 1 : 0;
}

// By segments from the left, literal before capture before **; <0, 0, >0.
int ComparePaths(std::string_view a, std::string_view b) {
  const std::vector<std::string_view> as = PathSegments(a);
  const std::vector<std::string_view> bs = PathSegments(b);
  for (size_t i = 0; i < std::min(as.size(), bs.size()); ++i) {
    const int difference = SegmentClass(as[i]) - SegmentClass(bs[i]);
    if (difference != 0) return difference;
  }
  if (as.size() == bs.size()) return 0;
  return as.size() > bs.size() ? -1 : 1;
}

// A path pattern with the names of its captures taken out.
std::string Shape(std::string_view path) {
  std::string shape;
  for (const std::string_view segment : PathSegments(path)) {
    shape += '/';
    shape += IsCapture(segment) ? std::string_view("*") : segment;
  }
  return shape;
}

bool CoversQuery(const Route& a, const Route& b) {
  return std::all_of(a.query.begin(), a.query.end(), [&b](const QueryConstraint& wanted) {
    return std::any_of(b.query.begin(), b.query.end(), [&wanted](const QueryConstraint& has) {
      return wanted.key == has.key &&
             (wanted.any_value || (!has.any_value && wanted.value == has.value));
    });
  });
}

bool CoversDates(const Route& a, const Route& b) {
  const bool from = !a.valid_from || (b.valid_from && *b.valid_from >= *a.valid_from);
  const bool until = !a.valid_until || (b.valid_until && *b.valid_until <= *a.valid_until);
  return from && until;
}

}  // namespace

std::vector<std::string_view> PathSegments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool IsCapture(std::string_view segment) {
  if (segment == "*") return true;
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}' &&
         segment.find_first_of("{}*", 1) == segment.size() - 1;
}

std::string ParseRoute(std::string_view text, Route* route) {
  route->text = std::string(text);
  const size_t space = text.find(' ');
  std::string_view rest = text;
  if (space != std::string_view::npos && IsMethod(text.substr(0, space))) {
    route->method = std::string(text.substr(0, space));
    rest = text.substr(space);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  if (rest.starts_with(kRegexPrefix)) return ParseRegex(rest.substr(kRegexPrefix.size()), route);
  if (rest.find_first_of(" \t") != std::string_view::npos) {
    return "a route is [METHOD] and a path; the method is in capitals and the path has no spaces";
  }
  return ParsePath(rest, route);
}

bool MoreSpecific(const Route& a, const Route& b) {
  if (Class(a) != Class(b)) return Class(a) < Class(b);
  if (!a.is_regex) {
    const int paths = ComparePaths(a.path, b.path);
    if (paths != 0) return paths < 0;
  }
  const auto rest = [](const Route& r) {
    const bool dated = r.valid_from.has_value() || r.valid_until.has_value();
    return std::make_tuple(-static_cast<int>(r.query.size()), r.method.empty(), !dated,
                           r.role == RouteRole::kMember);
  };
  return rest(a) < rest(b);
}

bool Shadows(const Route& a, const Route& b) {
  if (MoreSpecific(b, a) || a.is_regex != b.is_regex) return false;
  const bool same_path = a.is_regex ? a.path == b.path : Shape(a.path) == Shape(b.path);
  const bool method = a.method.empty() || a.method == b.method;
  return same_path && method && CoversQuery(a, b) && CoversDates(a, b);
}

}  // namespace civlog
