// The rules of docs/metrics.md, each on a log small enough to count by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "queries/analysis_json.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

using nlohmann::json;

constexpr char kCatalog[] = R"(
[portal]
time_zone = "Asia/Seoul"
population = 1000

[[service]]
id = "news"
kind = "information"
department = "Press"
routes = ["/news/**"]

[[service]]
id = "ask"
kind = "interaction"
department = "Desk"
routes = ["/ask/**"]
acts = [{ name = "send", route = "POST /ask/send", accepted = [302] }]

[[service]]
id = "petition"
kind = "participation"
tier = "decide"
department = "Council"
routes = ["/petition/**"]
acts = ["POST /petition/{id}/sign"]

[[service]]
id = "cert"
kind = "transaction"
department = "Civil"
routes = ["/cert/**"]
status = ["/cert/status"]
steps = [
  { name = "start", route = "GET /cert/apply" },
  { name = "details", route = "POST /cert/details" },
  { name = "done", route = "GET /cert/done" },
]
ends = [{ name = "not eligible", route = "GET /cert/no", outcome = "refused" }]
errors = ["GET /cert/error"]
save = ["POST /cert/save"]
resume_within = "2d"

[[service]]
id = "strict"
kind = "transaction"
department = "Tax"
strict = true
abandon_after = "10m"
routes = ["/strict/**"]
steps = [
  { name = "one", route = "/strict/apply.do?step=1" },
  { name = "two", route = "/strict/apply.do?step=2" },
  { name = "three", route = "/strict/apply.do?step=3" },
]
)";

// "10:00:00 a GET /x 200" -> a combined line of visitor a on 16 November 2026; the
// day may be given in front: "18 10:00:00 a ...".
std::string Line(const std::string& text) {
  std::istringstream words(text);
  std::string day = "16";
  std::string clock, visitor, method, target, status;
  words >> clock;
  if (clock.size() <= 2) {
    day = clock;
    words >> clock;
  }
  words >> visitor >> method >> target >> status;
  const bool robot = visitor == "robot";
  return "192.0.2." + std::to_string(visitor[0]) + " - - [" + day + "/Nov/2026:" + clock +
         " +0900] \"" + method + " " + target + " HTTP/1.1\" " + status + " 10 \"-\" \"" +
         (robot ? "Googlebot/2.1" : "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0") + "\"\n";
}

struct Case {
  std::string name;
  std::vector<std::string> lines;
  // JSON pointer, value.
  std::vector<std::pair<std::string, json>> expected;
};

std::string CaseName(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

class MetricsRulesTest : public ::testing::TestWithParam<Case> {};

// "@cert" in a pointer stands for the service of that id.
json At(const json& report, const std::string& pointer) {
  const size_t at = pointer.find('@');
  if (at == std::string::npos) return report.at(json::json_pointer(pointer));
  const size_t end = pointer.find('/', at);
  const std::string id = pointer.substr(at + 1, end - at - 1);
  for (const json& service : report.at("services")) {
    if (service.at("id") == id) return service.at(json::json_pointer(pointer.substr(end)));
  }
  return nullptr;
}

TEST_P(MetricsRulesTest, Holds) {
  std::string log;
  for (const std::string& line : GetParam().lines) log += Line(line);
  for (const size_t threads : std::vector<size_t>{1, 2}) {
    for (const size_t block_bytes : std::vector<size_t>{1, 200, 1 << 20}) {
      const auto analysis = AnalyzeMemory(kCatalog, {{"access.log", log}}, {threads, block_bytes});
      ASSERT_TRUE(analysis.ok()) << analysis.status();
      const json report = json::parse(AnalysisToJson(*analysis, "en"));
      for (const auto& [pointer, value] : GetParam().expected) {
        EXPECT_EQ(At(report, pointer), value) << pointer << ", blocks of " << block_bytes;
      }
    }
  }
}

const std::vector<Case> kCases = {
    {"AGapOfExactlyTheTimeoutContinuesTheVisit",
     {"10:00:00 a GET /news/1 200", "10:30:00 a GET /news/2 200"},
     {{"/citizens/visits", 1}, {"/citizens/page_views", 2}, {"/citizens/bounces", 0}}},
    {"AGapOfOneSecondMoreStartsAnother",
     {"10:00:00 a GET /news/1 200", "10:30:01 a GET /news/2 200"},
     {{"/citizens/visits", 2}, {"/citizens/bounces", 2}, {"/citizens/visitors", 1}}},
    {"NoSplitAtMidnight",
     {"16 23:59:00 a GET /news/1 200", "17 00:10:00 a GET /news/2 200"},
     {{"/citizens/visits", 1}, {"/hours/0/visits", 1}, {"/hours/1/visits", 0}}},
    {"ABounceHasOnePageViewAndNoAct",
     {"10:00:00 a GET /news/1 200", "10:00:00 b GET /news/1 200", "10:00:09 b POST /ask/send 302",
      "10:00:00 c POST /ask/send 500"},
     {{"/citizens/visits", 3}, {"/citizens/bounces", 1}}},
    {"PageViewsAreByMethodAndStatus",
     {"10:00:00 a GET /news/1 200", "10:00:01 a GET /news/1 203", "10:00:02 a GET /news/1 206",
      "10:00:03 a GET /news/1 304", "10:00:04 a GET /news/1 302", "10:00:05 a GET /news/1 404",
      "10:00:06 a HEAD /news/1 200", "10:00:07 a POST /news/1 200"},
     {{"/citizens/page_views", 4}, {"/services/0/page_views", 4}, {"/services/0/requests", 8}}},
    {"RobotsAndAssetsAreNotCounted",
     {"10:00:00 robot GET /news/1 200", "10:00:01 a GET /site.css 200",
      "10:00:02 a GET /news/1 200"},
     {{"/records/counted", 1},
      {"/records/asset", 1},
      {"/records/not_citizen/search_engine", 1},
      {"/traffic/requests", 3},
      {"/citizens/visits", 1}}},
    {"AnActNeedsAnAcceptedOutcome",
     {"10:00:00 a POST /ask/send 200", "10:01:00 a POST /ask/send 302",
      "10:02:00 a GET /ask/send 200"},
     {{"/services/@ask/acts", 1}, {"/rates/interaction/numerator", 1}, {"/stages/interactive", 1}}},
    {"ADoubleClickCountsOnce",
     {"10:00:00 a POST /petition/1/sign 200", "10:00:30 a POST /petition/1/sign 200",
      "10:01:00 a POST /petition/1/sign 200", "10:01:31 a POST /petition/1/sign 200",
      "10:01:32 a POST /petition/2/sign 200", "10:01:32 b POST /petition/1/sign 200"},
     {{"/services/@petition/acts", 4},
      {"/services/@petition/acting_visits", 2},
      {"/rates/participation/numerator", 2},
      {"/rates/participation/per_1000_residents", 2.0},
      {"/rates/participation/by_tier/decide/numerator", 2},
      {"/rates/participation/by_tier/inform/numerator", 0}}},
    {"AnAttemptCompletes",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a POST /cert/details 302",
      "10:02:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/started", 1},
      {"/services/@cert/attempts/granted", 1},
      {"/services/@cert/acts", 1},
      {"/services/@cert/steps/2/reached", 1},
      {"/services/@cert/time_to_complete_s/max", 120.0},
      {"/services/@cert/completion_rate/value", 1.0},
      {"/stages/transactional", 1}}},
    {"AReloadOfStepOneIsNoStart",
     {"10:00:00 a GET /cert/apply 200", "10:05:00 a GET /cert/apply 200",
      "10:06:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/started", 1}, {"/services/@cert/time_to_complete_s/max", 360.0}}},
    {"ARefusalIsACompletion",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/no 200"},
     {{"/services/@cert/attempts/refused", 1},
      {"/services/@cert/completion_rate/numerator", 1},
      {"/services/@cert/steps/0/reached", 1},
      {"/services/@cert/steps/1/reached", 0}}},
    {"AnEndWithoutAStartIsInNoRate",
     {"10:00:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/without_start", 1},
      {"/services/@cert/attempts/started", 0},
      {"/services/@cert/acts", 0},
      {"/services/@cert/completion_rate/value", nullptr}}},
    {"AReloadOfTheEndPageIsNone",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/done 200",
      "10:31:00 a GET /cert/done 200", "10:31:01 a GET /cert/done 200"},
     {{"/services/@cert/attempts/without_start", 1}, {"/services/@cert/attempts/granted", 1}}},
    {"SilenceAbandons",
     {"10:00:00 a GET /cert/apply 200", "10:30:01 b GET /news/1 200"},
     {{"/services/@cert/attempts/abandoned", 1}, {"/services/@cert/attempts/open", 0}}},
    {"SilenceOfExactlyTheLimitLeavesOpen",
     {"10:00:00 a GET /cert/apply 200", "10:30:00 b GET /news/1 200"},
     {{"/services/@cert/attempts/open", 1},
      {"/services/@cert/completion_rate/denominator", 0},
      {"/services/@cert/completion_rate/value", nullptr}}},
    {"AnyCountedRequestKeepsAnAttemptAlive",
     {"10:00:00 a GET /cert/apply 200", "10:25:00 a GET /news/1 200",
      "10:50:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/granted", 1}}},
    {"AnErrorMakesAnAbandonmentAFailure",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/error 200",
      "11:00:00 b GET /news/1 200"},
     {{"/services/@cert/attempts/failed", 1},
      {"/services/@cert/steps/0/left_after_error", 1},
      {"/services/@cert/failure_rate/value", 1.0}}},
    {"AServerErrorOnAStepMarksFailing",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a POST /cert/details 503",
      "11:00:00 b GET /news/1 200"},
     {{"/services/@cert/attempts/failed", 1}}},
    {"ALaterStepRecovers",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a POST /cert/details 503",
      "10:02:00 a POST /cert/details 302", "10:03:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/granted", 1}, {"/services/@cert/attempts/recovered", 1}}},
    {"AClearedMarkAbandons",
     {"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/error 200",
      "10:02:00 a POST /cert/details 302", "11:00:00 b GET /news/1 200"},
     {{"/services/@cert/attempts/abandoned", 1}, {"/services/@cert/attempts/recovered", 0}}},
    {"ASavedAttemptWaits",
     {"16 10:00:00 a GET /cert/apply 200", "16 10:01:00 a POST /cert/save 302",
      "17 10:00:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/granted", 1},
      {"/services/@cert/time_to_complete_s/max", 86400.0},
      {"/citizens/visits", 2}}},
    {"ASavedAttemptDoesNotWaitForEver",
     {"16 10:00:00 a GET /cert/apply 200", "16 10:01:00 a POST /cert/save 302",
      "18 10:01:01 b GET /news/1 200"},
     {{"/services/@cert/attempts/abandoned", 1}}},
    {"StepsMayBeSkipped",
     {"10:00:00 a GET /cert/apply 200", "10:03:00 a GET /cert/done 200"},
     {{"/services/@cert/attempts/granted", 1}, {"/services/@cert/steps/1/reached", 1}}},
    {"StrictStepsMayNot",
     {"10:00:00 a GET /strict/apply.do?step=1 200", "10:01:00 a GET /strict/apply.do?step=3 200",
      "10:11:01 b GET /news/1 200"},
     {{"/services/@strict/attempts/granted", 0},
      {"/services/@strict/attempts/abandoned", 1},
      {"/services/@strict/attempts/without_start", 0},
      {"/services/@strict/steps/0/reached", 1},
      {"/services/@strict/steps/1/reached", 0}}},
    {"TwoDepartmentsAreSeamless",
     {"10:00:00 a GET /cert/apply 200", "10:00:05 a GET /cert/done 200",
      "10:00:10 a GET /strict/apply.do?step=1 200", "10:00:15 a GET /strict/apply.do?step=2 200",
      "10:00:20 a GET /strict/apply.do?x=1&step=3 200"},
     {{"/stages/seamless", 1}, {"/citizens/acts", 2}}},
    {"StatusChecksAreCompared",
     {"10:00:00 a GET /cert/apply 200", "10:00:05 a GET /cert/done 200",
      "10:01:00 a GET /cert/status 200", "10:02:00 a GET /cert/status 200"},
     {{"/services/@cert/status_check_ratio/value", 2.0}}},
    {"UnclaimedPathsAreUnclassified",
     {"10:00:00 a GET /elsewhere 200", "10:00:05 a GET /elsewhere 200"},
     {{"/unclassified/requests", 2},
      {"/unclassified/top_paths/0/path", "/elsewhere"},
      {"/unclassified/top_paths/0/requests", 2}}},
    {"DisorderWithinAMinuteIsPutRight",
     {"10:00:30 b GET /news/1 200", "10:01:00 a GET /cert/done 200",
      "10:00:00 a GET /cert/apply 200"},
     {{"/records/late", 0}, {"/services/@cert/attempts/granted", 1}}},
    {"LaterLinesAreLate",
     {"10:01:01 a GET /cert/done 200", "10:00:00 a GET /cert/apply 200"},
     {{"/records/late", 1}, {"/services/@cert/attempts/granted", 1}, {"/citizens/page_views", 2}}},
    {"VisitorsAreCountedByWeek",
     {"22 23:50:00 a GET /news/1 200", "23 00:05:00 a GET /news/2 200"},
     {{"/citizens/visits", 1}, {"/citizens/visitors", 2}, {"/citizens/visitor_weeks", true}}},
    {"GapsAndPeriod",
     {"16 00:10:00 a GET /news/1 200", "16 03:00:00 a GET /news/1 200"},
     {{"/period/from", "2026-11-16T00:00:00+09:00"},
      {"/period/to", "2026-11-16T04:00:00+09:00"},
      {"/period/gaps/0/from", "2026-11-16T01:00:00+09:00"},
      {"/period/gaps/0/to", "2026-11-16T03:00:00+09:00"},
      {"/period/partial", true}}},
};

INSTANTIATE_TEST_SUITE_P(Rules, MetricsRulesTest, ::testing::ValuesIn(kCases), CaseName);

TEST(WithoutCatalogTest, ServicesAreFirstSegments) {
  std::string log;
  for (const char* line : {"10:00:00 a GET /shop/1 200", "10:00:01 a POST /shop/2 302",
                           "10:00:05 a POST /shop/2 302", "10:00:02 a GET / 200"}) {
    log += Line(line);
  }
  const auto analysis = AnalyzeMemory("", {{"access.log", log}}, {});
  ASSERT_TRUE(analysis.ok());
  const json report = json::parse(AnalysisToJson(*analysis, "en"));
  EXPECT_EQ(report["services"][0]["id"], "shop");
  EXPECT_EQ(report["services"][0]["acts"], 1);
  EXPECT_EQ(report["services"][0]["attempts"], nullptr);
  EXPECT_EQ(report["services"][1]["id"], "/");
  EXPECT_EQ(report["rates"]["interaction"]["numerator"], 1);
  EXPECT_EQ(report["rates"]["participation"]["value"], nullptr);
  EXPECT_EQ(report["rates"]["completion"]["value"], nullptr);
  EXPECT_EQ(report["generator"]["catalog_digest"], nullptr);
}

TEST(SeveralSourcesTest, AreMergedInTimeOrder) {
  const std::string first =
      Line("10:00:00 a GET /cert/apply 200") + Line("10:02:00 a GET /cert/done 200");
  const std::string second =
      Line("10:01:00 a POST /cert/details 503") + Line("10:01:30 a POST /cert/details 302");
  for (const bool swapped : {false, true}) {
    std::vector<std::pair<std::string, std::string>> logs = {{"web1", first}, {"web2", second}};
    if (swapped) std::swap(logs[0], logs[1]);
    const auto analysis = AnalyzeMemory(kCatalog, logs, {2, 1});
    ASSERT_TRUE(analysis.ok());
    const json report = json::parse(AnalysisToJson(*analysis, "en"));
    EXPECT_EQ(At(report, "/services/@cert/attempts/granted"), 1);
    EXPECT_EQ(At(report, "/services/@cert/attempts/recovered"), 1);
    EXPECT_EQ(At(report, "/services/@cert/steps/1/reached"), 1);
  }
}

}  // namespace
}  // namespace civlog
