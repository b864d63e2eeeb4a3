// The statistics behind rates.

#ifndef CIVLOG_QUERIES_STATISTICS_H_
#define CIVLOG_QUERIES_STATISTICS_H_

#include <cstdint>
#include <optional>

#include "queries/analysis.h"

namespace civlog {

// Rates of fewer cases than this are too few to judge by.
inline constexpr uint64_t kFewAttempts = 30;

// A proportion with its 95 % Wilson score interval (Wilson, "Probable inference,
// the law of succession, and statistical inference", 1927), clamped to [0, 1].
// REQUIRES: numerator <= denominator.
Rate Proportion(uint64_t numerator, uint64_t denominator);

// Whether two proportions, or two counts over equally long times, differ by more than
// chance would make them at 95 %: the two-proportion z test with the pooled variance, and
// the normal approximation of the test of two Poisson means (Przyborowski and Wilenski,
// 1940). Absent where nothing was counted.
std::optional<bool> ProportionsDiffer(const Rate& a, const Rate& b);
std::optional<bool> CountsDiffer(uint64_t a, uint64_t b);
// The probability, by the same test, of proportions at least as different by chance. Absent
// where nothing was counted, 1 where both are 0 or both are all.
std::optional<double> ProportionsPValue(const Rate& a, const Rate& b);

// A quotient that may exceed 1, without an interval.
Rate Ratio(uint64_t numerator, uint64_t denominator);

// count x 1,000 / population. Absent where the count is kSuppressedCount or there are no
// residents.
std::optional<double> PerThousandResidents(uint64_t count, uint64_t population);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_STATISTICS_H_
