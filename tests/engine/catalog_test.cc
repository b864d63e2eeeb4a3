#include "engine/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/durations.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// The example that the documentation explains, with every key there is.
constexpr char kExample[] = R"([portal]
name = { en = "Hanbit City", ko = "한빛시" }
time_zone = "Asia/Seoul"
hosts = ["www.hanbit.example", "minwon.hanbit.example"]   # empty: all
ignore_addresses = ["10.0.0.0/8"]
trusted_proxies = ["192.0.2.0/24"]
population = 412_000
visit_timeout = "30m"
identity = ["user", "cookie:SESSION", "address+agent"]

[audience]                      # added to the robots list
monitor = ["HanbitHealth/"]     # RE2, on the user agent

[[service]]
id = "resident-certificate"
name = { en = "Resident certificate", ko = "주민등록등본 발급" }
department = "Civil Affairs"
kind = "transaction"
routes = ["/civil/resident/**"]
status = ["/civil/resident/{id}/status"]
steps = [
  { name = "start",   route = "GET /civil/resident/apply" },
  { name = "details", route = "POST /civil/resident/apply" },
  { name = "pay",     route = "POST /civil/resident/pay" },
  { name = "done",    route = "GET /civil/resident/done" },
]
ends   = [ { name = "not eligible", route = "GET /civil/resident/not-eligible", outcome = "refused" } ]
errors = ["GET /civil/resident/error"]
save = ["POST /civil/resident/save"]
resume = ["GET /civil/resident/resume"]
abandon_after = "20m"
resume_within = "7d"
strict = false

[[service]]
id = "petitions"
kind = "participation"
tier = "consult"
routes = ["/petition/**", { route = "/old-petition/**", valid_until = 2026-06-30 }]
acts = [ { name = "sign", route = "POST /petition/{id}/sign", accepted = [302, 303] } ]
)";

TEST(CatalogTest, TheExampleLoads) {
  const CatalogResult result = ParseCatalog(kExample, "civlog.toml");
  for (const CatalogDiagnostic& d : result.diagnostics) ADD_FAILURE() << d.ToString();
  ASSERT_TRUE(result.catalog.has_value());
  const Catalog& catalog = *result.catalog;
  EXPECT_EQ(catalog.portal.name.Get("ko"), "한빛시");
  EXPECT_EQ(catalog.portal.name.Get("de"), "Hanbit City");
  EXPECT_EQ(catalog.portal.population, 412000u);
  EXPECT_EQ(catalog.portal.ignore_addresses[0].prefix_bits, 104);
  EXPECT_EQ(catalog.audience_rules[0].audience, "monitor");
  EXPECT_EQ(catalog.digest.size(), 16u);
  ASSERT_EQ(catalog.services.size(), 2u);
  const Service& certificate = catalog.services[0];
  EXPECT_EQ(certificate.kind, ServiceKind::kTransaction);
  EXPECT_EQ(certificate.steps.size(), 4u);
  EXPECT_EQ(certificate.ends[0].outcome, Outcome::kRefused);
  EXPECT_EQ(certificate.abandon_after, absl::Minutes(20));
  EXPECT_EQ(certificate.resume_within, absl::Hours(24 * 7));
  EXPECT_EQ(certificate.routes[2].line, 22u);
  EXPECT_EQ(certificate.routes[2].column, 31u);
  const Service& petitions = catalog.services[1];
  EXPECT_EQ(petitions.tier, Tier::kConsult);
  EXPECT_EQ(petitions.routes[1].valid_until, absl::CivilDay(2026, 6, 30));
  EXPECT_EQ(petitions.routes.back().accepted, (std::vector<uint16_t>{302, 303}));
  EXPECT_EQ(catalog.FindService("petitions"), 1u);
}

std::string AllOf(const CatalogResult& result) {
  std::string all;
  for (const CatalogDiagnostic& d : result.diagnostics) all += d.ToString() + "\n";
  return all;
}

const char kService[] = "[[service]]\nid = \"a\"\nkind = \"information\"\n";
const char kTransaction[] =
    "[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
    "steps = [{ name = \"1\", route = \"/1\" }, { name = \"2\", route = \"/2\" }]\n";

TEST(CatalogTest, DefaultsAreThoseOfTheDocumentation) {
  const CatalogResult result = ParseCatalog(std::string(kTransaction) + "routes = \"/x\"\n", "c");
  ASSERT_TRUE(result.catalog.has_value()) << AllOf(result);
  const Portal& portal = result.catalog->portal;
  EXPECT_EQ(portal.time_zone_name, "UTC");
  EXPECT_FALSE(portal.has_time_zone);
  EXPECT_EQ(portal.visit_timeout, absl::Minutes(30));
  EXPECT_THAT(portal.identity, ElementsAre("address+agent"));
  EXPECT_FALSE(portal.population.has_value());
  EXPECT_TRUE(result.catalog->scanner_by_path);
  const Service& service = result.catalog->services[0];
  EXPECT_EQ(service.name.Get("ko"), "a") << "the id where there is no name";
  EXPECT_EQ(service.abandon_after, absl::Minutes(30));
  EXPECT_FALSE(service.resume_within.has_value());
  EXPECT_FALSE(service.strict);
  ASSERT_EQ(service.routes.size(), 3u) << "a string stands for a list of one";
}

TEST(CatalogTest, RoutesMayBeWrittenInEveryWay) {
  const CatalogResult result = ParseCatalog(R"(
[[service]]
id = "a"
kind = "transaction"
accepted = [302]
routes = [{ route = "/old", valid_from = "2026-01-01", valid_until = 2026-06-30 }, "POST  /x/../%7Ey//z?b=%32&a&b=2&b"]
steps = [
  { name = "one", routes = ["GET /1", "GET /one"], accepted = [200] },
  { name = "two", route = "GET /2", routes = ["GET /two"], valid_from = 2026-02-01 },
]
ends = ["GET /over", { name = "no", route = 're:^/no/\d+$', outcome = "refused" }]
status = { routes = ["/s1", "/s2"] }
)",
                                            "c");
  ASSERT_TRUE(result.catalog.has_value()) << AllOf(result);
  EXPECT_THAT(result.diagnostics, IsEmpty());
  const Service& service = result.catalog->services[0];
  ASSERT_EQ(service.routes.size(), 10u);
  const std::vector<Route>& routes = service.routes;
  EXPECT_EQ(routes[0].valid_from, absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(routes[0].valid_until, absl::CivilDay(2026, 6, 30));
  EXPECT_THAT(routes[0].accepted, IsEmpty()) << "membership has no outcome";
  EXPECT_EQ(routes[1].method, "POST");
  EXPECT_EQ(routes[1].path, "/x/../~y/z");
  ASSERT_EQ(routes[1].query.size(), 2u) << "what is said twice counts once";
  EXPECT_EQ(routes[1].query[0].key, "b");
  EXPECT_EQ(routes[1].query[0].value, "2");
  EXPECT_TRUE(routes[1].query[1].any_value);
  EXPECT_EQ(routes[3].index, 0) << "the second route of the first step";
  EXPECT_THAT(routes[3].accepted, ElementsAre(200));
  EXPECT_EQ(routes[5].index, 1);
  EXPECT_EQ(routes[5].valid_from, absl::CivilDay(2026, 2, 1));
  EXPECT_THAT(routes[5].accepted, ElementsAre(302)) << "the service's";
  ASSERT_EQ(service.ends.size(), 2u);
  EXPECT_EQ(service.ends[0].outcome, Outcome::kGranted);
  EXPECT_EQ(service.ends[1].outcome, Outcome::kRefused);
  EXPECT_TRUE(routes[7].is_regex);
  EXPECT_EQ(routes[7].path, R"(^/no/\d+$)");
  EXPECT_EQ(routes[9].role, RouteRole::kStatus);
}

TEST(CatalogTest, LanguagesAndRulesKeepTheOrderOfTheFile) {
  const CatalogResult result = ParseCatalog(
      "[portal]\nname = { ko = \"한빛\", de = \"Hanbit\" }\n"
      "[audience]\nseo = [\"s1\", \"s2\"]\nmonitor = \"m\"\n",
      "c");
  ASSERT_TRUE(result.catalog.has_value()) << AllOf(result);
  EXPECT_EQ(result.catalog->portal.name.Get("fr"), "한빛") << "the first, where none fits";
  std::vector<std::string> patterns;
  for (const AudienceRule& rule : result.catalog->audience_rules) patterns.push_back(rule.pattern);
  EXPECT_THAT(patterns, ElementsAre("s1", "s2", "m"));
}

TEST(CatalogTest, ErrorsNamePlaceKeyAndRemedy) {
  const std::string service = kService;
  const std::string transaction = kTransaction;
  // A catalogue, and its one error.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[portal\n", "c.toml:1:8: "},
      {"[portal]\nname = \"\xff\"\n", "c.toml:2:"},
      {"portal = 1\n",
       "c.toml:1:10: portal: is a number, not a table; write [portal] on a line of its own"},
      {"[portals]\n", "c.toml:1:2: portals: unknown key; did you mean \"portal\"?"},
      {"[portal]\ntimezone = \"UTC\"\n",
       "c.toml:2:1: portal.timezone: unknown key; did you mean \"time_zone\"?"},
      {"[portal]\nxyz = 1\n", "c.toml:2:1: portal.xyz: unknown key; known here: name, time_zone"},
      {"[portal]\nname = {}\n", "c.toml:2:8: portal.name: names no language; write a string"},
      {"[portal]\nname = { en = 1 }\n",
       "c.toml:2:15: portal.name.en: is a number, not a string; put it in quotes"},
      {"[portal]\nname = \"\"\n", "c.toml:2:8: portal.name: is empty"},
      {"[portal]\ntime_zone = \"Asia/Soul\"\n",
       "c.toml:2:13: portal.time_zone: unknown time zone \"Asia/Soul\"; did you mean "
       "\"Asia/Seoul\"?"},
      {"[portal]\ntime_zone = \"KST\"\n", "\"KST\"; did you mean \"Asia/Seoul\"?"},
      {"[portal]\ntime_zone = \"berlin\"\n", "\"berlin\"; did you mean \"Europe/Berlin\"?"},
      {"[portal]\ntime_zone = \"\"\n", "c.toml:2:13: portal.time_zone: unknown time zone \"\""},
      {"[portal]\nhosts = [\"https://www.hanbit.example/\"]\n",
       "c.toml:2:10: portal.hosts[0]: \"https://www.hanbit.example/\" is no host name; write"},
      {"[portal]\nhosts = [\"www.hanbit.example\", \"*.hanbit.example\"]\n",
       "c.toml:2:32: portal.hosts[1]: \"*.hanbit.example\" is no host name"},
      {"[portal]\npopulation = 0\n", "c.toml:2:14: portal.population: is not above 0; give"},
      {"[portal]\npopulation = \"many\"\n",
       "c.toml:2:14: portal.population: is a string, not a whole number"},
      {"[portal]\npopulation = 4.12e5\n",
       "c.toml:2:14: portal.population: is a number with a point or exponent, not a whole number"},
      {"[portal]\nvisit_timeout = \"30 minutes\"\n",
       "c.toml:2:17: portal.visit_timeout: \"30 minutes\" is no duration; write a number"},
      {"[portal]\nvisit_timeout = 30\n", "portal.visit_timeout: is a number, not a duration"},
      {"[portal]\nvisit_timeout = \"0m\"\n", "portal.visit_timeout: \"0m\" is no time at all"},
      {"[portal]\nvisit_timeout = \"999w\"\n",
       "portal.visit_timeout: \"999w\" is longer than a year; give something from 1s to 366d"},
      {"[portal]\nignore_addresses = [\"192.0.2.0/33\"]\n",
       "c.toml:2:21: portal.ignore_addresses[0]: \"192.0.2.0/33\" is no network; write"},
      {"[portal]\nignore_addresses = [\"192.0.2.1\", \"192.0.2\"]\n",
       "c.toml:2:34: portal.ignore_addresses[1]: \"192.0.2\" is no network"},
      {"[portal]\ntrusted_proxies = \"2001:db8::/129\"\n",
       "c.toml:2:19: portal.trusted_proxies: \"2001:db8::/129\" is no network"},
      {"[portal]\nidentity = [\"cokie:SESSION\"]\n",
       "c.toml:2:13: portal.identity[0]: unknown identity \"cokie:SESSION\""},
      {"[portal]\nidentity = [\"cookie:\"]\n", "portal.identity[0]: unknown identity \"cookie:\""},
      {"[audience]\nmonitors = [\"x\"]\n",
       "c.toml:2:1: audience.monitors: unknown key; did you mean \"monitor\"?"},
      {"[audience]\nmonitor = [\"(\"]\n",
       "c.toml:2:12: audience.monitor[0]: the pattern does not compile: missing ): "},
      {"[audience]\nmonitor = [\"\"]\n", "audience.monitor[0]: the pattern is empty"},
      {"[assets]\npatterns = [\"ab[z-a]\"]\n",
       "assets.patterns[0]: the pattern does not compile: invalid character class range: z-a at "
       "\"z-a\", character 4; RE2 syntax is expected"},
      {"[scanner]\nby_path = \"no\"\n",
       "c.toml:2:11: scanner.by_path: is a string, not a boolean; write true or false"},
      {"[service]\nid = \"a\"\n",
       "c.toml:1:1: service: is not a list of tables; write [[service]]"},
      {"[[service]]\nid = \"a\"\nroutes = []\n", "c.toml:1:1: service[0].kind: is missing; one of"},
      {"[[service]]\nkind = \"information\"\nroutes = []\n",
       "c.toml:1:1: service[0].id: is missing"},
      {"[[service]]\nid = \"\"\nkind = \"information\"\nroutes = []\n",
       "c.toml:2:6: service[0].id: is empty"},
      {"[[service]]\nid = \"a\"\nkind = \"transactions\"\nsteps = []\ntier = \"inform\"\n",
       "c.toml:3:8: service[0].kind: unknown value \"transactions\"; did you mean "
       "\"transaction\"?; one of: information, interaction, transaction, participation"},
      {"[[service]]\nid = \"a\"\nkind = \"participation\"\ntier = \"vote\"\nroutes = []\n",
       "c.toml:4:8: service[0].tier: unknown value \"vote\"; one of: inform, consult, decide"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\n",
       "c.toml:1:1: service[0].steps: is missing: a transaction has two steps or more"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
       "steps = [{ name = \"one\", route = \"/a\" }]\n",
       "c.toml:4:9: service[0].steps: a transaction has two steps or more, this one 1"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
       "steps = [{ name = \"pay\" }, { name = \"b\", route = \"/b\" }]\n",
       "c.toml:4:10: service[0].steps[0]: step \"pay\" has no route; add route"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
       "steps = [{ route = \"/a\" }, { name = \"b\", route = \"/b\" }]\n",
       "c.toml:4:10: service[0].steps[0]: a step has no name; add name"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
       "steps = [\"/a\", { name = \"b\", route = \"/b\" }]\n",
       "c.toml:4:10: service[0].steps[0]: a step is a table; write { name"},
      {service + "steps = []\n", "c.toml:4:9: service[0].steps: only transactions have this"},
      {service + "routes = []\nstrict = true\n", "c.toml:5:10: service[0].strict: only transact"},
      {service + "routes = []\ntier = \"inform\"\n",
       "c.toml:5:8: service[0].tier: only participation services have a tier; leave it out"},
      {service + "route = \"/a\"\nroutes = []\n",
       "c.toml:4:1: service[0].route: unknown key; did you mean \"routes\"?"},
      {service + "routes = [{ route = \"/a\", valid_til = 2026-01-01 }]\n",
       "c.toml:4:27: service[0].routes[0].valid_til: unknown key; did you mean \"valid_until\"?"},
      {service + "routes = [{ route = \"/a\", outcome = \"refused\" }]\n",
       "c.toml:4:27: service[0].routes[0].outcome: unknown key; known here: route, routes"},
      {service + "routes = [1]\n", "c.toml:4:11: service[0].routes[0]: is a number, not a string"},
      {service + "routes = [{ routes = [] }]\n", "service[0].routes[0]: member has no route"},
      {transaction + "ends = [{ name = \"no\", route = \"/no\", outcome = \"declined\" }]\n",
       "c.toml:5:49: service[0].ends[0].outcome: unknown value \"declined\"; one of: granted"},
      {transaction + "abandon_after = \"soon\"\n",
       "c.toml:5:17: service[0].abandon_after: \"soon\" is no duration"},
      {service + "routes = [{ route = \"/a\", valid_from = \"2026-02-30\" }]\n",
       "c.toml:4:40: service[0].routes[0].valid_from: \"2026-02-30\" is no day of the calendar"},
      {service + "routes = [{ route = \"/a\", valid_from = 2026-01-01T00:00:00Z }]\n",
       "service[0].routes[0].valid_from: is a date or time, not a day; write it like"},
      {service +
           "routes = [{ route = \"/a\", valid_from = 2026-02-01, valid_until = 2026-01-01 }]\n",
       "c.toml:4:66: service[0].routes[0].valid_until: 2026-01-01 lies before valid_from, "
       "2026-02-01; exchange"},
      {service + "routes = []\naccepted = [700]\n",
       "c.toml:5:13: service[0].accepted[0]: 700 is no HTTP status"},
      {service + "routes = []\naccepted = []\n", "service[0].accepted: names no status"},
      {service + "routes = []\naccepted = [\"302\"]\n",
       "service[0].accepted[0]: is a string, not a whole number"},
      {service + "routes = []\n" + service + "routes = []\n",
       "c.toml:6:6: service[1].id: \"a\" is also the service at line 1; give each"},
  };
  for (const auto& [text, expected] : cases) {
    const CatalogResult result = ParseCatalog(text, "c.toml");
    EXPECT_FALSE(result.catalog.has_value()) << text;
    EXPECT_THAT(AllOf(result), HasSubstr(expected)) << text;
    const auto is_error = [](const CatalogDiagnostic& d) {
      return d.severity == CatalogDiagnostic::Severity::kError;
    };
    EXPECT_EQ(std::count_if(result.diagnostics.begin(), result.diagnostics.end(), is_error), 1)
        << "more than the one error:\n"
        << AllOf(result);
  }
}

TEST(CatalogTest, RoutesAreChecked) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"news", "\"news\" does not begin with \"/\"; a route is [METHOD] /path"},
      {"", "\"\" does not begin with \"/\""},
      {"GET ", "\"\" does not begin with \"/\""},
      {"https://www.hanbit.example/a", "does not begin with \"/\""},
      {"get /a", "the method \"get\" is not in capitals; write GET /a"},
      {"/a b", "a path has no spaces; write %20"},
      {"GET /a b", "a path has no spaces"},
      {"/a#b", "a path has no #"},
      {"/a/**/b",
       "** may only be the last segment; write {name} for one segment, or "
       "re:^/a/.*/b$"},
      {"/a/{}", "{} has no name; write {id}"},
      {"/a/x{id}.do", "stand for whole segments, not in \"x{id}.do\"; write re:^/a/x[^/]+\\.do$"},
      {"/a/page*", "not in \"page*\"; write re:^/a/page[^/]*$"},
      {"/a/{id", "not in \"{id\""},
      {"/a?=1", "a query constraint has no key"},
      {"/a?b=1&&c=2", "a query constraint has no key"},
      {"/a?b=%00", "a query constraint has a NUL"},
      {"re:", "the pattern is empty"},
      {"re:^/a(b", "the pattern does not compile: missing ): "},
      {"re:^/a**",
       "the pattern does not compile: bad repetition operator: ** at \"**\", "
       "character 4; after re: stands"},
      {"re:^/a(?=b)",
       "the pattern does not compile: invalid perl operator: (?= at \"(?=\", "
       "character 4"},
      {"/" + std::string(5000, 'a'), "a route of 5001 bytes; use 4096 at most"},
  };
  for (const auto& [route, expected] : cases) {
    const CatalogResult result =
        ParseCatalog(std::string(kService) + "routes = ['" + route + "']\n", "c.toml");
    EXPECT_FALSE(result.catalog.has_value()) << route;
    ASSERT_EQ(result.diagnostics.size(), 1u) << AllOf(result);
    EXPECT_THAT(AllOf(result), StartsWith("c.toml:4:11: service[0].routes[0]: "));
    EXPECT_THAT(AllOf(result), HasSubstr(expected));
  }
  const CatalogResult control =
      ParseCatalog(std::string(kService) + "routes = [\"/a\\u0000b\"]\n", "c.toml");
  EXPECT_THAT(AllOf(control), HasSubstr("a route has no control characters"));
}

TEST(CatalogTest, WarningsLeaveTheCatalogueUsable) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "c.toml:1:1: warning: service: the catalogue lists no service"},
      {kService, "c.toml:1:1: warning: service[0].routes: the service has no route"},
      {std::string(kTransaction) + "acts = [\"POST /x\"]\n",
       "c.toml:5:8: warning: service[0].acts: are not counted: a transaction's act is its"},
      {std::string(kTransaction) + "save = [\"POST /x\"]\n",
       "c.toml:5:8: warning: service[0].save: changes nothing without resume_within"},
      {std::string(kTransaction) + "resume_within = \"1d\"\n",
       "c.toml:5:17: warning: service[0].resume_within: changes nothing without save"},
      {std::string(kTransaction) + "save = [\"/x\"]\nresume_within = \"1m\"\n",
       "c.toml:6:17: warning: service[0].resume_within: is shorter than abandon_after"},
      {std::string(kService) + "routes = [\"GETT /x\"]\n",
       "c.toml:4:11: warning: service[0].routes[0]: GETT is no method of HTTP; did you mean "
       "\"GET\"?"},
      {std::string(kService) + "routes = ['re:^/x\\?step=1']\n",
       "warning: service[0].routes[0]: re: sees the path without its query"},
      {std::string(kService) + "routes = [\"re:^/검색/\"]\n",
       "sees the path as browsers send it, percent-encoded; write ^/%EA%B2%80%EC%83%89/"},
  };
  for (const auto& [text, expected] : cases) {
    const CatalogResult result = ParseCatalog(text, "c.toml");
    EXPECT_TRUE(result.catalog.has_value()) << AllOf(result);
    EXPECT_THAT(AllOf(result), HasSubstr(expected));
    EXPECT_EQ(result.diagnostics.size(), 1u) << AllOf(result);
  }
}

TEST(CatalogTest, AllErrorsComeInOneRunInTheOrderOfTheFile) {
  const CatalogResult result = ParseCatalog(
      "[portal]\npopulation = -1\nnme = 1\n[[service]]\nkind = \"x\"\nroutes = [\"y\", \"/ok\", "
      "\"z\"]\n[[service]]\nid = \"b\"\nkind = \"transaction\"\nsteps = [\n"
      "  { name = \"\", route = \"re:(\", accepted = [1] },\n  { nam = \"n\" },\n]\n",
      "c.toml");
  std::vector<uint32_t> lines;
  for (const CatalogDiagnostic& d : result.diagnostics) lines.push_back(d.line);
  EXPECT_THAT(lines, ElementsAre(2, 3, 4, 5, 6, 6, 11, 11, 11, 12, 12, 12)) << AllOf(result);
}

TEST(CatalogTest, RoutesThatCanNeverWinAreSaid) {
  const std::string head =
      "[[service]]\nid = \"a\"\nkind = \"information\"\n"
      "routes = [\"/x/{id}\", \"/y\", \"/q?k\", \"re:^/re/[a-z]*\", \"POST re:^/post\",\n"
      "  { route = \"/d\", valid_from = 2026-01-01, valid_until = 2026-06-30 }]\n"
      "[[service]]\nid = \"b\"\nkind = \"information\"\n";
  const auto warnings = [&](const std::string& routes) {
    const CatalogResult result = ParseCatalog(head + "routes = [" + routes + "]\n", "c.toml");
    EXPECT_TRUE(result.catalog.has_value()) << AllOf(result);
    return AllOf(result);
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\"/x/{name}\"",
       "c.toml:9:11: warning: service[1].routes[0]: \"/x/{name}\" can never win: \"/x/{id}\" of a "
       "at line 4 always does; take one of them out"},
      {"\"/x/*\"", "\"/x/*\" can never win"},
      {"\"/y\"", "\"/y\" can never win"},
      {"\"//%79\"", "\"//%79\" can never win"},
      {"\"/q?k=1\"", "\"/q?k=1\" can never win: \"/q?k\" of a at line 4"},
      {"\"/p?a=1&b=2\", \"/p?b=2&a=1\"", "\"/p?b=2&a=1\" can never win: \"/p?a=1&b=2\" of b"},
      {"\"/re/x/{id}/**\"", "\"/re/x/{id}/**\" can never win"},
      {"\"re:^/re/[a-z]*\"", "\"re:^/re/[a-z]*\" can never win"},
      {"\"POST /post/**\"", "\"POST /post/**\" can never win: \"POST re:^/post\""},
      {"{ route = \"/d\", valid_from = 2026-02-01, valid_until = 2026-02-28 }",
       "c.toml:9:21: warning: service[1].routes[0].route: \"/d\" can never win: \"/d\" of a at "
       "line 5"},
      {"{ route = \"/d\", valid_from = 2026-06-01 }",
       "\"/d\" is also a route of a at line 5 from 2026-06-01 until 2026-06-30, which wins then"},
      {"\"/검\", \"/%EA%B2%80\"", "\"/%EA%B2%80\" can never win: \"/검\" of b"},
      {"\"/z\", \"/z\"", "\"/z\" can never win: \"/z\" of b at line 9"},
  };
  for (const auto& [routes, expected] : cases) {
    EXPECT_THAT(warnings(routes), HasSubstr(expected)) << routes;
  }
  // Each of these wins for some request.
  EXPECT_EQ(warnings("\"/x/one\", \"POST /y\", \"/y?k=v\", \"/y/**\", \"/x/**\", \"/re\", "
                     "\"/post/**\", \"/d\", \"/q?k=1&l\", \"re:^/re/x$\", \"/rex/**\", "
                     "{ route = \"/y\", valid_from = 2026-01-01 }, "
                     "{ route = \"/d\", valid_from = 2026-07-01 }"),
            "");
}

TEST(CatalogTest, AServicesOwnStepsAreNoRivalsOfItsRoutes) {
  const CatalogResult result = ParseCatalog(
      std::string(kTransaction) + "routes = [\"/1\", \"/2\", \"/e/**\"]\nerrors = [\"re:^/e\"]\n",
      "c.toml");
  EXPECT_EQ(AllOf(result), "");
}

TEST(CatalogTest, AStepThatAnotherStepHidesIsSaid) {
  const CatalogResult result = ParseCatalog(
      "[[service]]\nid = \"a\"\nkind = \"transaction\"\n"
      "steps = [{ name = \"1\", route = \"/1\" }, { name = \"2\", route = \"/1\" }]\n",
      "c.toml");
  EXPECT_THAT(AllOf(result), HasSubstr("service[0].steps[1].route: \"/1\" can never win"));
}

// Comparing each route with each other one would take minutes.
TEST(CatalogTest, AsManyRoutesOnOnePathAsThereAre) {
  std::string text = std::string(kService) + "routes = [\n";
  for (int i = 0; i < 50'000; ++i) {
    text += "  \"/portal/list.do?menuNo=" + std::to_string(i) + "\",\n";
  }
  const CatalogResult result = ParseCatalog(text + "  \"/portal/list.do?menuNo=7\",\n]\n", "c");
  ASSERT_EQ(result.diagnostics.size(), 1u);
  EXPECT_EQ(result.diagnostics[0].line, 50'005u);
}

TEST(CatalogTest, FilesThatCannotBeRead) {
  const std::string directory = ::testing::TempDir();
  for (const std::string& file : {directory, directory + "/there is no such file.toml"}) {
    const CatalogResult result = LoadCatalog(file);
    EXPECT_FALSE(result.readable);
    EXPECT_FALSE(result.catalog.has_value());
    EXPECT_THAT(AllOf(result), StartsWith(file + ": cannot be read: "));
  }
}

TEST(CatalogTest, FilesWithByteOrderMarkAndCarriageReturns) {
  const std::string file = ::testing::TempDir() + "/catalog_test_windows.toml";
  std::ofstream(file, std::ios::binary)
      << "\xef\xbb\xbf[portal]\r\npopulation = 5\r\n[[service]]\r\nid = \"a\"\r\nkind = "
         "\"information\"\r\nroutes = [\"/a\"]\r\n";
  const CatalogResult result = LoadCatalog(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(result.catalog.has_value()) << AllOf(result);
  EXPECT_EQ(AllOf(result), "");
  EXPECT_EQ(result.catalog->portal.population, 5u);
}

TEST(CatalogTest, TheDigestIsOfTheBytes) {
  const auto digest = [](const char* text) { return ParseCatalog(text, "c").catalog->digest; };
  EXPECT_EQ(digest(""), "cbf29ce484222325");
  EXPECT_EQ(digest("#"), "af639e4c86018332");
  EXPECT_NE(digest("# a"), digest("# b"));
}

TEST(CatalogTest, AcceptedByDefault) {
  const std::vector<std::pair<std::string, std::vector<uint16_t>>> cases = {
      {"GET", {200, 304}},
      {"POST", {200, 204, 299, 301, 302, 303, 307, 308}},
      {"DELETE", {200, 204, 299, 301, 302, 303, 307, 308}},
      {"HEAD", {}}};
  for (const auto& [method, accepted] : cases) {
    for (const int number :
         {100, 199, 200, 204, 299, 300, 301, 302, 303, 304, 305, 307, 308, 309, 400, 500}) {
      const auto status = static_cast<uint16_t>(number);
      const bool wanted = std::find(accepted.begin(), accepted.end(), status) != accepted.end();
      EXPECT_EQ(AcceptedByDefault(method, status), wanted) << method << " " << status;
    }
  }
}

TEST(DurationsTest, Parsing) {
  const std::vector<std::pair<std::string, std::optional<absl::Duration>>> cases = {
      {"90s", absl::Seconds(90)}, {"30m", absl::Minutes(30)},
      {"2h", absl::Hours(2)},     {"7d", absl::Hours(168)},
      {"1w", absl::Hours(168)},   {"0s", absl::ZeroDuration()},
      {"007m", absl::Minutes(7)}, {"999999999s", absl::Seconds(999'999'999)},
      {"", std::nullopt},         {"30", std::nullopt},
      {"m", std::nullopt},        {"1.5h", std::nullopt},
      {"-1h", std::nullopt},      {"+1h", std::nullopt},
      {"1h30m", std::nullopt},    {"30 m", std::nullopt},
      {"30M", std::nullopt},      {" 30m", std::nullopt},
      {"30min", std::nullopt},    {"1000000000s", std::nullopt}};
  for (const auto& [text, duration] : cases) EXPECT_EQ(ParseDuration(text), duration) << text;
}

}  // namespace
}  // namespace civlog
