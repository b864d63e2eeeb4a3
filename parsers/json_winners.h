// Of the members of a JSON line that fill the same field, the one that is taken.

#ifndef CIVLOG_PARSERS_JSON_WINNERS_H_
#define CIVLOG_PARSERS_JSON_WINNERS_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "parsers/json_reader.h"

namespace civlog {

inline constexpr size_t kJsonSlots = 64;

// By field: a step's kind, then text fields, then extra ones. Null where the line has
// no member for it.
using JsonWinners = std::array<const JsonMember*, kJsonSlots>;

// The one with the highest rank of each field, of equal ones the first. Points into
// `members`.
JsonWinners ChooseMembers(const std::vector<JsonMember>& members);

// What to do where a field that is needed has no member.
inline constexpr std::string_view kMapRemedy =
    "member; name the one that has it: --log-format 'json:time=$.KEY,method=$.KEY,target=$.KEY,"
    "status=$.KEY'";

}  // namespace civlog

#endif  // CIVLOG_PARSERS_JSON_WINNERS_H_
