// Changes of a log that keep its meaning keep every figure.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "queries/analysis_json.h"
#include "queries/run_analysis.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

using nlohmann::json;
using Logs = std::vector<std::pair<std::string, std::string>>;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const std::string& Catalog() {
  static const std::string& text =
      *new std::string(ReadFile(CIVLOG_SOURCE_DIR "/fixtures/hanbit/civlog.toml"));
  return text;
}

// The first lines of the demonstration portal's log.
const std::string& Log() {
  static const std::string& text = *new std::string([] {
    std::string whole = ReadFile(CIVLOG_SOURCE_DIR "/fixtures/hanbit/logs/web1.access.log");
    size_t end = 0;
    for (int line = 0; line < 3000; ++line) end = whole.find('\n', end) + 1;
    return whole.substr(0, end);
  }());
  return text;
}

std::string Figures(const Logs& logs) {
  const auto analysis = AnalyzeMemory(Catalog(), logs, {2, size_t{64} << 10});
  EXPECT_TRUE(analysis.ok()) << analysis.status();
  if (!analysis.ok()) return "";
  json figures = json::parse(AnalysisToJson(*analysis, "en"));
  // Samples quote the lines, and the place in which file they stand.
  figures["lines"].erase("rejected_samples");
  return figures.dump(1);
}

std::string EachLine(const std::function<std::string(const std::string&)>& change) {
  std::string changed;
  for (size_t begin = 0; begin < Log().size();) {
    const size_t end = Log().find('\n', begin);
    changed += change(Log().substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return changed;
}

std::string JsonString(const std::string& text) { return json(text).dump(); }

TEST(MutationsTest, WhatIsAroundTheLinesDoesNotMatter) {
  const std::string whole = Figures({{"access.log", Log()}});
  const std::vector<std::pair<const char*, std::string>> mutations = {
      {"carriage returns", EachLine([](const std::string& line) { return line + "\r"; })},
      {"no last newline", Log().substr(0, Log().size() - 1)},
      {"a byte order mark", "\xEF\xBB\xBF" + Log()},
      {"gzip", Gzip(Log())},
      {"two gzip members", Gzip(Log().substr(0, 70'000)) + Gzip(Log().substr(70'000))},
      {"RFC 3164",
       EachLine([](const auto& line) { return "<134>Nov 16 09:00:00 web1 nginx[7]: " + line; })},
      {"RFC 5424", EachLine([](const auto& line) {
         return "<134>1 2026-11-16T00:00:00Z w nginx 7 - - " + line;
       })},
      {"CRI", EachLine([](const auto& line) { return "2026-11-16T00:00:00Z stdout F " + line; })},
      {"Docker", EachLine([](const auto& line) {
         return "{\"log\":" + JsonString(line + "\n") +
                ",\"stream\":\"stdout\",\"time\":\"2026-11-16T00:00:00Z\"}";
       })}};
  for (const auto& [name, log] : mutations) {
    EXPECT_EQ(Figures({{"access.log", log}}), whole) << name;
  }
}

TEST(MutationsTest, FilesThatAreCutBetweenLinesAreOneLog) {
  const std::string whole = Figures({{"access.log", Log()}});
  for (size_t cut = 1; cut < Log().size(); cut = cut * 3 + 1) {
    const size_t newline = Log().find('\n', cut) + 1;
    if (newline == Log().size()) break;
    EXPECT_EQ(Figures({{"access.log", Log().substr(newline)},
                       {"access.log.1", Gzip(Log().substr(0, newline))}}),
              whole)
        << newline;
  }
}

// Threads read blocks of a log whose fields change: each must know which hold.
TEST(MutationsTest, ChangingFieldsInBlocksOfAnySize) {
  std::string log;
  for (int i = 0; i < 60; ++i) {
    const std::string second = std::to_string(10 + i % 50);
    if (i % 7 == 0) log += "#Fields: date time cs-method cs-uri-stem sc-status c-ip sc-bytes\n";
    if (i % 7 == 4) log += "#Fields: c-ip sc-status time date cs-uri-stem cs-method\n";
    log += i % 7 < 4 ? "2026-11-16 09:00:" + second + " GET /news/1 200 192.0.2.1 7\n"
                     : "192.0.2.2 404 09:00:" + second + " 2026-11-16 /news/2 GET\n";
  }
  for (const size_t threads : {size_t{1}, size_t{3}}) {
    for (const size_t block_bytes : {size_t{1}, size_t{50}, size_t{333}, size_t{1} << 20}) {
      const auto analysis = AnalyzeMemory(Catalog(), {{"ex.log", log}}, {threads, block_bytes});
      ASSERT_TRUE(analysis.ok()) << analysis.status();
      const json figures = json::parse(AnalysisToJson(*analysis, "en"));
      EXPECT_EQ(figures["lines"]["rejected"]["total"], 0) << threads << " " << block_bytes;
      EXPECT_EQ(figures["traffic"]["status"]["2xx"], 36) << threads << " " << block_bytes;
      EXPECT_EQ(figures["traffic"]["status"]["4xx"], 24) << threads << " " << block_bytes;
      EXPECT_EQ(figures["traffic"]["bytes_sent"], 36 * 7) << threads << " " << block_bytes;
    }
  }
}

// Twice the lines are twice the traffic, and the same visits and attempts.
TEST(MutationsTest, DoubledLines) {
  const json once = json::parse(Figures({{"access.log", Log()}}));
  const json twice = json::parse(
      Figures({{"access.log", EachLine([](const auto& line) { return line + "\n" + line; })}}));
  EXPECT_EQ(twice["lines"]["read"], 2 * once["lines"]["read"].get<uint64_t>());
  EXPECT_EQ(twice["records"]["counted"], 2 * once["records"]["counted"].get<uint64_t>());
  EXPECT_EQ(twice["traffic"]["bytes_sent"], 2 * once["traffic"]["bytes_sent"].get<uint64_t>());
  EXPECT_EQ(twice["citizens"]["page_views"], 2 * once["citizens"]["page_views"].get<uint64_t>());
  for (const char* figure : {"visits", "visitors", "acts"}) {
    EXPECT_EQ(twice["citizens"][figure], once["citizens"][figure]) << figure;
  }
  EXPECT_EQ(twice["rates"], once["rates"]);
  for (size_t i = 0; i < once["services"].size(); ++i) {
    json attempts = once["services"][i]["attempts"];
    // Each line of an end without a start is one.
    if (attempts.is_object()) {
      attempts["without_start"] = 2 * attempts["without_start"].get<uint64_t>();
    }
    EXPECT_EQ(twice["services"][i]["attempts"], attempts);
    EXPECT_EQ(twice["services"][i]["steps"], once["services"][i]["steps"]);
  }
}

}  // namespace
}  // namespace civlog
