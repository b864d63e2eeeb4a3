// From TOML to a checked Catalog. Each part of the document has its reader; all of
// them go on after an error, so that one run finds everything.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/audience.h"
#include "engine/catalog.h"
#include "engine/catalog_reader.h"
#include "engine/route_pattern.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

const std::vector<std::string_view> kKinds = {"information", "interaction", "transaction",
                                              "participation"};
const std::vector<std::string_view> kTiers = {"inform", "consult", "decide"};
const std::vector<std::string_view> kOutcomes = {"granted", "refused"};
const std::vector<std::string_view> kZonesToSuggest = {
    "UTC",          "Asia/Seoul",       "Asia/Tokyo",      "Asia/Shanghai",     "Asia/Singapore",
    "Asia/Kolkata", "Europe/London",    "Europe/Berlin",   "Europe/Paris",      "Europe/Madrid",
    "Asia/Taipei",  "America/New_York", "America/Chicago", "America/Sao_Paulo", "Australia/Sydney"};
const std::vector<std::string_view> kServiceKeys = {
    "id",     "name",     "department", "kind",          "tier",         "routes",
    "status", "steps",    "ends",       "errors",        "save",         "resume",
    "acts",   "accepted", "strict",     "abandon_after", "resume_within"};

// The position of `text` in `allowed`, or an error with the nearest.
std::optional<size_t> OneOf(CatalogReader* reader, const toml::node& node, const std::string& key,
                            const std::vector<std::string_view>& allowed) {
  const std::optional<std::string> text = reader->String(node, key);
  if (!text) return std::nullopt;
  const auto found = std::find(allowed.begin(), allowed.end(), *text);
  if (found != allowed.end()) return static_cast<size_t>(found - allowed.begin());
  std::string remedy = "one of: ";
  for (size_t i = 0; i < allowed.size(); ++i) {
    absl::StrAppend(&remedy, i == 0 ? "" : ", ", ToAbsl(allowed[i]));
  }
  reader->Error(CatalogReader::PlaceOf(node, key),
                absl::StrCat("unknown value \"", *text, "\"", DidYouMean(*text, allowed)),
                std::move(remedy));
  return std::nullopt;
}

std::vector<uint16_t> ReadAccepted(CatalogReader* reader, const toml::node& node,
                                   const std::string& key) {
  std::vector<uint16_t> accepted;
  reader->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
    const std::optional<int64_t> status = reader->Integer(element, element_key);
    if (!status) return;
    if (*status < 100 || *status > 599) {
      return reader->Error(CatalogReader::PlaceOf(element, element_key),
                           absl::StrCat(*status, " is no HTTP status"), "give 100 to 599");
    }
    accepted.push_back(static_cast<uint16_t>(*status));
  });
  return accepted;
}

class PortalReader {
 public:
  PortalReader(CatalogReader* reader, Portal* portal) : reader_(reader), portal_(portal) {}

  void Read(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      return reader_->Error(CatalogReader::PlaceOf(node, "portal"), "is not a table",
                            "write [portal] on a line of its own");
    }
    reader_->CheckKeys(*table, "portal.",
                       {"name", "time_zone", "hosts", "ignore_addresses", "trusted_proxies",
                        "population", "visit_timeout", "identity"});
    for (const auto& [key, value] : *table) ReadKey(key.str(), value);
  }

 private:
  void ReadKey(std::string_view name, const toml::node& node) {
    const std::string key = "portal." + std::string(name);
    if (name == "name") {
      if (auto text = reader_->Localized(node, key)) portal_->name = *std::move(text);
    } else if (name == "time_zone") {
      ReadZone(node, key);
    } else if (name == "hosts") {
      reader_->Each(node, key, [this](const toml::node& element, const std::string& element_key) {
        if (auto host = reader_->String(element, element_key)) {
          absl::AsciiStrToLower(&*host);
          portal_->hosts.push_back(host->substr(0, host->find(':')));
        }
      });
    } else if (name == "ignore_addresses") {
      ReadNetworks(node, key, &portal_->ignore_addresses);
    } else if (name == "trusted_proxies") {
      ReadNetworks(node, key, &portal_->trusted_proxies);
    } else if (name == "population") {
      ReadPopulation(node, key);
    } else if (name == "visit_timeout") {
      if (auto timeout = reader_->Duration(node, key)) portal_->visit_timeout = *timeout;
    } else if (name == "identity") {
      ReadIdentity(node, key);
    }
  }

  void ReadZone(const toml::node& node, const std::string& key) {
    const std::optional<std::string> name = reader_->String(node, key);
    if (!name) return;
    if (!absl::LoadTimeZone(*name, &portal_->time_zone)) {
      return reader_->Error(
          CatalogReader::PlaceOf(node, key),
          absl::StrCat("unknown time zone \"", *name, "\"", DidYouMean(*name, kZonesToSuggest)),
          "give a name of the IANA list, such as Asia/Seoul");
    }
    portal_->time_zone_name = *name;
    portal_->has_time_zone = true;
  }

  void ReadNetworks(const toml::node& node, const std::string& key, std::vector<Network>* out) {
    reader_->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
      if (auto network = reader_->ReadNetwork(element, element_key)) out->push_back(*network);
    });
  }

  void ReadPopulation(const toml::node& node, const std::string& key) {
    const std::optional<int64_t> population = reader_->Integer(node, key);
    if (!population) return;
    if (*population <= 0) {
      return reader_->Error(CatalogReader::PlaceOf(node, key), "is not above 0",
                            "give the number of residents, or leave it out");
    }
    portal_->population = static_cast<uint64_t>(*population);
  }

  void ReadIdentity(const toml::node& node, const std::string& key) {
    std::vector<std::string> identity;
    reader_->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
      const std::optional<std::string> name = reader_->String(element, element_key);
      if (!name) return;
      const bool named =
          (name->starts_with("cookie:") || name->starts_with("header:")) && name->size() > 7;
      if (!named && *name != "user" && *name != "address+agent") {
        return reader_->Error(CatalogReader::PlaceOf(element, element_key),
                              absl::StrCat("unknown identity \"", *name, "\""),
                              "one of: user, cookie:NAME, header:NAME, address+agent");
      }
      identity.push_back(*name);
    });
    if (!identity.empty()) portal_->identity = std::move(identity);
  }

  CatalogReader* reader_;
  Portal* portal_;
};

// Reads one [[service]].
class ServiceReader {
 public:
  ServiceReader(CatalogReader* reader, const toml::table& table, std::string key)
      : reader_(reader), table_(table), key_(std::move(key)) {}

  Service Read();

 private:
  void ReadKind();
  void ReadNames();
  void ReadDurations();
  void ReadRoutes(const char* name, RouteRole role);
  void ReadNamedRoutes(const char* name, RouteRole role);
  void ReadEntry(const toml::node& node, const std::string& key, RouteRole role);
  void AddRoute(const toml::node& node, const std::string& key, RouteRole role,
                const toml::table* entry);
  void AddName(RouteRole role, std::string name, const toml::table* entry, const std::string& key);
  uint16_t NextIndex(RouteRole role) const;
  void Check();
  CatalogPlace Place(const std::string& name) const {
    const toml::node* node = table_.get(name);
    return CatalogReader::PlaceOf(node == nullptr ? static_cast<const toml::node&>(table_) : *node,
                                  key_ + "." + name);
  }

  CatalogReader* reader_;
  const toml::table& table_;
  std::string key_;
  Service service_;
  std::vector<uint16_t> accepted_;  // the service's default
};

uint16_t ServiceReader::NextIndex(RouteRole role) const {
  const size_t size = role == RouteRole::kStep  ? service_.steps.size()
                      : role == RouteRole::kEnd ? service_.ends.size()
                      : role == RouteRole::kAct ? service_.acts.size()
                                                : 0;
  return static_cast<uint16_t>(size);
}

void ServiceReader::ReadKind() {
  const toml::node* kind = table_.get("kind");
  if (kind == nullptr) {
    reader_->Error(Place("kind"), "is missing",
                   "one of: information, interaction, transaction, participation");
  } else if (const auto position = OneOf(reader_, *kind, key_ + ".kind", kKinds)) {
    service_.kind = static_cast<ServiceKind>(*position);
  }
  const toml::node* tier = table_.get("tier");
  if (tier == nullptr) return;
  if (const auto position = OneOf(reader_, *tier, key_ + ".tier", kTiers)) {
    service_.tier = static_cast<Tier>(*position + 1);
  }
  if (service_.kind != ServiceKind::kParticipation) {
    reader_->Error(Place("tier"), "only participation services have a tier",
                   "leave it out, or make the kind participation");
  }
}

void ServiceReader::ReadNames() {
  if (const toml::node* id = table_.get("id"); id == nullptr) {
    reader_->Error(Place("id"), "is missing", "give the service a short name of its own");
  } else if (auto text = reader_->String(*id, key_ + ".id")) {
    service_.id = *std::move(text);
    if (service_.id.empty()) reader_->Error(Place("id"), "is empty", "give it a name");
  }
  if (const toml::node* name = table_.get("name")) {
    if (auto text = reader_->Localized(*name, key_ + ".name")) service_.name = *std::move(text);
  }
  if (service_.name.empty()) service_.name.by_language = {{"", service_.id}};
  if (const toml::node* department = table_.get("department")) {
    if (auto text = reader_->Localized(*department, key_ + ".department")) {
      service_.department = *std::move(text);
    }
  }
}

void ServiceReader::ReadDurations() {
  if (const toml::node* node = table_.get("strict")) {
    if (const auto strict = reader_->Bool(*node, key_ + ".strict")) service_.strict = *strict;
  }
  if (const toml::node* node = table_.get("abandon_after")) {
    if (const auto after = reader_->Duration(*node, key_ + ".abandon_after")) {
      service_.abandon_after = *after;
    }
  }
  if (const toml::node* node = table_.get("resume_within")) {
    service_.resume_within = reader_->Duration(*node, key_ + ".resume_within");
  }
  if (const toml::node* node = table_.get("accepted")) {
    accepted_ = ReadAccepted(reader_, *node, key_ + ".accepted");
  }
}

void ServiceReader::AddRoute(const toml::node& node, const std::string& key, RouteRole role,
                             const toml::table* entry) {
  const std::optional<std::string> text = reader_->String(node, key);
  if (!text) return;
  Route route;
  const std::string problem = ParseRoute(*text, &route);
  if (!problem.empty()) {
    return reader_->Error(CatalogReader::PlaceOf(node, key), absl::StrCat("\"", *text, "\""),
                          problem);
  }
  route.role = role;
  route.index = NextIndex(role);
  const CatalogPlace place = CatalogReader::PlaceOf(node, key);
  route.line = place.line;
  route.column = place.column;
  const bool takes_outcome = role != RouteRole::kMember && role != RouteRole::kStatus;
  if (takes_outcome) route.accepted = accepted_;
  if (entry != nullptr) {
    if (const toml::node* from = entry->get("valid_from")) {
      route.valid_from = reader_->Date(*from, key + ".valid_from");
    }
    if (const toml::node* until = entry->get("valid_until")) {
      route.valid_until = reader_->Date(*until, key + ".valid_until");
    }
    if (const toml::node* accepted = entry->get("accepted")) {
      route.accepted = ReadAccepted(reader_, *accepted, key + ".accepted");
    }
    if (route.valid_from && route.valid_until && *route.valid_until < *route.valid_from) {
      reader_->Error(place, "valid_until lies before valid_from", "exchange the dates");
    }
  }
  service_.routes.push_back(std::move(route));
}

void ServiceReader::AddName(RouteRole role, std::string name, const toml::table* entry,
                            const std::string& key) {
  if (role == RouteRole::kStep) {
    service_.steps.push_back({std::move(name)});
  } else if (role == RouteRole::kAct) {
    service_.acts.push_back({std::move(name)});
  } else if (role == RouteRole::kEnd) {
    End end{std::move(name), Outcome::kGranted};
    if (const toml::node* outcome = entry == nullptr ? nullptr : entry->get("outcome")) {
      if (const auto position = OneOf(reader_, *outcome, key + ".outcome", kOutcomes)) {
        end.outcome = static_cast<Outcome>(*position);
      }
    }
    service_.ends.push_back(std::move(end));
  }
}

// A route as a string, or a table with `route` or `routes` and what goes with it.
void ServiceReader::ReadEntry(const toml::node& node, const std::string& key, RouteRole role) {
  const bool named = role == RouteRole::kStep || role == RouteRole::kEnd || role == RouteRole::kAct;
  const toml::table* entry = node.as_table();
  std::string name;
  if (entry == nullptr) {
    if (role == RouteRole::kStep) {
      return reader_->Error(CatalogReader::PlaceOf(node, key), "a step is a table",
                            "write { name = \"...\", route = \"...\" }");
    }
    AddRoute(node, key, role, nullptr);
    if (const auto* text = node.as_string()) name = text->get();
  } else {
    std::vector<std::string_view> known = {"route", "routes", "valid_from", "valid_until",
                                           "accepted"};
    if (named) known.push_back("name");
    if (role == RouteRole::kEnd) known.push_back("outcome");
    reader_->CheckKeys(*entry, key + ".", known);
    if (const toml::node* text = entry->get("name"); named && text != nullptr) {
      name = reader_->String(*text, key + ".name").value_or("");
    }
    const toml::node* route = entry->get("route");
    const toml::node* routes = entry->get("routes");
    if (route == nullptr && routes == nullptr) {
      const std::string called = name.empty() ? "" : absl::StrCat(" \"", name, "\"");
      reader_->Error(CatalogReader::PlaceOf(node, key),
                     absl::StrCat(ToAbsl(RouteRoleName(role)), called, " has no route"),
                     "add route = \"[METHOD] /path\"");
    }
    for (const auto& [list, suffix] : {std::pair(route, ".route"), std::pair(routes, ".routes")}) {
      if (list == nullptr) continue;
      reader_->Each(*list, key + suffix, [&](const toml::node& one, const std::string& one_key) {
        AddRoute(one, one_key, role, entry);
      });
    }
    if (role == RouteRole::kStep && name.empty()) {
      reader_->Error(CatalogReader::PlaceOf(node, key), "a step has no name", "add name = \"...\"");
    }
  }
  if (named) AddName(role, std::move(name), entry, key);
}

void ServiceReader::ReadRoutes(const char* name, RouteRole role) {
  const toml::node* node = table_.get(name);
  if (node == nullptr) return;
  reader_->Each(*node, key_ + "." + name,
                [this, role](const toml::node& element, const std::string& element_key) {
                  ReadEntry(element, element_key, role);
                });
}

void ServiceReader::Check() {
  if (service_.kind == ServiceKind::kTransaction) {
    if (service_.steps.size() < 2) {
      reader_->Error(
          Place("steps"),
          absl::StrCat("a transaction has two steps or more, this one ", service_.steps.size()),
          "name the routes from its first page to its last in steps");
    }
    if (service_.steps.size() > 200) {
      reader_->Error(Place("steps"), "more than 200 steps", "name the ones that matter");
    }
    if (!service_.acts.empty()) {
      reader_->Warn(Place("acts"), "are not counted: a transaction's act is its completion",
                    "name them in steps or ends, or make it a service of its own");
    }
    return;
  }
  for (const char* name :
       {"steps", "ends", "errors", "save", "resume", "abandon_after", "resume_within", "strict"}) {
    if (table_.get(name) == nullptr) continue;
    reader_->Error(Place(name), "only transactions have this",
                   "make the kind transaction, or leave it out");
  }
}

Service ServiceReader::Read() {
  reader_->CheckKeys(table_, key_ + ".", kServiceKeys);
  service_.line = table_.source().begin.line;
  ReadKind();
  ReadNames();
  ReadDurations();
  ReadRoutes("routes", RouteRole::kMember);
  ReadRoutes("status", RouteRole::kStatus);
  ReadRoutes("steps", RouteRole::kStep);
  ReadRoutes("ends", RouteRole::kEnd);
  ReadRoutes("errors", RouteRole::kError);
  ReadRoutes("save", RouteRole::kSave);
  ReadRoutes("resume", RouteRole::kResume);
  ReadRoutes("acts", RouteRole::kAct);
  std::stable_sort(service_.routes.begin(), service_.routes.end(),
                   [](const Route& a, const Route& b) {
                     return std::tie(a.line, a.column) < std::tie(b.line, b.column);
                   });
  if (service_.routes.empty() && !reader_->has_error()) {
    reader_->Warn(Place("routes"), "the service has no route and will count nothing",
                  "add routes = [\"/path/**\"]");
  }
  Check();
  return std::move(service_);
}

void ReadAudience(CatalogReader* reader, const toml::node& node, std::vector<AudienceRule>* rules) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return reader->Error(CatalogReader::PlaceOf(node, "audience"), "is not a table",
                         "write [audience] on a line of its own");
  }
  std::vector<std::string_view> known;
  for (size_t i = 0; i < kAudienceCount; ++i) {
    if (static_cast<Audience>(i) != Audience::kNoAgent) {
      known.push_back(AudienceName(static_cast<Audience>(i)));
    }
  }
  reader->CheckKeys(*table, "audience.", known);
  // TOML tables come sorted by key; the order of the file decides.
  std::map<std::pair<uint32_t, uint32_t>, AudienceRule> by_place;
  for (const auto& [key, value] : *table) {
    const std::string audience(key.str());
    reader->Each(value, "audience." + audience,
                 [&](const toml::node& element, const std::string& element_key) {
                   if (auto pattern = reader->Pattern(element, element_key)) {
                     const toml::source_position& begin = element.source().begin;
                     by_place[{begin.line, begin.column}] = {audience, *std::move(pattern)};
                   }
                 });
  }
  for (auto& [place, rule] : by_place) rules->push_back(std::move(rule));
}

void ReadPatterns(CatalogReader* reader, const toml::node& node, const std::string& section,
                  std::vector<std::string>* patterns, bool* by_path) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return reader->Error(CatalogReader::PlaceOf(node, section), "is not a table",
                         "write [" + section + "] on a line of its own");
  }
  std::vector<std::string_view> known = {"patterns"};
  if (by_path != nullptr) known.push_back("by_path");
  reader->CheckKeys(*table, section + ".", known);
  if (const toml::node* list = table->get("patterns")) {
    reader->Each(*list, section + ".patterns",
                 [&](const toml::node& element, const std::string& key) {
                   if (auto pattern = reader->Pattern(element, key)) {
                     patterns->push_back(*std::move(pattern));
                   }
                 });
  }
  if (const toml::node* flag = table->get("by_path"); flag != nullptr && by_path != nullptr) {
    *by_path = reader->Bool(*flag, section + ".by_path").value_or(*by_path);
  }
}

void ReadServices(CatalogReader* reader, const toml::node& node, Catalog* catalog) {
  const toml::array* services = node.as_array();
  if (services == nullptr || !services->is_array_of_tables()) {
    return reader->Error(CatalogReader::PlaceOf(node, "service"), "is not a list of tables",
                         "write [[service]] on a line of its own before each service");
  }
  std::map<std::string, uint32_t> lines;
  for (size_t i = 0; i < services->size(); ++i) {
    const toml::table& table = *(*services)[i].as_table();
    const std::string key = absl::StrCat("service[", i, "]");
    Service service = ServiceReader(reader, table, key).Read();
    const auto [known, is_new] = lines.emplace(service.id, service.line);
    if (!is_new && !service.id.empty()) {
      const toml::node* id = table.get("id");
      reader->Error(
          CatalogReader::PlaceOf(*id, key + ".id"),
          absl::StrCat("\"", service.id, "\" is also the service at line ", known->second),
          "give each service an id of its own");
    }
    catalog->services.push_back(std::move(service));
  }
  constexpr size_t kMaxServices = 60000;
  if (catalog->services.size() > kMaxServices) {
    reader->Error(CatalogReader::PlaceOf(node, "service"), "more than 60000 services",
                  "split the catalogue");
  }
}

// Routes that cannot win because another one always does.
void WarnShadowed(CatalogReader* reader, const Catalog& catalog) {
  struct Place {
    const Service* service;
    const Route* route;
  };
  std::map<std::string, std::vector<Place>> by_path;
  for (const Service& service : catalog.services) {
    for (const Route& route : service.routes) {
      std::string shape;
      const std::string_view pattern = route.is_regex ? std::string_view() : route.path;
      for (const std::string_view segment : PathSegments(pattern)) {
        absl::StrAppend(&shape, "/", IsCapture(segment) ? "*" : ToAbsl(segment));
      }
      by_path[route.is_regex ? "re:" + route.path : shape].push_back({&service, &route});
    }
  }
  for (const auto& entry : by_path) {
    const std::vector<Place>& places = entry.second;
    for (size_t b = 0; b < places.size(); ++b) {
      const auto winner = std::find_if(places.begin(), places.end(), [&](const Place& a) {
        const bool earlier = &a < &places[b];
        return &a != &places[b] && Shadows(*a.route, *places[b].route) &&
               (earlier || MoreSpecific(*a.route, *places[b].route));
      });
      if (winner == places.end()) continue;
      const Route& loser = *places[b].route;
      // A member route that a step or act of the same service repeats loses nothing.
      if (loser.role == RouteRole::kMember && winner->service == places[b].service) continue;
      reader->Warn({loser.line, loser.column, places[b].service->id},
                   absl::StrCat("route \"", loser.text, "\" can never win: \"", winner->route->text,
                                "\" of ", winner->service->id, " at line ", winner->route->line,
                                " always does"),
                   "take one of them out, or make this one more specific");
    }
  }
}

// FNV-1a (Fowler, Noll, Vo), 64 bits.
std::string Digest(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
  return absl::StrFormat("%016x", hash);
}

}  // namespace

CatalogResult ParseCatalog(std::string_view text, const std::string& file) {
  CatalogResult result;
  CatalogReader reader(file);
  const toml::parse_result parsed = toml::parse(text, std::string_view(file));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    reader.Error({error.source().begin.line, error.source().begin.column, ""},
                 std::string(error.description()), "correct the TOML syntax here");
    result.diagnostics = reader.TakeDiagnostics();
    return result;
  }
  const toml::table& root = parsed.table();
  Catalog catalog;
  catalog.file = file;
  catalog.digest = Digest(text);
  reader.CheckKeys(root, "", {"portal", "audience", "service", "assets", "scanner"});
  if (const toml::node* node = root.get("portal"))
    PortalReader(&reader, &catalog.portal).Read(*node);
  if (const toml::node* node = root.get("audience")) {
    ReadAudience(&reader, *node, &catalog.audience_rules);
  }
  if (const toml::node* node = root.get("assets")) {
    ReadPatterns(&reader, *node, "assets", &catalog.asset_patterns, nullptr);
  }
  if (const toml::node* node = root.get("scanner")) {
    ReadPatterns(&reader, *node, "scanner", &catalog.scanner_patterns, &catalog.scanner_by_path);
  }
  if (const toml::node* node = root.get("service")) {
    ReadServices(&reader, *node, &catalog);
  } else {
    reader.Warn({1, 1, "service"}, "the catalogue lists no service", "add [[service]] tables");
  }
  if (!reader.has_error()) WarnShadowed(&reader, catalog);
  const bool failed = reader.has_error();
  result.diagnostics = reader.TakeDiagnostics();
  if (!failed) result.catalog = std::move(catalog);
  return result;
}

CatalogResult LoadCatalog(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.is_open() && !in.bad()) return ParseCatalog(text, file);
  CatalogResult result;
  result.readable = false;
  result.diagnostics.push_back({CatalogDiagnostic::Severity::kError, file, 0, 0, "",
                                "cannot be read", "check the name given by -c or CIVLOG_CATALOG"});
  return result;
}

}  // namespace civlog
