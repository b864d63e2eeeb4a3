#include "engine/counter_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <utility>

namespace civlog {
namespace {

// Rows that are remembered, as many as one or far fewer than there are, change nothing.
TEST(CounterTableTest, CountsWhatAMapCounts) {
  std::mt19937 random(1);
  for (const size_t recent_rows : {size_t{1}, size_t{2}, size_t{64}, size_t{512}}) {
    CounterTable table(2, recent_rows);
    CounterTable other(2);
    std::map<uint64_t, uint64_t> expected;
    for (int i = 0; i < 20'000; ++i) {
      const uint64_t key = (uint64_t{random() % 40} << 32) + random() % 40;
      ++expected[key];
      CounterTable& into = random() % 2 == 0 ? table : other;
      into.Add(into.Row(key), 1, 1);
    }
    table.Merge(other);
    ASSERT_EQ(table.rows(), expected.size());
    for (size_t row = 0; row < table.rows(); ++row) {
      EXPECT_EQ(table.value(row, 0), 0U);
      EXPECT_EQ(table.value(row, 1), expected[table.key(row)]) << recent_rows;
    }
  }
}

}  // namespace
}  // namespace civlog
