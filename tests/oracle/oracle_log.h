// The oracle's own reading of log lines.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/oracle/oracle_catalog.h"

namespace civlog {

struct OracleRecord {
  int64_t t = 0;  // seconds
  int64_t order = 0;
  size_t rank = 0, line = 0;
  std::string host, client, user, method, target, agent;
  bool has_agent = false;
  bool readable = false;
  int status = 0;
  int64_t bytes = 0;
  // What was decided.
  std::string bucket;
  int service = -1;
  const OracleRoute* route = nullptr;
  std::string path;
  bool page_view = false, accepted = false;
};

// Reads a combined, common or vhost_combined line. "" or the reason why it is
// rejected.
std::string ReadOracleLine(const std::string& line, OracleRecord* r);

}  // namespace civlog

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_LOG_H_
