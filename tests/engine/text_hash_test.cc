#include "engine/text_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace civlog {
namespace {

std::string TextOf(size_t size) {
  std::string text(size, 'a');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text;
}

TEST(TextHashTest, DependsOnTheTextAlone) {
  for (size_t size = 0; size < 100; ++size) {
    const std::string text = TextOf(size);
    for (size_t before = 0; before < 9; ++before) {
      // Of its own size, so that reading behind it is seen by a sanitizer.
      std::vector<char> moved(before + size);
      text.copy(moved.data() + before, size);
      EXPECT_EQ(TextHash({moved.data() + before, size}), TextHash(text)) << size;
    }
  }
}

// Every bit of every byte counts, and so does the length: no two of these are alike, and
// about half of the hash's bits change with one of the text.
TEST(TextHashTest, EveryBitCounts) {
  std::set<uint64_t> hashes;
  size_t texts = 0;
  int changed = 0;
  size_t flips = 0;
  for (size_t size = 0; size < 100; ++size) {
    std::string text = TextOf(size);
    const uint64_t hash = TextHash(text);
    hashes.insert(hash);
    hashes.insert(TextHash(std::string(size, '\0')));
    texts += 2;
    for (size_t bit = 0; bit < 8 * size; ++bit) {
      const auto mask = static_cast<unsigned char>(1U << bit % 8);
      text[bit / 8] = static_cast<char>(static_cast<unsigned char>(text[bit / 8]) ^ mask);
      const uint64_t other = TextHash(text);
      hashes.insert(other);
      changed += std::popcount(hash ^ other);
      ++flips;
      ++texts;
      text[bit / 8] = static_cast<char>(static_cast<unsigned char>(text[bit / 8]) ^ mask);
    }
  }
  // The empty text was there twice.
  EXPECT_EQ(hashes.size(), texts - 1);
  EXPECT_NEAR(static_cast<double>(changed) / static_cast<double>(flips), 32, 1);
}

}  // namespace
}  // namespace civlog
