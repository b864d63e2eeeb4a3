// What the sections of a report are written with: figures as text that know where the JSON
// report has them.

#ifndef CIVLOG_QUERIES_REPORT_WRITER_H_
#define CIVLOG_QUERIES_REPORT_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queries/messages.h"
#include "queries/report_document.h"
#include "queries/report_model.h"

namespace civlog {

// Refers to the model, which must outlive it.
class ReportWriter {
 public:
  ReportWriter(const ReportModel& model, Language language) : model_(model), language_(language) {}

  const ReportModel& model() const { return model_; }
  const Analysis& analysis() const { return model_.analysis; }
  Language language() const { return language_; }

  std::string Say(Message message) const { return std::string(MessageText(message, language_)); }
  RichText Rich(Message message, const std::vector<RichText>& arguments = {}) const {
    return FormatRich(message, language_, arguments);
  }

  // Figures; absent ones and suppressed counts are "–".
  RichText Count(uint64_t count, const std::string& pointer) const;
  RichText Percent(const std::optional<double>& share, const std::string& pointer) const;
  RichText Decimal(const std::optional<double>& value, int decimals,
                   const std::string& pointer) const;
  RichText Milliseconds(const std::optional<double>& ms, const std::string& pointer) const;
  RichText Seconds(const std::optional<double>& seconds, const std::string& pointer) const;
  RichText Bytes(uint64_t bytes, const std::string& pointer) const;
  // A rate's value, "878 of 1,183", "71.6–76.6 %"; `pointer` is the rate's.
  RichText RateValue(const Rate& rate, const std::string& pointer) const;
  RichText RateParts(const Rate& rate, const std::string& pointer) const;
  RichText RateInterval(const Rate& rate, const std::string& pointer) const;
  // A key figure's value in its unit.
  RichText Value(FigureUnit unit, const std::optional<double>& value,
                 const std::string& pointer) const;
  // A change with its sign and, where it was tested, a mark that says whether it means
  // something; `pointer` is the comparison's.
  RichText Change(FigureUnit unit, const PeriodComparison& comparison,
                  const std::string& pointer) const;
  // A change's size without sign: "4.2 %", "3.1 pp".
  RichText ChangeSize(FigureUnit unit, const PeriodComparison& comparison,
                      const std::string& pointer) const;

  RichText ServiceName(const ServiceFigures& service) const;
  RichText Department(const ServiceFigures& service) const;
  // "2026-11-16 (Mon)", "2026-11-18 23:00".
  RichText Day(absl::CivilDay day) const;
  RichText Hour(absl::Time time) const;
  // "W47", "11-16", "2026-11": a period where there is little room.
  std::string ShortPeriod(const ReportPeriod& period) const;
  // The same in full: "2026-W47, 11-16 – 11-22".
  RichText LongPeriod(const ReportPeriod& period) const;
  // "the week before" and the like.
  Message PeriodBeforeWords() const;

  ReportColumn Words(Message heading) const { return {Say(heading), false, false}; }
  ReportColumn Numbers(Message heading) const { return {Say(heading), true, false}; }
  ReportColumn MainNumbers(Message heading) const { return {Say(heading), true, true}; }

 private:
  const ReportModel& model_;
  Language language_;
};

Message MetricMessage(KeyMetric metric);

// "/services/3".
std::string ServicePointer(size_t service);
// "/report/services/3": what a report adds.
std::string ServiceReportPointer(size_t service);
std::string KeyFigurePointer(size_t figure);

inline ReportCell TextCell(RichText text) { return {std::move(text), std::nullopt}; }

// "≥ 75.0 %"; what a target is about; what its status is called.
RichText TargetText(const ReportWriter& writer, size_t target);
RichText TargetValue(const ReportWriter& writer, size_t target, const std::optional<double>& value,
                     const std::string& name);
RichText TargetSubject(const ReportWriter& writer, size_t target);
Message StatusMessage(TargetStatus status);
Message TargetMetricMessage(TargetMetricId metric);

// What a finding says.
RichText FindingText(const Finding& finding, const ReportWriter& writer);

// A list of paths with their requests; `pointer` is the list's.
ReportTable PathsTable(const ReportWriter& writer, const std::vector<PathCount>& paths,
                       const std::string& pointer, std::string id, Message caption);

// The sections, in their order; some may have no blocks, and are left out.
ReportSection SummarySectionOf(const ReportWriter& writer);
ReportSection KeyFiguresSection(const ReportWriter& writer);
ReportSection TargetsSection(const ReportWriter& writer);
ReportSection LadderSection(const ReportWriter& writer);
ReportSection ApplicationsSection(const ReportWriter& writer);
ReportSection TakingPartSection(const ReportWriter& writer);
ReportSection InteractionSection(const ReportWriter& writer);
ReportSection ReliabilitySection(const ReportWriter& writer);
ReportSection WhoAskedSection(const ReportWriter& writer);
ReportSection UnclassifiedSection(const ReportWriter& writer);
ReportSection MethodSection(const ReportWriter& writer);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_WRITER_H_
