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

bool Write(const std::string& directory, const std::string& name, const Analysis& analysis,
           AnalysisHistory* history) {
  const absl::StatusOr<ReportModel> model = ComputeReport(analysis, SampleWeek(), history, nullptr);
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
  return Write(directory, "week", *weeks.Of(SampleWeek().from(), SampleWeek().to()).value(),
               &weeks) &&
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
