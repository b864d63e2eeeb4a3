// Request targets, normalised the way routes are matched.

#ifndef CIVLOG_ENGINE_PATH_H_
#define CIVLOG_ENGINE_PATH_H_

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
Target SplitTarget(std::string_view target);

// Writes the normalised path to `*out` (cleared first): ;jsessionid=... path
// parameters removed, percent-encoding of unreserved characters (RFC 3986,
// section 2.3) decoded and the remaining triplets' hex digits in upper case,
// "//" collapsed. Never fails: a malformed % stands as it is. An empty path
// becomes "/".
void NormalizePath(std::string_view raw_path, std::string* out);

// True where the query has `key` with `value` (both compared after
// percent-decoding; '+' is a space). The value of a key without '=' is "".
bool QueryHas(std::string_view query, std::string_view key, std::string_view value);
// True where the query has `key` at all.
bool QueryHasKey(std::string_view query, std::string_view key);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_PATH_H_
