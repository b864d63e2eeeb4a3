#include "engine/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace civlog {
namespace {

constexpr int kSubBucketBits = 6;
constexpr size_t kSubBuckets = size_t{1} << kSubBucketBits;
constexpr int64_t kLargest = int64_t{1} << 42;

size_t BucketOf(int64_t value) {
  const auto v = static_cast<uint64_t>(std::min(value, kLargest));
  if (v < kSubBuckets) return static_cast<size_t>(v);
  const int shift = static_cast<int>(std::bit_width(v)) - kSubBucketBits - 1;
  return (static_cast<size_t>(shift) << kSubBucketBits) + static_cast<size_t>(v >> shift);
}

// The middle of a bucket: the value that stands for all in it.
double MiddleOf(size_t bucket) {
  if (bucket < 2 * kSubBuckets) return static_cast<double>(bucket);
  const size_t shift = (bucket >> kSubBucketBits) - 1;
  const size_t low = (bucket - (shift << kSubBucketBits)) << shift;
  return static_cast<double>(low) + static_cast<double>((size_t{1} << shift) - 1) / 2.0;
}

}  // namespace

void LatencyHistogram::MakeRoom(size_t begin, size_t end) {
  if (buckets_.empty()) {
    first_ = begin;
    buckets_.resize(end - begin);
    return;
  }
  if (begin < first_) {
    buckets_.insert(buckets_.begin(), first_ - begin, 0);
    first_ = begin;
  }
  if (end > first_ + buckets_.size()) buckets_.resize(end - first_);
}

void LatencyHistogram::Add(int64_t value_us) {
  if (value_us < 0) return;
  const size_t bucket = BucketOf(value_us);
  if (bucket < first_ || bucket >= first_ + buckets_.size()) MakeRoom(bucket, bucket + 1);
  ++buckets_[bucket - first_];
  ++count_;
  max_us_ = std::max(max_us_, value_us);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  if (other.count_ == 0) return;
  MakeRoom(other.first_, other.first_ + other.buckets_.size());
  for (size_t i = 0; i < other.buckets_.size(); ++i) {
    buckets_[other.first_ - first_ + i] += other.buckets_[i];
  }
  count_ += other.count_;
  max_us_ = std::max(max_us_, other.max_us_);
}

std::optional<double> LatencyHistogram::QuantileUs(double quantile) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = std::ceil(quantile * static_cast<double>(count_));
  const uint64_t rank = std::clamp<uint64_t>(static_cast<uint64_t>(wanted), 1, count_);
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(MiddleOf(first_ + i), static_cast<double>(max_us_));
  }
  return static_cast<double>(max_us_);
}

uint64_t LatencyHistogram::CountAbove(double value_us) const {
  const size_t limit = BucketOf(static_cast<int64_t>(value_us));
  uint64_t above = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    if (first_ + i > limit) above += buckets_[i];
  }
  return above;
}

}  // namespace civlog
