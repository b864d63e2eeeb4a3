// Logs read the slow way: whole text in, one struct a line out.
//
// Knows the formats common, combined and vhost_combined. Written from
// docs/metrics.md; shares nothing with parsers/.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace civlog::oracle {

// What a line that fits says. Fields that are "-" or empty are empty.
struct Record {
  int64_t time_s = 0;  // since 1970, UTC
  std::string client;
  std::string user;
  std::string host;  // lower case, without port
  bool readable = false;
  std::string method;
  std::string target;
  int status = 0;
  int64_t bytes = 0;
  std::optional<std::string> agent;  // absent: the format has none
};

struct ReadLog {
  std::vector<Record> records;  // in the order of the file
  uint64_t lines = 0;
  uint64_t blank = 0;
  std::map<std::string, uint64_t> rejected;  // by reason
};

// Reads a log in the one of the three formats that reads most of its lines. A line
// that does not fit it and fits another of them is read as that.
ReadLog ReadWholeLog(std::string_view text);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_
