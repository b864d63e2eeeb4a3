// Traffic is every record's, by audience, also of those that are counted nowhere else.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "engine/pipeline.h"
#include "queries/analysis_json.h"
#include "queries/compute_analysis.h"
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

// The sums of hours out of what is told by service and hour.
void SumUpHours(RunResult* run) {
  const CounterTable& traffic = run->traffic.traffic;
  for (size_t row = 0; row < traffic.rows(); ++row) {
    const TrafficKey key = TrafficKey::Unpack(traffic.key(row));
    CounterTable& hours = run->traffic.hours;
    const size_t place = hours.Row(PackHourService(key.hour, kNoService));
    hours.Add(place, kHourRequests, traffic.value(row, kRequests));
    hours.Add(place, kHourPageViews, traffic.value(row, kPageViews));
    if (key.status_class == 5) hours.Add(place, kHourServerErrors, traffic.value(row, kRequests));
  }
  const CounterTable& visits = run->visits.visits;
  for (size_t row = 0; row < visits.rows(); ++row) {
    if (ServiceOfKey(visits.key(row)) != kNoService) continue;
    CounterTable& hours = run->visits.hours;
    hours.Add(hours.Row(visits.key(row)), 0, visits.value(row, kVisits));
  }
}

// However many hours a log spans, an analysis counts services over all of them.
TEST(TrafficTest, CountersDoNotGrowWithTheHours) {
  constexpr int kHours = 500;
  std::string log;
  for (int hour = 0; hour < kHours; ++hour) {
    const absl::Time time = absl::FromUnixSeconds(1'794'787'200 + 3600 * hour);
    for (const char* path : {"/a", "/b"}) {
      log += "192.0.2.1 - - [" +
             absl::FormatTime("%d/%b/%Y:%H:%M:%S %z", time, absl::UTCTimeZone()) + "] \"POST " +
             path + " HTTP/1.1\" 200 10 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\"\n";
    }
  }
  const auto audience = AudienceClassifier::Make({});
  ASSERT_TRUE(audience.ok()) << audience.status();
  const auto run = [&](TimeDetail detail) {
    RunOptions options;
    options.time_detail = detail;
    std::vector<LogInput> inputs;
    inputs.push_back(MemoryInput("a", log));
    return RunPipeline(std::move(inputs), nullptr, **audience, options);
  };
  const auto by_portal = run(TimeDetail::kPortalByHour);
  ASSERT_TRUE(by_portal.ok()) << by_portal.status();
  EXPECT_EQ(by_portal->traffic.traffic.rows(), 2U);
  EXPECT_EQ(by_portal->visits.visits.rows(), 3U);  // of services, and of all
  EXPECT_EQ(by_portal->traffic.hours.rows(), kHours);
  EXPECT_EQ(by_portal->visits.hours.rows(), kHours);
  auto by_service = run(TimeDetail::kServicesByHour);
  ASSERT_TRUE(by_service.ok()) << by_service.status();
  EXPECT_EQ(by_service->traffic.traffic.rows(), 2U * kHours);
  EXPECT_EQ(by_service->visits.visits.rows(), 3U * kHours);
  EXPECT_EQ(by_service->traffic.hours.rows(), 0U);
  // Both say the same.
  SumUpHours(&*by_service);
  const json portal = json::parse(AnalysisToJson(ComputeAnalysis(*by_portal, nullptr, {}), "en"));
  const json service = json::parse(AnalysisToJson(ComputeAnalysis(*by_service, nullptr, {}), "en"));
  EXPECT_EQ(portal, service);
  EXPECT_EQ(portal["hours"].size(), size_t{kHours});
  EXPECT_EQ(portal["hours"][7]["requests"], 2);
  EXPECT_EQ(portal["hours"][7]["visits"], 1);
}

}  // namespace
}  // namespace civlog
