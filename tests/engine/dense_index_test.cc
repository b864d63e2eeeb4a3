#include "engine/dense_index.h"

#include <gmock/gmock.h>

#include <random>
#include <unordered_map>
#include <vector>

#include "engine/state_archive.h"

namespace civlog {
namespace {

struct Count {
  uint32_t times = 0;

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(times);
  }
};

// Some few homes, so that most hashes stand away from theirs and gaps have to be closed.
std::vector<uint64_t> CrowdedHashes(size_t count) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> hashes;
  for (size_t i = 0; i < count; ++i) {
    hashes.push_back((random() & ~uint64_t{0xfff}) | (random() % 8));
  }
  return hashes;
}

TEST(DenseIndexTest, NumbersInTheOrderOfComing) {
  DenseIndex<NoValue> index;
  EXPECT_EQ(index.Find(0), index.kNone);
  const std::vector<uint64_t> hashes = CrowdedHashes(3000);
  for (size_t i = 0; i < hashes.size(); ++i) {
    ASSERT_EQ(index.Find(hashes[i]), index.kNone);
    ASSERT_EQ(index.Append(hashes[i]), i);
  }
  for (size_t i = 0; i < hashes.size(); ++i) ASSERT_EQ(index.Find(hashes[i]), i);
  EXPECT_EQ(index.size(), hashes.size());
}

TEST(DenseIndexTest, TellsHashesApartThatDifferInOneBit) {
  DenseIndex<NoValue> index;
  for (int bit = 0; bit < 64; ++bit) index.Append(uint64_t{1} << bit);
  for (int bit = 0; bit < 64; ++bit) EXPECT_EQ(index.Find(uint64_t{1} << bit), bit);
  EXPECT_EQ(index.Find(0), index.kNone);
  EXPECT_EQ(index.Find(~uint64_t{0}), index.kNone);
}

TEST(DenseIndexTest, ReplacesAsAMapDoes) {
  DenseIndex<Count> index;
  std::unordered_map<uint64_t, uint32_t> numbers;
  const std::vector<uint64_t> hashes = CrowdedHashes(2000);
  constexpr size_t kKept = 100;
  std::mt19937_64 random(11);
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (i < kKept) {
      numbers[hashes[i]] = index.Append(hashes[i], {static_cast<uint32_t>(i)});
      continue;
    }
    const auto number = static_cast<uint32_t>(random() % kKept);
    numbers.erase(index.hash(number));
    index.Replace(number, hashes[i]);
    numbers[hashes[i]] = number;
    for (size_t j = 0; j <= i; j += 37) {
      const auto known = numbers.find(hashes[j]);
      ASSERT_EQ(index.Find(hashes[j]), known != numbers.end() ? known->second : index.kNone);
    }
  }
  EXPECT_EQ(index.size(), kKept);
  EXPECT_EQ(index.value(42).times, 42U) << "the value stays with the number";
}

TEST(DenseIndexTest, IsReadBackAsItWasWritten) {
  DenseIndex<Count> index;
  const std::vector<uint64_t> hashes = CrowdedHashes(500);
  for (const uint64_t hash : hashes) index.Append(hash, {static_cast<uint32_t>(hash % 100)});
  StateWriter writer;
  writer(index);
  DenseIndex<Count> read;
  StateReader reader(writer.bytes());
  reader(read);
  ASSERT_TRUE(reader.complete());
  ASSERT_EQ(read.size(), hashes.size());
  for (size_t i = 0; i < hashes.size(); ++i) {
    ASSERT_EQ(read.Find(hashes[i]), i);
    ASSERT_EQ(read.value(i).times, hashes[i] % 100);
  }
}

}  // namespace
}  // namespace civlog
