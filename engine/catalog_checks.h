// Whether the routes of a catalogue get in each other's way.

#ifndef CIVLOG_ENGINE_CATALOG_CHECKS_H_
#define CIVLOG_ENGINE_CATALOG_CHECKS_H_

#include <string>
#include <vector>

#include "engine/catalog_reader.h"

namespace civlog {

// Warns of routes that can never win because another one always does, and of dated
// ones that two services or meanings share for some days. What it warns of is true;
// it does not find everything (a pattern that happens to equal a path, say). The cost
// grows with the number of routes, not with its square.
//
// `route_keys[s][r]` is the key of catalog.services[s].routes[r].
void CheckRoutes(CatalogReader* reader, const Catalog& catalog,
                 const std::vector<std::vector<std::string>>& route_keys);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_CHECKS_H_
