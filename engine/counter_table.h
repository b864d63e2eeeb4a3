// Columnar counters: dimension codes packed into a key, measures in columns.
//
// A row is one combination of dimension codes; a hash index leads from the packed
// codes to the row. Tables merge by adding, in any order, with the same result:
// threads, files, days and machines alike. Queries scan the columns.

#ifndef CIVLOG_ENGINE_COUNTER_TABLE_H_
#define CIVLOG_ENGINE_COUNTER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace civlog {

// Not thread-safe.
class CounterTable {
 public:
  // `recent_rows`, a power of two, are remembered: as many as are in use by turns.
  explicit CounterTable(size_t measures, size_t recent_rows = 64)
      : columns_(measures), recent_rows_(recent_rows) {}

  // The row of `key`, made if there is none.
  size_t Row(uint64_t key) {
    if (recent_.empty()) return FindRow(key);
    const RecentRow& recent = recent_[PlaceOf(key)];
    return recent.key == key && recent.row != kNoRow ? recent.row : FindRow(key);
  }
  void Add(size_t row, size_t measure, uint64_t amount) { columns_[measure][row] += amount; }

  size_t rows() const { return keys_.size(); }
  uint64_t key(size_t row) const { return keys_[row]; }
  uint64_t value(size_t row, size_t measure) const { return columns_[measure][row]; }

  // REQUIRES: the same measures.
  void Merge(const CounterTable& other);

 private:
  std::vector<uint64_t> keys_;
  std::vector<std::vector<uint64_t>> columns_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;
  static constexpr size_t kNoRow = SIZE_MAX;
  struct RecentRow {
    uint64_t key = 0;
    size_t row = kNoRow;
  };
  // The high bits of the product are well mixed (Fibonacci hashing).
  size_t PlaceOf(uint64_t key) const {
    return (key * 0x9e3779b97f4a7c15ULL) >> 48 & (recent_rows_ - 1);
  }
  size_t FindRow(uint64_t key);

  size_t recent_rows_;
  // Rows found lately, by a few bits of their keys: neighbouring lines are often alike.
  // Empty until a row is asked for.
  std::vector<RecentRow> recent_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_COUNTER_TABLE_H_
