#include "engine/calendar.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <vector>

#include "absl/time/civil_time.h"

namespace civlog {
namespace {

// Whatever was asked before: what is remembered of an hour must not outlive a change of
// the clock in the middle of it, such as that of Caracas from 02:30 to 03:00 in 2016.
TEST(CalendarTest, AnswersDoNotDependOnWhatWasAskedBefore) {
  struct Change {
    const char* zone;
    absl::CivilSecond around;
  };
  for (const Change& change :
       {Change{"America/St_Johns", absl::CivilSecond(2010, 11, 7, 0, 1, 0)},
        Change{"America/St_Johns", absl::CivilSecond(2010, 3, 14, 0, 1, 0)},
        Change{"Australia/Lord_Howe", absl::CivilSecond(2026, 4, 5, 2, 0, 0)},
        Change{"Australia/Lord_Howe", absl::CivilSecond(2026, 10, 4, 2, 0, 0)},
        Change{"Europe/Berlin", absl::CivilSecond(2026, 10, 25, 3, 0, 0)},
        Change{"America/Caracas", absl::CivilSecond(2016, 5, 1, 3, 0, 0)},
        Change{"Asia/Seoul", absl::CivilSecond(2026, 11, 16, 0, 0, 0)}}) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(change.zone, &zone));
    const int64_t middle = absl::ToUnixMicros(absl::FromCivil(change.around, zone));
    std::vector<int64_t> times;
    for (int64_t minute = -180; minute <= 180; ++minute) {
      times.push_back(middle + minute * 60 * kMicrosPerSecond);
      times.push_back(times.back() - 1);
    }
    std::sort(times.begin(), times.end());
    std::mt19937 random(1);
    for (int run = 0; run < 3; ++run) {
      Calendar calendar(zone);
      for (const int64_t time_us : times) {
        EXPECT_EQ(calendar.HourOf(time_us), Calendar(zone).HourOf(time_us)) << change.zone;
        EXPECT_EQ(calendar.WeekOf(time_us), Calendar(zone).WeekOf(time_us)) << change.zone;
        const HourId hour = calendar.HourOf(time_us);
        EXPECT_EQ(calendar.HourOf(calendar.TimeIn(hour)), hour) << change.zone;
      }
      std::shuffle(times.begin(), times.end(), random);
    }
  }
}

// A clock that was never set shows the first hours of 1970, which are before the epoch in
// Seoul.
TEST(CalendarTest, HoursBeforeTheEpoch) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &zone));
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(1970, 1, 1), zone);
  const int64_t midnight_us = absl::ToUnixMicros(midnight);
  Calendar calendar(zone);
  EXPECT_EQ(calendar.HourOf(midnight_us), -36);
  EXPECT_EQ(calendar.HourOf(midnight_us + kMicrosPerHour - 1), -36);
  EXPECT_EQ(calendar.HourOf(midnight_us - 1), -40);
  EXPECT_EQ(Calendar::TimeOf(-36), midnight);
  EXPECT_EQ(calendar.DayOf(midnight_us), 0);
  EXPECT_EQ(calendar.DayOf(midnight_us - 1), -1);
  EXPECT_EQ(FirstHourIdFrom(midnight_us - 1), -36);
  EXPECT_EQ(FirstHourIdFrom(midnight_us), -36);
  EXPECT_EQ(FirstHourIdFrom(midnight_us + 1), -35);
  EXPECT_EQ(FirstHourIdFrom(1), 1);
}

}  // namespace
}  // namespace civlog
