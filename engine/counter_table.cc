#include "engine/counter_table.h"

namespace civlog {

size_t CounterTable::FindRow(uint64_t key) {
  if (recent_.empty()) recent_.resize(recent_rows_);
  const auto [found, is_new] = index_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
    for (std::vector<uint64_t>& column : columns_) column.push_back(0);
  }
  recent_[PlaceOf(key)] = {key, found->second};
  return found->second;
}

void CounterTable::Merge(const CounterTable& other) {
  for (size_t i = 0; i < other.rows(); ++i) {
    const size_t row = Row(other.keys_[i]);
    for (size_t m = 0; m < columns_.size(); ++m) columns_[m][row] += other.columns_[m][i];
  }
}

}  // namespace civlog
