#include "queries/stored_history.h"

#include <utility>

#include "parsers/status_macros.h"
#include "queries/department.h"
#include "queries/disclosure.h"
#include "queries/stored_analysis.h"

namespace civlog {

absl::StatusOr<std::vector<Analysis>> StoredHistory::Read(absl::Time from, absl::Time to) {
  ASSIGN_OR_RETURN(Analysis whole, AnalyzeStore(store_, catalog_, from, to, options_.figures));
  std::vector<Analysis> parts;
  if (whole.records == 0) return parts;
  if (options_.channels != nullptr) AddChannels(*options_.channels, &whole);
  parts.push_back(std::move(whole));
  for (const LocalizedText& department : options_.departments) {
    parts.push_back(OfDepartment(parts.front(), department));
  }
  if (!options_.controlled) return parts;
  std::vector<Analysis*> together;
  for (Analysis& part : parts) together.push_back(&part);
  ApplyDisclosureControl(together);
  return parts;
}

absl::StatusOr<std::optional<Analysis>> StoredHistory::Of(size_t part, absl::Time from,
                                                          absl::Time to) {
  auto found = read_.find({from, to});
  if (found == read_.end()) {
    ASSIGN_OR_RETURN(std::vector<Analysis> parts, Read(from, to));
    found = read_.emplace(std::make_pair(from, to), std::move(parts)).first;
  }
  if (found->second.empty()) return std::optional<Analysis>();
  return std::optional<Analysis>(found->second[part]);
}

}  // namespace civlog
