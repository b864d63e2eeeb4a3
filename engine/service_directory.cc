#include "engine/service_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/store_schema.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr std::string_view kKinds[] = {"information", "interaction", "transaction",
                                       "participation"};

ServiceKind KindOf(std::string_view name) {
  const auto* const found = std::find(std::begin(kKinds), std::end(kKinds), name);
  return found == std::end(kKinds) ? ServiceKind::kInteraction
                                   : static_cast<ServiceKind>(found - std::begin(kKinds));
}

const StoreTables& Tables() { return StoreTables::Get(); }

// What tells a route from others of its service and role: two may differ in their dates
// alone.
std::string TextOf(const Route& route) {
  std::string text = route.text;
  if (route.valid_from) {
    absl::StrAppend(&text, " from ", absl::FormatCivilTime(*route.valid_from));
  }
  if (route.valid_until) {
    absl::StrAppend(&text, " until ", absl::FormatCivilTime(*route.valid_until));
  }
  return text;
}

}  // namespace

absl::StatusOr<ServiceDirectory> ServiceDirectory::Read(StoreFile* file) {
  ServiceDirectory directory;
  ASSIGN_OR_RETURN(std::vector<StoredRow> rows, file->Table(Tables().services).Read());
  for (StoredRow& row : rows) {
    std::vector<std::string>& t = row.texts;
    directory.services_.push_back({std::move(t[0]),
                                   std::move(t[1]),
                                   std::move(t[2]),
                                   std::move(t[3]),
                                   std::move(t[4]),
                                   std::move(t[5]),
                                   {}});
  }
  ASSIGN_OR_RETURN(rows, file->Table(Tables().steps_of_services).Read());
  for (StoredRow& row : rows) {
    const ServiceId place = PlaceOf(row.numbers[0]);
    if (place >= directory.services_.size()) continue;
    directory.services_[place].steps.push_back(std::move(row.texts[0]));
  }
  ASSIGN_OR_RETURN(rows, file->Table(Tables().routes).Read());
  for (StoredRow& row : rows) {
    directory.routes_[{row.numbers[1], row.texts[0], row.texts[1]}] = row.numbers[0];
  }
  ASSIGN_OR_RETURN(rows, file->Table(Tables().catalogs).Read());
  std::sort(rows.begin(), rows.end(), [](const StoredRow& a, const StoredRow& b) {
    return std::pair(a.numbers[1], a.numbers[0]) < std::pair(b.numbers[1], b.numbers[0]);
  });
  for (StoredRow& row : rows) {
    directory.catalogs_.push_back(
        {row.numbers[0], std::move(row.texts[0]), std::move(row.texts[1])});
  }
  return directory;
}

std::vector<std::string> ServiceDirectory::ids() const {
  std::vector<std::string> ids;
  for (const Known& service : services_) ids.push_back(service.id);
  return ids;
}

// A service that the catalogue no longer has, as the last one had it that did.
Service ServiceDirectory::Retired(const Known& known, std::vector<Catalog>* parsed) const {
  if (parsed->empty()) {
    for (const KnownCatalog& catalog : catalogs_) {
      CatalogResult result = ParseCatalog(catalog.text, "civlog.toml");
      if (result.catalog) parsed->push_back(*std::move(result.catalog));
    }
  }
  for (auto catalog = parsed->rbegin(); catalog != parsed->rend(); ++catalog) {
    const std::optional<size_t> place = catalog->FindService(known.id);
    if (!place) continue;
    Service service = catalog->services[*place];
    service.routes.clear();
    service.retired = true;
    return service;
  }
  Service service;
  service.id = known.id;
  service.name.by_language = {{"", known.name}};
  service.kind = KindOf(known.kind);
  service.retired = true;
  return service;
}

absl::StatusOr<std::optional<Catalog>> ServiceDirectory::CatalogFor(const Catalog* current) const {
  std::optional<Catalog> catalog;
  if (current != nullptr) {
    catalog = *current;
  } else {
    if (catalogs_.empty()) return std::nullopt;
    CatalogResult last = ParseCatalog(catalogs_.back().text, "civlog.toml");
    if (!last.catalog) {
      return absl::FailedPreconditionError(
          "the catalogue that the store was made with is not understood by this civlog; give one "
          "with --catalog");
    }
    catalog = *std::move(last.catalog);
  }
  std::vector<Service> given = std::exchange(catalog->services, {});
  std::vector<char> placed(given.size());
  std::vector<Catalog> parsed;
  for (const Known& known : services_) {
    const auto found = std::find_if(given.begin(), given.end(),
                                    [&](const Service& service) { return service.id == known.id; });
    if (found == given.end()) {
      catalog->services.push_back(Retired(known, &parsed));
    } else {
      placed[static_cast<size_t>(found - given.begin())] = 1;
      catalog->services.push_back(*found);
    }
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (placed[i] == 0) catalog->services.push_back(std::move(given[i]));
  }
  if (catalog->services.size() < kNoService) return catalog;
  return absl::ResourceExhaustedError(
      "the store has known more services than it can number; begin a new one");
}

ServiceDirectory::Known ServiceDirectory::Describe(const Service& service) {
  Known known;
  known.id = service.id;
  known.kind = ServiceKindName(service.kind);
  known.tier = TierName(service.tier);
  known.name = service.name.Get("en");
  known.name_ko = service.name.Get("ko");
  known.department = service.department.Get("en");
  for (const Step& step : service.steps) known.steps.push_back(step.name);
  return known;
}

absl::Status ServiceDirectory::WriteServices(StoreFile* file, const std::vector<Known>& services) {
  std::vector<StoredRow> rows;
  std::vector<StoredRow> steps;
  for (size_t place = 0; place < services.size(); ++place) {
    const Known& service = services[place];
    if (place < services_.size() && services_[place] == service) continue;
    const int64_t number = NumberOf(static_cast<ServiceId>(place));
    rows.push_back({{number},
                    {service.id, service.kind, service.tier, service.name, service.name_ko,
                     service.department}});
    for (size_t step = 0; step < service.steps.size(); ++step) {
      steps.push_back({{number, static_cast<int64_t>(step) + 1}, {service.steps[step]}});
    }
  }
  RETURN_IF_ERROR(file->Table(Tables().services).Write(rows));
  services_ = services;
  return file->Table(Tables().steps_of_services).Write(steps);
}

absl::Status ServiceDirectory::WriteRoutes(StoreFile* file, const Catalog& catalog) {
  std::vector<StoredRow> rows;
  for (size_t place = 0; place < catalog.services.size(); ++place) {
    const Service& service = catalog.services[place];
    for (const Route& route : service.routes) {
      const int64_t number = NumberOf(static_cast<ServiceId>(place));
      const std::string role(RouteRoleName(route.role));
      const auto fresh = static_cast<int64_t>(routes_.size()) + 1;
      const bool is_new = routes_.try_emplace({number, role, TextOf(route)}, fresh).second;
      if (!is_new) continue;
      const std::string name = route.role == RouteRole::kAct    ? service.acts[route.index].name
                               : route.role == RouteRole::kStep ? service.steps[route.index].name
                               : route.role == RouteRole::kEnd  ? service.ends[route.index].name
                                                                : "";
      rows.push_back({{fresh, number}, {role, TextOf(route), name}});
    }
  }
  return file->Table(Tables().routes).Write(rows);
}

absl::StatusOr<int64_t> ServiceDirectory::Write(StoreFile* file, const Catalog* catalog,
                                                const std::vector<std::string>& segments,
                                                int64_t now_us) {
  std::vector<Known> services;
  if (catalog == nullptr) {
    if (segments.size() == services_.size()) return 0;
    for (const std::string& segment : segments) {
      services.push_back({segment, "interaction", "", segment, segment, "", {}});
    }
    RETURN_IF_ERROR(WriteServices(file, services));
    return 0;
  }
  if (!catalogs_.empty() && catalogs_.back().digest == catalog->digest) {
    return catalogs_.back().number;
  }
  for (const Service& service : catalog->services) services.push_back(Describe(service));
  RETURN_IF_ERROR(WriteServices(file, services));
  RETURN_IF_ERROR(WriteRoutes(file, *catalog));
  KnownCatalog used = {static_cast<int64_t>(catalogs_.size()) + 1, catalog->digest, catalog->text};
  const auto known = std::find_if(catalogs_.begin(), catalogs_.end(), [&](const auto& other) {
    return other.digest == catalog->digest;
  });
  if (known != catalogs_.end()) {
    used.number = known->number;
    catalogs_.erase(known);
  }
  RETURN_IF_ERROR(
      file->Table(Tables().catalogs).Write({{{used.number, now_us}, {used.digest, used.text}}}));
  catalogs_.push_back(std::move(used));
  return catalogs_.back().number;
}

int64_t ServiceDirectory::RouteNumber(const RouteRef& route) const {
  const auto found = routes_.find({NumberOf(static_cast<ServiceId>(route.service)),
                                   std::string(RouteRoleName(route.role)), TextOf(*route.route)});
  return found == routes_.end() ? 0 : found->second;
}

}  // namespace civlog
