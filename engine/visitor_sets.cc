#include "engine/visitor_sets.h"

#include <algorithm>

namespace civlog {

bool NumberSet::Contains(uint16_t number) const {
  if (!bits_.empty()) return (bits_[number / 64] >> (number % 64) & 1) != 0;
  return std::binary_search(in_order_.begin(), in_order_.end(), number);
}

void NumberSet::Add(uint16_t number) {
  ++size_;
  if (bits_.empty()) {
    if (in_order_.size() < kMostInOrder) {
      // Mostly a visitor who came late, with a great number.
      in_order_.insert(std::upper_bound(in_order_.begin(), in_order_.end(), number), number);
      return;
    }
    bits_.resize(kNumbers / 64);
    for (const uint16_t known : in_order_) bits_[known / 64] |= uint64_t{1} << (known % 64);
    std::vector<uint16_t>().swap(in_order_);
  }
  bits_[number / 64] |= uint64_t{1} << (number % 64);
}

uint32_t VisitorNumbers::Of(uint64_t id) {
  const uint32_t known = numbers_.Find(id);
  if (known != numbers_.kNone) return known;
  return numbers_.size() < most_ ? numbers_.Append(id) : kNone;
}

void VisitorSet::Add(uint64_t id, uint32_t number, size_t* pairs_left) {
  if (number != VisitorNumbers::kNone) {
    if (numbered_.Contains(static_cast<uint16_t>(number))) return;
    if (*pairs_left > 0) {
      --*pairs_left;
      numbered_.Add(static_cast<uint16_t>(number));
      return;
    }
  }
  rest_.Add(id);
}

}  // namespace civlog
