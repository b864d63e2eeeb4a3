// Which first path segments become services does not depend on threads.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/service_model.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

constexpr size_t kLines = 9'000;  // as many first segments, each met once and then again

std::string Line(size_t second, size_t segment) {
  const absl::Time begin = absl::FromCivil(absl::CivilHour(2026, 11, 16, 9), absl::UTCTimeZone());
  return absl::StrCat("192.0.2.", second % 200, " - - ",
                      absl::FormatTime("[%d/%b/%Y:%H:%M:%S +0000]", begin + absl::Seconds(second),
                                       absl::UTCTimeZone()),
                      " \"GET /s", segment, "/page HTTP/1.1\" 200 10 \"-\" ",
                      "\"Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\"\n");
}

std::set<std::string> ServicesOf(const std::vector<std::pair<std::string, std::string>>& logs,
                                 size_t threads, size_t block_bytes) {
  const auto analysis = AnalyzeMemory("", logs, {threads, block_bytes});
  EXPECT_TRUE(analysis.ok()) << analysis.status();
  std::set<std::string> ids;
  if (!analysis.ok()) return ids;
  for (const ServiceFigures& service : analysis->services) ids.insert(service.id);
  return ids;
}

TEST(SegmentServicesTest, AreTheFirstOfTheLog) {
  std::string log;
  for (size_t i = 0; i < kLines; ++i) log += Line(i, i);
  for (size_t i = 0; i < kLines; ++i) log += Line(kLines + i, kLines - 1 - i);
  std::set<std::string> first;
  for (size_t i = 0; i < ServiceModel::kMaxSegments; ++i) first.insert(absl::StrCat("s", i));
  for (const size_t threads : {size_t{1}, size_t{2}, size_t{4}, size_t{7}}) {
    for (const size_t block_bytes : {size_t{4000}, size_t{50000}}) {
      EXPECT_EQ(ServicesOf({{"a.log", log}}, threads, block_bytes), first)
          << threads << " threads, blocks of " << block_bytes;
    }
  }
}

TEST(SegmentServicesTest, OfSeveralLogsAreTheSameForAnyThreads) {
  std::vector<std::pair<std::string, std::string>> logs = {{"a.log", ""}, {"b.log", ""}};
  for (size_t i = 0; i < kLines; ++i) logs[i % 3 == 0 ? 0 : 1].second += Line(i, i);
  const std::set<std::string> one = ServicesOf(logs, 1, 4000);
  EXPECT_EQ(one.size(), ServiceModel::kMaxSegments);
  for (const size_t threads : {size_t{2}, size_t{4}, size_t{7}}) {
    EXPECT_EQ(ServicesOf(logs, threads, 4000), one) << threads << " threads";
  }
}

// Of the blocks that a round was to read of a source, those that there are not end too: the
// shorter log ends in a round that reads both.
TEST(SegmentServicesTest, ALogThatEndsHoldsNobodyUp) {
  constexpr size_t kShort = 1'200;
  constexpr size_t kLong = 2'000;
  std::vector<std::pair<std::string, std::string>> logs = {{"a.log", ""}, {"b.log", ""}};
  for (size_t i = 0; i < kShort; ++i) logs[0].second += Line(i, i);
  for (size_t i = 0; i < kLong; ++i) logs[1].second += Line(i, kShort + i);
  for (const size_t threads : {size_t{1}, size_t{2}, size_t{4}}) {
    EXPECT_EQ(ServicesOf(logs, threads, 4000).size(), kShort + kLong);
  }
}

}  // namespace
}  // namespace civlog
