// Lines of a terminal report: styled text whose columns are counted.
//
// Everything that enters a TextLine is escaped (EscapeForTerminal), so that
// whatever leaves it is printable: no caller has to remember which of its
// strings came from a log.

#ifndef CIVLOG_QUERIES_TEXT_LINE_H_
#define CIVLOG_QUERIES_TEXT_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

enum class Style : uint8_t {
  kPlain,
  kDim,      // labels
  kBold,     // figures, titles
  kCaution,  // warnings
  kAlarm,    // warnings that put the whole report in doubt
};

// One line. A value type.
class TextLine {
 public:
  TextLine() = default;
  explicit TextLine(std::string_view text, Style style = Style::kPlain) { Add(text, style); }

  TextLine& Add(std::string_view text, Style style = Style::kPlain);
  TextLine& Append(const TextLine& line);
  // `text` clipped to `width` columns and filled up with blanks after or before.
  TextLine& AddLeft(std::string_view text, size_t width, Style style = Style::kPlain);
  TextLine& AddRight(std::string_view text, size_t width, Style style = Style::kPlain);
  // Blanks up to `column`; nothing where the line is that long already.
  TextLine& PadTo(size_t column);
  // Cuts the line to `width` columns, with "…" where it was longer.
  TextLine& ClipTo(size_t width);

  size_t width() const { return width_; }
  // Without blanks at the end and without a newline. ANSI sequences only if
  // `color`.
  std::string Render(bool color) const;

 private:
  struct Span {
    std::string text;
    Style style;
  };
  void AddPrintable(std::string text, Style style);

  std::vector<Span> spans_;
  size_t width_ = 0;
};

using TextBlock = std::vector<TextLine>;

void Append(const TextBlock& more, TextBlock* block);

// `text` over as many lines as it takes, broken at blanks where there are any.
// The first line starts with `first`, the others are indented as far.
TextBlock WrapText(const TextLine& first, std::string_view text, Style style, size_t width);

// `items` joined by " · " or by " + ", broken between items only; each line
// indented. A "+" at a break opens the next line.
enum class Joint : uint8_t { kDot, kPlus };
TextBlock WrapItems(const std::vector<std::string>& items, Style style, size_t indent, size_t width,
                    Joint joint = Joint::kDot);

// Blocks side by side in `columns` columns of equal width with `gap` blanks
// between, filled row by row. The blocks were laid out for GridColumnWidth.
TextBlock LayOutGrid(const std::vector<TextBlock>& blocks, size_t columns, size_t width);
size_t GridColumnWidth(size_t columns, size_t width);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_TEXT_LINE_H_
