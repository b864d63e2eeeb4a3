// Disclosure control on single analyses, and what the formats make of it. That nothing can
// be computed from what it leaves is tests/oracle/disclosure_test.cc's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "queries/analysis_json.h"
#include "queries/analysis_tables.h"
#include "queries/disclosure.h"
#include "queries/disclosure_table.h"
#include "queries/report_text.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Rank = DisclosureTable::Rank;

Analysis Controlled(Analysis analysis) {
  ApplyDisclosureControl(&analysis);
  return analysis;
}

TEST(DisclosureTableTest, RoundsAndKeepsBack) {
  const std::pair<uint64_t, uint64_t> kCases[] = {{0, 0},
                                                  {1, kSuppressedCount},
                                                  {9, kSuppressedCount},
                                                  {10, 10},
                                                  {12, 10},
                                                  {13, 15},
                                                  {17, 15},
                                                  {18, 20},
                                                  {999, 1000},
                                                  {1000, 1000}};
  for (const auto& [count, published] : kCases) {
    uint64_t place = count;
    DisclosureTable table;
    table.Add("x", &place, Rank::kFigure);
    table.Publish();
    EXPECT_EQ(place, published) << count;
  }
}

TEST(DisclosureTableTest, ASecondPartGoesTheSmallestOfTheLeastRank) {
  uint64_t total = 100, small = 4, other = 30, third = 66;
  DisclosureTable table;
  table.Sum(table.Add("total", &total, Rank::kTotal),
            {table.Add("small", &small, Rank::kFigure), table.Add("other", &other, Rank::kFigure),
             table.Add("third", &third, Rank::kDetail)});
  table.Publish();
  EXPECT_EQ(total, 100u);
  EXPECT_TRUE(IsSuppressed(small));
  EXPECT_EQ(other, 30u);
  EXPECT_TRUE(IsSuppressed(third));
}

TEST(DisclosureTableTest, OneSecondBringsTheNext) {
  uint64_t a = 40, b = 4, c = 36, d = 60, e = 96;
  DisclosureTable table;
  const auto a_cell = table.Add("a", &a, Rank::kTotal);
  const auto c_cell = table.Add("c", &c, Rank::kFigure);
  const auto e_cell = table.Add("e", &e, Rank::kTotal);
  table.Sum(a_cell, {table.Add("b", &b, Rank::kFigure), c_cell});
  table.Sum(e_cell, {c_cell, table.Add("d", &d, Rank::kFigure)});
  table.Publish();
  EXPECT_EQ(a, 40u);
  EXPECT_TRUE(IsSuppressed(b) && IsSuppressed(c) && IsSuppressed(d));
  EXPECT_EQ(e, 95u);
}

// 10 - 10 would leave 1 and 2 only, even with the second part kept back.
TEST(DisclosureTableTest, WhatStaysPossibleIsNotTooLittle) {
  uint64_t total = 12, small = 2, other = 10;
  DisclosureTable table;
  table.Sum(table.Add("total", &total, Rank::kTotal),
            {table.Add("small", &small, Rank::kFigure), table.Add("other", &other, Rank::kFigure)});
  table.Publish();
  EXPECT_TRUE(IsSuppressed(total) && IsSuppressed(small) && IsSuppressed(other));
}

TEST(DisclosureTableTest, TheBreakdownOfASmallTotalGoesWhole) {
  uint64_t total = 3, one = 3, none = 0, apart = 0;
  DisclosureTable table;
  table.Sum(table.Add("total", &total, Rank::kTotal),
            {table.Add("one", &one, Rank::kFigure), table.Add("none", &none, Rank::kFigure)});
  table.Add("apart", &apart, Rank::kFigure);
  table.Publish();
  EXPECT_TRUE(IsSuppressed(total) && IsSuppressed(one) && IsSuppressed(none));
  EXPECT_EQ(apart, 0u);
}

TEST(DisclosureTableTest, AFigureIsTheSameInAllPlaces) {
  uint64_t here = 7, there = 7, total = 50, other = 43, again = 43;
  DisclosureTable table;
  const auto cell = table.Add("x", &here, Rank::kFigure);
  table.Add("x", &there, Rank::kFigure);
  table.Sum(table.Add("total", &total, Rank::kTotal),
            {cell, table.Add("other", &other, Rank::kFigure)});
  table.Add("other", &again, Rank::kFigure);
  table.Publish();
  EXPECT_TRUE(IsSuppressed(here) && IsSuppressed(there));
  EXPECT_TRUE(IsSuppressed(other) && IsSuppressed(again));
}

TEST(DisclosureControlTest, OnceIsEnough) {
  const Analysis once = Controlled(SampleAnalysis());
  EXPECT_EQ(AnalysisToJson(Controlled(once), "en"), AnalysisToJson(once, "en"));
}

TEST(DisclosureControlTest, WhatTellsSingleCitizens) {
  const Analysis analysis = Controlled(HostileAnalysis());
  const std::string json = AnalysisToJson(analysis, "en");
  EXPECT_TRUE(analysis.rejected_samples.empty() && analysis.sources.empty());
  EXPECT_TRUE(analysis.top_pages.empty() && analysis.top_exit_pages.empty());
  EXPECT_FALSE(analysis.latency_ms.max.has_value());
  EXPECT_TRUE(analysis.latency_ms.p99.has_value());  // of a million
  for (const ServiceFigures& service : analysis.services) {
    const LatencySummary& time = service.time_to_complete_s;
    EXPECT_FALSE(time.max || time.p99);  // of 650
    EXPECT_EQ(time.p95.has_value(), time.count == 650);
  }
  EXPECT_EQ(analysis.bytes_sent, 18'000'000'000u);
  for (const AudienceTraffic& traffic : analysis.traffic_by_audience) {
    EXPECT_TRUE(IsSuppressed(traffic.bytes_sent));
  }
}

TEST(DisclosureControlTest, WithoutACatalogueServicesAreWhatStrangersWrote) {
  Analysis analysis = SampleAnalysis();
  analysis.has_catalog = false;
  ApplyDisclosureControl(&analysis);
  EXPECT_TRUE(analysis.services.empty());
  EXPECT_EQ(analysis.unclassified_requests, analysis.counted);
}

// A number that no format may show, and one that would come of computing with it.
TEST(DisclosureControlTest, NoFormatComputesWithWhatIsKeptBack) {
  Analysis small = SampleAnalysis();
  for (ServiceFigures& service : small.services) {
    service.visits = service.acts = service.requests = 3;
    service.page_views = 2;
    service.status.by_class = {0, 0, 3, 0, 0, 0};
    if (service.attempts) *service.attempts = {4, 1, 1, 1, 1, 0, 2, 1, 1, 1};
    service.completion_rate = MakeRate(2, 4);
    for (StepFigures& step : service.steps) step = {step.name, 4, 1, 1};
  }
  for (const Analysis& analysis : {Controlled(SampleAnalysis()), Controlled(small),
                                   Controlled(HugeAnalysis()), Controlled(EmptyAnalysis())}) {
    const std::string json = AnalysisToJson(analysis, "en");
    for (const std::string& output :
         {json, AnalysisToNdjson(json), AnalysisToCsv(json), AnalysisToMarkdown(json),
          RenderText(analysis, {Language::kEnglish, 80, false}),
          RenderText(analysis, {Language::kKorean, 200, true})}) {
      for (const char* number :
           {"18446744073709551615", "18,446,744,073,709,551,615", "nan", "≠"}) {
        EXPECT_THAT(output, Not(HasSubstr(number)));
      }
    }
  }
}

TEST(DisclosureControlTest, TheTextSaysThatItIs) {
  EXPECT_THAT(RenderText(Controlled(SampleAnalysis()), {}),
              HasSubstr("Counts are rounded to multiples of 5."));
  EXPECT_THAT(RenderText(SampleAnalysis(), {}), Not(HasSubstr("rounded to multiples")));
  const auto json = nlohmann::json::parse(AnalysisToJson(Controlled(SampleAnalysis()), "en"));
  EXPECT_EQ(json["disclosure_control"]["least_count"], 10);
  EXPECT_EQ(json["disclosure_control"]["rounded_to"], 5);
}

TEST(DisclosureControlTest, RatesAreOfRoundedCounts) {
  const Analysis analysis = Controlled(SampleAnalysis());
  ASSERT_TRUE(analysis.completion.value.has_value());
  EXPECT_EQ(analysis.completion.numerator % 5, 0u);
  EXPECT_DOUBLE_EQ(*analysis.completion.value,
                   static_cast<double>(analysis.completion.numerator) /
                       static_cast<double>(analysis.completion.denominator));
  EXPECT_DOUBLE_EQ(*analysis.participation_per_1000_residents,
                   static_cast<double>(analysis.participation.numerator) * 1000 / 412000);
}

}  // namespace
}  // namespace civlog
