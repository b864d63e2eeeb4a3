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
#include <cstring>
#include <memory>
#include <utility>
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

  // As words of 64 bits where there is a bit for each.
  template <typename Archive>
  void Transfer(Archive& archive) {
    uint64_t size = size_;
    std::vector<uint16_t> in_order;
    std::vector<uint64_t> bits;
    constexpr size_t kWords = kNumbers / 64;
    if (as_bits_) {
      bits.resize(kWords);
      std::memcpy(bits.data(), elements_.data(), kWords * sizeof(bits[0]));
    } else {
      in_order = elements_;
    }
    archive(size, in_order, bits);
    if constexpr (Archive::kReads) {
      size_ = static_cast<uint32_t>(size);
      as_bits_ = !bits.empty();
      elements_ = std::move(in_order);
      if (!as_bits_) return;
      bits.resize(kWords);
      elements_.resize(kNumbers / kElementBits);
      std::memcpy(elements_.data(), bits.data(), kWords * sizeof(bits[0]));
    }
  }

 private:
  static constexpr size_t kNumbers = size_t{1} << 16;
  static constexpr size_t kElementBits = 16;
  // More take more room in order than as bits.
  static constexpr size_t kMostInOrder = kNumbers / kElementBits;

  // While there are few, the numbers in order; then a bit for each.
  std::vector<uint16_t> elements_;
  uint32_t size_ = 0;
  bool as_bits_ = false;
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

// The distinct visitors of one service in one shard. As small as can be: a run has one for each
// shard and service. Not thread-safe.
class VisitorSet {
 public:
  // What the sets of a shard share.
  struct Shared {
    size_t pairs_left = 0;  // how many more may be kept by number
    size_t exact_left = 0;  // as for DistinctCounter, for those beyond the bounds
  };

  VisitorSet() = default;
  // A copy counts apart from then on; see ShareWith.
  VisitorSet(const VisitorSet& other);
  VisitorSet(VisitorSet&&) noexcept = default;
  VisitorSet& operator=(const VisitorSet&) = delete;
  ~VisitorSet() = default;

  // `number` is VisitorNumbers::Of(id). `shared` is always the same, and outlives the set.
  void Add(uint64_t id, uint32_t number, Shared* shared);
  // Of a copy, or of one that was read: `shared` is its own shard's.
  void ShareWith(Shared* shared);

  size_t numbered() const { return numbered_.size(); }
  // Null where there are none.
  const DistinctCounter* rest() const { return rest_.get(); }

  template <typename Archive>
  void Transfer(Archive& archive) {
    DistinctCounter none(nullptr);
    archive(numbered_, rest_ != nullptr ? *rest_ : none);
    if (!none.empty()) rest_ = std::make_unique<DistinctCounter>(std::move(none));
  }

 private:
  NumberSet numbered_;
  std::unique_ptr<DistinctCounter> rest_;  // mostly none
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_VISITOR_SETS_H_
