#include "engine/space_saving.h"

#include <algorithm>
#include <numeric>

namespace civlog {

bool SpaceSaving::Less(uint32_t a, uint32_t b) const {
  if (counts_[a] != counts_[b]) return counts_[a] < counts_[b];
  return a < b;
}

void SpaceSaving::BuildHeap() {
  errors_.resize(counts_.size());
  heap_.resize(counts_.size());
  place_.resize(counts_.size());
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

SpaceSaving::Placed SpaceSaving::Add(uint64_t hash) {
  const auto found = index_.find(hash);
  if (found != index_.end()) {
    ++counts_[found->second];
    if (!heap_.empty()) SiftDown(place_[found->second]);
    return {found->second, false};
  }
  if (counts_.size() < capacity_) {
    const auto slot = static_cast<uint32_t>(counts_.size());
    index_.emplace(hash, slot);
    counts_.push_back(1);
    hashes_.push_back(hash);
    return {slot, true};
  }
  if (heap_.empty()) BuildHeap();
  const uint32_t least = heap_.front();
  index_.erase(hashes_[least]);
  index_.emplace(hash, least);
  hashes_[least] = hash;
  errors_[least] = counts_[least]++;
  SiftDown(0);
  return {least, true};
}

}  // namespace civlog
