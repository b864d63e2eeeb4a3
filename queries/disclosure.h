// Disclosure control: figures that can be published without telling of single
// citizens.
//
// Counts of 1 to 9 are kept back, the others are rounded to multiples of 5, and
// further counts are kept back where one that was could be told from the rest:
// docs/metrics.md, section 7, has the rules, what they hold against, and what not.
//
// Every format lays out what this leaves, and computes with nothing else, so that what
// holds for the Analysis holds for every file made from it. Whatever a report derives
// (significance, targets, changes) it derives from the controlled Analysis.

#ifndef CIVLOG_QUERIES_DISCLOSURE_H_
#define CIVLOG_QUERIES_DISCLOSURE_H_

#include <cstdint>
#include <vector>

#include "queries/analysis.h"

namespace civlog {

// Counts from 1 up to this one, exclusive, are kept back.
inline constexpr uint64_t kLeastPublishedCount = 10;
// What the others are multiples of.
inline constexpr uint64_t kPublishedCountStep = 5;

// Sets every count that may not be shown to kSuppressedCount and rounds the others.
// Rates, shares and intervals come from the rounded counts, or are absent. Texts that
// anyone can send to a server (paths, referrers, samples) go, and so does what is of use
// to the operator only (sources, routes). Applied twice, it changes nothing more.
void ApplyDisclosureControl(Analysis* analysis);

// The same for analyses of one period that are published together, such as a portal's
// and its departments' (department.h): a service's figure is the same figure in all of
// them, kept back in all or in none, and what one shows is not told by another.
// REQUIRES: all of one portal and period; none is controlled yet.
void ApplyDisclosureControl(const std::vector<Analysis*>& published_together);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_DISCLOSURE_H_
