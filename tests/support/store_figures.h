// The figures of a store, and how they compare with those of an analysis.

#ifndef CIVLOG_TESTS_SUPPORT_STORE_FIGURES_H_
#define CIVLOG_TESTS_SUPPORT_STORE_FIGURES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace civlog {

// What `civlog analyze --json` says, without what a store does not keep, samples of
// rejected lines, and without the program's version. Null where it says nothing.
nlohmann::json ComparableFigures(const std::string& text);

// What a store says of a span, or of all it has, with the catalogue that was used last.
absl::StatusOr<nlohmann::json> FiguresOfStore(const std::string& path,
                                              std::optional<absl::Time> from = {},
                                              std::optional<absl::Time> to = {});

// Whether lines came after the key of their week was destroyed. Who they are of nobody can
// tell, so that their visitors and visits are counted apart from those before.
bool LinesCameAfterTheirKey(const std::string& path);

// Checks the store and says what of its figures is not as in these, as a JSON patch; empty
// where nothing is. Where LinesCameAfterTheirKey, what depends on visitors is left out.
std::string DifferenceOfStore(const std::string& path, const nlohmann::json& analyzed);

// What figures of one checkpoint have in common whatever was read: lines add up, and so do
// attempts. Empty, or what does not.
std::string WhatDoesNotAddUp(const nlohmann::json& figures);

}  // namespace civlog

#endif  // CIVLOG_TESTS_SUPPORT_STORE_FIGURES_H_
