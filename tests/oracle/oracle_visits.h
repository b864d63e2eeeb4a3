// Visits and attempts, visitor by visitor, by walking a sorted list.
//
// Written from docs/metrics.md, sections 2 to 4; shares nothing with engine/.

#ifndef CIVLOG_TESTS_ORACLE_ORACLE_VISITS_H_
#define CIVLOG_TESTS_ORACLE_ORACLE_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/oracle/oracle_catalog.h"
#include "tests/oracle/oracle_log.h"

namespace civlog::oracle {

// A counted request.
struct Request {
  int64_t key_s = 0;    // what it is ordered by: its time, unless it is late
  size_t source = 0;    // rank
  size_t position = 0;  // in the source
  int64_t time_s = 0;
  std::string visitor;
  std::string method;
  int status = 0;
  Target target;
  const Route* route = nullptr;
  std::string service;  // id, "" where unclassified
  bool page_view = false;
};

struct Visit {
  int64_t begin_s = 0;
  uint64_t page_views = 0;
  std::set<std::string> viewed;          // services
  std::map<std::string, uint64_t> acts;  // by service
  uint64_t completions = 0;
  std::set<std::string> departments;  // of completed transactions
};

struct Attempt {
  std::string service;
  int64_t start_s = 0;
  size_t furthest = 1;
  bool failing = false;
  bool had_error = false;
  bool saved = false;
  std::string outcome;  // "granted", "refused", "failed", "abandoned", "open"
  int64_t end_s = 0;    // of a completed one
};

struct Walk {
  std::vector<Visit> visits;
  std::vector<Attempt> attempts;
  std::map<std::string, uint64_t> without_start;  // by service
};

// Monday of the ISO week of a time, as a day number.
int64_t IsoWeek(int64_t time_s, absl::TimeZone zone);

// `requests` in any order; `end_s` is the time of the latest record of all.
Walk WalkVisitors(const Catalog& catalog, std::vector<Request> requests, int64_t end_s);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_ORACLE_VISITS_H_
