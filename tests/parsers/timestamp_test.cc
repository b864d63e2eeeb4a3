#include "parsers/timestamp.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

TimePart Part(TimePart::Kind kind, int64_t unit_us = 1'000'000) {
  TimePart part;
  part.kind = kind;
  part.unit_us = unit_us;
  return part;
}

TimePart Strftime(const std::string& format) {
  TimePart part = Part(TimePart::Kind::kStrftime);
  part.format = ExpandStrftime(format);
  return part;
}

// In UTC with microseconds where there are any, "bad" for what is no time.
std::string Read(const TimePart& part, const std::string& text) {
  TimeFields fields;
  if (!ParseTimePart(part, text, &fields)) return "bad";
  TimeResolver resolver(absl::UTCTimeZone());
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", absl::FromUnixMicros(resolver.Resolve(fields)),
                          absl::UTCTimeZone());
}

struct TimeCase {
  TimePart part;
  std::string text;
  std::string expected;
};

TEST(TimestampTest, Table) {
  const TimePart clf = Part(TimePart::Kind::kClf);
  const TimePart iso = Part(TimePart::Kind::kIso8601);
  const TimePart seconds = Part(TimePart::Kind::kEpoch);
  const TimePart millis = Part(TimePart::Kind::kEpoch, 1000);
  const TimePart micros = Part(TimePart::Kind::kEpoch, 1);
  const std::vector<TimeCase> cases = {
      {clf, "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36"},
      {clf, "01/Jan/1970:00:00:00 +0000", "1970-01-01T00:00:00"},
      {clf, "31/Dec/2199:23:59:59 +0000", "2199-12-31T23:59:59"},
      {clf, "29/Feb/2000:00:00:00 +0000", "2000-02-29T00:00:00"},
      {clf, "29/Feb/2024:12:00:00 +1400", "2024-02-28T22:00:00"},
      {clf, "31/Dec/2016:23:59:60 +0000", "2017-01-01T00:00:00"},
      {clf, "10/Oct/2000:13:55:36 +0545", "2000-10-10T08:10:36"},
      {clf, "10/Oct/2000:13:55:36 -0930", "2000-10-10T23:25:36"},
      {clf, "10/Oct/2000:13:55:36", "2000-10-10T13:55:36"},
      {clf, "31/Dec/1969:23:59:59 +0000", "bad"},
      {clf, "01/Jan/2200:00:00:00 +0000", "bad"},
      {clf, "29/Feb/1900:00:00:00 +0000", "bad"},
      {clf, "29/Feb/2100:00:00:00 +0000", "bad"},
      {clf, "31/Apr/2000:00:00:00 +0000", "bad"},
      {clf, "00/Oct/2000:13:55:36 +0000", "bad"},
      {clf, "10/oct/2000:13:55:36 +0000", "bad"},
      {clf, "10/Oct/2000:24:00:00 +0000", "bad"},
      {clf, "10/Oct/2000:13:60:36 +0000", "bad"},
      {clf, "10/Oct/2000:13:55:61 +0000", "bad"},
      {clf, "10/Oct/2000:13:55:36 +1415", "bad"},
      {clf, "10/Oct/2000:13:55:36 +0010", "bad"},
      {clf, "10/Oct/2000:13:55:36 0000", "bad"},
      {clf, "10/Oct/2000:13:55:36 +0000x", "bad"},
      {clf, "10/Oct/2000:13:55", "bad"},
      {clf, "", "bad"},
      {iso, "2026-11-16T09:00:00+09:00", "2026-11-16T00:00:00"},
      {iso, "2026-11-16T09:00:00+0900", "2026-11-16T00:00:00"},
      {iso, "2026-11-16T09:00:00.123456789Z", "2026-11-16T09:00:00.123456"},
      {iso, "2026-11-16 09:00:00.5", "2026-11-16T09:00:00.5"},
      {iso, "2026-11-16T09:00:00.Z", "bad"},
      {iso, "2026-13-16T09:00:00Z", "bad"},
      {iso, "2026-11-16", "bad"},
      {seconds, "0", "1970-01-01T00:00:00"},
      {seconds, "1700000000.25", "2023-11-14T22:13:20.25"},
      {seconds, "7258118399", "2199-12-31T23:59:59"},
      {seconds, "7258118400", "bad"},
      {seconds, "-1", "bad"},
      {seconds, "1700000000.", "bad"},
      {seconds, "99999999999999999999999", "bad"},
      {millis, "1700000000250", "2023-11-14T22:13:20.25"},
      {millis, "1700000000250.125", "2023-11-14T22:13:20.250125"},
      {micros, "1700000000250001", "2023-11-14T22:13:20.250001"},
      {Strftime("%Y-%m-%dT%H:%M:%S%z"), "2026-11-16T09:00:00+0900", "2026-11-16T00:00:00"},
      {Strftime("%d/%b/%Y:%T %z"), "16/Nov/2026:09:00:00 -0500", "2026-11-16T14:00:00"},
      {Strftime("%F %T"), "2026-11-16 09:00:00", "2026-11-16T09:00:00"},
      {Strftime("%D %r"), "11/16/26 12:00:01 AM", "2026-11-16T00:00:01"},
      {Strftime("%D %I:%M %p"), "11/16/26 12:30 PM", "2026-11-16T12:30:00"},
      {Strftime("%c"), "Mon Nov  6 09:00:00 2026", "2026-11-06T09:00:00"},
      {Strftime("%s"), "1700000000", "2023-11-14T22:13:20"},
      {Strftime("%a, %d %b %Y %H:%M:%S %Z"), "Mon, 16 Nov 2026 09:00:00 GMT",
       "2026-11-16T09:00:00"},
      {Strftime("%F %T"), "2026-02-29 09:00:00", "bad"},
      {Strftime("%F %T"), "2026-11-16 09:00:00 ", "bad"},
  };
  for (const TimeCase& c : cases) {
    EXPECT_EQ(Read(c.part, c.text), c.expected) << c.text << " by " << c.part.format;
  }
}

TEST(TimestampTest, WidthsOfStrftime) {
  EXPECT_EQ(StrftimeWidth(ExpandStrftime("%Y%m%d")), 8u);
  EXPECT_EQ(StrftimeWidth(ExpandStrftime("%d/%b/%Y %T %z")), 26u);
  EXPECT_EQ(StrftimeWidth(ExpandStrftime("%A %F")), 0u);
  EXPECT_FALSE(IsStrftimeReadable(ExpandStrftime("%F %Q")));
  EXPECT_FALSE(IsStrftimeReadable("%"));
}

// A random second of 1970 to 2199.
int64_t RandomSecond(std::mt19937_64* random) {
  return std::uniform_int_distribution<int64_t>(14 * 3600, 7'258'118'399 - 14 * 3600)(*random);
}

TEST(TimestampTest, AgreesWithAbseil) {
  constexpr uint64_t kSeed = 20261116;
  std::mt19937_64 random(kSeed);
  TimeResolver cached(absl::UTCTimeZone());
  const std::string kFormat = "%d/%b/%Y:%H:%M:%S %z";
  absl::Time base = absl::UnixEpoch();
  for (int i = 0; i < 20'000; ++i) {
    // Runs of neighbouring times, as logs have them.
    if (i % 10 == 0) base = absl::FromUnixSeconds(RandomSecond(&random));
    const int quarters = std::uniform_int_distribution<int>(-56, 56)(random);
    const absl::TimeZone zone = absl::FixedTimeZone(quarters * 900);
    const std::string text = absl::FormatTime(kFormat, base + absl::Minutes(i % 10 * 37), zone);
    absl::Time expected;
    std::string error;
    ASSERT_TRUE(absl::ParseTime(kFormat, text, &expected, &error)) << text << error;
    TimeFields fields;
    ASSERT_TRUE(ParseTimePart(Part(TimePart::Kind::kClf), text, &fields)) << text;
    ASSERT_EQ(cached.Resolve(fields), absl::ToUnixMicros(expected)) << text << " seed " << kSeed;
  }
}

// The offset that is remembered for an hour must be that of a resolver which
// remembers nothing, also on days when the clocks change.
TEST(TimestampTest, RememberingMakesNoDifference) {
  constexpr uint64_t kSeed = 7;
  for (const char* name : {"Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe", "America/St_Johns",
                           "Africa/Casablanca"}) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    std::mt19937_64 random(kSeed);
    TimeResolver cached(zone);
    for (int month = 1; month <= 12; ++month) {
      for (int i = 0; i < 4'000; ++i) {
        TimeFields fields;
        fields.year = 2026;
        fields.month = month;
        fields.day = std::uniform_int_distribution<int>(1, 28)(random);
        fields.hour = std::uniform_int_distribution<int>(0, 5)(random);
        fields.minute = std::uniform_int_distribution<int>(0, 59)(random);
        fields.has_date = fields.has_clock = true;
        const absl::CivilSecond civil(2026, month, fields.day, fields.hour, fields.minute, 0);
        const int64_t expected = absl::ToUnixMicros(zone.At(civil).pre);
        ASSERT_EQ(TimeResolver(zone).Resolve(fields), expected) << name << " " << civil;
        ASSERT_EQ(cached.Resolve(fields), expected) << name << " " << civil << " seed " << kSeed;
      }
    }
  }
}

TEST(TimestampTest, AnyBytesAreATimeOrNot) {
  constexpr uint64_t kSeed = 99;
  std::mt19937_64 random(kSeed);
  const std::string good = "10/Oct/2000:13:55:36 -0700";
  absl::Time time;
  std::string error;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = good;
    text[random() % text.size()] = "0123456789/:+- ONJabc"[random() % 21];
    TimeFields fields;
    if (!ParseTimePart(Part(TimePart::Kind::kClf), text, &fields)) continue;
    ASSERT_TRUE(absl::ParseTime("%d/%b/%Y:%H:%M:%S %z", text, &time, &error)) << text << error;
    TimeResolver resolver(absl::UTCTimeZone());
    EXPECT_EQ(resolver.Resolve(fields), absl::ToUnixMicros(time)) << text;
  }
}

// What the remembered minute says is what reading the text says.
TEST(TimestampTest, ARememberedMinuteSaysWhatTheTextSays) {
  constexpr uint64_t kSeed = 7;
  std::mt19937_64 random(kSeed);
  const auto read = [](std::string_view text) -> std::optional<int64_t> {
    TimeFields fields;
    if (!ParseTimePart(Part(TimePart::Kind::kClf), text, &fields)) return std::nullopt;
    return TimeResolver(absl::UTCTimeZone()).Resolve(fields);
  };
  ClfMinute minute;
  int64_t known_us = 0;
  EXPECT_FALSE(minute.Find("10/Oct/2000:13:55:36 -0700", &known_us));
  int found = 0;
  for (const char* remembered : {"10/Oct/2000:13:55:36 -0700", "31/Dec/2026:23:59:60 +0900",
                                 "10/Oct/2000:13:55:36.12345", " 1/Jan/2026:00:00:00 +0000"}) {
    minute.Remember(remembered, *read(remembered));
    for (int i = 0; i < 20'000; ++i) {
      std::string text = remembered;
      for (int change = 0; change < 2; ++change) {
        const size_t at = random() % 2 == 0 ? 18 + random() % 2 : random() % text.size();
        text[at] = "0123456789/:+- ONJ"[random() % 18];
      }
      if (!minute.Find(text, &known_us)) continue;
      ++found;
      ASSERT_EQ(known_us, read(text)) << text << " after " << remembered;
    }
  }
  EXPECT_GT(found, 1000);
}

}  // namespace
}  // namespace civlog
