// The analyses of periods that a store has, and of departments' parts of them.

#ifndef CIVLOG_QUERIES_STORED_HISTORY_H_
#define CIVLOG_QUERIES_STORED_HISTORY_H_

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/catalog.h"
#include "engine/store_reader.h"
#include "queries/analysis_history.h"
#include "queries/channels.h"
#include "queries/compute_analysis.h"

namespace civlog {

// Reads each period once. What it refers to must outlive it. Not thread-safe.
class StoredHistory {
 public:
  struct Options {
    FigureOptions figures;
    const ChannelCounts* channels = nullptr;  // null: none
    // The departments whose parts are wanted; their analyses come after the portal's.
    std::vector<LocalizedText> departments;
    // Disclosure control, of the portal's and all departments' analyses together, so that
    // none tells what another keeps back.
    bool controlled = false;
  };

  // `catalog` is StoreReader::UseCatalog's.
  StoredHistory(StoreReader* store, const Catalog* catalog, Options options)
      : store_(store), catalog_(catalog), options_(std::move(options)) {}

  // The analysis of the whole portal (0), or of a department, from 1 on, in the order of the
  // options. nullopt where the store has no record of the period.
  absl::StatusOr<std::optional<Analysis>> Of(size_t part, absl::Time from, absl::Time to);

 private:
  absl::StatusOr<std::vector<Analysis>> Read(absl::Time from, absl::Time to);

  StoreReader* store_;
  const Catalog* catalog_;
  Options options_;
  std::map<std::pair<absl::Time, absl::Time>, std::vector<Analysis>> read_;
};

// One part of it.
class StoredPart : public AnalysisHistory {
 public:
  StoredPart(StoredHistory* history, size_t part) : history_(history), part_(part) {}
  absl::StatusOr<std::optional<Analysis>> Of(absl::Time from, absl::Time to) override {
    return history_->Of(part_, from, to);
  }

 private:
  StoredHistory* history_;
  size_t part_;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_STORED_HISTORY_H_
