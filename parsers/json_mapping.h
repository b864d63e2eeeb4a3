// Which member of a JSON object fills which field of a record.
//
// An exact mapping names members by path, `json:client=$.remote.ip,time=$.ts`. The
// loose one, `json`, knows the usual names of nginx and Apache configurations, Caddy,
// Traefik, Envoy, HAProxy, the Elastic Common Schema, Google Cloud, Azure and AWS,
// whatever their case and separators and however deep they stand.

#ifndef CIVLOG_PARSERS_JSON_MAPPING_H_
#define CIVLOG_PARSERS_JSON_MAPPING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "parsers/log_format_plan.h"

namespace civlog {

// What a member fills. Of several that a line has the one with the highest rank is
// taken, of equal ones the first.
struct JsonTarget {
  FormatStep step;
  int rank = 0;
};

// A member of an exact mapping, on its way from the root.
struct JsonPath {
  std::vector<std::string> keys;
  JsonTarget target;
};

struct JsonMapping {
  bool loose = false;
  std::vector<JsonPath> paths;  // of an exact mapping
  std::vector<std::string> extra_fields;
};

// `spec` is "json" or "json:FIELD=PATH[|PATH...],...". A path is `$.key.key`, with
// `["key"]` where a key has other characters than letters, digits, '_', '-' and '@'.
// InvalidArgument, with the place and the remedy, where it cannot be read or maps no
// time, request or status.
absl::StatusOr<JsonMapping> ReadJsonMapping(std::string_view spec);

// What the loose mapping makes of a member: `path` is the keys from the root on,
// each as JsonName writes it, one behind the other; `key` is the last one as logged.
// Null where it is of no use.
const JsonTarget* LooseTarget(std::string_view path, std::string_view key);

// A key in lower case without separators: "User-Agent" is "useragent".
std::string JsonName(std::string_view key);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_JSON_MAPPING_H_
