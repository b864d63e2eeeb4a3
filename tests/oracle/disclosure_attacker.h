// Somebody who wants to know the counts that were kept back.
//
// He knows the rules and more than anybody can: of each count that was kept back, whether
// it was so for being small or for the sake of another. What he finds out is what
// stays possible for a count. His bounds are too wide at most, since he looks at one
// equation at a time; what he misses is shown by the opposite: another portal with the same
// publication, in which the count is another.

#ifndef CIVLOG_TESTS_ORACLE_DISCLOSURE_ATTACKER_H_
#define CIVLOG_TESTS_ORACLE_DISCLOSURE_ATTACKER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "tests/oracle/published_figures.h"

namespace civlog::oracle {

inline constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max() / 4;

struct Bounds {
  int64_t low = 0;
  int64_t high = kNoEnd;
  int64_t width() const { return high >= kNoEnd ? kNoEnd : high - low + 1; }
};

// How the attacker reads a publication: rounded counts stand for five, exact ones for one.
enum class Reading { kRounded, kExact };

// What is possible for each figure.
std::vector<Bounds> Attack(const PublishedFigures& figures, Reading reading);

// Whether there is a portal with this publication in which the figure is another than in
// truth: every equation holds in it, and every figure is within what the publication says.
bool CanDiffer(const PublishedFigures& figures, size_t figure);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_DISCLOSURE_ATTACKER_H_
