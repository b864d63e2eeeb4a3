// The most frequent names of a stream: exact while they fit, then Space-Saving.

#ifndef CIVLOG_ENGINE_TOP_COUNTER_H_
#define CIVLOG_ENGINE_TOP_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

  // REQUIRES: 0 < capacity <= 2^20.
  explicit TopCounter(size_t capacity) : kept_(capacity) {}

  // Counts one occurrence of the name whose identity is `hash`.
  void Add(uint64_t hash, std::string_view name);
  void Prefetch(uint64_t hash) const { kept_.Prefetch(hash); }

  size_t size() const { return places_.size(); }
  // REQUIRES: i < size().
  TopEntry entry(size_t i) const {
    return {kept_.hash(i), std::string(name(i)), kept_.count(i), kept_.error(i)};
  }
  uint64_t count(size_t i) const { return kept_.count(i); }
  std::string_view name(size_t i) const {
    return {texts_.data() + places_[i].begin, places_[i].size};
  }
  // True once a name had to give way.
  bool overflowed() const { return kept_.overflowed(); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(kept_, places_, texts_, unused_);
  }

 private:
  // Where a name stands in texts_.
  struct NamePlace {
    uint32_t begin = 0;
    uint16_t size = 0;
    uint16_t room = 0;  // at least `size`

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(begin, size, room);
    }
  };
  void Append(std::string_view name, NamePlace* place);
  void DropUnused();

  SpaceSaving kept_;
  std::vector<NamePlace> places_;  // by slot
  std::string texts_;
  size_t unused_ = 0;  // bytes of names that gave way to longer ones
};

// By count descending, then name ascending.
void SortByFrequency(std::vector<TopEntry>* entries);

// The `limit` most frequent of several counters over disjoint names, by count
// descending, then name ascending.
std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TOP_COUNTER_H_
