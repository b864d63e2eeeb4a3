// The statistics behind rates.

#ifndef CIVLOG_QUERIES_STATISTICS_H_
#define CIVLOG_QUERIES_STATISTICS_H_

#include <cstdint>

#include "queries/analysis.h"

namespace civlog {

// A proportion with its 95 % Wilson score interval (Wilson, "Probable inference,
// the law of succession, and statistical inference", 1927), clamped to [0, 1].
// REQUIRES: numerator <= denominator.
Rate Proportion(uint64_t numerator, uint64_t denominator);

// A quotient that may exceed 1, without an interval.
Rate Ratio(uint64_t numerator, uint64_t denominator);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_STATISTICS_H_
