// write_reports DIR: the reports that the browser test looks at.

#include <fstream>
#include <iostream>
#include <string>

#include "queries/compose_report.h"
#include "queries/compute_report.h"
#include "queries/report_html.h"
#include "tests/queries/sample_analysis.h"
#include "tests/queries/sample_history.h"

namespace civlog {
namespace {

// A portal with a plan: one target met, one missed.
Catalog Plan() {
  Catalog catalog;
  PlanTarget target;
  target.metric = "visits";
  target.value = 40000;
  target.by = absl::CivilDay(2026, 12, 31);
  target.source.by_language = {{"en", "Information plan 2026, item 1.1"},
                               {"ko", "2026년 정보화 기본계획 1.1"}};
  catalog.targets.push_back(target);
  target.service = "resident-certificate";
  target.metric = "completion_rate";
  target.value = 0.75;
  target.by = absl::CivilDay(2026, 9, 30);
  target.source.by_language = {{"en", "Information plan 2026, item 3.2"},
                               {"ko", "2026년 정보화 기본계획 3.2"}};
  catalog.targets.push_back(target);
  return catalog;
}

// The week that the pictures are of: one service's completion has fallen.
Analysis Week(SampleHistory* weeks) {
  constexpr size_t kCertificate = 1;
  constexpr uint64_t kCompleted = 630;
  constexpr uint64_t kEnded = 980;
  Analysis week = *weeks->Of(SampleWeek().from(), SampleWeek().to()).value();
  SetCompletion(kCertificate, kCompleted, kEnded, &week);
  return week;
}

bool Write(const std::string& directory, const std::string& name, const Analysis& analysis,
           AnalysisHistory* history, const Catalog* catalog = nullptr) {
  const absl::StatusOr<ReportModel> model = ComputeReport(analysis, SampleWeek(), history, catalog);
  if (!model.ok()) return false;
  for (const Language language : {Language::kEnglish, Language::kKorean}) {
    std::ofstream file(directory + "/" + name + "." + std::string(LanguageCode(language)) + ".html",
                       std::ios::binary);
    file << RenderReportHtml(ComposeReport(*model, language));
    file.close();
    if (!file) return false;
  }
  return true;
}

bool WriteAll(const std::string& directory) {
  SampleHistory weeks = SampleWeeks();
  SampleHistory large;
  for (int back = 0; back < kTrendPeriods; ++back) {
    const ReportPeriod week = PeriodBefore(SampleWeek(), back);
    large.Set(week, LargeAnalysis(week, 200));
  }
  const Catalog plan = Plan();
  return Write(directory, "week", Week(&weeks), &weeks, &plan) &&
         Write(directory, "gaps", SampleAnalysis(), &weeks) &&
         Write(directory, "hostile", HostileAnalysis(), &weeks) &&
         Write(directory, "markup",
               HostileAnalysis("</style></svg>]]>--><script>alert(1)</script><img src=x "
                               "onerror=alert(2)>\" onload=\"alert(3)' =HYPERLINK(\"x\")"),
               &weeks) &&
         Write(directory, "empty", EmptyAnalysis(), nullptr) &&
         Write(directory, "large", LargeAnalysis(SampleWeek(), 200), &large);
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) {
  if (argc == 2 && civlog::WriteAll(argv[1])) return 0;
  std::cerr << "usage: write_reports DIR, an existing directory\n";
  return 2;
}
