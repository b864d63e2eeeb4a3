#include "engine/regex_check.h"

#include "absl/strings/str_cat.h"

namespace civlog {

std::string RegexProblem(std::string_view pattern, RE2::Options options) {
  if (pattern.empty()) return "the pattern is empty";
  options.set_log_errors(false);
  const RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (compiled.ok()) return "";
  std::string problem = absl::StrCat("the pattern does not compile: ", compiled.error());
  const std::string& piece = compiled.error_arg();
  if (piece.empty()) return problem;
  // RE2 names the piece alone; the whole pattern where a parenthesis is open.
  const size_t at = piece.size() < pattern.size() ? pattern.find(piece) : std::string_view::npos;
  absl::StrAppend(&problem, " at \"", piece, "\"");
  if (at != std::string_view::npos) absl::StrAppend(&problem, ", character ", at + 1);
  return problem;
}

}  // namespace civlog
