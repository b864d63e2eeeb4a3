// Which of a stream's items are kept: all while they fit, then the most frequent.
//
// Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent
// and top-k elements in data streams", 2005): once the table is full, a new item takes
// the place of the least frequent one and inherits its count as error. The true count
// of an item is in [count - error, count].

#ifndef CIVLOG_ENGINE_SPACE_SAVING_H_
#define CIVLOG_ENGINE_SPACE_SAVING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace civlog {

// Hands out slots, from 0 on; what is kept of an item is its owner's. What it holds
// depends on the order of the Adds once it is full, so that callers feed it in an order
// that is the same in every run. Not thread-safe.
class SpaceSaving {
 public:
  // REQUIRES: 0 < capacity < 2^32.
  explicit SpaceSaving(size_t capacity) : capacity_(capacity) {}

  struct Placed {
    uint32_t slot = 0;
    bool fresh = false;  // the slot is new, or was another item's until now
  };
  // Counts one occurrence of the item whose identity is `hash`.
  Placed Add(uint64_t hash);
  // Says that the item will be counted soon.
  void Prefetch(uint64_t hash) const { index_.prefetch(hash); }

  size_t size() const { return counts_.size(); }
  uint64_t count(size_t slot) const { return counts_[slot]; }
  uint64_t error(size_t slot) const { return errors_.empty() ? 0 : errors_[slot]; }
  uint64_t hash(size_t slot) const { return hashes_[slot]; }
  // True once an item had to give way.
  bool overflowed() const { return !heap_.empty(); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(index_, counts_, hashes_, errors_, heap_, place_);
  }

 private:
  bool Less(uint32_t a, uint32_t b) const;
  void BuildHeap();
  void SiftDown(size_t place);

  size_t capacity_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;
  // By slot. Counts are apart because every Add touches them.
  std::vector<uint64_t> counts_;
  std::vector<uint64_t> hashes_;
  std::vector<uint64_t> errors_;  // empty until the table first overflows
  // A binary min-heap of slots by count, built when the table first overflows;
  // place_[slot] is where the slot stands in it.
  std::vector<uint32_t> heap_;
  std::vector<uint32_t> place_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SPACE_SAVING_H_
