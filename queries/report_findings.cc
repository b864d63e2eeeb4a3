// What a summary says: only what the figures bear, the most important first.

#include <algorithm>
#include <vector>

#include "queries/compute_report.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

constexpr size_t kMostFalls = 3;
constexpr size_t kMostRises = 2;
constexpr size_t kMostMissed = 5;
constexpr double kUnclassifiedWorthSaying = 0.10;

bool IsKnown(uint64_t count) { return !IsSuppressed(count); }

Tone ToneOf(const KeyFigure& figure) {
  if (!figure.before.significant.value_or(false)) return Tone::kNeutral;
  const int direction = *figure.before.change > 0 ? 1 : -1;
  const int good = direction * DesirabilityOf(figure.metric);
  return good > 0 ? Tone::kBetter : good < 0 ? Tone::kWorse : Tone::kNeutral;
}

class Search {
 public:
  explicit Search(const ReportModel& model) : model_(model), a_(model.analysis) {}

  std::vector<Finding> Find() {
    AddCoverage();
    AddKeyFigure(FindingKind::kVisits, KeyMetric::kVisits);
    AddTargets();
    AddCompletion();
    AddKeyFigure(FindingKind::kParticipation, KeyMetric::kParticipation);
    AddMovedServices();
    AddLowest();
    AddLostStep();
    AddErrors();
    AddUnclassified();
    return std::move(findings_);
  }

 private:
  void AddCoverage() {
    if (!model_.complete) findings_.push_back({FindingKind::kPartial, Tone::kCaution});
    if (!a_.gaps.empty()) findings_.push_back({FindingKind::kGaps, Tone::kCaution});
    if (!a_.has_catalog) findings_.push_back({FindingKind::kNoCatalog, Tone::kCaution});
    if (!model_.before_known && !model_.trend.empty()) {
      findings_.push_back({FindingKind::kFirstPeriod, Tone::kNeutral});
    }
  }

  void AddKeyFigure(FindingKind kind, KeyMetric metric) {
    for (size_t i = 0; i < model_.key_figures.size(); ++i) {
      const KeyFigure& figure = model_.key_figures[i];
      if (figure.metric != metric || !figure.value) continue;
      Finding finding{kind, ToneOf(figure)};
      finding.key_figure = i;
      findings_.push_back(finding);
    }
  }

  void AddCompletion() {
    if (!a_.has_catalog || model_.transactions.started == 0) return;
    const uint64_t ended = a_.completion.denominator;
    if (!IsKnown(ended) || ended >= kFewAttempts) {
      AddKeyFigure(FindingKind::kCompletion, KeyMetric::kCompletion);
    } else {
      findings_.push_back({FindingKind::kTooFewAttempts, Tone::kCaution});
    }
  }

  void AddTargets() {
    if (model_.targets.empty()) return;
    findings_.push_back({FindingKind::kTargets, Tone::kNeutral});
    for (size_t i = 0, missed = 0; i < model_.targets.size() && missed < kMostMissed; ++i) {
      if (model_.targets[i].status != TargetStatus::kMissed) continue;
      Finding finding{FindingKind::kTargetMissed, Tone::kWorse};
      finding.target = i;
      findings_.push_back(finding);
      ++missed;
    }
  }

  bool IsJudged(size_t service) const {
    const Rate& rate = a_.services[service].completion_rate;
    return rate.value && rate.denominator >= kFewAttempts;
  }

  // The services whose completion moved, the most moved first.
  void AddMovedServices() {
    std::vector<size_t> moved;
    for (size_t i = 0; i < model_.services.size(); ++i) {
      if (IsJudged(i) && model_.services[i].completion_before.significant.value_or(false)) {
        moved.push_back(i);
      }
    }
    const auto change = [this](size_t i) { return *model_.services[i].completion_before.change; };
    std::stable_sort(moved.begin(), moved.end(),
                     [&](size_t x, size_t y) { return change(x) < change(y); });
    for (size_t i = 0; i < moved.size() && i < kMostFalls && change(moved[i]) < 0; ++i) {
      AddService(FindingKind::kServiceFell, Tone::kWorse, moved[i]);
    }
    std::reverse(moved.begin(), moved.end());
    for (size_t i = 0; i < moved.size() && i < kMostRises && change(moved[i]) > 0; ++i) {
      AddService(FindingKind::kServiceRose, Tone::kBetter, moved[i]);
    }
  }

  void AddService(FindingKind kind, Tone tone, size_t service) {
    Finding finding{kind, tone};
    finding.service = service;
    findings_.push_back(finding);
  }

  // "Lowest" says something where there are several.
  void AddLowest() {
    std::optional<size_t> lowest;
    size_t judged = 0;
    for (size_t i = 0; i < a_.services.size(); ++i) {
      if (!IsJudged(i)) continue;
      ++judged;
      if (!lowest ||
          *a_.services[i].completion_rate.value < *a_.services[*lowest].completion_rate.value) {
        lowest = i;
      }
    }
    if (judged > 1) AddService(FindingKind::kLowestCompletion, Tone::kNeutral, *lowest);
  }

  void AddLostStep() {
    std::optional<Finding> most;
    uint64_t lost_there = kFewAttempts - 1;
    for (size_t i = 0; i < model_.services.size(); ++i) {
      for (size_t k = 0; k < model_.services[i].step_losses.size(); ++k) {
        const Rate& loss = model_.services[i].step_losses[k];
        if (!loss.value || loss.numerator <= lost_there) continue;
        lost_there = loss.numerator;
        most = Finding{FindingKind::kLostStep, Tone::kNeutral, 0, i, k, 0};
      }
    }
    if (most) findings_.push_back(*most);
  }

  void AddErrors() {
    const uint64_t left = model_.transactions.left_after_error;
    if (left > 0 && IsKnown(left)) {
      findings_.push_back({FindingKind::kLeftAfterError, Tone::kNeutral});
    }
    AddKeyFigure(FindingKind::kServerErrors, KeyMetric::kServerErrors);
  }

  void AddUnclassified() {
    if (a_.has_catalog && model_.unclassified.value.value_or(0) > kUnclassifiedWorthSaying) {
      findings_.push_back({FindingKind::kUnclassified, Tone::kCaution});
    }
  }

  const ReportModel& model_;
  const Analysis& a_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> FindWhatStandsOut(const ReportModel& model) { return Search(model).Find(); }

}  // namespace civlog
