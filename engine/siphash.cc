#include "engine/siphash.h"

#include <bit>
#include <cstring>

namespace civlog {

static_assert(std::endian::native == std::endian::little, "words are read as they stand");

void SipHash::Add(std::string_view data) {
  size_t i = 0;
  for (; i < data.size() && (length_ + i) % 8 != 0; ++i) {
    pending_ |= static_cast<uint64_t>(static_cast<uint8_t>(data[i])) << (8 * ((length_ + i) % 8));
    if ((length_ + i) % 8 == 7) {
      AddWord(pending_);
      pending_ = 0;
    }
  }
  for (; i + 8 <= data.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, data.data() + i, 8);
    AddWord(word);
  }
  for (; i < data.size(); ++i) {
    pending_ |= static_cast<uint64_t>(static_cast<uint8_t>(data[i])) << (8 * ((length_ + i) % 8));
  }
  length_ += data.size();
}

}  // namespace civlog
