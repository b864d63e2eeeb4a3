#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "queries/report_frame.h"
#include "queries/report_plain.h"
#include "queries/text_bars.h"
#include "queries/text_line.h"
#include "queries/text_table.h"

namespace civlog {
namespace {

constexpr size_t kLeastWidth = 80;
constexpr size_t kGreatestWidth = 400;
constexpr size_t kBarWidth = 16;
constexpr uint64_t kBarWhole = 100000;

std::string_view MarkOf(Tone tone) {
  switch (tone) {
    case Tone::kBetter:
      return " ▲ ";
    case Tone::kWorse:
      return " ▼ ";
    case Tone::kCaution:
      return " ! ";
    case Tone::kNeutral:
      break;
  }
  return " – ";
}

class PlainWriter {
 public:
  PlainWriter(const ReportDocument& document, size_t width)
      : document_(document), frame_(document.language, width) {}

  TextBlock Write() {
    block_.push_back(TextLine(document_.portal, Style::kBold));
    block_.push_back(TextLine(document_.title, Style::kBold));
    TextLine period(document_.period);
    if (!document_.week.empty()) period.Add(" · ").Add(document_.week);
    block_.push_back(std::move(period));
    if (!document_.subject.empty()) block_.emplace_back(document_.subject);
    for (const ReportSection& section : document_.sections) {
      block_.emplace_back();
      block_.push_back(Rule(section.title));
      section_ = section.title;
      for (const ReportBlock& block : section.blocks) {
        std::visit([this](const auto& of_its_kind) { Block(of_its_kind); }, block);
      }
    }
    block_.emplace_back();
    block_.push_back(TextLine(document_.footer, Style::kDim));
    return std::move(block_);
  }

 private:
  TextLine Rule(const std::string& title) const {
    TextLine line(title, Style::kBold);
    line.Add(" ");
    std::string rule;
    for (size_t i = line.width(); i < frame_.width(); ++i) rule.append("─");
    return line.Add(rule, Style::kDim).ClipTo(frame_.width());
  }

  void Wrapped(std::string_view mark, const RichText& text, Style style) {
    Append(WrapText(TextLine(mark, style), PlainText(text), style, frame_.width()), &block_);
  }

  void Block(const ReportParagraph& paragraph) { Wrapped(" ", paragraph.text, Style::kPlain); }
  void Block(const ReportHeading& heading) {
    block_.emplace_back();
    Wrapped("", heading.text, Style::kBold);
  }
  void Block(const ReportList& list) {
    for (const ReportListItem& item : list.items) {
      Wrapped(MarkOf(item.tone), item.text,
              item.tone == Tone::kCaution ? Style::kCaution : Style::kPlain);
    }
  }
  // All of them are in a table, too.
  void Block(const ReportHighlights&) {}
  void Block(const ReportDefinitions& definitions) {
    for (const auto& [word, meaning] : definitions.items) {
      Append(WrapText(TextLine(" ").Add(word, Style::kBold).Add("  "), PlainText(meaning),
                      Style::kPlain, frame_.width()),
             &block_);
    }
  }
  void Block(const ReportChart& chart) { Table(chart.table, chart.summary); }
  void Block(const ReportTable& table) { Table(table, {}); }

  void Table(const ReportTable& table, const RichText& summary) {
    block_.emplace_back();
    if (table.caption != section_) {
      block_.push_back(TextLine(" ").Add(table.caption, Style::kBold).ClipTo(frame_.width()));
    }
    if (!summary.empty()) Wrapped(" ", summary, Style::kPlain);
    Append(Lay(table), &block_);
    if (!table.note.empty()) Wrapped(" ", table.note, Style::kDim);
  }

  TextBlock Lay(const ReportTable& table) const;

  const ReportDocument& document_;
  ReportFrame frame_;
  std::string section_;  // the title of the one that is being written
  TextBlock block_;
};

bool HasBars(const ReportTable& table) {
  for (const auto& row : table.rows) {
    for (const ReportCell& cell : row) {
      if (cell.bar) return true;
    }
  }
  return false;
}

TextBlock PlainWriter::Lay(const ReportTable& table) const {
  const bool bars = HasBars(table);
  std::vector<TableColumn> columns;
  for (const ReportColumn& column : table.columns) {
    TableColumn& laid = columns.emplace_back();
    laid.heading = column.heading;
    laid.align = column.numeric ? Align::kRight : Align::kLeft;
  }
  columns[0].flexible = true;
  columns[0].least = 16;
  // Words are left out first, then the last figures, but for the main ones and the first.
  for (size_t c = 1, figures = 0; c < columns.size(); ++c) {
    const int order = static_cast<int>(c);
    const int after_figures = static_cast<int>(columns.size());
    if (table.columns[c].main) continue;
    if (!table.columns[c].numeric) {
      columns[c].priority = order + after_figures;
    } else if (figures++ > 0) {
      columns[c].priority = order;
    }
  }
  if (bars) {
    columns.emplace_back();
    columns.back().align = Align::kLeft;
    columns.back().priority = 1;
  }
  TextTable laid(std::move(columns));
  for (const auto& row : table.rows) {
    std::vector<TableCell> cells;
    std::string bar;
    for (const ReportCell& cell : row) {
      cells.push_back({PlainText(cell.text)});
      if (cell.bar) {
        const double share = std::clamp(*cell.bar, 0.0, 1.0);
        bar = Bar(static_cast<uint64_t>(share * static_cast<double>(kBarWhole)), kBarWhole,
                  kBarWidth);
      }
    }
    if (bars) cells.push_back({std::move(bar)});
    laid.AddRow(std::move(cells));
  }
  return laid.Render(frame_.width());
}

}  // namespace

std::string RenderReportText(const ReportDocument& document, const TextOptions& options) {
  const size_t width =
      std::clamp(static_cast<size_t>(std::max(options.width, 0)), kLeastWidth, kGreatestWidth);
  std::string out;
  for (TextLine& line : PlainWriter(document, width).Write()) {
    out += line.ClipTo(width).Render(options.color);
    out += '\n';
  }
  return out;
}

}  // namespace civlog
