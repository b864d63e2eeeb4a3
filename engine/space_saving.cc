#include "engine/space_saving.h"

#include <algorithm>
#include <numeric>

namespace civlog {

bool SpaceSaving::Less(uint32_t a, uint32_t b) const {
  if (count(a) != count(b)) return count(a) < count(b);
  return a < b;
}

void SpaceSaving::BuildHeap() {
  errors_.resize(items_.size());
  heap_.resize(items_.size());
  place_.resize(items_.size());
  std::iota(heap_.begin(), heap_.end(), 0U);
  std::sort(heap_.begin(), heap_.end(), [this](uint32_t a, uint32_t b) { return Less(a, b); });
  for (size_t i = 0; i < heap_.size(); ++i) place_[heap_[i]] = static_cast<uint32_t>(i);
}

void SpaceSaving::SiftDown(size_t place) {
  const uint32_t moving = heap_[place];
  while (true) {
    size_t child = 2 * place + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && Less(heap_[child + 1], heap_[child])) ++child;
    if (!Less(heap_[child], moving)) break;
    heap_[place] = heap_[child];
    place_[heap_[place]] = static_cast<uint32_t>(place);
    place = child;
  }
  heap_[place] = moving;
  place_[moving] = static_cast<uint32_t>(place);
}

SpaceSaving::Placed SpaceSaving::Add(uint64_t hash, uint32_t guess) {
  const bool guessed = guess < items_.size() && items_.hash(guess) == hash;
  const uint32_t known = guessed ? guess : items_.Find(hash);
  if (known != items_.kNone) {
    ++items_.value(known).count;
    if (!heap_.empty()) SiftDown(place_[known]);
    return {known, false};
  }
  if (items_.size() < capacity_) return {items_.Append(hash, {1}), true};
  if (heap_.empty()) BuildHeap();
  const uint32_t least = heap_.front();
  errors_[least] = count(least);
  items_.Replace(least, hash);
  ++items_.value(least).count;
  SiftDown(0);
  return {least, true};
}

}  // namespace civlog
