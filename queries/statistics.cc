#include "queries/statistics.h"

#include <algorithm>
#include <cmath>

namespace civlog {
namespace {

constexpr double kZ95 = 1.959963984540054;  // the normal distribution's 97.5 % quantile

// How many standard errors two proportions lie apart; absent where one of them is.
std::optional<double> ProportionsZ(const Rate& a, const Rate& b) {
  if (!a.value || !b.value) return std::nullopt;
  const auto n = static_cast<double>(a.denominator);
  const auto m = static_cast<double>(b.denominator);
  const double pooled = static_cast<double>(a.numerator + b.numerator) / (n + m);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return error > 0 ? std::abs(*a.value - *b.value) / error : 0.0;
}

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

std::optional<double> PerThousandResidents(uint64_t count, uint64_t population) {
  if (IsSuppressed(count) || population == 0) return std::nullopt;
  return static_cast<double>(count) * 1000.0 / static_cast<double>(population);
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

std::optional<bool> ProportionsDiffer(const Rate& a, const Rate& b) {
  const std::optional<double> z = ProportionsZ(a, b);
  if (!z) return std::nullopt;
  return *z > kZ95;
}

std::optional<double> ProportionsPValue(const Rate& a, const Rate& b) {
  const std::optional<double> z = ProportionsZ(a, b);
  if (!z) return std::nullopt;
  return std::erfc(*z / std::sqrt(2.0));
}

std::optional<bool> CountsDiffer(uint64_t a, uint64_t b) {
  if (a + b == 0) return std::nullopt;
  const double difference = static_cast<double>(a) - static_cast<double>(b);
  return std::abs(difference) / std::sqrt(static_cast<double>(a + b)) > kZ95;
}

}  // namespace civlog
