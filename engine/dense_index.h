// Numbers hashes from 0 on in the order in which they come, and keeps a value with each.
//
// Entries stand one behind the other; beside them is a table of 32-bit slots, open
// addressing with linear probing, at most three quarters full. A slot holds an entry's
// number and a few bits of its hash, so that nearly every look-up reads one slot, which
// is mostly in the cache, and one entry.

#ifndef CIVLOG_ENGINE_DENSE_INDEX_H_
#define CIVLOG_ENGINE_DENSE_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace civlog {

// For a DenseIndex that only numbers.
struct NoValue {
  template <typename Archive>
  void Transfer(Archive&) {}
};

// Hashes are of 64 bits, well mixed, and stand for themselves: equal ones are one item.
// Not thread-safe.
template <typename Value>
class DenseIndex {
 public:
  static constexpr int kNumberBits = 20;
  static constexpr size_t kMost = (size_t{1} << kNumberBits) - 1;
  static constexpr uint32_t kNone = UINT32_MAX;

  size_t size() const { return entries_.size(); }
  uint64_t hash(size_t number) const { return entries_[number].hash; }
  const Value& value(size_t number) const { return entries_[number].value; }
  Value& value(size_t number) { return entries_[number].value; }

  // The number of `hash`, kNone where it has none.
  uint32_t Find(uint64_t hash) const {
    if (slots_.empty()) return kNone;
    for (size_t at = HomeOf(hash); slots_[at] != kFree; at = Next(at)) {
      const uint32_t number = slots_[at] & kNumberMask;
      if (slots_[at] >> kNumberBits == TagOf(hash) && entries_[number].hash == hash) return number;
    }
    return kNone;
  }

  // Numbers `hash`. REQUIRES: Find(hash) == kNone, size() < kMost.
  uint32_t Append(uint64_t hash, Value value = Value()) {
    const auto number = static_cast<uint32_t>(entries_.size());
    entries_.push_back({hash, value});
    if (entries_.size() * 4 > slots_.size() * 3) {
      Rebuild(std::max(kLeastSlots, 2 * slots_.size()));
    } else {
      Place(number);
    }
    return number;
  }

  // Gives the number, and its value, to another hash. REQUIRES: Find(hash) == kNone,
  // number < size().
  void Replace(uint32_t number, uint64_t hash) {
    Remove(number);
    entries_[number].hash = hash;
    Place(number);
  }

  // Asks for what Find(hash) reads first, and then for what it reads next.
  void Prefetch(uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[HomeOf(hash)]);
  }
  void PrefetchEntry(uint64_t hash) const {
    if (slots_.empty() || slots_[HomeOf(hash)] == kFree) return;
    __builtin_prefetch(entries_.data() + (slots_[HomeOf(hash)] & kNumberMask));
  }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(entries_);
    if constexpr (Archive::kReads) {
      entries_.resize(std::min(entries_.size(), kMost));
      size_t slots = kLeastSlots;
      while (entries_.size() * 4 > slots * 3) slots *= 2;
      Rebuild(slots);
    }
  }

 private:
  struct Entry {
    uint64_t hash = 0;
    [[no_unique_address]] Value value;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(hash, value);
    }
  };
  static constexpr uint32_t kFree = UINT32_MAX;  // no number is kMost
  static constexpr uint32_t kNumberMask = kMost;
  static constexpr size_t kLeastSlots = 16;

  size_t HomeOf(uint64_t hash) const { return hash & (slots_.size() - 1); }
  size_t Next(size_t at) const { return (at + 1) & (slots_.size() - 1); }
  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> (kNumberBits + 32)); }

  void Place(uint32_t number) {
    const uint64_t hash = entries_[number].hash;
    size_t at = HomeOf(hash);
    while (slots_[at] != kFree) at = Next(at);
    slots_[at] = TagOf(hash) << kNumberBits | number;
  }

  void Rebuild(size_t slots) {
    slots_.assign(slots, kFree);
    for (size_t number = 0; number < entries_.size(); ++number) {
      Place(static_cast<uint32_t>(number));
    }
  }

  // Closes the gap: what stands behind it moves up as far as to its home (Knuth, "The Art
  // of Computer Programming", volume 3, algorithm 6.4R).
  void Remove(uint32_t number) {
    size_t gap = HomeOf(entries_[number].hash);
    while ((slots_[gap] & kNumberMask) != number) gap = Next(gap);
    for (size_t at = Next(gap); slots_[at] != kFree; at = Next(at)) {
      const size_t home = HomeOf(entries_[slots_[at] & kNumberMask].hash);
      const size_t mask = slots_.size() - 1;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      slots_[gap] = slots_[at];
      gap = at;
    }
    slots_[gap] = kFree;
  }

  std::vector<Entry> entries_;   // by number
  std::vector<uint32_t> slots_;  // a power of two of them
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_DENSE_INDEX_H_
