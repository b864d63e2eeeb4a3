// Analyses for the renderers' tests.

#ifndef CIVLOG_TESTS_QUERIES_SAMPLE_ANALYSIS_H_
#define CIVLOG_TESTS_QUERIES_SAMPLE_ANALYSIS_H_

#include <string>

#include "queries/analysis.h"

namespace civlog {

// A rate with a made-up interval around it.
Rate MakeRate(uint64_t numerator, uint64_t denominator);

// A week of a small city portal whose figures add up.
Analysis SampleAnalysis();

// The same with every string from a log or a catalogue hostile: terminal
// escapes, line breaks, bidirectional overrides, invalid UTF-8, great length.
Analysis HostileAnalysis();
// Each of those strings is `hostile`.
Analysis HostileAnalysis(const std::string& hostile);

// No input at all.
Analysis EmptyAnalysis();

// Every count near the greatest that 64 bits hold.
Analysis HugeAnalysis();

}  // namespace civlog

#endif  // CIVLOG_TESTS_QUERIES_SAMPLE_ANALYSIS_H_
