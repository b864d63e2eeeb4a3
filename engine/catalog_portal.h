// The [portal] table of a catalogue.

#ifndef CIVLOG_ENGINE_CATALOG_PORTAL_H_
#define CIVLOG_ENGINE_CATALOG_PORTAL_H_

#include "engine/catalog_reader.h"

namespace civlog {

// Fills `*portal`; what is wrong goes to `*reader`.
void ReadPortal(CatalogReader* reader, const toml::node& node, Portal* portal);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_PORTAL_H_
