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

constexpr size_t kMostBuckets = 64 * kSubBuckets;

// LEB128: seven bits a byte, the least significant first.
void AppendVarint(uint64_t value, std::string* bytes) {
  for (; value >= 0x80; value >>= 7) bytes->push_back(static_cast<char>(value | 0x80));
  bytes->push_back(static_cast<char>(value));
}

std::optional<uint64_t> TakeVarint(std::string_view* bytes) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
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

std::string LatencyHistogram::Encode() const {
  std::string bytes;
  AppendVarint(static_cast<uint64_t>(max_us_), &bytes);
  size_t next = 0;  // the bucket behind the one before
  for (size_t i = 0; i < buckets_.size(); ++i) {
    if (buckets_[i] == 0) continue;
    AppendVarint(first_ + i - next, &bytes);
    AppendVarint(buckets_[i], &bytes);
    next = first_ + i + 1;
  }
  return bytes;
}

std::optional<LatencyHistogram> LatencyHistogram::Decode(std::string_view bytes) {
  LatencyHistogram histogram;
  const std::optional<uint64_t> max_us = TakeVarint(&bytes);
  if (!max_us || *max_us > INT64_MAX) return std::nullopt;
  histogram.max_us_ = static_cast<int64_t>(*max_us);
  uint64_t next = 0;
  while (!bytes.empty()) {
    const std::optional<uint64_t> skipped = TakeVarint(&bytes);
    const std::optional<uint64_t> count = TakeVarint(&bytes);
    if (!skipped || !count || *count == 0 || *skipped >= kMostBuckets - next) return std::nullopt;
    const auto bucket = static_cast<size_t>(next + *skipped);
    histogram.MakeRoom(bucket, bucket + 1);
    histogram.buckets_[bucket - histogram.first_] = *count;
    histogram.count_ += *count;
    next = bucket + 1;
    if (next == kMostBuckets) return bytes.empty() ? std::optional(histogram) : std::nullopt;
  }
  return histogram;
}

}  // namespace civlog
