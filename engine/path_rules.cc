// Assets and exploit probes, by path.

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>

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
    "css",  "js",    "mjs",  "map", "wasm", "png",        "apng", "jpg",  "jpeg", "jfif",
    "gif",  "webp",  "avif", "svg", "svgz", "ico",        "cur",  "bmp",  "tif",  "tiff",
    "woff", "woff2", "ttf",  "otf", "eot",  "mp3",        "mp4",  "mpeg", "mpg",  "m4a",
    "m4v",  "m4s",   "mov",  "avi", "wmv",  "wma",        "mkv",  "3gp",  "flv",  "swf",
    "webm", "ogg",   "ogv",  "oga", "opus", "wav",        "aac",  "flac", "m3u8", "mpd",
    "ts",   "vtt",   "srt",  "smi", "htc",  "webmanifest"};
constexpr size_t kLongestExtension = 11;

// The most bytes of an extension that is compared as a word: one less than a word has.
constexpr size_t kMostInWord = sizeof(uint64_t) - 1;

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Its letters in lower case, the last one lowest, behind a bit that tells how many they are.
constexpr uint64_t ExtensionWord(std::string_view extension) {
  uint64_t word = 1;
  for (const char c : extension) word = word << 8 | static_cast<uint8_t>(Lower(c));
  return word;
}

constexpr auto SortedExtensions() {
  std::array<uint64_t, std::size(kAssetExtensions)> sorted{};
  std::transform(std::begin(kAssetExtensions), std::end(kAssetExtensions), sorted.begin(),
                 [](std::string_view extension) {
                   // Words of extensions are no zeros.
                   return extension.size() <= kMostInWord ? ExtensionWord(extension) : 0;
                 });
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}
constexpr auto kSortedExtensions = SortedExtensions();

// Well-known exploit probes, whatever their case. They are looked for only in paths
// that no route claims.
//
// The traversals, which come first, may stand anywhere in a path. Each other probe
// stands for whole segments, so that /actuators is no /actuator: at any depth, or,
// with '^' where the word is an ordinary one, at the path's start only. '*' is any
// text but '/'. They are found by their first letter, and so ordered by it.
//
// What citizens meet on ordinary portals is no probe: /cgi-bin as such, and the
// scripts and styles of WordPress.
constexpr size_t kTraversals = 5;
constexpr std::string_view kScannerProbes[] = {"../",
                                               "..;/",
                                               "..%2f",
                                               "..%5c",
                                               "%252e%252e",

                                               "/.aws",
                                               "/.bash_history",
                                               "/.docker",
                                               "/.ds_store",
                                               "/.env*",
                                               "/.git",
                                               "/.git-credentials",
                                               "/.gitconfig",
                                               "/.hg",
                                               "/.htaccess*",
                                               "/.htpasswd*",
                                               "/.idea",
                                               "/.kube",
                                               "/.npmrc",
                                               "/.ssh",
                                               "/.svn",
                                               "/.vscode",
                                               "/_ignition",
                                               "/_profiler",
                                               "^/actuator",
                                               "/adminer*.php",
                                               "/alfa*.php",
                                               "/autodiscover/autodiscover.json*",
                                               "^/boaform",
                                               "/c99*.php",
                                               "/cgi-bin/authlogin.cgi",
                                               "/cgi-bin/bash",
                                               "/cgi-bin/luci",
                                               "/cgi-bin/mainfunction.cgi",
                                               "/cgi-bin/nas_sharing.cgi",
                                               "/cgi-bin/php*",
                                               "/cgi-bin/sh",
                                               "/cgi-bin/test-cgi",
                                               "^/containers/json",
                                               "^/dana-na",
                                               "^/ecp/current",
                                               "/etc/passwd*",
                                               "/eval-stdin.php",
                                               "^/geoserver/web",
                                               "^/goform",
                                               "^/gponform",
                                               "^/hnap1",
                                               "/id_rsa*",
                                               "^/jenkins/script",
                                               "^/jmx-console",
                                               "^/manager/html",
                                               "/nice%20ports*",
                                               "/nmaplowercheck*",
                                               "^/owa/auth",
                                               "/phpinfo*",
                                               "/phpmyadmin*",
                                               "/phpunit",
                                               "^/pma",
                                               "/proc/self",
                                               "/r57*.php",
                                               "^/remote/fgt_lang",
                                               "^/sdk/weblanguage",
                                               "^/server-status",
                                               "^/setup.cgi",
                                               "/sftp-config.json",
                                               "^/shell",
                                               "/shell*.php",
                                               "^/solr/admin",
                                               "^/struts2-showcase",
                                               "^/telescope/requests",
                                               "^/thinkphp*",
                                               "/vendor/phpunit",
                                               "/web.config",
                                               "/wlwmanifest.xml",
                                               "/wp-admin",
                                               "/wp-config*",
                                               "/wp-content/plugins/*/readme*",
                                               "/wp-login*",
                                               "/wso*.php",
                                               "/xmlrpc.php"};
constexpr size_t kProbeCount = std::size(kScannerProbes);

// The letter after the probe's first '/'.
constexpr uint8_t FirstLetter(std::string_view probe) {
  return static_cast<uint8_t>(probe[probe.find('/') + 1]);
}

constexpr bool OrderedByFirstLetter() {
  for (size_t i = kTraversals + 1; i < kProbeCount; ++i) {
    if (FirstLetter(kScannerProbes[i - 1]) > FirstLetter(kScannerProbes[i])) return false;
  }
  return true;
}
static_assert(OrderedByFirstLetter(), "probes are found by their first letter");

// Where the probes with a first letter are: the end of one is the next one's begin.
constexpr std::array<uint8_t, 257> MakeProbeIndex() {
  static_assert(kProbeCount < 256);
  std::array<uint8_t, 257> begins{};
  size_t i = kTraversals;
  for (size_t letter = 0; letter < begins.size(); ++letter) {
    while (i < kProbeCount && FirstLetter(kScannerProbes[i]) < letter) ++i;
    begins[letter] = static_cast<uint8_t>(i);
  }
  return begins;
}
constexpr std::array<uint8_t, 257> kProbeIndex = MakeProbeIndex();

bool AtSegmentEnd(std::string_view rest) {
  return rest.empty() || rest.front() == '/' || rest.front() == ';';
}

// True where `path` begins with the segments that `glob` stands for. The last '*'
// is the only one that is tried again, as in any matcher of such patterns.
bool BeginsWithSegments(std::string_view path, std::string_view glob) {
  size_t p = 0;
  size_t g = 0;
  size_t star = std::string_view::npos;
  size_t starred = 0;  // up to where the star reaches
  while (true) {
    if (g == glob.size() && AtSegmentEnd(path.substr(p))) return true;
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      starred = p;
    } else if (g < glob.size() && p < path.size() && Lower(path[p]) == glob[g]) {
      ++p;
      ++g;
    } else if (star != std::string_view::npos && starred < path.size() && path[starred] != '/') {
      p = ++starred;
      g = star + 1;
    } else {
      return false;
    }
  }
}

// The traversal in `path`. Ordinary paths have no "..", and no '%' encoded twice.
std::string_view Traversal(std::string_view path) {
  if (path.find("..") == std::string_view::npos && path.find("%25") == std::string_view::npos) {
    return {};
  }
  const std::string lower = absl::AsciiStrToLower(ToAbsl(path));
  for (size_t i = 0; i < kTraversals; ++i) {
    if (lower.find(kScannerProbes[i]) != std::string::npos) return kScannerProbes[i];
  }
  return {};
}

// The probe whose segments begin at `path[slash]`.
std::string_view ProbeAt(std::string_view path, size_t slash) {
  if (slash + 1 == path.size()) return {};
  const auto letter = static_cast<uint8_t>(Lower(path[slash + 1]));
  for (size_t i = kProbeIndex[letter]; i < kProbeIndex[letter + 1U]; ++i) {
    std::string_view glob = kScannerProbes[i];
    if (glob.front() == '^') {
      if (slash != 0) continue;
      glob.remove_prefix(1);
    }
    if (BeginsWithSegments(path.substr(slash), glob)) return kScannerProbes[i];
  }
  return {};
}

std::string_view BuiltInProbe(std::string_view path) {
  for (size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const std::string_view probe = ProbeAt(path, slash);
    if (!probe.empty()) return probe;
  }
  return Traversal(path);
}

bool IsAssetExtension(std::string_view extension) {
  if (extension.size() > kMostInWord) {
    return std::any_of(std::begin(kAssetExtensions), std::end(kAssetExtensions),
                       [extension](std::string_view known) {
                         return absl::EqualsIgnoreCase(ToAbsl(extension), ToAbsl(known));
                       });
  }
  return std::binary_search(kSortedExtensions.begin(), kSortedExtensions.end(),
                            ExtensionWord(extension));
}

bool HasAssetExtension(std::string_view path) {
  for (size_t size = 0; size < path.size() && size <= kLongestExtension; ++size) {
    const size_t at = path.size() - 1 - size;
    if (path[at] == '/') return false;
    if (path[at] == '.') return IsAssetExtension(path.substr(at + 1));
  }
  return false;
}

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
  return HasAssetExtension(normalized_path) ||
         (impl_->assets != nullptr && impl_->assets->Match(Piece(normalized_path), nullptr));
}

std::string_view PathRules::ScannerProbe(std::string_view normalized_path) const {
  if (!impl_->scanner_by_path) return {};
  const std::string_view probe = BuiltInProbe(normalized_path);
  if (!probe.empty() || impl_->probes == nullptr) return probe;
  std::vector<int> matched;
  if (!impl_->probes->Match(Piece(normalized_path), &matched)) return {};
  const int first = *std::min_element(matched.begin(), matched.end());
  return impl_->probe_patterns[static_cast<size_t>(first)];
}

}  // namespace civlog
