#include "engine/visitor_sets.h"

#include <gmock/gmock.h>

#include <random>
#include <set>
#include <vector>

#include "engine/event.h"
#include "engine/state_archive.h"

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

// Stores hold it so: its size, the numbers in order or else none, a bit for each number or none.
TEST(NumberSetTest, IsKeptInStores) {
  for (const size_t most : {0U, 10U, 4096U, 4097U}) {
    NumberSet numbers;
    uint64_t size = 0;
    std::vector<uint16_t> in_order;
    std::vector<uint64_t> bits(65'536 / 64);
    for (; size < most; ++size) {
      const auto number = static_cast<uint16_t>(7 * size);
      numbers.Add(number);
      in_order.push_back(number);
      bits[number / 64] |= uint64_t{1} << (number % 64);
    }
    (most > 4096 ? in_order.clear() : bits.clear());
    StateWriter expected;
    expected(size, in_order, bits);
    StateWriter writer;
    writer(numbers);
    EXPECT_EQ(writer.bytes(), expected.bytes()) << most;
    NumberSet read;
    StateReader reader(writer.bytes());
    reader(read);
    EXPECT_TRUE(reader.complete());
    EXPECT_EQ(read.size(), most);
    for (size_t number = 0; number < 65'536; ++number) {
      const auto n = static_cast<uint16_t>(number);
      ASSERT_EQ(read.Contains(n), numbers.Contains(n)) << number;
    }
  }
}

TEST(NumberSetTest, TooFewBitsAreMadeUpFor) {
  uint64_t size = 1;
  std::vector<uint16_t> in_order;
  std::vector<uint64_t> bits = {1};
  StateWriter writer;
  writer(size, in_order, bits);
  NumberSet read;
  StateReader reader(writer.bytes());
  reader(read);
  EXPECT_TRUE(read.Contains(0));
  EXPECT_FALSE(read.Contains(65'535));
  read.Add(65'535);
  EXPECT_TRUE(read.Contains(65'535));
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
  VisitorSet::Shared shared{.pairs_left = 2, .exact_left = 0};
  VisitorSet set;
  for (int twice = 0; twice < 2; ++twice) {
    set.Add(100, 0, &shared);
    set.Add(101, 1, &shared);
    set.Add(102, 2, &shared);                      // no room left
    set.Add(103, VisitorNumbers::kNone, &shared);  // no number left
  }
  EXPECT_EQ(set.numbered(), 2U);
  const DistinctCounter* const rest = set.rest();
  ASSERT_NE(rest, nullptr);
  const DistinctCount count = DistinctCounter::Count({&rest, 1});
  EXPECT_EQ(count.count, 2U);
  EXPECT_TRUE(count.exact);
  EXPECT_EQ(shared.pairs_left, 0U);
}

TEST(VisitorSetTest, CopiesAndWhatIsReadCountApart) {
  VisitorSet::Shared shared{.pairs_left = 1, .exact_left = 0};
  VisitorSet set;
  set.Add(100, 0, &shared);
  VisitorSet first = set;
  EXPECT_EQ(first.rest(), nullptr);
  set.Add(101, 1, &shared);
  VisitorSet second = set;
  ASSERT_NE(second.rest(), nullptr);
  EXPECT_NE(second.rest(), set.rest());
  StateWriter writer;
  writer(second, first);
  VisitorSet read;
  VisitorSet read_first;
  StateReader reader(writer.bytes());
  reader(read, read_first);
  EXPECT_TRUE(reader.complete());
  EXPECT_EQ(read_first.rest(), nullptr);
  EXPECT_EQ(read_first.numbered(), 1U);
  VisitorSet::Shared own{.pairs_left = 0, .exact_left = 0};
  read.ShareWith(&own);
  // More than are kept exactly whatever the others need.
  for (uint64_t id = 102; id < 300; ++id) read.Add(MixBits(id), VisitorNumbers::kNone, &own);
  const auto count = [](const VisitorSet& of) {
    const DistinctCounter* const rest = of.rest();
    return DistinctCounter::Count({&rest, 1});
  };
  ASSERT_NE(read.rest(), nullptr);
  EXPECT_FALSE(count(read).exact);
  ASSERT_NE(set.rest(), nullptr);
  EXPECT_TRUE(count(set).exact);
  EXPECT_EQ(count(set).count, 1U);
  EXPECT_EQ(read.numbered(), 1U);
}

}  // namespace
}  // namespace civlog
