#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "queries/escape.h"
#include "queries/text_bars.h"
#include "queries/text_line.h"
#include "queries/text_table.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Plain(const TextBlock& block) {
  std::vector<std::string> lines;
  for (const TextLine& line : block) lines.push_back(line.Render(false));
  return lines;
}

TEST(TextLine, EscapesAndAligns) {
  TextLine line;
  line.AddLeft("한빛", 6).AddRight("7", 4).Add("\x1b[2J");
  EXPECT_EQ(line.Render(false), "한빛     7\\x1b[2J");
  EXPECT_EQ(line.width(), 17u);
}

TEST(TextLine, ColoursOnlyOnRequest) {
  const TextLine line = TextLine("a", Style::kDim).Add("b").Add("c  ", Style::kBold);
  EXPECT_EQ(line.Render(false), "abc");
  EXPECT_EQ(line.Render(true), "\x1b[2ma\x1b[0mb\x1b[1mc  \x1b[0m");
}

TEST(TextLine, ClipsAcrossSpans) {
  for (size_t width = 0; width <= 12; ++width) {
    TextLine line = TextLine("한글", Style::kDim).Add("abc", Style::kBold).Add("시청");
    const std::string whole = line.Render(false);
    line.ClipTo(width);
    EXPECT_LE(line.width(), width);
    EXPECT_EQ(line.Render(false) == whole, width >= 11) << width;
    if (width > 0 && width < 11) {
      EXPECT_NE(line.Render(false).find("…"), std::string::npos) << width;
    }
  }
}

TEST(WrapText, BreaksAtBlanksElseAnywhere) {
  EXPECT_THAT(Plain(WrapText(TextLine("! "), "one two three", Style::kPlain, 9)),
              ElementsAre("! one two", "  three"));
  EXPECT_THAT(Plain(WrapText(TextLine(), "abcdefgh", Style::kPlain, 3)),
              ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(Plain(WrapText(TextLine(), "한글한글", Style::kPlain, 5)),
              ElementsAre("한글", "한글"));
  EXPECT_THAT(Plain(WrapText(TextLine("x"), "", Style::kPlain, 5)), ElementsAre("x"));
}

TEST(WrapItems, BreaksBetweenItemsOnly) {
  const std::vector<std::string> items = {"one 1", "two 2", "three 3"};
  EXPECT_THAT(Plain(WrapItems(items, Style::kPlain, 1, 14)),
              ElementsAre(" one 1 · two 2", " three 3"));
  EXPECT_THAT(Plain(WrapItems(items, Style::kPlain, 1, 14, Joint::kPlus)),
              ElementsAre(" one 1 + two 2", " + three 3"));
  EXPECT_TRUE(WrapItems({}, Style::kPlain, 1, 14).empty());
}

TEST(LayOutGrid, KeepsColumnsApart) {
  const TextBlock left = {TextLine("a"), TextLine("b")};
  const TextBlock right = {TextLine("c")};
  EXPECT_THAT(Plain(LayOutGrid({left, right, left}, 2, 13)),
              ElementsAre("a       c", "b", "", "a", "b"));
}

TextTable MakeTable() {
  TableColumn name;
  name.heading = "service";
  name.align = Align::kLeft;
  name.flexible = true;
  name.least = 4;
  TableColumn visits;
  visits.heading = "visits";
  TableColumn extra;
  extra.heading = "page views";
  extra.priority = 1;
  TextTable table({name, visits, extra});
  table.AddRow({{"주민등록등본"}, {"1,234"}, {"9"}});
  table.AddRow({{"tax"}, {"5"}, {"10,000"}});
  return table;
}

TEST(TextTable, AlignsByDisplayWidth) {
  EXPECT_THAT(Plain(MakeTable().Render(80)),
              ElementsAre(" service       visits  page views", " 주민등록등본   1,234           9",
                          " tax                5      10,000"));
}

TEST(TextTable, LeavesOutTheLessImportantThenNarrows) {
  EXPECT_THAT(
      Plain(MakeTable().Render(21)),
      ElementsAre(" service       visits", " 주민등록등본   1,234", " tax                5"));
  EXPECT_THAT(Plain(MakeTable().Render(15)),
              ElementsAre(" servi…  visits", " 주민…    1,234", " tax          5"));
}

TEST(TextTable, TitleStandsOverColumnsWithoutHeading) {
  TableColumn count;
  count.heading = "n";
  TextTable table({{"", Align::kLeft}, {"", Align::kLeft}, count});
  table.SetTitle("A title that is long", Style::kBold);
  table.AddRow({{"step"}, {"███"}, {"12"}});
  EXPECT_THAT(Plain(table.Render(40)), ElementsAre(" A title …   n", " step  ███  12"));
}

TEST(Bar, ShowsAnythingAboveZero) {
  EXPECT_EQ(Bar(0, 10, 4), "");
  EXPECT_EQ(Bar(1, 1000000, 4), "▏");
  EXPECT_EQ(Bar(5, 10, 4), "██");
  EXPECT_EQ(Bar(10, 10, 4), "████");
  EXPECT_EQ(Bar(20, 10, 4), "████");
  EXPECT_EQ(Bar(9, 16, 4), "██▎");
  EXPECT_EQ(Bar(1, 0, 4), "");
}

TEST(SpanBar, StretchesTileTheWhole) {
  EXPECT_EQ(SpanBar(0, 10, 10, 5), "█████");
  EXPECT_EQ(SpanBar(5, 10, 10, 5), "  ▐██");
  EXPECT_EQ(SpanBar(0, 5, 10, 5), "██▌");
  EXPECT_EQ(SpanBar(1000000, 1000001, 1000001, 5), "    ▐");
  EXPECT_EQ(SpanBar(0, 1, 1000000, 5), "▌");
  EXPECT_EQ(SpanBar(3, 3, 10, 5), "");
}

TEST(StackedBar, FillsItsWidth) {
  for (const std::vector<uint64_t>& parts :
       std::vector<std::vector<uint64_t>>{{1, 1, 1, 1}, {1000000, 1, 1, 1}, {1, 0, 0, 99}}) {
    for (size_t width = 8; width < 40; ++width) {
      EXPECT_EQ(DisplayWidth(StackedBar(parts, width)), width);
    }
  }
  EXPECT_NE(StackedBar({1000000, 1}, 20).find(ShadeOf(1)), std::string::npos);
  EXPECT_EQ(StackedBar({0, 0}, 20), "");
}

TEST(Spark, HasEightHeights) {
  EXPECT_EQ(Spark(0, 100), " ");
  EXPECT_EQ(Spark(1, 100), "▁");
  EXPECT_EQ(Spark(50, 100), "▄");
  EXPECT_EQ(Spark(100, 100), "█");
}

}  // namespace
}  // namespace civlog
