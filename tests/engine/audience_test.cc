#include "engine/audience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/robots_list.h"

namespace civlog {
namespace {

const AudienceClassifier& Plain() {
  static const auto* const kClassifier = AudienceClassifier::Make({})->release();
  return *kClassifier;
}

nlohmann::json RobotsData() {
  std::ifstream in(CIVLOG_SOURCE_DIR "/engine/robots/crawler-user-agents.json");
  return nlohmann::json::parse(in);
}

// The first pattern in list order that RE2 finds in the agent: the specification
// of the literal matcher.
const RobotPattern* FirstByRe2(const std::string& agent) {
  static const auto* const kCompiled = [] {
    auto* patterns = new std::vector<std::unique_ptr<RE2>>();
    for (const RobotPattern& robot : RobotPatterns()) {
      patterns->push_back(std::make_unique<RE2>(
          re2::StringPiece(robot.pattern.data(), robot.pattern.size()), RE2::Latin1));
    }
    return patterns;
  }();
  for (size_t i = 0; i < kCompiled->size(); ++i) {
    if (RE2::PartialMatch(agent, *(*kCompiled)[i])) return &RobotPatterns()[i];
  }
  return nullptr;
}

TEST(AudienceTest, NamesGoThereAndBack) {
  for (size_t i = 0; i < kAudienceCount; ++i) {
    const auto audience = static_cast<Audience>(i);
    EXPECT_EQ(ParseAudience(AudienceName(audience)), audience);
  }
  EXPECT_FALSE(ParseAudience("robot").has_value());
}

TEST(AudienceTest, EveryInstanceOfTheListIsClassified) {
  const nlohmann::json data = RobotsData();
  ASSERT_EQ(data.size(), AudienceClassifier::ListSize());
  size_t instances = 0;
  for (const nlohmann::json& entry : data) {
    for (const nlohmann::json& instance : entry.at("instances")) {
      const std::string agent = instance.get<std::string>();
      const AgentClass found = Plain().Classify(agent);
      EXPECT_NE(found.audience, Audience::kCitizen) << agent;
      EXPECT_NE(found.audience, Audience::kNoAgent) << agent;
      const RobotPattern* expected = FirstByRe2(agent);
      ASSERT_NE(expected, nullptr) << agent;
      EXPECT_EQ(found.rule, expected->pattern) << agent;
      ++instances;
    }
  }
  EXPECT_GT(instances, 2000u);
}

TEST(AudienceTest, PeopleArePeople) {
  std::ifstream in(CIVLOG_SOURCE_DIR "/../shared/corpora/agents/people.txt");
  if (!in) GTEST_SKIP() << "the corpus of people's agents is not present";
  size_t people = 0;
  std::vector<std::string> mistaken;
  for (std::string agent; std::getline(in, agent);) {
    ++people;
    const AgentClass found = Plain().Classify(agent);
    if (found.audience != Audience::kCitizen) mistaken.push_back(std::string(found.rule));
  }
  EXPECT_GT(people, 1000u);
  EXPECT_LE(mistaken.size() * 1000, people) << ::testing::PrintToString(mistaken);
}

TEST(AudienceTest, KnownAgents) {
  const std::vector<std::pair<std::string, Audience>> cases = {
      {"", Audience::kNoAgent},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/130.0.0.0 Safari/537.36",
       Audience::kCitizen},
      {"Mozilla/5.0 (Linux; Android 11; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/96.0.4664.45 Mobile Safari/537.36",
       Audience::kCitizen},
      {"Mozilla/5.0 (Linux; Android 13; SM-S911N) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Version/4.0 Chrome/118.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410430",
       Audience::kCitizen},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.3.2; 14PRO)",
       Audience::kCitizen},
      {"Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", Audience::kSearchEngine},
      {"Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/)", Audience::kSearchEngine},
      {"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
       Audience::kSocialPreview},
      {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
       "+https://openai.com/gptbot)",
       Audience::kAiCrawler},
      {"curl/8.4.0", Audience::kHttpLibrary},
      {"ExampleHarvestBot/0.1", Audience::kOtherBot},
      {"example (+https://robots.example/about)", Audience::kOtherBot},
  };
  for (const auto& [agent, audience] : cases) {
    EXPECT_EQ(AudienceName(Plain().Classify(agent).audience), AudienceName(audience)) << agent;
  }
}

TEST(AudienceTest, HostileAgentsAreHarmless) {
  EXPECT_EQ(Plain().Classify(std::string(size_t{1} << 20, 'a')).audience, Audience::kCitizen);
  EXPECT_EQ(Plain().Classify(std::string(1000, '\0')).audience, Audience::kCitizen);
  EXPECT_EQ(Plain().Classify(std::string(1000, '\xff') + "Googlebot/2.1").audience,
            Audience::kSearchEngine);
}

TEST(AudienceTest, CatalogueRulesComeFirstInTheirOrder) {
  const std::vector<AudienceRule> rules = {
      {"monitor", "^ExampleHealth/"}, {"seo", "Health"}, {"citizen", "Googlebot"}};
  const auto classifier = AudienceClassifier::Make(rules);
  ASSERT_TRUE(classifier.ok());
  EXPECT_EQ((*classifier)->Classify("ExampleHealth/2").audience, Audience::kMonitor);
  EXPECT_EQ((*classifier)->Classify("x Health").audience, Audience::kSeo);
  EXPECT_EQ((*classifier)->Classify("Googlebot/2.1").audience, Audience::kCitizen);
  EXPECT_FALSE(AudienceClassifier::Make({{AudienceRule{"monitor", "("}}}).ok());
}

TEST(PathRulesTest, AssetsAndProbes) {
  Catalog catalog;
  catalog.asset_patterns = {"^/thumbs/"};
  catalog.scanner_patterns = {"^/secret-console"};
  const auto rules = PathRules::Make(catalog);
  ASSERT_TRUE(rules.ok());
  const std::map<std::string, bool> assets = {{"/css/site.css", true},  {"/a/B.PNG", true},
                                              {"/fonts/x.woff2", true}, {"/thumbs/7", true},
                                              {"/doc/form.pdf", false}, {"/doc/form.hwp", false},
                                              {"/style.css/x", false},  {"/", false},
                                              {"/apply.do", false}};
  for (const auto& [path, is_asset] : assets) EXPECT_EQ((*rules)->IsAsset(path), is_asset) << path;
  for (const char* path : {"/.env", "/shop/.ENV", "/wp-login.php", "/cgi-bin/luci",
                           "/secret-console/x", "/.git/config"}) {
    EXPECT_FALSE((*rules)->ScannerProbe(path).empty()) << path;
  }
  for (const char* path : {"/", "/news/environment", "/civil/apply.do"}) {
    EXPECT_TRUE((*rules)->ScannerProbe(path).empty()) << path;
  }
  catalog.scanner_by_path = false;
  EXPECT_TRUE((*PathRules::Make(catalog))->ScannerProbe("/.env").empty());
}

}  // namespace
}  // namespace civlog
