#include "queries/escape.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace civlog {
namespace {

struct EscapeCase {
  std::string_view text;
  std::string_view escaped;
};

TEST(EscapeForTerminal, ShowsWhatCannotBePrinted) {
  using namespace std::string_view_literals;
  const EscapeCase kCases[] = {
      {"", ""},
      {"/civil/resident", "/civil/resident"},
      {"주민등록등본 é ✓ 🙂", "주민등록등본 é ✓ 🙂"},
      {"back\\slash", "back\\slash"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {"a\r\nb\tc", "a\\x0d\\x0ab\\x09c"},
      {"nul\0nul"sv, "nul\\x00nul"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "31m",
       "\\u{009b}31m"},                                      // C1: CSI
      {"\x9b", "\\x9b"},                                     // the same as a lone byte
      {"\xe2\x80\xaegnp.exe", "\\u{202e}gnp.exe"},           // right-to-left override
      {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}"},  // isolates
      {"\xe2\x80\x8b", "\\u{200b}"},                         // zero-width space
      {"\xe2\x80\xa8", "\\u{2028}"},                         // line separator
      {"\xef\xbb\xbf", "\\u{feff}"},                         // byte order mark
      {"\xf3\xa0\x81\x81", "\\u{e0041}"},                    // tag
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong '/'
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},           // overlong, three bytes
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xed\x95", "\\xed\\x95"},                    // cut short
      {"\xed\x95x", "\\xed\\x95x"},
  };
  for (const EscapeCase& c : kCases) EXPECT_EQ(EscapeForTerminal(c.text), c.escaped);
}

TEST(EscapeForTerminal, ChangesNothingTheSecondTime) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("x") + static_cast<char>(byte) + "y\xed\x95\x9c";
    const std::string once = EscapeForTerminal(text);
    EXPECT_EQ(EscapeForTerminal(once), once) << "byte " << byte;
  }
}

// A stack of marks on one letter covers the lines above and below.
TEST(EscapeForTerminal, LimitsCombiningMarks) {
  std::string stacked = "e";
  for (int i = 0; i < 20; ++i) stacked += "\xcc\x81";
  const std::string escaped = EscapeForTerminal(stacked);
  EXPECT_NE(escaped.find("\\u{0301}"), std::string::npos);
  EXPECT_EQ(EscapeForTerminal("e\xcc\x81"), "e\xcc\x81");
}

struct WidthCase {
  std::string_view text;
  size_t width;
};

TEST(DisplayWidth, CountsColumns) {
  const WidthCase kCases[] = {
      {"", 0},
      {"abc", 3},
      {"한빛시", 6},
      {"주민등록등본 발급", 17},
      {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2},  // 한 as conjoining jamo
      {"日本", 4},
      {"Ａ", 2},  // fullwidth A
      {"ｱ", 1},   // halfwidth katakana
      {"é", 1},
      {"e\xcc\x81", 1},  // e + combining acute
      {"🙂", 2},
      {"…–█▁─·≤", 7},
      {"\xe3\x80\x80", 2},  // ideographic space
  };
  for (const WidthCase& c : kCases) EXPECT_EQ(DisplayWidth(c.text), c.width) << c.text;
}

struct ClipCase {
  std::string_view text;
  size_t width;
  std::string_view clipped;
  std::string_view head_clipped;
};

TEST(ClipToWidth, CutsWholeCharacters) {
  const ClipCase kCases[] = {
      {"abc", 3, "abc", "abc"},
      {"abcd", 3, "ab…", "…cd"},
      {"abc", 1, "…", "…"},
      {"abc", 0, "", ""},
      {"한빛시", 6, "한빛시", "한빛시"},
      {"한빛시", 5, "한빛…", "…빛시"},
      {"한빛시", 4, "한…", "…시"},
      {"e\xcc\x81"
       "e\xcc\x81",
       2,
       "e\xcc\x81"
       "e\xcc\x81",
       "e\xcc\x81"
       "e\xcc\x81"},
  };
  for (const ClipCase& c : kCases) {
    EXPECT_EQ(ClipToWidth(c.text, c.width), c.clipped) << c.text << " " << c.width;
    EXPECT_EQ(ClipHeadToWidth(c.text, c.width), c.head_clipped) << c.text << " " << c.width;
    EXPECT_LE(DisplayWidth(ClipToWidth(c.text, c.width)), c.width);
  }
}

TEST(EscapeHtml, LeavesNothingToMarkup) {
  EXPECT_EQ(EscapeHtml("<script>alert('x')</script>"),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  EXPECT_EQ(EscapeHtml("\"onload=\"x & y"), "&quot;onload=&quot;x &amp; y");
  EXPECT_EQ(EscapeHtml("]]>\x1b[31m\n\xff\xe2\x80\xae"), "]]&gt;\\x1b[31m\\x0a\\xff\\u{202e}");
  EXPECT_EQ(EscapeHtml("한빛시"), "한빛시");
}

TEST(CssString, EndsNeitherTheStringNorTheElement) {
  EXPECT_EQ(CssString("Hanbit City, 2026-W47"), "\"Hanbit City, 2026-W47\"");
  EXPECT_EQ(CssString("a\"b\\c"), "\"a\\22 b\\5c c\"");
  EXPECT_EQ(CssString("</style>"), "\"\\3c \\2f style\\3e \"");
  EXPECT_EQ(CssString("한\n"), "\"한\\5c x0a\"");
}

TEST(UrlPath, IsAFileBesideThePage) {
  EXPECT_EQ(UrlPath("Tax-Division.html"), "./Tax-Division.html");
  EXPECT_EQ(UrlPath("javascript:x"), "./javascript%3Ax");
  EXPECT_EQ(UrlPath("a/b?c#d"), "./a%2Fb%3Fc%23d");
  EXPECT_EQ(UrlPath("세정과"), "./%EC%84%B8%EC%A0%95%EA%B3%BC");
}

}  // namespace
}  // namespace civlog
