#include "engine/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/path.h"
#include "engine/route_table.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;

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
  const Service& petitions = catalog.services[1];
  EXPECT_EQ(petitions.tier, Tier::kConsult);
  EXPECT_EQ(petitions.routes[1].valid_until, absl::CivilDay(2026, 6, 30));
  EXPECT_EQ(petitions.routes.back().accepted, (std::vector<uint16_t>{302, 303}));
  EXPECT_EQ(catalog.FindService("petitions"), 1u);
}

struct BadCase {
  const char* text;
  const char* diagnostic;  // a part of one, its place at the beginning
};

TEST(CatalogTest, ErrorsNamePlaceKeyAndRemedy) {
  const std::string service = "[[service]]\nid = \"a\"\nkind = \"information\"\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[portal\n", "c.toml:1:8: "},
      {"[portal]\ntimezone = \"UTC\"\n",
       "c.toml:2:1: portal.timezone: unknown key; did you mean \"time_zone\"?"},
      {"[portal]\ntime_zone = \"Asia/Soul\"\n",
       "c.toml:2:13: portal.time_zone: unknown time zone \"Asia/Soul\"; did you mean "
       "\"Asia/Seoul\"?"},
      {"[portal]\npopulation = 0\n", "c.toml:2:14: portal.population: is not above 0"},
      {"[portal]\npopulation = \"many\"\n",
       "c.toml:2:14: portal.population: is a string, not a whole number"},
      {"[portal]\nvisit_timeout = \"30 minutes\"\n",
       "c.toml:2:17: portal.visit_timeout: \"30 minutes\" is no duration"},
      {"[portal]\nignore_addresses = [\"10.0.0.0/33\"]\n",
       "portal.ignore_addresses[0]: \"10.0.0.0/33\" is no network"},
      {"[portal]\nidentity = [\"cookies\"]\n", "portal.identity[0]: unknown identity"},
      {"[audience]\nmonitors = [\"x\"]\n",
       "c.toml:2:1: audience.monitors: unknown key; did you mean \"monitor\"?"},
      {"[audience]\nmonitor = [\"(\"]\n", "audience.monitor[0]: the pattern does not compile"},
      {"[[service]]\nid = \"a\"\n", "service[0].kind: is missing"},
      {"[[service]]\nid = \"a\"\nkind = \"transactions\"\n",
       "c.toml:3:8: service[0].kind: unknown value \"transactions\"; did you mean "
       "\"transaction\"?"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\nsteps = [{ name = \"one\", route = \"/a\" "
       "}]\n",
       "service[0].steps: a transaction has two steps or more, this one 1"},
      {"[[service]]\nid = \"a\"\nkind = \"transaction\"\nsteps = [{ name = \"pay\" }, { name = "
       "\"b\", route = \"/b\" }]\n",
       "c.toml:4:10: service[0].steps[0]: step \"pay\" has no route; add route"},
      {service + "steps = []\n", "service[0].steps: only transactions have this"},
      {service + "tier = \"inform\"\n", "only participation services have a tier"},
      {service + "routes = [\"news\"]\n",
       "c.toml:4:11: service[0].routes[0]: \"news\"; a route's path begins with"},
      {service + "routes = [\"/a/**/b\"]\n", "** may only be the last segment"},
      {service + "routes = [\"/a/x{id}\"]\n", "{name} must be a whole segment"},
      {service + "routes = [\"get /a\"]\n", "the method is in capitals"},
      {service + "routes = [\"re:(\"]\n", "the pattern does not compile"},
      {service + "routes = [{ route = \"/a\", valid_from = \"soon\" }]\n", "is no date"},
      {service +
           "routes = [{ route = \"/a\", valid_from = 2026-02-01, valid_until = 2026-01-01 }]\n",
       "valid_until lies before valid_from"},
      {service + "accepted = [700]\n", "700 is no HTTP status"},
      {service + service, "c.toml:5:6: service[1].id: \"a\" is also the service at line 1"},
  };
  for (const auto& [text, expected] : cases) {
    const CatalogResult result = ParseCatalog(text, "c.toml");
    EXPECT_FALSE(result.catalog.has_value()) << text;
    std::string all;
    for (const CatalogDiagnostic& d : result.diagnostics) all += d.ToString() + "\n";
    EXPECT_THAT(all, HasSubstr(expected));
  }
}

TEST(CatalogTest, AllErrorsComeInOneRunInTheOrderOfTheFile) {
  const CatalogResult result = ParseCatalog(
      "[portal]\npopulation = -1\nnme = 1\n[[service]]\nkind = \"x\"\nroutes = [\"y\", \"/ok\", "
      "\"z\"]\n",
      "c.toml");
  std::vector<uint32_t> lines;
  for (const CatalogDiagnostic& d : result.diagnostics) lines.push_back(d.line);
  EXPECT_THAT(lines, ::testing::ElementsAre(2, 3, 4, 5, 6, 6));
}

TEST(CatalogTest, RoutesThatCanNeverWinAreSaid) {
  const std::string head =
      "[[service]]\nid = \"a\"\nkind = \"information\"\nroutes = [\"/x/{id}\", \"/y\"]\n"
      "[[service]]\nid = \"b\"\nkind = \"information\"\n";
  const auto warnings = [&](const std::string& routes) {
    const CatalogResult result = ParseCatalog(head + routes, "c.toml");
    EXPECT_TRUE(result.catalog.has_value());
    std::string all;
    for (const CatalogDiagnostic& d : result.diagnostics) all += d.ToString() + "\n";
    return all;
  };
  EXPECT_THAT(warnings("routes = [\"/x/{name}\"]\n"),
              HasSubstr("c.toml:8:11: warning: b: route \"/x/{name}\" can never win"));
  EXPECT_EQ(warnings("routes = [\"/x/one\", \"POST /y\", \"/y?k=v\", \"/y/**\"]\n"), "");
}

TEST(PathTest, Normalizing) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "/"},
      {"/", "/"},
      {"/a//b///c/", "/a/b/c/"},
      {"/a;jsessionid=0A1B.node1/b", "/a/b"},
      {"/a;JSessionID=x;v=1", "/a;v=1"},
      {"/a;v=1", "/a;v=1"},
      {"/%7euser/%41%2d%2E", "/~user/A-."},
      {"/a%2fb%e3%81", "/a%2Fb%E3%81"},
      {"/100%/%zz/%4", "/100%/%zz/%4"}};
  for (const auto& [raw, normal] : cases) {
    std::string out;
    NormalizePath(raw, &out);
    EXPECT_EQ(out, normal) << raw;
    std::string again;
    NormalizePath(out, &again);
    EXPECT_EQ(again, normal) << "normalising twice";
  }
}

TEST(PathTest, SplittingTargets) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"/a?b=c?d", "/a", "b=c?d"},
      {"/a#f?x", "/a", ""},
      {"http://www.example/a?b", "/a", "b"},
      {"http://www.example", "", ""},
      {"http://www.example?q", "", "q"},
      {"/go?to=http://x/", "/go", "to=http://x/"},
      {"*", "*", ""},
      {"www.example:443", "", ""}};
  for (const auto& [target, path, query] : cases) {
    EXPECT_EQ(SplitTarget(target).path, path) << target;
    EXPECT_EQ(SplitTarget(target).query, query) << target;
  }
}

TEST(PathTest, QueryConstraints) {
  EXPECT_TRUE(QueryHas("a=1&step=3", "step", "3"));
  EXPECT_TRUE(QueryHas("st%65p=%33", "step", "3"));
  EXPECT_TRUE(QueryHas("q=a+b", "q", "a b"));
  EXPECT_TRUE(QueryHas("flag", "flag", ""));
  EXPECT_FALSE(QueryHas("step=33", "step", "3"));
  EXPECT_FALSE(QueryHas("xstep=3", "step", "3"));
  EXPECT_TRUE(QueryHasKey("a&b=2", "b"));
  EXPECT_FALSE(QueryHasKey("ab=2", "b"));
}

TEST(RouteTableTest, TheMostSpecificWins) {
  const CatalogResult result = ParseCatalog(R"(
[[service]]
id = "a"
kind = "information"
routes = ["/x/**", "/x/{id}", "/x/one", "POST /x/one", "/x/one?s=1", "/x/one?s=1&t=2", "re:^/x/[0-9]+$",
          "/x/{id}/edit", "/x/**", "/", { route = "/x/one", valid_from = 2026-11-18 }, "/deep/{a}/c", "/deep/b/**"]
)",
                                            "c.toml");
  ASSERT_TRUE(result.catalog.has_value());
  const auto table = RouteTable::Make(*result.catalog);
  ASSERT_TRUE(table.ok());
  const auto winner = [&](const char* method, const char* path, const char* query,
                          absl::CivilDay day = absl::CivilDay(2026, 11, 17)) -> std::string {
    std::vector<RouteId> candidates;
    (*table)->Candidates(path, &candidates);
    const RouteId id = (*table)->Resolve(
        candidates, method, query,
        absl::ToUnixMicros(absl::FromCivil(day, result.catalog->portal.time_zone)));
    if (id == kNoRoute) return "none";
    const Route& route = *(*table)->routes()[id].route;
    return route.text + (route.valid_from ? " from" : "");
  };
  EXPECT_EQ(winner("GET", "/x/one", ""), "/x/one");
  EXPECT_EQ(winner("POST", "/x/one", ""), "POST /x/one");
  EXPECT_EQ(winner("POST", "/x/one", "s=1"), "/x/one?s=1");
  EXPECT_EQ(winner("GET", "/x/one", "t=2&s=1"), "/x/one?s=1&t=2");
  EXPECT_EQ(winner("GET", "/x/one", "", absl::CivilDay(2026, 11, 18)), "/x/one from");
  EXPECT_EQ(winner("GET", "/x/two", ""), "/x/{id}");
  EXPECT_EQ(winner("GET", "/x/7", ""), "/x/{id}");
  EXPECT_EQ(winner("GET", "/x/7/edit", ""), "/x/{id}/edit");
  EXPECT_EQ(winner("GET", "/x/7/8", ""), "/x/**");
  EXPECT_EQ(winner("GET", "/x", ""), "/x/**");
  EXPECT_EQ(winner("GET", "/x/", ""), "/x/**");
  EXPECT_EQ(winner("GET", "/", ""), "/");
  EXPECT_EQ(winner("GET", "/deep/b/c", ""), "/deep/{a}/c");
  EXPECT_EQ(winner("GET", "/deep/b/d", ""), "/deep/b/**");
  EXPECT_EQ(winner("GET", "/y", ""), "none");
  EXPECT_EQ(winner("OPTIONS", "*", ""), "none");
}

}  // namespace
}  // namespace civlog
