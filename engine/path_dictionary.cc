#include "engine/path_dictionary.h"

namespace civlog {

PathDictionary::Claim PathDictionary::ClaimPlace(uint64_t hash) {
  if (full()) return nullptr;
  const uint64_t key = KeyOf(hash);
  for (size_t at = PlaceOf(key);; at = (at + 1) & (slots_.size() - 1)) {
    uint64_t found = kFree;
    if (slots_[at].key.compare_exchange_strong(found, key, std::memory_order_relaxed)) {
      size_.fetch_add(1, std::memory_order_relaxed);
      return &slots_[at].entry;
    }
    if (found == key) return nullptr;
  }
}

}  // namespace civlog
