#include "engine/visitor_sets.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "engine/event.h"

namespace civlog {
namespace {

TEST(NumberSetTest, IsASet) {
  std::mt19937 random(7);
  // The last ones are kept as bits.
  for (const size_t most : {10U, 4095U, 4096U, 4097U, 30'000U, 65'536U}) {
    NumberSet numbers;
    std::set<uint16_t> known;
    while (known.size() < most) {
      const auto number = static_cast<uint16_t>(random());
      EXPECT_EQ(numbers.Contains(number), known.contains(number));
      if (known.insert(number).second) numbers.Add(number);
      ASSERT_EQ(numbers.size(), known.size());
    }
    for (size_t number = 0; number < 65'536; ++number) {
      const auto n = static_cast<uint16_t>(number);
      ASSERT_EQ(numbers.Contains(n), known.contains(n)) << number;
    }
  }
}

TEST(VisitorNumbersTest, NumbersTheFirstOnes) {
  VisitorNumbers numbers(2);
  EXPECT_EQ(numbers.Of(70), 0U);
  EXPECT_EQ(numbers.Of(80), 1U);
  EXPECT_EQ(numbers.Of(90), VisitorNumbers::kNone);
  EXPECT_EQ(numbers.Of(80), 1U);
  EXPECT_EQ(numbers.Of(70), 0U);
  EXPECT_EQ(numbers.size(), 2U);
}

TEST(VisitorNumbersTest, NoNumberNeedsMoreThanSixteenBits) {
  VisitorNumbers numbers(SIZE_MAX);
  for (uint64_t id = 0; id < VisitorNumbers::kMost; ++id) ASSERT_EQ(numbers.Of(MixBits(id)), id);
  EXPECT_EQ(numbers.Of(MixBits(VisitorNumbers::kMost)), VisitorNumbers::kNone);
}

TEST(VisitorSetTest, BeyondTheBoundsVisitorsAreCountedApart) {
  size_t none_left = 0;
  size_t pairs_left = 2;
  VisitorSet set(&none_left);
  for (int twice = 0; twice < 2; ++twice) {
    set.Add(100, 0, &pairs_left);
    set.Add(101, 1, &pairs_left);
    set.Add(102, 2, &pairs_left);                      // no room left
    set.Add(103, VisitorNumbers::kNone, &pairs_left);  // no number left
  }
  EXPECT_EQ(set.numbered(), 2U);
  const DistinctCounter* rest = &set.rest();
  const DistinctCount count = DistinctCounter::Count({&rest, 1});
  EXPECT_EQ(count.count, 2U);
  EXPECT_TRUE(count.exact);
  EXPECT_EQ(pairs_left, 0U);
}

}  // namespace
}  // namespace civlog
