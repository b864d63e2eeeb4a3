#include "queries/report_html.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"
#include "queries/figure_text.h"

namespace civlog {
namespace {

// From so many rows on, a table may be cut between rows by the end of a page.
constexpr size_t kLongTable = 16;

class HtmlWriter {
 public:
  explicit HtmlWriter(const ReportDocument& document) : document_(document) {}

  std::string Write() {
    Head();
    Title();
    Contents();
    out_ += "<main>\n";
    for (const ReportSection& section : document_.sections) Section(section);
    out_ += "</main>\n<footer><p>";
    Append(document_.footer);
    out_ += "</p></footer>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void Append(std::string_view text) { out_ += EscapeHtml(text); }
  std::string Say(Message message) const {
    return std::string(MessageText(message, document_.language));
  }

  void Head();
  void Title();
  void Contents();
  void Section(const ReportSection& section);
  void Spans(const RichText& text);
  void Table(const ReportTable& table);
  void Row(const ReportTable& table, const std::vector<ReportCell>& row);
  void Cell(const ReportColumn& column, const ReportCell& cell);

  void Block(const ReportParagraph& paragraph);
  void Block(const ReportHeading& heading);
  void Block(const ReportList& list);
  void Block(const ReportHighlights& highlights);
  void Block(const ReportDefinitions& definitions);
  void Block(const ReportTable& table);
  void Block(const ReportChart& chart);

  // A caption that says what the section's title does is there to be read aloud only.
  static std::string QuietIf(bool same) { return same ? " class=\"quiet\"" : ""; }

  const ReportDocument& document_;
  std::string section_;  // the title of the one that is being written
  std::string out_;
};

void HtmlWriter::Head() {
  absl::StrAppend(&out_, "<!DOCTYPE html>\n<html lang=\"",
                  std::string(LanguageCode(document_.language)),
                  "\">\n<head>\n<meta charset=\"utf-8\">\n"
                  // Whatever a log might smuggle in: nothing is run and nothing fetched.
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<meta name=\"format-detection\" content=\"telephone=no\">\n<title>");
  Append(absl::StrCat(document_.portal, " – ", document_.title, ", ", document_.period));
  out_ += "</title>\n<style>\n";
  const std::string subject = document_.subject.empty()
                                  ? document_.portal
                                  : absl::StrCat(document_.portal, " · ", document_.subject);
  out_ += ReportStyle(subject, absl::StrCat(document_.title, " · ", document_.period));
  out_ += "</style>\n</head>\n<body>\n";
}

void HtmlWriter::Title() {
  out_ += "<header>\n<p class=\"portal\">";
  Append(document_.portal);
  out_ += "</p>\n<h1>";
  Append(document_.title);
  out_ += "</h1>\n<p class=\"period\">";
  Append(document_.period);
  if (!document_.week.empty()) Append(" · " + document_.week);
  out_ += "</p>\n";
  if (!document_.subject.empty()) {
    out_ += "<p class=\"subject\">";
    Append(document_.subject);
    out_ += "</p>\n";
  }
  out_ += "</header>\n";
}

void HtmlWriter::Contents() {
  out_ += "<nav aria-label=\"";
  Append(Say(Message::kReportContents));
  out_ += "\"><ol>\n";
  for (const ReportSection& section : document_.sections) {
    out_ += "<li><a href=\"#";
    Append(section.id);
    out_ += "\">";
    Append(section.title);
    out_ += "</a></li>\n";
  }
  out_ += "</ol></nav>\n";
}

void HtmlWriter::Section(const ReportSection& section) {
  const std::string id = EscapeHtml(section.id);
  section_ = section.title;
  absl::StrAppend(&out_, "<section id=\"", id, "\" aria-labelledby=\"", id, "-title\">\n<h2 id=\"",
                  id, "-title\">");
  Append(section.title);
  out_ += "</h2>\n";
  for (const ReportBlock& block : section.blocks) {
    std::visit([this](const auto& of_its_kind) { Block(of_its_kind); }, block);
  }
  out_ += "</section>\n";
}

void HtmlWriter::Spans(const RichText& text) {
  for (const TextSpan& span : text) {
    const std::string inner = EscapeHtml(span.text);
    switch (span.kind) {
      case SpanKind::kText:
        out_ += inner;
        break;
      case SpanKind::kFigure:
        absl::StrAppend(&out_, "<data value=\"", EscapeHtml(span.value), "\" data-figure=\"",
                        EscapeHtml(span.pointer), "\">", inner, "</data>");
        break;
      case SpanKind::kTime:
        absl::StrAppend(&out_, "<time datetime=\"", EscapeHtml(span.value), "\">", inner,
                        "</time>");
        break;
      case SpanKind::kLink:
        absl::StrAppend(&out_, "<a href=\"", EscapeHtml(UrlPath(span.value)), "\">", inner, "</a>");
        break;
      case SpanKind::kCode:
        absl::StrAppend(&out_, "<code>", inner, "</code>");
        break;
    }
  }
}

void HtmlWriter::Block(const ReportParagraph& paragraph) {
  out_ += "<p>";
  Spans(paragraph.text);
  out_ += "</p>\n";
}

void HtmlWriter::Block(const ReportHeading& heading) {
  absl::StrAppend(&out_, "<h3 id=\"", EscapeHtml(heading.id), "\">");
  Spans(heading.text);
  out_ += "</h3>\n";
}

void HtmlWriter::Block(const ReportList& list) {
  out_ += "<ul class=\"findings\" role=\"list\">\n";
  for (const ReportListItem& item : list.items) {
    absl::StrAppend(&out_, "<li class=\"", std::string(ToneName(item.tone)), "\">");
    Spans(item.text);
    out_ += "</li>\n";
  }
  out_ += "</ul>\n";
}

void HtmlWriter::Block(const ReportHighlights& highlights) {
  out_ += "<dl class=\"highlights\">\n";
  for (const ReportHighlight& item : highlights.items) {
    out_ += "<div><dt>";
    Append(item.label);
    out_ += "</dt><dd class=\"figure\">";
    Spans(item.figure);
    out_ += "</dd>";
    if (!item.note.empty()) {
      out_ += "<dd class=\"note\">";
      Spans(item.note);
      out_ += "</dd>";
    }
    out_ += "</div>\n";
  }
  out_ += "</dl>\n";
}

void HtmlWriter::Block(const ReportDefinitions& definitions) {
  out_ += "<dl class=\"definitions\">\n";
  for (const auto& [word, meaning] : definitions.items) {
    out_ += "<dt>";
    Append(word);
    out_ += "</dt><dd>";
    Spans(meaning);
    out_ += "</dd>\n";
  }
  out_ += "</dl>\n";
}

void HtmlWriter::Cell(const ReportColumn& column, const ReportCell& cell) {
  out_ += !column.numeric ? "<td class=\"w\">" : cell.bar ? "<td class=\"barred\">" : "<td>";
  if (cell.bar) {
    // The number beside it says the same.
    absl::StrAppend(&out_,
                    "<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
                    "aria-hidden=\"true\"><rect width=\"",
                    FormatDecimal(*cell.bar * 100, 1), "\" height=\"1\"/></svg>");
  }
  Spans(cell.text);
  out_ += "</td>";
}

void HtmlWriter::Row(const ReportTable& table, const std::vector<ReportCell>& row) {
  out_ += "<tr><th scope=\"row\">";
  Spans(row[0].text);
  out_ += "</th>";
  for (size_t c = 1; c < row.size(); ++c) Cell(table.columns[c], row[c]);
  out_ += "</tr>\n";
}

void HtmlWriter::Table(const ReportTable& table) {
  const std::string id = EscapeHtml(table.id);
  // A wide table scrolls by itself, also by the keyboard; the page does not.
  absl::StrAppend(&out_,
                  "<div class=\"table\"><div class=\"scroll\" role=\"group\" tabindex=\"0\" "
                  "aria-labelledby=\"",
                  id, "-caption\">\n<table id=\"", id, "\"",
                  table.rows.size() >= kLongTable ? " class=\"long\"" : "", "><caption",
                  QuietIf(table.caption == section_), " id=\"", id, "-caption\">");
  Append(table.caption);
  out_ += "</caption>\n<thead><tr>";
  for (const ReportColumn& column : table.columns) {
    out_ += column.numeric ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"w\">";
    Append(column.heading);
    out_ += "</th>";
  }
  out_ += "</tr></thead>\n<tbody>\n";
  for (const std::vector<ReportCell>& row : table.rows) Row(table, row);
  out_ += "</tbody></table></div>\n";
  if (!table.note.empty()) {
    out_ += "<p class=\"note\">";
    Spans(table.note);
    out_ += "</p>";
  }
  out_ += "</div>\n";
}

void HtmlWriter::Block(const ReportTable& table) { Table(table); }

void HtmlWriter::Block(const ReportChart& chart) {
  const std::string id = EscapeHtml(chart.table.id);
  absl::StrAppend(&out_, "<figure>\n<figcaption>");
  Append(chart.table.caption);
  out_ += "</figcaption>\n";
  std::string describedby;
  if (!chart.summary.empty()) {
    describedby = chart.table.id + "-summary";
    absl::StrAppend(&out_, "<p class=\"summary\" id=\"", id, "-summary\">");
    Spans(chart.summary);
    out_ += "</p>\n";
  }
  out_ += "<div class=\"pair\">\n<div>";
  bool incomplete = false;
  for (size_t i = 0; i < chart.drawings.size(); ++i) {
    const ReportDrawing& drawing = chart.drawings[i];
    if (chart.drawings.size() > 1) {
      out_ += "<p class=\"label\">";
      Append(drawing.label);
      out_ += "</p>";
    }
    out_ +=
        DrawChart(drawing, absl::StrCat(chart.table.id, "-", i), describedby, document_.language);
    for (const ChartPoint& point : drawing.points) incomplete = incomplete || point.incomplete;
  }
  if (incomplete) {
    out_ += "<p class=\"note\">";
    Append(Say(Message::kChartIncomplete));
    out_ += "</p>";
  }
  out_ += "</div>\n";
  Table(chart.table);
  out_ += "</div>\n</figure>\n";
}

}  // namespace

std::string RenderReportHtml(const ReportDocument& document) {
  return HtmlWriter(document).Write();
}

}  // namespace civlog
