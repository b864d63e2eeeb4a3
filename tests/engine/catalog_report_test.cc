// [report] and [[target]] of the catalogue.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/catalog.h"
#include "engine/target_metric.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kServices[] = R"([[service]]
id = "permit"
kind = "transaction"
steps = [ { name = "a", route = "GET /a" }, { name = "b", route = "GET /b" } ]
[[service]]
id = "polls"
kind = "participation"
routes = ["/poll/**"]
)";
constexpr uint32_t kLinesOfServices = 8;

std::vector<std::string> Errors(const std::string& text) {
  std::vector<std::string> errors;
  for (const CatalogDiagnostic& d : ParseCatalog(kServices + text, "city.toml").diagnostics) {
    if (d.severity == CatalogDiagnostic::Severity::kError) errors.push_back(d.ToString());
  }
  return errors;
}

TEST(CatalogReportTest, ATargetIsRead) {
  const CatalogResult result = ParseCatalog(std::string(kServices) + R"([[target]]
service = "permit"
metric = "completion_rate"
comparison = ">="
value = 0.8
by = 2026-12-31
baseline = { value = 0.7, date = "2026-01-01" }
source = { en = "Plan, 3.2", ko = "계획 3-2" }
[[target]]
metric = "p95"
comparison = "<="
value = 2_000
by = "2027-06-30"
)",
                                            "city.toml");
  ASSERT_TRUE(result.catalog.has_value());
  ASSERT_EQ(result.catalog->targets.size(), 2u);
  const PlanTarget& target = result.catalog->targets[0];
  EXPECT_EQ(target.service, "permit");
  EXPECT_EQ(target.metric, "completion_rate");
  EXPECT_EQ(target.comparison, Comparison::kAtLeast);
  EXPECT_EQ(target.value, 0.8);
  EXPECT_EQ(target.by, absl::CivilDay(2026, 12, 31));
  ASSERT_TRUE(target.baseline.has_value());
  EXPECT_EQ(target.baseline->value, 0.7);
  EXPECT_EQ(target.baseline->date, absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(target.source.Get("ko"), "계획 3-2");
  EXPECT_EQ(target.line, kLinesOfServices + 1);
  const PlanTarget& other = result.catalog->targets[1];
  EXPECT_EQ(other.service, "");
  EXPECT_EQ(other.comparison, Comparison::kAtMost);
  EXPECT_EQ(other.value, 2000);
  EXPECT_FALSE(other.baseline.has_value());
  EXPECT_TRUE(other.source.empty());
}

TEST(CatalogReportTest, EveryErrorHasItsPlaceAndRemedy) {
  EXPECT_THAT(Errors(R"([[target]]
service = "permt"
metric = "completion_rte"
comparison = ">"
value = "0.8"
by = 2026-12-31
bye = 1
)"),
              ElementsAre(HasSubstr("city.toml:10:11: target[0].service: \"permt\" is no service; "
                                    "did you mean \"permit\"?"),
                          HasSubstr("city.toml:11:10: target[0].metric: \"completion_rte\" is no "
                                    "metric; did you mean \"completion_rate\"?"),
                          HasSubstr("city.toml:12:14: target[0].comparison: "),
                          HasSubstr("city.toml:13:9: target[0].value: is a string, not a number"),
                          HasSubstr("city.toml:15:1: target[0].bye: unknown key")));
}

struct Case {
  const char* lines;
  const char* error;
};

TEST(CatalogReportTest, WhatCannotBeATarget) {
  const Case kCases[] = {
      {"metric = \"started\"\ncomparison = \">=\"\nvalue = 1\nby = 2026-12-31\n",
       "started is not one of the whole portal; name the service that it is of"},
      {"service = \"polls\"\nmetric = \"started\"\ncomparison = \">=\"\nvalue = 1\nby = "
       "2026-12-31\n",
       "started is none of participation services; services that have it: transaction"},
      {"service = \"polls\"\nmetric = \"bounce_rate\"\ncomparison = \"<=\"\nvalue = 0.1\nby = "
       "2026-12-31\n",
       "bounce_rate is of the whole portal only; leave the service out"},
      {"metric = \"completion_rate\"\ncomparison = \">=\"\nvalue = 85\nby = 2026-12-31\n",
       "85 is more than the whole; shares are parts of 1: write 0.85 for 85 %"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = -1\nby = 2026-12-31\n", "is below 0"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = inf\nby = 2026-12-31\n", "is no number"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = 10\n", "target[0].by: is missing"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = 10\nby = 2026-02-30\n", "city.toml:13"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = 10\nby = 2026-12-31\nbaseline = { value "
       "= "
       "5 }\n",
       "target[0].baseline: has no date"},
      {"metric = \"visits\"\ncomparison = \">=\"\nvalue = 10\nby = 2026-12-31\nbaseline = { value "
       "= "
       "5, date = 2026-12-31 }\n",
       "is not before the day by which the target is to be reached"},
  };
  for (const Case& c : kCases) {
    EXPECT_THAT(Errors(std::string("[[target]]\n") + c.lines), ElementsAre(HasSubstr(c.error)))
        << c.lines;
  }
}

TEST(CatalogReportTest, OneTargetForAMetricAndDay) {
  const std::string target =
      "[[target]]\nmetric = \"visits\"\ncomparison = \">=\"\nvalue = 10\nby = 2026-12-31\n";
  EXPECT_THAT(Errors(target), IsEmpty());
  EXPECT_THAT(Errors(target + target),
              ElementsAre(HasSubstr("same metric and day as the target at line 9")));
  EXPECT_THAT(Errors("target = 5\n[portal]\n"), testing::Not(IsEmpty()));
}

TEST(CatalogReportTest, TheChannelsFileIsBesideTheCatalogue) {
  const std::string text =
      std::string(kServices) + "[report]\nchannels = \"counts/channels.csv\"\n";
  EXPECT_EQ(ParseCatalog(text, "etc/city.toml").catalog->channels_file, "etc/counts/channels.csv");
  EXPECT_EQ(ParseCatalog(text, "city.toml").catalog->channels_file, "counts/channels.csv");
  EXPECT_EQ(ParseCatalog(kServices, "city.toml").catalog->channels_file, "");
  EXPECT_THAT(Errors("[report]\nchannels = \"\"\n"), ElementsAre(HasSubstr("is empty")));
  EXPECT_THAT(Errors("[report]\nchanels = \"a\"\n"),
              ElementsAre(HasSubstr("did you mean \"channels\"?")));
}

TEST(TargetMetricTest, NamesAreFound) {
  for (const TargetMetric& metric : TargetMetrics()) {
    ASSERT_NE(FindTargetMetric(metric.name), nullptr) << metric.name;
    EXPECT_EQ(FindTargetMetric(metric.name)->id, metric.id) << metric.name;
    EXPECT_TRUE(metric.of_portal || metric.kinds != 0) << metric.name;
  }
  EXPECT_EQ(FindTargetMetric("completion"), nullptr);
}

}  // namespace
}  // namespace civlog
