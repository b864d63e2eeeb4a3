// `civlog catalog check`: is the catalogue right, and does it fit the logs?

#ifndef CIVLOG_CLI_CATALOG_COMMAND_H_
#define CIVLOG_CLI_CATALOG_COMMAND_H_

#include "cli/options.h"

namespace civlog {

// Prints every error and warning of the catalogue; with logs also what of it matched
// nothing and what no route claims. An argument that ends in .toml is taken for the
// catalogue where -c is not given.
int RunCatalogCheck(InputOptions options);

}  // namespace civlog

#endif  // CIVLOG_CLI_CATALOG_COMMAND_H_
