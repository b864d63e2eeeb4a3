// User agents: the browsers of people, and the robots by what they are for.

#ifndef CIVLOG_BENCH_AGENTS_H_
#define CIVLOG_BENCH_AGENTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace civlog::corpus {

// Who sends requests without being a citizen; kCitizen for the others.
enum class Audience : uint8_t {
  kCitizen,
  kSearchEngine,
  kAiCrawler,
  kMonitor,
  kSeo,
  kScanner,
  kAdvertising,
  kSocialPreview,
  kFeedReader,
  kHttpLibrary,
  kArchiver,
  kAcademic,
  kAutomation,
  kOtherBot,
  kNoAgent,
};
inline constexpr size_t kAudienceCount = 15;
std::string_view AudienceName(Audience audience);

// `count` distinct agents of browsers and telephones, common ones first.
std::vector<std::string> BrowserAgents(uint32_t count);

// How a robot goes about it.
enum class RobotHabit : uint8_t { kCrawl, kFeed, kCheck, kPreview, kSweep };

struct RobotModel {
  Audience audience;
  RobotHabit habit;
  uint32_t weight;
  std::vector<std::string_view> agents;
};
// Every class but kCitizen; agents as those robots really send them.
std::span<const RobotModel> Robots();

// The city's own check, from outside and from its load balancers.
inline constexpr std::string_view kHealthAgent = "HanbitHealth/2.1";

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_AGENTS_H_
