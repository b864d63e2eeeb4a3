#include "parsers/log_format_plan.h"

#include <algorithm>

namespace civlog {

bool FormatPlan::Has(StepKind kind) const {
  return std::any_of(steps.begin(), steps.end(),
                     [kind](const FormatStep& step) { return step.kind == kind; });
}

bool FormatPlan::HasText(TextField field) const {
  return std::any_of(steps.begin(), steps.end(), [field](const FormatStep& step) {
    return step.kind == StepKind::kText && step.field == field;
  });
}

bool FormatPlan::IsAbsent(TextField field) const {
  return std::find(absent.begin(), absent.end(), field) != absent.end();
}

namespace {

// A user, a host or a client, where no blank ends it.
bool ChecksBlanks(const FormatStep& step) {
  if (step.kind != StepKind::kText || step.quoted) return false;
  if (step.ending == FieldEnd::kByte && step.delimiter == ' ') return false;
  return step.field == TextField::kUser || step.field == TextField::kHost ||
         step.field == TextField::kClient;
}

std::array<char, 2> MostFrequentDelimiters(const std::vector<FormatStep>& steps) {
  std::array<size_t, 256> uses{};
  for (const FormatStep& step : steps) {
    if (!step.until.empty()) ++uses[static_cast<uint8_t>(step.delimiter)];
  }
  std::array<char, 2> most{};
  for (char& delimiter : most) {
    auto* const first = std::max_element(uses.begin(), uses.end());
    delimiter = static_cast<char>(first - uses.begin());
    *first = 0;
  }
  return most;
}

}  // namespace

void FormatPlan::Complete() {
  size_t times = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    FormatStep& step = steps[i];
    if (step.kind == StepKind::kRequest) request_step = i;
    step.delimiter = step.until.empty() ? '\0' : step.until.front();
    step.checks_blanks = ChecksBlanks(step);
    if (step.kind == StepKind::kTime) {
      ++times;
      lone_clf = step.time.kind == TimePart::Kind::kClf;
    }
  }
  lone_clf = lone_clf && times == 1;
  delimiters = MostFrequentDelimiters(steps);
  for (FormatStep& step : steps) {
    if (step.until.empty()) continue;
    if (step.delimiter == delimiters[0]) step.delimiter_rank = 0;
    if (step.delimiter == delimiters[1]) step.delimiter_rank = 1;
    step.ends_at_first = step.delimiter_rank != FormatStep::kNoRank &&
                         (step.ending == FieldEnd::kByte || step.ending == FieldEnd::kLiteral ||
                          step.ending == FieldEnd::kQuote);
  }
  joins_query = Has(StepKind::kQuery) && Has(StepKind::kTarget);
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const auto field = static_cast<TextField>(i);
    const bool of_request =
        Has(StepKind::kRequest) && (field == TextField::kMethod || field == TextField::kProtocol);
    if (field == TextField::kTarget || of_request || HasText(field)) continue;
    absent.push_back(field);
  }
}

}  // namespace civlog
