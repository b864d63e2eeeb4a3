#include "engine/top_counter.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <string>

namespace civlog {
namespace {

// The name of an item: short or long, so that those that give way make room that does
// not fit the next.
std::string NameOf(uint64_t hash) {
  return std::to_string(hash) + std::string(hash * 37 % 90, 'x');
}

TEST(TopCounterTest, NamesStayWithTheirCounts) {
  std::mt19937 random(3);
  TopCounter counter(50);
  std::map<uint64_t, uint64_t> counts;
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t hash = 1 + random() % (1 + random() % 400);
    ++counts[hash];
    counter.Add(hash, NameOf(hash));
  }
  EXPECT_TRUE(counter.overflowed());
  ASSERT_EQ(counter.size(), 50U);
  for (size_t i = 0; i < counter.size(); ++i) {
    const TopEntry entry = counter.entry(i);
    EXPECT_EQ(entry.name, NameOf(entry.hash));
    EXPECT_GE(entry.count, counts[entry.hash]);
    EXPECT_LE(entry.count - entry.error, counts[entry.hash]);
  }
}

TEST(TopCounterTest, LongNamesAreCut) {
  TopCounter counter(2);
  counter.Add(1, std::string(5000, 'a'));
  counter.Add(2, "");
  EXPECT_EQ(counter.name(0), std::string(TopCounter::kMaxNameBytes, 'a'));
  EXPECT_EQ(counter.name(1), "");
}

TEST(MostFrequentTest, ByCountThenName) {
  TopCounter a(10);
  TopCounter b(10);
  for (int i = 0; i < 3; ++i) a.Add(1, "/three");
  for (int i = 0; i < 2; ++i) b.Add(2, "/two/b");
  for (int i = 0; i < 2; ++i) a.Add(3, "/two/a");
  b.Add(4, "/one");
  const auto names = [](const std::vector<TopEntry>& entries) {
    std::vector<std::string> result;
    for (const TopEntry& entry : entries) result.push_back(entry.name);
    return result;
  };
  EXPECT_THAT(names(MostFrequent({&a, &b}, 3)), testing::ElementsAre("/three", "/two/a", "/two/b"));
  EXPECT_THAT(names(MostFrequent({&a, &b}, 9)),
              testing::ElementsAre("/three", "/two/a", "/two/b", "/one"));
  EXPECT_THAT(MostFrequent({&a, &b}, 0), testing::IsEmpty());
}

}  // namespace
}  // namespace civlog
