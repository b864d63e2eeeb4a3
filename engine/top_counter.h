// The most frequent names of a stream: exact while they fit, then Space-Saving.
//
// Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of
// frequent and top-k elements in data streams", 2005): once the table is full, a
// new name takes the place of the least frequent one and inherits its count as
// error. The true count of an entry is in [count - error, count].

#ifndef CIVLOG_ENGINE_TOP_COUNTER_H_
#define CIVLOG_ENGINE_TOP_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

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

  explicit TopCounter(size_t capacity) : capacity_(capacity) {}

  // Counts one occurrence of the name whose identity is `hash`.
  void Add(uint64_t hash, std::string_view name);

  // Says that the name will be counted soon.
  void Prefetch(uint64_t hash) const { index_.prefetch(hash); }

  size_t size() const { return names_.size(); }
  // REQUIRES: i < size().
  TopEntry entry(size_t i) const {
    return {names_[i].hash, names_[i].text, counts_[i], names_[i].error};
  }
  uint64_t count(size_t i) const { return counts_[i]; }
  std::string_view name(size_t i) const { return names_[i].text; }
  // True once a name had to give way.
  bool overflowed() const { return overflowed_; }

 private:
  bool Less(uint32_t a, uint32_t b) const;
  void BuildHeap();
  void SiftDown(size_t place);

  struct Name {
    uint64_t hash = 0;
    std::string text;
    uint64_t error = 0;
  };

  size_t capacity_;
  bool overflowed_ = false;
  // By entry. What every Add touches is kept apart from what few do.
  std::vector<uint64_t> counts_;
  std::vector<Name> names_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;
  // A binary min-heap of entries by count, built when the table first overflows;
  // place_[entry] is where the entry stands in it.
  std::vector<uint32_t> heap_;
  std::vector<uint32_t> place_;
};

// The `limit` most frequent of several counters over disjoint names, by count
// descending, then name ascending.
std::vector<TopEntry> MostFrequent(const std::vector<const TopCounter*>& counters, size_t limit);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TOP_COUNTER_H_
