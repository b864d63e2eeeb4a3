// SipHash-2-4: a keyed hash whose values cannot be guessed without the key.
//
// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.

#ifndef CIVLOG_ENGINE_SIPHASH_H_
#define CIVLOG_ENGINE_SIPHASH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace civlog {

// Incremental: the hash of everything that was added, in order.
class SipHash {
 public:
  // The 128-bit key as two little-endian halves.
  SipHash(uint64_t key0, uint64_t key1);

  void Add(std::string_view data);
  uint64_t Finish();

 private:
  void AddWord(uint64_t word);
  void Round();

  uint64_t v0_, v1_, v2_, v3_;
  uint64_t pending_ = 0;  // bytes that do not fill a word yet
  size_t length_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SIPHASH_H_
