#include "engine/top_counter.h"

#include <algorithm>
#include <utility>

namespace civlog {

void TopCounter::Add(uint64_t hash, std::string_view name) {
  const SpaceSaving::Placed placed = kept_.Add(hash);
  if (!placed.fresh) return;
  if (placed.slot == names_.size()) names_.emplace_back();
  names_[placed.slot].assign(name.substr(0, kMaxNameBytes));
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
