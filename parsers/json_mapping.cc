#include "parsers/json_mapping.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/log_format_directives.h"
#include "parsers/nearest.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr double kSecondUs = 1e6;
constexpr double kMillisecondUs = 1e3;
constexpr double kNanosecondUs = 1e-3;

FormatStep StepOf(StepKind kind, TextField field = TextField::kClient) {
  FormatStep step;
  step.kind = kind;
  step.field = field;
  step.name = FieldNameOf(kind, field);
  step.dash_is_zero = kind == StepKind::kStatus;
  step.is_list = kind == StepKind::kText && field == TextField::kForwarded;
  step.time.kind = TimePart::Kind::kAny;
  return step;
}

FormatStep Latency(double unit_us, bool point_is_seconds, bool is_list = false) {
  FormatStep step = StepOf(StepKind::kLatency);
  step.unit_us = unit_us;
  step.point_is_seconds = point_is_seconds;
  step.is_list = is_list;
  return step;
}

struct LooseName {
  std::string_view name;
  int rank;
};

template <size_t N>
using LooseNames = std::array<LooseName, N>;

// The names of each field, as JsonName writes them. What stands for what: nginx,
// "Embedded Variables"; Caddy, "log"; Traefik, "Access Logs"; Envoy and Envoy Gateway,
// "Access logging"; ECS field reference; Google Cloud, HttpRequest; Azure Monitor,
// FrontDoorAccessLog, AppServiceHTTPLogs and ApplicationGatewayAccessLog.
constexpr LooseName kTimes[] = {
    {"starttime", 6},     {"startutc", 6},  {"startlocal", 5},       {"timestamp", 4},
    {"timeiso8601", 4},   {"time", 3},      {"timelocal", 3},        {"ts", 3},
    {"datetime", 3},      {"eventtime", 3}, {"requesttimestamp", 3}, {"msec", 2},
    {"date", 1},          {"asctime", 1},   {"timereceived", 2},     {"requesttimeepoch", 2},
    {"eventtimestamp", 2}};
constexpr LooseName kClients[] = {{"clientip", 5},
                                  {"clientaddr", 2},
                                  {"remoteaddr", 4},
                                  {"remoteip", 4},
                                  {"clienthost", 4},
                                  {"clientaddress", 4},
                                  {"client", 2},
                                  {"cip", 4},
                                  {"sourceip", 3},
                                  {"sourceaddress", 2},
                                  {"remotehost", 3},
                                  {"remote", 1},
                                  {"ip", 1},
                                  {"ipaddress", 1},
                                  {"clientipaddress", 4},
                                  {"srcip", 2},
                                  {"httpcfconnectingip", 1},
                                  {"downstreamremoteaddress", 3},
                                  {"downstreamdirectremoteaddress", 2},
                                  {"peer", 1},
                                  {"host.ip", 0}};
constexpr LooseName kForwarded[] = {{"xforwardedfor", 3},
                                    {"httpxforwardedfor", 3},
                                    {"forwardedfor", 2},
                                    {"httpforwarded", 1},
                                    {"requestxforwardedfor", 3}};
constexpr LooseName kUsers[] = {{"remoteuser", 4}, {"username", 2},       {"userid", 2},
                                {"user", 1},       {"clientusername", 4}, {"csusername", 4},
                                {"authuser", 3},   {"identityuser", 1}};
constexpr LooseName kHosts[] = {{"httphost", 5},     {"requesthost", 5}, {"authority", 5},
                                {"host", 4},         {"vhost", 4},       {"virtualhost", 4},
                                {"servername", 2},   {"urldomain", 4},   {"domain", 3},
                                {"cshost", 4},       {"xhostheader", 5}, {"requestdomain", 3},
                                {"originalhost", 5}, {"requestaddr", 1}, {"domainname", 4}};
constexpr LooseName kMethods[] = {{"requestmethod", 4}, {"method", 3},   {"httpmethod", 4},
                                  {"verb", 2},          {"csmethod", 4}, {"httpverb", 2}};
constexpr LooseName kTargets[] = {{"requesturi", 6},
                                  {"xenvoyoriginpath", 5},
                                  {"xenvoyoriginalpath", 6},
                                  {"requesturl", 5},
                                  {"urloriginal", 5},
                                  {"requestpath", 4},
                                  {"requesttarget", 5},
                                  {"uri", 4},
                                  {"urlfull", 4},
                                  {"url", 3},
                                  {"urlpath", 2},
                                  {"path", 2},
                                  {"csuristem", 3},
                                  {"uristem", 3},
                                  {"rawpath", 1},
                                  {"resourcepath", 1},
                                  {"originalrequesturiwithargs", 7}};
constexpr LooseName kQueries[] = {{"querystring", 3}, {"args", 3},       {"query", 2},
                                  {"urlquery", 3},    {"csuriquery", 3}, {"requestquery", 3},
                                  {"uriquery", 3}};
constexpr LooseName kProtocols[] = {
    {"serverprotocol", 4}, {"requestprotocol", 4},   {"protocol", 3},
    {"proto", 3},          {"requestproto", 3},      {"httpversion", 3},
    {"csversion", 3},      {"csprotocolversion", 3}, {"requesthttpversion", 3}};
constexpr LooseName kRequests[] = {{"request", 2}, {"requestline", 3}, {"requestfirstline", 3}};
constexpr LooseName kStatuses[] = {{"status", 3},
                                   {"statuscode", 4},
                                   {"responsestatus", 4},
                                   {"responsecode", 4},
                                   {"httpstatus", 4},
                                   {"httpstatuscode", 4},
                                   {"downstreamstatus", 5},
                                   {"scstatus", 4},
                                   {"responsestatuscode", 4},
                                   {"respstatus", 4},
                                   {"resstatuscode", 3},
                                   {"elbstatuscode", 4},
                                   {"code", 1},
                                   {"response", 1}};
constexpr LooseName kBytes[] = {{"bodybytessent", 5},
                                {"bytessent", 4},
                                {"responsesize", 4},
                                {"sentbytes", 4},
                                {"bytes", 2},
                                {"size", 3},
                                {"responsebytes", 4},
                                {"responsebodybytes", 5},
                                {"downstreamcontentsize", 5},
                                {"scbytes", 4},
                                {"responselength", 3},
                                {"bytesout", 3},
                                {"contentlength", 1},
                                {"responsesizebytes", 4},
                                {"respsize", 4},
                                {"responsebodysize", 4}};
constexpr LooseName kReferrers[] = {
    {"httpreferer", 4},    {"httpreferrer", 4},    {"referer", 3},  {"referrer", 3},
    {"requestreferer", 3}, {"requestreferrer", 3}, {"csreferer", 3}};
constexpr LooseName kAgents[] = {
    {"httpuseragent", 4},     {"useragent", 3},   {"agent", 1}, {"requestuseragent", 3},
    {"useragentoriginal", 4}, {"csuseragent", 3}, {"ua", 1}};

struct LooseLatency {
  std::string_view name;
  int rank;
  double unit_us;
  bool point_is_seconds;  // where the unit is not in the name
  bool is_list;
};

constexpr LooseLatency kLatencies[] = {
    {"requesttime", 5, kSecondUs, false, false},
    {"requesttimems", 5, kMillisecondUs, false, false},
    {"duration", 5, kMillisecondUs, true, false},
    {"durationms", 5, kMillisecondUs, false, false},
    {"durations", 5, kSecondUs, false, false},
    {"durationseconds", 5, kSecondUs, false, false},
    {"durationsec", 5, kSecondUs, false, false},
    {"durationus", 5, 1, false, false},
    {"durationmicros", 5, 1, false, false},
    {"durationmicroseconds", 5, 1, false, false},
    {"durationns", 5, kNanosecondUs, false, false},
    {"durationnanoseconds", 5, kNanosecondUs, false, false},
    {"durationmilliseconds", 5, kMillisecondUs, false, false},
    {"eventduration", 5, kNanosecondUs, false, false},
    {"latency", 4, kMillisecondUs, true, false},
    {"latencyms", 4, kMillisecondUs, false, false},
    {"latencys", 4, kSecondUs, false, false},
    {"latencyseconds", 4, kSecondUs, false, false},
    {"latencyus", 4, 1, false, false},
    {"latencyns", 4, kNanosecondUs, false, false},
    {"responselatency", 4, kMillisecondUs, true, false},
    {"timetaken", 4, kMillisecondUs, true, false},
    {"timetakenms", 4, kMillisecondUs, false, false},
    {"elapsed", 3, kMillisecondUs, true, false},
    {"elapsedms", 3, kMillisecondUs, false, false},
    {"elapsedtime", 3, kMillisecondUs, true, false},
    {"responsetime", 3, kMillisecondUs, true, false},
    {"responsetimems", 3, kMillisecondUs, false, false},
    {"requestduration", 4, kMillisecondUs, true, false},
    {"requestdurationms", 4, kMillisecondUs, false, false},
    {"requestdurationseconds", 4, kSecondUs, false, false},
    {"processtime", 2, kMillisecondUs, true, false},
    {"processingtime", 2, kMillisecondUs, true, false},
    {"timetotal", 3, kMillisecondUs, true, false},
    {"ta", 3, kMillisecondUs, false, false},
    {"upstreamresponsetime", 1, kSecondUs, false, true},
};

// Objects that only hold what belongs to the request, in any depth.
constexpr std::string_view kContainers[] = {
    "httprequest", "request", "req",     "properties", "jsonpayload", "payload",   "event",
    "data",        "http",    "headers", "fields",     "access",      "accesslog", "nginx",
    "apache",      "message", "log",     "msg",        "record",      "records",   "attributes"};

using LooseTable = absl::flat_hash_map<std::string, JsonTarget>;

template <size_t N>
void AddNames(const LooseName (&names)[N], const FormatStep& step, LooseTable* table) {
  for (const LooseName& name : names) {
    table->try_emplace(std::string(name.name), JsonTarget{step, name.rank});
  }
}

LooseTable MakeLooseTable() {
  LooseTable table;
  const auto text = [](TextField field) { return StepOf(StepKind::kText, field); };
  AddNames(kTimes, StepOf(StepKind::kTime), &table);
  AddNames(kClients, text(TextField::kClient), &table);
  AddNames(kForwarded, text(TextField::kForwarded), &table);
  AddNames(kUsers, text(TextField::kUser), &table);
  AddNames(kHosts, text(TextField::kHost), &table);
  AddNames(kMethods, text(TextField::kMethod), &table);
  AddNames(kTargets, StepOf(StepKind::kTarget), &table);
  AddNames(kQueries, StepOf(StepKind::kQuery), &table);
  AddNames(kProtocols, text(TextField::kProtocol), &table);
  AddNames(kRequests, StepOf(StepKind::kRequest), &table);
  AddNames(kStatuses, StepOf(StepKind::kStatus), &table);
  AddNames(kBytes, StepOf(StepKind::kBytesSent), &table);
  AddNames(kReferrers, text(TextField::kReferrer), &table);
  AddNames(kAgents, text(TextField::kUserAgent), &table);
  for (const LooseLatency& latency : kLatencies) {
    const FormatStep step = Latency(latency.unit_us, latency.point_is_seconds, latency.is_list);
    table.try_emplace(std::string(latency.name), JsonTarget{step, latency.rank});
  }
  return table;
}

// The fields that an exact mapping may name.
std::optional<FormatStep> FieldStep(std::string_view name) {
  constexpr std::pair<std::string_view, StepKind> kKinds[] = {
      {"time", StepKind::kTime},           {"target", StepKind::kTarget},
      {"path", StepKind::kTarget},         {"query", StepKind::kQuery},
      {"request", StepKind::kRequest},     {"status", StepKind::kStatus},
      {"bytes_sent", StepKind::kBytesSent}};
  for (const auto& [known, kind] : kKinds) {
    if (known == name) return StepOf(kind);
  }
  constexpr std::pair<std::string_view, double> kUnits[] = {{"latency", kSecondUs},
                                                            {"latency_s", kSecondUs},
                                                            {"latency_ms", kMillisecondUs},
                                                            {"latency_us", 1},
                                                            {"latency_ns", kNanosecondUs}};
  for (const auto& [known, unit] : kUnits) {
    if (known == name) return Latency(unit, false);
  }
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const auto field = static_cast<TextField>(i);
    if (TextFieldName(field) == name && field != TextField::kTarget) {
      return StepOf(StepKind::kText, field);
    }
  }
  return std::nullopt;
}

absl::Status Problem(std::string_view spec, std::string_view piece, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("--log-format ", ToAbsl(spec), ": \"", ToAbsl(piece), "\" ", ToAbsl(what)));
}

bool IsKeyChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '@';
}

// `$.a.b["c.d"]`, from the left.
std::optional<std::vector<std::string>> ReadPath(std::string_view text) {
  std::vector<std::string> keys;
  if (!text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  while (!text.empty()) {
    if (text.front() == '.') {
      size_t end = 1;
      while (end < text.size() && IsKeyChar(text[end])) ++end;
      if (end == 1) return std::nullopt;
      keys.emplace_back(text.substr(1, end - 1));
      text.remove_prefix(end);
    } else if (text.starts_with("[\"")) {
      const size_t end = text.find("\"]", 2);
      if (end == std::string_view::npos) return std::nullopt;
      keys.emplace_back(text.substr(2, end - 2));
      text.remove_prefix(end + 2);
    } else {
      return std::nullopt;
    }
  }
  if (keys.empty()) return std::nullopt;
  return keys;
}

// Cuts at `separator`, outside of quotes.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] != separator || quoted) continue;
    pieces.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

std::vector<std::string_view> FieldNames() {
  return {"time",     "client",     "forwarded", "user",       "host",       "method",
          "target",   "query",      "protocol",  "request",    "status",     "bytes_sent",
          "referrer", "user_agent", "latency_s", "latency_ms", "latency_us", "latency_ns"};
}

absl::Status AddField(std::string_view spec, std::string_view piece, JsonMapping* mapping) {
  const size_t equals = piece.find('=');
  if (equals == std::string_view::npos) {
    return Problem(spec, piece, "is no FIELD=PATH; write such as time=$.ts");
  }
  const std::string_view name = piece.substr(0, equals);
  std::optional<FormatStep> step = FieldStep(name);
  if (!step && (name.starts_with("cookie:") || name.starts_with("header:"))) {
    step = StepOf(StepKind::kExtra);
    step->extra = static_cast<uint16_t>(mapping->extra_fields.size());
    mapping->extra_fields.emplace_back(name);
  }
  if (!step) {
    return Problem(spec, name,
                   absl::StrCat("is no field", DidYouMean(name, FieldNames()),
                                "; fields: time, client, method, target, status ..."));
  }
  int rank = 100;
  for (const std::string_view path : Split(piece.substr(equals + 1), '|')) {
    std::optional<std::vector<std::string>> keys = ReadPath(path);
    if (!keys) return Problem(spec, path, "is no path; write $.key, $.key.key or $[\"key\"]");
    mapping->paths.push_back({*std::move(keys), {*step, rank--}});
  }
  return absl::OkStatus();
}

absl::Status CheckComplete(std::string_view spec, const JsonMapping& mapping) {
  const auto maps = [&mapping](StepKind kind, std::optional<TextField> field = std::nullopt) {
    return std::any_of(mapping.paths.begin(), mapping.paths.end(), [&](const JsonPath& path) {
      const FormatStep& step = path.target.step;
      return step.kind == kind && (!field || step.field == *field);
    });
  };
  std::string missing;
  if (!maps(StepKind::kTime)) missing = "time";
  if (!maps(StepKind::kRequest) &&
      !(maps(StepKind::kTarget) && maps(StepKind::kText, TextField::kMethod))) {
    absl::StrAppend(&missing, missing.empty() ? "" : ", ", "request (or method and target)");
  }
  if (!maps(StepKind::kStatus)) absl::StrAppend(&missing, missing.empty() ? "" : ", ", "status");
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--log-format ", ToAbsl(spec), ": maps no ",
                                                 missing,
                                                 ", without which nothing can be counted; add it"));
}

}  // namespace

absl::StatusOr<JsonMapping> ReadJsonMapping(std::string_view spec) {
  JsonMapping mapping;
  if (spec == "json") {
    mapping.loose = true;
    return mapping;
  }
  for (const std::string_view piece : Split(spec.substr(spec.find(':') + 1), ',')) {
    RETURN_IF_ERROR(AddField(spec, piece, &mapping));
  }
  RETURN_IF_ERROR(CheckComplete(spec, mapping));
  return mapping;
}

const JsonTarget* LooseTarget(std::string_view path, std::string_view key) {
  static const LooseTable& table = *new LooseTable(MakeLooseTable());
  // Names of which only the case tells whose they are: Traefik's durations are
  // nanoseconds, API Gateway's requestTime is when and not how long.
  static const JsonTarget& traefik_duration = *new JsonTarget{Latency(kNanosecondUs, false), 6};
  static const JsonTarget& gateway_time = *new JsonTarget{StepOf(StepKind::kTime), 1};
  if (key == "Duration") return &traefik_duration;
  if (key == "requestTime") return &gateway_time;
  while (true) {
    const auto found = table.find(ToAbsl(path));
    if (found != table.end()) return &found->second;
    const auto* container =
        std::find_if(std::begin(kContainers), std::end(kContainers), [path](std::string_view name) {
          return path.size() > name.size() && path.starts_with(name);
        });
    if (container == std::end(kContainers)) return nullptr;
    path.remove_prefix(container->size());
  }
}

std::string JsonName(std::string_view key) {
  std::string name;
  for (const char c : key) {
    if (c >= 'A' && c <= 'Z') {
      name.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      name.push_back(c);
    }
  }
  return name;
}

}  // namespace civlog
