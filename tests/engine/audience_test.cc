#include "engine/audience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
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
  std::ifstream in(CIVLOG_SOURCE_DIR "/engine/robots/crawler-user-agents-1.60.0.json");
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

// What an entry's first tag says. Written down again, so that the table of the
// classifier is checked against it.
std::string_view ClassOfTags(const nlohmann::json& tags) {
  static const auto* const kClasses =
      new std::map<std::string, std::string_view>{{"search-engine", "search_engine"},
                                                  {"ai-crawler", "ai_crawler"},
                                                  {"monitoring", "monitor"},
                                                  {"seo", "seo"},
                                                  {"scanner", "scanner"},
                                                  {"advertising", "advertising"},
                                                  {"social-preview", "social_preview"},
                                                  {"feed-reader", "feed_reader"},
                                                  {"http-library", "http_library"},
                                                  {"archiver", "archiver"},
                                                  {"academic", "academic"},
                                                  {"browser-automation", "automation"}};
  if (tags.empty()) return "other_bot";
  const auto found = kClasses->find(tags.at(0).get<std::string>());
  return found == kClasses->end() ? "other_bot" : found->second;
}

TEST(AudienceTest, TheFirstPatternOfTheListDecides) {
  const nlohmann::json data = RobotsData();
  ASSERT_EQ(data.size(), AudienceClassifier::ListSize());
  size_t instances = 0;
  for (const nlohmann::json& entry : data) {
    for (const nlohmann::json& instance : entry.at("instances")) {
      const std::string agent = instance.get<std::string>();
      const RobotPattern* expected = FirstByRe2(agent);
      ASSERT_NE(expected, nullptr) << agent;
      EXPECT_EQ(Plain().Classify(agent).rule, expected->pattern) << agent;
      ++instances;
    }
  }
  EXPECT_GT(instances, 2000u);
}

// Agents of the list that an earlier entry decides with another class: it names the
// library, service or browser that the robot runs on.
TEST(AudienceTest, EveryInstanceOfTheListHasItsClass) {
  const std::map<std::string, std::string> decided_earlier = {
      {"linkdex", "Nutch"},
      {"W3C-checklink", "libwww-perl"},
      {"centurybot", "Go-http-client"},
      {"virustotal", "AppEngine-Google"},
      {"YextBot\\/", "HeadlessChrome"},
      {"nyt_scraping", "scraping@nytimes\\.com"},
      {"WSM\\/", "webspidermount"},
  };
  std::set<std::string> seen;
  for (const nlohmann::json& entry : RobotsData()) {
    const std::string pattern = entry.at("pattern").get<std::string>();
    for (const nlohmann::json& instance : entry.at("instances")) {
      const std::string agent = instance.get<std::string>();
      const AgentClass found = Plain().Classify(agent);
      if (AudienceName(found.audience) == ClassOfTags(entry.at("tags"))) continue;
      seen.insert(pattern);
      const auto earlier = decided_earlier.find(pattern);
      ASSERT_NE(earlier, decided_earlier.end()) << agent << " is " << AudienceName(found.audience);
      EXPECT_EQ(found.rule, earlier->second) << agent;
    }
  }
  EXPECT_EQ(seen.size(), decided_earlier.size());
}

TEST(AudienceTest, EveryPatternIsReachable) {
  for (const RobotPattern& robot : RobotPatterns()) {
    std::string literal;
    if (!LiteralOf(robot.pattern, &literal)) continue;
    const AgentClass found = Plain().Classify(literal);
    EXPECT_NE(found.audience, Audience::kCitizen) << robot.pattern;
    const RobotPattern* expected = FirstByRe2(literal);
    ASSERT_NE(expected, nullptr) << robot.pattern;
    EXPECT_EQ(found.rule, expected->pattern) << literal;
  }
}

TEST(AudienceTest, LiteralPatterns) {
  struct Case {
    std::string_view pattern;
    std::optional<std::string_view> literal;
  };
  const Case cases[] = {
      {"Googlebot\\/", "Googlebot/"},
      {"grub\\.org", "grub.org"},
      {"Let's Encrypt", "Let's Encrypt"},
      {"Rigor\\)", "Rigor)"},
      {"[wW]get", std::nullopt},
      {"^curl", std::nullopt},
      {"SSL Labs$", std::nullopt},
      {"a|bcd", std::nullopt},
      {"x\\d+yz", std::nullopt},
      {"a.bc", std::nullopt},
      {"abc\\", std::nullopt},
      {"\\babc", std::nullopt},
      {"ab", std::nullopt},
  };
  for (const Case& c : cases) {
    std::string literal;
    const bool is_literal = LiteralOf(c.pattern, &literal);
    EXPECT_EQ(is_literal, c.literal.has_value()) << c.pattern;
    if (is_literal) {
      EXPECT_EQ(literal, *c.literal);
    }
  }
}

TEST(AudienceTest, PeopleArePeople) {
  std::ifstream in(CIVLOG_SOURCE_DIR "/../shared/corpora/agents/people.txt");
  if (!in) GTEST_SKIP() << "the corpus of people's agents is not present";
  size_t people = 0;
  std::vector<std::string> mistaken;
  for (std::string agent; std::getline(in, agent);) {
    ++people;
    const AgentClass found = Plain().Classify(agent);
    const RobotPattern* listed = FirstByRe2(agent);
    if (listed != nullptr && !IsPhone(listed->pattern, agent)) {
      EXPECT_EQ(found.rule, listed->pattern);
    }
    if (found.audience != Audience::kCitizen) mistaken.push_back(std::string(found.rule));
  }
  EXPECT_GT(people, 1000u);
  EXPECT_LE(mistaken.size() * 1000, people) << ::testing::PrintToString(mistaken);
}

constexpr std::string_view kDesktop =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36";

// A browser on the telephone `model`, with `app` behind.
std::string Phone(std::string_view model, std::string_view app = "") {
  return "Mozilla/5.0 (Linux; Android 13; " + std::string(model) +
         ") AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/118.0.0.0 Mobile "
         "Safari/537.36" +
         std::string(app);
}

TEST(AudienceTest, PeopleWithUnusualAgents) {
  const std::string people[] = {
      std::string(kDesktop),
      Phone("CUBOT X50"),
      Phone("CUBOT_NOTE_S"),
      Phone("Cubot"),
      Phone("cubot/x19"),
      Phone("CUBOT KINGKONG; CUBOT Build/RP1A.200720.011"),
      Phone("SM-S911N", ";KAKAOTALK 2410430"),
      Phone("SM-S911N; wv", " KAKAOTALK 10.4.3"),
      Phone("SM-S911N", " NAVER(inapp; search; 1050; 12.3.2)"),
      Phone("SM-G960N", " DaumApps/5.8.3 DaumDevice/mobile"),
      Phone("SM-S911N", " Whale/3.24.0.0 Crosswalk/29.118.0.20"),
      Phone("HTC Butterfly"),
      Phone("QMobile Sonic"),
      Phone("PJZ110 Build/AP3A.240617.008; wv", " KAKAOTALK 10.4.3"),
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.3.2; 14PRO)",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
      "Gecko) Mobile/15E148 KAKAOTALK 10.4.3",
      "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
      "Robotics Lab Browser 1.0",
      "Spiderman/1.0",
  };
  for (const std::string& agent : people) {
    const AgentClass found = Plain().Classify(agent);
    EXPECT_EQ(AudienceName(found.audience), "citizen") << agent << ": " << found.rule;
    EXPECT_EQ(found.rule, "") << agent;
  }
}

TEST(AudienceTest, KnownAgents) {
  const std::vector<std::pair<std::string, Audience>> cases = {
      {"", Audience::kNoAgent},
      {"-", Audience::kNoAgent},
      {"Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", Audience::kSearchEngine},
      {"Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/)", Audience::kSearchEngine},
      {"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
       Audience::kSocialPreview},
      {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
       "+https://openai.com/gptbot)",
       Audience::kAiCrawler},
      {"curl/8.4.0", Audience::kHttpLibrary},
      {"kakaotalk-scrap/1.0", Audience::kSocialPreview},
      {"Mozilla/5.0 (compatible; NaverBot/1.0; nhnbot@naver.com)", Audience::kSearchEngine},
      {"Mozilla/5.0 (compatible; MSIE or Firefox mutant; not on Windows server; + "
       "http://robots.example/) Daumoa/4.0",
       Audience::kSearchEngine},
      {"ZumBot/1.0 (ZUM Search)", Audience::kSearchEngine},
      {"Mozilla/5.0 (compatible; Butterfly/1.0)", Audience::kSeo},
      {"ExampleHarvestBot/0.1", Audience::kOtherBot},
      {"exampleharvestbot", Audience::kOtherBot},
      {"EXAMPLEHARVESTBOT 2", Audience::kOtherBot},
      {"ExampleBotChecker", Audience::kOtherBot},
      {"example-robot", Audience::kOtherBot},
      {"example spider", Audience::kOtherBot},
      {Phone("CUBOT X50", " (compatible; ExampleHarvestBot/1.0)"), Audience::kOtherBot},
      {"example (+ http://robots.example/about)", Audience::kOtherBot},
      {"example (+https://robots.example/about)", Audience::kOtherBot},
  };
  for (const auto& [agent, audience] : cases) {
    EXPECT_EQ(AudienceName(Plain().Classify(agent).audience), AudienceName(audience)) << agent;
  }
}

TEST(AudienceTest, HostileAgentsAreHarmless) {
  constexpr size_t kLong = size_t{1} << 20;
  const auto classify = [](const std::string& agent) { return Plain().Classify(agent).audience; };
  EXPECT_EQ(classify(std::string(kLong, 'a')), Audience::kCitizen);
  EXPECT_EQ(classify(std::string(kLong, 'a') + " Googlebot/2.1"), Audience::kSearchEngine);
  EXPECT_EQ(classify(std::string(1000, '\0')), Audience::kCitizen);
  EXPECT_EQ(classify(std::string("\0Googlebot/2.1", 14)), Audience::kSearchEngine);
  EXPECT_EQ(classify(std::string(1000, '\xff') + "Googlebot/2.1"), Audience::kSearchEngine);
  // What makes a backtracking matcher slow: a pattern that almost fits, many times.
  std::string almost;
  while (almost.size() < kLong) almost += "Spidery Current cubot (a+)+$ [[[ \\";
  EXPECT_EQ(classify(almost), Audience::kCitizen);
  EXPECT_EQ(classify(almost + "RSS Reader"), Audience::kFeedReader);
}

TEST(AudienceTest, TextsOfTheAlphabetOfPatternsAgreeWithRe2) {
  std::mt19937 random(20260810);
  const absl::Span<const RobotPattern> list = RobotPatterns();
  const auto piece = [&] {
    std::string literal;
    const RobotPattern& robot = list[random() % list.size()];
    if (!LiteralOf(robot.pattern, &literal)) literal = robot.pattern;
    const size_t begin = random() % 3;
    return literal.substr(std::min(begin, literal.size()), literal.size() - random() % 3);
  };
  for (int i = 0; i < 1000; ++i) {
    const std::string agent = piece() + " " + piece() + piece();
    const RobotPattern* expected = FirstByRe2(agent);
    const std::string_view rule = Plain().Classify(agent).rule;
    if (expected != nullptr) {
      EXPECT_EQ(rule, expected->pattern) << agent;
    } else {
      EXPECT_TRUE(rule.empty() || rule == "generic robot word" || rule == "Daumoa" ||
                  rule == "ZumBot" || rule == "kakaotalk-scrap")
          << agent << ": " << rule;
    }
  }
}

TEST(AudienceTest, CatalogueRulesComeFirstInTheirOrder) {
  const std::vector<AudienceRule> rules = {
      {"monitor", "^ExampleHealth/"}, {"seo", "Health"}, {"citizen", "Googlebot"}};
  const auto classifier = AudienceClassifier::Make(rules);
  ASSERT_TRUE(classifier.ok());
  EXPECT_EQ((*classifier)->Classify("ExampleHealth/2").audience, Audience::kMonitor);
  EXPECT_EQ((*classifier)->Classify("x Health").audience, Audience::kSeo);
  EXPECT_EQ((*classifier)->Classify("Googlebot/2.1").audience, Audience::kCitizen);
  EXPECT_EQ((*classifier)->Classify("bingbot/2.0").audience, Audience::kSearchEngine);
  EXPECT_THAT(std::string((*classifier)->Classify("ExampleHealth/2").rule),
              ::testing::HasSubstr("^ExampleHealth/"));
  EXPECT_FALSE(AudienceClassifier::Make({{AudienceRule{"monitor", "("}}}).ok());
  EXPECT_FALSE(AudienceClassifier::Make({{AudienceRule{"robot", "x"}}}).ok());
}

}  // namespace
}  // namespace civlog
