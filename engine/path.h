// Request targets, normalised the way routes are matched.

#ifndef CIVLOG_ENGINE_PATH_H_
#define CIVLOG_ENGINE_PATH_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace civlog {

// A request target's parts. The views live as long as the target.
struct Target {
  std::string_view path;   // raw, not normalised; "*" for `OPTIONS *`, "" for host:port
  std::string_view query;  // without the '?'; empty where there is none
  bool has_query = false;
};

// Splits origin-form, absolute-form (http://host/path) and host:port targets
// (RFC 9112, section 3.2). A fragment is dropped.
void SplitTarget(std::string_view target, Target* parts);
inline Target SplitTarget(std::string_view target) {
  Target parts;
  SplitTarget(target, &parts);
  return parts;
}

// The host of `scheme://[user@]host[:port]...`, "" where there is none.
std::string_view AuthorityHost(std::string_view url);

// Writes the normalised path to `*out` (cleared first): ;jsessionid=... path
// parameters removed, percent-encoding of unreserved characters (RFC 3986,
// section 2.3) decoded and the remaining triplets' hex digits in upper case,
// "//" collapsed. Never fails: a malformed % stands as it is. An empty path
// becomes "/". A path that has none of these costs one pass over its bytes.
void NormalizePath(std::string_view raw_path, std::string* out);

// `path` with every byte outside ASCII percent-encoded, as browsers send it
// (RFC 3986, section 2.1).
std::string EncodeNonAscii(std::string_view path);

// Calls `visit(key, value)` for each pair of a query, not decoded. The value of a
// key without '=' is "".
template <typename Visit>
void ForEachQueryPair(std::string_view query, Visit visit) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = std::min(pair.find('='), pair.size());
    visit(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

// A piece of a query as it is meant: percent-decoded, '+' a space.
void DecodeQueryText(std::string_view encoded, std::string* out);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_PATH_H_
