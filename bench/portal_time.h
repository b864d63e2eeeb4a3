// The demonstration portal's clock: Korea's, UTC+9 without summer time.
//
// Times are seconds since the Unix epoch.

#ifndef CIVLOG_BENCH_PORTAL_TIME_H_
#define CIVLOG_BENCH_PORTAL_TIME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace civlog::corpus {

inline constexpr int64_t kZoneOffset = 9 * 3600;
inline constexpr int64_t kHour = 3600;
inline constexpr int64_t kDay = 24 * kHour;

// Length of "16/Nov/2026:00:00:00 +0900".
inline constexpr size_t kLogTimeLength = 26;
// Writes kLogTimeLength bytes: the time as Apache's %t has it, without brackets.
void WriteLogTime(int64_t time, char* out);

// "2026-11-16T00:00:00+09:00".
std::string IsoTime(int64_t time);

// Reads "2026-11-16" or "2026-11-16T23:00" on the portal's clock.
std::optional<int64_t> ParsePortalTime(std::string_view text);

inline int64_t PortalDay(int64_t time) { return (time + kZoneOffset) / kDay; }
// ISO weeks (Monday to Sunday) since the one of 1 January 1970, a Thursday.
inline int64_t PortalWeek(int64_t time) { return (PortalDay(time) + 3) / 7; }
inline int64_t WeekStart(int64_t week) { return (week * 7 - 3) * kDay - kZoneOffset; }

// How busy the portal is in the hour of `time`, relative to its other hours: quiet
// nights, a peak before and after lunch, weekends at well under half.
uint32_t BusynessAt(int64_t time);

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_PORTAL_TIME_H_
