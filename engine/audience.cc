#include "engine/audience.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/literal_matcher.h"
#include "engine/robots_list.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr std::string_view kNames[kAudienceCount] = {
    "citizen",  "search_engine", "ai_crawler",     "monitor",     "seo",
    "scanner",  "advertising",   "social_preview", "feed_reader", "http_library",
    "archiver", "academic",      "automation",     "other_bot",   "no_agent"};

constexpr std::string_view kNoAgentRule = "no user agent";
constexpr std::string_view kRobotWordRule = "generic robot word";

// Words by which robots that are on no list name themselves: at the end of a word
// (examplebot/1, Robot, BOTS) or of a part of one (ExampleBotChecker), and the
// address of a page about the robot.
constexpr char kRobotWords[] =
    R"(((?i:bots?|crawler|spider|scraper)(?:[^a-zA-Z]|$)|[a-z](?:Bot|Crawler|Spider)[A-Z]|)"
    R"((?i:crawling)|\+ ?https?://))";
// What "bot" is the end of in the names of CUBOT's telephones.
constexpr std::string_view kPhoneMaker = "cu";

Audience AudienceOfTag(std::string_view tag) {
  constexpr std::pair<std::string_view, Audience> kTags[] = {
      {"search-engine", Audience::kSearchEngine},
      {"ai-crawler", Audience::kAiCrawler},
      {"monitoring", Audience::kMonitor},
      {"seo", Audience::kSeo},
      {"scanner", Audience::kScanner},
      {"advertising", Audience::kAdvertising},
      {"social-preview", Audience::kSocialPreview},
      {"feed-reader", Audience::kFeedReader},
      {"http-library", Audience::kHttpLibrary},
      {"archiver", Audience::kArchiver},
      {"academic", Audience::kAcademic},
      {"browser-automation", Audience::kAutomation},
  };
  for (const auto& [name, audience] : kTags) {
    if (name == tag) return audience;
  }
  return Audience::kOtherBot;
}

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options ByteOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

std::string_view AudienceName(Audience audience) { return kNames[static_cast<size_t>(audience)]; }

std::optional<Audience> ParseAudience(std::string_view name) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Audience>(found - std::begin(kNames));
}

struct AudienceClassifier::Impl {
  struct Rule {
    std::unique_ptr<RE2> pattern;
    Audience audience;
    std::string description;
  };
  std::vector<Rule> rules;
  LiteralMatcher literals;
  std::unique_ptr<RE2::Set> patterns;
  std::vector<size_t> pattern_entries;  // positions in RobotPatterns()
  RE2 robot_words{kRobotWords, ByteOptions()};

  absl::Status AddRules(absl::Span<const AudienceRule> audience_rules) {
    for (const AudienceRule& rule : audience_rules) {
      const std::optional<Audience> audience = ParseAudience(rule.audience);
      auto pattern = std::make_unique<RE2>(rule.pattern, ByteOptions());
      if (!audience || !pattern->ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat("audience rule ", rule.audience, " = \"", rule.pattern,
                         "\": ", audience ? pattern->error() : "unknown audience"));
      }
      rules.push_back({std::move(pattern), *audience,
                       absl::StrCat("catalogue: ", rule.audience, " = ", rule.pattern)});
    }
    return absl::OkStatus();
  }

  absl::Status AddList() {
    patterns = std::make_unique<RE2::Set>(ByteOptions(), RE2::UNANCHORED);
    const absl::Span<const RobotPattern> list = RobotPatterns();
    std::string literal;
    for (size_t i = 0; i < list.size(); ++i) {
      // A telephone must not hide the robots behind it: the literal matcher tells
      // the smallest entry only.
      if (!MayBePhone(list[i].pattern) && LiteralOf(list[i].pattern, &literal)) {
        literals.Add(literal, i);
        continue;
      }
      std::string error;
      if (patterns->Add(Piece(list[i].pattern), &error) < 0) {
        return absl::InternalError(
            absl::StrCat("robots list: ", ToAbsl(list[i].pattern), ": ", error));
      }
      pattern_entries.push_back(i);
    }
    RE2::Set::ErrorInfo error{};
    std::vector<int> matched;
    if (!patterns->Compile()) return absl::InternalError("robots list: does not compile");
    // Where the automaton's memory did not suffice for any text, each match would
    // fail without a word.
    if (!patterns->Match("", &matched, &error) && error.kind != RE2::Set::kNoError) {
      return absl::InternalError("robots list: is too large to match");
    }
    return absl::OkStatus();
  }

  // The first pattern of the list that `agent` matches.
  size_t FirstInList(std::string_view agent) const {
    size_t first = literals.Smallest(agent);
    std::vector<int> matched;
    patterns->Match(Piece(agent), &matched);
    for (const int i : matched) {
      const size_t entry = pattern_entries[static_cast<size_t>(i)];
      if (entry < first && !IsPhone(RobotPatterns()[entry].pattern, agent)) first = entry;
    }
    return first;
  }

  bool HasRobotWord(std::string_view agent) const {
    re2::StringPiece rest = Piece(agent);
    re2::StringPiece word;
    while (RE2::FindAndConsume(&rest, robot_words, &word)) {
      const auto begin = static_cast<size_t>(word.data() - agent.data());
      if (!absl::EndsWithIgnoreCase(ToAbsl(agent.substr(0, begin)), ToAbsl(kPhoneMaker))) {
        return true;
      }
    }
    return false;
  }
};

AudienceClassifier::AudienceClassifier() : impl_(std::make_unique<Impl>()) {}
AudienceClassifier::~AudienceClassifier() = default;

absl::StatusOr<std::unique_ptr<AudienceClassifier>> AudienceClassifier::Make(
    absl::Span<const AudienceRule> rules) {
  std::unique_ptr<AudienceClassifier> classifier(new AudienceClassifier());
  absl::Status status = classifier->impl_->AddRules(rules);
  if (status.ok()) status = classifier->impl_->AddList();
  if (!status.ok()) return status;
  return classifier;
}

AgentClass AudienceClassifier::Classify(std::string_view agent) const {
  for (const Impl::Rule& rule : impl_->rules) {
    if (RE2::PartialMatch(Piece(agent), *rule.pattern)) return {rule.audience, rule.description};
  }
  if (agent.empty() || agent == "-") return {Audience::kNoAgent, kNoAgentRule};
  const size_t entry = impl_->FirstInList(agent);
  if (entry != LiteralMatcher::kNone) {
    const RobotPattern& robot = RobotPatterns()[entry];
    return {AudienceOfTag(robot.tag), robot.pattern};
  }
  for (const RobotPattern& robot : MoreRobots()) {
    if (agent.find(robot.pattern) != std::string_view::npos) {
      return {AudienceOfTag(robot.tag), robot.pattern};
    }
  }
  if (impl_->HasRobotWord(agent)) return {Audience::kOtherBot, kRobotWordRule};
  return {};
}

std::string_view AudienceClassifier::ListVersion() { return kRobotsListVersion; }
std::string_view AudienceClassifier::ListDate() { return kRobotsListDate; }
size_t AudienceClassifier::ListSize() { return RobotPatterns().size(); }

}  // namespace civlog
