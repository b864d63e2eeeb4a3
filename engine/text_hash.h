// Hashes of texts for the tables of a run.
//
// Words are multiplied to 128 bits and folded, as wyhash does (Wang Yi, "wyhash", 2019):
// a few instructions for every 16 bytes, with no call. Seeded anew in every process, so
// that nobody can choose texts of one hash. Nothing that is stored or shown depends on
// these hashes; what visitors are known by is a SipHash.

#ifndef CIVLOG_ENGINE_TEXT_HASH_H_
#define CIVLOG_ENGINE_TEXT_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace civlog {

// Random words (getrandom), the same for the whole process.
using TextHashSeed = std::array<uint64_t, 4>;
extern const TextHashSeed kTextHashSeed;

// All 64 bits are well mixed. Reads nothing outside the text.
inline uint64_t TextHash(std::string_view text) {
  const auto load64 = [](const char* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  };
  const auto load32 = [](const char* at) {
    uint32_t word;
    std::memcpy(&word, at, sizeof(word));
    return uint64_t{word};
  };
  const auto fold = [](uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  const auto byte = [](char c) { return uint64_t{static_cast<unsigned char>(c)}; };
  constexpr size_t kStep = 16;
  const TextHashSeed& seed = kTextHashSeed;
  const char* at = text.data();
  const size_t size = text.size();
  uint64_t hash = seed[0];
  uint64_t first = 0;
  uint64_t last = 0;
  if (size >= kStep) {
    const char* const last_step = at + size - kStep;
    for (; at < last_step; at += kStep) {
      hash = fold(load64(at) ^ seed[1], load64(at + 8) ^ hash);
    }
    first = load64(last_step);
    last = load64(last_step + 8);
  } else if (size >= 8) {
    first = load64(at);
    last = load64(at + size - 8);
  } else if (size >= 4) {
    first = load32(at);
    last = load32(at + size - 4);
  } else if (size > 0) {
    first = byte(at[0]) | (byte(at[size / 2]) << 8) | (byte(at[size - 1]) << 16);
  }
  return fold(fold(first ^ seed[1], last ^ hash) ^ seed[2], size ^ seed[3]);
}

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TEXT_HASH_H_
