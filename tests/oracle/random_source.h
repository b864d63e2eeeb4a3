// Random choices that are the same for the same seed on every machine.

#ifndef CIVLOG_TESTS_ORACLE_RANDOM_SOURCE_H_
#define CIVLOG_TESTS_ORACLE_RANDOM_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace civlog::oracle {

// The distributions of <random> differ between libraries; the generator does not.
class Random {
 public:
  explicit Random(uint64_t seed) : generator_(seed) {}

  // 0 .. n - 1. REQUIRES: n > 0.
  size_t Below(size_t n) { return static_cast<size_t>(generator_() % n); }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(generator_() % static_cast<uint64_t>(high - low + 1));
  }
  bool Chance(size_t percent) { return Below(100) < percent; }
  template <typename T>
  T Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_RANDOM_SOURCE_H_
