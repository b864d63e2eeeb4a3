// What operations staff need: status, latency, audiences, over every record.

#include <string>
#include <utility>
#include <vector>

#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

constexpr size_t kBarWidth = 24;

TextBlock StatusTable(const Analysis& a, const ReportFrame& frame) {
  TextTable table({{"", Align::kLeft}, {}, {}, {"", Align::kLeft, 1}});
  for (size_t i = 1; i <= a.status.by_class.size(); ++i) {
    const size_t klass = i % a.status.by_class.size();  // those in no class last
    const uint64_t count = a.status.by_class[klass];
    if (count == 0 && (klass < 2)) continue;
    table.AddRow(
        {{klass == 0 ? std::string(frame.Say(Message::kStatusOther)) : std::to_string(klass) + "xx",
          Style::kDim},
         CountCell(count),
         {frame.Share(count, a.records), Style::kDim},
         {Bar(count, a.records, kBarWidth)}});
  }
  return table.Render(frame.width());
}

TextBlock LatencyLine(const LatencySummary& latency, const ReportFrame& frame) {
  TextLine line(" ");
  line.Add(frame.Say(Message::kLatency), Style::kDim).Add("  ");
  if (latency.count == 0) {
    return {line.Add(frame.Say(Message::kNoLatency), Style::kDim).ClipTo(frame.width())};
  }
  const std::pair<std::string_view, const std::optional<double>*> quantiles[] = {
      {"p50", &latency.p50},
      {"p90", &latency.p90},
      {"p95", &latency.p95},
      {"p99", &latency.p99},
      {"max", &latency.max}};
  for (const auto& [name, value] : quantiles) {
    line.Add(name, Style::kDim).Add(" ").Add(FormatMilliseconds(*value), Style::kBold).Add("   ");
  }
  return {line.ClipTo(frame.width())};
}

}  // namespace

TextBlock TrafficSection(const Analysis& analysis, const ReportFrame& frame) {
  if (KnownOrZero(analysis.records) == 0) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionTraffic)};
  const std::string sentence = frame.Say(
      Message::kTrafficSentence, {FormatCount(analysis.records), FormatBytes(analysis.bytes_sent)});
  Append(WrapText(TextLine(" "), sentence, Style::kPlain, frame.width()), &block);
  Append(StatusTable(analysis, frame), &block);
  Append(LatencyLine(analysis.latency_ms, frame), &block);
  return block;
}

TextBlock AudienceSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.traffic_by_audience.empty()) return {};
  TextTable table({{"", Align::kLeft},
                   frame.Column(Message::kRequests),
                   frame.Column(Message::kShare),
                   frame.Column(Message::kBytes),
                   {"", Align::kLeft, 1}});
  for (const AudienceTraffic& traffic : analysis.traffic_by_audience) {
    table.AddRow({{std::string(AudienceLabel(traffic.audience, frame.language()))},
                  CountCell(traffic.requests),
                  {frame.Share(traffic.requests, analysis.records), Style::kDim},
                  {FormatBytes(traffic.bytes_sent)},
                  {Bar(traffic.requests, analysis.records, kBarWidth)}});
  }
  TextBlock block = {frame.SectionTitle(Message::kSectionAudience)};
  Append(table.Render(frame.width()), &block);
  return block;
}

}  // namespace civlog
