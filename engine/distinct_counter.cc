#include "engine/distinct_counter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace civlog {
namespace {

// Bits of a hash that are left for the rank after partition and register.
constexpr int kRankBits = 64 - 14;

double Sigma(double x) {
  if (x == 1.0) return std::numeric_limits<double>::infinity();
  double y = 1.0;
  double z = x;
  double before = 0.0;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (z != before);
  return z;
}

double Tau(double x) {
  if (x == 0.0 || x == 1.0) return 0.0;
  double y = 1.0;
  double z = 1.0 - x;
  double before = 0.0;
  do {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1.0 - x) * (1.0 - x) * y;
  } while (z != before);
  return z / 3.0;
}

double Estimate(const std::array<uint64_t, kRankBits + 2>& multiplicity, double registers) {
  double z = registers * Tau(1.0 - static_cast<double>(multiplicity[kRankBits + 1]) / registers);
  for (int k = kRankBits; k >= 1; --k) {
    z = 0.5 * (z + static_cast<double>(multiplicity[static_cast<size_t>(k)]));
  }
  z += registers * Sigma(static_cast<double>(multiplicity[0]) / registers);
  constexpr double kAlphaInfinity = 0.721347520444481703680;  // 1 / (2 ln 2)
  return kAlphaInfinity * registers * registers / z;
}

}  // namespace

void DistinctCounter::AddToRegisters(uint64_t hash, std::vector<uint8_t>* registers) const {
  const uint64_t rest = hash << partition_bits_;
  const auto index = static_cast<size_t>(rest >> (64 - register_bits()));
  const uint64_t bits = rest << register_bits();
  const int rank = std::min(std::countl_zero(bits), kRankBits) + 1;
  uint8_t& cell = (*registers)[index];
  cell = std::max(cell, static_cast<uint8_t>(rank));
}

void DistinctCounter::Add(uint64_t hash) {
  if (!registers_.empty()) {
    AddToRegisters(hash, &registers_);
    return;
  }
  if (!exact_.insert(hash).second || exact_.size() <= kAlwaysExact) return;
  if (*exact_left_ > 0) {
    --*exact_left_;
    return;
  }
  *exact_left_ += exact_.size() - 1 - kAlwaysExact;
  MakeRegisters();
}

void DistinctCounter::MakeRegisters() {
  registers_.resize(size_t{1} << register_bits());
  for (const uint64_t known : exact_) AddToRegisters(known, &registers_);
  absl::flat_hash_set<uint64_t>().swap(exact_);
}

void DistinctCounter::Merge(const DistinctCounter& other) {
  for (const uint64_t hash : other.exact_) Add(hash);
  if (other.registers_.empty()) return;
  if (registers_.empty()) {
    if (exact_.size() > kAlwaysExact) *exact_left_ += exact_.size() - kAlwaysExact;
    MakeRegisters();
  }
  for (size_t i = 0; i < registers_.size(); ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

DistinctCount DistinctCounter::Count(absl::Span<const DistinctCounter* const> partitions) {
  DistinctCount result;
  for (const DistinctCounter* partition : partitions) {
    result.exact = result.exact && partition->registers_.empty();
    result.count += partition->exact_.size();
  }
  if (result.exact) return result;

  std::array<uint64_t, kRankBits + 2> multiplicity{};
  constexpr size_t kAllRegisters = size_t{1} << kAllRegisterBits;
  // A partition that nothing went to is one of empty registers.
  multiplicity[0] = kAllRegisters;
  for (const DistinctCounter* partition : partitions) {
    std::vector<uint8_t> registers = partition->registers_;
    registers.resize(size_t{1} << partition->register_bits());
    multiplicity[0] -= registers.size();
    for (const uint64_t hash : partition->exact_) partition->AddToRegisters(hash, &registers);
    for (const uint8_t rank : registers) ++multiplicity[rank];
  }
  result.count = static_cast<uint64_t>(
      std::llround(Estimate(multiplicity, static_cast<double>(kAllRegisters))));
  return result;
}

}  // namespace civlog
