// What every fuzzer is: a function over bytes that must neither crash nor break what
// it checks. libFuzzer calls it with what it makes up, fuzz_replay with files.

#ifndef CIVLOG_TESTS_FUZZ_FUZZ_H_
#define CIVLOG_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace civlog {

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the program where `holds` is false, as a crash does.
inline void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what.c_str());
  std::abort();
}

// Everything that a log's records, rejects and counts say, as text. Each block is read
// by a parser of its own, as threads do.
inline std::string Digest(std::string_view log, const FormatList& formats, size_t block_bytes) {
  std::string digest;
  BlockReader reader(MakeMemorySource(std::string(log)), block_bytes);
  reader.TrackW3cDirectives();
  Block block;
  RecordBatch batch;
  uint64_t other = 0;
  while (reader.Next(&block)) {
    LineParser parser(formats, absl::UTCTimeZone());
    size_t offset = 0;
    uint64_t line = block.first_line;
    while (offset < block.size) {
      parser.Parse(block, &offset, &line, &batch);
      for (size_t i = 0; i < batch.size; ++i) {
        digest += std::to_string(batch.line[i]) + " " + std::to_string(batch.time_us[i]) + " " +
                  std::to_string(batch.status[i]) + " " + std::to_string(batch.bytes_sent[i]) +
                  " " + std::to_string(batch.latency_us[i]);
        for (size_t field = 0; field < kTextFieldCount; ++field) {
          digest += "|";
          digest += batch.Get(static_cast<TextField>(field), i);
        }
        digest += "\n";
      }
      other += batch.blank.size() + batch.directive.size();
    }
  }
  // Blocks hold several batches, in which records and rejects come apart.
  return digest + std::to_string(other);
}

// Blocks of any size, and the explaining parser, must read the same.
inline void RequireSameInAnyBlocks(std::string_view log, const FormatList& formats) {
  const std::string whole = Digest(log, formats, size_t{1} << 20);
  Require(Digest(log, formats, 1) == whole, "blocks of a line read the same");
  Require(Digest(log, formats, 61) == whole, "blocks of 61 bytes read the same");
}

}  // namespace civlog

#endif  // CIVLOG_TESTS_FUZZ_FUZZ_H_
