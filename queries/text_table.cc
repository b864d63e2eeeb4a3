#include "queries/text_table.h"

#include <algorithm>
#include <utility>

#include "queries/escape.h"

namespace civlog {
namespace {

constexpr size_t kGap = 2;

}  // namespace

TextTable::TextTable(std::vector<TableColumn> columns, size_t indent)
    : columns_(std::move(columns)), indent_(indent) {}

void TextTable::SetTitle(std::string_view title, Style style) { title_ = TextLine(title, style); }

void TextTable::AddRow(std::vector<TableCell> cells) {
  cells.resize(columns_.size());
  for (TableCell& cell : cells) cell.text = EscapeForTerminal(cell.text);
  rows_.push_back({std::move(cells), TextLine()});
}

void TextTable::AddHeading(std::string_view text, Style style) {
  rows_.push_back({{}, TextLine().PadTo(indent_).Add(text, style)});
}

size_t TextTable::TotalWidth(const std::vector<size_t>& widths) const {
  size_t total = indent_;
  bool first = true;
  for (size_t width : widths) {
    if (width == 0) continue;
    total += width + (first ? 0 : kGap);
    first = false;
  }
  return total;
}

size_t TextTable::LeastPriorityColumn(const std::vector<size_t>& widths) const {
  size_t least = columns_.size();
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (widths[c] == 0 || columns_[c].priority == 0) continue;
    if (least == columns_.size() || columns_[c].priority >= columns_[least].priority) least = c;
  }
  return least;
}

TextTable::Layout TextTable::Fit(size_t width) const {
  Layout layout;
  size_t flexible = columns_.size();
  for (size_t c = 0; c < columns_.size(); ++c) {
    size_t widest = DisplayWidth(columns_[c].heading);
    for (const Row& row : rows_) {
      if (!row.cells.empty()) widest = std::max(widest, DisplayWidth(row.cells[c].text));
    }
    layout.widths.push_back(widest);
    if (columns_[c].flexible) flexible = c;
  }
  const size_t natural = flexible < columns_.size() ? layout.widths[flexible] : 0;
  const size_t least = natural > 0 ? std::min(natural, columns_[flexible].least) : 0;
  if (natural > 0) layout.widths[flexible] = least;
  while (TotalWidth(layout.widths) > width) {
    const size_t drop = LeastPriorityColumn(layout.widths);
    if (drop == columns_.size()) break;
    layout.widths[drop] = 0;
  }
  const size_t total = TotalWidth(layout.widths);
  if (natural > 0 && total < width) {
    layout.widths[flexible] = std::min(natural, least + width - total);
  }
  return layout;
}

void TextTable::AppendCells(const std::vector<TableCell>& cells, const Layout& layout, size_t from,
                            TextLine* line) const {
  for (size_t c = from; c < cells.size(); ++c) {
    const size_t width = layout.widths[c];
    if (width == 0) continue;
    if (line->width() > indent_) line->PadTo(line->width() + kGap);
    const std::string& text = cells[c].text;
    const std::string cut = columns_[c].clip_head ? ClipHeadToWidth(text, width) : text;
    if (columns_[c].align == Align::kRight) {
      line->AddRight(cut, width, cells[c].style);
    } else {
      line->AddLeft(cut, width, cells[c].style);
    }
  }
}

bool TextTable::HasHeadings() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const TableColumn& column) { return !column.heading.empty(); });
}

TextLine TextTable::RenderHeadings(const Layout& layout) const {
  std::vector<TableCell> headings;
  for (const TableColumn& column : columns_) headings.push_back({column.heading, Style::kDim});
  size_t untitled = 0;  // columns at the left that the title may cover
  size_t width = 0;
  while (title_.width() > 0 && untitled < columns_.size() && columns_[untitled].heading.empty()) {
    const size_t column = layout.widths[untitled++];
    width += column > 0 && width > 0 ? kGap + column : column;
  }
  TextLine line = TextLine().PadTo(indent_);
  line.Append(TextLine(title_).ClipTo(width)).PadTo(indent_ + width);
  AppendCells(headings, layout, untitled, &line);
  return line;
}

TextBlock TextTable::Render(size_t width) const {
  const Layout layout = Fit(width);
  TextBlock block;
  if (HasHeadings()) block.push_back(RenderHeadings(layout));
  for (const Row& row : rows_) {
    TextLine line = TextLine().PadTo(indent_);
    AppendCells(row.cells, layout, 0, &line);
    block.push_back(row.cells.empty() ? row.across : line);
  }
  for (TextLine& line : block) line.ClipTo(width);
  return block;
}

}  // namespace civlog
