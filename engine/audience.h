// Who sent a request: a citizen, or one of the classes that are not citizens.
//
// Robots are told by the catalogue's own rules, then by the maintained list
// `crawler-user-agents` (MIT; a dated copy is compiled in), then by a few robots that
// it lacks, then by the words by which robots name themselves. See docs/metrics.md,
// section 1.

#ifndef CIVLOG_ENGINE_AUDIENCE_H_
#define CIVLOG_ENGINE_AUDIENCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/catalog.h"

namespace civlog {

// The names are part of the JSON schema and must not change.
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

std::string_view AudienceName(Audience audience);  // "citizen", "search_engine", ...
std::optional<Audience> ParseAudience(std::string_view name);

struct AgentClass {
  Audience audience = Audience::kCitizen;
  // What decided: a pattern of the list ("Googlebot\\/"), "catalogue: monitor =
  // <pattern>", "no user agent", "generic robot word"; empty for a citizen whom no
  // rule of the catalogue names. Lives as long as the classifier.
  std::string_view rule;
};

// Classifies user agents. Immutable and thread-safe; costs microseconds a call,
// so callers cache by agent.
class AudienceClassifier {
 public:
  // `rules` come before the list. InvalidArgument where a pattern does not
  // compile.
  static absl::StatusOr<std::unique_ptr<AudienceClassifier>> Make(
      absl::Span<const AudienceRule> rules);
  ~AudienceClassifier();

  // `agent` is the decoded header; "-" and "" are none.
  AgentClass Classify(std::string_view agent) const;

  // Version, date of publication and number of patterns of the compiled-in list:
  // "1.60.0", "2026-08-10".
  static std::string_view ListVersion();
  static std::string_view ListDate();
  static size_t ListSize();

 private:
  struct Impl;
  AudienceClassifier();
  std::unique_ptr<Impl> impl_;
};

// Assets (scripts, styles, images, fonts, media by extension) and well-known
// exploit probes, by path, plus the catalogue's patterns for both. Immutable and
// thread-safe.
class PathRules {
 public:
  static absl::StatusOr<std::unique_ptr<PathRules>> Make(const Catalog& catalog);
  ~PathRules();

  bool IsAsset(std::string_view normalized_path) const;
  // The probe pattern that `normalized_path` matches, empty for none. Never
  // consulted for a path that a route claims.
  std::string_view ScannerProbe(std::string_view normalized_path) const;

 private:
  struct Impl;
  PathRules();
  std::unique_ptr<Impl> impl_;
};

// The built-in lists, for whoever shows them.
absl::Span<const std::string_view> AssetExtensions();  // "css", "js", ...
absl::Span<const std::string_view> ScannerProbes();    // "/.env*", "^/actuator", ...

}  // namespace civlog

#endif  // CIVLOG_ENGINE_AUDIENCE_H_
