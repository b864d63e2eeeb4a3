#include "engine/top_counter.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace civlog {

bool TopCounter::Less(uint32_t a, uint32_t b) const {
  if (entries_[a].count != entries_[b].count) return entries_[a].count < entries_[b].count;
  return a < b;
}

void TopCounter::BuildHeap() {
  heap_.resize(entries_.size());
  place_.resize(entries_.size());
  std::iota(heap_.begin(), heap_.end(), 0U);
  std::sort(heap_.begin(), heap_.end(), [this](uint32_t a, uint32_t b) { return Less(a, b); });
  for (size_t i = 0; i < heap_.size(); ++i) place_[heap_[i]] = static_cast<uint32_t>(i);
}

void TopCounter::SiftDown(size_t place) {
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

void TopCounter::Add(uint64_t hash, std::string_view name) {
  const auto found = index_.find(hash);
  if (found != index_.end()) {
    ++entries_[found->second].count;
    if (!heap_.empty()) SiftDown(place_[found->second]);
    return;
  }
  name = name.substr(0, kMaxNameBytes);
  if (entries_.size() < capacity_) {
    index_.emplace(hash, static_cast<uint32_t>(entries_.size()));
    entries_.push_back({hash, std::string(name), 1, 0});
    return;
  }
  if (heap_.empty()) BuildHeap();
  overflowed_ = true;
  const uint32_t least = heap_.front();
  TopEntry& entry = entries_[least];
  index_.erase(entry.hash);
  index_.emplace(hash, least);
  entry.hash = hash;
  entry.name.assign(name);
  entry.error = entry.count;
  ++entry.count;
  SiftDown(0);
}

std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit) {
  std::vector<const TopEntry*> all;
  for (const TopCounter* counter : counters) {
    for (const TopEntry& entry : counter->entries()) all.push_back(&entry);
  }
  const size_t wanted = std::min(limit, all.size());
  const auto before = [](const TopEntry* a, const TopEntry* b) {
    if (a->count != b->count) return a->count > b->count;
    return a->name < b->name;
  };
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                    before);
  std::vector<TopEntry> result;
  result.reserve(wanted);
  for (size_t i = 0; i < wanted; ++i) result.push_back(*all[i]);
  return result;
}

}  // namespace civlog
