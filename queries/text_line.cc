#include "queries/text_line.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"

namespace civlog {
namespace {

constexpr size_t kGridGap = 3;
constexpr std::string_view kReset = "\x1b[0m";

std::string_view StyleSequence(Style style) {
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kDim:
      return "\x1b[2m";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kCaution:
      return "\x1b[33m";
    case Style::kAlarm:
      return "\x1b[1;31m";
  }
  return "";
}

// The part of `text` that goes on a line of `width` columns: up to the last
// blank that fits, else as much as fits, but never nothing.
size_t BreakAt(std::string_view text, size_t width) {
  const size_t fits = PrefixOfWidth(text, width);
  if (fits == text.size()) return fits;
  const size_t blank = text.rfind(' ', fits);
  if (blank != std::string_view::npos && blank > 0) return blank;
  return fits > 0 ? fits : std::max<size_t>(PrefixOfWidth(text, 2), 1);
}

}  // namespace

void TextLine::AddPrintable(std::string text, Style style) {
  if (text.empty()) return;
  width_ += DisplayWidth(text);
  if (!spans_.empty() && spans_.back().style == style) {
    spans_.back().text += text;
  } else {
    spans_.push_back({std::move(text), style});
  }
}

TextLine& TextLine::Add(std::string_view text, Style style) {
  AddPrintable(EscapeForTerminal(text), style);
  return *this;
}

TextLine& TextLine::Append(const TextLine& line) {
  for (const Span& span : line.spans_) AddPrintable(span.text, span.style);
  return *this;
}

TextLine& TextLine::AddLeft(std::string_view text, size_t width, Style style) {
  const size_t start = width_;
  AddPrintable(ClipToWidth(EscapeForTerminal(text), width), style);
  return PadTo(start + width);
}

TextLine& TextLine::AddRight(std::string_view text, size_t width, Style style) {
  std::string printable = ClipToWidth(EscapeForTerminal(text), width);
  PadTo(width_ + width - DisplayWidth(printable));
  AddPrintable(std::move(printable), style);
  return *this;
}

TextLine& TextLine::PadTo(size_t column) {
  if (width_ < column) AddPrintable(std::string(column - width_, ' '), Style::kPlain);
  return *this;
}

TextLine& TextLine::ClipTo(size_t width) {
  if (width_ <= width) return *this;
  const std::vector<Span> spans = std::exchange(spans_, {});
  width_ = 0;
  for (const Span& span : spans) {
    const size_t left = width - width_;
    // What fills the line to its last column ends in "…": more was to come.
    if (DisplayWidth(span.text) >= left) {
      AddPrintable(ClipToWidth(absl::StrCat(span.text, "  "), left), span.style);
      break;
    }
    AddPrintable(span.text, span.style);
  }
  return *this;
}

std::string TextLine::Render(bool color) const {
  std::string out;
  size_t end = 0;  // behind the last byte that is no blank
  for (const Span& span : spans_) {
    const std::string_view sequence = color ? StyleSequence(span.style) : "";
    out.append(sequence).append(span.text);
    const size_t last = span.text.find_last_not_of(' ');
    if (last != std::string::npos) end = out.size() - span.text.size() + last + 1;
    if (!sequence.empty()) {
      out.append(kReset);
      end = last != std::string::npos ? out.size() : end;
    }
  }
  out.resize(end);
  return out;
}

void Append(const TextBlock& more, TextBlock* block) {
  block->insert(block->end(), more.begin(), more.end());
}

TextBlock WrapText(const TextLine& first, std::string_view text, Style style, size_t width) {
  const std::string printable = EscapeForTerminal(text);
  const size_t indent = std::min(first.width(), width / 2);
  TextBlock block;
  std::string_view rest = printable;
  TextLine line = first;
  line.ClipTo(indent);
  while (true) {
    const size_t bytes = BreakAt(rest, width - indent);
    block.push_back(line.Add(rest.substr(0, bytes), style));
    rest.remove_prefix(bytes);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) return block;
    line = TextLine().PadTo(indent);
  }
}

TextBlock WrapItems(const std::vector<std::string>& items, Style style, size_t indent, size_t width,
                    Joint joint) {
  const bool plus = joint == Joint::kPlus;
  TextBlock block;
  TextLine line = TextLine().PadTo(indent);
  for (const std::string& item : items) {
    const TextLine more(item, style);
    const bool first = line.width() == indent;
    if (!first && line.width() + 3 + more.width() > width) {
      block.push_back(line);
      line = TextLine().PadTo(indent).Add(plus ? "+ " : "", style);
    } else if (!first) {
      line.Add(plus ? " + " : " · ", style);
    }
    line.Append(more);
  }
  if (!items.empty()) block.push_back(line);
  for (TextLine& each : block) each.ClipTo(width);
  return block;
}

size_t GridColumnWidth(size_t columns, size_t width) {
  return (width - kGridGap * (columns - 1)) / columns;
}

TextBlock LayOutGrid(const std::vector<TextBlock>& blocks, size_t columns, size_t width) {
  const size_t column_width = GridColumnWidth(columns, width);
  TextBlock grid;
  for (size_t start = 0; start < blocks.size(); start += columns) {
    const size_t end = std::min(start + columns, blocks.size());
    size_t height = 0;
    for (size_t b = start; b < end; ++b) height = std::max(height, blocks[b].size());
    for (size_t row = 0; row < height; ++row) {
      TextLine line;
      for (size_t b = start; b < end; ++b) {
        line.PadTo((b - start) * (column_width + kGridGap));
        if (row < blocks[b].size()) line.Append(blocks[b][row]);
      }
      grid.push_back(line);
    }
    if (end < blocks.size()) grid.emplace_back();
  }
  return grid;
}

}  // namespace civlog
