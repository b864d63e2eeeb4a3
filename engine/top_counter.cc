#include "engine/top_counter.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace civlog {

bool TopCounter::Less(uint32_t a, uint32_t b) const {
  if (counts_[a] != counts_[b]) return counts_[a] < counts_[b];
  return a < b;
}

void TopCounter::BuildHeap() {
  heap_.resize(counts_.size());
  place_.resize(counts_.size());
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
    ++counts_[found->second];
    if (!heap_.empty()) SiftDown(place_[found->second]);
    return;
  }
  name = name.substr(0, kMaxNameBytes);
  if (names_.size() < capacity_) {
    index_.emplace(hash, static_cast<uint32_t>(names_.size()));
    names_.push_back({hash, std::string(name), 0});
    counts_.push_back(1);
    return;
  }
  if (heap_.empty()) BuildHeap();
  overflowed_ = true;
  const uint32_t least = heap_.front();
  Name& entry = names_[least];
  index_.erase(entry.hash);
  index_.emplace(hash, least);
  entry.hash = hash;
  entry.text.assign(name);
  entry.error = counts_[least]++;
  SiftDown(0);
}

std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit) {
  using Place = std::pair<const TopCounter*, size_t>;
  std::vector<Place> all;
  for (const TopCounter* counter : counters) {
    for (size_t i = 0; i < counter->size(); ++i) all.emplace_back(counter, i);
  }
  const size_t wanted = std::min(limit, all.size());
  const auto before = [](const Place& a, const Place& b) {
    const uint64_t count_a = a.first->count(a.second);
    const uint64_t count_b = b.first->count(b.second);
    if (count_a != count_b) return count_a > count_b;
    return a.first->name(a.second) < b.first->name(b.second);
  };
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                    before);
  std::vector<TopEntry> result;
  result.reserve(wanted);
  for (size_t i = 0; i < wanted; ++i) result.push_back(all[i].first->entry(all[i].second));
  return result;
}

}  // namespace civlog
