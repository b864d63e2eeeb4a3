#include "engine/path.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/query_constraints.h"

namespace civlog {
namespace {

std::string Normalized(std::string_view raw) {
  std::string out = "what was there before";
  NormalizePath(raw, &out);
  return out;
}

TEST(PathTest, Normalizing) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "/"},
      {"/", "/"},
      {"//", "/"},
      {"/a/b", "/a/b"},
      {"/a//b///c/", "/a/b/c/"},
      {"*", "*"},
      // Session ids of servlet containers, whatever the case of the name.
      {"/a;jsessionid=0A1B.node1/b", "/a/b"},
      {"/a.do;jsessionid=0A1B.node1", "/a.do"},
      {"/a;JSessionID=x;v=1", "/a;v=1"},
      {"/a;v=1;jsessionid=x;w=2/b", "/a;v=1;w=2/b"},
      {"/a;jsessionid=", "/a"},
      {"/a;jsessionid=x;jsessionid=y", "/a"},
      {"/;jsessionid=x/b", "/b"},
      {";jsessionid=x", "/"},
      // Other parameters, and what only looks like a session id, stay.
      {"/a;v=1", "/a;v=1"},
      {"/a;jsessionids=1", "/a;jsessionids=1"},
      {"/a;jsessionid/b", "/a;jsessionid/b"},
      {"/jsessionid=1", "/jsessionid=1"},
      {"/a%3Bjsessionid=1", "/a%3Bjsessionid=1"},
      // Unreserved characters are decoded, nothing else is.
      {"/%7euser/%41%2d%2E%5f%7E", "/~user/A-._~"},
      {"/a%2fb%2F%e3%81", "/a%2Fb%2F%E3%81"},
      {"/%3f%23%20%00%25", "/%3F%23%20%00%25"},
      {"/%2541", "/%2541"},
      {"/%2e%2e/a", "/../a"},
      {"/a/%2F/b", "/a/%2F/b"},
      // What is no triplet stands as it is.
      {"/100%/%zz/%4", "/100%/%zz/%4"},
      {"/%", "/%"},
      {"/%%41", "/%A"},
      {"/\xea\xb2\x80\xff", "/\xea\xb2\x80\xff"}};
  for (const auto& [raw, normal] : cases) EXPECT_EQ(Normalized(raw), normal) << raw;
}

// Paths are looked at many bytes at once.
TEST(PathTest, NormalizesWhereverItHasTo) {
  for (size_t size = 1; size <= 70; ++size) {
    const std::string plain = "/" + std::string(size - 1, 'p');
    EXPECT_EQ(Normalized(plain), plain);
    for (size_t at = 0; at <= size; ++at) {
      const auto with = [&](std::string_view text) {
        return plain.substr(0, at) + std::string(text) + plain.substr(at);
      };
      EXPECT_EQ(Normalized(with("%41")), with("A"));
      EXPECT_EQ(Normalized(with("%")), with("%"));
      EXPECT_EQ(Normalized(with("/;jsessionid=x/")), at < 2 ? "/" + plain.substr(1) : with("/"));
      EXPECT_EQ(Normalized(with("//")), at < 2 ? "/" + plain.substr(1) : with("/"));
      // Alone it stands as it is, but behind another one.
      EXPECT_EQ(Normalized(with("/")), at < 2 ? plain : with("/"));
    }
  }
}

TEST(PathTest, NormalizingTwiceChangesNothingMore) {
  for (const char* raw : {"/a//b;jsessionid=1/c", "/%41%2f", "/a%252Fb", "/%e3%81/;x=1", ""}) {
    const std::string once = Normalized(raw);
    EXPECT_EQ(Normalized(once), once) << raw;
  }
}

TEST(PathTest, SplittingTargets) {
  const std::vector<std::tuple<std::string, std::string, std::string, bool>> cases = {
      {"/a?b=c?d", "/a", "b=c?d", true},
      {"/a?", "/a", "", true},
      {"/a", "/a", "", false},
      {"/a#f?x", "/a", "", false},
      {"/a?b#f", "/a", "b", true},
      {"//host/a", "//host/a", "", false},
      {"http://www.example/a?b", "/a", "b", true},
      {"http://www.example", "", "", false},
      {"http://www.example?q", "", "q", true},
      {"/go?to=http://x/", "/go", "to=http://x/", true},
      {"go?to=http://x/", "go", "to=http://x/", true},
      {"*", "*", "", false},
      {"", "", "", false},
      {"www.example:443", "", "", false}};
  for (const auto& [target, path, query, has_query] : cases) {
    const Target split = SplitTarget(target);
    EXPECT_EQ(split.path, path) << target;
    EXPECT_EQ(split.query, query) << target;
    EXPECT_EQ(split.has_query, has_query) << target;
  }
}

TEST(PathTest, NonAsciiIsEncodedAsBrowsersDo) {
  EXPECT_EQ(EncodeNonAscii("/검색/a~%2F"), "/%EA%B2%80%EC%83%89/a~%2F");
  EXPECT_EQ(EncodeNonAscii("/plain"), "/plain");
}

TEST(QueryConstraintsTest, OnePassFindsAllThatAreMet) {
  struct QueryCase {
    std::string query;
    std::string key;
    const char* value;  // null: any
    bool met;
  };
  const std::vector<QueryCase> cases = {
      {"a=1&step=3", "step", "3", true}, {"step=3&a=1", "step", "3", true},
      {"st%65p=%33", "step", "3", true}, {"q=a+b", "q", "a b", true},
      {"q=a%20b", "q", "a b", true},     {"q=a%2Bb", "q", "a b", false},
      {"q=a%2Bb", "q", "a+b", true},     {"flag", "flag", "", true},
      {"flag=", "flag", "", true},       {"flag=x", "flag", "", false},
      {"step=33", "step", "3", false},   {"step=3x", "step", "3", false},
      {"xstep=3", "step", "3", false},   {"step=2&step=3", "step", "3", true},
      {"", "step", "3", false},          {"&&=&step=3&", "step", "3", true},
      {"step%00=3", "step", "3", false}, {"step%003", "step", "3", false},
      {"STEP=3", "step", "3", false},    {"q=a=b", "q", "a=b", true},
      {"q=%EC%8B%9C", "q", "시", true},  {"q=%", "q", "%", true},
      {"a&b=2", "b", nullptr, true},     {"ab=2", "b", nullptr, false},
      {"b", "b", nullptr, true},         {"a=b", "b", nullptr, false},
      {"%62=", "b", nullptr, true},
  };
  QueryConstraints constraints;
  std::vector<ConstraintId> ids;
  for (const QueryCase& c : cases) {
    const bool any = c.value == nullptr;
    ids.push_back(constraints.Add({c.key, any ? "" : c.value, any}));
  }
  for (int i = 0; i < 100; ++i) constraints.Add({"filler", std::to_string(i), false});
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(constraints.Find(cases[i].query).Has(ids[i]), cases[i].met)
        << cases[i].query << " for " << cases[i].key;
  }
  EXPECT_EQ(constraints.Add({"step", "3", false}), ids[0]) << "the same constraint";
  EXPECT_NE(constraints.Add({"step", "", true}), ids[0]);
}

// Text of bytes that mean something in a URL, and of others.
std::string RandomUrl(std::mt19937* random, size_t most) {
  constexpr std::string_view kBytes = "//ab.:@[]?#=";
  std::string text((*random)() % (most + 1), 'x');
  for (char& c : text) {
    if ((*random)() % 3 == 0) c = kBytes[(*random)() % kBytes.size()];
  }
  return text;
}

TEST(SplitTargetTest, EqualsAPlainSplit) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::string target = "/" + RandomUrl(&random, 70);
    const std::string whole = target.substr(0, target.find('#'));
    const size_t mark = whole.find('?');
    const Target split = SplitTarget(target);
    EXPECT_EQ(split.path, whole.substr(0, mark)) << target;
    EXPECT_EQ(split.has_query, mark != std::string::npos) << target;
    EXPECT_EQ(split.query, mark == std::string::npos ? "" : whole.substr(mark + 1)) << target;
  }
}

// RFC 3986, section 3.2: [ userinfo "@" ] host [ ":" port ].
std::string PlainAuthorityHost(std::string url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "";
  url = url.substr(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  url = url.substr(url.rfind('@') + 1);
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find(':'));
}

TEST(AuthorityHostTest, EqualsAPlainSplit) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const char* const schemes[] = {"http://", "https://", "ftp://", ""};
    const std::string url = schemes[random() % 4] + RandomUrl(&random, 40);
    EXPECT_EQ(AuthorityHost(url), PlainAuthorityHost(url)) << url;
  }
}

}  // namespace
}  // namespace civlog
