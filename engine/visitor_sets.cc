#include "engine/visitor_sets.h"

#include <algorithm>
#include <utility>

namespace civlog {

bool NumberSet::Contains(uint16_t number) const {
  if (as_bits_) return (elements_[number / kElementBits] >> (number % kElementBits) & 1) != 0;
  return std::binary_search(elements_.begin(), elements_.end(), number);
}

void NumberSet::Add(uint16_t number) {
  ++size_;
  const auto set_bit = [](std::vector<uint16_t>* bits, uint16_t of) {
    uint16_t& element = (*bits)[of / kElementBits];
    element = static_cast<uint16_t>(element | (1U << (of % kElementBits)));
  };
  if (!as_bits_ && elements_.size() >= kMostInOrder) {
    std::vector<uint16_t> bits(kNumbers / kElementBits);
    for (const uint16_t known : elements_) set_bit(&bits, known);
    elements_ = std::move(bits);
    as_bits_ = true;
  }
  if (as_bits_) {
    set_bit(&elements_, number);
  } else {
    // Mostly a visitor who came late, with a great number.
    elements_.insert(std::upper_bound(elements_.begin(), elements_.end(), number), number);
  }
}

uint32_t VisitorNumbers::Of(uint64_t id) {
  const uint32_t known = numbers_.Find(id);
  if (known != numbers_.kNone) return known;
  return numbers_.size() < most_ ? numbers_.Append(id) : kNone;
}

VisitorSet::VisitorSet(const VisitorSet& other)
    : numbered_(other.numbered_),
      rest_(other.rest_ != nullptr ? std::make_unique<DistinctCounter>(*other.rest_) : nullptr) {}

void VisitorSet::ShareWith(Shared* shared) {
  if (rest_ != nullptr) rest_->ShareWith(&shared->exact_left);
}

void VisitorSet::Add(uint64_t id, uint32_t number, Shared* shared) {
  if (number != VisitorNumbers::kNone) {
    if (numbered_.Contains(static_cast<uint16_t>(number))) return;
    if (shared->pairs_left > 0) {
      --shared->pairs_left;
      numbered_.Add(static_cast<uint16_t>(number));
      return;
    }
  }
  if (rest_ == nullptr) rest_ = std::make_unique<DistinctCounter>(&shared->exact_left);
  rest_->Add(id);
}

}  // namespace civlog
