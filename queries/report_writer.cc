#include "queries/report_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "queries/figure_text.h"

namespace civlog {
namespace {

constexpr std::string_view kMinus = "−";

// As short as it can be so that the same number is read back.
std::string InFull(double value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

RichText Figure(std::string text, std::string value, const std::string& pointer) {
  return {TextSpan{SpanKind::kFigure, std::move(text), std::move(value), pointer}};
}

RichText Absent() { return Plain(kAbsentFigure); }

bool IsZero(std::string_view number) {
  return number.find_first_of("123456789") == std::string_view::npos;
}

// Of a small share, one decimal would leave little: 0.29 %, 1.2 %.
int DecimalsOf(double share) {
  constexpr double kSmall = 0.01;
  return share > 0 && share < kSmall ? 2 : 1;
}

// "+4.2 %", "−3.1 pp", "0.0 %".
std::string WithSign(double value, std::string text) {
  if (IsZero(text)) return text;
  return std::string(value < 0 ? kMinus : "+").append(text);
}

}  // namespace

RichText ReportWriter::Count(uint64_t count, const std::string& pointer) const {
  if (IsSuppressed(count)) return Absent();
  return Figure(FormatCount(count), std::to_string(count), pointer);
}

RichText ReportWriter::Percent(const std::optional<double>& share,
                               const std::string& pointer) const {
  if (!share) return Absent();
  return Figure(FormatPercent(*share, language_, DecimalsOf(*share)), InFull(*share), pointer);
}

RichText ReportWriter::Decimal(const std::optional<double>& value, int decimals,
                               const std::string& pointer) const {
  if (!value) return Absent();
  return Figure(FormatDecimal(*value, decimals), InFull(*value), pointer);
}

RichText ReportWriter::Milliseconds(const std::optional<double>& ms,
                                    const std::string& pointer) const {
  if (!ms) return Absent();
  return Figure(FormatMilliseconds(ms), InFull(*ms), pointer);
}

RichText ReportWriter::Seconds(const std::optional<double>& seconds,
                               const std::string& pointer) const {
  if (!seconds) return Absent();
  return Figure(FormatSeconds(seconds, language_), InFull(*seconds), pointer);
}

RichText ReportWriter::Bytes(uint64_t bytes, const std::string& pointer) const {
  if (IsSuppressed(bytes)) return Absent();
  return Figure(FormatBytes(bytes), std::to_string(bytes), pointer);
}

RichText ReportWriter::RateValue(const Rate& rate, const std::string& pointer) const {
  return Percent(rate.value, pointer + "/value");
}

RichText ReportWriter::RateParts(const Rate& rate, const std::string& pointer) const {
  if (!rate.value) return Absent();
  return Rich(Message::kReportOf, {Count(rate.numerator, pointer + "/numerator"),
                                   Count(rate.denominator, pointer + "/denominator")});
}

RichText ReportWriter::RateInterval(const Rate& rate, const std::string& pointer) const {
  if (!rate.value || !rate.low || !rate.high) return Absent();
  constexpr double kHundred = 100;
  const int decimals = DecimalsOf(*rate.value);
  RichText text =
      Figure(FormatDecimal(*rate.low * kHundred, decimals), InFull(*rate.low), pointer + "/low");
  AppendText(Plain("–"), &text);
  AppendText(
      Figure(FormatDecimal(*rate.high * kHundred, decimals), InFull(*rate.high), pointer + "/high"),
      &text);
  AppendText(Plain(language_ == Language::kKorean ? "%" : " %"), &text);
  return text;
}

RichText ReportWriter::Value(FigureUnit unit, const std::optional<double>& value,
                             const std::string& pointer) const {
  if (!value) return Absent();
  switch (unit) {
    case FigureUnit::kCount:
      return Count(static_cast<uint64_t>(*value), pointer);
    case FigureUnit::kShare:
      return Percent(value, pointer);
    case FigureUnit::kMilliseconds:
      break;
  }
  return Milliseconds(value, pointer);
}

RichText ReportWriter::ChangeSize(FigureUnit unit, const PeriodComparison& comparison,
                                  const std::string& pointer) const {
  if (!comparison.change) return Absent();
  constexpr double kHundred = 100;
  constexpr double kSmallChange = 0.001;
  const double size = std::abs(*comparison.change);
  const bool small = unit == FigureUnit::kShare && size > 0 && size < kSmallChange;
  const std::string number = FormatDecimal(size * kHundred, small ? 2 : 1);
  const std::string text = unit == FigureUnit::kShare
                               ? FormatMessage(Message::kReportPoints, language_, {number})
                               : number + (language_ == Language::kKorean ? "%" : " %");
  return Figure(text, InFull(*comparison.change), pointer + "/change");
}

RichText ReportWriter::Change(FigureUnit unit, const PeriodComparison& comparison,
                              const std::string& pointer) const {
  RichText size = ChangeSize(unit, comparison, pointer);
  if (!comparison.change) return size;
  size[0].text = WithSign(*comparison.change, std::move(size[0].text));
  if (!comparison.significant) return size;
  const std::string_view mark = !*comparison.significant ? "≈ "
                                : *comparison.change < 0 ? "▼ "
                                                         : "▲ ";
  RichText text = Plain(mark);
  AppendText(size, &text);
  return text;
}

RichText ReportWriter::ServiceName(const ServiceFigures& service) const {
  const std::string_view name = service.name.Get(LanguageCode(language_));
  return Plain(name.empty() ? std::string_view(service.id) : name);
}

RichText ReportWriter::Department(const ServiceFigures& service) const {
  return Plain(service.department.Get(LanguageCode(language_)));
}

RichText ReportWriter::Day(absl::CivilDay day) const {
  const std::string text = FormatDay(day, language_);
  return {TextSpan{SpanKind::kTime, text, text.substr(0, text.find_first_of(" (")), ""}};
}

RichText ReportWriter::Hour(absl::Time time) const {
  return {TextSpan{SpanKind::kTime, FormatHour(time, model_.period.zone),
                   absl::FormatTime(absl::RFC3339_sec, time, model_.period.zone), ""}};
}

std::string ReportWriter::ShortPeriod(const ReportPeriod& period) const {
  const std::string day = absl::FormatCivilTime(period.first);
  if (period.kind == PeriodKind::kWeek) {
    const std::string week = FormatIsoWeek(period.first);
    return week.substr(week.find('W'));
  }
  if (period.kind == PeriodKind::kMonth) return day.substr(0, day.rfind('-'));
  return day.substr(day.find('-') + 1);
}

RichText ReportWriter::LongPeriod(const ReportPeriod& period) const {
  const std::string first = absl::FormatCivilTime(period.first);
  const std::string last = absl::FormatCivilTime(period.end - 1);
  const auto without_year = [](const std::string& day) { return day.substr(day.find('-') + 1); };
  std::string text = first;
  std::string value = first;
  switch (period.kind) {
    case PeriodKind::kDay:
      break;
    case PeriodKind::kWeek:
      value = FormatIsoWeek(period.first);
      text = absl::StrCat(value, ", ", without_year(first), " – ", without_year(last));
      break;
    case PeriodKind::kMonth:
      text = value = first.substr(0, first.rfind('-'));
      break;
    case PeriodKind::kSpan:
      text = absl::StrCat(first, " – ", last);
      break;
  }
  return {TextSpan{SpanKind::kTime, text, value, ""}};
}

Message ReportWriter::PeriodBeforeWords() const {
  switch (model_.period.kind) {
    case PeriodKind::kDay:
      return Message::kReportDayBefore;
    case PeriodKind::kWeek:
      return Message::kReportWeekBefore;
    case PeriodKind::kMonth:
      return Message::kReportMonthBefore;
    case PeriodKind::kSpan:
      break;
  }
  return Message::kReportSpanBefore;
}

Message MetricMessage(KeyMetric metric) {
  constexpr Message kMessages[] = {
      Message::kMetricVisits,        Message::kMetricVisitors,     Message::kMetricPageViews,
      Message::kMetricActs,          Message::kMetricInteraction,  Message::kMetricCompletion,
      Message::kMetricParticipation, Message::kMetricServerErrors, Message::kMetricLatencyP95};
  return kMessages[static_cast<size_t>(metric)];
}

std::string ServicePointer(size_t service) { return absl::StrCat("/services/", service); }
std::string ServiceReportPointer(size_t service) {
  return absl::StrCat("/report/services/", service);
}
std::string KeyFigurePointer(size_t figure) { return absl::StrCat("/report/key_figures/", figure); }

}  // namespace civlog
