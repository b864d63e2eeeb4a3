// A text cut at a character, the last empty piece included.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_TEXT_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_TEXT_H_

#include <sstream>
#include <string>
#include <vector>

namespace civlog {

inline std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  if (!text.empty() && text.back() == by) parts.push_back("");
  return parts;
}

}  // namespace civlog

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_TEXT_H_
