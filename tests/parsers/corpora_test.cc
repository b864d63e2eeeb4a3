// Real logs, where they are at hand: beside the checkout, never in it.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "parsers/block_reader.h"
#include "parsers/byte_source.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

std::filesystem::path Corpora() {
  return std::filesystem::path(CIVLOG_SOURCE_DIR) / ".." / "shared" / "corpora";
}

struct Facts {
  uint64_t records = 0;
  uint64_t rejected = 0;
  std::array<uint64_t, 10> classes{};  // by the status' first digit
  uint64_t clients = 0;
  int64_t bytes = 0;
  std::string format;
  std::string explanation;
};

std::string ReadWhole(const std::string& path) {
  std::string text;
  auto source = OpenSource({path, path});
  EXPECT_TRUE(source.ok()) << source.status();
  if (!source.ok()) return text;
  BlockReader reader(*std::move(source), size_t{1} << 20);
  Block block;
  while (reader.Next(&block)) text += block.text();
  EXPECT_TRUE(reader.status().ok()) << reader.status();
  return text;
}

Detection Detect(std::string_view text) {
  constexpr size_t kSampleBytes = size_t{64} << 10;
  if (text.size() > kSampleBytes) text = text.substr(0, text.rfind('\n', kSampleBytes) + 1);
  return DetectFormat(text);
}

Facts Measure(const std::string& path) {
  std::string text = ReadWhole(path);
  const Detection detection = Detect(text);
  Facts facts;
  facts.explanation = detection.explanation;
  if (detection.formats.empty()) return facts;
  facts.format = detection.formats.front()->name();
  Block block;
  block.size = text.size();
  text.append(kBlockPadding, '\0');
  block.buffer.assign(text.begin(), text.end());
  LineParser parser(detection.formats, absl::UTCTimeZone());
  RecordBatch batch;
  std::set<std::string> clients;
  size_t offset = 0;
  uint64_t line = 1;
  while (offset < block.size) {
    parser.Parse(block, &offset, &line, &batch);
    facts.records += batch.size;
    facts.rejected += batch.rejects.size();
    for (size_t i = 0; i < batch.size; ++i) {
      ++facts.classes[batch.status[i] / 100];
      if (batch.bytes_sent[i] > 0) facts.bytes += batch.bytes_sent[i];
      clients.emplace(batch.Get(TextField::kClient, i));
    }
  }
  facts.clients = clients.size();
  return facts;
}

struct Known {
  std::string file;
  uint64_t lines;
  std::array<uint64_t, 4> classes;  // 2xx to 5xx
  uint64_t clients;
  int64_t bytes;
};

TEST(CorporaTest, CombinedLogsGiveTheirKnownFacts) {
  if (!std::filesystem::exists(Corpora())) GTEST_SKIP() << "no corpora beside the checkout";
  const std::vector<Known> known = {
      {"apache-combined-2025/access.log.1.gz", 4324, {1679, 1276, 785, 584}, 434, 20'901'638},
      {"apache-combined-2025/access.log.10", 2442, {281, 922, 703, 536}, 353, 5'468'083},
      {"apache-combined-2013/access.log.49.gz", 14240, {9894, 3249, 1097, 0}, 745, 113'864'580},
      {"apache-combined-elastic/apache_logs.gz", 10000, {9171, 609, 217, 3}, 1753, 2'747'282'740},
      {"apache-hackers/hackers-access.log.gz", 3456, {2846, 585, 25, 0}, 520, 46'882'196},
  };
  for (const Known& k : known) {
    const Facts facts = Measure(Corpora() / k.file);
    EXPECT_EQ(facts.format, "combined") << k.file << ": " << facts.explanation;
    EXPECT_EQ(facts.records, k.lines) << k.file;
    EXPECT_EQ(facts.rejected, 0u) << k.file;
    for (size_t i = 0; i < k.classes.size(); ++i) {
      EXPECT_EQ(facts.classes[i + 2], k.classes[i]) << k.file << " " << i + 2 << "xx";
    }
    EXPECT_EQ(facts.clients, k.clients) << k.file;
    EXPECT_EQ(facts.bytes, k.bytes) << k.file;
  }
}

TEST(CorporaTest, OtherProjectsSamplesAreDetected) {
  if (!std::filesystem::exists(Corpora())) GTEST_SKIP() << "no corpora beside the checkout";
  // Two lines of an Apache error log stand in the first file.
  const std::vector<std::pair<std::string, uint64_t>> files = {
      {"crowdsec/apache2-logs/apache2-logs.log", 2},
      {"crowdsec/apache2-malformed/apache2-logs.log", 0},
      {"crowdsec/apache-http-probing/apache-http-probing.log", 0},
      {"crowdsec/http-dos-random-uri/http_dos_random_uri.log", 0},
      {"crowdsec/nginx-http-sensitive-files/nginx-http-sensitive-files.log", 0},
      {"ops-agent/apache-access/input.log", 0},
      {"ops-agent/nginx-access/input.log", 0},
      {"ops-agent/tomcat-access/input.log", 0},
      {"ops-agent/jetty-access/input.log", 0},
      {"ops-agent/varnish/input.log", 0},
  };
  for (const auto& [file, rejected] : files) {
    const Facts facts = Measure(Corpora() / file);
    EXPECT_FALSE(facts.format.empty()) << file << ": " << facts.explanation;
    EXPECT_GT(facts.records, 0u) << file;
    EXPECT_EQ(facts.rejected, rejected) << file;
  }
}

}  // namespace
}  // namespace civlog
