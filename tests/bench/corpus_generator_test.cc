#include "bench/corpus_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bench/agents.h"
#include "bench/population.h"
#include "bench/portal_time.h"

namespace civlog::corpus {

// Names the test: the same in every run, as bytes in memory are not.
void PrintTo(const CorpusOptions& options, std::ostream* out) {
  *out << "seed " << options.seed << ", " << options.days << " days, " << options.bytes
       << " bytes, " << options.visitors << " visitors, " << options.front_end_weights.size()
       << " front ends, format " << static_cast<int>(options.format) << ", "
       << options.robots_permille << " robots, " << options.assets_permille << " assets, "
       << options.edges_permille << " edges" << (options.hostile ? ", hostile" : "");
}

namespace {

struct Corpus {
  std::vector<std::string> logs;
  std::string expected;
  TruthTotals totals;
  std::vector<ServiceTruth> services;
  uint64_t lines = 0;
};

Corpus Generate(const CorpusOptions& options) {
  Corpus corpus;
  corpus.logs.resize(options.front_end_weights.size());
  std::vector<std::unique_ptr<ByteSink>> sinks;
  for (std::string& log : corpus.logs) sinks.push_back(MakeMemorySink(&log));
  CorpusGenerator generator(options, std::move(sinks));
  EXPECT_TRUE(generator.Run());
  corpus.expected = generator.truth().ToJson();
  corpus.totals = generator.truth().totals();
  corpus.lines = generator.truth().lines();
  corpus.services = generator.truth().services();
  return corpus;
}

uint64_t Newlines(const Corpus& corpus) {
  uint64_t newlines = 0;
  for (const std::string& log : corpus.logs) {
    newlines += static_cast<uint64_t>(std::count(log.begin(), log.end(), '\n'));
  }
  return newlines;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The command of fixtures/hanbit/README.md.
CorpusOptions DemonstrationOptions() {
  CorpusOptions options;
  options.seed = 20261116;
  options.bytes = 18'000'000;
  options.visitors = 5200;
  options.front_end_weights = {1, 4};
  options.outage_from = *ParsePortalTime("2026-11-18T23:00");
  options.outage_until = *ParsePortalTime("2026-11-19T01:00");
  return options;
}

TEST(CorpusGeneratorTest, TheDemonstrationPortalIsWhatItsCommandWrites) {
  const std::string portal = CIVLOG_SOURCE_DIR "/fixtures/hanbit";
  const Corpus corpus = Generate(DemonstrationOptions());
  EXPECT_TRUE(corpus.logs[0] == ReadFile(portal + "/logs/web1.access.log"));
  EXPECT_EQ(corpus.expected, ReadFile(portal + "/expected.json"));
}

TEST(CorpusGeneratorTest, EveryFateIsPlantedInTheDemonstrationPortal) {
  const Corpus corpus = Generate(DemonstrationOptions());
  ServiceTruth all;
  for (const ServiceTruth& service : corpus.services) {
    EXPECT_GT(service.requests, 0u);
    all.granted += service.granted;
    all.refused += service.refused;
    all.failed += service.failed;
    all.abandoned += service.abandoned;
    all.open += service.open;
    all.recovered += service.recovered;
    all.without_start += service.without_start;
  }
  for (const uint64_t planted :
       {all.granted, all.refused, all.failed, all.abandoned, all.open, all.recovered,
        all.without_start, corpus.totals.late, corpus.totals.seamless, corpus.totals.blank}) {
    EXPECT_GT(planted, 0u);
  }
  for (size_t i = 0; i < kRejectCount; ++i) {
    const auto reason = static_cast<Reject>(i);
    // Its logs are no JSON.
    if (reason == Reject::kInvalidJson) continue;
    EXPECT_GT(corpus.totals.rejected[i], 0u) << RejectName(reason);
  }
  for (const uint64_t bucket : corpus.totals.buckets) EXPECT_GT(bucket, 0u);
  for (size_t i = 1; i < kAudienceCount; ++i) {
    EXPECT_GT(corpus.totals.audiences[i], 0u) << AudienceName(static_cast<Audience>(i));
  }
}

class CorpusSettingsTest : public ::testing::TestWithParam<CorpusOptions> {};

TEST_P(CorpusSettingsTest, AddsUp) {
  const Corpus corpus = Generate(GetParam());
  EXPECT_EQ(corpus.lines, Newlines(corpus));
  EXPECT_GT(corpus.totals.visits, 0u);
  uint64_t records = 0;
  for (const uint64_t bucket : corpus.totals.buckets) records += bucket;
  EXPECT_EQ(records, corpus.totals.records);
  EXPECT_EQ(corpus.totals.visits, corpus.totals.enhanced + corpus.totals.interactive +
                                      corpus.totals.transactional + corpus.totals.seamless);
  uint64_t counted = corpus.totals.unclassified;
  for (const ServiceTruth& service : corpus.services) {
    counted += service.requests;
    EXPECT_EQ(service.started, service.granted + service.refused + service.failed +
                                   service.abandoned + service.open);
  }
  EXPECT_EQ(counted, corpus.totals.buckets[static_cast<size_t>(Bucket::kCounted)]);
}

TEST_P(CorpusSettingsTest, IsTheSameEveryTimeAndAnotherWithAnotherSeed) {
  const Corpus corpus = Generate(GetParam());
  const Corpus again = Generate(GetParam());
  EXPECT_TRUE(corpus.logs == again.logs);
  EXPECT_EQ(corpus.expected, again.expected);
  CorpusOptions other = GetParam();
  other.seed += 1;
  EXPECT_FALSE(corpus.logs == Generate(other).logs);
}

TEST_P(CorpusSettingsTest, IsAboutAsLargeAsAskedFor) {
  const Corpus corpus = Generate(GetParam());
  uint64_t bytes = 0;
  for (const std::string& log : corpus.logs) bytes += log.size();
  EXPECT_GT(bytes, GetParam().bytes * 9 / 10);
  EXPECT_LT(bytes, GetParam().bytes * 11 / 10);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, CorpusSettingsTest,
    ::testing::Values(
        CorpusOptions{.seed = 2, .bytes = 1'000'000},
        CorpusOptions{.seed = 3, .days = 17, .bytes = 2'000'000, .visitors = 400},
        CorpusOptions{.bytes = 1'000'000, .format = LogFormat::kCombined},
        CorpusOptions{
            .bytes = 1'000'000, .front_end_weights = {1, 2, 3}, .format = LogFormat::kNginxTime},
        CorpusOptions{
            .bytes = 1'000'000, .robots_permille = 0, .assets_permille = 0, .edges_permille = 1000},
        CorpusOptions{.bytes = 1'000'000, .hostile = true}));

TEST(BrowserAgentsTest, AreDistinct) {
  const std::vector<std::string> agents = BrowserAgents(3000);
  EXPECT_EQ(std::set<std::string>(agents.begin(), agents.end()).size(), agents.size());
}

TEST(PopulationTest, NobodySharesBothAddressAndAgent) {
  const Population population(40);
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::string> addresses;
  constexpr uint32_t kCitizens = 400'000;
  for (uint32_t i = 0; i < kCitizens; ++i) {
    const Address address = population.AddressOf(i);
    seen.emplace(address.view(), population.AgentOf(i));
    addresses.emplace(address.view());
  }
  EXPECT_EQ(seen.size(), kCitizens);
  EXPECT_LT(addresses.size(), kCitizens);
}

TEST(PortalTimeTest, ReadsAndWrites) {
  constexpr std::pair<const char*, const char*> kCases[] = {
      {"2026-11-16", "2026-11-16T00:00:00+09:00"},
      {"2026-11-18T23:00", "2026-11-18T23:00:00+09:00"},
      {"2024-02-29", "2024-02-29T00:00:00+09:00"},
      {"2000-03-01T07:05", "2000-03-01T07:05:00+09:00"}};
  for (const auto& [text, iso] : kCases) {
    const std::optional<int64_t> time = ParsePortalTime(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(IsoTime(*time), iso);
  }
  for (const char* text : {"", "2026-13-01", "2026-11-16 00:00", "2026-11-16T24:00", "yesterday"}) {
    EXPECT_FALSE(ParsePortalTime(text).has_value()) << text;
  }
  EXPECT_EQ(WeekStart(PortalWeek(*ParsePortalTime("2026-11-22T23:59"))),
            *ParsePortalTime("2026-11-16"));
}

}  // namespace
}  // namespace civlog::corpus
