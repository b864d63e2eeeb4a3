#include "queries/department.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "queries/analysis_json.h"
#include "queries/disclosure.h"
#include "queries/report_text.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadFile(const std::string& name) {
  std::ifstream in(CIVLOG_SOURCE_DIR "/fixtures/hanbit/" + name, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Catalog HanbitCatalog() {
  CatalogResult result = ParseCatalog(ReadFile("civlog.toml"), "civlog.toml");
  EXPECT_TRUE(result.catalog.has_value());
  return *std::move(result.catalog);
}

Analysis Hanbit() {
  static const Analysis& analysis = *new Analysis(*AnalyzeMemory(
      ReadFile("civlog.toml"), {{"access.log", ReadFile("logs/web1.access.log")}}, {2, 1 << 20}));
  return analysis;
}

LocalizedText Text(std::vector<std::pair<std::string, std::string>> by_language) {
  return {std::move(by_language)};
}

std::vector<std::string> Names(const std::vector<LocalizedText>& departments) {
  std::vector<std::string> names;
  for (const LocalizedText& department : departments) names.emplace_back(department.Get("en"));
  return names;
}

TEST(DepartmentTest, EachOnceInWhateverLanguage) {
  Catalog catalog;
  for (const LocalizedText& department :
       {Text({{"", "세정과"}}), Text({{"en", "Tax"}, {"ko", "세정과"}}), Text({{"", "Tax"}}),
        Text({}), Text({{"", "Roads"}})}) {
    catalog.services.emplace_back().department = department;
  }
  EXPECT_THAT(Names(Departments(catalog)), ElementsAre("Tax", "Roads"));
  EXPECT_EQ(Departments(HanbitCatalog()).size(), 11u);
}

TEST(DepartmentTest, FoundByAnyOfItsNames) {
  const std::vector<LocalizedText> departments = Departments(HanbitCatalog());
  for (const char* name : {"Tax Division", "세정과"}) {
    const auto found = FindDepartment(departments, name);
    ASSERT_TRUE(found.ok()) << name;
    EXPECT_EQ(found->Get("en"), "Tax Division");
  }
  EXPECT_THAT(std::string(FindDepartment(departments, "Tax Divison").status().message()),
              HasSubstr("did you mean \"Tax Division\"?; there are: Public Information Office, "));
  EXPECT_THAT(std::string(FindDepartment({}, "\x1b[31mx").status().message()),
              HasSubstr("\"\\x1b[31mx\"; the catalogue names no department"));
}

TEST(DepartmentTest, SumsAreOfItsServices) {
  const Analysis whole = Hanbit();
  const Analysis part = OfDepartment(whole, Text({{"", "Civil Affairs Division"}}));
  ASSERT_EQ(part.services.size(), 3u);
  uint64_t counted = 0, page_views = 0, acts = 0, completed = 0, closed = 0;
  for (const ServiceFigures& service : part.services) {
    EXPECT_EQ(service.department.Get("en"), "Civil Affairs Division");
    counted += service.requests;
    page_views += service.page_views;
    acts += service.acts;
    if (!service.attempts) continue;
    completed += service.attempts->granted + service.attempts->refused;
    closed += service.attempts->started - service.attempts->open;
  }
  EXPECT_GT(counted, 0u);
  EXPECT_EQ(part.counted, counted);
  EXPECT_EQ(part.page_views, page_views);
  EXPECT_EQ(part.acts, acts);
  EXPECT_EQ(part.completion.numerator, completed);
  EXPECT_EQ(part.completion.denominator, closed);
  EXPECT_LT(part.counted, whole.counted);
  // What is not of the department is not there, rather than wrong.
  for (const uint64_t count : {part.lines_read, part.records, part.visits, part.visitors,
                               part.bounces, part.stage_seamless, part.unclassified_requests,
                               part.not_citizen, part.interaction.numerator}) {
    EXPECT_TRUE(IsSuppressed(count));
  }
  EXPECT_TRUE(part.hours.empty() && part.top_pages.empty() && part.rejected_samples.empty());
  EXPECT_FALSE(part.interaction.value || part.participation.value);
}

TEST(DepartmentTest, OfOneServiceTheVisitsAreTheServices) {
  const Analysis part = OfDepartment(Hanbit(), Text({{"", "Budget Division"}}));
  ASSERT_EQ(part.services.size(), 1u);
  const ServiceFigures& budget = part.services[0];
  EXPECT_EQ(part.visits, budget.visits);
  EXPECT_EQ(part.visitors, budget.visitors);
  EXPECT_EQ(part.participation.numerator, budget.acting_visits);
  EXPECT_EQ(part.participation_by_tier[2].second.numerator, budget.acting_visits);
  EXPECT_TRUE(part.participation_per_1000_residents.has_value());
  const Analysis tax = OfDepartment(Hanbit(), Text({{"", "Tax Division"}}));
  EXPECT_EQ(tax.interaction.numerator, tax.services[0].acting_visits);
  EXPECT_FALSE(tax.participation.value);
}

TEST(DepartmentTest, ShownWithoutWhatIsNotThere) {
  const Analysis part =
      OfDepartment(Hanbit(), *FindDepartment(Departments(HanbitCatalog()), "민원여권과"));
  const std::string text = RenderText(part, {});
  EXPECT_THAT(text, HasSubstr("Hanbit City · Civil Affairs Division"));
  EXPECT_THAT(text, Not(HasSubstr("18,446")));
  EXPECT_THAT(text, Not(HasSubstr("≠")));
  const auto json = nlohmann::json::parse(AnalysisToJson(part, "ko"));
  EXPECT_EQ(json["portal"]["department"], "민원여권과");
  EXPECT_TRUE(json["citizens"]["visits"].is_null());
  EXPECT_EQ(json["records"]["counted"], part.counted);
}

// Published together, a figure is kept back in all of them or in none, and of a sum over
// departments not one alone.
TEST(DepartmentTest, PublishedTogether) {
  Analysis portal = Hanbit();
  std::vector<Analysis> parts;
  for (const LocalizedText& department : Departments(HanbitCatalog())) {
    parts.push_back(OfDepartment(portal, department));
  }
  std::vector<Analysis*> all = {&portal};
  for (Analysis& part : parts) all.push_back(&part);
  ApplyDisclosureControl(all);
  const auto whole = nlohmann::json::parse(AnalysisToJson(portal, "en"));
  size_t kept_back = 0;
  size_t sums_kept_back = 0;
  size_t services = 0;
  for (const Analysis& part : parts) {
    EXPECT_TRUE(part.disclosure_controlled);
    sums_kept_back += IsSuppressed(part.completion.numerator) ? 1U : 0U;
    const auto json = nlohmann::json::parse(AnalysisToJson(part, "en"));
    for (const auto& service : json["services"]) {
      ++services;
      for (const auto& other : whole["services"]) {
        if (other["id"] != service["id"]) continue;
        EXPECT_EQ(service, other);
      }
      if (!service["attempts"].is_object()) continue;
      for (const auto& count : service["attempts"]) kept_back += count.is_null() ? 1U : 0U;
    }
  }
  EXPECT_EQ(services, portal.services.size());
  EXPECT_GT(kept_back, 0u);
  EXPECT_NE(sums_kept_back + (IsSuppressed(portal.completion.numerator) ? 1 : 0), 1u);
}

}  // namespace
}  // namespace civlog
