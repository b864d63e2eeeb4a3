#include "engine/service_model.h"

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;

TEST(ServiceModelTest, LearnsFirstSegments) {
  const auto services = *ServiceModel::Make(nullptr);
  const ServiceId minwon = services->SegmentService("/minwon/list", 0);
  EXPECT_EQ(services->SegmentService("/minwon", 0), minwon);
  EXPECT_NE(services->SegmentService("/", 0), minwon);
  EXPECT_THAT(services->segments(), ElementsAre("minwon", "/"));
}

TEST(ServiceModelTest, TheRestIsNoService) {
  const auto services = *ServiceModel::Make(nullptr);
  for (size_t i = 0; i < ServiceModel::kMaxSegments; ++i) {
    ASSERT_EQ(services->SegmentService(absl::StrCat("/s", i), 0), i);
  }
  EXPECT_FALSE(services->segments_full());
  EXPECT_EQ(services->SegmentService("/s7/x", 0), 7);
  EXPECT_EQ(services->SegmentService("/one-more", 0), kNoService);
  EXPECT_TRUE(services->segments_full());
}

// The last block asks first, and waits; what is known, and what there is no room for, does not.
TEST(ServiceModelTest, NewOnesAreLearnedInTheOrderOfBlocks) {
  constexpr size_t kBlocks = 4;
  const auto services = *ServiceModel::Make(nullptr);
  const ServiceId known = services->SegmentService("/known", 0);
  services->BeginRound(kBlocks + 1);
  std::atomic<size_t> asked = 0;
  std::vector<std::thread> threads;
  for (size_t block = kBlocks; block-- > 0;) {
    threads.emplace_back([&services, &asked, block, known] {
      EXPECT_EQ(services->SegmentService("/known/page", block), known);
      ++asked;
      services->SegmentService(absl::StrCat("/of", block), block);
      services->SegmentService("/shared", block);
      services->EndBlock(block);
    });
    while (asked < kBlocks - block) std::this_thread::yield();
    absl::SleepFor(absl::Milliseconds(5));
  }
  for (std::thread& thread : threads) thread.join();
  services->EndBlock(kBlocks);
  services->EndBlock(kBlocks);
  EXPECT_THAT(services->segments(), ElementsAre("known", "of0", "shared", "of1", "of2", "of3"));
  services->BeginRound(2);
  services->EndBlock(0);
  services->SegmentService("/next", 1);
  EXPECT_EQ(services->segments().back(), "next");
}

TEST(ServiceModelTest, NobodyWaitsForRoomThatThereIsNot) {
  const auto services = *ServiceModel::Make(nullptr);
  std::vector<std::string> segments;
  for (size_t i = 0; i < ServiceModel::kMaxSegments; ++i) segments.push_back(absl::StrCat(i));
  services->LearnSegments(segments);
  services->BeginRound(2);
  EXPECT_EQ(services->SegmentService("/one-more", 1), kNoService);
}

}  // namespace
}  // namespace civlog
