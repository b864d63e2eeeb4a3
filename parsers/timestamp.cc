#include "parsers/timestamp.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace civlog {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads a text from the left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool Literal(char c) {
    if (peek() != c || done()) return false;
    ++at_;
    return true;
  }
  // Exactly `digits` digits.
  bool Number(int digits, int* value) {
    if (text_.size() - at_ < static_cast<size_t>(digits)) return false;
    *value = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = text_[at_++];
      if (!IsDigit(c)) return false;
      *value = *value * 10 + (c - '0');
    }
    return true;
  }
  // One or two digits, or a space and one.
  bool ShortNumber(int* value) {
    Literal(' ');
    if (!IsDigit(peek())) return false;
    *value = 0;
    for (int i = 0; i < 2 && IsDigit(peek()); ++i) *value = *value * 10 + (text_[at_++] - '0');
    return true;
  }
  bool Month(int* value) {
    const std::string_view name = text_.substr(at_, 3);
    for (size_t i = 0; i < kMonths.size(); ++i) {
      if (kMonths[i] == name) {
        *value = static_cast<int>(i) + 1;
        at_ += 3;
        return true;
      }
    }
    return false;
  }
  // Digits of a fraction, as microseconds; more than six are cut.
  bool Fraction(int64_t* us) {
    *us = 0;
    int digits = 0;
    for (; IsDigit(peek()); ++at_, ++digits) {
      if (digits < 6) *us = *us * 10 + (text_[at_] - '0');
    }
    for (int i = digits; i < 6; ++i) *us *= 10;
    return digits > 0;
  }
  // "Z", "+hh:mm", "-hhmm" or "+hh".
  bool Offset(std::optional<int>* seconds) {
    if (Literal('Z')) {
      *seconds = 0;
      return true;
    }
    const char sign = peek();
    if (sign != '+' && sign != '-') return false;
    ++at_;
    int hours = 0;
    int minutes = 0;
    if (!Number(2, &hours)) return false;
    if (!done()) {
      Literal(':');
      if (!Number(2, &minutes)) return false;
    }
    if (minutes > 59 || minutes % 15 != 0 || hours * 60 + minutes > 14 * 60) return false;
    *seconds = (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
  }
  std::string_view Word() {
    const size_t begin = at_;
    while (!done() && ((peek() | 0x20) >= 'a' && (peek() | 0x20) <= 'z')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool DateIsValid(const TimeFields& f) {
  return f.year >= 1970 && f.year <= 2199 && f.month >= 1 && f.month <= 12 && f.day >= 1 &&
         f.day <= DaysInMonth(f.year, f.month);
}

bool ClockIsValid(const TimeFields& f) { return f.hour <= 23 && f.minute <= 59 && f.second <= 60; }

bool ParseClock(Scanner* s, TimeFields* f) {
  return s->Number(2, &f->hour) && s->Literal(':') && s->Number(2, &f->minute) && s->Literal(':') &&
         s->Number(2, &f->second);
}

bool ParseClf(std::string_view text, TimeFields* f) {
  Scanner s(text);
  f->has_date = f->has_clock = true;
  if (!s.ShortNumber(&f->day) || !s.Literal('/') || !s.Month(&f->month) || !s.Literal('/') ||
      !s.Number(4, &f->year) || !s.Literal(':') || !ParseClock(&s, f)) {
    return false;
  }
  if (s.Literal('.') && !s.Fraction(&f->fraction_us)) return false;
  if (s.Literal(' ') && !s.Offset(&f->offset_s)) return false;
  return s.done() && DateIsValid(*f) && ClockIsValid(*f);
}

bool ParseIso8601(std::string_view text, TimeFields* f) {
  Scanner s(text);
  f->has_date = f->has_clock = true;
  if (!s.Number(4, &f->year) || !s.Literal('-') || !s.Number(2, &f->month) || !s.Literal('-') ||
      !s.Number(2, &f->day) || (!s.Literal('T') && !s.Literal(' ')) || !ParseClock(&s, f)) {
    return false;
  }
  if ((s.Literal('.') || s.Literal(',')) && !s.Fraction(&f->fraction_us)) return false;
  if (!s.done() && !s.Offset(&f->offset_s)) return false;
  return s.done() && DateIsValid(*f) && ClockIsValid(*f);
}

bool ParseIsoDate(std::string_view text, TimeFields* f) {
  Scanner s(text);
  f->has_date = true;
  return s.Number(4, &f->year) && s.Literal('-') && s.Number(2, &f->month) && s.Literal('-') &&
         s.Number(2, &f->day) && s.done() && DateIsValid(*f);
}

bool ParseIsoClock(std::string_view text, TimeFields* f) {
  Scanner s(text);
  f->has_clock = true;
  if (!ParseClock(&s, f)) return false;
  if (s.Literal('.') && !s.Fraction(&f->fraction_us)) return false;
  return s.done() && ClockIsValid(*f);
}

bool ParseEpoch(std::string_view text, int64_t unit_us, TimeFields* f) {
  constexpr size_t kMostDigits = 17;
  constexpr int64_t kMillion = 1'000'000;
  constexpr int64_t kYear2200 = 7'258'118'400;
  int64_t whole = 0;
  size_t i = 0;
  for (; i < text.size() && IsDigit(text[i]) && i <= kMostDigits; ++i) {
    whole = whole * 10 + (text[i] - '0');
  }
  if (i == 0 || i > kMostDigits) return false;
  int64_t fraction = 0;  // of a unit, in millionths
  if (i < text.size()) {
    Scanner s(text.substr(i));
    if (!s.Literal('.') || !s.Fraction(&fraction) || !s.done()) return false;
  }
  if (whole >= kYear2200 * (kMillion / unit_us)) return false;
  f->epoch_us = whole * unit_us + fraction * unit_us / kMillion;
  return true;
}

// Seconds have ten digits between 2001 and 2286, the smaller units three more each.
bool ParseEpochOfAnyUnit(std::string_view text, TimeFields* f) {
  const size_t point = std::min(text.find('.'), text.size());
  constexpr size_t kFewestDigits = 9;  // 1973: what is less is a duration, or a date
  if (point < kFewestDigits) return false;
  if (point <= 11) return ParseEpoch(text, 1'000'000, f);
  if (point <= 14) return ParseEpoch(text, 1'000, f);
  if (point <= 17) return ParseEpoch(text.substr(0, point), 1, f);
  if (point != 19) return false;
  return ParseEpoch(text.substr(0, 16), 1, f) &&
         text.substr(16).find_first_not_of("0123456789") == std::string_view::npos;
}

bool ParseAny(std::string_view text, TimeFields* f) {
  if (text.size() > 4 && text[4] == '-') return ParseIso8601(text, f);
  if (text.find('/') == std::string_view::npos) return ParseEpochOfAnyUnit(text, f);
  const bool brackets = text.starts_with('[') && text.ends_with(']');
  return ParseClf(brackets ? text.substr(1, text.size() - 2) : text, f);
}

bool ParseDirective(char directive, Scanner* s, TimeFields* f, bool* pm) {
  int ignored = 0;
  switch (directive) {
    case 'Y':
      f->has_date = true;
      return s->Number(4, &f->year);
    case 'y':
      f->has_date = true;
      if (!s->Number(2, &f->year)) return false;
      f->year += f->year < 69 ? 2000 : 1900;  // POSIX strptime
      return true;
    case 'm':
      return s->Number(2, &f->month);
    case 'd':
    case 'e':
      return s->ShortNumber(&f->day);
    case 'b':
    case 'h':
      return s->Month(&f->month);
    case 'H':
    case 'k':
      f->has_clock = true;
      return s->ShortNumber(&f->hour);
    case 'I':
    case 'l':
      f->has_clock = true;
      return s->ShortNumber(&f->hour) && f->hour >= 1 && f->hour <= 12;
    case 'M':
      return s->Number(2, &f->minute);
    case 'S':
      return s->Number(2, &f->second);
    case 'j':
      return s->Number(3, &ignored);
    case 'z':
      return s->Offset(&f->offset_s);
    case 'Z': {
      // Other abbreviations are ambiguous: the default zone is taken.
      const std::string_view zone = s->Word();
      if (zone == "UTC" || zone == "GMT") f->offset_s = 0;
      return !zone.empty();
    }
    case 'a':
    case 'A':
      return !s->Word().empty();
    case 'p': {
      const std::string_view half = s->Word();
      *pm = half == "PM" || half == "pm";
      return *pm || half == "AM" || half == "am";
    }
    default:
      return false;
  }
}

bool ParseStrftime(std::string_view format, std::string_view text, TimeFields* f) {
  Scanner s(text);
  bool pm = false;
  bool twelve = false;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      if (!s.Literal(format[i])) return false;
      continue;
    }
    const char directive = format[++i];
    twelve = twelve || directive == 'I' || directive == 'l';
    if (directive == 's') {
      int64_t seconds = 0;
      if (!IsDigit(s.peek())) return false;
      for (int digit = 0; IsDigit(s.peek()); seconds = seconds * 10 + digit) {
        if (!s.Number(1, &digit) || seconds > 100'000'000'000) return false;
      }
      f->epoch_us = seconds * 1'000'000;
    } else if (directive == '%') {
      if (!s.Literal('%')) return false;
    } else if (!ParseDirective(directive, &s, f, &pm)) {
      return false;
    }
  }
  if (twelve) f->hour = f->hour % 12 + (pm ? 12 : 0);
  return s.done() && (!f->has_date || DateIsValid(*f)) && ClockIsValid(*f);
}

// Days since the epoch of a Gregorian date (Hinnant, "chrono-compatible low-level
// date algorithms").
int64_t DaysFromCivil(int year, int month, int day) {
  const int y = year - (month <= 2 ? 1 : 0);
  const int era = y / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return int64_t{era} * 146097 + day_of_era - 719468;
}

}  // namespace

std::string ExpandStrftime(std::string_view format) {
  struct Composite {
    char conversion;
    std::string_view stands_for;
  };
  constexpr Composite kComposites[] = {
      {'T', "%H:%M:%S"},    {'R', "%H:%M"},    {'F', "%Y-%m-%d"}, {'D', "%m/%d/%y"},
      {'r', "%I:%M:%S %p"}, {'X', "%H:%M:%S"}, {'x', "%m/%d/%y"}, {'c', "%a %b %e %H:%M:%S %Y"},
      {'n', "\n"},          {'t', "\t"}};
  std::string expanded;
  for (size_t i = 0; i < format.size(); ++i) {
    std::string_view piece = format.substr(i, format[i] == '%' ? 2 : 1);
    if (piece.size() == 2) ++i;
    for (const Composite& composite : kComposites) {
      if (piece.size() == 2 && piece[1] == composite.conversion) piece = composite.stands_for;
    }
    expanded += piece;
  }
  return expanded;
}

bool IsStrftimeReadable(std::string_view format) {
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) return false;
    if (std::string_view("YymdebhHkIlMSjzZaAps%").find(format[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

size_t StrftimeWidth(std::string_view format) {
  size_t width = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      ++width;
      continue;
    }
    const char conversion = ++i < format.size() ? format[i] : '\0';
    if (conversion == '%') {
      ++width;
    } else if (conversion == 'Y') {
      width += 4;
    } else if (conversion == 'z') {
      width += 5;
    } else if (std::string_view("bhaj").find(conversion) != std::string_view::npos) {
      width += 3;
    } else if (std::string_view("ymdeHkIlMSp").find(conversion) != std::string_view::npos) {
      width += 2;
    } else {
      return 0;
    }
  }
  return width;
}

bool ParseTimePart(const TimePart& part, std::string_view text, TimeFields* fields) {
  switch (part.kind) {
    case TimePart::Kind::kClf:
      return ParseClf(text, fields);
    case TimePart::Kind::kIso8601:
      return ParseIso8601(text, fields);
    case TimePart::Kind::kEpoch:
      return ParseEpoch(text, part.unit_us, fields);
    case TimePart::Kind::kFraction: {
      Scanner s(text);
      return s.Fraction(&fields->fraction_us) && s.done();
    }
    case TimePart::Kind::kStrftime:
      return ParseStrftime(part.format, text, fields);
    case TimePart::Kind::kIsoDate:
      return ParseIsoDate(text, fields);
    case TimePart::Kind::kIsoClock:
      return ParseIsoClock(text, fields);
    case TimePart::Kind::kAny:
      return ParseAny(text, fields);
  }
  return false;
}

int64_t TimeResolver::Resolve(const TimeFields& fields) {
  if (fields.epoch_us) return *fields.epoch_us + fields.fraction_us;
  const int64_t key = (fields.year * 16 + fields.month) * 32 + fields.day;
  if (key != date_key_) {
    date_key_ = key;
    date_days_ = DaysFromCivil(fields.year, fields.month, fields.day);
  }
  const int64_t local_s =
      date_days_ * 86400 + fields.hour * 3600 + fields.minute * 60 + fields.second;
  int64_t offset_s = 0;
  if (fields.offset_s) {
    offset_s = *fields.offset_s;
  } else {
    // The zone is asked once an hour of the log, and each time near a change.
    const int64_t hour_key = local_s / 3600;
    if (hour_key != hour_key_ || !hour_is_plain_) {
      const absl::CivilSecond civil = absl::CivilSecond() + local_s;
      const absl::TimeZone::TimeInfo info = zone_.At(civil);
      const absl::CivilHour hour(civil);
      const absl::TimeZone::TimeInfo first = zone_.At(absl::CivilSecond(hour));
      const absl::TimeZone::TimeInfo last = zone_.At(absl::CivilSecond(hour + 1) - 1);
      offset_s = local_s - absl::ToUnixSeconds(info.pre);
      hour_key_ = hour_key;
      hour_offset_s_ = offset_s;
      hour_is_plain_ = first.kind == absl::TimeZone::TimeInfo::UNIQUE &&
                       last.kind == absl::TimeZone::TimeInfo::UNIQUE &&
                       last.pre - first.pre == absl::Seconds(3599);
    } else {
      offset_s = hour_offset_s_;
    }
  }
  return (local_s - offset_s) * 1'000'000 + fields.fraction_us;
}

void ClfMinute::Remember(std::string_view text, int64_t time_us) {
  if (text.size() != kWidth || text[kOffsetAt] != ' ') return;
  const int second = (text[kSecondAt] - '0') * 10 + (text[kSecondAt + 1] - '0');
  text.copy(text_.data(), kWidth);
  minute_us_ = time_us - int64_t{second} * 1'000'000;
}

bool ClfMinute::ReadAnother(std::string_view text, TimeResolver* resolver, int64_t* time_us) {
  TimeFields fields;
  if (!ParseClf(text, &fields)) return false;
  *time_us = resolver->Resolve(fields);
  Remember(text, *time_us);
  return true;
}

}  // namespace civlog
