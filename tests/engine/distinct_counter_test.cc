#include "engine/distinct_counter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/siphash.h"

namespace civlog {
namespace {

// One logical counter in its partitions, which share `exact_left` each with others.
class Partitions {
 public:
  explicit Partitions(size_t exact_left) : left_(kPartitions, exact_left) {
    for (size_t& left : left_) counters_.push_back(std::make_unique<DistinctCounter>(&left));
  }
  void Add(uint64_t value) {
    SipHash siphash(1, 2);
    siphash.Add(std::to_string(value));
    const uint64_t hash = siphash.Finish();
    counters_[hash >> (64 - kPartitionBits)]->Add(hash);
  }
  DistinctCount Count() const {
    std::vector<const DistinctCounter*> views;
    for (const auto& counter : counters_) views.push_back(counter.get());
    return DistinctCounter::Count(views);
  }
  size_t left() const {
    size_t sum = 0;
    for (const size_t left : left_) sum += left;
    return sum;
  }

 private:
  std::vector<size_t> left_;
  std::vector<std::unique_ptr<DistinctCounter>> counters_;
};

TEST(DistinctCounterTest, ExactWithinTheBound) {
  Partitions partitions(10'000);
  for (int round = 0; round < 2; ++round) {
    for (uint64_t i = 0; i < 100'000; ++i) partitions.Add(i);
  }
  EXPECT_TRUE(partitions.Count().exact);
  EXPECT_EQ(partitions.Count().count, 100'000u);
  EXPECT_EQ(partitions.left(), 16 * 10'000 - (100'000 - 16 * DistinctCounter::kAlwaysExact));
}

TEST(DistinctCounterTest, AFewAreExactWithoutAnyRoom) {
  Partitions partitions(0);
  for (uint64_t i = 0; i < 500; ++i) partitions.Add(i);
  EXPECT_TRUE(partitions.Count().exact);
  EXPECT_EQ(partitions.Count().count, 500u);
}

TEST(DistinctCounterTest, AnEstimateGivesItsRoomBack) {
  Partitions partitions(1'000);
  for (uint64_t i = 0; i < 50'000; ++i) partitions.Add(i);
  EXPECT_FALSE(partitions.Count().exact);
  EXPECT_EQ(partitions.left(), 16'000u);
}

// Four standard errors of 0.81 %: one in 16,000 for each of the counts.
TEST(DistinctCounterTest, EstimatesWithinTheirError) {
  Partitions partitions(0);
  uint64_t added = 0;
  for (const uint64_t count : {2'000u, 20'000u, 200'000u, 2'000'000u}) {
    while (added < count) partitions.Add(added++);
    const DistinctCount found = partitions.Count();
    EXPECT_FALSE(found.exact);
    const double error = (static_cast<double>(found.count) - static_cast<double>(count)) /
                         static_cast<double>(count);
    EXPECT_LT(std::abs(error), 4 * 0.0081) << count << ": " << found.count;
  }
}

}  // namespace
}  // namespace civlog
