// A table for the terminal: columns aligned by display width, the less important
// ones left out where the terminal is narrow.

#ifndef CIVLOG_QUERIES_TEXT_TABLE_H_
#define CIVLOG_QUERIES_TEXT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queries/text_line.h"

namespace civlog {

enum class Align : uint8_t { kLeft, kRight };

struct TableColumn {
  std::string heading;
  Align align = Align::kRight;
  // Columns with the highest number are left out first where not all fit; 0 is
  // never left out.
  int priority = 0;
  // May be narrowed, down to `least` columns, before any column is left out.
  bool flexible = false;
  size_t least = 0;
  bool clip_head = false;  // narrowed cells keep their end: for paths of files
};

struct TableCell {
  std::string text;
  Style style = Style::kPlain;
};

// Rows of cells under headings. A value type; not thread-safe.
class TextTable {
 public:
  // At most one column is flexible. `indent` blanks stand before every row.
  explicit TextTable(std::vector<TableColumn> columns, size_t indent = 1);

  // Stands at the left of the row of headings, over the first columns, which
  // have none.
  void SetTitle(std::string_view title, Style style);

  // As many cells as there are columns.
  void AddRow(std::vector<TableCell> cells);
  // A line across all columns, e.g. the name of a group.
  void AddHeading(std::string_view text, Style style);

  // Without headings where all are empty.
  TextBlock Render(size_t width) const;

 private:
  struct Row {
    std::vector<TableCell> cells;  // escaped; empty for a heading across
    TextLine across;
  };
  struct Layout {
    std::vector<size_t> widths;  // 0: left out
  };

  Layout Fit(size_t width) const;
  size_t TotalWidth(const std::vector<size_t>& widths) const;
  size_t LeastPriorityColumn(const std::vector<size_t>& widths) const;
  void AppendCells(const std::vector<TableCell>& cells, const Layout& layout, size_t from,
                   TextLine* line) const;
  bool HasHeadings() const;
  TextLine RenderHeadings(const Layout& layout) const;

  std::vector<TableColumn> columns_;
  size_t indent_;
  TextLine title_;
  std::vector<Row> rows_;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_TEXT_TABLE_H_
