// Numbers hashes from 0 on in the order in which they come, and keeps a value with each.
//
// Entries stand one behind the other; beside them is a set of their numbers, which hashes
// and compares a number as its entry. So an item takes its entry and about six bytes, half
// of what a map from hashes to values takes, and more of it is in the cache.

#ifndef CIVLOG_ENGINE_DENSE_INDEX_H_
#define CIVLOG_ENGINE_DENSE_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace civlog {

// Makes room for one item more. Where there is none left, it makes it for a quarter of what there
// is: tables of which a run has many would otherwise be half empty, and memory that is touched
// costs time.
template <typename T>
void MakeRoom(std::vector<T>* items) {
  constexpr size_t kAtLeast = 16;
  if (items->size() == items->capacity()) {
    items->reserve(items->size() + std::max(items->size() / 4, kAtLeast));
  }
}

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
  static constexpr size_t kMost = (size_t{1} << 20) - 1;
  static constexpr uint32_t kNone = UINT32_MAX;

  DenseIndex() = default;
  DenseIndex(const DenseIndex& other) : entries_(std::make_unique<Entries>(*other.entries_)) {
    Rebuild();
  }
  DenseIndex(DenseIndex&&) noexcept = default;
  DenseIndex& operator=(DenseIndex other) noexcept {
    std::swap(entries_, other.entries_);
    std::swap(numbers_, other.numbers_);
    return *this;
  }

  size_t size() const { return entries_->size(); }
  uint64_t hash(size_t number) const { return (*entries_)[number].hash; }
  const Value& value(size_t number) const { return (*entries_)[number].value; }
  Value& value(size_t number) { return (*entries_)[number].value; }

  // The number of `hash`, kNone where it has none.
  uint32_t Find(uint64_t hash) const {
    const auto found = numbers_.find(Key{hash});
    return found == numbers_.end() ? kNone : *found;
  }

  // Numbers `hash`. REQUIRES: Find(hash) == kNone, size() < kMost.
  uint32_t Append(uint64_t hash, Value value = Value()) {
    const auto number = static_cast<uint32_t>(entries_->size());
    MakeRoom(entries_.get());
    entries_->push_back({hash, value});
    numbers_.insert(number);
    return number;
  }

  // Gives the number, and its value, to another hash. REQUIRES: Find(hash) == kNone,
  // number < size().
  void Replace(uint32_t number, uint64_t hash) {
    numbers_.erase(number);
    (*entries_)[number].hash = hash;
    numbers_.insert(number);
  }

  // Asks for what Find(hash) reads first.
  void Prefetch(uint64_t hash) const { numbers_.prefetch(Key{hash}); }
  // Asks for a number's hash and value. REQUIRES: number < size().
  void PrefetchEntry(size_t number) const { __builtin_prefetch(&(*entries_)[number]); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(*entries_);
    if constexpr (Archive::kReads) {
      if (entries_->size() > kMost) entries_->resize(kMost);
      Rebuild();
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
  using Entries = std::vector<Entry>;

  // A hash that is looked for.
  struct Key {
    uint64_t hash;
  };
  struct HashOf {
    using is_transparent = void;
    const Entries* entries;
    size_t operator()(uint32_t number) const { return (*entries)[number].hash; }
    size_t operator()(Key key) const { return key.hash; }
  };
  struct Equal {
    using is_transparent = void;
    const Entries* entries;
    bool operator()(uint32_t a, uint32_t b) const {
      return (*entries)[a].hash == (*entries)[b].hash;
    }
    bool operator()(uint32_t a, Key b) const { return (*entries)[a].hash == b.hash; }
    bool operator()(Key a, uint32_t b) const { return (*entries)[b].hash == a.hash; }
  };
  using Numbers = absl::flat_hash_set<uint32_t, HashOf, Equal>;

  void Rebuild() {
    numbers_ = Numbers(entries_->size(), HashOf{entries_.get()}, Equal{entries_.get()});
    for (size_t number = 0; number < entries_->size(); ++number) {
      numbers_.insert(static_cast<uint32_t>(number));
    }
  }

  // Apart, so that it stays where it is when the index moves.
  std::unique_ptr<Entries> entries_ = std::make_unique<Entries>();  // by number
  Numbers numbers_{0, HashOf{entries_.get()}, Equal{entries_.get()}};
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_DENSE_INDEX_H_
