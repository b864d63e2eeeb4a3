#include "parsers/json_winners.h"

#include <algorithm>

namespace civlog {
namespace {

constexpr size_t kTextSlots = 16;
constexpr size_t kExtraSlots = 32;
constexpr size_t kMostSlots = 64;

size_t SlotOf(const FormatStep& step) {
  if (step.kind == StepKind::kText) return kTextSlots + static_cast<size_t>(step.field);
  if (step.kind == StepKind::kExtra) return std::min(kExtraSlots + step.extra, kMostSlots - 1);
  return static_cast<size_t>(step.kind);
}

}  // namespace

void JsonWinners::Offer(const JsonMember& member) {
  static_assert(kSlots == kMostSlots);
  const size_t slot = SlotOf(member.target->step);
  const uint64_t bit = uint64_t{1} << slot;
  if ((slots_ & bit) != 0 && member.target->rank <= members_[slot]->target->rank) return;
  slots_ |= bit;
  members_[slot] = &member;
}

JsonWinners ChooseMembers(const std::vector<JsonMember>& members) {
  JsonWinners winners;
  for (const JsonMember& member : members) winners.Offer(member);
  return winners;
}

}  // namespace civlog
