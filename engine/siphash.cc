#include "engine/siphash.h"

#include <bit>
#include <cstring>

namespace civlog {

static_assert(std::endian::native == std::endian::little, "words are read as they stand");

SipHash::SipHash(uint64_t key0, uint64_t key1)
    : v0_(key0 ^ 0x736f6d6570736575ULL),
      v1_(key1 ^ 0x646f72616e646f6dULL),
      v2_(key0 ^ 0x6c7967656e657261ULL),
      v3_(key1 ^ 0x7465646279746573ULL) {}

inline void SipHash::Round() {
  v0_ += v1_;
  v2_ += v3_;
  v1_ = std::rotl(v1_, 13) ^ v0_;
  v3_ = std::rotl(v3_, 16) ^ v2_;
  v0_ = std::rotl(v0_, 32);
  v2_ += v1_;
  v0_ += v3_;
  v1_ = std::rotl(v1_, 17) ^ v2_;
  v3_ = std::rotl(v3_, 21) ^ v0_;
  v2_ = std::rotl(v2_, 32);
}

inline void SipHash::AddWord(uint64_t word) {
  v3_ ^= word;
  Round();
  Round();
  v0_ ^= word;
}

void SipHash::Add(std::string_view data) {
  size_t i = 0;
  if (length_ % 8 == 0 && data.size() % 8 == 0) {
    for (; i < data.size(); i += 8) {
      uint64_t word;
      std::memcpy(&word, data.data() + i, 8);
      AddWord(word);
    }
    length_ += data.size();
    return;
  }
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

uint64_t SipHash::Finish() {
  AddWord(pending_ | (static_cast<uint64_t>(length_ & 0xff) << 56));
  v2_ ^= 0xff;
  for (int i = 0; i < 4; ++i) Round();
  return v0_ ^ v1_ ^ v2_ ^ v3_;
}

}  // namespace civlog
