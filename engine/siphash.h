// SipHash-2-4: a keyed hash whose values cannot be guessed without the key.
//
// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.

#ifndef CIVLOG_ENGINE_SIPHASH_H_
#define CIVLOG_ENGINE_SIPHASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace civlog {

// Incremental: the hash of everything that was added, in order.
class SipHash {
 public:
  // The 128-bit key as two little-endian halves.
  SipHash(uint64_t key0, uint64_t key1)
      : v0_(key0 ^ 0x736f6d6570736575ULL),
        v1_(key1 ^ 0x646f72616e646f6dULL),
        v2_(key0 ^ 0x6c7967656e657261ULL),
        v3_(key1 ^ 0x7465646279746573ULL) {}

  void Add(std::string_view data);
  // The same for the eight bytes of a word, the lowest first. REQUIRES: what was added
  // before fills words.
  void AddWhole(uint64_t word) {
    AddWord(word);
    length_ += sizeof(word);
  }
  uint64_t Finish() {
    AddWord(pending_ | (static_cast<uint64_t>(length_ & 0xff) << 56));
    v2_ ^= 0xff;
    for (int i = 0; i < 4; ++i) Round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void AddWord(uint64_t word) {
    v3_ ^= word;
    Round();
    Round();
    v0_ ^= word;
  }
  void Round() {
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

  uint64_t v0_, v1_, v2_, v3_;
  uint64_t pending_ = 0;  // bytes that do not fill a word yet
  size_t length_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SIPHASH_H_
