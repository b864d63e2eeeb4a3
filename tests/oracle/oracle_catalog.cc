#include "tests/oracle/oracle_catalog.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <sstream>

#include "absl/time/civil_time.h"
#include "tests/oracle/oracle_text.h"

namespace civlog {
namespace {

using std::string;
using std::vector;

int64_t Seconds(const string& text) {
  const int64_t number = std::stoll(text);
  switch (text.back()) {
    case 'm':
      return number * 60;
    case 'h':
      return number * 3600;
    case 'd':
      return number * 86400;
    default:
      return number;
  }
}

OracleRoute ReadRoute(const string& text) {
  OracleRoute route;
  string rest = text;
  if (rest[0] != '/' && rest.rfind("re:", 0) != 0) {
    route.method = rest.substr(0, rest.find(' '));
    rest = rest.substr(rest.find(' ') + 1);
  }
  if (rest.rfind("re:", 0) == 0) {
    route.regex = rest.substr(3);
    return route;
  }
  route.path = rest.substr(0, rest.find('?'));
  if (rest.find('?') == string::npos) return route;
  for (const string& pair : Split(rest.substr(rest.find('?') + 1), '&')) {
    const size_t equals = pair.find('=');
    if (equals == string::npos) {
      route.query.push_back({pair, std::nullopt});
    } else {
      route.query.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
    }
  }
  return route;
}

string Text(const toml::node* node) {
  return node == nullptr ? string() : node->value_or(string());
}

void AddRoutes(const toml::table& table, const char* key, const string& role,
               const OracleCatalog& catalog, OracleService* service) {
  const toml::array* list = table.get_as<toml::array>(key);
  if (list == nullptr) return;
  vector<int> service_accepted;
  if (const toml::array* accepted = table.get_as<toml::array>("accepted")) {
    for (const toml::node& status : *accepted) service_accepted.push_back(status.value_or(0));
  }
  size_t index = 0;
  for (const toml::node& node : *list) {
    const toml::table* entry = node.as_table();
    OracleRoute route = ReadRoute(entry != nullptr ? Text(entry->get("route")) : Text(&node));
    route.role = role;
    route.index = index++;
    if (role != "member" && role != "status") route.accepted = service_accepted;
    if (entry != nullptr) {
      if (const toml::array* accepted = entry->get_as<toml::array>("accepted")) {
        route.accepted.clear();
        for (const toml::node& status : *accepted) route.accepted.push_back(status.value_or(0));
      }
      absl::CivilDay day;
      if (absl::ParseCivilTime(Text(entry->get("valid_from")), &day)) {
        route.from_s = absl::ToUnixSeconds(absl::FromCivil(day, catalog.zone));
      }
      if (absl::ParseCivilTime(Text(entry->get("valid_until")), &day)) {
        route.until_s = absl::ToUnixSeconds(absl::FromCivil(day + 1, catalog.zone));
      }
      if (role == "step") service->steps.push_back(Text(entry->get("name")));
      if (role == "end") {
        const string outcome = Text(entry->get("outcome"));
        service->outcomes.push_back(outcome.empty() ? "granted" : outcome);
      }
    }
    service->routes.push_back(route);
  }
}

}  // namespace

OracleCatalog ReadOracleCatalog(const string& text) {
  OracleCatalog catalog;
  if (text.empty()) return catalog;
  catalog.given = true;
  const toml::parse_result parsed = toml::parse(text);
  const toml::table& root = parsed.table();
  if (const toml::table* portal = root.get_as<toml::table>("portal")) {
    if (portal->contains("time_zone")) {
      absl::LoadTimeZone(Text(portal->get("time_zone")), &catalog.zone);
    }
    if (portal->contains("visit_timeout")) {
      catalog.timeout_s = Seconds(Text(portal->get("visit_timeout")));
    }
    if (const auto* population = portal->get("population")) {
      catalog.population = static_cast<double>(population->value_or(int64_t{0}));
    }
    if (const toml::array* hosts = portal->get_as<toml::array>("hosts")) {
      for (const toml::node& host : *hosts) catalog.hosts.push_back(Text(&host));
    }
    if (const toml::array* ignored = portal->get_as<toml::array>("ignore_addresses")) {
      const string network = Text(ignored->get(0));  // a.b.c.0/24
      catalog.ignored_prefix = network.substr(0, network.rfind('.') + 1);
    }
    if (const toml::array* identity = portal->get_as<toml::array>("identity")) {
      catalog.by_user = Text(identity->get(0)) == "user";
    }
  }
  const toml::array* services = root.get_as<toml::array>("service");
  if (services == nullptr) return catalog;
  for (const toml::node& node : *services) {
    const toml::table& table = *node.as_table();
    OracleService service;
    service.id = Text(table.get("id"));
    service.kind = Text(table.get("kind"));
    service.tier = Text(table.get("tier"));
    service.department = Text(table.get("department"));
    service.strict = table.contains("strict") && table.get("strict")->value_or(false);
    if (table.contains("abandon_after")) {
      service.abandon_s = Seconds(Text(table.get("abandon_after")));
    }
    if (table.contains("resume_within")) {
      service.resume_s = Seconds(Text(table.get("resume_within")));
    }
    AddRoutes(table, "routes", "member", catalog, &service);
    AddRoutes(table, "status", "status", catalog, &service);
    AddRoutes(table, "steps", "step", catalog, &service);
    AddRoutes(table, "ends", "end", catalog, &service);
    AddRoutes(table, "errors", "error", catalog, &service);
    AddRoutes(table, "save", "save", catalog, &service);
    AddRoutes(table, "resume", "resume", catalog, &service);
    AddRoutes(table, "acts", "act", catalog, &service);
    catalog.services.push_back(service);
  }
  return catalog;
}

}  // namespace civlog
