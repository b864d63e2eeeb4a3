#include "engine/charset.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace civlog {
namespace {

TEST(CharsetTest, KnowsWhatIconvKnows) {
  for (const char* name : {"EUC-KR", "CP949", "Big5", "CP1252", "UTF-8"}) {
    EXPECT_TRUE(IsCharset(name)) << name;
  }
  for (const char* name : {"", "EUC-KP", "no such"}) EXPECT_FALSE(IsCharset(name)) << name;
}

TEST(CharsetTest, PathsOfOldPortals) {
  struct Case {
    std::string path;
    std::string charset;
    std::string readable;
  };
  const std::vector<Case> cases = {
      {"/%B0%A1/list.do", "EUC-KR", "/가/list.do"},
      {"/\xB0\xA1", "CP949", "/가"},
      {"/%8CY%A5", "CP949", "/%8CY%A5"},  // cut within a character
      {"/%EA%B0%80", "EUC-KR", "/가"},    // UTF-8 goes before
      {"/%A4%A4%A4%E5", "Big5", "/中文"},
      {"/caf%E9", "CP1252", "/café"},
      {"/a%2Fb%20c", "EUC-KR", "/a%2Fb%20c"},  // means something else decoded
      {"/%B0%A1", "", "/%B0%A1"},
      {"/%B0", "EUC-KR", "/%B0"},
      {"/%", "EUC-KR", "/%"},
  };
  for (const Case& c : cases) EXPECT_EQ(ReadablePath(c.path, c.charset), c.readable) << c.path;
}

TEST(CharsetTest, TextThatIsNone) {
  EXPECT_FALSE(ToUtf8("\xB0", "EUC-KR").has_value());
  EXPECT_FALSE(ToUtf8("a", "no such charset").has_value());
  EXPECT_EQ(ToUtf8("", "EUC-KR"), "");
}

}  // namespace
}  // namespace civlog
