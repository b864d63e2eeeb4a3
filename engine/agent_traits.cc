#include "engine/agent_traits.h"

namespace civlog {
namespace {

struct Token {
  std::string_view text;
  std::string_view name;
};

// The first that an agent has.
constexpr Token kFamilies[] = {
    {"KAKAOTALK", "KakaoTalk"},
    {"NAVER(inapp", "NAVER app"},
    {"DaumApps", "Daum app"},
    {"FBAN/", "Facebook app"},
    {"FBAV/", "Facebook app"},
    {"Instagram", "Instagram"},
    {"Whale/", "Whale"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"Edg/", "Edge"},
    {"Edge/", "Edge"},
    {"OPR/", "Opera"},
    {"Opera", "Opera"},
    {"YaBrowser/", "Yandex Browser"},
    {"UCBrowser/", "UC Browser"},
    {"Vivaldi/", "Vivaldi"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"MSIE ", "Internet Explorer"},
    {"Trident/", "Internet Explorer"},
    {"; wv)", "Android WebView"},
    {"HeadlessChrome/", "Headless Chrome"},
    {"Chrome/", "Chrome"},
    {"Chromium/", "Chrome"},
    {"Safari/", "Safari"},
    {"AppleWebKit/", "WebKit app"},
    {"curl/", "curl"},
    {"Wget/", "Wget"},
    {"python-requests/", "python-requests"},
    {"Python-urllib/", "Python-urllib"},
    {"Go-http-client/", "Go-http-client"},
    {"okhttp/", "okhttp"},
    {"Java/", "Java"},
};

// An Android without "Mobile" is a tablet.
constexpr Token kDevices[] = {
    {"iPad", "tablet"},       {"Tablet", "tablet"},  {"Mobile", "mobile"},
    {"iPhone", "mobile"},     {"Android", "tablet"}, {"Windows NT", "desktop"},
    {"Macintosh", "desktop"}, {"X11", "desktop"},    {"CrOS", "desktop"},
    {"Linux", "desktop"},
};

template <size_t kSize>
std::string_view FirstIn(const Token (&tokens)[kSize], std::string_view agent) {
  for (const Token& token : tokens) {
    if (agent.find(token.text) != std::string_view::npos) return token.name;
  }
  return "other";
}

}  // namespace

AgentTraits TraitsOf(std::string_view agent) {
  return {FirstIn(kFamilies, agent), FirstIn(kDevices, agent)};
}

}  // namespace civlog
