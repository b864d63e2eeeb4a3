// Who takes part: by tier, by service, per 1,000 residents.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

constexpr size_t kMostServices = 25;

std::vector<TableColumn> Columns(const ReportFrame& frame) {
  std::vector<TableColumn> columns = {
      TableColumn{},
      frame.Column(Message::kTier, 3),
      frame.Column(Message::kActs, 1),
      frame.Column(Message::kTookPart),
      frame.Column(Message::kVisits),
      frame.Column(Message::kShare),
      frame.Column(Message::kIntervalShort, 2),
  };
  columns[0].align = columns[1].align = Align::kLeft;
  columns[0].flexible = true;
  columns[0].least = 16;
  return columns;
}

void AddRateRow(std::string name, std::string_view tier, TableCell acts, const Rate& rate,
                const ReportFrame& frame, TextTable* table) {
  table->AddRow({{std::move(name)},
                 {std::string(tier), Style::kDim},
                 std::move(acts),
                 CountCell(rate.numerator),
                 CountCell(rate.denominator),
                 {frame.Percent(rate.value), Style::kBold},
                 {frame.Interval(rate), Style::kDim}});
}

TextBlock Sentences(const Analysis& a, const ReportFrame& frame) {
  const Rate& rate = a.participation;
  std::vector<std::string> items;
  items.push_back(frame.Say(Message::kTookPartSentence,
                            {FormatCount(rate.numerator), FormatCount(rate.denominator),
                             frame.Percent(rate.value), frame.Interval(rate)}));
  if (a.participation_per_1000_residents && a.population) {
    items.push_back(frame.Say(
        Message::kPerThousand,
        {FormatDecimal(*a.participation_per_1000_residents, 1), FormatCount(*a.population)}));
  }
  return WrapItems(items, Style::kPlain, 1, frame.width());
}

// "sign 320 · comment 41", where a service names several acts.
std::string ActsOf(const ServiceFigures& service) {
  std::string text;
  for (const NamedCount& act : service.acts_by_name) {
    text.append(text.empty() ? "" : " · ").append(act.name).append(" ");
    text.append(FormatCount(act.count));
  }
  return service.acts_by_name.size() > 1 ? text : "";
}

TextBlock ServicesTable(const std::vector<const ServiceFigures*>& services, const Analysis& a,
                        const ReportFrame& frame) {
  TextTable table(Columns(frame));
  for (const auto& [tier, rate] : a.participation_by_tier) {
    if (tier == Tier::kNone || !rate.value) continue;
    AddRateRow(std::string(frame.Say(Message::kAllServices)), frame.Say(TierMessage(tier)), {},
               rate, frame, &table);
  }
  for (size_t i = 0; i < services.size() && i < kMostServices; ++i) {
    const ServiceFigures& service = *services[i];
    AddRateRow(std::string("  ").append(frame.ServiceName(service)),
               frame.Say(TierMessage(service.tier)), CountCell(service.acts),
               service.interaction_rate, frame, &table);
    if (const std::string acts = ActsOf(service); !acts.empty()) {
      table.AddHeading(absl::StrCat("    ", acts), Style::kDim);
    }
  }
  return table.Render(frame.width());
}

}  // namespace

TextBlock ParticipationSection(const Analysis& analysis, const ReportFrame& frame) {
  std::vector<const ServiceFigures*> services;
  for (const ServiceFigures& service : analysis.services) {
    if (service.kind == ServiceKind::kParticipation) services.push_back(&service);
  }
  if (services.empty()) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionParticipation)};
  Append(Sentences(analysis, frame), &block);
  Append(ServicesTable(services, analysis, frame), &block);
  return block;
}

}  // namespace civlog
