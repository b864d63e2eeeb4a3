// Writes log lines, piece by piece, into memory that has room.

#ifndef CIVLOG_BENCH_LINE_RENDERER_H_
#define CIVLOG_BENCH_LINE_RENDERER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bench/plan.h"
#include "bench/portal_time.h"

namespace civlog::corpus {

enum class LogFormat : uint8_t {
  kCombined,
  kVhostCombined,  // host:port in front
  kNginxTime,      // combined and $request_time
  kNginxJson,      // the same as an object a line, as nginx writes it with escape=json
};

// No line is longer.
inline constexpr size_t kMaxLineBytes = 2048;

// A line is Head, the request, Middle, the referrer, Tail. Each appends to `out` and
// returns the end. Not thread-safe: remembers the last times.
class LineRenderer {
 public:
  explicit LineRenderer(LogFormat format) : format_(format) {}

  LogFormat format() const { return format_; }
  bool has_host() const { return format_ == LogFormat::kVhostCombined; }
  bool is_json() const { return format_ == LogFormat::kNginxJson; }
  bool has_latency() const { return format_ == LogFormat::kNginxTime || is_json(); }

  // Up to the request's opening quote. `host` with its port.
  char* Head(char* out, std::string_view host, std::string_view address, std::string_view user,
             int64_t time);
  // The same with a text in place of the time.
  char* HeadWithTime(char* out, std::string_view host, std::string_view address,
                     std::string_view user, std::string_view time);
  // A request that is none, with its backslashes as the format has them.
  char* Odd(char* out, std::string_view request) const;
  // From behind the request to the referrer's opening quote.
  char* Middle(char* out, uint16_t status, uint64_t bytes);
  // The same with texts in place of the numbers.
  char* MiddleWithTexts(char* out, std::string_view status, std::string_view bytes) const;
  // From behind the referrer to the line's end.
  char* Tail(char* out, std::string_view agent, uint32_t latency_ms);

  // What a response of `bytes` counts as in this format: Apache's %O has the headers too.
  uint64_t LoggedBytes(uint64_t bytes) const { return has_host() ? bytes + 214 : bytes; }

 private:
  struct RememberedTime {
    int64_t time = -1;
    std::array<char, kLogTimeLength> text{};
  };

  const LogFormat format_;
  std::array<RememberedTime, 4> times_;
};

// The host that a path is on, with the port.
std::string_view HostAndPort(PathId path);
// "GET /path?query HTTP/1.1", with the request's flags.
char* WriteRequest(char* out, const Request& request, std::string_view protocol);
// The address of a page as a referrer has it: without the flags.
char* WritePageUrl(char* out, PathId path, uint32_t number, Query query);

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_LINE_RENDERER_H_
