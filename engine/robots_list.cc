#include "engine/robots_list.h"

#include <algorithm>
#include <cctype>

namespace civlog {
namespace {

constexpr RobotPattern kPatterns[] = {
#include "robots_table.inc"
};

// What previews links in KakaoTalk, and Korean search engines under the names that
// the list does not have.
constexpr RobotPattern kMoreRobots[] = {
    {"kakaotalk-scrap", "social-preview"},
    {"Daumoa", "search-engine"},
    {"ZumBot", "search-engine"},
};

// An agent with `phone` in it is no robot, unless it has `robot` too.
struct PhoneName {
  std::string_view pattern;
  std::string_view phone;
  std::string_view robot;
};

// Ordinary words are models' names on Android, where the robots do not run. The last
// one is a build of Android 15 itself, in the agents of millions of telephones
// (github.com/monperrus/crawler-user-agents/issues/466): the list was given it for
// one model.
constexpr PhoneName kPhoneNames[] = {
    {"Adventurer", "Android", ""},
    {"Butterfly", "Android", ""},
    {"Charlotte", "Android", ""},
    {"Fever", "Android", ""},
    {"Magellan", "Android", ""},
    {"Odin;", "Android", ""},
    {"Sonic", "Android", ""},
    {"Trove", "Android", ""},
    {"fluffy", "Android", ""},
    {"speedy", "Android", ""},
    {R"(AP3A\.240617\.008)", "Android", "CPH2557"},
};

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

absl::Span<const RobotPattern> RobotPatterns() { return kPatterns; }
absl::Span<const RobotPattern> MoreRobots() { return kMoreRobots; }

bool MayBePhone(std::string_view pattern) {
  return std::any_of(std::begin(kPhoneNames), std::end(kPhoneNames),
                     [pattern](const PhoneName& name) { return name.pattern == pattern; });
}

bool IsPhone(std::string_view pattern, std::string_view agent) {
  return std::any_of(std::begin(kPhoneNames), std::end(kPhoneNames), [&](const PhoneName& name) {
    return name.pattern == pattern && Has(agent, name.phone) &&
           (name.robot.empty() || !Has(agent, name.robot));
  });
}

bool LiteralOf(std::string_view pattern, std::string* literal) {
  literal->clear();
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\') {
      // An escaped letter is a class or an assertion.
      if (++i == pattern.size() || std::isalnum(static_cast<unsigned char>(pattern[i])) != 0) {
        return false;
      }
      c = pattern[i];
    } else if (std::string_view("([{|?*+^$.").find(c) != std::string_view::npos) {
      return false;
    }
    literal->push_back(c);
  }
  return literal->size() >= 3;
}

}  // namespace civlog
