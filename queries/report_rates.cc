// The three rates and the stage reach of the terminal report's first screenful.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

constexpr size_t kLeastBar = 8;
constexpr size_t kGreatestBar = 40;

// A rate as the texts of its columns.
struct RateRow {
  std::string label;
  const Rate* rate;
  std::string percent;
  std::string numerator;
  std::string denominator;  // with its unit; or why the rate is absent
  std::string interval;
};

// Widths of the columns, over all rows.
struct RateColumns {
  size_t label = 0, percent = 0, numerator = 0, denominator = 0, interval = 0, bar = 0;
};

RateRow MakeRow(Message label, const Rate& rate, Message unit, Message absent,
                const ReportFrame& frame) {
  RateRow row;
  row.label = frame.Say(label);
  row.rate = &rate;
  row.percent = frame.Percent(rate.value);
  if (!rate.value) {
    const bool kept_back = IsSuppressed(rate.numerator) || IsSuppressed(rate.denominator);
    row.denominator = frame.Say(kept_back ? Message::kKeptBack : absent);
    return row;
  }
  row.numerator = FormatCount(rate.numerator);
  row.denominator = FormatCount(rate.denominator).append(" ").append(frame.Say(unit));
  row.interval = frame.Interval(rate);
  return row;
}

std::vector<RateRow> MakeRows(const Analysis& a, const ReportFrame& frame) {
  const Message absent = a.has_catalog ? Message::kNothingToJudge : Message::kNeedsCatalog;
  return {MakeRow(Message::kInteraction, a.interaction, Message::kUnitVisits,
                  Message::kNothingToJudge, frame),
          MakeRow(Message::kCompletion, a.completion, Message::kUnitAttempts, absent, frame),
          MakeRow(Message::kParticipation, a.participation, Message::kUnitVisits, absent, frame)};
}

RateColumns Measure(const std::vector<RateRow>& rows, const ReportFrame& frame) {
  RateColumns columns;
  size_t absent = 0;  // width of the words for a rate that is absent
  columns.interval = DisplayWidth(frame.Say(Message::kRatesInterval));
  for (const RateRow& row : rows) {
    columns.label = std::max(columns.label, DisplayWidth(row.label));
    columns.percent = std::max(columns.percent, DisplayWidth(row.percent));
    columns.numerator = std::max(columns.numerator, DisplayWidth(row.numerator));
    columns.interval = std::max(columns.interval, DisplayWidth(row.interval));
    if (row.rate->value) {
      columns.denominator = std::max(columns.denominator, DisplayWidth(row.denominator));
    } else {
      absent = std::max(absent, DisplayWidth(row.denominator));
    }
  }
  const size_t of = DisplayWidth(frame.Say(Message::kOf)) + 2;
  const size_t lead = 1 + columns.label + 2 + 2 + columns.percent + 2;
  size_t figures = columns.numerator + of + columns.denominator + 2 + columns.interval;
  if (lead + figures + kLeastBar > frame.width()) {
    figures -= columns.interval + 2;
    columns.interval = 0;
  }
  const size_t taken = lead + std::max(figures, absent);
  columns.bar =
      std::clamp(frame.width() > taken ? frame.width() - taken : 0, kLeastBar, kGreatestBar);
  return columns;
}

TextLine RenderRow(const RateRow& row, const RateColumns& columns, const ReportFrame& frame) {
  TextLine line(" ");
  line.AddLeft(row.label, columns.label + 2);
  const size_t bar_end = line.width() + columns.bar;
  line.Add(Bar(row.rate->numerator, row.rate->denominator, columns.bar));
  std::string track;
  for (size_t i = line.width(); i < bar_end; ++i) track.append("·");
  line.Add(track, Style::kDim).Add("  ");
  line.AddRight(row.percent, columns.percent, Style::kBold).Add("  ");
  if (!row.rate->value) return line.Add(row.denominator, Style::kDim);
  line.AddRight(row.numerator, columns.numerator);
  line.Add(" ").Add(frame.Say(Message::kOf), Style::kDim).Add(" ");
  line.AddLeft(row.denominator, columns.denominator);
  if (columns.interval > 0) line.Add("  ").AddRight(row.interval, columns.interval, Style::kDim);
  return line;
}

// "█ viewed 71.0 %", one a stage.
std::vector<std::string> StageLegend(const std::vector<uint64_t>& stages, uint64_t visits,
                                     const ReportFrame& frame) {
  constexpr std::array<Message, 4> kLabels = {Message::kStageEnhanced, Message::kStageInteractive,
                                              Message::kStageTransactional,
                                              Message::kStageSeamless};
  std::vector<std::string> legend;
  for (size_t i = 0; i < kLabels.size(); ++i) {
    legend.push_back(std::string(ShadeOf(i))
                         .append(" ")
                         .append(frame.Say(kLabels[i]))
                         .append(" ")
                         .append(frame.Share(stages[i], visits)));
  }
  return legend;
}

TextBlock StagesBlock(const Analysis& a, const ReportFrame& frame) {
  const std::vector<uint64_t> stages = {a.stage_enhanced, a.stage_interactive,
                                        a.stage_transactional, a.stage_seamless};
  TextLine line(" ");
  line.Add(frame.Say(Message::kStageReach)).Add("  ");
  const size_t bar_width = frame.width() > line.width() ? frame.width() - line.width() : 0;
  line.Add(StackedBar(stages, bar_width));
  const bool absent = KnownOrZero(a.visits) == 0;
  if (absent) line.Add(kAbsentFigure, Style::kBold);
  TextBlock block = {line};
  if (absent) return block;
  TextLine legend;
  for (const std::string& item : StageLegend(stages, a.visits, frame)) {
    const std::string text = absl::StrCat(legend.width() == 0 ? " " : "  ", item);
    if (legend.width() > 0 && legend.width() + DisplayWidth(text) > frame.width()) {
      block.push_back(legend);
      legend = TextLine(" ").Add(item, Style::kDim);
    } else {
      legend.Add(text, Style::kDim);
    }
  }
  block.push_back(legend);
  return block;
}

}  // namespace

TextBlock RatesBlock(const Analysis& analysis, const ReportFrame& frame) {
  const std::vector<RateRow> rows = MakeRows(analysis, frame);
  const RateColumns columns = Measure(rows, frame);
  TextBlock block;
  for (const RateRow& row : rows) block.push_back(RenderRow(row, columns, frame));
  Append(StagesBlock(analysis, frame), &block);
  return block;
}

}  // namespace civlog
