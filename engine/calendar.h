// Hours, days and ISO weeks of the portal's time zone, fast.

#ifndef CIVLOG_ENGINE_CALENDAR_H_
#define CIVLOG_ENGINE_CALENDAR_H_

#include <cstdint>

#include "absl/time/time.h"

namespace civlog {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerHour = 3600 * kMicrosPerSecond;

// a / b, rounded down. REQUIRES: b > 0.
inline int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// An hour of the portal's clock, named by its first instant in quarter hours since
// the Unix epoch: zones are offset from UTC by multiples of 15 minutes, and an hour
// that the clock passes twice is two hours. East of Greenwich the first hours of 1970,
// which clocks that were never set show, are before the epoch.
using HourId = int32_t;
inline constexpr int64_t kMicrosPerHourId = kMicrosPerHour / 4;
// The first HourId that begins at or after the time.
inline int64_t FirstHourIdFrom(int64_t time_us) {
  return FloorDivide(time_us, kMicrosPerHourId) + (time_us % kMicrosPerHourId != 0 ? 1 : 0);
}

// Remembers the zone's current offset and week, so that most calls cost a
// comparison. Times are microseconds since the Unix epoch. Not thread-safe; cheap
// to copy.
class Calendar {
 public:
  explicit Calendar(absl::TimeZone zone) : zone_(zone) {}

  HourId HourOf(int64_t time_us) {
    if (time_us < hour_begin_us_ || time_us >= hour_end_us_) FindHour(time_us);
    return hour_;
  }
  // A time within it: the first one, or, where the clock is set in the middle of an hour, to
  // which it then belongs, the last.
  int64_t TimeIn(HourId hour) {
    const int64_t begin_us = hour * kMicrosPerHourId;
    return HourOf(begin_us) == hour ? begin_us : begin_us + kMicrosPerHour - 1;
  }
  // What the zone's clock shows then, as microseconds since it showed 1970-01-01.
  int64_t LocalOf(int64_t time_us);
  // ISO weeks (Monday to Sunday) counted from the one of 1 January 1970.
  int32_t WeekOf(int64_t time_us) {
    if (time_us < week_begin_us_ || time_us >= week_end_us_) FindWeek(time_us);
    return week_;
  }
  // Days of the zone's clock, counted from 1 January 1970.
  int32_t DayOf(int64_t time_us) {
    if (time_us < day_begin_us_ || time_us >= day_end_us_) FindDay(time_us);
    return day_;
  }
  // The day that the week begins with.
  static int32_t MondayOf(int32_t week) { return week * 7 - 3; }
  // Microseconds since the first instant of the week that `time_us` is in.
  int64_t SinceWeekBegan(int64_t time_us);

  // Its first instant as if the clock were not set in it.
  static absl::Time TimeOf(HourId hour) { return absl::FromUnixMicros(hour * kMicrosPerHourId); }

 private:
  void FindOffset(int64_t time_us);
  void FindHour(int64_t time_us);
  void FindDay(int64_t time_us);
  void FindWeek(int64_t time_us);

  absl::TimeZone zone_;
  int64_t offset_us_ = 0;
  int64_t offset_begin_us_ = 0;  // the offset holds in [begin, end)
  int64_t offset_end_us_ = 0;
  HourId hour_ = 0;
  int64_t hour_begin_us_ = 0;
  int64_t hour_end_us_ = 0;
  int32_t day_ = 0;
  int64_t day_begin_us_ = 0;
  int64_t day_end_us_ = 0;
  int32_t week_ = 0;
  int64_t week_begin_us_ = 0;
  int64_t week_end_us_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CALENDAR_H_
