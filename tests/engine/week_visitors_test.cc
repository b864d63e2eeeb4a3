#include "engine/week_visitors.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "engine/event.h"
#include "engine/state_archive.h"

namespace civlog {
namespace {

constexpr ServiceId kService = 3;

// What is beyond those is counted apart.
VisitorLimits FewLimits() {
  VisitorLimits limits;
  limits.exact_visitors = 2;
  limits.exact_service_visitors = 1;
  return limits;
}

void CountVisitors(uint64_t first, uint64_t behind, WeekVisitors* week) {
  for (uint64_t id = first; id < behind; ++id) {
    const uint64_t hash = MixBits(id + 1);
    week->CountView(hash, week->Count(hash), kService);
  }
}

DistinctCount VisitorsOfService(const WeekVisitors& week) {
  const VisitorSet& set = week.by_service().at(kService);
  const DistinctCounter* const rest = set.rest();
  DistinctCount count = DistinctCounter::Count({&rest, rest != nullptr ? size_t{1} : size_t{0}});
  count.count += set.numbered();
  return count;
}

std::string StateOf(WeekVisitors* week) {
  StateWriter writer;
  writer(*week);
  return writer.Take();
}

// A few beyond the bounds are exact, more are an estimate.
constexpr uint64_t kFew = 20;
constexpr uint64_t kMany = 400;

TEST(WeekVisitorsTest, CountsBeyondItsBounds) {
  WeekVisitors week(FewLimits());
  CountVisitors(0, 1, &week);
  EXPECT_EQ(week.by_service().at(kService).rest(), nullptr);
  CountVisitors(0, kFew, &week);
  EXPECT_EQ(week.numbered(), 2U);
  EXPECT_EQ(week.by_service().at(kService).numbered(), 1U);
  EXPECT_EQ(VisitorsOfService(week).count, kFew);
  EXPECT_TRUE(VisitorsOfService(week).exact);
  CountVisitors(0, kMany, &week);
  EXPECT_FALSE(VisitorsOfService(week).exact);
  // Low, as all are of one shard.
  EXPECT_GT(VisitorsOfService(week).count, kMany / 2);
  EXPECT_LE(VisitorsOfService(week).count, kMany);
}

// A copy, and what is read from a store, need nothing of what they were made of.
TEST(WeekVisitorsTest, GoesOnWithoutItsOriginal) {
  WeekVisitors whole(FewLimits());
  CountVisitors(0, kMany, &whole);
  const std::string expected = StateOf(&whole);

  auto original = std::make_unique<WeekVisitors>(FewLimits());
  CountVisitors(0, kFew, original.get());
  WeekVisitors copy(*original);
  const std::string state = StateOf(original.get());
  CountVisitors(kFew, 2 * kMany, original.get());
  original.reset();
  CountVisitors(kFew, kMany, &copy);
  EXPECT_EQ(StateOf(&copy), expected);

  WeekVisitors read(FewLimits());
  StateReader reader(state);
  reader(read);
  ASSERT_TRUE(reader.complete());
  CountVisitors(kFew, kMany, &read);
  EXPECT_EQ(StateOf(&read), expected);
}

}  // namespace
}  // namespace civlog
