// Counts distinct 64-bit hashes: exactly within a shared bound, then by HyperLogLog.
//
// One logical counter is kept in partitions, one a shard: hashes whose top
// kPartitionBits are p belong to partition p, and a partition holds the registers
// of its part of one HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, 2007) of
// 2^14 registers. So shards need no lock, and the estimate is that of the whole:
// standard error 1.04 / sqrt(2^14) = 0.81 %. The estimator is Ertl's ("New
// cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6),
// which needs no correction tables.

#ifndef CIVLOG_ENGINE_DISTINCT_COUNTER_H_
#define CIVLOG_ENGINE_DISTINCT_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"

namespace civlog {

// Partitions of every sharded structure of a run; a power of two, fixed, so that
// no figure depends on the number of threads.
inline constexpr int kPartitionBits = 4;
inline constexpr size_t kPartitions = size_t{1} << kPartitionBits;

struct DistinctCount {
  uint64_t count = 0;
  bool exact = true;
};

// One partition. Not thread-safe.
class DistinctCounter {
 public:
  // A counter of so few is exact whatever the others need.
  static constexpr size_t kAlwaysExact = 64;

  // `exact_left` is how many more hashes may be kept exactly by all the counters that
  // share it; it must outlive the counter. Where it is used up, a counter that grows
  // beyond kAlwaysExact becomes an estimate and gives its share back.
  // A counter that is whole, not a partition, has 0 `partition_bits`.
  explicit DistinctCounter(size_t* exact_left, int partition_bits = kPartitionBits)
      : exact_left_(exact_left), partition_bits_(partition_bits) {}

  // Of a copy, which counts apart from then on: `exact_left` is its own's, a copy too.
  void ShareWith(size_t* exact_left) { exact_left_ = exact_left; }

  bool empty() const { return exact_.empty() && registers_.empty(); }

  // `hash` must be well mixed in all but its top partition bits, which are ignored.
  void Add(uint64_t hash);

  // Adds what `other` counted. REQUIRES: the same partition bits.
  void Merge(const DistinctCounter& other);

  // The number of distinct hashes over all partitions of one logical counter.
  // REQUIRES: all of the same partition bits, each partition at most once.
  static DistinctCount Count(absl::Span<const DistinctCounter* const> partitions);

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(exact_, registers_);
  }

 private:
  static constexpr int kAllRegisterBits = 14;

  int register_bits() const { return kAllRegisterBits - partition_bits_; }
  void AddToRegisters(uint64_t hash, std::vector<uint8_t>* registers) const;
  // From now on an estimate.
  void MakeRegisters();

  size_t* exact_left_;
  int partition_bits_;
  absl::flat_hash_set<uint64_t> exact_;
  std::vector<uint8_t> registers_;  // empty while exact
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_DISTINCT_COUNTER_H_
