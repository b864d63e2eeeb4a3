// Traffic is every record's, by audience, also of those that are counted nowhere else.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "queries/analysis_json.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

using nlohmann::json;

std::string Line(const std::string& request, const std::string& agent) {
  return "192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] \"" + request + "\" 200 10 \"-\" \"" + agent +
         "\"\n";
}

TEST(TrafficTest, AudiencesOfEveryRecordAddUp) {
  const std::string people = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0";
  const std::string log = Line("GET /a HTTP/1.1", people) + Line("-", people) +
                          Line("-", "Googlebot/2.1") + Line("GET /b HTTP/1.1", "Googlebot/2.1") +
                          Line("GET http://other.example/ HTTP/1.1", "Googlebot/2.1") +
                          Line("-", "-");
  const auto analysis =
      AnalyzeMemory("[portal]\nhosts = [\"www.hanbit.example\"]\n", {{"a", log}}, {});
  ASSERT_TRUE(analysis.ok()) << analysis.status();
  const json report = json::parse(AnalysisToJson(*analysis, "en"));
  const json& by_audience = report["traffic"]["by_audience"];
  EXPECT_EQ(by_audience["citizen"]["requests"], 2);
  EXPECT_EQ(by_audience["search_engine"]["requests"], 3);
  EXPECT_EQ(by_audience["no_agent"]["requests"], 1);
  EXPECT_EQ(report["traffic"]["requests"], 6);
  EXPECT_EQ(report["records"]["unreadable_request"], 3);
  EXPECT_EQ(report["records"]["outside_portal"], 1);
  EXPECT_EQ(report["records"]["not_citizen"]["total"], 1);
}

}  // namespace
}  // namespace civlog
