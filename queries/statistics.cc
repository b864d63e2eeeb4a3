#include "queries/statistics.h"

#include <algorithm>
#include <cmath>

namespace civlog {
namespace {

constexpr double kZ95 = 1.959963984540054;  // the normal distribution's 97.5 % quantile

}  // namespace

Rate Ratio(uint64_t numerator, uint64_t denominator) {
  Rate rate;
  rate.numerator = numerator;
  rate.denominator = denominator;
  if (denominator > 0) {
    rate.value = static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  return rate;
}

Rate Proportion(uint64_t numerator, uint64_t denominator) {
  Rate rate = Ratio(numerator, denominator);
  if (!rate.value) return rate;
  const double n = static_cast<double>(denominator);
  const double p = *rate.value;
  const double z2 = kZ95 * kZ95;
  const double center = p + z2 / (2 * n);
  const double margin = kZ95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  // Rounding must not put a bound on the wrong side of the value.
  rate.low = numerator == 0 ? 0.0 : std::clamp((center - margin) / scale, 0.0, p);
  rate.high = numerator == denominator ? 1.0 : std::clamp((center + margin) / scale, p, 1.0);
  return rate;
}

}  // namespace civlog
