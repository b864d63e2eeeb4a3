// A store against one analysis over everything, on random portals: however often the run
// that feeds it dies, and in however many pieces the logs come.
//
// CIVLOG_DIFFERENTIAL_SEEDS says how many portals, CIVLOG_DIFFERENTIAL_FIRST where to
// begin. A failure prints its seed.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/pipeline.h"
#include "engine/store_care.h"
#include "engine/store_writer.h"
#include "parsers/status_macros.h"
#include "queries/analysis_json.h"
#include "queries/run_analysis.h"
#include "tests/oracle/random_portal.h"
#include "tests/oracle/random_source.h"
#include "tests/support/scratch.h"
#include "tests/support/store_figures.h"

namespace civlog::oracle {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// Dies at a checkpoint, before or after it is kept.
class DyingSink : public CheckpointSink {
 public:
  DyingSink(CheckpointSink* sink, std::optional<size_t> dies_at, bool after)
      : sink_(*sink), dies_at_(dies_at), after_(after) {}

  absl::StatusOr<Checkpoint> Resume() override { return sink_.Resume(); }
  absl::StatusOr<std::vector<SourceState>> Identify(const ProbedInput& input) override {
    return sink_.Identify(input);
  }
  absl::StatusOr<SourceState> AsNew(ProbedInput* input) override { return sink_.AsNew(input); }
  absl::Status Keep(const Checkpoint& checkpoint) override {
    if (kept_++ != dies_at_) return sink_.Keep(checkpoint);
    if (after_) RETURN_IF_ERROR(sink_.Keep(checkpoint));
    return absl::CancelledError("died");
  }
  size_t kept() const { return kept_; }

 private:
  CheckpointSink& sink_;
  const std::optional<size_t> dies_at_;
  const bool after_;
  size_t kept_ = 0;
};

using Logs = std::vector<std::pair<std::string, std::string>>;

struct Attempt {
  size_t threads = 1;
  size_t block_bytes = 4096;
  std::optional<size_t> dies_at;  // at which checkpoint
  bool dies_after = false;
  absl::Duration checkpoint_every = absl::ZeroDuration();
  size_t* checkpoints = nullptr;  // how many there were
};

// One run of `civlog ingest`.
absl::Status Ingest(const std::string& store, const std::string& catalog_text, const Logs& logs,
                    const Attempt& attempt) {
  std::optional<Catalog> catalog;
  std::optional<StoreWriter::Zone> zone;
  if (!catalog_text.empty()) {
    catalog = ParseCatalog(catalog_text, "civlog.toml").catalog;
    if (!catalog) return absl::InvalidArgumentError("the catalogue is wrong");
    zone = {catalog->portal.time_zone_name, catalog->portal.time_zone};
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreWriter> writer,
                   StoreWriter::Open(store, zone, "test"));
  ASSIGN_OR_RETURN(const Catalog* used, writer->UseCatalog(catalog ? &*catalog : nullptr));
  ASSIGN_OR_RETURN(const std::unique_ptr<AudienceClassifier> audience,
                   AudienceClassifier::Make(used != nullptr ? used->audience_rules
                                                            : std::vector<AudienceRule>()));
  DyingSink sink(writer.get(), attempt.dies_at, attempt.dies_after);
  RunOptions options;
  options.threads = attempt.threads;
  options.block_bytes = attempt.block_bytes;
  options.time_zone = writer->zone().zone;
  options.key = writer->key();
  options.week_keys = writer->week_keys();
  options.checkpoints = &sink;
  options.checkpoint_every = attempt.checkpoint_every;
  std::vector<LogInput> inputs;
  for (const auto& [name, text] : logs) {
    inputs.push_back(MemoryInput(name, text));
    inputs.back().unfinished = true;
  }
  const absl::Status status = RunPipeline(std::move(inputs), used, *audience, options).status();
  if (attempt.checkpoints != nullptr) *attempt.checkpoints = sink.kept();
  return status;
}

// As one run says it.
nlohmann::json OneRun(const RandomPortal& portal) {
  const absl::StatusOr<Analysis> analysis = AnalyzeMemory(portal.catalog, portal.logs, {});
  return analysis.ok() ? ComparableFigures(AnalysisToJson(*analysis, "en")) : nlohmann::json();
}

RandomPortal WithWholeLines(uint64_t seed) {
  RandomPortal portal = MakeRandomPortal(seed);
  for (auto& [name, text] : portal.logs) {
    if (!text.empty() && text.back() != '\n') text.push_back('\n');
  }
  return portal;
}

void ForEverySeed(uint64_t per_default, const std::function<void(uint64_t seed)>& test) {
  const uint64_t first = FromEnvironment("CIVLOG_DIFFERENTIAL_FIRST", 1);
  const uint64_t seeds =
      std::min(per_default, FromEnvironment("CIVLOG_DIFFERENTIAL_SEEDS", per_default));
  for (uint64_t seed = first; seed < first + seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test(seed);
  }
}

TEST(StoreDifferentialTest, OneRunIsOneAnalysis) {
  ForEverySeed(60, [](uint64_t seed) {
    const RandomPortal portal = WithWholeLines(seed);
    const ScratchDirectory directory;
    const std::string store = directory / "portal.db";
    ASSERT_TRUE(Ingest(store, portal.catalog, portal.logs, {2, 300, {}, false}).ok());
    EXPECT_EQ(DifferenceOfStore(store, OneRun(portal)), "");
    // Nothing is new the second time.
    ASSERT_TRUE(Ingest(store, portal.catalog, portal.logs, {}).ok());
    EXPECT_EQ(DifferenceOfStore(store, OneRun(portal)), "");
  });
}

TEST(StoreDifferentialTest, RunsThatDieAndGoOnAreOneAnalysis) {
  ForEverySeed(60, [](uint64_t seed) {
    Random random(seed);
    const RandomPortal portal = WithWholeLines(seed);
    const ScratchDirectory directory;
    const std::string store = directory / "portal.db";
    absl::Status status = absl::CancelledError("");
    size_t deaths = 0;
    while (absl::IsCancelled(status) && deaths < 1000) {
      Attempt attempt;
      attempt.threads = random.Pick(std::vector<size_t>{1, 2});
      attempt.block_bytes = 1 + random.Below(2000);
      attempt.dies_at = random.Below(3);
      attempt.dies_after = random.Below(2) == 0;
      // Once in a while it gets further than that.
      if (random.Below(8) == 0) attempt.dies_at.reset();
      status = Ingest(store, portal.catalog, portal.logs, attempt);
      ++deaths;
    }
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(DifferenceOfStore(store, OneRun(portal)), "");
  });
}

TEST(StoreDifferentialTest, ALogThatGrowsIsOneAnalysis) {
  ForEverySeed(60, [](uint64_t seed) {
    Random random(seed);
    RandomPortal portal = WithWholeLines(seed);
    portal.logs.resize(1);
    const std::string whole = portal.logs[0].second;
    if (whole.empty()) return;
    const ScratchDirectory directory;
    const std::string store = directory / "portal.db";
    for (size_t there = 0; there < whole.size();) {
      there = std::min(whole.size(), there + 1 + random.Below(whole.size() / 3 + 1));
      // By another name each time, as rotation has it.
      const Logs logs = {{"log." + std::to_string(there), whole.substr(0, there)}};
      const absl::Status status = Ingest(store, portal.catalog, logs, {});
      ASSERT_TRUE(status.ok()) << status;
    }
    EXPECT_EQ(DifferenceOfStore(store, OneRun(portal)), "");
  });
}

// The lines in the order of their times, so that none is late; what has none stays behind
// the line before it.
std::vector<std::string> LinesInOrder(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> lines;  // time, line
  std::string time;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin) + 1;
    const std::string line = text.substr(begin, end - begin);
    // All of one month and one offset, so that their texts are in order.
    RE2::PartialMatch(line, "\\[([0-9]{2}/Nov/2026:[0-9:]{8}) ", &time);
    lines.emplace_back(time, line);
    begin = end;
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> ordered;
  for (auto& [key, line] : lines) ordered.push_back(std::move(line));
  return ordered;
}

TEST(StoreDifferentialTest, MergedStoresAreOneAnalysis) {
  const std::string catalog = ReadFile(CIVLOG_SOURCE_DIR "/fixtures/hanbit/civlog.toml");
  const std::vector<std::string> lines =
      LinesInOrder(ReadFile(CIVLOG_SOURCE_DIR "/fixtures/hanbit/logs/web1.access.log"));
  ASSERT_GT(lines.size(), 10'000u);
  constexpr size_t kMachines = 3;
  std::string parts[kMachines];
  for (const std::string& line : lines) {
    // Host, then client: a client, and so a visitor, always comes to one machine.
    std::string client;
    RE2::PartialMatch(line, "^[^ ]+ ([^ ]+)", &client);
    parts[std::hash<std::string>()(client) % kMachines] += line;
  }
  const ScratchDirectory directory;
  std::vector<std::string> paths;
  for (size_t machine = 0; machine < kMachines; ++machine) {
    // One is behind the others: what is open there is closed by their clocks.
    if (machine == 0) parts[0].resize(parts[0].rfind('\n', parts[0].size() * 9 / 10) + 1);
    paths.push_back(directory / ("machine" + std::to_string(machine) + ".db"));
    ASSERT_TRUE(Ingest(paths.back(), catalog, {{"web.log", parts[machine]}}, {}).ok());
  }
  RandomPortal whole{catalog, {}};
  for (size_t machine = 0; machine < kMachines; ++machine) {
    whole.logs.emplace_back("web" + std::to_string(machine) + ".log", parts[machine]);
  }
  const std::string merged = directory / "merged.db";
  ASSERT_TRUE(MergeStores(merged, paths, "test").ok());
  EXPECT_EQ(DifferenceOfStore(merged, OneRun(whole)), "");
  // Merging merged ones again changes nothing.
  const std::string again = directory / "again.db";
  ASSERT_TRUE(MergeStores(again, {merged}, "test").ok());
  EXPECT_EQ(DifferenceOfStore(again, OneRun(whole)), "");
}

std::string LineAt(absl::Time time, int service) {
  return absl::StrCat("192.0.2.7 - - ",
                      absl::FormatTime("[%d/%b/%Y:%H:%M:%S +0000]", time, absl::UTCTimeZone()),
                      " \"GET /s", service, "/ HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n");
}

// How many checkpoints a run makes of itself, when none is due by the clock.
size_t CheckpointsOf(const std::string& log) {
  const ScratchDirectory directory;
  Attempt attempt;
  attempt.threads = 2;
  attempt.block_bytes = size_t{1} << 12;
  attempt.checkpoint_every = absl::InfiniteDuration();
  size_t checkpoints = 0;
  attempt.checkpoints = &checkpoints;
  EXPECT_TRUE(Ingest(directory / "portal.db", "", {{"access.log", log}}, attempt).ok());
  return checkpoints;
}

// Memory does not grow with a log's weeks, nor with its hours and services: what is counted
// of them is kept as the run goes on.
TEST(StoreDifferentialTest, AnEarlyCheckpointFreesWhatHasGrown) {
  const absl::Time monday = absl::FromCivil(absl::CivilDay(2026, 11, 2), absl::UTCTimeZone());
  std::string weeks;
  for (int hour = 0; hour < 6 * 7 * 24; ++hour) {
    for (int i = 0; i < 10; ++i) weeks += LineAt(monday + absl::Hours(hour), i);
  }
  const size_t by_week = CheckpointsOf(weeks);
  EXPECT_GE(by_week, 5U);
  EXPECT_LE(by_week, 8U);

  constexpr int kServices = 1'500;
  std::string hours;
  for (int hour = 0; hour < 5 * 24; ++hour) {
    for (int i = 0; i < kServices; ++i) hours += LineAt(monday + absl::Hours(hour), i);
  }
  EXPECT_GE(CheckpointsOf(hours), 2U);
  EXPECT_EQ(CheckpointsOf(hours.substr(0, hours.size() / 20)), 1U);
}

}  // namespace
}  // namespace civlog::oracle
