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

#include "engine/dense_index.h"

namespace civlog {

// Hands out slots, from 0 on; what is kept of an item is its owner's. What it holds
// depends on the order of the Adds once it is full, so that callers feed it in an order
// that is the same in every run. Not thread-safe.
class SpaceSaving {
 public:
  // REQUIRES: 0 < capacity <= DenseIndex::kMost.
  explicit SpaceSaving(size_t capacity) : capacity_(capacity) {}

  struct Placed {
    uint32_t slot = 0;
    bool fresh = false;  // the slot is new, or was another item's until now
  };
  // Counts one occurrence of the item whose identity is `hash`, which may be in slot
  // `guess`.
  Placed Add(uint64_t hash, uint32_t guess);
  // Says that the item will be counted soon.
  void Prefetch(uint64_t hash, uint32_t guess) const {
    guess < items_.size() ? items_.PrefetchEntry(guess) : items_.Prefetch(hash);
  }

  size_t size() const { return items_.size(); }
  uint64_t count(size_t slot) const { return items_.value(slot).count; }
  uint64_t error(size_t slot) const { return errors_.empty() ? 0 : errors_[slot]; }
  uint64_t hash(size_t slot) const { return items_.hash(slot); }
  // True once an item had to give way.
  bool overflowed() const { return !heap_.empty(); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(items_, errors_, heap_, place_);
  }

 private:
  struct Occurrences {
    uint64_t count = 0;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(count);
    }
  };
  bool Less(uint32_t a, uint32_t b) const;
  void BuildHeap();
  void SiftDown(size_t place);

  size_t capacity_;
  DenseIndex<Occurrences> items_;  // by slot
  // By slot; apart, because few Adds touch it.
  std::vector<uint64_t> errors_;  // empty until the table first overflows
  // A binary min-heap of slots by count, built when the table first overflows;
  // place_[slot] is where the slot stands in it.
  std::vector<uint32_t> heap_;
  std::vector<uint32_t> place_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SPACE_SAVING_H_
