// A mergeable histogram of durations with at most 1 % relative error.
//
// Buckets grow with the value, as in DDSketch (Masson, Rim and Lee, 2019) and
// HdrHistogram: every power of two is cut into 64 equal parts, so that a bucket's
// middle is within 1/128 (0.8 %) of every value in it. Values below 64 us have a
// bucket each. Histograms merge by adding, in any order, with the same result.

#ifndef CIVLOG_ENGINE_LATENCY_HISTOGRAM_H_
#define CIVLOG_ENGINE_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

// Counts of durations in microseconds. Memory grows with the range of the values,
// to 24 KB at most. Not thread-safe.
class LatencyHistogram {
 public:
  // Adds a duration; negative values are ignored, those above 2^42 us (50 days)
  // count as that.
  void Add(int64_t value_us);
  void Merge(const LatencyHistogram& other);

  uint64_t count() const { return count_; }
  // The largest value added, exact. 0 where there is none.
  int64_t max_us() const { return max_us_; }
  // The value at `quantile` (0 to 1), by the nearest-rank definition, within 1 %;
  // nullopt where nothing was added.
  std::optional<double> QuantileUs(double quantile) const;
  // How many values lie in buckets above the one that `value_us` falls into.
  uint64_t CountAbove(double value_us) const;

  // The histogram as bytes, small where few buckets are filled: docs/store.md has the
  // form, which must not change.
  std::string Encode() const;
  // nullopt for what Encode cannot have made.
  static std::optional<LatencyHistogram> Decode(std::string_view bytes);

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(buckets_, first_, count_, max_us_);
  }

 private:
  std::vector<uint64_t> buckets_;  // from first_ on
  size_t first_ = 0;
  uint64_t count_ = 0;
  int64_t max_us_ = 0;

  void MakeRoom(size_t begin, size_t end);
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_LATENCY_HISTOGRAM_H_
