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

void FormatPlan::Complete() {
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind == StepKind::kRequest) request_step = i;
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
