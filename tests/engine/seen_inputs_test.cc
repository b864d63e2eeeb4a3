#include "engine/seen_inputs.h"

#include <gtest/gtest.h>

namespace civlog {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

SeenInput Seen(const FileStamp& stamp) {
  SeenInput seen;
  seen.stamp = stamp;
  return seen;
}

TEST(SeenInputsTest, WhatWasNotLookedAtOrHasChangedIsNews) {
  SeenInputs seen;
  const FileStamp stamp = {1, 2, 300, 4};
  EXPECT_TRUE(seen.IsNews(stamp, kNow));
  seen.Note(Seen(stamp));
  EXPECT_FALSE(seen.IsNews(stamp, kNow));
  EXPECT_TRUE(seen.IsNews({1, 2, 301, 5}, kNow));
  EXPECT_TRUE(seen.IsNews({1, 2, 300, 5}, kNow));
  EXPECT_TRUE(seen.IsNews({2, 2, 300, 4}, kNow));
  seen.Forget(stamp);
  EXPECT_TRUE(seen.IsNews(stamp, kNow));
}

TEST(SeenInputsTest, WhatIsNoLogIsLookedAtOnceItIsTwiceAsLong) {
  SeenInputs seen;
  SeenInput no_log = Seen({1, 2, 300, 4});
  no_log.no_log = true;
  seen.Note(no_log);
  EXPECT_FALSE(seen.IsNews({1, 2, 600, 5}, kNow));
  EXPECT_TRUE(seen.IsNews({1, 2, 602, 5}, kNow));
  EXPECT_TRUE(seen.IsNews({1, 2, 299, 5}, kNow));
}

TEST(SeenInputsTest, WhatIsToBeTriedAgainIsNewsByThen) {
  SeenInputs seen;
  SeenInput later = Seen({1, 2, 300, 4});
  later.again = kNow + absl::Seconds(2);
  seen.Note(later);
  EXPECT_FALSE(seen.Due(kNow));
  EXPECT_FALSE(seen.IsNews(later.stamp, kNow));
  EXPECT_TRUE(seen.Due(kNow + absl::Seconds(2)));
  EXPECT_TRUE(seen.IsNews(later.stamp, kNow + absl::Seconds(2)));
}

TEST(SeenInputsTest, HoldsWhatIsThereAndNoMore) {
  SeenInputs seen;
  for (uint64_t inode = 1; inode <= 1000; ++inode) {
    seen.Note(Seen({1, inode, 10, 4}));
    LogInput there;
    there.stamp = {1, inode, 20, 5};
    std::vector<LogInput> inputs;
    inputs.push_back(there);
    seen.KeepOnly(inputs);
    EXPECT_EQ(seen.size(), 1U);
  }
  EXPECT_NE(seen.Find({1, 1000, 0, 0}), nullptr);
  EXPECT_EQ(seen.Find({1, 999, 0, 0}), nullptr);
}

TEST(SeenInputsTest, WhatIsNoFileIsNotRemembered) {
  SeenInputs seen;
  seen.Note(Seen(FileStamp()));
  EXPECT_EQ(seen.size(), 0U);
}

TEST(SeenInputsTest, LogsMayBeTheSameWhereOneBeginsAsTheOther) {
  EXPECT_TRUE(MayBeSame("abc", "abc"));
  EXPECT_TRUE(MayBeSame("abc", "ab"));
  EXPECT_TRUE(MayBeSame("ab", "abc"));
  EXPECT_FALSE(MayBeSame("abc", "abd"));
}

}  // namespace
}  // namespace civlog
