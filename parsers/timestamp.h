// Times as logs write them, by arithmetic.

#ifndef CIVLOG_PARSERS_TIMESTAMP_H_
#define CIVLOG_PARSERS_TIMESTAMP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace civlog {

// How a field writes the time, or a part of it.
struct TimePart {
  enum class Kind : uint8_t {
    kClf,       // 10/Oct/2000:13:55:36 -0700 (Apache %t, nginx $time_local)
    kIso8601,   // 2000-10-10T13:55:36-07:00, with fraction and Z allowed
    kEpoch,     // seconds since 1970, a fraction allowed; scaled by `unit_us`
    kFraction,  // digits of a second's fraction
    kStrftime,  // `format`, a subset of strftime(3)
    kIsoDate,   // 2000-10-10
    kIsoClock,  // 13:55:36, with fraction allowed
    kAny,       // kClf, kIso8601 or kEpoch of any unit from seconds to nanoseconds
  };
  Kind kind = Kind::kClf;
  int64_t unit_us = 1'000'000;  // kEpoch: microseconds to the unit
  std::string format;           // kStrftime, as ExpandStrftime returns it
};

// The parts of one record's time, gathered over its fields.
struct TimeFields {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  int64_t fraction_us = 0;
  std::optional<int> offset_s;      // from UTC
  std::optional<int64_t> epoch_us;  // where the log gives that
  bool has_date = false;
  bool has_clock = false;
};

// Replaces conversions that stand for several (%T, %F, %c in the C locale, ...).
std::string ExpandStrftime(std::string_view format);
// True where an expanded format uses only what kStrftime reads.
bool IsStrftimeReadable(std::string_view format);
// The bytes that an expanded format always writes, 0 where that varies.
size_t StrftimeWidth(std::string_view format);

// Reads `text` into `*fields`. False where it is no such time; ranges (month, day of
// month, hour) are checked, offsets are quarter hours up to 14 hours, a leap second
// (:60) is read as the second after :59. Years 1970 to 2199.
bool ParseTimePart(const TimePart& part, std::string_view text, TimeFields* fields);

// Turns fields into microseconds since the epoch, remembering the last date and
// zone offset. Not thread-safe.
class TimeResolver {
 public:
  explicit TimeResolver(absl::TimeZone default_zone) : zone_(default_zone) {}

  // REQUIRES: epoch_us, or a date and a clock. A local time that a change to summer
  // time skips, or that the change back shows twice, is read with the offset before
  // the change.
  int64_t Resolve(const TimeFields& fields);

 private:
  absl::TimeZone zone_;
  int64_t date_key_ = -1;
  int64_t date_days_ = 0;
  int64_t hour_key_ = -1;  // of the local hour that hour_offset_s_ holds in
  int64_t hour_offset_s_ = 0;
  bool hour_is_plain_ = false;
};

// Remembers the minute of the last time that was written as Apache writes it, with an
// offset: most lines of a log share it with the line before. Not thread-safe.
class ClfMinute {
 public:
  static constexpr size_t kWidth = 26;  // of 10/Oct/2000:13:55:36 -0700

  // The time that `text` says, where its minute and offset are the remembered ones;
  // otherwise false, and nothing is known of it. Into its place, here and in Read: a
  // processor waits where it copies what it has just written in pieces, as an optional is.
  bool Find(std::string_view text, int64_t* time_us) const {
    if (text.size() != kWidth || std::memcmp(text.data(), text_.data(), kSecondAt) != 0 ||
        std::memcmp(text.data() + kOffsetAt, text_.data() + kOffsetAt, kWidth - kOffsetAt) != 0) {
      return false;
    }
    const auto tens = static_cast<unsigned>(text[kSecondAt] - '0');
    const auto ones = static_cast<unsigned>(text[kSecondAt + 1] - '0');
    if (tens > 5 || ones > 9) return false;
    *time_us = minute_us_ + static_cast<int64_t>(tens * 10 + ones) * 1'000'000;
    return true;
  }
  // `text` was read as `time_us`.
  void Remember(std::string_view text, int64_t time_us);
  // The time that `text` says, whatever its minute, which is remembered; false where it is
  // no time.
  bool Read(std::string_view text, TimeResolver* resolver, int64_t* time_us) {
    return Find(text, time_us) || ReadAnother(text, resolver, time_us);
  }

 private:
  bool ReadAnother(std::string_view text, TimeResolver* resolver, int64_t* time_us);

  static constexpr size_t kSecondAt = 18;
  static constexpr size_t kOffsetAt = 20;
  std::array<char, kWidth> text_{};
  int64_t minute_us_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_TIMESTAMP_H_
