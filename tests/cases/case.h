// Whole-program cases: a command line, the files it finds, and what must come of
// it. README.md in this folder says how they are written.

#ifndef CIVLOG_TESTS_CASES_CASE_H_
#define CIVLOG_TESTS_CASES_CASE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace civlog {

// Bytes that a case brings along: made by the following, in this order.
struct Content {
  std::string bytes;
  std::vector<Content> parts;  // appended
  size_t skip = 0;             // so many bytes left out at the beginning
  uint64_t times = 1;          // all of it again and again
  bool crlf = false;           // every newline becomes a carriage return and a newline
  bool gzip = false;           // compressed by gzip(1)
  std::optional<size_t> keep;  // cut to so many bytes
  std::optional<size_t> cut;   // cut by so many
};

struct CaseFile {
  std::string path;  // within the case's own directory
  Content content;
  bool fifo = false;        // a named pipe that the content is written to
  std::optional<int> mode;  // permissions
};

// A file that the program must have written.
struct WrittenFile {
  std::string path;
  std::vector<std::string> contains;
};

struct Case {
  std::string file;  // of the case, without folder and extension
  std::string name;
  std::vector<std::string> args;
  // Other arguments that must lead to the same standard output and exit code.
  // Arguments of runs that come before, and must succeed.
  std::vector<std::vector<std::string>> before;
  std::vector<std::vector<std::string>> same_output;
  std::map<std::string, std::string> env;
  std::vector<CaseFile> files;
  std::optional<Content> stdin_content;
  bool interrupt = false;
  std::string stdout_to = "capture";  // or "closed", "full"
  int timeout_s = 60;

  int exit = 0;
  std::optional<std::string> stdout_is;
  std::vector<std::string> stdout_contains, stdout_lacks;
  bool stdout_printable = false;  // no control character but the newline
  std::optional<std::string> stderr_is;
  std::vector<std::string> stderr_contains, stderr_lacks;
  bool json_lines = false;  // standard output is one JSON document a line: an array
  std::vector<std::pair<std::string, nlohmann::json>> json;      // pointer, value
  std::vector<std::pair<std::string, nlohmann::json>> json_min;  // pointer, at least
  std::vector<std::pair<std::string, nlohmann::json>> json_size;
  std::vector<std::string> json_null;
  // The first figure is the sum of the others.
  std::vector<std::vector<std::string>> json_sums;
  std::vector<WrittenFile> written;
  std::vector<std::string> absent;  // files that must not be there
  std::optional<long> max_memory_mb;
};

// Reads every *.toml of `folder`. A file that is no list of cases, or has a key
// that is not known, ends the program with a message.
std::vector<Case> LoadCases(const std::string& folder);

}  // namespace civlog

#endif  // CIVLOG_TESTS_CASES_CASE_H_
