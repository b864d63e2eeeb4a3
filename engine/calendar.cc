#include "engine/calendar.h"

#include <algorithm>
#include <limits>

#include "absl/time/civil_time.h"

namespace civlog {

void Calendar::FindOffset(int64_t time_us) {
  const absl::Time time = absl::FromUnixMicros(time_us);
  offset_us_ = zone_.At(time).offset * kMicrosPerSecond;
  absl::TimeZone::CivilTransition transition;
  // `trans` is the instant of the change also where the clock shows `to` twice.
  offset_end_us_ = zone_.NextTransition(time, &transition)
                       ? absl::ToUnixMicros(zone_.At(transition.to).trans)
                       : std::numeric_limits<int64_t>::max();
  offset_begin_us_ = time_us;
}

int64_t Calendar::LocalOf(int64_t time_us) {
  if (time_us < offset_begin_us_ || time_us >= offset_end_us_) FindOffset(time_us);
  return time_us + offset_us_;
}

void Calendar::FindHour(int64_t time_us) {
  const int64_t local = LocalOf(time_us);
  const int64_t begin = FloorDivide(local, kMicrosPerHour) * kMicrosPerHour - offset_us_;
  hour_ = static_cast<HourId>(FloorDivide(begin, kMicrosPerHourId));
  // Only where this offset is known to hold.
  hour_begin_us_ = std::max(begin, offset_begin_us_);
  hour_end_us_ = std::min(begin + kMicrosPerHour, offset_end_us_);
}

void Calendar::FindDay(int64_t time_us) {
  constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
  day_ = static_cast<int32_t>(FloorDivide(LocalOf(time_us), kMicrosPerDay));
  // Only where this offset is known to hold.
  const int64_t begin = day_ * kMicrosPerDay - offset_us_;
  day_begin_us_ = std::max(begin, offset_begin_us_);
  day_end_us_ = std::min(begin + kMicrosPerDay, offset_end_us_);
}

void Calendar::FindWeek(int64_t time_us) {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(time_us), zone_);
  const absl::CivilDay epoch_monday(1969, 12, 29);
  week_ = static_cast<int32_t>(FloorDivide(day - epoch_monday, 7));
  const absl::CivilDay monday = epoch_monday + 7 * static_cast<absl::civil_diff_t>(week_);
  week_begin_us_ = absl::ToUnixMicros(absl::FromCivil(monday, zone_));
  week_end_us_ = absl::ToUnixMicros(absl::FromCivil(monday + 7, zone_));
}

int64_t Calendar::SinceWeekBegan(int64_t time_us) {
  WeekOf(time_us);
  return time_us - week_begin_us_;
}

}  // namespace civlog
