// Of the members of a JSON line that fill the same field, the one that is taken.

#ifndef CIVLOG_PARSERS_JSON_WINNERS_H_
#define CIVLOG_PARSERS_JSON_WINNERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/json_reader.h"

namespace civlog {

// By slot: a step's kind, then text fields, then extra ones.
class JsonWinners {
 public:
  // Keeps a member that goes before what its slot has: of the highest rank, of equal ones
  // the first. It must outlive the winners.
  void Offer(const JsonMember& member);

  // The slots that have a member, as bits.
  uint64_t slots() const { return slots_; }
  // REQUIRES: the slot has one.
  const JsonMember* At(int slot) const { return members_[static_cast<size_t>(slot)]; }
  bool Has(StepKind kind) const { return (slots_ >> static_cast<unsigned>(kind) & 1) != 0; }
  // Null where the line has no member for it.
  const JsonMember* Of(StepKind kind) const {
    return Has(kind) ? At(static_cast<int>(kind)) : nullptr;
  }

 private:
  static constexpr size_t kSlots = 64;

  uint64_t slots_ = 0;
  std::array<const JsonMember*, kSlots> members_;  // of `slots_` alone
};

// Points into `members`.
JsonWinners ChooseMembers(const std::vector<JsonMember>& members);

// What to do where a field that is needed has no member.
inline constexpr std::string_view kMapRemedy =
    "member; name the one that has it: --log-format 'json:time=$.KEY,method=$.KEY,target=$.KEY,"
    "status=$.KEY'";

}  // namespace civlog

#endif  // CIVLOG_PARSERS_JSON_WINNERS_H_
