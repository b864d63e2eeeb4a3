// Which program, and what kind of device, a user agent says it is.
//
// Browsers name those that they want to be taken for as well, so that the more special
// name goes first (WHATWG, "Compatibility", section "The User-Agent string"; MDN,
// "Browser detection using the user agent").

#ifndef CIVLOG_ENGINE_AGENT_TRAITS_H_
#define CIVLOG_ENGINE_AGENT_TRAITS_H_

#include <string_view>

namespace civlog {

struct AgentTraits {
  // "Chrome", "Safari", "Samsung Internet", "Whale", "KakaoTalk", ...; "other" for what
  // is none of those known. Static.
  std::string_view family;
  std::string_view device;  // "mobile", "tablet", "desktop" or "other". Static.
};

// Costs up to a microsecond: callers cache by agent.
AgentTraits TraitsOf(std::string_view agent);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_AGENT_TRAITS_H_
