#include "engine/event_order.h"

#include <gmock/gmock.h>

#include <random>
#include <vector>

namespace civlog {
namespace {

struct Numbered {
  int64_t order_us = 0;
  uint64_t position = 0;
  int number = 0;  // in the order of Add
};

// Random batches and watermarks against a plain list that is searched and sorted anew.
TEST(WaitingEventsTest, ReleasesInOrderWhatIsDue) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  for (int run = 0; run < 300; ++run) {
    const int disorder = below(3) == 0 ? 30 : 1;
    WaitingEvents<Numbered> waiting;
    std::vector<Numbered> naive;
    int64_t clock = 0;
    int64_t watermark = 0;
    int number = 0;
    for (int round = 0; round < 20; ++round) {
      std::vector<Numbered> batch;
      for (int i = below(20); i > 0; --i) {
        clock += below(3);
        // Two events of one record share its place.
        const int64_t order = std::max(watermark, clock - below(disorder));
        for (int twin = below(2); twin >= 0; --twin) {
          batch.push_back({order, static_cast<uint64_t>(number - number % 2), number});
          ++number;
        }
      }
      waiting.Add(batch);
      naive.insert(naive.end(), batch.begin(), batch.end());
      watermark = round == 19 ? kNever : std::max<int64_t>(watermark, clock - below(20));
      const Place due{watermark, 0};
      std::vector<Numbered> expected;
      std::vector<Numbered> kept;
      for (const Numbered& event : naive) {
        (Place{event.order_us, event.position} < due ? expected : kept).push_back(event);
      }
      naive = kept;
      std::stable_sort(expected.begin(), expected.end(), [](const Numbered& a, const Numbered& b) {
        return Place{a.order_us, a.position} < Place{b.order_us, b.position};
      });
      const absl::Span<const Numbered> released = waiting.Release(due);
      ASSERT_EQ(released.size(), expected.size());
      for (size_t i = 0; i < released.size(); ++i) {
        EXPECT_EQ(released[i].number, expected[i].number);
      }
    }
    EXPECT_TRUE(naive.empty());
  }
}

}  // namespace
}  // namespace civlog
