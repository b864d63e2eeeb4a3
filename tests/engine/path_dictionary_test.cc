#include "engine/path_dictionary.h"

#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <new>
#include <string_view>
#include <thread>
#include <vector>

namespace civlog {
namespace {

// An entry with its path behind it.
class TestEntry {
 public:
  explicit TestEntry(std::string_view path) : memory_(sizeof(PathEntry) + path.size()) {
    auto* const entry = new (memory_.data()) PathEntry();
    entry->raw_size = static_cast<uint16_t>(path.size());
    path.copy(memory_.data() + sizeof(PathEntry), path.size());
  }
  const PathEntry* get() const { return reinterpret_cast<const PathEntry*>(memory_.data()); }

 private:
  std::vector<char> memory_;
};

TEST(PathDictionaryTest, FindsWhatWasPublished) {
  PathDictionary paths(4);
  const uint64_t hash = 0x123456789abcdef0;
  EXPECT_EQ(paths.Find(hash, "/a"), nullptr);
  EXPECT_EQ(paths.Guess(hash), nullptr);
  const PathDictionary::Claim place = paths.ClaimPlace(hash, "/a");
  ASSERT_NE(place, nullptr);
  EXPECT_EQ(paths.Find(hash, "/a"), nullptr) << "claimed, and not published yet";
  EXPECT_EQ(paths.Guess(hash), nullptr);
  EXPECT_EQ(paths.ClaimPlace(hash, "/a"), nullptr) << "it is being learned";
  const TestEntry a("/a");
  PathDictionary::Publish(place, a.get());
  EXPECT_EQ(paths.Find(hash, "/a"), a.get());
  EXPECT_EQ(paths.Guess(hash), a.get());
  EXPECT_EQ(paths.ClaimPlace(hash, "/a"), nullptr) << "it has a place already";
}

TEST(PathDictionaryTest, TellsPathsOfOneHashApart) {
  PathDictionary paths(4);
  const uint64_t hash = 0x123456789abcdef0;
  const TestEntry a("/a");
  const TestEntry b("/b");
  PathDictionary::Publish(paths.ClaimPlace(hash, "/a"), a.get());
  EXPECT_EQ(paths.Find(hash, "/b"), nullptr);
  const PathDictionary::Claim place = paths.ClaimPlace(hash, "/b");
  ASSERT_NE(place, nullptr);
  PathDictionary::Publish(place, b.get());
  EXPECT_EQ(paths.Find(hash, "/a"), a.get());
  EXPECT_EQ(paths.Find(hash, "/b"), b.get());
  EXPECT_EQ(paths.Find(hash, "/c"), nullptr);
}

TEST(PathDictionaryTest, StopsLearningWhereItIsFull) {
  constexpr uint64_t kMost = 8;
  PathDictionary paths(kMost);
  const PathEntry entry;
  for (uint64_t i = 0; i < kMost; ++i) {
    EXPECT_FALSE(paths.full());
    // All of one place, so that they stand one behind the other.
    const PathDictionary::Claim place = paths.ClaimPlace(2 * i, "");
    ASSERT_NE(place, nullptr);
    PathDictionary::Publish(place, &entry);
  }
  EXPECT_TRUE(paths.full());
  EXPECT_EQ(paths.ClaimPlace(2 * kMost, ""), nullptr);
  EXPECT_EQ(paths.Find(2 * kMost, ""), nullptr);
  for (uint64_t i = 0; i < kMost; ++i) EXPECT_EQ(paths.Find(2 * i, ""), &entry);
}

// Several threads learn the same paths: each is learned by one of them, and what is
// found is what that one has written.
TEST(PathDictionaryTest, IsSharedByThreads) {
  constexpr uint64_t kPaths = 1024;
  constexpr size_t kThreads = 4;
  PathDictionary paths(kPaths);
  std::vector<std::deque<PathEntry>> entries(kThreads);
  std::atomic<size_t> learned = 0;
  std::atomic<size_t> wrong = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kPaths; ++i) {
        const uint64_t hash = i * 0x9e3779b97f4a7c15ULL;
        if (const PathEntry* found = paths.Find(hash, ""); found != nullptr) {
          if (found->name.hash != hash) ++wrong;
        } else if (const auto place = paths.ClaimPlace(hash, ""); place != nullptr) {
          entries[t].emplace_back().name.hash = hash;
          PathDictionary::Publish(place, &entries[t].back());
          ++learned;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(learned, kPaths);
  EXPECT_EQ(wrong, 0U);
  for (uint64_t i = 0; i < kPaths; ++i) {
    ASSERT_NE(paths.Find(i * 0x9e3779b97f4a7c15ULL, ""), nullptr);
  }
}

}  // namespace
}  // namespace civlog
