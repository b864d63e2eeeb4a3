// Makes a failing catalogue and its logs as small as they still fail.

#ifndef CIVLOG_TESTS_ORACLE_MINIMIZER_H_
#define CIVLOG_TESTS_ORACLE_MINIMIZER_H_

#include <functional>

#include "tests/oracle/random_portal.h"

namespace civlog::oracle {

// Drops logs, lines of logs and lines of the catalogue as long as `fails` holds.
// `fails` must hold for `portal`; it is asked some hundred times.
RandomPortal Minimize(RandomPortal portal, const std::function<bool(const RandomPortal&)>& fails);

// The catalogue and the logs, to be read by people: control characters escaped.
std::string ToText(const RandomPortal& portal);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_MINIMIZER_H_
