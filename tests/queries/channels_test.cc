#include "queries/channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "queries/csv_reader.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHeader[] = "service,week,channel,completions\n";

Catalog MakeCatalog() {
  Catalog catalog;
  for (const char* id : {"resident-certificate", "petitions"}) {
    Service& service = catalog.services.emplace_back();
    service.id = id;
    service.kind =
        catalog.services.size() == 1 ? ServiceKind::kTransaction : ServiceKind::kParticipation;
  }
  return catalog;
}

absl::StatusOr<ChannelCounts> Parse(const std::string& rows) {
  return ChannelCounts::Parse(kHeader + rows, "c.csv", MakeCatalog());
}

std::vector<std::string> Lines(const absl::Status& status) {
  std::vector<std::string> lines(1);
  for (const char c : std::string(status.message())) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  return lines;
}

TEST(CsvReaderTest, QuotesAndLines) {
  CsvReader reader(
      "\xEF\xBB\xBF"
      "a,\"b,\"\"c\"\"\r\nd\",\r\n\n\"\"\n\"open");
  std::optional<CsvRow> row = reader.Next();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->line, 1u);
  EXPECT_EQ(row->problem, "");
  EXPECT_THAT(row->cells, ElementsAre("a", "b,\"c\"\r\nd", ""));
  row = reader.Next();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->line, 4u);
  EXPECT_THAT(row->cells, ElementsAre(""));
  row = reader.Next();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->line, 5u);
  EXPECT_EQ(row->problem, "a quote is not closed");
  EXPECT_FALSE(reader.Next().has_value());
}

TEST(CsvReaderTest, ItGoesOnBehindAProblem) {
  for (const char* bad : {"a\"b,c", "\"a\"b,c", "a\rb"}) {
    CsvReader reader(std::string_view(*new std::string(std::string(bad) + "\nx,y\n")));
    std::optional<CsvRow> row = reader.Next();
    ASSERT_TRUE(row.has_value());
    EXPECT_NE(row->problem, "") << bad;
    row = reader.Next();
    ASSERT_TRUE(row.has_value()) << bad;
    EXPECT_THAT(row->cells, ElementsAre("x", "y"));
    EXPECT_EQ(row->line, 2u);
  }
}

TEST(ChannelsTest, CountsByWeek) {
  const auto counts = Parse(
      "resident-certificate,2026-W47,counter,412\n"
      "resident-certificate,2026-W47,\"by post, or fax\",0\n"
      "resident-certificate,2026-W53,counter,9\n");
  ASSERT_TRUE(counts.ok()) << counts.status();
  const auto* week = counts->Find("resident-certificate", absl::CivilDay(2026, 11, 16));
  ASSERT_NE(week, nullptr);
  EXPECT_THAT(*week,
              ElementsAre(testing::Pair("by post, or fax", 0u), testing::Pair("counter", 412u)));
  EXPECT_NE(counts->Find("resident-certificate", absl::CivilDay(2026, 12, 28)), nullptr);
  EXPECT_EQ(counts->Find("resident-certificate", absl::CivilDay(2026, 11, 23)), nullptr);
}

TEST(ChannelsTest, EveryErrorWithItsLineAndRemedy) {
  const auto counts = Parse(
      "resident-certificat,2026-W47,counter,1\n"
      "petitions,2026-W47,counter,1\n"
      "resident-certificate,2027-W53,counter,1\n"
      "resident-certificate,2026-W47,online,1\n"
      "resident-certificate,2026-W47,,1\n"
      "resident-certificate,2026-W47,counter,-1\n"
      "resident-certificate,2026-W47,counter\n"
      "resident-certificate,2026-W47,kiosk,1\n"
      "resident-certificate,2026-W47,kiosk,99999999999999999999\n"
      "resident-certificate,2026-W47,kiosk,2\n"
      "\"resident\x1b[31m,2026-W47,kiosk,2\n");
  ASSERT_FALSE(counts.ok());
  EXPECT_THAT(
      Lines(counts.status()),
      ElementsAre(HasSubstr("c.csv:2: \"resident-certificat\" is no service; did you mean "
                            "\"resident-certificate\"?; give"),
                  HasSubstr("c.csv:3: \"petitions\" is no transaction"),
                  HasSubstr("c.csv:4: \"2027-W53\" is no week; write an ISO week such as"),
                  HasSubstr("c.csv:5: online is no other channel"),
                  HasSubstr("c.csv:6: the channel has no name"),
                  HasSubstr("c.csv:7: \"-1\" is no number of completions"),
                  HasSubstr("c.csv:8: has 3 cells, not 4"),
                  HasSubstr("c.csv:10: \"99999999999999999999\" is no number"),
                  HasSubstr("c.csv:11: is for the same service, week and channel as line 9"),
                  HasSubstr("c.csv:12: a quote is not closed")));
}

TEST(ChannelsTest, TheHeaderIsThere) {
  for (const char* text : {"", "a,b\n", "service;week;channel;completions\n"}) {
    const auto counts = ChannelCounts::Parse(text, "c.csv", MakeCatalog());
    EXPECT_THAT(std::string(counts.status().message()),
                HasSubstr("c.csv:1: the header line is missing or another"));
  }
  EXPECT_TRUE(Parse("").ok());
}

TEST(ChannelsTest, AFileThatIsNotThere) {
  const auto counts = ChannelCounts::Load("no/such.csv", MakeCatalog());
  EXPECT_THAT(std::string(counts.status().message()),
              HasSubstr("no/such.csv: No such file or directory; check [report] channels"));
}

TEST(ChannelsTest, DigitalTakeUp) {
  Analysis analysis = SampleAnalysis();
  const auto counts = Parse(
      "resident-certificate,2026-W47,counter,300\n"
      "resident-certificate,2026-W47,kiosk,50\n");
  ASSERT_TRUE(counts.ok()) << counts.status();
  AddChannels(*counts, &analysis);
  for (const ServiceFigures& service : analysis.services) {
    if (service.id != "resident-certificate") {
      EXPECT_FALSE(service.digital_take_up.value) << service.id;
      continue;
    }
    EXPECT_EQ(service.digital_take_up.numerator, 650u);
    EXPECT_EQ(service.digital_take_up.denominator, 1000u);
    ASSERT_EQ(service.other_channels.size(), 2u);
    EXPECT_EQ(service.other_channels[0].name, "counter");
  }
}

TEST(ChannelsTest, OnlyWhereEveryWeekIsKnown) {
  const auto counts = Parse("resident-certificate,2026-W47,counter,300\n");
  ASSERT_TRUE(counts.ok()) << counts.status();
  Analysis fortnight = SampleAnalysis();
  fortnight.to = *fortnight.to + absl::Hours(7 * 24);
  Analysis partial = SampleAnalysis();
  partial.partial_week = true;
  Analysis empty = EmptyAnalysis();
  for (Analysis* analysis : {&fortnight, &partial, &empty}) {
    AddChannels(*counts, analysis);
    for (const ServiceFigures& service : analysis->services) {
      EXPECT_FALSE(service.digital_take_up.value);
      EXPECT_TRUE(service.other_channels.empty());
    }
  }
}

}  // namespace
}  // namespace civlog
