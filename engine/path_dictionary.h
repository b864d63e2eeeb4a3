// What is known of the paths that a run has met, shared by its workers.
//
// What a path is (an asset, a probe, which routes match) is decided once. A table of
// fixed size, open addressing with linear probing, at most half full: reading takes no
// lock, and a worker that learns a path claims a slot by one atomic exchange, fills an
// entry of its own and publishes it. Slots are never emptied, so that what was found
// stays. Which paths are learned before the table is full depends on the workers' turns;
// no figure does: what is not known is decided anew.

#ifndef CIVLOG_ENGINE_PATH_DICTIONARY_H_
#define CIVLOG_ENGINE_PATH_DICTIONARY_H_

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/event.h"
#include "engine/route_table.h"

namespace civlog {

// What is known of a path, whatever the method, query and time. Owned by the worker that
// learned it. The raw path stands right behind it, so that both come with few cache lines.
struct PathEntry {
  CountedName name;  // the normalised path
  const std::vector<RouteId>* candidates = nullptr;
  std::string_view probe;
  uint16_t raw_size = 0;
  ServiceId segment_service = kNoService;
  bool asset = false;

  // REQUIRES: one that was learned.
  std::string_view raw() const { return {reinterpret_cast<const char*>(this + 1), raw_size}; }
};

// Thread-safe. Entries outlive it.
class PathDictionary {
 public:
  // Paths that a run learns; each worker may learn one more.
  static constexpr size_t kMost = 3 * (size_t{1} << 17);

  // REQUIRES: 0 < most < 2^63.
  explicit PathDictionary(size_t most = kMost)
      : most_(most),
        slots_(std::bit_ceil(2 * most)),
        shift_(64 - std::countr_zero(slots_.size())) {}

  // The path whose text has this hash, of several the first; null where none is known.
  // `hash` is well mixed.
  const PathEntry* Find(uint64_t hash) const {
    const uint64_t key = KeyOf(hash);
    for (size_t at = PlaceOf(key);; at = (at + 1) & (slots_.size() - 1)) {
      const uint64_t found = slots_[at].key.load(std::memory_order_relaxed);
      if (found == key) return slots_[at].entry.load(std::memory_order_acquire);
      if (found == kFree) return nullptr;
    }
  }
  // Asks for what Find(hash) will need.
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[PlaceOf(KeyOf(hash))]); }

  // A place to Publish the path of this hash at; null where there is none left, or the
  // hash has one already.
  using Claim = std::atomic<const PathEntry*>*;
  Claim ClaimPlace(uint64_t hash);
  static void Publish(Claim place, const PathEntry* entry) {
    place->store(entry, std::memory_order_release);
  }

  bool full() const { return size_.load(std::memory_order_relaxed) >= most_; }

 private:
  struct Slot {
    std::atomic<uint64_t> key = kFree;
    std::atomic<const PathEntry*> entry = nullptr;  // null until it is published
  };
  static constexpr uint64_t kFree = 0;

  static uint64_t KeyOf(uint64_t hash) { return hash | 1; }  // none is kFree
  size_t PlaceOf(uint64_t key) const { return key >> shift_; }

  const size_t most_;
  std::vector<Slot> slots_;  // a power of two, at least twice as many
  const int shift_;
  std::atomic<size_t> size_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_PATH_DICTIONARY_H_
