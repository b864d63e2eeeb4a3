#include "queries/targets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "queries/department.h"
#include "queries/disclosure.h"
#include "queries/measure.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

PlanTarget MakeTarget(std::string metric, Comparison comparison, double value, absl::CivilDay by) {
  PlanTarget target;
  target.metric = std::move(metric);
  target.comparison = comparison;
  target.value = value;
  target.by = by;
  return target;
}

TargetResult Evaluate(const PlanTarget& target, const Analysis& analysis) {
  static Catalog& catalog = *new Catalog;
  catalog.targets = {target};
  const std::vector<TargetResult> results = EvaluateTargets(catalog, analysis);
  EXPECT_EQ(results.size(), 1u);
  return results.empty() ? TargetResult() : results[0];
}

const absl::CivilDay kLastDay(2026, 11, 22);  // of the sample's week

struct Case {
  double value;
  absl::CivilDay by;
  bool baseline;
  TargetStatus status;
};

// The sample's completion rate is 650 of 980, 66.3 %.
TEST(TargetsTest, Status) {
  const Analysis analysis = SampleAnalysis();
  const double rate = *analysis.completion.value;
  const absl::CivilDay later = kLastDay + 100;
  const Case kCases[] = {
      {rate, later, false, TargetStatus::kMet},
      {rate, kLastDay - 50, false, TargetStatus::kMet},
      {rate + 0.1, kLastDay, false, TargetStatus::kMissed},
      {rate + 0.1, kLastDay - 1, true, TargetStatus::kMissed},
      {rate + 0.1, kLastDay + 1, false, TargetStatus::kNotYetMet},
      // From 0 a hundred days ago: half of the way is gone.
      {rate * 2, later, true, TargetStatus::kOnCourse},
      {rate * 2.01, later, true, TargetStatus::kNotYetMet},
  };
  for (const Case& c : kCases) {
    PlanTarget target = MakeTarget("completion_rate", Comparison::kAtLeast, c.value, c.by);
    if (c.baseline) target.baseline = TargetBaseline{0, kLastDay - 100};
    const TargetResult result = Evaluate(target, analysis);
    EXPECT_EQ(TargetStatusName(result.status), TargetStatusName(c.status)) << c.value;
    EXPECT_EQ(result.unit, TargetUnit::kShare);
    ASSERT_TRUE(result.gap.has_value());
    EXPECT_DOUBLE_EQ(*result.gap, rate - c.value);
    EXPECT_EQ(result.rate.numerator, analysis.completion.numerator);
    EXPECT_EQ(result.expected.has_value(), c.baseline && c.by > kLastDay);
  }
}

TEST(TargetsTest, AtMostIsTheOtherWayRound) {
  const Analysis analysis = SampleAnalysis();
  const double p95 = *analysis.latency_ms.p95;
  EXPECT_EQ(Evaluate(MakeTarget("p95", Comparison::kAtMost, p95, kLastDay), analysis).status,
            TargetStatus::kMet);
  PlanTarget target = MakeTarget("p95", Comparison::kAtMost, p95 / 2, kLastDay + 100);
  target.baseline = TargetBaseline{p95 * 2, kLastDay - 100};
  const TargetResult behind = Evaluate(target, analysis);
  EXPECT_DOUBLE_EQ(*behind.expected, p95 * 1.25);
  EXPECT_EQ(behind.status, TargetStatus::kOnCourse);
  target.baseline->value = p95;
  EXPECT_EQ(Evaluate(target, analysis).status, TargetStatus::kNotYetMet);
  EXPECT_DOUBLE_EQ(*Evaluate(target, analysis).gap, p95 / 2);
}

TEST(TargetsTest, CountsAreOfOneWholeWeek) {
  Analysis analysis = SampleAnalysis();
  const PlanTarget target = MakeTarget("visits", Comparison::kAtLeast, 100, kLastDay);
  EXPECT_EQ(Evaluate(target, analysis).status, TargetStatus::kMet);
  EXPECT_EQ(*Evaluate(target, analysis).value, static_cast<double>(analysis.visits));
  Analysis fortnight = analysis;
  fortnight.to = *fortnight.to + absl::Hours(7 * 24);
  EXPECT_EQ(Evaluate(target, fortnight).status, TargetStatus::kUnknown);
  analysis.partial_week = true;
  EXPECT_EQ(Evaluate(target, analysis).status, TargetStatus::kUnknown);
  // A rate is one of any period.
  EXPECT_EQ(
      Evaluate(MakeTarget("completion_rate", Comparison::kAtLeast, 0.1, kLastDay), analysis).status,
      TargetStatus::kMet);
}

TEST(TargetsTest, WithoutAValueNothingIsKnown) {
  Analysis analysis = SampleAnalysis();
  analysis.visits = kSuppressedCount;
  analysis.latency_ms = {};
  for (const char* metric : {"visits", "p95", "bounce_rate"}) {
    const TargetResult result =
        Evaluate(MakeTarget(metric, Comparison::kAtLeast, 0, kLastDay - 30), analysis);
    EXPECT_EQ(result.status, TargetStatus::kUnknown) << metric;
    EXPECT_FALSE(result.value || result.gap) << metric;
  }
  Catalog catalog;
  catalog.targets = {MakeTarget("visits", Comparison::kAtLeast, 1, kLastDay)};
  EXPECT_TRUE(EvaluateTargets(catalog, EmptyAnalysis()).empty());
}

TEST(TargetsTest, ServicesAndDepartments) {
  const Analysis analysis = SampleAnalysis();
  Catalog catalog;
  PlanTarget target = MakeTarget("started", Comparison::kAtLeast, 1000, kLastDay);
  target.service = "resident-certificate";
  PlanTarget gone = target;
  gone.service = "not in the report";
  catalog.targets = {MakeTarget("visits", Comparison::kAtLeast, 1, kLastDay), target, gone};
  const std::vector<TargetResult> results = EvaluateTargets(catalog, analysis);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].service, nullptr);
  ASSERT_NE(results[1].service, nullptr);
  EXPECT_EQ(results[1].service->id, "resident-certificate");
  EXPECT_EQ(results[1].status, TargetStatus::kMet);
  EXPECT_EQ(*results[1].gap, 0);
  const Analysis part = OfDepartment(analysis, results[1].service->department);
  for (const TargetResult& result : EvaluateTargets(catalog, part)) {
    EXPECT_NE(result.service, nullptr);
  }
}

// Every metric has a value where all its data are there.
TEST(TargetsTest, EveryMetricHasItsFigure) {
  Analysis analysis = SampleAnalysis();
  for (ServiceFigures& service : analysis.services) {
    service.digital_take_up = MakeRate(1, 2);
  }
  for (const TargetMetric& metric : TargetMetrics()) {
    PlanTarget target = MakeTarget(std::string(metric.name), Comparison::kAtLeast, 0, kLastDay);
    if (!metric.of_portal) target.service = "resident-certificate";
    EXPECT_TRUE(Evaluate(target, analysis).value.has_value()) << metric.name;
  }
}

// What `civlog query` has by the same name is the same thing.
TEST(TargetsTest, NamesAreThoseOfQueries) {
  const std::string own[] = {"digital_take_up", "participation_per_1000_residents"};
  for (const TargetMetric& metric : TargetMetrics()) {
    const bool is_own = std::find(std::begin(own), std::end(own), metric.name) != std::end(own);
    EXPECT_EQ(FindMeasure(metric.name).ok(), !is_own) << metric.name;
  }
}

}  // namespace
}  // namespace civlog
