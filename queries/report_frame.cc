#include "queries/report_frame.h"

#include "queries/figure_text.h"

namespace civlog {

std::string ReportFrame::Percent(const std::optional<double>& share) const {
  return FormatPercent(share, language_);
}

std::string ReportFrame::Share(uint64_t part, uint64_t whole) const {
  return FormatShare(part, whole, language_);
}

std::string ReportFrame::Interval(const Rate& rate) const {
  const std::string text = FormatInterval(rate, language_);
  return text.empty() ? std::string(kAbsentFigure) : text;
}

std::string_view ReportFrame::Localized(const LocalizedText& text) const {
  return text.Get(LanguageCode(language_));
}

std::string_view ReportFrame::ServiceName(const ServiceFigures& service) const {
  const std::string_view name = Localized(service.name);
  return name.empty() ? std::string_view(service.id) : name;
}

TextLine ReportFrame::SectionTitle(Message title) const {
  TextLine line(Say(title), Style::kBold);
  line.Add(" ");
  std::string rule;
  for (size_t i = line.width(); i < width_; ++i) rule.append("─");
  return line.Add(rule, Style::kDim).ClipTo(width_);
}

TableColumn ReportFrame::Column(Message heading, int priority) const {
  TableColumn column;
  column.heading = std::string(Say(heading));
  column.priority = priority;
  return column;
}

TableCell CountCell(uint64_t count, Style style) {
  if (IsSuppressed(count)) return AbsentCell();
  return {FormatCount(count), count == 0 ? Style::kDim : style};
}

TableCell AbsentCell() { return {std::string(kAbsentFigure), Style::kDim}; }

}  // namespace civlog
