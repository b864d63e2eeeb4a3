// "Did you mean": the nearest of several names.

#ifndef CIVLOG_PARSERS_NEAREST_H_
#define CIVLOG_PARSERS_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace civlog {

// The candidate with the smallest edit distance (Levenshtein) to `word`, "" where
// none is within a third of its length.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// `; did you mean "x"?`, or "" where nothing is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_NEAREST_H_
