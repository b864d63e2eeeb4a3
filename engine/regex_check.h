// Whether an operator's regular expression compiles, and if not, where it fails.

#ifndef CIVLOG_ENGINE_REGEX_CHECK_H_
#define CIVLOG_ENGINE_REGEX_CHECK_H_

#include <re2/re2.h>

#include <string>
#include <string_view>

namespace civlog {

// "" where RE2 takes `pattern`, else what is wrong, with the piece and its place:
// `the pattern does not compile: missing argument to repetition operator: * at "*",
// character 4`.
std::string RegexProblem(std::string_view pattern, RE2::Options options = RE2::Options());

}  // namespace civlog

#endif  // CIVLOG_ENGINE_REGEX_CHECK_H_
