// Visitors and visits, order and time: docs/metrics.md, sections 2 and 6.

#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

constexpr char kUsers[] = R"(
[portal]
time_zone = "Asia/Seoul"
visit_timeout = "10m"
identity = ["user", "address+agent"]
)";

constexpr char kBerlin[] = R"(
[portal]
time_zone = "Europe/Berlin"
)";

// A line in UTC.
std::string At(const std::string& time, const std::string& client = "192.0.2.1") {
  return client + " - - [" + time +
         " +0000] \"GET /x HTTP/1.1\" 200 1 \"-\" \"Mozilla/5.0 Firefox/130.0\"\n";
}

std::vector<RuleCase> VisitorCases() {
  return {
      {"AVisitorIsAddressAndAgent",
       "",
       {{"access.log", At("16/Nov/2026:10:00:00") + At("16/Nov/2026:10:00:00", "192.0.2.2") +
                           "192.0.2.1 - - [16/Nov/2026:10:00:00 +0000] \"GET /x HTTP/1.1\" 200 1 "
                           "\"-\" \"Opera/9\"\n"}},
       {{"/citizens/visitors", 3}, {"/citizens/visits", 3}}},
      {"AUserIsOneVisitorEverywhere",
       kUsers,
       {{"access.log", CombinedLog({"10:00:00 user:kim GET /x 200"}) +
                           "198.51.100.9 - kim [16/Nov/2026:10:01:00 +0900] \"GET /x HTTP/1.1\" "
                           "200 1 \"-\" \"Opera/9\"\n" +
                           CombinedLog({"10:02:00 user:lee GET /x 200", "10:02:00 u GET /x 200"})}},
       {{"/citizens/visitors", 3}, {"/citizens/visits", 3}}},
      {"UsersCountOnlyWhereTheCatalogueSaysSo",
       HanbitCatalog(),
       OneLog({"10:00:00 user:kim GET /x 200", "10:00:00 user:lee GET /x 200"}),
       {{"/citizens/visitors", 1}}},
      {"VisitorsAreCountedByWeek",
       HanbitCatalog(),
       OneLog({"22 23:50:00 a GET /news/1 200", "23 00:05:00 a GET /news/2 200"}),
       {{"/citizens/visits", 1}, {"/citizens/visitors", 2}, {"/services/@news/visitors", 2}}},
      {"WithinTwoDaysOfAWeekAnAttemptGoesOn",
       HanbitCatalog(),
       OneLog({"22 23:50:00 a GET /cert/apply 200", "22 23:51:00 a POST /cert/save 302",
               "24 23:50:00 a GET /cert/done 200"}),
       {{"/services/@cert/attempts/granted", 1}, {"/citizens/visitors", 2}}},
      {"LaterTheVisitorIsAnother",
       HanbitCatalog() + "[[service]]\nid = \"long\"\nkind = \"transaction\"\n"
                         "abandon_after = \"7d\"\nsteps = [{name=\"a\", route=\"/l/1\"}, "
                         "{name=\"b\", route=\"/l/2\"}]\n",
       OneLog({"22 23:50:00 a GET /l/1 200", "25 00:00:00 a GET /l/2 200"}),
       {{"/services/@long/attempts/granted", 0},
        {"/services/@long/attempts/without_start", 1},
        {"/services/@long/attempts/open", 1}}},
      {"TheLastSecondOfTwoDaysCarries",
       HanbitCatalog() + "[[service]]\nid = \"long\"\nkind = \"transaction\"\n"
                         "abandon_after = \"7d\"\nsteps = [{name=\"a\", route=\"/l/1\"}, "
                         "{name=\"b\", route=\"/l/2\"}]\n",
       OneLog({"22 23:50:00 a GET /l/1 200", "24 23:59:59 a GET /l/2 200"}),
       {{"/services/@long/attempts/granted", 1}, {"/services/@long/attempts/without_start", 0}}},
  };
}

std::vector<RuleCase> VisitRuleCases() {
  return {
      {"AGapOfExactlyTheTimeoutContinuesTheVisit",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /news/1 200", "10:30:00 a GET /news/2 200"}),
       {{"/citizens/visits", 1}, {"/citizens/page_views", 2}, {"/citizens/bounces", 0}}},
      {"AGapOfOneSecondMoreStartsAnother",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /news/1 200", "10:30:01 a GET /news/2 200"}),
       {{"/citizens/visits", 2}, {"/citizens/bounces", 2}, {"/citizens/visitors", 1}}},
      {"TheTimeoutIsTheCatalogues",
       kUsers,
       OneLog({"10:00:00 a GET /1 200", "10:10:00 a GET /2 200", "10:20:01 a GET /2 200"}),
       {{"/citizens/visits", 2}}},
      {"AssetsAndRobotsKeepNoVisitAlive",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /news/1 200", "10:20:00 a GET /x.css 200",
               "10:40:00 a GET /news/1 200"}),
       {{"/citizens/visits", 2}}},
      {"NoSplitAtMidnightAndTheHourOfItsBeginning",
       HanbitCatalog(),
       OneLog({"16 23:59:00 a GET /news/1 200", "17 00:10:00 a GET /news/2 200"}),
       {{"/citizens/visits", 1},
        {"/hours/0/hour", "2026-11-16T23:00:00+09:00"},
        {"/hours/0/visits", 1},
        {"/hours/1/visits", 0},
        {"/hours/1/page_views", 1}}},
      {"PageViewsAreByMethodAndStatus",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /news/1 200", "10:00:01 a GET /news/1 203",
               "10:00:02 a GET /news/1 206", "10:00:03 a GET /news/1 304",
               "10:00:04 a GET /news/1 302", "10:00:05 a GET /news/1 404",
               "10:00:06 a HEAD /news/1 200", "10:00:07 a POST /news/1 200"}),
       {{"/citizens/page_views", 4},
        {"/services/@news/page_views", 4},
        {"/services/@news/requests", 8},
        {"/services/@news/status/2xx", 5},
        {"/services/@news/status/3xx", 2},
        {"/services/@news/status/4xx", 1},
        {"/top/pages/0/requests", 4},
        {"/top/not_found/0/path", "/news/1"}}},
      {"ABounceHasOnePageViewAndNoAct",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /news/1 200", "10:00:00 b GET /news/1 200",
               "10:00:09 b POST /ask/send 302", "10:00:00 c POST /ask/send 500",
               "10:00:00 d GET /news/1 200", "10:00:00 d GET /news/1 404"}),
       {{"/citizens/visits", 4}, {"/citizens/bounces", 2}}},
      {"DisorderWithinAMinuteIsPutRight",
       HanbitCatalog(),
       OneLog({"10:00:30 b GET /news/1 200", "10:01:00 a GET /cert/done 200",
               "10:00:00 a GET /cert/apply 200"}),
       {{"/records/late", 0}, {"/services/@cert/attempts/granted", 1}}},
      {"OlderLinesAreLateAndAppliedWhereTheyStand",
       HanbitCatalog(),
       OneLog({"10:01:01 a GET /cert/done 200", "10:00:00 a GET /cert/apply 200"}),
       {{"/records/late", 1},
        {"/services/@cert/attempts/granted", 1},
        {"/services/@cert/time_to_complete_s/count", 1},
        {"/citizens/page_views", 2}}},
      {"ALateLineIsBehindWhatIsOlder",
       HanbitCatalog(),
       OneLog({"09:59:59 a GET /cert/done 200", "10:01:01 b GET /news/1 200",
               "09:00:00 a GET /cert/apply 200"}),
       {{"/records/late", 1},
        {"/services/@cert/attempts/without_start", 1},
        {"/services/@cert/attempts/open", 1}}},
      {"LatenessIsByRecordsOfEveryBucket",
       HanbitCatalog(),
       OneLog({"10:02:00 robot GET /news/1 200", "10:00:59 a GET /news/1 200",
               "10:01:00 a GET /news/1 200"}),
       {{"/records/late", 1}}},
      {"LatenessIsBySource",
       HanbitCatalog(),
       {{"web1", CombinedLog({"10:10:00 a GET /news/1 200"})},
        {"web2", CombinedLog({"10:00:00 a GET /news/1 200"})}},
       {{"/records/late", 0}, {"/citizens/visits", 1}}},
  };
}

std::vector<RuleCase> OrderCases() {
  const std::string first =
      CombinedLog({"10:00:00 a GET /cert/apply 200", "10:02:00 a GET /cert/done 200"});
  const std::string second =
      CombinedLog({"10:01:00 a POST /cert/details 503", "10:01:30 a POST /cert/details 302"});
  const std::string start = CombinedLog({"10:00:00 a GET /cert/apply 200"});
  const std::string done = CombinedLog({"10:00:00 a GET /cert/done 200"});
  return {
      {"InputsAreMergedInTimeOrder",
       HanbitCatalog(),
       {{"web2", second}, {"web1", first}},
       {{"/services/@cert/attempts/granted", 1},
        {"/services/@cert/attempts/recovered", 1},
        {"/services/@cert/steps/1/reached", 1}}},
      {"TheSameSecondKeepsTheOrderOfTheLog",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /cert/apply 200", "10:00:00 a GET /cert/done 200",
               "10:00:00 b GET /cert/done 200", "10:00:00 b GET /cert/apply 200"}),
       {{"/services/@cert/attempts/granted", 1},
        {"/services/@cert/attempts/without_start", 1},
        {"/services/@cert/attempts/open", 1}}},
      {"TiesBetweenSourcesGoByTheirNames",
       HanbitCatalog(),
       {{"web2", done}, {"web1", start}},
       {{"/services/@cert/attempts/granted", 1}}},
      {"RotatedFilesComeOldestFirst",
       HanbitCatalog(),
       {{"access.log", done}, {"access.log.1", ""}, {"access.log.2", start}},
       {{"/services/@cert/attempts/granted", 1}}},
      {"RotationsAreNumbers",
       HanbitCatalog(),
       {{"access.log.9", done}, {"access.log.10", start}},
       {{"/services/@cert/attempts/granted", 1}}},
      {"SourcesGoByTheirFirstRecord",
       HanbitCatalog(),
       {{"web1", CombinedLog({"10:00:00 a GET /cert/done 200"})},
        {"web2", CombinedLog({"09:59:59 b GET /news/1 200", "10:00:00 a GET /cert/apply 200"})}},
       {{"/services/@cert/attempts/granted", 1}, {"/services/@cert/attempts/without_start", 0}}},
  };
}

std::vector<RuleCase> TimeCases() {
  return {
      {"GapsAndPeriod",
       HanbitCatalog(),
       OneLog({"16 00:10:00 a GET /news/1 200", "16 03:00:00 robot GET /news/1 500"}),
       {{"/period/from", "2026-11-16T00:00:00+09:00"},
        {"/period/to", "2026-11-16T04:00:00+09:00"},
        {"/period/gaps",
         {{{"from", "2026-11-16T01:00:00+09:00"}, {"to", "2026-11-16T03:00:00+09:00"}}}},
        {"/period/partial", true},
        {"/hours/1/requests", 1},
        {"/hours/1/visits", 0},
        {"/hours/1/server_errors", 1}}},
      {"AWholeWeekIsNotPartial",
       HanbitCatalog(),
       OneLog({"16 00:59:59 a GET /news/1 200", "22 23:00:00 a GET /news/1 200"}),
       {{"/period/partial", false}, {"/period/to", "2026-11-23T00:00:00+09:00"}}},
      {"ALinesOwnOffsetIsHonoured",
       HanbitCatalog(),
       {{"access.log", At("16/Nov/2026:01:00:00")}},
       {{"/period/from", "2026-11-16T10:00:00+09:00"}}},
      {"WithoutCatalogueTheZoneIsUtc",
       "",
       OneLog({"10:00:00 a GET /x 200"}),
       {{"/period/from", "2026-11-16T01:00:00+00:00"}}},
      {"TheHourThatSummerTimeEndsWithIsThereTwice",
       kBerlin,
       {{"access.log", At("25/Oct/2026:00:30:00") + At("25/Oct/2026:01:30:00")}},
       {{"/hours/0/hour", "2026-10-25T02:00:00+02:00"},
        {"/hours/1/hour", "2026-10-25T02:00:00+01:00"},
        {"/period/gaps", nlohmann::json::array()}}},
      {"TheHourThatSummerTimeSkipsIsNoGap",
       kBerlin,
       {{"access.log", At("29/Mar/2026:00:30:00") + At("29/Mar/2026:01:30:00")}},
       {{"/hours/0/hour", "2026-03-29T01:00:00+01:00"},
        {"/hours/1/hour", "2026-03-29T03:00:00+02:00"},
        {"/period/gaps", nlohmann::json::array()}}},
      {"HoursOfAZoneThatIsNoWholeHourOff",
       "[portal]\ntime_zone = \"Asia/Kathmandu\"\n",
       {{"access.log", At("16/Nov/2026:00:14:59") + At("16/Nov/2026:00:15:00")}},
       {{"/hours/0/hour", "2026-11-16T05:00:00+05:45"},
        {"/hours/1/hour", "2026-11-16T06:00:00+05:45"}}},
  };
}

}  // namespace

std::vector<RuleCase> VisitCases() {
  std::vector<RuleCase> cases;
  for (auto* some : {&VisitorCases, &VisitRuleCases, &OrderCases, &TimeCases}) {
    for (RuleCase& rule : some()) cases.push_back(std::move(rule));
  }
  return cases;
}

}  // namespace civlog::oracle
