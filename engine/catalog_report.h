// Reads what the catalogue says about reports: [report] and [[target]].

#ifndef CIVLOG_ENGINE_CATALOG_REPORT_H_
#define CIVLOG_ENGINE_CATALOG_REPORT_H_

#include "engine/catalog.h"
#include "engine/catalog_reader.h"
#include "engine/toml_library.h"

namespace civlog {

void ReadReport(CatalogReader* reader, const toml::node& node, Catalog* catalog);

// After the services, which targets name.
void ReadTargets(CatalogReader* reader, const toml::node& node, Catalog* catalog);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_REPORT_H_
