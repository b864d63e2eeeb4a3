#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "engine/audience.h"

namespace civlog {
namespace {

std::unique_ptr<PathRules> MakeRules(const Catalog& catalog = {}) {
  auto rules = PathRules::Make(catalog);
  return rules.ok() ? *std::move(rules) : nullptr;
}

TEST(PathRulesTest, AssetsByExtension) {
  const auto rules = MakeRules();
  ASSERT_NE(rules, nullptr);
  for (const std::string_view path :
       {"/css/site.css", "/a/B.PNG", "/fonts/x.woff2", "/app.min.js", "/manifest.webmanifest",
        "/movie.mp4", "/a.b/c.Svg", "favicon.ico", "/.css"}) {
    EXPECT_TRUE(rules->IsAsset(path)) << path;
  }
  for (const std::string_view path :
       {"/", "", "/apply.do", "/doc/form.pdf", "/doc/form.hwp", "/doc/form.hwpx", "/doc/a.zip",
        "/doc/a.xlsx", "/style.css/x", "/style.css/", "/css", "/x.", "/x.cssx", "/x.webmanifests",
        "/page.json"}) {
    EXPECT_FALSE(rules->IsAsset(path)) << path;
  }
  for (const std::string_view extension : AssetExtensions()) {
    const std::string path = "/x." + std::string(extension);
    EXPECT_TRUE(rules->IsAsset(path)) << path;
    EXPECT_TRUE(rules->IsAsset(absl::AsciiStrToUpper(path))) << path;
    const std::string zero(1, '\0');
    EXPECT_FALSE(rules->IsAsset("/x." + zero + std::string(extension))) << path;
    EXPECT_FALSE(rules->IsAsset(path + zero)) << path;
  }
  EXPECT_FALSE(rules->IsAsset(std::string_view("/x.\0\0\0\0\0\0\0\0", 11)));
}

TEST(PathRulesTest, AssetsByPattern) {
  Catalog catalog;
  catalog.asset_patterns = {"^/thumbs/", "/captcha$"};
  const auto rules = MakeRules(catalog);
  ASSERT_NE(rules, nullptr);
  EXPECT_TRUE(rules->IsAsset("/thumbs/7"));
  EXPECT_TRUE(rules->IsAsset("/join/captcha"));
  EXPECT_FALSE(rules->IsAsset("/a/thumbs/7"));
}

TEST(PathRulesTest, BuiltInProbes) {
  struct Case {
    std::string_view path;
    std::string_view probe;  // "" for none
  };
  const Case cases[] = {
      {"/.env", "/.env*"},
      {"/shop/.ENV", "/.env*"},
      {"/.env.production", "/.env*"},
      {"/.git/config", "/.git"},
      {"/.git", "/.git"},
      {"/.git;x", "/.git"},
      {"/.github", ""},
      {"/.aws/credentials", "/.aws"},
      {"/.well-known/security.txt", ""},
      {"/wp-login.php", "/wp-login*"},
      {"/blog/wp-login.php", "/wp-login*"},
      {"/wp-admin/setup-config.php", "/wp-admin"},
      {"/wp-administration", ""},
      {"/wp-content/plugins/gallery/readme.txt", "/wp-content/plugins/*/readme*"},
      {"/wp-content/plugins/gallery/style.css", ""},
      {"/wp-content/plugins/a/b/readme.txt", ""},
      {"/wp-includes/wlwmanifest.xml", "/wlwmanifest.xml"},
      {"/wp-includes/jquery.js", ""},
      {"/xmlrpc.php", "/xmlrpc.php"},
      {"/phpMyAdmin-4.9/index.php", "/phpmyadmin*"},
      {"/cgi-bin/luci", "/cgi-bin/luci"},
      {"/cgi-bin/luci/;stok=x", "/cgi-bin/luci"},
      {"/cgi-bin/board.cgi", ""},
      {"/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/vendor/phpunit"},
      {"/actuator", "^/actuator"},
      {"/Actuator/env", "^/actuator"},
      {"/news/actuator", ""},
      {"/actuators", ""},
      {"/boaform/admin/formLogin", "^/boaform"},
      {"/HNAP1/", "^/hnap1"},
      {"/shell", "^/shell"},
      {"/shellfish", ""},
      {"/news/shell", ""},
      {"/x/shell4.php", "/shell*.php"},
      {"/solr/admin/info/system", "^/solr/admin"},
      {"/solr", ""},
      {"/_ignition/execute-solution", "/_ignition"},
      {"/owa/auth/logon.aspx", "^/owa/auth"},
      {"/download/etc/passwd", "/etc/passwd*"},
      {"/static/../../x", "../"},
      {"/static..%2F..%2Fx", "..%2f"},
      {"/a/..;/manager", "..;/"},
      {"/a/%252E%252e/x", "%252e%252e"},
      {"/news/v1..v2", ""},
      {"/news/100%25", ""},
      {"/news/environment", ""},
      {"/civil/apply.do", ""},
      {"/%EB%AF%BC%EC%9B%90/%EC%95%88%EB%82%B4", ""},
      {"/", ""},
      {"", ""},
      {"*", ""},
      {".env", ""},
      {"/wp-content/plugins/", ""},
      {std::string_view("/\0/.env\0", 8), "/.env*"},
  };
  const auto rules = MakeRules();
  ASSERT_NE(rules, nullptr);
  for (const Case& c : cases) EXPECT_EQ(rules->ScannerProbe(c.path), c.probe) << c.path;
}

// A '*' is filled in; what stands for no segment of a path is taken as it is.
TEST(PathRulesTest, EveryProbeOfTheTableIsFound) {
  const auto rules = MakeRules();
  ASSERT_NE(rules, nullptr);
  for (const std::string_view probe : ScannerProbes()) {
    std::string path(probe);
    if (path.front() == '^') path.erase(0, 1);
    if (path.front() != '/') path.insert(0, "/a/");
    for (size_t star = path.find('*'); star != std::string::npos; star = path.find('*')) {
      path.replace(star, 1, "-7");
    }
    EXPECT_FALSE(rules->ScannerProbe(path).empty()) << path;
    if (probe.front() == '^') {
      EXPECT_TRUE(rules->ScannerProbe("/news" + path).empty()) << path;
    }
  }
}

TEST(PathRulesTest, LongPathsAreHarmless) {
  const auto rules = MakeRules();
  ASSERT_NE(rules, nullptr);
  std::string path;
  while (path.size() < (size_t{1} << 20)) path += "/wp-content/plugins/a";
  EXPECT_EQ(rules->ScannerProbe(path), "");
  EXPECT_EQ(rules->ScannerProbe(path + "/.env"), "/.env*");
  EXPECT_EQ(rules->ScannerProbe("/wp-login" + std::string(size_t{1} << 20, 'a')), "/wp-login*");
}

TEST(PathRulesTest, TheCatalogueAddsProbesAndSwitchesThemOff) {
  Catalog catalog;
  catalog.scanner_patterns = {"^/secret-console", "console"};
  const auto rules = MakeRules(catalog);
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->ScannerProbe("/secret-console/x"), "^/secret-console");
  EXPECT_EQ(rules->ScannerProbe("/x/console"), "console");
  EXPECT_EQ(rules->ScannerProbe("/.env"), "/.env*");
  EXPECT_EQ(rules->ScannerProbe("/news"), "");
  catalog.scanner_by_path = false;
  const auto off = MakeRules(catalog);
  ASSERT_NE(off, nullptr);
  for (const std::string_view path : {"/.env", "/secret-console", "/a/../b"}) {
    EXPECT_EQ(off->ScannerProbe(path), "") << path;
  }
}

TEST(PathRulesTest, BadPatternsAreNamed) {
  Catalog catalog;
  catalog.scanner_patterns = {"("};
  EXPECT_EQ(PathRules::Make(catalog).status().code(), absl::StatusCode::kInvalidArgument);
  catalog.scanner_patterns.clear();
  catalog.asset_patterns = {"["};
  EXPECT_EQ(PathRules::Make(catalog).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace civlog
