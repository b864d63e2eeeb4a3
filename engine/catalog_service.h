// One [[service]] table of a catalogue.

#ifndef CIVLOG_ENGINE_CATALOG_SERVICE_H_
#define CIVLOG_ENGINE_CATALOG_SERVICE_H_

#include <string>
#include <vector>

#include "engine/catalog_reader.h"

namespace civlog {

struct ReadService {
  Service service;
  // The key of each of service.routes, for messages: "service[3].steps[2].route".
  std::vector<std::string> route_keys;
};

// Reads and checks the service that stands at `key` ("service[3]"); what is wrong goes
// to `*reader`, what can be used is returned all the same.
ReadService ReadServiceTable(CatalogReader* reader, const toml::table& table, std::string key);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_SERVICE_H_
