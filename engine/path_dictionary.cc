#include "engine/path_dictionary.h"

#include <bit>

namespace civlog {

PathDictionary::PathDictionary(size_t most)
    : most_(most),
      last_(std::bit_ceil(2 * most) - 1),
      shift_(64 - static_cast<int>(std::bit_width(last_))),
      memory_((last_ + 1) * sizeof(Slot)),
      slots_(reinterpret_cast<Slot*>(memory_.data())) {}

PathDictionary::Claim PathDictionary::ClaimPlace(uint64_t hash, std::string_view raw_path) {
  if (full()) return nullptr;
  for (size_t at = PlaceOf(hash);; at = Next(at)) {
    uint64_t found = kFree;
    if (slots_[at].compare_exchange_strong(found, MarkOf(hash) | kClaimed,
                                           std::memory_order_acquire)) {
      size_.fetch_add(1, std::memory_order_relaxed);
      return &slots_[at];
    }
    if (!IsOf(found, hash)) continue;
    const PathEntry* const entry = EntryOf(found);
    if (entry == nullptr || entry->raw() == raw_path) return nullptr;
  }
}

void PathDictionary::Publish(Claim place, const PathEntry* entry) {
  const uint64_t mark = place->load(std::memory_order_relaxed) & ~kEntryMask;
  place->store(mark | reinterpret_cast<uint64_t>(entry), std::memory_order_release);
}

}  // namespace civlog
