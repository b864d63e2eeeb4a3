// The logs of all front ends while they are written.
//
// Lines go into one large buffer a log. A line may be held back, so that it stands
// behind later ones as it does where long requests are logged at their end.

#ifndef CIVLOG_BENCH_LOG_SET_H_
#define CIVLOG_BENCH_LOG_SET_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "bench/byte_sink.h"

namespace civlog::corpus {

// Not thread-safe.
class LogSet {
 public:
  // The time of a line that is no record.
  static constexpr int64_t kNoRecord = std::numeric_limits<int64_t>::min();

  explicit LogSet(std::vector<std::unique_ptr<ByteSink>> sinks);

  size_t size() const { return logs_.size(); }

  // Room for a line of kMaxLineBytes at the end of log `i`; until the next call of
  // anything else.
  char* Begin(size_t i);
  // The line begun last ends at `end`. Returns true where it is late: more than a minute
  // behind the newest record before it in its log.
  bool End(size_t i, const char* end, int64_t record_time);
  // The same, but the line is written when Release passes `due`.
  void EndLater(size_t i, const char* end, int64_t record_time, int64_t due);
  // Writes the lines held back until `now`.
  void Release(int64_t now);

  // Time of the newest record in log `i`; kNoRecord where there is none.
  int64_t newest(size_t i) const { return logs_[i].newest; }
  uint64_t bytes() const { return bytes_; }
  uint64_t bytes(size_t i) const { return logs_[i].bytes; }
  uint64_t lines(size_t i) const { return logs_[i].lines; }

  // A day has passed.
  void NextDay();
  // Writes everything that is left. False where anything failed since the beginning.
  bool Close();

 private:
  struct Log {
    std::unique_ptr<ByteSink> sink;
    std::vector<char> buffer;
    size_t used = 0;
    int64_t newest = kNoRecord;
    uint64_t bytes = 0;
    uint64_t lines = 0;
  };
  struct HeldBack {
    int64_t due;
    uint64_t order;
    size_t log;
    int64_t record_time;
    std::string line;
    bool operator>(const HeldBack& other) const {
      return due != other.due ? due > other.due : order > other.order;
    }
  };

  bool Append(Log* log, size_t size, int64_t record_time);
  void Flush(Log* log);

  std::vector<Log> logs_;
  std::priority_queue<HeldBack, std::vector<HeldBack>, std::greater<>> held_back_;
  uint64_t order_ = 0;
  uint64_t bytes_ = 0;
  bool failed_ = false;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_LOG_SET_H_
