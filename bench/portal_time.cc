#include "bench/portal_time.h"

#include <charconv>
#include <cstring>

namespace civlog::corpus {
namespace {

struct Date {
  int64_t year;
  uint32_t month;
  uint32_t day;
};

// Both ways between days since the epoch and the Gregorian calendar: Hinnant,
// "chrono-Compatible Low-Level Date Algorithms".
Date DateOfDay(int64_t day) {
  day += 719468;
  const int64_t era = day / 146097;
  const int64_t day_of_era = day - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), static_cast<uint32_t>(month),
          static_cast<uint32_t>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

int64_t DayOfDate(const Date& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t shifted = date.month > 2 ? date.month - 3 : date.month + 9;
  const int64_t day_of_year = (153 * shifted + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

char* WriteDigits(char* out, uint32_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

char* WriteClock(char* out, int64_t local) {
  const auto second = static_cast<uint32_t>(local % kDay);
  out = WriteDigits(out, second / 3600, 2);
  *out++ = ':';
  out = WriteDigits(out, second / 60 % 60, 2);
  *out++ = ':';
  return WriteDigits(out, second % 60, 2);
}

bool ReadNumber(std::string_view text, uint32_t* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

constexpr uint32_t kWeekday[24] = {9,  5,  3,   2,  2,  4,  11, 28, 58, 96, 104, 92,
                                   71, 94, 102, 98, 91, 83, 57, 46, 43, 40, 31,  18};
constexpr uint32_t kWeekend[24] = {8,  5,  3,  2,  2,  3,  6,  11, 20, 29, 35, 36,
                                   33, 35, 37, 36, 34, 32, 30, 31, 33, 31, 23, 14};

}  // namespace

void WriteLogTime(int64_t time, char* out) {
  constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const Date date = DateOfDay(PortalDay(time));
  out = WriteDigits(out, date.day, 2);
  *out++ = '/';
  std::memcpy(out, kMonths + size_t{3} * (date.month - 1), 3);
  out += 3;
  *out++ = '/';
  out = WriteDigits(out, static_cast<uint32_t>(date.year), 4);
  *out++ = ':';
  out = WriteClock(out, time + kZoneOffset);
  std::memcpy(out, " +0900", 6);
}

std::string IsoTime(int64_t time) {
  std::string text = "0000-00-00T00:00:00+09:00";
  const Date date = DateOfDay(PortalDay(time));
  WriteDigits(text.data(), static_cast<uint32_t>(date.year), 4);
  WriteDigits(text.data() + 5, date.month, 2);
  WriteDigits(text.data() + 8, date.day, 2);
  WriteClock(text.data() + 11, time + kZoneOffset);
  return text;
}

std::optional<int64_t> ParsePortalTime(std::string_view text) {
  uint32_t year = 0;
  uint32_t month = 0;
  uint32_t day = 0;
  uint32_t hour = 0;
  uint32_t minute = 0;
  if (text.size() != 10 && text.size() != 16) return std::nullopt;
  if (text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!ReadNumber(text.substr(0, 4), &year) || !ReadNumber(text.substr(5, 2), &month) ||
      !ReadNumber(text.substr(8, 2), &day)) {
    return std::nullopt;
  }
  if (text.size() == 16 &&
      (text[10] != 'T' || text[13] != ':' || !ReadNumber(text.substr(11, 2), &hour) ||
       !ReadNumber(text.substr(14, 2), &minute))) {
    return std::nullopt;
  }
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) {
    return std::nullopt;
  }
  return DayOfDate({year, month, day}) * kDay - kZoneOffset + hour * kHour + minute * 60;
}

uint32_t BusynessAt(int64_t time) {
  const int64_t weekday = (PortalDay(time) + 3) % 7;  // 0: Monday
  const auto hour = static_cast<size_t>((time + kZoneOffset) % kDay / kHour);
  return weekday < 5 ? kWeekday[hour] : kWeekend[hour];
}

}  // namespace civlog::corpus
