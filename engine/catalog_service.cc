#include "engine/catalog_service.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "engine/route_pattern.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

const std::vector<std::string_view> kServiceKeys = {
    "id",     "name",     "department", "kind",          "tier",         "routes",
    "status", "steps",    "ends",       "errors",        "save",         "resume",
    "acts",   "accepted", "strict",     "abandon_after", "resume_within"};
const std::vector<std::string_view> kKinds = {"information", "interaction", "transaction",
                                              "participation"};
const std::vector<std::string_view> kTiers = {"inform", "consult", "decide"};
const std::vector<std::string_view> kOutcomes = {"granted", "refused"};
constexpr const char* kTransactionKeys[] = {"steps",  "ends",          "errors",        "save",
                                            "resume", "abandon_after", "resume_within", "strict"};

const std::vector<std::string_view> kRouteKeys = {"route", "routes", "valid_from", "valid_until",
                                                  "accepted"};
const std::vector<std::string_view> kNamedRouteKeys = {"name",       "route",       "routes",
                                                       "valid_from", "valid_until", "accepted"};
const std::vector<std::string_view> kEndKeys = {"name",       "route",       "routes",  "outcome",
                                                "valid_from", "valid_until", "accepted"};

// Steps have a byte each in what is counted of them.
constexpr size_t kMaxSteps = 200;
constexpr size_t kMaxNamedRoutes = 10'000;

bool IsNamed(RouteRole role) {
  return role == RouteRole::kStep || role == RouteRole::kEnd || role == RouteRole::kAct;
}

const std::vector<std::string_view>& KeysOfEntry(RouteRole role) {
  if (role == RouteRole::kEnd) return kEndKeys;
  return IsNamed(role) ? kNamedRouteKeys : kRouteKeys;
}

class ServiceReader {
 public:
  ServiceReader(CatalogReader* reader, const toml::table& table, std::string key)
      : reader_(reader), table_(table), key_(std::move(key)) {}

  ReadService Read();

 private:
  // A table with `route` or `routes` and what goes with them.
  struct Entry {
    const toml::table* table = nullptr;
    std::string key;
    RouteRole role = RouteRole::kMember;
    std::optional<absl::CivilDay> valid_from;
    std::optional<absl::CivilDay> valid_until;
    std::vector<uint16_t> accepted;
  };

  void ReadNames();
  void ReadKind();
  void ReadLimits();
  std::vector<uint16_t> ReadAccepted(const toml::node& node, const std::string& key);
  void ReadRoutes(const char* name, RouteRole role);
  void ReadPlainRoute(const toml::node& node, const std::string& key, RouteRole role);
  void ReadEntry(const toml::table& table, const std::string& key, RouteRole role);
  void ReadEntryDates(Entry* entry);
  std::string ReadEntryName(const Entry& entry);
  void ReadEntryRoutes(const Entry& entry, const std::string& name);
  Outcome ReadOutcome(const Entry& entry);
  void AddRoute(const toml::node& node, const std::string& key, const Entry& entry);
  void AddName(RouteRole role, std::string name, Outcome outcome);
  uint16_t NextIndex(RouteRole role) const;

  void Check();
  void CheckTransaction();
  void CheckSaving();
  void SortRoutes();

  bool Has(const char* name) const { return table_.get(name) != nullptr; }
  // Where the key `name` stands, or where the service begins.
  CatalogPlace Place(const std::string& name) const {
    const toml::node* node = table_.get(name);
    return CatalogReader::PlaceOf(node == nullptr ? static_cast<const toml::node&>(table_) : *node,
                                  absl::StrCat(key_, ".", name));
  }

  CatalogReader* reader_;
  const toml::table& table_;
  const std::string key_;
  Service service_;
  std::vector<std::string> route_keys_;  // of service_.routes
  bool knows_kind_ = false;              // else nothing that depends on it is checked
  std::vector<uint16_t> accepted_;       // the service's default
};

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

void ServiceReader::ReadKind() {
  if (const toml::node* kind = table_.get("kind"); kind == nullptr) {
    reader_->Error(Place("kind"), "is missing",
                   "one of: information, interaction, transaction, participation");
  } else if (const auto position = reader_->OneOf(*kind, key_ + ".kind", kKinds)) {
    service_.kind = static_cast<ServiceKind>(*position);
    knows_kind_ = true;
  }
  const toml::node* tier = table_.get("tier");
  if (tier == nullptr) return;
  if (const auto position = reader_->OneOf(*tier, key_ + ".tier", kTiers)) {
    service_.tier = static_cast<Tier>(*position + 1);
  }
  if (knows_kind_ && service_.kind != ServiceKind::kParticipation) {
    reader_->Error(Place("tier"), "only participation services have a tier",
                   "leave it out, or make the kind participation");
  }
}

void ServiceReader::ReadLimits() {
  if (const toml::node* node = table_.get("strict")) {
    service_.strict = reader_->Bool(*node, key_ + ".strict").value_or(false);
  }
  if (const toml::node* node = table_.get("abandon_after")) {
    service_.abandon_after =
        reader_->Duration(*node, key_ + ".abandon_after").value_or(service_.abandon_after);
  }
  if (const toml::node* node = table_.get("resume_within")) {
    service_.resume_within = reader_->Duration(*node, key_ + ".resume_within");
  }
  if (const toml::node* node = table_.get("accepted")) {
    accepted_ = ReadAccepted(*node, key_ + ".accepted");
  }
}

std::vector<uint16_t> ServiceReader::ReadAccepted(const toml::node& node, const std::string& key) {
  std::vector<uint16_t> accepted;
  if (const toml::array* list = node.as_array(); list != nullptr && list->empty()) {
    reader_->Error(CatalogReader::PlaceOf(node, key), "names no status",
                   "leave it out for the default, or name statuses such as [302, 303]");
  }
  reader_->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
    const std::optional<int64_t> status = reader_->Integer(element, element_key);
    if (!status) return;
    if (*status < 100 || *status > 599) {
      return reader_->Error(CatalogReader::PlaceOf(element, element_key),
                            absl::StrCat(*status, " is no HTTP status"), "give 100 to 599");
    }
    accepted.push_back(static_cast<uint16_t>(*status));
  });
  return accepted;
}

uint16_t ServiceReader::NextIndex(RouteRole role) const {
  const size_t size = role == RouteRole::kStep  ? service_.steps.size()
                      : role == RouteRole::kEnd ? service_.ends.size()
                      : role == RouteRole::kAct ? service_.acts.size()
                                                : 0;
  return static_cast<uint16_t>(size);
}

void ServiceReader::AddName(RouteRole role, std::string name, Outcome outcome) {
  if (role == RouteRole::kStep) {
    service_.steps.push_back({std::move(name)});
  } else if (role == RouteRole::kEnd) {
    service_.ends.push_back({std::move(name), outcome});
  } else if (role == RouteRole::kAct) {
    service_.acts.push_back({std::move(name)});
  }
}

void ServiceReader::AddRoute(const toml::node& node, const std::string& key, const Entry& entry) {
  const std::optional<std::string> text = reader_->String(node, key);
  if (!text) return;
  const CatalogPlace place = CatalogReader::PlaceOf(node, key);
  Route route;
  if (std::optional<RouteProblem> problem = ParseRoute(*text, &route)) {
    return reader_->Error(place, std::move(problem->message), std::move(problem->remedy));
  }
  if (std::optional<RouteProblem> doubt = DoubtRoute(route)) {
    reader_->Warn(place, std::move(doubt->message), std::move(doubt->remedy));
  }
  route.role = entry.role;
  route.index = NextIndex(entry.role);
  route.line = place.line;
  route.column = place.column;
  route.valid_from = entry.valid_from;
  route.valid_until = entry.valid_until;
  const bool has_outcome = entry.role != RouteRole::kMember && entry.role != RouteRole::kStatus;
  route.accepted = entry.accepted.empty() && has_outcome ? accepted_ : entry.accepted;
  service_.routes.push_back(std::move(route));
  route_keys_.push_back(key);
}

void ServiceReader::ReadEntryDates(Entry* entry) {
  if (const toml::node* from = entry->table->get("valid_from")) {
    entry->valid_from = reader_->Date(*from, entry->key + ".valid_from");
  }
  const toml::node* until = entry->table->get("valid_until");
  if (until == nullptr) return;
  entry->valid_until = reader_->Date(*until, entry->key + ".valid_until");
  if (entry->valid_from && entry->valid_until && *entry->valid_until < *entry->valid_from) {
    reader_->Error(
        CatalogReader::PlaceOf(*until, entry->key + ".valid_until"),
        absl::StrCat(absl::FormatCivilTime(*entry->valid_until), " lies before valid_from, ",
                     absl::FormatCivilTime(*entry->valid_from)),
        "exchange the dates");
  }
}

std::string ServiceReader::ReadEntryName(const Entry& entry) {
  const toml::node* node = entry.table->get("name");
  if (node == nullptr) {
    if (entry.role == RouteRole::kStep) {
      reader_->Error(CatalogReader::PlaceOf(*entry.table, entry.key), "a step has no name",
                     "add name = \"...\"");
    }
    return "";
  }
  if (node->is_string() && node->as_string()->get().empty()) {
    reader_->Error(CatalogReader::PlaceOf(*node, entry.key + ".name"), "is empty",
                   "give it a name");
  }
  return reader_->String(*node, entry.key + ".name").value_or("");
}

void ServiceReader::ReadEntryRoutes(const Entry& entry, const std::string& name) {
  const toml::node* route = entry.table->get("route");
  const toml::node* routes = entry.table->get("routes");
  const toml::array* list = routes == nullptr ? nullptr : routes->as_array();
  if (route == nullptr && (routes == nullptr || (list != nullptr && list->empty()))) {
    const std::string called = name.empty() ? "" : absl::StrCat(" \"", name, "\"");
    reader_->Error(CatalogReader::PlaceOf(*entry.table, entry.key),
                   absl::StrCat(ToAbsl(RouteRoleName(entry.role)), called, " has no route"),
                   "add route = \"[METHOD] /path\"");
  }
  if (route != nullptr) AddRoute(*route, entry.key + ".route", entry);
  if (routes == nullptr) return;
  reader_->Each(*routes, entry.key + ".routes",
                [&](const toml::node& one, const std::string& key) { AddRoute(one, key, entry); });
}

Outcome ServiceReader::ReadOutcome(const Entry& entry) {
  const toml::node* node = entry.table->get("outcome");
  if (node == nullptr || entry.role != RouteRole::kEnd) return Outcome::kGranted;
  return static_cast<Outcome>(reader_->OneOf(*node, entry.key + ".outcome", kOutcomes).value_or(0));
}

void ServiceReader::ReadEntry(const toml::table& table, const std::string& key, RouteRole role) {
  reader_->CheckKeys(table, key + ".", KeysOfEntry(role));
  Entry entry;
  entry.table = &table;
  entry.key = key;
  entry.role = role;
  ReadEntryDates(&entry);
  if (const toml::node* accepted = table.get("accepted")) {
    entry.accepted = ReadAccepted(*accepted, key + ".accepted");
  }
  std::string name = IsNamed(role) ? ReadEntryName(entry) : "";
  const Outcome outcome = ReadOutcome(entry);
  ReadEntryRoutes(entry, name);
  AddName(role, std::move(name), outcome);
}

void ServiceReader::ReadPlainRoute(const toml::node& node, const std::string& key, RouteRole role) {
  if (role == RouteRole::kStep) {
    return reader_->Error(CatalogReader::PlaceOf(node, key), "a step is a table",
                          "write { name = \"...\", route = \"...\" }");
  }
  Entry entry;
  entry.role = role;
  AddRoute(node, key, entry);
  const auto* text = node.as_string();
  AddName(role, text == nullptr ? "" : text->get(), Outcome::kGranted);
}

void ServiceReader::ReadRoutes(const char* name, RouteRole role) {
  const toml::node* node = table_.get(name);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  const size_t most = role == RouteRole::kStep ? kMaxSteps : kMaxNamedRoutes;
  if (list != nullptr && IsNamed(role) && list->size() > most) {
    return reader_->Error(Place(name), absl::StrCat(list->size(), " of them, more than ", most),
                          "name the ones that matter");
  }
  reader_->Each(*node, absl::StrCat(key_, ".", name),
                [this, role](const toml::node& element, const std::string& key) {
                  if (const toml::table* table = element.as_table()) {
                    ReadEntry(*table, key, role);
                  } else {
                    ReadPlainRoute(element, key, role);
                  }
                });
}

void ServiceReader::CheckSaving() {
  if (Has("save") && !Has("resume_within")) {
    reader_->Warn(Place("save"), "changes nothing without resume_within",
                  "say how long a saved attempt stays open: resume_within = \"7d\"");
  }
  if (!Has("resume_within")) return;
  if (!Has("save")) {
    reader_->Warn(Place("resume_within"), "changes nothing without save",
                  "add the routes on which people save: save = [\"POST /path\"]");
  }
  if (service_.resume_within && *service_.resume_within < service_.abandon_after) {
    reader_->Warn(Place("resume_within"),
                  "is shorter than abandon_after: to save would shorten an attempt",
                  "make it longer, or leave it out");
  }
}

void ServiceReader::CheckTransaction() {
  const toml::node* steps = table_.get("steps");
  const size_t count = service_.steps.size();
  if (steps == nullptr) {
    reader_->Error(Place("steps"), "is missing: a transaction has two steps or more",
                   "name the routes from its first page to its last in steps");
  } else if (const toml::array* list = steps->as_array();
             count < 2 && (!list || list->size() < 2)) {
    reader_->Error(Place("steps"),
                   absl::StrCat("a transaction has two steps or more, this one ", count),
                   "name the routes from its first page to its last in steps");
  }
  if (Has("acts")) {
    reader_->Warn(Place("acts"), "are not counted: a transaction's act is its completion",
                  "name them in steps or ends, or make it a service of its own");
  }
  CheckSaving();
}

void ServiceReader::Check() {
  const bool names_routes = std::any_of(table_.begin(), table_.end(), [](const auto& entry) {
    const std::string_view key = entry.first.str();
    return key == "routes" || key == "status" || key == "steps" || key == "acts";
  });
  if (service_.routes.empty() && !names_routes) {
    reader_->Warn(Place("routes"), "the service has no route and will count nothing",
                  "add routes = [\"/path/**\"]");
  }
  if (!knows_kind_) return;
  if (service_.kind == ServiceKind::kTransaction) return CheckTransaction();
  for (const char* name : kTransactionKeys) {
    if (!Has(name)) continue;
    reader_->Error(Place(name), "only transactions have this",
                   "make the kind transaction, or leave it out");
  }
}

// Into the order of the file, which decides between routes that are equally specific.
void ServiceReader::SortRoutes() {
  std::vector<size_t> order(service_.routes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    const Route& x = service_.routes[a];
    const Route& y = service_.routes[b];
    return std::tie(x.line, x.column) < std::tie(y.line, y.column);
  });
  std::vector<Route> routes;
  std::vector<std::string> keys;
  for (const size_t i : order) {
    routes.push_back(std::move(service_.routes[i]));
    keys.push_back(std::move(route_keys_[i]));
  }
  service_.routes = std::move(routes);
  route_keys_ = std::move(keys);
}

ReadService ServiceReader::Read() {
  reader_->CheckKeys(table_, key_ + ".", kServiceKeys);
  service_.line = table_.source().begin.line;
  ReadNames();
  ReadKind();
  ReadLimits();
  ReadRoutes("routes", RouteRole::kMember);
  ReadRoutes("status", RouteRole::kStatus);
  ReadRoutes("steps", RouteRole::kStep);
  ReadRoutes("ends", RouteRole::kEnd);
  ReadRoutes("errors", RouteRole::kError);
  ReadRoutes("save", RouteRole::kSave);
  ReadRoutes("resume", RouteRole::kResume);
  ReadRoutes("acts", RouteRole::kAct);
  Check();
  SortRoutes();
  return {std::move(service_), std::move(route_keys_)};
}

}  // namespace

ReadService ReadServiceTable(CatalogReader* reader, const toml::table& table, std::string key) {
  return ServiceReader(reader, table, std::move(key)).Read();
}

}  // namespace civlog
