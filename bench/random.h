// The generator's source of chance.
//
// xoshiro256** (Blackman and Vigna, 2018) seeded by SplitMix64, and draws made of
// integers alone: the distributions of <random> and of libm differ from one
// implementation to the next, and a corpus must not.

#ifndef CIVLOG_BENCH_RANDOM_H_
#define CIVLOG_BENCH_RANDOM_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace civlog::corpus {

// SplitMix64's finalizer (Steele, Lea and Flood, 2014): a bijection of 64 bits.
inline constexpr uint64_t Scramble(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Not thread-safe. Two draws must not stand in one expression: the order in which a
// compiler evaluates them is its own.
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) word = Scramble(seed += 0x9e3779b97f4a7c15ULL);
  }

  uint64_t Next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // In [0, n); 0 where n is 0.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(((Next() >> 32) * n) >> 32); }
  // In [low, high].
  uint32_t Between(uint32_t low, uint32_t high) { return low + Below(high - low + 1); }
  bool Permille(uint32_t share) { return Below(1000) < share; }

  // In [0, n), value k about as often as 1 / (k + 1): Zipf's law in steps of one
  // octave each.
  uint32_t Rank(uint32_t n) {
    if (n == 0) return 0;
    const uint32_t octave = Below(static_cast<uint32_t>(std::bit_width(n)));
    const uint32_t low = (uint32_t{1} << octave) - 1;
    const uint32_t high = std::min((uint32_t{2} << octave) - 1, n);
    return low + Below(high - low);
  }

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_RANDOM_H_
