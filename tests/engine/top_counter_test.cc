#include "engine/top_counter.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <string>
#include <string_view>

#include "engine/state_archive.h"

namespace civlog {
namespace {

// The name of an item: short or long, so that those that give way make room that does
// not fit the next.
std::string NameOf(uint64_t hash) {
  return std::to_string(hash) + std::string(hash * 37 % 90, 'x');
}

void Add(uint64_t hash, std::string_view text, TopCounter* counter) {
  counter->Add({hash, text, 0, false});
}

TEST(CountedNameTest, KeepsAllThatItIsMadeOf) {
  const std::string text(CountedName::kMostBytes, 'x');
  for (const size_t size : {size_t{0}, size_t{1}, size_t{2} << 20, text.size()}) {
    for (uint8_t shard = 0; shard < kPartitions; ++shard) {
      for (const bool lasts : {false, true}) {
        const CountedName name(7, std::string_view(text).substr(0, size), shard, lasts);
        EXPECT_EQ(name.hash, 7U);
        EXPECT_EQ(name.text().data(), text.data());
        EXPECT_EQ(name.text().size(), size);
        EXPECT_EQ(name.shard(), shard);
        EXPECT_EQ(name.lasts(), lasts);
        EXPECT_EQ(name.slot, 0U);
      }
    }
  }
}

TEST(TopCounterTest, NamesStayWithTheirCounts) {
  std::mt19937 random(3);
  TopCounter counter(50);
  std::map<uint64_t, uint64_t> counts;
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t hash = 1 + random() % (1 + random() % 400);
    ++counts[hash];
    Add(hash, NameOf(hash), &counter);
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

// Texts that last are not copied, and give way to such as do not, and the other way
// round. A state that is read back has copies of them all.
TEST(TopCounterTest, NamesThatLastStandAmongOthers) {
  std::mt19937 random(5);
  TopCounter counter(50);
  std::map<uint64_t, std::string> texts;
  std::map<uint64_t, CountedName> lasting;
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t hash = 1 + random() % 400;
    if (random() % 2 == 0) {
      const std::string& text = texts.try_emplace(hash, NameOf(hash)).first->second;
      counter.Add(lasting.try_emplace(hash, CountedName{hash, text, 0, true}).first->second);
    } else {
      Add(hash, NameOf(hash), &counter);
    }
  }
  StateWriter writer;
  writer(counter);
  TopCounter read(50);
  StateReader reader(writer.bytes());
  reader(read);
  ASSERT_TRUE(reader.complete());
  ASSERT_EQ(read.size(), 50U);
  for (size_t i = 0; i < counter.size(); ++i) {
    EXPECT_EQ(counter.name(i), NameOf(counter.entry(i).hash));
    EXPECT_EQ(read.name(i), counter.name(i));
    EXPECT_EQ(read.count(i), counter.count(i));
  }
}

TEST(TopCounterTest, LongNamesAreCut) {
  TopCounter counter(2);
  Add(1, std::string(5000, 'a'), &counter);
  Add(2, "", &counter);
  EXPECT_EQ(counter.name(0), std::string(TopCounter::kMaxNameBytes, 'a'));
  EXPECT_EQ(counter.name(1), "");
}

TEST(MostFrequentTest, ByCountThenName) {
  TopCounter a(10);
  TopCounter b(10);
  for (int i = 0; i < 3; ++i) Add(1, "/three", &a);
  for (int i = 0; i < 2; ++i) Add(2, "/two/b", &b);
  for (int i = 0; i < 2; ++i) Add(3, "/two/a", &a);
  Add(4, "/one", &b);
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
