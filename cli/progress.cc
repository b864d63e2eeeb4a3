#include "cli/progress.h"

#include <unistd.h>

#include <cstdio>

namespace civlog {

ProgressLine::ProgressLine(bool wanted)
    : enabled_(wanted && ::isatty(STDERR_FILENO) == 1), started_(absl::Now()), last_(started_) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::Draw(const RunProgress& progress) {
  if (!enabled_) return;
  const absl::Time now = absl::Now();
  if (now - last_ < absl::Milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const double seconds = absl::ToDoubleSeconds(now - started_);
  const double megabytes = static_cast<double>(progress.raw_bytes_read) / 1e6;
  const double rate = megabytes / seconds;
  std::fprintf(stderr, "\r\033[K%.0f MB", megabytes);
  if (progress.raw_bytes_total > 0 && rate > 0) {
    const double total = static_cast<double>(progress.raw_bytes_total) / 1e6;
    std::fprintf(stderr, " of %.0f MB (%.0f %%), %.0f s left", total, 100.0 * megabytes / total,
                 (total - megabytes) / rate);
  }
  std::fprintf(stderr, ", %.0f MB/s, %llu lines, %llu rejected", rate,
               static_cast<unsigned long long>(progress.lines),
               static_cast<unsigned long long>(progress.rejected));
  std::fflush(stderr);
}

}  // namespace civlog
