// What the generator plants is what civlog finds: every count, whatever the threads,
// the block size and the way the logs are handed over.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench/json_difference.h"
#include "queries/analysis_json.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Logs = std::vector<std::pair<std::string, std::string>>;

constexpr char kPortal[] = CIVLOG_SOURCE_DIR "/fixtures/hanbit";

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Logs ReadLogs(const fs::path& directory) {
  Logs logs;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() && entry.path().extension() != ".json") {
      logs.emplace_back(entry.path().filename().string(), ReadFile(entry.path()));
    }
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

std::string Analyzed(const std::string& catalog, const Logs& logs, size_t threads,
                     size_t block_bytes) {
  const auto analysis = AnalyzeMemory(catalog, logs, {threads, block_bytes});
  EXPECT_TRUE(analysis.ok()) << analysis.status();
  return analysis.ok() ? AnalysisToJson(*analysis, "en") : "";
}

// The planted counts, in every way of reading; the same bytes each time.
void ExpectPlanted(const json& planted, const std::string& catalog, Logs logs,
                   const std::vector<size_t>& block_sizes) {
  ASSERT_FALSE(logs.empty());
  const std::string first = Analyzed(catalog, logs, 1, size_t{1} << 20);
  std::vector<std::string> differences;
  FindDifferences(planted, json::parse(first), "", &differences);
  for (const std::string& difference : differences) ADD_FAILURE() << difference;
  for (const size_t threads : std::vector<size_t>{1, 2, 8}) {
    for (const size_t block_bytes : block_sizes) {
      std::reverse(logs.begin(), logs.end());
      EXPECT_EQ(Analyzed(catalog, logs, threads, block_bytes), first)
          << threads << " threads, blocks of " << block_bytes;
    }
  }
}

TEST(PlantedTest, TheDemonstrationPortal) {
  const json planted = json::parse(ReadFile(fs::path(kPortal) / "expected.json"));
  ExpectPlanted(planted, ReadFile(fs::path(kPortal) / "civlog.toml"),
                ReadLogs(fs::path(kPortal) / "logs"), {1, 997, size_t{1} << 16});
}

class FreshPortalTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FreshPortalTest, IsFound) {
  std::string directory = ::testing::TempDir() + "civlog_planted_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const std::string command =
      std::string(CIVLOG_GENERATE) + " " + GetParam() + " --out " + directory + " >/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  fs::path expected = fs::path(directory) / "expected.json";
  std::string catalog = ReadFile(fs::path(kPortal) / "civlog.toml");
  const fs::path offices = fs::path(directory) / "offices.toml";
  if (fs::exists(offices)) catalog += ReadFile(offices);
  ExpectPlanted(json::parse(ReadFile(expected)), catalog, ReadLogs(fs::path(directory) / "logs"),
                {1000, size_t{1} << 20});
  fs::remove_all(directory);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, FreshPortalTest,
    ::testing::Values("--seed 2 --bytes 2MB --front-ends 1", "--seed 3 --bytes 3MB --front-ends 3",
                      "--seed 4 --bytes 3MB --front-ends 2 --gzip-fraction 1",
                      "--seed 5 --bytes 2MB --format combined", "--seed 6 --bytes 2MB --days 3",
                      "--seed 7 --bytes 2MB --robots-share 0.6 --assets-share 0.1",
                      "--seed 8 --bytes 2MB --format nginx_time --days 10",
                      "--seed 9 --bytes 2MB --format nginx_json",
                      "--seed 10 --bytes 3MB --services 2018"));

}  // namespace
}  // namespace civlog
