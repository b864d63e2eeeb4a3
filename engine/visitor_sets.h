// Distinct visitors of one shard: of the portal, and of each of its services.
//
// A shard numbers its visitors in the order in which they come. Who viewed a service is
// then a set of small numbers, kept as Roaring bitmaps keep one of their chunks (Chambi,
// Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016): in
// order while there are few, then one bit each. So a pair of service and visitor takes
// two bytes at most, and adding one that is there mostly finds it in the cache.
//
// Visitors beyond those that are numbered, and pairs beyond the bound, are counted apart
// by a DistinctCounter. A visitor is always one or the other, so the two add up, and
// only what is beyond the bound is an estimate.

#ifndef CIVLOG_ENGINE_VISITOR_SETS_H_
#define CIVLOG_ENGINE_VISITOR_SETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "engine/dense_index.h"
#include "engine/distinct_counter.h"

namespace civlog {

// A set of numbers below 2^16. Not thread-safe.
class NumberSet {
 public:
  bool Contains(uint16_t number) const;
  // REQUIRES: !Contains(number).
  void Add(uint16_t number);
  size_t size() const { return size_; }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(size_, in_order_, bits_);
  }

 private:
  static constexpr size_t kNumbers = size_t{1} << 16;
  // More take more room in order than as bits.
  static constexpr size_t kMostInOrder = kNumbers / 16;

  size_t size_ = 0;
  std::vector<uint16_t> in_order_;  // while there are few
  std::vector<uint64_t> bits_;      // empty while there are few
};

// The numbers of a shard's visitors. Not thread-safe.
class VisitorNumbers {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kMost = size_t{1} << 16;

  // Numbers the first `most` visitors, at most kMost.
  explicit VisitorNumbers(size_t most) : most_(most < kMost ? most : kMost) {}

  // The number of the visitor whose weekly hash is `id`, below kMost; it gets one if there is
  // one left, else kNone.
  uint32_t Of(uint64_t id);
  // Asks for what Of(id) will need.
  void Prefetch(uint64_t id) const { numbers_.Prefetch(id); }
  size_t size() const { return numbers_.size(); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(numbers_);
  }

 private:
  size_t most_;
  DenseIndex<NoValue> numbers_;
};

// The distinct visitors of one service in one shard. Not thread-safe.
class VisitorSet {
 public:
  // `exact_left` as for DistinctCounter, for those beyond the bounds.
  explicit VisitorSet(size_t* exact_left) : rest_(exact_left) {}
  void ShareWith(size_t* exact_left) { rest_.ShareWith(exact_left); }

  // `number` is VisitorNumbers::Of(id); `pairs_left` is how many more may be kept by
  // number in all sets of the shard.
  void Add(uint64_t id, uint32_t number, size_t* pairs_left);

  size_t numbered() const { return numbered_.size(); }
  const DistinctCounter& rest() const { return rest_; }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(numbered_, rest_);
  }

 private:
  NumberSet numbered_;
  DistinctCounter rest_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_VISITOR_SETS_H_
