#include "engine/route_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/route_pattern.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A catalogue of one service and its table.
class Routes {
 public:
  explicit Routes(const std::string& routes, const std::string& zone = "UTC") {
    CatalogResult result = ParseCatalog(
        "[portal]\ntime_zone = \"" + zone +
            "\"\n[[service]]\nid = \"a\"\nkind = \"information\"\n" + "routes = [" + routes + "]\n",
        "c.toml");
    for (const CatalogDiagnostic& d : result.diagnostics) {
      if (d.severity == CatalogDiagnostic::Severity::kError) ADD_FAILURE() << d.ToString();
    }
    catalog_ = *std::move(result.catalog);
    table_ = *RouteTable::Make(catalog_);
  }

  std::vector<std::string> Candidates(std::string_view path) const {
    std::vector<RouteId> ids;
    table_->Candidates(path, &ids);
    std::vector<std::string> texts;
    for (const RouteId id : ids) texts.push_back(table_->routes()[id].route->text);
    return texts;
  }

  std::string Winner(std::string_view method, std::string_view path, std::string_view query = "",
                     absl::Time time = absl::UnixEpoch()) const {
    std::vector<RouteId> ids;
    table_->Candidates(path, &ids);
    const RouteId id = table_->Resolve(ids, method, query, absl::ToUnixMicros(time));
    return id == kNoRoute ? "none" : table_->routes()[id].route->text;
  }

  const Catalog& catalog() const { return catalog_; }
  const RouteTable& table() const { return *table_; }

 private:
  Catalog catalog_;
  std::unique_ptr<RouteTable> table_;
};

TEST(RouteTableTest, TheMostSpecificWins) {
  const Routes routes(R"("/x/**", "/x/{id}", "/x/one", "POST /x/one", "/x/one?s=1",
      "/x/one?s=1&t=2", "re:^/x/[0-9]+$", "/x/{id}/edit", "/", "/deep/{a}/c", "/deep/b/**",
      "POST /x/one?u", "re:^/z", "/z/**", "/z/known", "/{any}/end")");
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> cases = {
      {"GET", "/x/one", "", "/x/one"},
      {"POST", "/x/one", "", "POST /x/one"},
      {"POST", "/x/one", "s=1", "/x/one?s=1"},
      {"POST", "/x/one", "s=1&u=9", "POST /x/one?u"},
      {"GET", "/x/one", "s=1&u=9", "/x/one?s=1"},
      {"GET", "/x/one", "s=2", "/x/one"},
      {"GET", "/x/one", "t=2&s=1", "/x/one?s=1&t=2"},
      {"GET", "/x/two", "", "/x/{id}"},
      {"GET", "/x/7", "", "/x/{id}"},
      {"GET", "/x/7/edit", "", "/x/{id}/edit"},
      {"GET", "/x/7/8", "", "/x/**"},
      {"GET", "/x", "", "/x/**"},
      {"GET", "/x/", "", "/x/**"},
      {"GET", "/xy", "", "none"},
      {"GET", "/X/one", "", "none"},
      {"GET", "/x/one/", "", "/x/**"},
      {"GET", "/", "", "/"},
      {"GET", "/deep/b/c", "", "/deep/{a}/c"},
      {"GET", "/deep/b/d", "", "/deep/b/**"},
      {"GET", "/z/unknown", "", "re:^/z"},
      {"GET", "/z/known", "", "/z/known"},
      {"GET", "/x/end", "", "/x/{id}"},
      {"GET", "/y/end", "", "/{any}/end"},
      {"GET", "//end", "", "none"},
      {"GET", "/y", "", "none"},
      {"OPTIONS", "*", "", "none"}};
  for (const auto& [method, path, query, winner] : cases) {
    EXPECT_EQ(routes.Winner(method, path, query), winner) << method << " " << path << "?" << query;
  }
}

TEST(RouteTableTest, CandidatesComeMostSpecificFirst) {
  const Routes routes(R"("/**", "re:b$", "/{x}/b", "/a/**", "/a/b", "GET /a/b", "/a/{y}")");
  EXPECT_THAT(routes.Candidates("/a/b"),
              ElementsAre("GET /a/b", "/a/b", "/a/{y}", "/{x}/b", "re:b$", "/a/**", "/**"));
  EXPECT_THAT(routes.Candidates("/"), ElementsAre("/**"));
  EXPECT_THAT(routes.Candidates(""), IsEmpty());
}

TEST(RouteTableTest, AWrongTurnIsTakenBack) {
  const Routes routes(R"("/a/b/**", "/a/{x}/c", "/a/{x}/{y}/d", "/a/b/c/e")");
  EXPECT_THAT(routes.Candidates("/a/b/c"), ElementsAre("/a/{x}/c", "/a/b/**"));
  EXPECT_THAT(routes.Candidates("/a/b/c/d"), ElementsAre("/a/{x}/{y}/d", "/a/b/**"));
  EXPECT_THAT(routes.Candidates("/a/z/c/d"), ElementsAre("/a/{x}/{y}/d"));
  EXPECT_THAT(routes.Candidates("/a/z/c/f"), IsEmpty());
}

TEST(RouteTableTest, HeadIsNotGet) {
  const Routes routes(R"("GET /a", "/b")");
  EXPECT_EQ(routes.Winner("HEAD", "/a"), "none");
  EXPECT_EQ(routes.Winner("HEAD", "/b"), "/b");
}

TEST(RouteTableTest, DatesAreWholeDaysOfThePortalsZone) {
  const Routes routes(
      R"({ route = "/a", valid_from = 2026-03-01, valid_until = "2026-03-29" }, "/**")",
      "Europe/Berlin");
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  const auto winner = [&](absl::CivilSecond time) {
    return routes.Winner("GET", "/a", "", absl::FromCivil(time, berlin));
  };
  EXPECT_EQ(winner(absl::CivilSecond(2026, 2, 28, 23, 59, 59)), "/**");
  EXPECT_EQ(winner(absl::CivilSecond(2026, 3, 1, 0, 0, 0)), "/a");
  // The last day has 23 hours.
  EXPECT_EQ(winner(absl::CivilSecond(2026, 3, 29, 23, 59, 59)), "/a");
  EXPECT_EQ(winner(absl::CivilSecond(2026, 3, 30, 0, 0, 0)), "/**");
  const RouteRef& ref = routes.table().routes()[0];
  EXPECT_EQ(ref.valid_until_us - ref.valid_from_us, (29 * 24 - 1) * int64_t{3'600'000'000});
}

TEST(RouteTableTest, ADatedRouteGoesBeforeTheUndated) {
  const Routes routes(R"("/a", { route = "/a", valid_from = 2026-01-01 })");
  const RouteRef& dated = routes.table().routes()[1];
  std::vector<RouteId> ids;
  routes.table().Candidates("/a", &ids);
  EXPECT_EQ(routes.table().Resolve(ids, "GET", "", dated.valid_from_us - 1), 0u);
  EXPECT_EQ(routes.table().Resolve(ids, "GET", "", dated.valid_from_us), 1u);
}

TEST(RouteTableTest, AMeaningGoesBeforeMembership) {
  const CatalogResult result = ParseCatalog(R"(
[[service]]
id = "a"
kind = "interaction"
routes = ["POST /ask"]
acts = ["POST /ask"]
)",
                                            "c.toml");
  ASSERT_TRUE(result.catalog.has_value());
  const auto table = RouteTable::Make(*result.catalog);
  ASSERT_TRUE(table.ok());
  std::vector<RouteId> ids;
  (*table)->Candidates("/ask", &ids);
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ((*table)->routes()[ids[0]].route->role, RouteRole::kAct);
}

TEST(RouteTableTest, EqualRoutesGoInTheOrderOfTheFile) {
  // `status` is written behind `errors`.
  const CatalogResult result = ParseCatalog(R"(
[[service]]
id = "a"
kind = "transaction"
steps = [{ name = "1", route = "/1" }, { name = "2", route = "/2" }]
errors = ["/same"]
status = ["/same"]
)",
                                            "c.toml");
  ASSERT_TRUE(result.catalog.has_value());
  const auto table = RouteTable::Make(*result.catalog);
  ASSERT_TRUE(table.ok());
  std::vector<RouteId> ids;
  (*table)->Candidates("/same", &ids);
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ((*table)->routes()[ids[0]].route->role, RouteRole::kError);
}

TEST(RouteTableTest, NonAsciiPathsMatchAsBrowsersSendThem) {
  const Routes routes(R"("/검색/{q}", "/q?도시=한빛")");
  EXPECT_EQ(routes.Winner("GET", "/%EA%B2%80%EC%83%89/1"), "/검색/{q}");
  EXPECT_EQ(routes.Winner("GET", "/검색/1"), "/검색/{q}");
  EXPECT_EQ(routes.Winner("GET", "/q", "%EB%8F%84%EC%8B%9C=%ED%95%9C%EB%B9%9B"), "/q?도시=한빛");
}

TEST(RouteTableTest, PatternsSeeBytes) {
  const Routes routes(R"("re:^/a/.$")");
  EXPECT_EQ(routes.Winner("GET", "/a/\xff"), "re:^/a/.$");
}

TEST(RouteTableTest, ThousandsOfPatterns) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "'re:^/p" + std::to_string(i) + "/[a-z]+/[0-9]{1,8}$',";
  const Routes routes(text);
  EXPECT_THAT(routes.Candidates("/p2999/abc/12"), ElementsAre("re:^/p2999/[a-z]+/[0-9]{1,8}$"));
  EXPECT_THAT(routes.Candidates("/p3000/abc/12"), IsEmpty());
}

// The oracle: one pattern against one path, segment by segment.
std::vector<std::string> Split(const std::string& path) {
  std::vector<std::string> segments(1);
  for (const char c : path.substr(1)) {
    if (c == '/') {
      segments.emplace_back();
    } else {
      segments.back().push_back(c);
    }
  }
  return segments;
}

bool Matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
             size_t i = 0) {
  if (i == pattern.size()) return i == path.size();
  if (pattern[i] == "**") return true;
  if (i == path.size()) return false;
  const bool capture = pattern[i] == "*" || pattern[i].starts_with('{');
  if (capture ? path[i].empty() : path[i] != pattern[i]) return false;
  return Matches(pattern, path, i + 1);
}

// Literal before capture before **, from the left; longer before shorter.
bool Before(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const bool a_rest = a.back() == "**";
  const bool b_rest = b.back() == "**";
  if (a_rest != b_rest) return b_rest;
  const auto rank = [](const std::string& segment) {
    return segment == "**" ? 2 : segment == "*" || segment.starts_with('{') ? 1 : 0;
  };
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (rank(a[i]) != rank(b[i])) return rank(a[i]) < rank(b[i]);
  }
  return a.size() > b.size();
}

class RandomPaths {
 public:
  explicit RandomPaths(uint32_t seed) : random_(seed) {}

  std::string Pattern() {
    static const std::vector<std::string> kWords = {"a", "b", "c", "{x}", "{y}", "*", "a.do"};
    std::string text = Join(kWords);
    if (Below(4) == 0) text += text == "/" ? "**" : "/**";
    return text;
  }
  std::string Path() {
    static const std::vector<std::string> kWords = {"a", "b", "c", "d", "a.do"};
    std::string text = Join(kWords);
    if (Below(6) == 0 && text != "/") text += "/";
    return text;
  }
  size_t Below(size_t n) { return random_() % n; }

 private:
  std::string Join(const std::vector<std::string>& words) {
    std::string text;
    for (size_t n = Below(6); n > 0; --n) text += "/" + words[Below(words.size())];
    return text.empty() ? "/" : text;
  }
  std::mt19937 random_;
};

TEST(RouteTableTest, TheTrieAgreesWithANaiveMatcher) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomPaths random(seed);
  size_t matches = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> patterns;
    std::string text;
    for (size_t n = 1 + random.Below(60); n > 0; --n) {
      patterns.push_back(random.Pattern());
      text += "\"" + patterns.back() + "\",";
    }
    std::stable_sort(patterns.begin(), patterns.end(),
                     [](const auto& a, const auto& b) { return Before(Split(a), Split(b)); });
    const Routes routes(text);
    for (int i = 0; i < 200; ++i) {
      const std::string path = random.Path();
      std::vector<std::string> expected;
      for (const std::string& pattern : patterns) {
        if (Matches(Split(pattern), Split(path))) expected.push_back(pattern);
      }
      matches += expected.size();
      ASSERT_EQ(routes.Candidates(path), expected) << path << " in " << text;
    }
  }
  EXPECT_GT(matches, 1000u);
}

TEST(LiteralPrefixTest, IsWhatEveryMatchBeginsWith) {
  EXPECT_EQ(LiteralPrefix("^/bus/(route|stop)/[0-9]+$"), "/bus/");
  EXPECT_EQ(LiteralPrefix("^/ordinance/[0-9]{4}-[0-9]+(/print)?$"), "/ordinance/");
  EXPECT_EQ(LiteralPrefix("^/ab*c"), "/a");
  EXPECT_EQ(LiteralPrefix("^/ab?"), "/a");
  EXPECT_EQ(LiteralPrefix("^/ab{0,2}"), "/a");
  EXPECT_EQ(LiteralPrefix("^/a[(]b|/c"), "") << "the parenthesis is in a class";
  EXPECT_EQ(LiteralPrefix("^/a\\(b|/c"), "") << "the parenthesis is escaped";
  EXPECT_EQ(LiteralPrefix("^/a[]|(]b"), "/a");
  EXPECT_EQ(LiteralPrefix("^/a[[:alpha:]]"), "") << "not taken apart";
  EXPECT_EQ(LiteralPrefix("^/a\\Q(\\E|/c"), "") << "not taken apart";
  EXPECT_EQ(LiteralPrefix("^/a|^/b"), "");
  EXPECT_EQ(LiteralPrefix("/a"), "") << "may match anywhere";
  EXPECT_EQ(LiteralPrefix("(?i)^/a"), "");
  EXPECT_EQ(LiteralPrefix("^/a.b"), "/a");
  EXPECT_EQ(LiteralPrefix("^"), "");
  EXPECT_EQ(LiteralPrefix("^*"), "");
}

}  // namespace
}  // namespace civlog
