#include "queries/compose_report.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "queries/disclosure.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

Message TitleOf(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kDay:
      return Message::kReportDaily;
    case PeriodKind::kWeek:
      return Message::kReportWeekly;
    case PeriodKind::kMonth:
      return Message::kReportMonthly;
    case PeriodKind::kSpan:
      break;
  }
  return Message::kReportSpan;
}

constexpr KeyMetric kHighlighted[] = {KeyMetric::kVisits, KeyMetric::kCompletion,
                                      KeyMetric::kParticipation, KeyMetric::kServerErrors};

ReportHighlights Highlights(const ReportWriter& w) {
  ReportHighlights highlights;
  for (size_t i = 0; i < w.model().key_figures.size(); ++i) {
    const KeyFigure& figure = w.model().key_figures[i];
    if (std::find(std::begin(kHighlighted), std::end(kHighlighted), figure.metric) ==
        std::end(kHighlighted)) {
      continue;
    }
    if (!figure.value) continue;
    const FigureUnit unit = UnitOf(figure.metric);
    ReportHighlight item{w.Say(MetricMessage(figure.metric)),
                         w.Value(unit, figure.value, KeyFigurePointer(i) + "/value"),
                         {}};
    if (figure.before.change) {
      item.note = w.Rich(Message::kReportAgainst,
                         {w.Change(unit, figure.before, KeyFigurePointer(i) + "/before"),
                          w.Rich(w.PeriodBeforeWords())});
    }
    highlights.items.push_back(std::move(item));
  }
  return highlights;
}

}  // namespace

ReportSection SummarySectionOf(const ReportWriter& w) {
  ReportSection section{"summary", w.Say(Message::kReportSummary), {}};
  section.blocks.emplace_back(Highlights(w));
  ReportList list;
  for (const Finding& finding : w.model().findings) {
    list.items.push_back({finding.tone, FindingText(finding, w)});
  }
  section.blocks.emplace_back(std::move(list));
  if (w.analysis().disclosure_controlled) {
    section.blocks.emplace_back(ReportParagraph{
        w.Rich(Message::kDisclosureNote,
               {w.Count(kPublishedCountStep, "/disclosure_control/rounded_to"),
                w.Count(kLeastPublishedCount, "/disclosure_control/least_count")})});
  }
  return section;
}

ReportDocument ComposeReport(const ReportModel& model, Language language) {
  const ReportWriter w(model, language);
  const Analysis& a = model.analysis;
  ReportDocument document;
  document.language = language;
  document.portal = std::string(a.portal_name.Get(LanguageCode(language)));
  if (document.portal.empty()) document.portal = w.Say(Message::kUntitledPortal);
  document.title = w.Say(TitleOf(model.period.kind));
  document.period = model.period.first < model.period.end
                        ? FormatDays(model.period.first, model.period.end - 1, language)
                        : w.Say(Message::kNoRecords);
  if (model.period.kind == PeriodKind::kWeek) document.week = FormatIsoWeek(model.period.first);
  if (!a.department.empty()) {
    document.subject = FormatMessage(Message::kReportDepartment, language,
                                     {a.department.Get(LanguageCode(language))});
  }
  document.footer = FormatMessage(Message::kFooter, language, {a.version});
  for (ReportSection (*section)(const ReportWriter&) :
       {SummarySectionOf, KeyFiguresSection, TargetsSection, LadderSection, ApplicationsSection,
        TakingPartSection, InteractionSection, ReliabilitySection, WhoAskedSection,
        UnclassifiedSection, MethodSection}) {
    ReportSection composed = section(w);
    if (!composed.blocks.empty()) document.sections.push_back(std::move(composed));
  }
  return document;
}

}  // namespace civlog
