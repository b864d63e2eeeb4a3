// The most frequent names of a stream: exact while they fit, then Space-Saving.

#ifndef CIVLOG_ENGINE_TOP_COUNTER_H_
#define CIVLOG_ENGINE_TOP_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event.h"
#include "engine/space_saving.h"

namespace civlog {

struct TopEntry {
  uint64_t hash = 0;
  std::string name;  // cut to kMaxNameBytes
  uint64_t count = 0;
  uint64_t error = 0;
};

// Not thread-safe. What it holds depends on the order of the Adds once it is full,
// so that callers feed it in an order that is the same in every run.
class TopCounter {
 public:
  static constexpr size_t kMaxNameBytes = 1024;

  // REQUIRES: 0 < capacity < 2^20.
  explicit TopCounter(size_t capacity) : kept_(capacity) {}

  // Counts one occurrence of a name. Its text is copied where it does not last; where it
  // does, the name must outlive the counter and its copies.
  void Add(const CountedName& name);
  // As SpaceSaving.
  void Prefetch(const CountedName& name) const { kept_.Prefetch(name.hash, name.slot); }

  size_t size() const { return places_.size(); }
  // REQUIRES: i < size().
  TopEntry entry(size_t i) const {
    return {kept_.hash(i), std::string(name(i)), kept_.count(i), kept_.error(i)};
  }
  uint64_t count(size_t i) const { return kept_.count(i); }
  std::string_view name(size_t i) const {
    const NamePlace& place = places_[i];
    if (const CountedName* lasting = place.lasting(); lasting != nullptr)
      return Cut(lasting->text());
    return {texts_.data() + place.begin(), place.size()};
  }
  // True once a name had to give way.
  bool overflowed() const { return kept_.overflowed(); }

  template <typename Archive>
  void Transfer(Archive& archive);

 private:
  // Where a name stands: the name itself where it lasts, else its text in texts_.
  class NamePlace {
   public:
    NamePlace() = default;
    explicit NamePlace(const CountedName* lasting)
        : word_(reinterpret_cast<uintptr_t>(lasting) | kLasts) {}
    // `room` is what the text may take there, at least `size`.
    NamePlace(uint32_t begin, size_t size, size_t room)
        : word_(uint64_t{begin} << 32 | uint64_t{size} << 16 | uint64_t{room} << 1) {}

    // Null where it is another's text.
    const CountedName* lasting() const {
      return (word_ & kLasts) != 0 ? reinterpret_cast<const CountedName*>(word_ ^ kLasts) : nullptr;
    }
    // REQUIRES: lasting() == nullptr.
    uint32_t begin() const { return static_cast<uint32_t>(word_ >> 32); }
    size_t size() const { return word_ >> 16 & 0xffff; }
    size_t room() const { return word_ >> 1 & 0x7fff; }

   private:
    static constexpr uint64_t kLasts = 1;  // where an address has no bit
    static_assert(alignof(CountedName) > 1 && sizeof(uintptr_t) <= sizeof(uint64_t));
    uint64_t word_ = 0;
  };
  static std::string_view Cut(std::string_view text) { return text.substr(0, kMaxNameBytes); }
  NamePlace Append(std::string_view text);
  void DropUnused();

  SpaceSaving kept_;
  std::vector<NamePlace> places_;  // by slot
  std::string texts_;
  size_t unused_ = 0;  // bytes of names that gave way to longer ones
};

template <typename Archive>
void TopCounter::Transfer(Archive& archive) {
  std::vector<uint16_t> sizes;
  std::string texts;
  for (size_t i = 0; i < size(); ++i) {
    sizes.push_back(static_cast<uint16_t>(name(i).size()));
    texts.append(name(i));
  }
  archive(kept_, sizes, texts);
  if constexpr (Archive::kReads) {
    places_.clear();
    texts_ = std::move(texts);
    unused_ = 0;
    size_t begin = 0;
    for (const uint16_t size : sizes) {
      if (size > kMaxNameBytes || size > texts_.size() - begin) return;
      places_.emplace_back(static_cast<uint32_t>(begin), size, size);
      begin += size;
    }
  }
}

// By count descending, then name ascending.
void SortByFrequency(std::vector<TopEntry>* entries);

// The `limit` most frequent of several counters over disjoint names, by count
// descending, then name ascending.
std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TOP_COUNTER_H_
