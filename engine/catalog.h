// The service catalogue: the operator's TOML file that says which requests are
// which service's, and what counts as an act, a step, an end.
//
// Every limit, default and meaning is that of docs/metrics.md, sections 2 to 4.

#ifndef CIVLOG_ENGINE_CATALOG_H_
#define CIVLOG_ENGINE_CATALOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace civlog {

// A text in several languages, in the order of the file. A plain string in the
// catalogue is a text for every language.
struct LocalizedText {
  std::vector<std::pair<std::string, std::string>> by_language;  // {"en", "Hanbit City"}
  // The text in `language`, else in English, else the first, else "".
  std::string_view Get(std::string_view language) const;
  bool empty() const { return by_language.empty(); }
};

enum class ServiceKind : uint8_t { kInformation, kInteraction, kTransaction, kParticipation };
inline constexpr size_t kServiceKindCount = 4;
std::string_view ServiceKindName(ServiceKind kind);  // "information", ...

// Participation tier; kNone where the service names none.
enum class Tier : uint8_t { kNone, kInform, kConsult, kDecide };
std::string_view TierName(Tier tier);  // "", "inform", "consult", "decide"

enum class Outcome : uint8_t { kGranted, kRefused };

// What a route of a service stands for.
enum class RouteRole : uint8_t {
  kMember,  // `routes`: belongs to the service
  kStatus,  // `status`: a citizen chasing a case
  kAct,     // `acts`
  kStep,    // `steps`; index is the step's position. The last is also an end (granted).
  kEnd,     // `ends`
  kError,   // `errors`
  kSave,    // `save`
  kResume,  // `resume`
};
std::string_view RouteRoleName(RouteRole role);  // "member", ...

struct QueryConstraint {
  std::string key;
  std::string value;
  bool any_value = false;  // `?key` without '='
};

// One route of a service, as the catalogue has it.
struct Route {
  std::string text;    // as written: "POST /petition/{id}/sign"
  std::string method;  // upper case; empty: any
  std::string path;    // normalised pattern, or the RE2 pattern where is_regex
  bool is_regex = false;
  std::vector<QueryConstraint> query;
  RouteRole role = RouteRole::kMember;
  uint16_t index = 0;  // position within the service's acts, steps or ends
  // Days in the portal's zone: from the first instant of valid_from up to the
  // last of valid_until. Empty: unbounded.
  std::optional<absl::CivilDay> valid_from;
  std::optional<absl::CivilDay> valid_until;
  // Status codes that make a request on this route accepted. Empty: the default
  // rule by method (Catalog::Accepts).
  std::vector<uint16_t> accepted;
  uint32_t line = 0;  // where it stands in the file, 1-based
  uint32_t column = 0;
};

struct Step {
  std::string name;
};
struct End {
  std::string name;
  Outcome outcome = Outcome::kGranted;
};
struct Act {
  std::string name;
};

struct Service {
  std::string id;
  LocalizedText name;
  LocalizedText department;
  ServiceKind kind = ServiceKind::kInformation;
  Tier tier = Tier::kNone;
  std::vector<Step> steps;  // empty but for transactions
  std::vector<End> ends;
  std::vector<Act> acts;
  std::vector<Route> routes;  // of every role, in the order of the file
  bool strict = false;        // steps may not be skipped
  absl::Duration abandon_after = absl::Minutes(30);
  // How long a saved attempt stays open. Empty: saving changes nothing.
  std::optional<absl::Duration> resume_within;
  // A store knows it from an earlier catalogue; it has no routes.
  bool retired = false;
  uint32_t line = 0;
};

// A network in CIDR notation; addresses are compared as 128-bit, IPv4 mapped
// into ::ffff:0:0/96.
struct Network {
  uint8_t address[16] = {};
  uint8_t prefix_bits = 128;
  std::string text;
};

struct Portal {
  LocalizedText name;
  std::string time_zone_name = "UTC";
  absl::TimeZone time_zone = absl::UTCTimeZone();
  bool has_time_zone = false;      // the catalogue names one
  std::vector<std::string> hosts;  // lower case, without port; empty: all
  std::vector<Network> ignore_addresses;
  std::vector<Network> trusted_proxies;
  std::optional<uint64_t> population;
  std::string charset;  // of paths that are no UTF-8; empty: shown escaped
  absl::Duration visit_timeout = absl::Minutes(30);
  // In order of preference: "user", "cookie:NAME", "header:NAME", "address+agent".
  std::vector<std::string> identity = {"address+agent"};
};

// A rule of the catalogue's [audience] table: an RE2 pattern on the user agent.
struct AudienceRule {
  std::string audience;  // one of AudienceName's
  std::string pattern;
};

enum class Comparison : uint8_t { kAtLeast, kAtMost };
std::string_view ComparisonSign(Comparison comparison);  // ">=", "<="

// A value of a metric, on a day: where a target starts from.
struct TargetBaseline {
  double value = 0;
  absl::CivilDay date;
};

// What the city has set itself to reach, such as an item of its information plan.
struct PlanTarget {
  std::string service;  // the id of one of the services; empty: the whole portal
  std::string metric;   // one of TargetMetrics (target_metric.h)
  Comparison comparison = Comparison::kAtLeast;
  double value = 0;   // in the metric's unit
  absl::CivilDay by;  // the last day on which it may be reached
  std::optional<TargetBaseline> baseline;
  LocalizedText source;  // "Information plan 2026, item 3.2"; empty: none is named
  uint32_t line = 0;
};

// Something to tell about a catalogue, with its place in the file.
struct CatalogDiagnostic {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  std::string file;
  uint32_t line = 0;  // 1-based; 0 where the file as a whole is meant
  uint32_t column = 0;
  std::string key;      // "service.steps[2].route", "" for the file
  std::string message;  // what is wrong, with the offending piece
  std::string remedy;   // what to do
  // "civlog.toml:41:9: service[3].steps[2].route: ... (remedy)"
  std::string ToString() const;
};

struct Catalog {
  std::string file;
  std::string digest;  // hex of a 64-bit hash of the file's bytes, 16 digits
  std::string text;    // the file's bytes
  Portal portal;
  std::vector<AudienceRule> audience_rules;
  std::vector<std::string>
      asset_patterns;  // [assets] patterns: RE2 on the path, added to the built-in extensions
  std::vector<std::string>
      scanner_patterns;         // [scanner] patterns: RE2 on the path, added to the built-in probes
  bool scanner_by_path = true;  // [scanner] by_path
  std::vector<Service> services;
  std::vector<PlanTarget> targets;  // in the order of the file
  // [report] channels: the file of completions by other channels, as the catalogue
  // has it, and with the catalogue's folder before it where it is relative. Empty: none.
  std::string channels_file;

  // Position of a service, or nullopt.
  std::optional<size_t> FindService(std::string_view id) const;
};

// A status that makes a request with `method` accepted where a route names none:
// 200-299, 301-303, 307, 308 on POST, PUT, PATCH, DELETE; 200 and 304 on GET
// (and HEAD never).
bool AcceptedByDefault(std::string_view method, uint16_t status);

struct CatalogResult {
  std::optional<Catalog> catalog;              // absent where there is an error
  std::vector<CatalogDiagnostic> diagnostics;  // every error and warning, in file order
  bool readable = true;                        // false: the file itself could not be read
};

// Reads and checks a catalogue. All errors of the file in one run: unknown keys
// (with the nearest known one), wrong types, bad durations, networks, zones,
// patterns, routes; duplicate ids; the same route twice; transactions with fewer
// than two steps; warnings for routes that can never win.
CatalogResult LoadCatalog(const std::string& file);
// The same for text in memory; `file` is for messages.
CatalogResult ParseCatalog(std::string_view text, const std::string& file);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_H_
