// Real logs that are not part of the project, where they are present.
//
// The facts were found by a regular expression, independently of civlog.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "parsers/block_reader.h"
#include "parsers/byte_source.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

constexpr char kCorpora[] = CIVLOG_SOURCE_DIR "/../shared/corpora/";

struct Totals {
  uint64_t lines = 0;
  uint64_t records = 0;
  uint64_t rejected = 0;
  uint64_t bytes = 0;
  std::array<uint64_t, 10> by_class{};
};

Totals Read(const std::string& path) {
  Totals totals;
  BlockReader reader(*OpenSource({path, path, false}), size_t{64} << 10);
  Block block;
  FormatList formats;
  RecordBatch batch;
  std::unique_ptr<LineParser> parser;
  while (reader.Next(&block)) {
    if (parser == nullptr) {
      formats = DetectFormat(block.text()).formats;
      EXPECT_FALSE(formats.empty()) << path;
      if (formats.empty()) return totals;
      parser = std::make_unique<LineParser>(formats, absl::UTCTimeZone());
    }
    size_t offset = 0;
    uint64_t line = block.first_line;
    while (offset < block.size) {
      parser->Parse(block, &offset, &line, &batch);
      totals.lines += batch.lines;
      totals.records += batch.size;
      totals.rejected += batch.rejects.size();
      for (size_t i = 0; i < batch.size; ++i) {
        ++totals.by_class[batch.status[i] / 100U];
        if (batch.bytes_sent[i] > 0) totals.bytes += static_cast<uint64_t>(batch.bytes_sent[i]);
      }
    }
  }
  EXPECT_TRUE(reader.status().ok()) << reader.status();
  return totals;
}

struct Facts {
  const char* file;
  uint64_t lines;
  std::array<uint64_t, 4> classes;  // 2xx to 5xx
  uint64_t bytes;
};

constexpr Facts kFacts[] = {
    {"apache-combined-2025/access.log.1.gz", 4324, {1679, 1276, 785, 584}, 20901638},
    {"apache-combined-2025/access.log.10", 2442, {281, 922, 703, 536}, 5468083},
    {"apache-combined-2013/access.log.49.gz", 14240, {9894, 3249, 1097, 0}, 113864580},
    {"apache-combined-elastic/apache_logs.gz", 10000, {9171, 609, 217, 3}, 2747282740},
    {"apache-hackers/hackers-access.log.gz", 3456, {2846, 585, 25, 0}, 46882196},
};

TEST(CorporaTest, LinesStatusClassesAndBytesAreTheirFacts) {
  if (!std::filesystem::exists(kCorpora)) GTEST_SKIP() << "the corpora are not present";
  for (const Facts& facts : kFacts) {
    const Totals totals = Read(std::string(kCorpora) + facts.file);
    EXPECT_EQ(totals.lines, facts.lines) << facts.file;
    EXPECT_EQ(totals.records, facts.lines) << facts.file;
    EXPECT_EQ(totals.rejected, 0u) << facts.file;
    EXPECT_EQ(totals.bytes, facts.bytes) << facts.file;
    for (size_t c = 0; c < 4; ++c) {
      EXPECT_EQ(totals.by_class[c + 2], facts.classes[c]) << facts.file << " " << c + 2 << "xx";
    }
  }
}

TEST(CorporaTest, SmallLogsOfTheseFormatsAreReadWhole) {
  if (!std::filesystem::exists(kCorpora)) GTEST_SKIP() << "the corpora are not present";
  for (const char* file : {"crowdsec/apache-http-probing/apache-http-probing.log",
                           "crowdsec/apache2-malformed/apache2-logs.log",
                           "crowdsec/http-dos-random-uri/http_dos_random_uri.log",
                           "crowdsec/nginx-http-sensitive-files/nginx-http-sensitive-files.log",
                           "ops-agent/apache-access/input.log", "ops-agent/nginx-access/input.log",
                           "ops-agent/tomcat-access/input.log", "ops-agent/jetty-access/input.log",
                           "ops-agent/varnish/input.log"}) {
    const Totals totals = Read(std::string(kCorpora) + file);
    EXPECT_GT(totals.lines, 0u) << file;
    EXPECT_EQ(totals.records, totals.lines) << file;
  }
}

}  // namespace
}  // namespace civlog
