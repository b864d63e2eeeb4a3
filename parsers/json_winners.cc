#include "parsers/json_winners.h"

#include <algorithm>

namespace civlog {
namespace {

constexpr size_t kTextSlots = 16;
constexpr size_t kExtraSlots = 32;

size_t SlotOf(const FormatStep& step) {
  if (step.kind == StepKind::kText) return kTextSlots + static_cast<size_t>(step.field);
  if (step.kind == StepKind::kExtra) return std::min(kExtraSlots + step.extra, kJsonSlots - 1);
  return static_cast<size_t>(step.kind);
}

}  // namespace

JsonWinners ChooseMembers(const std::vector<JsonMember>& members) {
  JsonWinners winners{};
  for (const JsonMember& member : members) {
    const JsonMember*& winner = winners[SlotOf(member.target->step)];
    if (winner == nullptr || member.target->rank > winner->target->rank) winner = &member;
  }
  return winners;
}

}  // namespace civlog
