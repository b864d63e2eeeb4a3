#include "queries/report_text.h"

#include <algorithm>

#include "queries/report_frame.h"
#include "queries/report_sections.h"
#include "queries/text_line.h"

namespace civlog {
namespace {

constexpr int kLeastWidth = 80;
constexpr int kGreatestWidth = 400;

using Section = TextBlock (*)(const Analysis&, const ReportFrame&);

constexpr Section kSections[] = {
    TimelineSection, ServicesSection,        TransactionsSection, ParticipationSection,
    TrafficSection,  AudienceSection,        TopListsSection,     RejectedSection,
    GapsSection,     UnmatchedRoutesSection, SourcesSection,      Footer,
};

}  // namespace

std::string RenderText(const Analysis& analysis, const TextOptions& options) {
  const int width = std::clamp(options.width, kLeastWidth, kGreatestWidth);
  const ReportFrame frame(options.language, static_cast<size_t>(width));
  TextBlock report = SummarySection(analysis, frame);
  for (const Section section : kSections) {
    const TextBlock block = section(analysis, frame);
    if (block.empty()) continue;
    report.emplace_back();
    Append(block, &report);
  }
  std::string out;
  for (TextLine& line : report) {
    out += line.ClipTo(frame.width()).Render(options.color);
    out += '\n';
  }
  return out;
}

}  // namespace civlog
