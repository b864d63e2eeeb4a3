#include "bench/agents.h"

#include <iterator>

namespace civlog::corpus {
namespace {

// Agents are made from templates by putting versions in: {m} a browser's major
// version, {b} its build, {s} a system's version, {p} a telephone.
constexpr std::string_view kTemplates[] = {
    // Long agents are joined from pieces. NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{m}.0.{b} Safari/537.36",
    "Mozilla/5.0 (Linux; Android {s}; {p}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{m}.0.{b} Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS {s}_{b2} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/{s}.{b2} Mobile/15E{r} Safari/604.1",
    "Mozilla/5.0 (Linux; Android {s}; {p}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/{b2}.0 Chrome/{m}.0.{b} Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{m}.0.{b} Safari/537.36 Edg/{m}.0.{b}",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{m}.0.{b} Whale/3.{b2}.{b} Safari/537.36",
    "Mozilla/5.0 (Linux; Android {s}; {p}; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/{m}.0.{b} Mobile Safari/537.36;KAKAOTALK 2{b}",
    "Mozilla/5.0 (Linux; Android {s}; {p}; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/{m}.0.{b} Whale/1.0.0.0 Mobile Safari/537.36 NAVER(inapp; search; {b}; "
    "12.{b2}.1)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/{s}.{b2} Safari/605.1.{r}",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:{m}.{r}) Gecko/20100101 Firefox/{m}.{r}",
};

constexpr std::string_view kPhones[] = {"SM-S928N", "SM-S911N", "SM-A546S",  "SM-F946N", "LM-V510N",
                                        "SM-G991N", "Pixel 8",  "CUBOT P80", "SM-X916N"};

std::string Fill(std::string_view text, uint32_t round) {
  const uint32_t major = 141 - round % 40;
  const uint32_t build = 6000 + major * 11 + round * 7;
  std::string agent;
  while (!text.empty()) {
    const size_t open = text.find('{');
    agent += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name == "m") agent += std::to_string(major);
    if (name == "b") agent += std::to_string(build) + '.' + std::to_string(round % 200);
    if (name == "b2") agent += std::to_string(round % 30);
    if (name == "r") agent += std::to_string(round + 10);
    if (name == "s") agent += std::to_string(17 - round % 6);
    if (name == "p") agent += kPhones[round % std::size(kPhones)];
    text.remove_prefix(close + 1);
  }
  return agent;
}

const std::vector<RobotModel>& RobotTable() {
  static const std::vector<RobotModel> kRobots = {
      {Audience::kSearchEngine,
       RobotHabit::kCrawl,
       300,
       {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)",
        "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html?faqId=28966)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "DuckDuckBot/1.0; (+http://duckduckgo.com/duckduckbot.html)",
        "Mozilla/5.0 (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)"}},
      {Audience::kAiCrawler,
       RobotHabit::kCrawl,
       180,
       {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; "
        "+https://openai.com/gptbot)",
        "CCBot/2.0 (https://commoncrawl.org/faq/)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; "
        "+https://perplexity.ai/perplexitybot)",
        "claudebot"}},
      {Audience::kMonitor,
       RobotHabit::kCheck,
       70,
       {"Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "StatusCake_Uptime_Checker/1.0", "Site24x7", kHealthAgent}},
      {Audience::kSeo,
       RobotHabit::kCrawl,
       130,
       {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (compatible; DataForSeoBot/1.0; +https://dataforseo.com/dataforseo-bot)",
        "MJ12bot/v1.2.0 (http://majestic12.co.uk/bot.php?+)"}},
      {Audience::kScanner,
       RobotHabit::kSweep,
       40,
       {"Mozilla/5.0 zgrab/0.x",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
        "masscan/1.0 (https://github.com/robertdavidgraham/masscan)"}},
      {Audience::kAdvertising,
       RobotHabit::kCrawl,
       30,
       {"AdsBot-Google (+http://www.google.com/adsbot.html)",
        "CriteoBot/0.1 (+https://www.criteo.com/criteo-crawler/)"}},
      {Audience::kSocialPreview,
       RobotHabit::kPreview,
       90,
       {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Slackbot-LinkExpanding (+https://api.slack.com/robots)", "Twitterbot/1.0"}},
      {Audience::kFeedReader,
       RobotHabit::kFeed,
       50,
       {"Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "Tiny Tiny RSS/1.15.3 (http://tt-rss.org/)", "Feedbin feed-id:2005098 - 2 subscribers"}},
      {Audience::kHttpLibrary,
       RobotHabit::kSweep,
       80,
       {"python-requests/2.31.0", "curl/8.5.0", "Go-http-client/1.1", "okhttp/4.12.0",
        "axios/0.18.0"}},
      {Audience::kArchiver,
       RobotHabit::kCrawl,
       25,
       {"Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org/details/archive.org_bot)",
        "Mozilla/5.0 (compatible; heritrix/1.12.1 +http://www.webarchiv.cz)"}},
      {Audience::kAcademic,
       RobotHabit::kCrawl,
       15,
       {"TurnitinBot (https://turnitin.com/robot/crawlerinfo.html)",
        "SemanticScholarBot/1.0 (+http://s2.allenai.org/bot.html)"}},
      {Audience::kAutomation,
       RobotHabit::kCheck,
       30,
       {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "HeadlessChrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.0.0 Safari/537.36 Playwright/1.40.0"}},
      {Audience::kOtherBot,
       RobotHabit::kCrawl,
       25,
       {"HanbitLinkBot/1.0 (links@hanbit.example)",
        "province-crawler 0.3 (statistics office; contact@province.example)"}},
      {Audience::kNoAgent, RobotHabit::kSweep, 35, {"-"}},
  };
  return kRobots;
}

}  // namespace

std::string_view AudienceName(Audience audience) {
  constexpr std::string_view kNames[kAudienceCount] = {
      "citizen",  "search_engine", "ai_crawler",     "monitor",     "seo",
      "scanner",  "advertising",   "social_preview", "feed_reader", "http_library",
      "archiver", "academic",      "automation",     "other_bot",   "no_agent"};
  return kNames[static_cast<size_t>(audience)];
}

std::vector<std::string> BrowserAgents(uint32_t count) {
  std::vector<std::string> agents;
  agents.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    agents.push_back(Fill(kTemplates[i % std::size(kTemplates)],
                          i / static_cast<uint32_t>(std::size(kTemplates))));
  }
  return agents;
}

std::span<const RobotModel> Robots() { return RobotTable(); }

}  // namespace civlog::corpus
