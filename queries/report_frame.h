// What every section of the terminal report needs: language, width, and the
// phrases built on both.

#ifndef CIVLOG_QUERIES_REPORT_FRAME_H_
#define CIVLOG_QUERIES_REPORT_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "queries/analysis.h"
#include "queries/messages.h"
#include "queries/statistics.h"
#include "queries/text_line.h"
#include "queries/text_table.h"

namespace civlog {

// Immutable; cheap to copy.
class ReportFrame {
 public:
  ReportFrame(Language language, size_t width) : language_(language), width_(width) {}

  Language language() const { return language_; }
  size_t width() const { return width_; }
  // Sections are laid out side by side where the terminal holds two of them.
  bool wide() const { return width_ >= 160; }
  // The same report in columns of a grid.
  ReportFrame Column(size_t columns) const {
    return ReportFrame(language_, GridColumnWidth(columns, width_));
  }

  std::string_view Say(Message message) const { return MessageText(message, language_); }
  std::string Say(Message message, std::initializer_list<std::string_view> arguments) const {
    return FormatMessage(message, language_, arguments);
  }
  std::string Percent(const std::optional<double>& share) const;
  std::string Share(uint64_t part, uint64_t whole) const;
  // "71.1–73.7 %", "–" where there is none.
  std::string Interval(const Rate& rate) const;

  std::string_view Localized(const LocalizedText& text) const;
  // Its name in the report's language, else its id.
  std::string_view ServiceName(const ServiceFigures& service) const;

  // "Title ────────" across the width.
  TextLine SectionTitle(Message title) const;
  TableColumn Column(Message heading, int priority = 0) const;

 private:
  Language language_;
  size_t width_;
};

// "1,234", dimmed where 0, and in the style of a figure otherwise.
TableCell CountCell(uint64_t count, Style style = Style::kPlain);
// "–", dimmed.
TableCell AbsentCell();

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_FRAME_H_
