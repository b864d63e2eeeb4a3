// The words of the summary.

#include <string>
#include <utility>
#include <vector>

#include "queries/compute_report.h"
#include "queries/report_writer.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

// The sentences of a figure that has a period before it: more, less, no difference that means
// something, and alone.
struct ChangeSentences {
  Message rose, fell, same, alone;
};

constexpr ChangeSentences kVisitsSentences = {Message::kFindVisitsRose, Message::kFindVisitsFell,
                                              Message::kFindVisitsSame, Message::kFindVisitsAlone};
constexpr ChangeSentences kCompletionSentences = {
    Message::kFindCompletionRose, Message::kFindCompletionFell, Message::kFindCompletionSame,
    Message::kFindCompletionAlone};
constexpr ChangeSentences kParticipationSentences = {
    Message::kFindParticipationRose, Message::kFindParticipationFell,
    Message::kFindParticipationSame, Message::kFindParticipationAlone};
constexpr ChangeSentences kErrorSentences = {Message::kFindErrorsRose, Message::kFindErrorsFell,
                                             Message::kFindErrorsSame, Message::kFindErrorsAlone};

class FindingWriter {
 public:
  FindingWriter(const Finding& finding, const ReportWriter& writer)
      : f_(finding), w_(writer), model_(writer.model()), a_(writer.analysis()) {}

  RichText Write() const {
    switch (f_.kind) {
      case FindingKind::kPartial:
        return Partial();
      case FindingKind::kGaps:
        return w_.Rich(Message::kFindGaps,
                       {Plain(std::to_string(a_.gaps.size())),
                        w_.Count(model_.missing_hours, "/report/missing_hours")});
      case FindingKind::kNoCatalog:
        return w_.Rich(Message::kWarnNoCatalog);
      case FindingKind::kFirstPeriod:
        return w_.Rich(Message::kFindFirstPeriod);
      case FindingKind::kVisits:
        return Visits();
      case FindingKind::kCompletion:
        return OfRate(kCompletionSentences);
      case FindingKind::kTooFewAttempts:
        return w_.Rich(Message::kFindFewAttempts,
                       {w_.Count(a_.completion.denominator, "/rates/completion/denominator")});
      case FindingKind::kParticipation:
        return OfRate(kParticipationSentences);
      case FindingKind::kServerErrors:
        return OfRate(kErrorSentences);
      case FindingKind::kServiceRose:
        return Moved(Message::kFindServiceRose);
      case FindingKind::kServiceFell:
        return Moved(Message::kFindServiceFell);
      case FindingKind::kLowestCompletion:
        return Lowest();
      case FindingKind::kLostStep:
        return LostStep();
      case FindingKind::kLeftAfterError:
        return w_.Rich(Message::kFindLeftAfterError,
                       {w_.Count(model_.transactions.left_after_error,
                                 "/report/transactions/left_after_error")});
      case FindingKind::kTargets:
        return Targets();
      case FindingKind::kTargetMissed:
        return w_.Rich(Message::kFindTargetMissed,
                       {TargetSubject(w_, f_.target),
                        TargetValue(w_, f_.target, model_.targets[f_.target].value, "value"),
                        TargetText(w_, f_.target), w_.Day(model_.targets[f_.target].target.by)});
      case FindingKind::kUnclassified:
        break;
    }
    return w_.Rich(Message::kFindUnclassified,
                   {w_.RateValue(model_.unclassified, "/report/unclassified")});
  }

 private:
  RichText Partial() const {
    if (a_.interrupted) return w_.Rich(Message::kWarnInterrupted);
    if (a_.incomplete) return w_.Rich(Message::kWarnIncompleteUnnamed);
    if (!a_.from || !a_.to) return w_.Rich(Message::kWarnNothing);
    return w_.Rich(Message::kFindPartial, {w_.Hour(*a_.from), w_.Hour(*a_.to)});
  }

  RichText Targets() const {
    const auto count = [this](TargetStatus status) {
      return w_.Count(model_.targets_by_status[static_cast<size_t>(status)],
                      std::string("/report/target_counts/").append(TargetStatusName(status)));
    };
    return w_.Rich(
        Message::kFindTargets,
        {w_.Count(model_.targets.size(), "/report/target_counts/all"), count(TargetStatus::kMet),
         count(TargetStatus::kOnCourse), count(TargetStatus::kNotYetMet),
         count(TargetStatus::kMissed), count(TargetStatus::kUnknown)});
  }

  const KeyFigure& Key() const { return model_.key_figures[f_.key_figure]; }
  std::string KeyPointer() const { return KeyFigurePointer(f_.key_figure); }

  // Which sentence, and the change, the words for the period before and its value.
  std::pair<Message, std::vector<RichText>> ChangeOf(const ChangeSentences& sentences) const {
    const PeriodComparison& before = Key().before;
    const std::string pointer = KeyPointer() + "/before";
    if (!before.change || !before.significant) return {sentences.alone, {}};
    const FigureUnit unit = UnitOf(Key().metric);
    std::vector<RichText> arguments = {w_.ChangeSize(unit, before, pointer),
                                       w_.Rich(w_.PeriodBeforeWords()),
                                       w_.Value(unit, before.value, pointer + "/value")};
    const Message message = !*before.significant ? sentences.same
                            : *before.change > 0 ? sentences.rose
                                                 : sentences.fell;
    return {message, std::move(arguments)};
  }

  RichText Visits() const {
    auto [message, change] = ChangeOf(kVisitsSentences);
    const RichText visits = w_.Count(a_.visits, "/citizens/visits");
    const PeriodComparison& before = Key().before;
    if (change.empty() && before.value && !before.change) {
      // There is a period before, but one of both has holes.
      return w_.Rich(Message::kFindVisitsHoles,
                     {visits, w_.Rich(w_.PeriodBeforeWords()),
                      w_.Value(FigureUnit::kCount, before.value, KeyPointer() + "/before/value")});
    }
    change.insert(change.begin(), visits);
    return w_.Rich(message, change);
  }

  RichText OfRate(const ChangeSentences& sentences) const {
    auto [message, change] = ChangeOf(sentences);
    const Rate& rate = Key().rate;
    const std::string pointer = KeyPointer();
    std::vector<RichText> arguments = {w_.Count(rate.numerator, pointer + "/numerator"),
                                       w_.Count(rate.denominator, pointer + "/denominator"),
                                       w_.RateValue(rate, pointer), w_.RateInterval(rate, pointer)};
    arguments.insert(arguments.end(), change.begin(), change.end());
    return w_.Rich(message, arguments);
  }

  const ServiceFigures& Service() const { return a_.services[f_.service]; }

  RichText Moved(Message message) const {
    const PeriodComparison& before = model_.services[f_.service].completion_before;
    const std::string pointer = ServiceReportPointer(f_.service) + "/completion_before";
    return w_.Rich(
        message,
        {w_.ServiceName(Service()), w_.Percent(before.value, pointer + "/value"),
         w_.RateValue(Service().completion_rate, ServicePointer(f_.service) + "/completion_rate"),
         w_.ChangeSize(FigureUnit::kShare, before, pointer)});
  }

  RichText Lowest() const {
    const Rate& rate = Service().completion_rate;
    const std::string pointer = ServicePointer(f_.service) + "/completion_rate";
    return w_.Rich(Message::kFindLowestCompletion,
                   {w_.ServiceName(Service()), w_.RateValue(rate, pointer),
                    w_.Count(rate.numerator, pointer + "/numerator"),
                    w_.Count(rate.denominator, pointer + "/denominator"),
                    Plain(std::to_string(kFewAttempts))});
  }

  RichText LostStep() const {
    const Rate& loss = model_.services[f_.service].step_losses[f_.step];
    const std::string pointer =
        ServiceReportPointer(f_.service) + "/step_losses/" + std::to_string(f_.step);
    return w_.Rich(
        Message::kFindLostStep,
        {w_.ServiceName(Service()), Plain(Service().steps[f_.step].name),
         w_.Count(loss.numerator, pointer + "/numerator"),
         w_.Count(loss.denominator, pointer + "/denominator"), w_.RateValue(loss, pointer)});
  }

  const Finding& f_;
  const ReportWriter& w_;
  const ReportModel& model_;
  const Analysis& a_;
};

}  // namespace

RichText FindingText(const Finding& finding, const ReportWriter& writer) {
  return FindingWriter(finding, writer).Write();
}

}  // namespace civlog
