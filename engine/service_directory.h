// The services that a store has known, under numbers that stay.
//
// A catalogue may change from one week to the next: services come and go. The figures
// of a store are kept by number, and a run numbers services by their place in its
// catalogue; so a run over a store takes a catalogue in which every service that the
// store knows has the place of its number, those that are gone included.

#ifndef CIVLOG_ENGINE_SERVICE_DIRECTORY_H_
#define CIVLOG_ENGINE_SERVICE_DIRECTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/catalog.h"
#include "engine/event.h"
#include "engine/route_table.h"
#include "engine/store_file.h"

namespace civlog {

// Not thread-safe.
class ServiceDirectory {
 public:
  // What the store has. REQUIRES: a transaction.
  static absl::StatusOr<ServiceDirectory> Read(StoreFile* file);

  // The number of a service that a run numbers `place`.
  static int64_t NumberOf(ServiceId place) { return place == kNoService ? 0 : int64_t{place} + 1; }
  // The other way round.
  static ServiceId PlaceOf(int64_t number) {
    return number > 0 && number < kNoService ? static_cast<ServiceId>(number - 1) : kNoService;
  }

  // `current` (null: the one that was used last) with its services in their places and,
  // without routes, those that it no longer has. nullopt where there never was one.
  absl::StatusOr<std::optional<Catalog>> CatalogFor(const Catalog* current) const;
  // Ids by place, which without a catalogue are first path segments.
  std::vector<std::string> ids() const;
  size_t size() const { return services_.size(); }

  // Writes what a run brought: `catalog` is CatalogFor's, or null with `segments`.
  // REQUIRES: a transaction. Returns the number of the catalogue, 0 for none.
  absl::StatusOr<int64_t> Write(StoreFile* file, const Catalog* catalog,
                                const std::vector<std::string>& segments, int64_t now_us);

  // The store's number of a route; 0 for one that was not written.
  int64_t RouteNumber(const RouteRef& route) const;

 private:
  struct Known {
    std::string id, kind, tier, name, name_ko, department;
    std::vector<std::string> steps;
    bool operator==(const Known&) const = default;
  };
  struct KnownCatalog {
    int64_t number = 0;
    std::string digest;
    std::string text;
  };
  using RouteKey = std::tuple<int64_t, std::string, std::string>;  // service, role, text

  static Known Describe(const Service& service);
  Service Retired(const Known& known, std::vector<Catalog>* parsed) const;
  absl::Status WriteServices(StoreFile* file, const std::vector<Known>& services);
  absl::Status WriteRoutes(StoreFile* file, const Catalog& catalog);

  std::vector<Known> services_;         // by place
  std::vector<KnownCatalog> catalogs_;  // the one used last at the end
  std::map<RouteKey, int64_t> routes_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SERVICE_DIRECTORY_H_
