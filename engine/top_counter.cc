#include "engine/top_counter.h"

#include <algorithm>
#include <utility>

#include "engine/dense_index.h"

namespace civlog {

void TopCounter::Add(const CountedName& name) {
  const SpaceSaving::Placed placed = kept_.Add(name.hash, name.slot);
  name.slot = placed.slot;
  if (!placed.fresh) return;
  if (placed.slot == places_.size()) {
    MakeRoom(&places_);
    places_.emplace_back();
  }
  NamePlace& place = places_[placed.slot];
  const size_t room = place.lasting() == nullptr ? place.room() : 0;
  if (name.lasts()) {
    unused_ += room;
    place = NamePlace(&name);
  } else if (const std::string_view text = Cut(name.text()); room > 0 && text.size() <= room) {
    text.copy(texts_.data() + place.begin(), text.size());
    place = NamePlace(place.begin(), text.size(), room);
  } else {
    unused_ += room;
    place = Append(text);
  }
  if (unused_ > texts_.size() / 2) DropUnused();
}

TopCounter::NamePlace TopCounter::Append(std::string_view text) {
  const auto begin = static_cast<uint32_t>(texts_.size());
  texts_.append(text);
  return {begin, text.size(), text.size()};
}

void TopCounter::DropUnused() {
  std::string used;
  used.reserve(texts_.size() - unused_);
  for (NamePlace& place : places_) {
    if (place.lasting() != nullptr) continue;
    const auto begin = static_cast<uint32_t>(used.size());
    used.append(texts_, place.begin(), place.size());
    place = NamePlace(begin, place.size(), place.size());
  }
  texts_ = std::move(used);
  unused_ = 0;
}

void SortByFrequency(std::vector<TopEntry>* entries) {
  std::sort(entries->begin(), entries->end(), [](const TopEntry& a, const TopEntry& b) {
    return a.count != b.count ? a.count > b.count : a.name < b.name;
  });
}

std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit) {
  using Place = std::pair<const TopCounter*, size_t>;
  const auto before = [](const Place& a, const Place& b) {
    const uint64_t count_a = a.first->count(a.second);
    const uint64_t count_b = b.first->count(b.second);
    if (count_a != count_b) return count_a > count_b;
    return a.first->name(a.second) < b.first->name(b.second);
  };
  // A heap of the best so far, the last of them on top.
  std::vector<Place> best;
  for (const TopCounter* counter : counters) {
    for (size_t i = 0; i < counter->size(); ++i) {
      const Place place(counter, i);
      if (best.size() >= limit) {
        if (limit == 0 || !before(place, best.front())) continue;
        std::pop_heap(best.begin(), best.end(), before);
        best.pop_back();
      }
      best.push_back(place);
      std::push_heap(best.begin(), best.end(), before);
    }
  }
  std::sort_heap(best.begin(), best.end(), before);
  std::vector<TopEntry> result;
  result.reserve(best.size());
  for (const auto& [counter, i] : best) result.push_back(counter->entry(i));
  return result;
}

}  // namespace civlog
