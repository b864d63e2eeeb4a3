// The table of services, and each transaction step by step.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "queries/disclosure.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"
#include "queries/text_bars.h"

namespace civlog {
namespace {

constexpr size_t kMostServicesOfAKind = 25;
constexpr size_t kMostTransactions = 20;

// What a portal exists for first.
constexpr ServiceKind kKindOrder[] = {ServiceKind::kTransaction, ServiceKind::kParticipation,
                                      ServiceKind::kInteraction, ServiceKind::kInformation};

using Services = std::vector<const ServiceFigures*>;

// granted + refused
uint64_t Completed(const ServiceFigures& service) { return service.completion_rate.numerator; }

// The `most` greatest by `figure`, in their own order.
template <typename Figure>
Services Greatest(Services services, size_t most, Figure figure) {
  if (services.size() <= most) return services;
  Services ranked = services;
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](const ServiceFigures* x, const ServiceFigures* y) {
                     return KnownOrZero(figure(*x)) > KnownOrZero(figure(*y));
                   });
  ranked.resize(most);
  std::erase_if(services, [&](const ServiceFigures* service) {
    return std::find(ranked.begin(), ranked.end(), service) == ranked.end();
  });
  return services;
}

Services OfKind(const Analysis& a, ServiceKind kind) {
  Services services;
  for (const ServiceFigures& service : a.services) {
    if (service.kind == kind) services.push_back(&service);
  }
  if (!a.has_catalog) {
    std::stable_sort(services.begin(), services.end(),
                     [](const ServiceFigures* x, const ServiceFigures* y) {
                       return KnownOrZero(x->visits) > KnownOrZero(y->visits);
                     });
  }
  return services;
}

TextTable MakeServiceTable(const ReportFrame& frame) {
  std::vector<TableColumn> columns = {
      frame.Column(Message::kService),         frame.Column(Message::kDepartment, 6),
      frame.Column(Message::kVisits),          frame.Column(Message::kPageViews, 5),
      frame.Column(Message::kActs, 1),         frame.Column(Message::kInteractionShort, 4),
      frame.Column(Message::kStarted, 2),      frame.Column(Message::kCompleted, 1),
      frame.Column(Message::kCompletionShort), frame.Column(Message::kIntervalShort, 3),
      frame.Column(Message::kP95, 1),          frame.Column(Message::kServerErrors, 1),
  };
  columns[0].align = columns[1].align = Align::kLeft;
  columns[0].flexible = true;
  columns[0].least = frame.width() >= 100 ? 28 : 16;
  return TextTable(std::move(columns));
}

bool IsFew(const Rate& rate) { return rate.denominator > 0 && rate.denominator < kFewAttempts; }

// The rate's own cells: value, and interval.
std::pair<TableCell, TableCell> CompletionCells(const ServiceFigures& service,
                                                const ReportFrame& frame) {
  if (!service.completion_rate.value) return {AbsentCell(), AbsentCell()};
  const bool few = IsFew(service.completion_rate);
  std::string value = frame.Percent(service.completion_rate.value);
  return {{few ? absl::StrCat("*", value) : value, few ? Style::kDim : Style::kBold},
          {frame.Interval(service.completion_rate), Style::kDim}};
}

std::vector<TableCell> ServiceCells(const ServiceFigures& service, const ReportFrame& frame) {
  const bool attempts = service.attempts.has_value();
  auto [rate, interval] = CompletionCells(service, frame);
  const TableCell acting = service.interaction_rate.value
                               ? TableCell{frame.Percent(service.interaction_rate.value)}
                               : AbsentCell();
  return {
      {std::string(" ").append(frame.ServiceName(service))},
      {std::string(frame.Localized(service.department)), Style::kDim},
      CountCell(service.visits),
      CountCell(service.page_views),
      CountCell(service.acts),
      acting,
      attempts ? CountCell(service.attempts->started) : AbsentCell(),
      attempts ? CountCell(Completed(service)) : AbsentCell(),
      rate,
      interval,
      service.latency_ms.p95 ? TableCell{FormatMilliseconds(service.latency_ms.p95)} : AbsentCell(),
      CountCell(service.status.by_class[5])};
}

std::string StepLabel(size_t position, const StepFigures& step) {
  return std::to_string(position + 1).append(" ").append(step.name);
}

std::vector<TableColumn> StepColumns(const ReportFrame& frame) {
  std::vector<TableColumn> columns = {
      TableColumn{},
      TableColumn{},
      frame.Column(Message::kReached),
      TableColumn{},
      frame.Column(Message::kDropOff),
      frame.Column(Message::kAfterError, 1),
      frame.Column(Message::kAfterSlow, 2),
  };
  columns[0].align = columns[1].align = Align::kLeft;
  columns[0].flexible = true;
  columns[0].least = 10;
  return columns;
}

// Of rounded figures a small difference is no figure.
std::optional<uint64_t> LeftBetween(uint64_t step, uint64_t next, bool rounded) {
  if (IsSuppressed(step) || IsSuppressed(next)) return std::nullopt;
  const uint64_t left = step - std::min(step, next);
  if (rounded && left < kLeastPublishedCount) return std::nullopt;
  return left;
}

// What left at a step: nothing is left to leave at the last.
std::vector<TableCell> LeavingCells(const std::vector<StepFigures>& steps, size_t i, bool rounded) {
  if (i + 1 == steps.size()) return {{}, {}, {}};
  const StepFigures& step = steps[i];
  const std::optional<uint64_t> left = LeftBetween(step.reached, steps[i + 1].reached, rounded);
  TableCell leaving = AbsentCell();
  if (left) {
    leaving = *left == 0 ? CountCell(0) : TableCell{absl::StrCat("−", FormatCount(*left))};
  }
  return {leaving, CountCell(step.left_after_error), CountCell(step.left_after_slow)};
}

TextBlock FunnelBlock(const ServiceFigures& service, bool rounded, const ReportFrame& frame) {
  const size_t bar_width = std::clamp<size_t>(frame.width() / 4, 12, 40);
  const uint64_t started = service.attempts->started;
  TextTable table(StepColumns(frame));
  table.SetTitle(frame.ServiceName(service), Style::kBold);
  for (size_t i = 0; i < service.steps.size(); ++i) {
    const StepFigures& step = service.steps[i];
    std::vector<TableCell> cells = {{absl::StrCat("  ", StepLabel(i, step))},
                                    {Bar(step.reached, started, bar_width)},
                                    CountCell(step.reached),
                                    {frame.Share(step.reached, started), Style::kDim}};
    for (TableCell& cell : LeavingCells(service.steps, i, rounded))
      cells.push_back(std::move(cell));
    table.AddRow(std::move(cells));
  }
  return table.Render(frame.width());
}

// What became of the attempts that were started; "≠" would be a fault of civlog.
TextBlock SumLines(const AttemptFigures& a, bool rounded, const ReportFrame& frame, size_t indent) {
  const bool adds_up = a.started == a.granted + a.refused + a.failed + a.abandoned + a.open;
  const std::string_view sign = rounded ? " ≈ " : adds_up ? " = " : " ≠ ";
  const std::string started = frame.Say(Message::kStartedCount, {FormatCount(a.started)});
  const std::string granted = frame.Say(Message::kGrantedCount, {FormatCount(a.granted)});
  return WrapItems({absl::StrCat(started, ToAbsl(sign), granted),
                    frame.Say(Message::kRefusedCount, {FormatCount(a.refused)}),
                    frame.Say(Message::kFailedCount, {FormatCount(a.failed)}),
                    frame.Say(Message::kAbandonedCount, {FormatCount(a.abandoned)}),
                    frame.Say(Message::kOpenCount, {FormatCount(a.open)})},
                   Style::kPlain, indent, frame.width(), Joint::kPlus);
}

std::vector<std::string> OutcomeItems(const ServiceFigures& service, const ReportFrame& frame) {
  const Rate& rate = service.completion_rate;
  std::vector<std::string> items;
  if (rate.value) {
    items.push_back(frame.Say(Message::kCompletedOfClosed,
                              {FormatCount(rate.numerator), FormatCount(rate.denominator),
                               frame.Percent(rate.value), frame.Interval(rate)}));
    items.push_back(frame.Say(Message::kFailedShare, {frame.Percent(service.failure_rate.value)}));
    items.push_back(
        frame.Say(Message::kAbandonedShare, {frame.Percent(service.abandonment_rate.value)}));
  }
  if (service.time_to_complete_s.p50) {
    items.push_back(frame.Say(Message::kTimeToComplete,
                              {FormatSeconds(service.time_to_complete_s.p50, frame.language()),
                               FormatSeconds(service.time_to_complete_s.p90, frame.language())}));
  }
  return items;
}

// What is told only where there is something to tell.
std::vector<std::string> FurtherItems(const ServiceFigures& service, const ReportFrame& frame) {
  const AttemptFigures& a = *service.attempts;
  std::vector<std::string> items;
  if (KnownOrZero(a.recovered) > 0)
    items.push_back(frame.Say(Message::kRecovered, {FormatCount(a.recovered)}));
  if (KnownOrZero(a.without_start) > 0) {
    items.push_back(frame.Say(Message::kWithoutStart, {FormatCount(a.without_start)}));
  }
  if (KnownOrZero(a.completed_visitors) > 0 && !IsSuppressed(a.attempts_of_completed_visitors)) {
    const double ratio = static_cast<double>(a.attempts_of_completed_visitors) /
                         static_cast<double>(a.completed_visitors);
    items.push_back(frame.Say(Message::kAttemptsPerVisitor, {FormatDecimal(ratio, 2)}));
  }
  if (service.status_check_ratio.value && service.status_views > 0) {
    items.push_back(
        frame.Say(Message::kStatusChecks, {FormatDecimal(*service.status_check_ratio.value, 1)}));
  }
  return items;
}

TextBlock TransactionBlock(const ServiceFigures& service, bool rounded, const ReportFrame& frame) {
  constexpr size_t kIndent = 3;
  if (service.attempts->started == 0) {
    TextLine line = TextLine(" ").Add(frame.ServiceName(service), Style::kBold);
    return {
        line.Add(": ").Add(frame.Say(Message::kAttemptsNone), Style::kDim).ClipTo(frame.width())};
  }
  TextBlock block = FunnelBlock(service, rounded, frame);
  Append(SumLines(*service.attempts, rounded, frame, kIndent), &block);
  std::vector<std::string> items = OutcomeItems(service, frame);
  for (std::string& item : FurtherItems(service, frame)) items.push_back(std::move(item));
  Append(WrapItems(items, Style::kDim, kIndent, frame.width()), &block);
  return block;
}

}  // namespace

TextBlock ServicesSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.services.empty()) return {};
  TextTable table = MakeServiceTable(frame);
  bool few = false;
  for (const ServiceKind kind : kKindOrder) {
    const Services all = OfKind(analysis, kind);
    if (all.empty()) continue;
    table.AddHeading(frame.Say(KindMessage(kind)), Style::kBold);
    const Services shown = Greatest(all, kMostServicesOfAKind,
                                    [](const ServiceFigures& service) { return service.visits; });
    for (const ServiceFigures* service : shown) {
      table.AddRow(ServiceCells(*service, frame));
      few = few || IsFew(service->completion_rate);
    }
    if (shown.size() < all.size()) {
      table.AddHeading(absl::StrCat("  ", frame.Say(Message::kMoreServices,
                                                    {FormatCount(all.size() - shown.size())})),
                       Style::kDim);
    }
  }
  TextBlock block = {frame.SectionTitle(Message::kSectionServices)};
  Append(table.Render(frame.width()), &block);
  if (few) block.push_back(TextLine(" ").Add(frame.Say(Message::kFewAttempts), Style::kDim));
  return block;
}

TextBlock TransactionsSection(const Analysis& analysis, const ReportFrame& frame) {
  Services all;
  for (const ServiceFigures& service : analysis.services) {
    if (service.attempts) all.push_back(&service);
  }
  if (all.empty()) return {};
  const Services shown = Greatest(all, kMostTransactions, [](const ServiceFigures& service) {
    return service.attempts->started;
  });
  const size_t columns = frame.wide() ? 2 : 1;
  std::vector<TextBlock> funnels;
  for (const ServiceFigures* service : shown) {
    funnels.push_back(
        TransactionBlock(*service, analysis.disclosure_controlled, frame.Column(columns)));
  }
  TextBlock block = {frame.SectionTitle(Message::kSectionTransactions)};
  Append(LayOutGrid(funnels, columns, frame.width()), &block);
  if (shown.size() < all.size()) {
    const std::string rest =
        frame.Say(Message::kMoreTransactions, {FormatCount(all.size() - shown.size())});
    block.push_back(TextLine(" ").Add(rest, Style::kDim));
  }
  Append(WrapText(TextLine(" "), frame.Say(Message::kStepsNote), Style::kDim, frame.width()),
         &block);
  return block;
}

}  // namespace civlog
