// What is known of the paths that a run has met, shared by its workers.
//
// What a path is (an asset, a probe, which routes match) is decided once. A table of
// fixed size, open addressing with linear probing, at most half full: reading takes no
// lock, and a worker that learns a path claims a slot by one atomic exchange, fills an
// entry of its own and publishes it. Slots are never emptied, so that what was found
// stays. A slot is one word: sixteen bits of the path's hash, and where its entry stands.
// Which paths are learned before the table is full depends on the workers' turns; no figure
// does: what is not known is decided anew.

#ifndef CIVLOG_ENGINE_PATH_DICTIONARY_H_
#define CIVLOG_ENGINE_PATH_DICTIONARY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event.h"
#include "engine/route_table.h"
#include "parsers/absl_bridge.h"
#include "parsers/large_block.h"

namespace civlog {

// What a path is, whatever the method, query and time: the same for many of them.
struct PathClass {
  std::vector<RouteId> candidates;         // routes that match it, the most specific first
  std::string_view probe;                  // PathRules::ScannerProbe
  ServiceId segment_service = kNoService;  // without a catalogue
  bool asset = false;

  bool operator==(const PathClass&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const PathClass& c) {
    return H::combine(std::move(h), c.candidates, ToAbsl(c.probe), c.segment_service, c.asset);
  }
};

// What is known of a path. Owned by the worker that learned it. The raw path stands right
// behind it, so that both come with few cache lines.
struct PathEntry {
  CountedName name;  // the normalised path
  const PathClass* path_class = nullptr;
  uint16_t raw_size = 0;

  // REQUIRES: one that was learned.
  std::string_view raw() const { return {reinterpret_cast<const char*>(this + 1), raw_size}; }
};
static_assert(sizeof(void*) != 8 || sizeof(PathEntry) == 40);

// Thread-safe. Entries outlive it.
class PathDictionary {
 public:
  // Paths that a run learns; each worker may learn one more.
  static constexpr size_t kMost = 3 * (size_t{1} << 17);

  // REQUIRES: 0 < most < 2^32.
  explicit PathDictionary(size_t most = kMost);

  // `hash` is well mixed, and the same for the same path.
  //
  // The path, null where it is not known.
  const PathEntry* Find(uint64_t hash, std::string_view raw_path) const {
    for (size_t at = PlaceOf(hash);; at = Next(at)) {
      const uint64_t slot = slots_[at].load(std::memory_order_acquire);
      if (slot == kFree) return nullptr;
      if (!IsOf(slot, hash)) continue;
      const PathEntry* const entry = EntryOf(slot);
      if (entry != nullptr && entry->raw() == raw_path) return entry;
    }
  }
  // What Find will look at first, without a look at the path itself.
  const PathEntry* Guess(uint64_t hash) const {
    for (size_t at = PlaceOf(hash);; at = Next(at)) {
      const uint64_t slot = slots_[at].load(std::memory_order_acquire);
      if (slot == kFree || IsOf(slot, hash)) return EntryOf(slot);
    }
  }
  // Asks for what these will need.
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[PlaceOf(hash)]); }

  // A place to Publish a path at that Find did not find; null where there is none left, or
  // where one like it is being learned or has been by another worker.
  using Claim = std::atomic<uint64_t>*;
  Claim ClaimPlace(uint64_t hash, std::string_view raw_path);
  static void Publish(Claim place, const PathEntry* entry);

  bool full() const { return size_.load(std::memory_order_relaxed) >= most_; }

 private:
  using Slot = std::atomic<uint64_t>;
  static_assert(sizeof(Slot) == sizeof(uint64_t) && Slot::is_always_lock_free,
                "zeroed memory is free slots");
  static constexpr uint64_t kFree = 0;
  static constexpr int kEntryBits = 48;  // of an address in a program
  static constexpr uint64_t kEntryMask = (uint64_t{1} << kEntryBits) - 1;
  static constexpr uint64_t kClaimed = 1;  // in an entry's place until it is published

  static uint64_t MarkOf(uint64_t hash) { return hash << kEntryBits; }
  static bool IsOf(uint64_t slot, uint64_t hash) {
    return slot != kFree && ((slot ^ MarkOf(hash)) & ~kEntryMask) == 0;
  }
  static const PathEntry* EntryOf(uint64_t slot) {
    const uint64_t entry = slot & kEntryMask;
    return entry != kClaimed ? reinterpret_cast<const PathEntry*>(entry) : nullptr;
  }
  size_t PlaceOf(uint64_t hash) const { return hash >> shift_; }
  size_t Next(size_t at) const { return (at + 1) & last_; }

  const size_t most_;
  const size_t last_;  // slots but one: a power of two of them, at least twice `most_`
  const int shift_;
  LargeBlock memory_;
  Slot* const slots_;
  std::atomic<size_t> size_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_PATH_DICTIONARY_H_
