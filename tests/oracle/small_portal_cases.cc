// Rules of every section of docs/metrics.md on a portal of one service a kind.

#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

constexpr char kSmallPortal[] = R"(
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

}  // namespace

std::vector<RuleCase> SmallPortalCases() {
  return {
      {"ABounceHasOnePageViewAndNoActOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /news/1 200", "10:00:00 b GET /news/1 200",
               "10:00:09 b POST /ask/send 302", "10:00:00 c POST /ask/send 500"}),
       {{"/citizens/visits", 3}, {"/citizens/bounces", 1}}},
      {"PageViewsAreByMethodAndStatusOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /news/1 200", "10:00:01 a GET /news/1 203",
               "10:00:02 a GET /news/1 206", "10:00:03 a GET /news/1 304",
               "10:00:04 a GET /news/1 302", "10:00:05 a GET /news/1 404",
               "10:00:06 a HEAD /news/1 200", "10:00:07 a POST /news/1 200"}),
       {{"/citizens/page_views", 4}, {"/services/0/page_views", 4}, {"/services/0/requests", 8}}},
      {"RobotsAndAssetsAreNotCountedOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 robot GET /news/1 200", "10:00:01 a GET /site.css 200",
               "10:00:02 a GET /news/1 200"}),
       {{"/records/counted", 1},
        {"/records/asset", 1},
        {"/records/not_citizen/search_engine", 1},
        {"/traffic/requests", 3},
        {"/citizens/visits", 1}}},
      {"AnActNeedsAnAcceptedOutcomeOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a POST /ask/send 200", "10:01:00 a POST /ask/send 302",
               "10:02:00 a GET /ask/send 200"}),
       {{"/services/@ask/acts", 1},
        {"/rates/interaction/numerator", 1},
        {"/stages/interactive", 1}}},
      {"ADoubleClickCountsOnceOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a POST /petition/1/sign 200", "10:00:30 a POST /petition/1/sign 200",
               "10:01:00 a POST /petition/1/sign 200", "10:01:31 a POST /petition/1/sign 200",
               "10:01:32 a POST /petition/2/sign 200", "10:01:32 b POST /petition/1/sign 200"}),
       {{"/services/@petition/acts", 4},
        {"/services/@petition/acting_visits", 2},
        {"/rates/participation/numerator", 2},
        {"/rates/participation/per_1000_residents", 2.0},
        {"/rates/participation/by_tier/decide/numerator", 2},
        {"/rates/participation/by_tier/inform/numerator", 0}}},
      {"AnAttemptCompletesOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:01:00 a POST /cert/details 302",
               "10:02:00 a GET /cert/done 200"}),
       {{"/services/@cert/attempts/started", 1},
        {"/services/@cert/attempts/granted", 1},
        {"/services/@cert/acts", 1},
        {"/services/@cert/steps/2/reached", 1},
        {"/services/@cert/time_to_complete_s/max", 120.0},
        {"/services/@cert/completion_rate/value", 1.0},
        {"/stages/transactional", 1}}},
      {"ARefusalIsACompletionOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/no 200"}),
       {{"/services/@cert/attempts/refused", 1},
        {"/services/@cert/completion_rate/numerator", 1},
        {"/services/@cert/steps/0/reached", 1},
        {"/services/@cert/steps/1/reached", 0}}},
      {"AnEndWithoutAStartIsInNoRateOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/done 200"}),
       {{"/services/@cert/attempts/without_start", 1},
        {"/services/@cert/attempts/started", 0},
        {"/services/@cert/acts", 0},
        {"/services/@cert/completion_rate/value", nullptr}}},
      {"AnyCountedRequestKeepsAnAttemptAliveOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:25:00 a GET /news/1 200",
               "10:50:00 a GET /cert/done 200"}),
       {{"/services/@cert/attempts/granted", 1}}},
      {"AnErrorMakesAnAbandonmentAFailureOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/error 200",
               "11:00:00 b GET /news/1 200"}),
       {{"/services/@cert/attempts/failed", 1},
        {"/services/@cert/steps/0/left_after_error", 1},
        {"/services/@cert/failure_rate/value", 1.0}}},
      {"AClearedMarkAbandonsOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:01:00 a GET /cert/error 200",
               "10:02:00 a POST /cert/details 302", "11:00:00 b GET /news/1 200"}),
       {{"/services/@cert/attempts/abandoned", 1}, {"/services/@cert/attempts/recovered", 0}}},
      {"ASavedAttemptWaitsOnASmallPortal",
       kSmallPortal,
       OneLog({"16 10:00:00 a GET /cert/apply 200", "16 10:01:00 a POST /cert/save 302",
               "17 10:00:00 a GET /cert/done 200"}),
       {{"/services/@cert/attempts/granted", 1},
        {"/services/@cert/time_to_complete_s/max", 86400.0},
        {"/citizens/visits", 2}}},
      {"StrictStepsMayNotOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /strict/apply.do?step=1 200",
               "10:01:00 a GET /strict/apply.do?step=3 200", "10:11:01 b GET /news/1 200"}),
       {{"/services/@strict/attempts/granted", 0},
        {"/services/@strict/attempts/abandoned", 1},
        {"/services/@strict/attempts/without_start", 0},
        {"/services/@strict/steps/0/reached", 1},
        {"/services/@strict/steps/1/reached", 0}}},
      {"TwoDepartmentsAreSeamlessOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:00:05 a GET /cert/done 200",
               "10:00:10 a GET /strict/apply.do?step=1 200",
               "10:00:15 a GET /strict/apply.do?step=2 200",
               "10:00:20 a GET /strict/apply.do?x=1&step=3 200"}),
       {{"/stages/seamless", 1}, {"/citizens/acts", 2}}},
      {"UnclaimedPathsAreUnclassifiedOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /elsewhere 200", "10:00:05 a GET /elsewhere 200"}),
       {{"/unclassified/requests", 2},
        {"/unclassified/top_paths/0/path", "/elsewhere"},
        {"/unclassified/top_paths/0/requests", 2}}},
      {"GapsAndPeriodOnASmallPortal",
       kSmallPortal,
       OneLog({"16 00:10:00 a GET /news/1 200", "16 03:00:00 a GET /news/1 200"}),
       {{"/period/from", "2026-11-16T00:00:00+09:00"},
        {"/period/to", "2026-11-16T04:00:00+09:00"},
        {"/period/gaps/0/from", "2026-11-16T01:00:00+09:00"},
        {"/period/gaps/0/to", "2026-11-16T03:00:00+09:00"},
        {"/period/partial", true}}},
      {"SourcesAreMergedInTimeOrderOnASmallPortal",
       kSmallPortal,
       {{"web2",
         CombinedLog({"10:01:00 a POST /cert/details 503", "10:01:30 a POST /cert/details 302"})},
        {"web1", CombinedLog({"10:00:00 a GET /cert/apply 200", "10:02:00 a GET /cert/done 200"})}},
       {{"/services/@cert/attempts/granted", 1},
        {"/services/@cert/attempts/recovered", 1},
        {"/services/@cert/steps/1/reached", 1}}},
  };
}

std::vector<RuleCase> EngineCases() {
  return {
      {"StatusChecksAreComparedOnASmallPortal",
       kSmallPortal,
       OneLog({"10:00:00 a GET /cert/apply 200", "10:00:05 a GET /cert/done 200",
               "10:01:00 a GET /cert/status 200", "10:02:00 a GET /cert/status 200"}),
       {{"/services/@cert/status_check_ratio/value", 2.0}}},
      {"VisitorsAreCountedByWeekOnASmallPortal",
       kSmallPortal,
       OneLog({"22 23:50:00 a GET /news/1 200", "23 00:05:00 a GET /news/2 200"}),
       {{"/citizens/visits", 1}, {"/citizens/visitors", 2}, {"/citizens/visitor_weeks", true}}},
      {"WithoutACatalogue",
       "",
       OneLog({"10:00:00 a GET /shop/1 200", "10:00:01 a POST /shop/2 302",
               "10:00:05 a POST /shop/2 302", "10:00:02 a GET / 200"}),
       {{"/services/0/id", "shop"},
        {"/services/0/acts", 1},
        {"/services/0/attempts", nullptr},
        {"/services/1/id", "/"},
        {"/rates/interaction/numerator", 1},
        {"/rates/participation/value", nullptr},
        {"/rates/completion/value", nullptr}}},
  };
}

}  // namespace civlog::oracle
