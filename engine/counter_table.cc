#include "engine/counter_table.h"

namespace civlog {

size_t CounterTable::Row(uint64_t key) {
  if (last_row_ != SIZE_MAX && key == last_key_) return last_row_;
  const auto [found, is_new] = index_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
    for (std::vector<uint64_t>& column : columns_) column.push_back(0);
  }
  last_key_ = key;
  last_row_ = found->second;
  return last_row_;
}

void CounterTable::Merge(const CounterTable& other) {
  for (size_t i = 0; i < other.rows(); ++i) {
    const size_t row = Row(other.keys_[i]);
    for (size_t m = 0; m < columns_.size(); ++m) columns_[m][row] += other.columns_[m][i];
  }
}

}  // namespace civlog
