#include "engine/literal_matcher.h"

namespace civlog {

void LiteralMatcher::Add(std::string_view literal, size_t value) {
  const uint32_t head = Head(literal.data());
  filter_.set(FilterBit(head));
  by_head_[head].push_back({std::string(literal), value});
}

size_t LiteralMatcher::Smallest(std::string_view text) const {
  size_t smallest = kNone;
  for (size_t i = 0; i + kMinBytes <= text.size(); ++i) {
    const uint32_t head = Head(text.data() + i);
    if (!filter_.test(FilterBit(head))) continue;
    const auto found = by_head_.find(head);
    if (found == by_head_.end()) continue;
    for (const Entry& entry : found->second) {
      if (entry.value < smallest && text.substr(i).starts_with(entry.literal)) {
        smallest = entry.value;
      }
    }
  }
  return smallest;
}

}  // namespace civlog
