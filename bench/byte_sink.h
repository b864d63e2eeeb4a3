// Where a log's bytes go.

#ifndef CIVLOG_BENCH_BYTE_SINK_H_
#define CIVLOG_BENCH_BYTE_SINK_H_

#include <memory>
#include <string>
#include <string_view>

namespace civlog::corpus {

// One log. Not thread-safe. Write and Close return false once something failed.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual bool Write(std::string_view bytes) = 0;
  // A day has passed: a compressed log begins a new member here, as rotated logs that
  // were joined do.
  virtual bool NextDay() { return true; }
  virtual bool Close() { return true; }
};

// Overwrites the file. Null, with the reason in `*error`, where that cannot be done.
std::unique_ptr<ByteSink> MakeFileSink(const std::string& path, std::string* error);

// The same through gzip(1), whose output is the same everywhere (ISA-L's depends on the
// processor); no name and no time in the header. `level` is 1 to 9.
std::unique_ptr<ByteSink> MakeGzipSink(const std::string& path, int level, std::string* error);

// Appends to `*bytes`, which must outlive the sink.
std::unique_ptr<ByteSink> MakeMemorySink(std::string* bytes);

// Swallows everything.
std::unique_ptr<ByteSink> MakeNullSink();

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_BYTE_SINK_H_
