// Finds which of many literals occur in a text.
//
// The first three bytes of each literal go into a bit filter and a hash index; a
// text is scanned once, and only where three bytes pass the filter are the literals
// that begin with them compared. For a thousand literals and a text of a hundred
// bytes that is a hundred bit tests and a handful of comparisons.

#ifndef CIVLOG_ENGINE_LITERAL_MATCHER_H_
#define CIVLOG_ENGINE_LITERAL_MATCHER_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace civlog {

// Immutable once filled, and then thread-safe.
class LiteralMatcher {
 public:
  static constexpr size_t kMinBytes = 3;
  static constexpr size_t kNone = SIZE_MAX;

  // REQUIRES: literal.size() >= kMinBytes. Literals are numbered by `value`.
  void Add(std::string_view literal, size_t value);

  // The smallest value of a literal that occurs in `text`, kNone where none does.
  size_t Smallest(std::string_view text) const;

 private:
  struct Entry {
    std::string literal;
    size_t value;
  };

  static uint32_t Head(const char* text) {
    return static_cast<uint32_t>(static_cast<uint8_t>(text[0])) |
           (static_cast<uint32_t>(static_cast<uint8_t>(text[1])) << 8) |
           (static_cast<uint32_t>(static_cast<uint8_t>(text[2])) << 16);
  }
  static size_t FilterBit(uint32_t head) { return (head * 2654435761U) >> 16; }

  std::bitset<65536> filter_;
  absl::flat_hash_map<uint32_t, std::vector<Entry>> by_head_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_LITERAL_MATCHER_H_
