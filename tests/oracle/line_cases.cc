// From line to counted request: docs/metrics.md, section 1.

#include "tests/oracle/rule_cases.h"

namespace civlog::oracle {
namespace {

constexpr char kHead[] = "!192.0.2.7 - - [16/Nov/2026:10:00:00 +0900] ";
constexpr char kTail[] = " \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\"";

// A line of one visitor with this request, status and bytes as they stand.
std::string Raw(const std::string& middle) { return kHead + middle + kTail; }

std::string WithAgent(const std::string& agent) {
  return std::string(kHead) + "\"GET /news/1 HTTP/1.1\" 200 10 \"-\" \"" + agent + "\"";
}

constexpr char kPortal[] = R"(
[portal]
time_zone = "Asia/Seoul"
hosts = ["www.hanbit.example"]
ignore_addresses = ["198.51.100.0/25", "2001:db8:1::/48"]
[audience]
monitor = ["HanbitHealth/"]
citizen = ["curl/hanbit"]
[[service]]
id = "all"
kind = "information"
routes = ["/a/**", "POST /.env"]
)";

std::string VhostLine(const std::string& host, const std::string& client,
                      const std::string& target) {
  return host + " " + client + " - - [16/Nov/2026:10:00:00 +0900] \"GET " + target +
         " HTTP/1.1\" 200 5" + kTail + "\n";
}

std::vector<RuleCase> RejectCases() {
  return {
      {"BlankLinesAndLinesWithoutNewline",
       "",
       {{"access.log", CombinedLog({"10:00:00 a GET /x 200", "!", "!  \t", "!\r"}) +
                           "192.0.2.1 - - [16/Nov/2026:10:00:00 +0900] \"GET /x HTTP/1.1\" 200 1" +
                           kTail}},
       {{"/lines/read", 5}, {"/lines/blank", 3}, {"/lines/records", 2}}},
      {"CarriageReturnsAreLineEndings",
       "",
       OneLog({Raw("\"GET /x HTTP/1.1\" 200 10") + "\r", Raw("\"GET /x HTTP/1.1\" 200 10") + "\r"}),
       {{"/lines/records", 2}, {"/lines/rejected/total", 0}, {"/citizens/visitors", 1}}},
      {"AnEmptyLogHasNoPeriod",
       "",
       {{"access.log", ""}},
       {{"/lines/read", 0},
        {"/period/from", nullptr},
        {"/period/to", nullptr},
        {"/rates/interaction/value", nullptr}}},
      {"RejectedByReason",
       "",
       OneLog({"10:00:00 a GET /x 200", "10:00:00 a GET /x 200", Raw("\"GET /x HTTP/1.1\" 20x 10"),
               Raw("\"GET /x HTTP/1.1\" 200 1x"), kHead, std::string(kHead) + "\"GET /x HTTP",
               "!192.0.2.7 - - [16/Nov/2026:10:00:00 +0900] \"GET /x HTTP/1.1\" 200 10 \"-\" \"Moz",
               "!192.0.2.7 - - [31/Nov/2026:10:00:00 +0900] \"GET /x HTTP/1.1\" 200 10 \"-\" \"M\"",
               "!192.0.2.7 - - [16/Nov/2026:25:00:00 +0900] \"GET /x HTTP/1.1\" 200 10 \"-\" \"M\"",
               "!garbage", "!192.0.2.7 - -"}),
       {{"/lines/rejected/total", 8},
        {"/lines/rejected/truncated", 2},
        {"/lines/rejected/bad_time", 2},
        {"/lines/rejected/bad_status", 1},
        {"/lines/rejected/bad_number", 1},
        {"/lines/rejected/no_match", 2},
        {"/lines/records", 3}}},
  };
}

std::vector<RuleCase> BucketCases() {
  return {
      {"UnreadableRequestsAreTraffic",
       "",
       OneLog({Raw("\"-\" 408 7"), Raw(R"("\x16\x03\x01" 400 5)"), Raw("\"GET\" 400 -"),
               Raw("\"GET /x\" 200 1")}),
       {{"/records/unreadable_request", 3},
        {"/records/counted", 1},
        {"/traffic/requests", 4},
        {"/traffic/bytes_sent", 13},
        {"/traffic/status/4xx", 3}}},
      {"StatusOutsideTheClassesIsInNone",
       "",
       OneLog({"10:00:00 a GET /x 000", "10:00:00 a GET /x 600", "10:00:00 a GET /x 101",
               "10:00:00 a GET /x 599"}),
       {{"/lines/records", 4},
        {"/traffic/requests", 4},
        {"/traffic/status/1xx", 1},
        {"/traffic/status/2xx", 0},
        {"/traffic/status/5xx", 1}}},
      {"HostsOutsideThePortal",
       kPortal,
       {{"access.log",
         VhostLine("www.hanbit.example:443", "192.0.2.1", "/a") +
             VhostLine("WWW.Hanbit.example:80", "192.0.2.1", "/a") +
             VhostLine("other.example:443", "192.0.2.1", "/a") +
             VhostLine("other.example:443", "192.0.2.1", "http://www.hanbit.example:8080/a") +
             VhostLine("www.hanbit.example:443", "192.0.2.1", "http://other.example/a")}},
       {{"/records/outside_portal", 2}, {"/records/counted", 3}, {"/services/@all/requests", 3}}},
      {"ARecordWithoutHostIsInside",
       kPortal,
       OneLog({"10:00:00 a GET /a/1 200"}),
       {{"/records/outside_portal", 0}, {"/records/counted", 1}}},
      {"IgnoredAddressesAreOutside",
       kPortal,
       {{"access.log", VhostLine("www.hanbit.example:443", "198.51.100.127", "/a") +
                           VhostLine("www.hanbit.example:443", "198.51.100.128", "/a") +
                           VhostLine("www.hanbit.example:443", "2001:db8:1:2::1", "/a") +
                           VhostLine("www.hanbit.example:443", "2001:db8:2::1", "/a")}},
       {{"/records/outside_portal", 2}, {"/records/counted", 2}, {"/citizens/visitors", 2}}},
      {"RobotsByTheirFirstTag",
       "",
       OneLog({WithAgent("Mozilla/5.0 (compatible; Googlebot/2.1)"), WithAgent("curl/8.1"),
               WithAgent("Mozilla/5.0 (compatible; GPTBot/1.0; +https://openai.com/gptbot)"),
               WithAgent("Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)"),
               WithAgent("-"), WithAgent("")}),
       {{"/records/not_citizen/total", 6},
        {"/records/not_citizen/search_engine", 2},
        {"/records/not_citizen/http_library", 1},
        {"/records/not_citizen/ai_crawler", 1},
        {"/records/not_citizen/no_agent", 2},
        {"/citizens/visits", 0}}},
      {"TheCataloguesRulesComeFirst",
       kPortal,
       OneLog({WithAgent("HanbitHealth/1.0 Googlebot/"), WithAgent("curl/hanbit"),
               WithAgent("curl/8.1")}),
       {{"/records/not_citizen/monitor", 1},
        {"/records/not_citizen/search_engine", 0},
        {"/records/not_citizen/http_library", 1},
        {"/records/counted", 1}}},
      {"ProbesAreScannersButForClaimedPaths",
       kPortal,
       OneLog({"10:00:00 a GET /.env 404", "10:00:00 a GET /wp-login.php 404",
               "10:00:00 a GET /.git/config 404", "10:00:00 a GET /a/.git/config 404"}),
       {{"/records/not_citizen/scanner", 2},
        {"/records/counted", 2},
        {"/unclassified/requests", 1},
        {"/unclassified/top_paths/0/path", "/.env"}}},
      {"AFormatWithoutAgentsHasCitizens",
       "",
       {{"access.log",
         "192.0.2.1 - - [16/Nov/2026:10:00:00 +0900] \"GET /x HTTP/1.1\" 200 10\n"
         "192.0.2.1 - - [16/Nov/2026:10:00:01 +0900] \"GET /x HTTP/1.1\" 200 -\n"}},
       {{"/records/counted", 2}, {"/citizens/visitors", 1}, {"/traffic/bytes_sent", 10}}},
      {"AssetsEvenWhereARouteClaimsThem",
       kPortal,
       OneLog({"10:00:00 a GET /a/site.css 200", "10:00:00 a GET /a/app.js?v=1 200",
               "10:00:00 a GET /a/file.pdf 200", "10:00:00 a GET /a/dir.css/ 200",
               "10:00:00 a GET /a/site.css;jsessionid=1 200"}),
       {{"/records/asset", 3}, {"/records/counted", 2}, {"/citizens/page_views", 2}}},
      {"TheFirstBucketThatHolds",
       kPortal,
       {{"access.log", VhostLine("other.example:443", "192.0.2.1", "/x.css") +
                           VhostLine("www.hanbit.example:443", "192.0.2.1", "/wp-login.php.css") +
                           VhostLine("www.hanbit.example:443", "192.0.2.1", "/y.css")}},
       {{"/records/outside_portal", 1},
        {"/records/not_citizen/scanner", 1},
        {"/records/asset", 1}}},
  };
}

}  // namespace

std::vector<RuleCase> LineCases() {
  std::vector<RuleCase> cases = RejectCases();
  for (RuleCase& rule : BucketCases()) cases.push_back(std::move(rule));
  return cases;
}

}  // namespace civlog::oracle
