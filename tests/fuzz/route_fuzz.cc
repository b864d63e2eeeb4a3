// Routes and the targets that they are matched with: lines "ROUTE", a blank line, then
// targets. The table must find what a naive walk over the segments does.

#include <algorithm>
#include <vector>

#include "engine/path.h"
#include "engine/route_pattern.h"
#include "engine/route_table.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// `{name}` and `*` stand for one segment that is not empty, a last `**` for all below.
bool NaiveMatch(const std::string& pattern, std::string_view path) {
  if (!path.starts_with('/')) return false;  // OPTIONS *, CONNECT host:port
  const std::string encoded = EncodeNonAscii(pattern);
  const std::vector<std::string_view> wanted = PathSegments(encoded);
  const std::string encoded_path = EncodeNonAscii(path);
  const std::vector<std::string_view> found = PathSegments(encoded_path);
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "**") return true;
    if (i >= found.size()) return false;
    if (IsCapture(wanted[i]) ? found[i].empty() : wanted[i] != found[i]) return false;
  }
  return wanted.size() == found.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  const size_t gap = text.find("\n\n");
  if (gap == std::string_view::npos) return 0;
  Catalog catalog;
  catalog.services.emplace_back();
  for (const std::string_view line : SplitLines(text.substr(0, gap))) {
    Route route;
    if (!ParseRoute(line, &route)) catalog.services[0].routes.push_back(std::move(route));
  }
  const auto table = RouteTable::Make(catalog);
  if (!table.ok()) return 0;
  std::vector<RouteId> candidates;
  std::string path;
  for (const std::string_view line : SplitLines(text.substr(gap + 2))) {
    const Target target = SplitTarget(line);
    NormalizePath(target.path, &path);
    std::string again;
    NormalizePath(path, &again);
    (*table)->Candidates(path, &candidates);
    (*table)->Resolve(candidates, "GET", target.query, 0);
    for (RouteId id = 0; id < (*table)->routes().size(); ++id) {
      const Route& route = *(*table)->routes()[id].route;
      if (route.is_regex) continue;
      const bool found = std::find(candidates.begin(), candidates.end(), id) != candidates.end();
      Require(found == NaiveMatch(route.path, path), route.text + " on " + path);
    }
  }
  return 0;
}
