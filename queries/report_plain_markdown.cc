#include <string>
#include <utility>
#include <variant>

#include "queries/escape.h"
#include "queries/render_query.h"
#include "queries/report_plain.h"

namespace civlog {
namespace {

std::string Safe(std::string_view text) { return MarkdownCell(EscapeForTerminal(text)); }
std::string Safe(const RichText& text) {
  std::string out;
  for (const TextSpan& span : text) {
    if (span.kind == SpanKind::kLink) {
      out.append("[").append(Safe(span.text)).append("](").append(UrlPath(span.value)).append(")");
    } else {
      out.append(Safe(span.text));
    }
  }
  return out;
}

class MarkdownReport {
 public:
  explicit MarkdownReport(const ReportDocument& document) : document_(document) {}

  std::string Write() {
    Line({"# ", Safe(document_.portal), ": ", Safe(document_.title)});
    Line({Safe(document_.period), document_.week.empty() ? "" : " · ", Safe(document_.week)});
    if (!document_.subject.empty()) Line({Safe(document_.subject)});
    for (const ReportSection& section : document_.sections) {
      Line({"## ", Safe(section.title)});
      section_ = section.title;
      for (const ReportBlock& block : section.blocks) {
        std::visit([this](const auto& of_its_kind) { Block(of_its_kind); }, block);
      }
    }
    out_ += Safe(document_.footer) + "\n";
    return std::move(out_);
  }

 private:
  // A block of its own.
  void Line(std::initializer_list<std::string> pieces) {
    for (const std::string& piece : pieces) out_ += piece;
    out_ += "\n\n";
  }

  void Block(const ReportParagraph& paragraph) { Line({Safe(paragraph.text)}); }
  void Block(const ReportHeading& heading) { Line({"### ", Safe(heading.text)}); }
  void Block(const ReportList& list) {
    for (const ReportListItem& item : list.items) {
      const std::string_view mark = item.tone == Tone::kBetter    ? "▲ "
                                    : item.tone == Tone::kWorse   ? "▼ "
                                    : item.tone == Tone::kCaution ? "**!** "
                                                                  : "";
      out_.append("- ").append(mark).append(Safe(item.text)).append("\n");
    }
    out_ += "\n";
  }
  // All of them are in a table, too.
  void Block(const ReportHighlights&) {}
  void Block(const ReportDefinitions& definitions) {
    for (const auto& [word, meaning] : definitions.items) {
      out_.append("- **").append(Safe(word)).append("**: ").append(Safe(meaning)).append("\n");
    }
    out_ += "\n";
  }
  void Block(const ReportChart& chart) { Table(chart.table, chart.summary); }
  void Block(const ReportTable& table) { Table(table, {}); }

  void Table(const ReportTable& table, const RichText& summary) {
    if (table.caption != section_) Line({"**", Safe(table.caption), "**"});
    if (!summary.empty()) Line({Safe(summary)});
    std::string rule = "|";
    out_ += "|";
    for (const ReportColumn& column : table.columns) {
      out_.append(" ").append(Safe(column.heading)).append(" |");
      rule += column.numeric ? " ---: |" : " --- |";
    }
    out_.append("\n").append(rule).append("\n");
    for (const auto& row : table.rows) {
      out_ += "|";
      for (const ReportCell& cell : row) out_.append(" ").append(Safe(cell.text)).append(" |");
      out_ += "\n";
    }
    out_ += "\n";
    if (!table.note.empty()) Line({Safe(table.note)});
  }

  const ReportDocument& document_;
  std::string section_;
  std::string out_;
};

}  // namespace

std::string RenderReportMarkdown(const ReportDocument& document) {
  return MarkdownReport(document).Write();
}

}  // namespace civlog
