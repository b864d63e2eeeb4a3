// Assets and exploit probes, by path.

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/audience.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

// What a page is made of. Documents that people come for (pdf, hwp, doc, xls, zip)
// are no assets.
constexpr std::string_view kAssetExtensions[] = {
    "css",  "js",  "mjs", "map", "png",  "jpg",  "jpeg", "gif",   "webp",       "avif", "svg",
    "svgz", "ico", "cur", "bmp", "tif",  "tiff", "woff", "woff2", "ttf",        "otf",  "eot",
    "mp3",  "mp4", "m4a", "m4v", "mov",  "avi",  "wmv",  "flv",   "swf",        "webm", "ogg",
    "ogv",  "oga", "wav", "aac", "flac", "m3u8", "ts",   "vtt",   "webmanifest"};

// Well-known exploit probes: texts that occur in the lower-cased path. They are
// looked for only in paths that no route claims.
constexpr std::string_view kScannerProbes[] = {"/.env",
                                               "/.git/",
                                               "/.git-credentials",
                                               "/.svn/",
                                               "/.hg/",
                                               "/.aws/",
                                               "/.ssh/",
                                               "/.docker/",
                                               "/.htpasswd",
                                               "/.htaccess",
                                               "/.vscode/",
                                               "/.idea/",
                                               "/.ds_store",
                                               "/.bash_history",
                                               "/.npmrc",
                                               "/wp-login",
                                               "/wp-admin",
                                               "/wp-includes",
                                               "/wp-content/plugins",
                                               "/wp-config",
                                               "/wlwmanifest.xml",
                                               "/xmlrpc.php",
                                               "/phpmyadmin",
                                               "/phpinfo",
                                               "/pma/",
                                               "/adminer",
                                               "/cgi-bin/",
                                               "/vendor/phpunit",
                                               "/eval-stdin.php",
                                               "/actuator",
                                               "/solr/admin",
                                               "/jenkins/script",
                                               "/manager/html",
                                               "/boaform",
                                               "/hnap1",
                                               "/gponform",
                                               "/setup.cgi",
                                               "/shell.php",
                                               "/c99.php",
                                               "/r57.php",
                                               "/_ignition",
                                               "/telescope/requests",
                                               "/owa/auth",
                                               "/autodiscover/",
                                               "/ecp/current",
                                               "/remote/fgt_lang",
                                               "/dana-na/",
                                               "/geoserver/web",
                                               "/struts2",
                                               "/server-status",
                                               "/etc/passwd",
                                               "/../",
                                               "%2e%2e",
                                               "..%2f",
                                               "/web.config",
                                               "/config.json.bak",
                                               "/id_rsa",
                                               "/sftp-config.json",
                                               "/joomla/administrator",
                                               "/thinkphp",
                                               "/nmaplowercheck"};

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

absl::StatusOr<std::unique_ptr<RE2::Set>> MakeSet(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return std::unique_ptr<RE2::Set>();
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (const std::string& pattern : patterns) {
    std::string error;
    if (set->Add(pattern, &error) < 0) {
      return absl::InvalidArgumentError(absl::StrCat("\"", pattern, "\": ", error));
    }
  }
  if (!set->Compile()) return absl::InvalidArgumentError("the path patterns are too large");
  return set;
}

}  // namespace

absl::Span<const std::string_view> AssetExtensions() { return kAssetExtensions; }
absl::Span<const std::string_view> ScannerProbes() { return kScannerProbes; }

struct PathRules::Impl {
  std::unique_ptr<RE2::Set> assets;
  std::unique_ptr<RE2::Set> probes;
  std::vector<std::string> probe_patterns;
  bool scanner_by_path = true;
};

PathRules::PathRules() : impl_(std::make_unique<Impl>()) {}
PathRules::~PathRules() = default;

absl::StatusOr<std::unique_ptr<PathRules>> PathRules::Make(const Catalog& catalog) {
  std::unique_ptr<PathRules> rules(new PathRules());
  absl::StatusOr<std::unique_ptr<RE2::Set>> assets = MakeSet(catalog.asset_patterns);
  if (!assets.ok()) return assets.status();
  absl::StatusOr<std::unique_ptr<RE2::Set>> probes = MakeSet(catalog.scanner_patterns);
  if (!probes.ok()) return probes.status();
  rules->impl_->assets = *std::move(assets);
  rules->impl_->probes = *std::move(probes);
  rules->impl_->probe_patterns = catalog.scanner_patterns;
  rules->impl_->scanner_by_path = catalog.scanner_by_path;
  return rules;
}

bool PathRules::IsAsset(std::string_view normalized_path) const {
  const std::string_view last = normalized_path.substr(normalized_path.rfind('/') + 1);
  const size_t dot = last.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view extension = last.substr(dot + 1);
    if (std::any_of(std::begin(kAssetExtensions), std::end(kAssetExtensions),
                    [extension](std::string_view known) {
                      return absl::EqualsIgnoreCase(ToAbsl(known), ToAbsl(extension));
                    })) {
      return true;
    }
  }
  return impl_->assets != nullptr && impl_->assets->Match(Piece(normalized_path), nullptr);
}

std::string_view PathRules::ScannerProbe(std::string_view normalized_path) const {
  if (!impl_->scanner_by_path) return {};
  const std::string lower = absl::AsciiStrToLower(ToAbsl(normalized_path));
  for (const std::string_view probe : kScannerProbes) {
    if (lower.find(probe) != std::string::npos) return probe;
  }
  std::vector<int> matched;
  if (impl_->probes != nullptr && impl_->probes->Match(Piece(normalized_path), &matched)) {
    const int first = *std::min_element(matched.begin(), matched.end());
    return impl_->probe_patterns[static_cast<size_t>(first)];
  }
  return {};
}

}  // namespace civlog
