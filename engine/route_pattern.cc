#include "engine/route_pattern.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/path.h"
#include "engine/regex_check.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

using MaybeProblem = std::optional<RouteProblem>;

constexpr std::string_view kRegexPrefix = "re:";
constexpr size_t kMaxRouteBytes = 4096;

// RFC 9110, section 9.3; RFC 5789; RFC 4918, section 9.
const std::vector<std::string_view> kMethods = {
    "GET",   "HEAD",     "POST",      "PUT",   "PATCH", "DELETE", "OPTIONS", "CONNECT",
    "TRACE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY",  "MOVE",   "LOCK",    "UNLOCK"};

bool IsMethod(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

std::string Quoted(std::string_view text) { return absl::StrCat("\"", ToAbsl(text), "\""); }

// The pattern that means what `path` with its partial wildcards seems to mean.
std::string AsRegex(std::string_view path) {
  std::string pattern = "re:^";
  for (size_t i = 0; i < path.size(); ++i) {
    const size_t close = path[i] == '{' ? path.find('}', i) : std::string_view::npos;
    if (close != std::string_view::npos) {
      pattern += "[^/]+";
      i = close;
    } else if (path.substr(i).starts_with("**")) {
      pattern += ".*";
      ++i;
    } else if (path[i] == '*') {
      pattern += "[^/]*";
    } else {
      if (std::string_view("\\.+()|[]^$").find(path[i]) != std::string_view::npos) pattern += '\\';
      pattern += path[i];
    }
  }
  return pattern + "$";
}

MaybeProblem CheckSegments(std::string_view path) {
  const std::vector<std::string_view> segments = PathSegments(path);
  for (size_t i = 0; i < segments.size(); ++i) {
    const std::string_view segment = segments[i];
    if (segment == "**") {
      if (i + 1 == segments.size()) continue;
      return RouteProblem{"** may only be the last segment",
                          absl::StrCat("write {name} for one segment, or ", AsRegex(path))};
    }
    if (segment == "{}") {
      return RouteProblem{"{} has no name", "write {id}, or * for any one segment"};
    }
    if (IsCapture(segment) || segment.find_first_of("{}*") == std::string_view::npos) continue;
    return RouteProblem{
        absl::StrCat("{name}, * and ** stand for whole segments, not in ", Quoted(segment)),
        absl::StrCat("write ", AsRegex(path))};
  }
  return std::nullopt;
}

// Whether all that `a` asks of a query is asked by `b` too.
bool Implies(const QueryConstraint& b, const QueryConstraint& a) {
  return a.key == b.key && (a.any_value || (!b.any_value && a.value == b.value));
}

// Adds a constraint unless the others imply it, and drops those that it implies: the
// number of constraints decides which route is more specific.
void AddConstraint(QueryConstraint constraint, std::vector<QueryConstraint>* query) {
  const auto implies = [&](const QueryConstraint& known) { return Implies(known, constraint); };
  if (std::any_of(query->begin(), query->end(), implies)) return;
  std::erase_if(*query, [&](const QueryConstraint& known) { return Implies(constraint, known); });
  query->push_back(std::move(constraint));
}

MaybeProblem ParseQuery(std::string_view query, std::vector<QueryConstraint>* constraints) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    if (pair.empty() || equals == 0) {
      return RouteProblem{"a query constraint has no key", "write ?key=value, or ?key"};
    }
    QueryConstraint constraint;
    DecodeQueryText(pair.substr(0, equals), &constraint.key);
    constraint.any_value = equals == std::string_view::npos;
    if (!constraint.any_value) DecodeQueryText(pair.substr(equals + 1), &constraint.value);
    if ((constraint.key + constraint.value).find('\0') != std::string::npos) {
      return RouteProblem{"a query constraint has a NUL", "take %00 out"};
    }
    AddConstraint(std::move(constraint), constraints);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

MaybeProblem ParsePath(std::string_view path, Route* route) {
  if (path.empty() || path.front() != '/') {
    return RouteProblem{absl::StrCat(Quoted(path), " does not begin with \"/\""),
                        "a route is [METHOD] /path[?key=value] or [METHOD] re:pattern"};
  }
  if (path.find('#') != std::string_view::npos) {
    return RouteProblem{"a path has no #: browsers do not send what follows it",
                        "leave it out, or write %23"};
  }
  const size_t question = path.find('?');
  NormalizePath(path.substr(0, question), &route->path);
  if (MaybeProblem problem = CheckSegments(route->path)) return problem;
  if (question == std::string_view::npos) return std::nullopt;
  return ParseQuery(path.substr(question + 1), &route->query);
}

MaybeProblem ParseRegex(std::string_view pattern, Route* route) {
  std::string problem = RegexProblem(pattern, RoutePatternOptions());
  if (!problem.empty()) {
    return RouteProblem{std::move(problem), "after re: stands a pattern in RE2's syntax"};
  }
  route->is_regex = true;
  route->path = std::string(pattern);
  return std::nullopt;
}

}  // namespace

RE2::Options RoutePatternOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

namespace {

// Behind the class that begins at `pattern[at]`, npos where it does not end.
size_t ClassEnd(std::string_view pattern, size_t at) {
  if (++at < pattern.size() && pattern[at] == '^') ++at;
  // A bracket that comes first stands for itself.
  if (at < pattern.size() && pattern[at] == ']') ++at;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    // "[[:alpha:]]" and the like are not taken apart.
    if (pattern[at] == '[') return std::string_view::npos;
    if (pattern[at] == '\\') ++at;
  }
  return at < pattern.size() ? at + 1 : std::string_view::npos;
}

// True where a '|' may stand outside of all parentheses.
bool MayHaveAlternatives(std::string_view pattern) {
  int depth = 0;
  for (size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      // "\Q...\E" is not taken apart.
      if (++at < pattern.size() && pattern[at] == 'Q') return true;
    } else if (c == '[') {
      at = ClassEnd(pattern, at);
      if (at == std::string_view::npos) return true;
      --at;
    } else if (c == '|' && depth == 0) {
      return true;
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
  }
  return false;
}

}  // namespace

std::string_view LiteralPrefix(std::string_view pattern) {
  if (!pattern.starts_with('^') || MayHaveAlternatives(pattern)) return {};
  pattern.remove_prefix(1);
  size_t size = 0;
  while (size < pattern.size() &&
         (absl::ascii_isalnum(static_cast<unsigned char>(pattern[size])) ||
          std::string_view("/_-~,:;=%@!").find(pattern[size]) != std::string_view::npos)) {
    ++size;
  }
  // What a quantifier follows may be missing.
  const bool quantified = size < pattern.size() &&
                          std::string_view("*?+{").find(pattern[size]) != std::string_view::npos;
  return pattern.substr(0, size - (quantified && size > 0 ? 1 : 0));
}

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

std::optional<RouteProblem> ParseRoute(std::string_view text, Route* route) {
  route->text = std::string(text);
  if (text.size() > kMaxRouteBytes) {
    return RouteProblem{absl::StrCat("a route of ", text.size(), " bytes"),
                        absl::StrCat("use ", kMaxRouteBytes, " at most")};
  }
  const auto is_control = [](unsigned char c) { return absl::ascii_iscntrl(c); };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return RouteProblem{"a route has no control characters", "take them out"};
  }
  const size_t space = text.find(' ');
  std::string_view rest = text;
  if (space != std::string_view::npos && IsMethod(text.substr(0, space))) {
    route->method = std::string(text.substr(0, space));
    rest = text.substr(space);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  if (rest.starts_with(kRegexPrefix)) return ParseRegex(rest.substr(kRegexPrefix.size()), route);
  const size_t gap = rest.find(' ');
  if (gap == std::string_view::npos) return ParsePath(rest, route);
  const std::string upper = absl::AsciiStrToUpper(ToAbsl(rest.substr(0, gap)));
  if (rest == text && IsMethod(upper)) {
    return RouteProblem{
        absl::StrCat("the method ", Quoted(rest.substr(0, gap)), " is not in capitals"),
        absl::StrCat("write ", upper, ToAbsl(rest.substr(gap)))};
  }
  return RouteProblem{"a path has no spaces", "write %20 for a space that is meant"};
}

std::optional<RouteProblem> DoubtRoute(const Route& route) {
  if (!route.method.empty() &&
      std::find(kMethods.begin(), kMethods.end(), route.method) == kMethods.end()) {
    return RouteProblem{
        absl::StrCat(route.method, " is no method of HTTP", DidYouMean(route.method, kMethods)),
        "methods are GET, POST, PUT, PATCH, DELETE ..."};
  }
  if (!route.is_regex) return std::nullopt;
  if (route.path.find("\\?") != std::string::npos) {
    return RouteProblem{"re: sees the path without its query, which has no \"?\"",
                        "take \\? and what follows out, or write a path with ?key=value"};
  }
  if (EncodeNonAscii(route.path) != route.path) {
    return RouteProblem{"re: sees the path as browsers send it, percent-encoded",
                        absl::StrCat("write ", EncodeNonAscii(route.path))};
  }
  return std::nullopt;
}

std::string SpecificityKey(const Route& route) {
  std::string key;
  if (route.is_regex) {
    key.push_back('1');
  } else {
    key.push_back(route.path.ends_with("/**") ? '2' : '0');
    for (const std::string_view segment : PathSegments(route.path)) {
      key.push_back(segment == "**" ? '2' : IsCapture(segment) ? '1' : '0');
    }
    key.push_back('3');  // of two with the same beginning the longer one goes first
  }
  key += static_cast<char>(255 - std::min<size_t>(route.query.size(), 255));
  key += route.method.empty() ? '1' : '0';
  key += route.valid_from || route.valid_until ? '0' : '1';
  key += route.role == RouteRole::kMember ? '1' : '0';
  return key;
}

}  // namespace civlog
