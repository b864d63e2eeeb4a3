// A report in words and tables, before it gets a format: what HTML, Markdown, text and CSV
// have in common. Composed from a ReportModel (compose_report.h); renderers only lay out.

#ifndef CIVLOG_QUERIES_REPORT_DOCUMENT_H_
#define CIVLOG_QUERIES_REPORT_DOCUMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "queries/messages.h"
#include "queries/report_model.h"
#include "queries/rich_text.h"

namespace civlog {

struct ReportCell {
  RichText text;
  std::optional<double> bar;  // from 0 to 1: its length, drawn beside the text
};

struct ReportColumn {
  std::string heading;
  bool numeric = true;
  bool main = false;  // of those that stay where there is little room
};

// The first cell of a row is its heading.
struct ReportTable {
  std::string id;  // [a-z0-9-]; unique in the document
  std::string caption;
  std::vector<ReportColumn> columns;
  std::vector<std::vector<ReportCell>> rows;
  RichText note;  // what a reader must know of it; may be empty
};

struct ChartPoint {
  std::string label;
  std::optional<double> value;      // absent: nothing is known
  std::optional<double> low, high;  // of an interval
  std::string text;                 // the value as it is read
  std::string pointer;              // of the value in the JSON report; may be empty
  bool incomplete = false;          // drawn so that it shows
};

// Columns for counts, a line for shares.
struct ReportDrawing {
  enum class Form : uint8_t { kColumns, kLine };
  Form form = Form::kColumns;
  std::string label;  // what is drawn
  std::vector<ChartPoint> points;
};

// Drawings of figures of one table, which stands beside them.
struct ReportChart {
  RichText summary;  // what they show, in words
  std::vector<ReportDrawing> drawings;
  ReportTable table;
};

struct ReportParagraph {
  RichText text;
};
struct ReportHeading {
  std::string id;
  RichText text;
};
struct ReportListItem {
  Tone tone = Tone::kNeutral;
  RichText text;
};
struct ReportList {
  std::vector<ReportListItem> items;
};
// The few figures to see first; all of them are in a table, too.
struct ReportHighlight {
  std::string label;
  RichText figure;
  RichText note;
};
struct ReportHighlights {
  std::vector<ReportHighlight> items;
};
// Words and what they mean.
struct ReportDefinitions {
  std::vector<std::pair<std::string, RichText>> items;
};

using ReportBlock = std::variant<ReportParagraph, ReportHeading, ReportList, ReportHighlights,
                                 ReportDefinitions, ReportTable, ReportChart>;

struct ReportSection {
  std::string id;
  std::string title;
  std::vector<ReportBlock> blocks;
};

struct ReportDocument {
  Language language = Language::kEnglish;
  std::string portal;   // who the report is about
  std::string title;    // what it is
  std::string period;   // in words
  std::string week;     // "2026-W47", or ""
  std::string subject;  // a department, or ""
  std::string footer;   // what made it
  std::vector<ReportSection> sections;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_DOCUMENT_H_
