// Routes, acts and rates: docs/metrics.md, section 3.

#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

// A catalogue of services named a, b, ... with one route each.
std::string Routes(const std::vector<std::string>& routes) {
  std::string toml = "[portal]\ntime_zone = \"Asia/Seoul\"\n";
  char id = 'a';
  for (const std::string& route : routes) {
    toml += std::string("[[service]]\nid = \"") + id++ + "\"\nkind = \"information\"\nroutes = [" +
            (route.starts_with('{') ? route : "'" + route + "'") + "]\n";
  }
  return toml;
}

std::vector<RuleCase> RouteCases() {
  return {
      {"LiteralBeforeCaptureBeforeRest",
       Routes({"/x/**", "/x/{id}", "/x/1"}),
       OneLog({"10:00:00 a GET /x/1 200", "10:00:00 a GET /x/2 200", "10:00:00 a GET /x/2/3 200",
               "10:00:00 a GET /x 200", "10:00:00 a GET /x/ 200", "10:00:00 a GET /xy 200"}),
       {{"/services/@c/requests", 1},
        {"/services/@b/requests", 1},
        {"/services/@a/requests", 3},
        {"/unclassified/requests", 1}}},
      {"SegmentsAreComparedFromTheLeft",
       Routes({"/{id}/b", "/a/{id}", "/**", "/a/**", "/{id}/b/**"}),
       OneLog({"10:00:00 a GET /a/b 200", "10:00:00 a GET /a/b/c 200", "10:00:00 a GET /z/b 200",
               "10:00:00 a GET /z/b/c 200", "10:00:00 a GET /z 200"}),
       {{"/services/@b/requests", 1},
        {"/services/@d/requests", 1},
        {"/services/@a/requests", 1},
        {"/services/@e/requests", 1},
        {"/services/@c/requests", 1}}},
      {"PatternsStandBetween",
       Routes({"/x/**", "re:^/x/[0-9]+$", "/x/{id}/y", "/{id}/7"}),
       OneLog({"10:00:00 a GET /x/5 200", "10:00:00 a GET /x/y 200", "10:00:00 a GET /x/7 200",
               "10:00:00 a GET /x/5/y 200"}),
       {{"/services/@b/requests", 1},
        {"/services/@a/requests", 1},
        {"/services/@d/requests", 1},
        {"/services/@c/requests", 1}}},
      {"APatternIsNotAnchored",
       Routes({"re:/print"}),
       OneLog({"10:00:00 a GET /x/print/1 200", "10:00:00 a GET /x/p 200"}),
       {{"/services/@a/requests", 1}}},
      {"CaseAndTrailingSlashCount",
       Routes({"/x", "/x/", "/{id}/"}),
       OneLog({"10:00:00 a GET /x 200", "10:00:00 a GET /x/ 200", "10:00:00 a GET /X 200",
               "10:00:00 a GET / 200", "10:00:00 a GET /y/ 200"}),
       {{"/services/@a/requests", 1},
        {"/services/@b/requests", 1},
        {"/services/@c/requests", 1},
        {"/unclassified/requests", 2}}},
      {"PathsAreNormalised",
       Routes({"/~x/y"}),
       OneLog({"10:00:00 a GET /%7ex/y 200", "10:00:00 a GET //~x///y 200",
               "10:00:00 a GET /~x;jsessionid=AB.c1/y;jsessionid=2?z=1 200",
               "10:00:00 a GET /%7e%78/y 200", "10:00:00 a GET /~x%2fy 200"}),
       {{"/services/@a/requests", 4}, {"/unclassified/top_paths/0/path", "/~x%2Fy"}}},
      {"QueryKeysMustAllBeThere",
       Routes({"/x?step=1", "/x?step=2&lang", "/x?step=2", "/x"}),
       OneLog({"10:00:00 a GET /x?step=1 200", "10:00:00 a GET /x?a=b&step=%31 200",
               "10:00:00 a GET /x?lang&step=2 200", "10:00:00 a GET /x?step=2 200",
               "10:00:00 a GET /x?step=3&lang=ko 200", "10:00:00 a GET /x?xstep=1 200"}),
       {{"/services/@a/requests", 2},
        {"/services/@b/requests", 1},
        {"/services/@c/requests", 1},
        {"/services/@d/requests", 2}}},
      {"AMethodIsMoreSpecificThanNone",
       Routes({"/x", "GET /x", "POST /y"}),
       OneLog({"10:00:00 a GET /x 200", "10:00:00 a HEAD /x 200", "10:00:00 a POST /x 200",
               "10:00:00 a GET /y 200"}),
       {{"/services/@a/requests", 2},
        {"/services/@b/requests", 1},
        {"/services/@c/requests", 0},
        {"/unclassified/requests", 1}}},
      {"QueryKeysComeBeforeTheMethod",
       Routes({"GET /x", "/x?a"}),
       OneLog({"10:00:00 a GET /x?a=1 200"}),
       {{"/services/@b/requests", 1}}},
      {"DatesAreDaysOfThePortalsZone",
       Routes({"/x", "{ route = '/x', valid_from = '2026-11-17', valid_until = 2026-11-18 }"}),
       OneLog({"16 23:59:59 a GET /x 200", "17 00:00:00 a GET /x 200", "18 23:59:59 a GET /x 200",
               "19 00:00:00 a GET /x 200"}),
       {{"/services/@a/requests", 2}, {"/services/@b/requests", 2}}},
      {"EqualRoutesGoByTheOrderOfTheFile",
       Routes({"/{a}", "/{b}"}),
       OneLog({"10:00:00 a GET /x 200"}),
       {{"/services/@a/requests", 1}, {"/services/@b/requests", 0}}},
      {"WhatNoRouteClaimsIsUnclassified",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /b 200", "10:00:05 a GET /c?x=1 200", "10:00:06 a GET /c 404",
               "10:00:07 a GET /a 200"}),
       {{"/unclassified/requests", 4},
        {"/unclassified/top_paths/0/path", "/c"},
        {"/unclassified/top_paths/0/requests", 2},
        {"/unclassified/top_paths/1/path", "/a"},
        {"/unclassified/top_paths/2/path", "/b"},
        {"/citizens/visits", 1}}},
  };
}

std::vector<RuleCase> ActCases() {
  return {
      {"AnActNeedsAnAcceptedOutcome",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /ask/send 200", "10:01:00 a POST /ask/send 302",
               "10:02:00 a GET /ask/send 200"}),
       {{"/services/@ask/acts", 1},
        {"/services/@ask/acting_visits", 1},
        {"/services/@ask/requests", 3}}},
      {"AcceptedByDefault",
       "[[service]]\nid = \"s\"\nkind = \"interaction\"\nacts = [\"/s/{id}\"]\n",
       OneLog({"10:00:00 a POST /s/1 200", "10:00:00 a POST /s/2 299", "10:00:00 a POST /s/3 301",
               "10:00:00 a POST /s/4 304", "10:00:00 a POST /s/5 308", "10:00:00 a POST /s/6 400",
               "10:00:00 a PUT /s/7 204", "10:00:00 a PATCH /s/8 303", "10:00:00 a DELETE /s/9 307",
               "10:00:00 a GET /s/10 200", "10:00:00 a GET /s/11 304", "10:00:00 a GET /s/12 302",
               "10:00:00 a GET /s/13 206", "10:00:00 a HEAD /s/14 200",
               "10:00:00 a OPTIONS /s/15 200"}),
       {{"/services/@s/acts", 9}, {"/services/@s/requests", 15}}},
      {"TheRoutesAcceptedComesBeforeTheServices",
       "[[service]]\nid = \"s\"\nkind = \"interaction\"\naccepted = [303]\n"
       "acts = [\"POST /s/1\", { route = \"POST /s/2\", accepted = [201] }]\n",
       OneLog({"10:00:00 a POST /s/1 200", "10:01:00 a POST /s/1 303", "10:02:00 a POST /s/2 303",
               "10:03:00 a POST /s/2 201"}),
       {{"/services/@s/acts", 2}}},
      {"ADoubleClickCountsOnce",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /petition/1/sign 200", "10:00:30 a POST /petition/1/sign 200",
               "10:01:00 a POST /petition/1/sign 200", "10:01:31 a POST /petition/1/sign 200",
               "10:01:32 a POST /petition/2/sign 200", "10:01:32 b POST /petition/1/sign 200"}),
       {{"/services/@petition/acts", 4}, {"/services/@petition/acting_visits", 2}}},
      {"ARefusedRequestIsNoClick",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /petition/1/sign 500", "10:00:10 a POST /petition/1/sign 200",
               "10:00:40 a POST /petition/1/sign 400", "10:00:41 a POST /petition/1/sign 200"}),
       {{"/services/@petition/acts", 2}}},
      {"InteractionRate",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /ask/send 302", "10:00:00 b POST /petition/1/sign 200",
               "10:00:00 c GET /cert/apply 200", "10:00:01 c GET /cert/done 200",
               "10:00:00 d POST /news/rate 200", "10:00:00 e GET /news/1 200"}),
       {{"/rates/interaction/numerator", 3},
        {"/rates/interaction/denominator", 5},
        {"/rates/interaction/value", 0.6},
        {"/citizens/acts", 4},
        {"/services/@news/acts", 1},
        {"/stages/enhanced", 2},
        {"/stages/interactive", 2},
        {"/stages/transactional", 1}}},
      {"WilsonInterval",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /ask/send 302", "10:00:00 b GET /news/1 200",
               "10:00:00 c GET /news/1 200", "10:00:00 d GET /news/1 200"}),
       // By hand: p = 1/4, n = 4, z = 1.95996398.
       {{"/rates/interaction/low", 0.0455872608}, {"/rates/interaction/high", 0.6993581574}}},
      {"ParticipationRate",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /petition/1/sign 200", "10:00:00 b GET /petition/1 200",
               "10:00:00 c POST /ask/send 302", "10:00:00 d GET /news/1 200",
               "11:00:00 a POST /petition/2/sign 200"}),
       {{"/rates/participation/numerator", 2},
        {"/rates/participation/denominator", 5},
        {"/rates/participation/per_1000_residents", 0.5},
        {"/rates/participation/by_tier/decide/numerator", 2},
        {"/rates/participation/by_tier/consult/numerator", 0},
        {"/services/@petition/interaction_rate/denominator", 3},
        {"/services/@petition/visits", 3},
        {"/services/@petition/visitors", 2},
        {"/services/@petition/acting_visits", 2}}},
      {"WithoutPopulationNoFigurePerResident",
       "[portal]\ntime_zone = \"Asia/Seoul\"\n",
       OneLog({"10:00:00 a GET /x 200"}),
       {{"/rates/participation/per_1000_residents", nullptr},
        {"/rates/participation/denominator", 1},
        {"/rates/participation/value", 0.0},
        {"/unclassified/requests", 1}}},
      {"TwoDepartmentsAreSeamless",
       HanbitCatalog(),
       OneLog({"10:00:00 a GET /cert/apply 200", "10:00:05 a GET /cert/done 200",
               "10:00:10 a GET /pay/bill 200", "10:00:15 a POST /pay/paid 302",
               "10:00:00 b GET /cert/apply 200", "10:00:05 b GET /cert/no 200",
               "10:00:06 b GET /strict/apply.do?step=1 200", "10:00:07 b GET /strict/no 200",
               "10:00:00 c GET /cert/apply 200", "10:00:05 c GET /cert/done 200",
               "10:31:10 c GET /pay/bill 200", "10:31:15 c POST /pay/paid 302"}),
       {{"/stages/seamless", 1},
        {"/stages/transactional", 3},
        {"/stages/interactive", 0},
        {"/citizens/acts", 6},
        {"/citizens/visits", 4}}},
      {"AnActBesidesACompletion",
       HanbitCatalog(),
       OneLog({"10:00:00 a POST /ask/send 302", "10:00:00 a GET /cert/apply 200",
               "10:00:05 a GET /cert/done 200"}),
       {{"/stages/transactional", 1}, {"/stages/interactive", 0}}},
  };
}

std::vector<RuleCase> NoCatalogCases() {
  return {
      {"WithoutCatalogueServicesAreFirstSegments",
       "",
       OneLog({"10:00:00 a GET /shop/1 200", "10:00:01 a POST /shop/2 302",
               "10:00:05 a POST /shop/2 302", "10:00:05 a POST /shop/3 200", "10:00:02 a GET / 200",
               "10:00:03 a POST /other 404"}),
       {{"/services/@shop/acts", 2},
        {"/services/@shop/kind", "interaction"},
        {"/services/@shop/attempts", nullptr},
        {"/services/@~1/requests", 1},
        {"/services/@other/kind", "information"},
        {"/services/@other/acts", 0},
        {"/unclassified/requests", 0},
        {"/rates/interaction/numerator", 1},
        {"/rates/participation/value", nullptr},
        {"/rates/completion/value", nullptr},
        {"/stages/interactive", 1}}},
  };
}

}  // namespace

std::vector<RuleCase> ServiceCases() {
  std::vector<RuleCase> cases;
  for (auto* some : {&RouteCases, &ActCases, &NoCatalogCases}) {
    for (RuleCase& rule : some()) cases.push_back(std::move(rule));
  }
  return cases;
}

}  // namespace civlog::oracle
