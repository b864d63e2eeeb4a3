#include "queries/report_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queries/compute_analysis.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Language kLanguages[] = {Language::kEnglish, Language::kKorean};
constexpr int kWidths[] = {80, 100, 132, 160, 200};

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string Render(const Analysis& analysis, Language language = Language::kEnglish, int width = 80,
                   bool color = false) {
  return RenderText(analysis, {language, width, color});
}

// The first line that contains `text`, "" for none.
std::string LineWith(const std::string& report, std::string_view text) {
  for (const std::string& line : Lines(report)) {
    if (line.find(text) != std::string::npos) return line;
  }
  return "";
}

// The first number on a line, separators left out, behind `label`.
uint64_t NumberAfter(const std::string& line, std::string_view label) {
  uint64_t number = 0;
  bool started = false;
  for (const char c : line.substr(line.find(label) + label.size())) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + static_cast<uint64_t>(c - '0');
      started = true;
    } else if (started && c != ',') {
      break;
    }
  }
  return number;
}

std::string WithoutColour(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') i = text.find('m', i) + 1;
    if (i < text.size()) plain += text[i];
  }
  return plain;
}

TEST(RenderText, NeverExceedsItsWidthNorHoldsAnythingUnprintable) {
  const Analysis kAnalyses[] = {SampleAnalysis(), HostileAnalysis(), EmptyAnalysis(),
                                HugeAnalysis()};
  for (const Analysis& analysis : kAnalyses) {
    for (const Language language : kLanguages) {
      for (const int width : kWidths) {
        for (const std::string& line : Lines(Render(analysis, language, width))) {
          EXPECT_LE(DisplayWidth(line), static_cast<size_t>(width)) << line;
          EXPECT_EQ(EscapeForTerminal(line), line);
          EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
        }
      }
    }
  }
}

TEST(RenderText, ShowsHostileStringsEscaped) {
  const std::string report = Render(HostileAnalysis(), Language::kEnglish, 200);
  EXPECT_THAT(report, HasSubstr("a\\x1b[31mb\\x0d\\x0ac\\x09d\\x7f\\u{009b}31m\\u{202e}gnp"));
  EXPECT_THAT(report, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r")), Not(HasSubstr("\t")),
                            Not(HasSubstr("\xe2\x80\xae")), Not(HasSubstr("\xff"))));
}

TEST(RenderText, ColourChangesNothingButColour) {
  for (const Analysis& analysis : {SampleAnalysis(), HostileAnalysis()}) {
    const std::vector<std::string> plain = Lines(Render(analysis));
    const std::string coloured = Render(analysis, Language::kEnglish, 80, true);
    EXPECT_THAT(coloured, HasSubstr("\x1b[1m"));
    std::vector<std::string> stripped = Lines(WithoutColour(coloured));
    ASSERT_EQ(stripped.size(), plain.size());
    for (size_t i = 0; i < plain.size(); ++i) {
      while (!stripped[i].empty() && stripped[i].back() == ' ') stripped[i].pop_back();
      EXPECT_EQ(stripped[i], plain[i]);
    }
  }
}

// Red and yellow are for warnings.
TEST(RenderText, QuietReportHasNoWarningColours) {
  Analysis analysis = SampleAnalysis();
  analysis.gaps.clear();
  analysis.unmatched_routes.clear();
  analysis.unclassified_requests = 100;
  analysis.rejected_samples.clear();
  const std::string report = Render(analysis, Language::kEnglish, 80, true);
  EXPECT_THAT(report, HasSubstr("No warnings."));
  EXPECT_THAT(report, AllOf(Not(HasSubstr("\x1b[33m")), Not(HasSubstr("\x1b[1;31m"))));
}

TEST(RenderText, WaterfallAddsUpToTheLine) {
  const std::string report = Render(SampleAnalysis());
  uint64_t left = 0;
  int totals = 0;
  for (const std::string& line : Lines(report)) {
    if (line.rfind(" Lines read", 0) == 0) left = NumberAfter(line, "read");
    if (line.rfind(" − ", 0) == 0) left -= NumberAfter(line, "−");
    if (line.rfind(" = ", 0) == 0) {
      ++totals;
      EXPECT_EQ(NumberAfter(line, "="), left) << line;
    }
  }
  EXPECT_EQ(totals, 2);
  EXPECT_EQ(left, SampleAnalysis().counted);
}

TEST(RenderText, ClassesAddUpToTheNotCitizens) {
  for (const int width : kWidths) {
    const std::vector<std::string> lines = Lines(Render(SampleAnalysis(), kLanguages[0], width));
    for (size_t i = 0; i + 1 < lines.size(); ++i) {
      if (lines[i].rfind(" − not citizens", 0) != 0) continue;
      const std::string& detail = lines[i + 1];
      uint64_t sum = 0;
      for (size_t at = 0; at != std::string::npos; at = detail.find("·", at + 1)) {
        // "12 more 5,678" starts with how many, "monitors 40" does not.
        const std::string item = detail.substr(at, detail.find("·", at + 1) - at);
        const size_t more = item.find("more");
        const size_t figure =
            more == std::string::npos ? item.find_first_of("0123456789") : more + 4;
        if (figure < item.size()) sum += NumberAfter(item.substr(figure), "");
      }
      EXPECT_EQ(sum, 300000u) << detail;
    }
  }
}

TEST(RenderText, SaysWhenFiguresDoNotAddUp) {
  Analysis analysis = SampleAnalysis();
  EXPECT_THAT(Render(analysis), Not(HasSubstr("do not add up")));
  analysis.counted += 1;
  analysis.services[1].attempts->open += 1;
  EXPECT_THAT(Render(analysis), HasSubstr("The lines above do not add up"));
  EXPECT_THAT(Render(analysis), HasSubstr("The attempts of Resident certificate do not add up"));
  EXPECT_THAT(Render(analysis), HasSubstr("1,000 started ≠ 600 granted"));
}

TEST(RenderText, FirstScreenfulIsOneScreenful) {
  for (const Language language : kLanguages) {
    const std::string report = Render(SampleAnalysis(), language);
    const std::string_view next = language == Language::kEnglish ? "Visits over" : "시간대별";
    const std::vector<std::string> lines = Lines(report.substr(0, report.find(next)));
    EXPECT_LE(lines.size(), 34u);
    EXPECT_THAT(lines[0], HasSubstr("2026-11-16"));
    EXPECT_EQ(DisplayWidth(lines[0]), 80u);
  }
}

TEST(RenderText, RatesCarryNumeratorsAndIntervals) {
  const std::string report = Render(SampleAnalysis());
  EXPECT_THAT(
      LineWith(report, " Completion"),
      AllOf(HasSubstr("66.3 %"), HasSubstr("658 of 992 attempts"), HasSubstr("59.7–69.7 %")));
  EXPECT_THAT(LineWith(report, " Interaction"), HasSubstr("770 of 42,000 visits"));
  EXPECT_THAT(LineWith(report, "█ viewed"),
              AllOf(HasSubstr("viewed 98.2 %"), HasSubstr("transactional 1.5 %"),
                    HasSubstr("seamless <0.1 %")));
}

TEST(RenderText, SketchedVisitorsAreCalledEstimated) {
  Analysis analysis = SampleAnalysis();
  EXPECT_THAT(Render(analysis), Not(HasSubstr("estimated")));
  analysis.visitors_exact = false;
  analysis.visitor_weeks = true;
  EXPECT_THAT(Render(analysis), AllOf(HasSubstr("~34,000"), HasSubstr("visitor-weeks, estimated")));
}

TEST(RenderText, TransactionsShowDropOffAndInvariant) {
  const std::string report = Render(SampleAnalysis());
  EXPECT_THAT(report, HasSubstr("1,000 started = 600 granted + 50 refused + 30 failed + "
                                "300 abandoned"));
  EXPECT_THAT(LineWith(report, "2 details"),
              AllOf(HasSubstr("850"), HasSubstr("85.0 %"), HasSubstr("−250"), HasSubstr("10")));
  EXPECT_THAT(report, HasSubstr("time to complete p50 3 min 12 s, p90 12 min 48 s"));
  EXPECT_THAT(LineWith(report, "Parking permit"), HasSubstr("*66.7 %"));
  EXPECT_THAT(report, HasSubstr("too few to judge"));
}

// Absent is "–", never 0 % or 100 %.
TEST(RenderText, AbsentRatesAreDashes) {
  Analysis analysis = SampleAnalysis();
  analysis.completion = Rate{};
  analysis.services[1].completion_rate = Rate{};
  const std::string report = Render(analysis);
  EXPECT_THAT(LineWith(report, " Completion"),
              AllOf(HasSubstr("–"), Not(HasSubstr("%")), HasSubstr("nothing to judge")));
  EXPECT_THAT(LineWith(report, "  Resident certificate"), Not(HasSubstr("%")));
}

TEST(RenderText, ParticipationByTierAndResidents) {
  const std::string report = Render(SampleAnalysis(), Language::kEnglish, 100);
  EXPECT_THAT(report, HasSubstr("0.3 per 1,000 of 412,000 residents"));
  EXPECT_THAT(LineWith(report, "all services"), AllOf(HasSubstr("consult"), HasSubstr("120")));
  EXPECT_THAT(report, HasSubstr("sign 110 · comment 20"));
}

struct WarningCase {
  std::string_view name;
  void (*change)(Analysis*);
  std::string_view english;
  std::string_view korean;
};

TEST(RenderText, WarnsInPlainLanguage) {
  const WarningCase kCases[] = {
      {"gaps", [](Analysis*) {}, "1 gap, 2 hours without any line", "구간 1개, 모두 2시간"},
      {"unclassified", [](Analysis*) {}, "20.0 % of counted requests belong to no",
       "요청의 20.0%가"},
      {"unmatched", [](Analysis*) {}, "1 catalogue route matched nothing",
       "일치한 요청이 없는 카탈로그 경로 1개"},
      {"rejected",
       [](Analysis* a) {
         a->rejected += 100000;
         a->lines_read += 100000;
       },
       "7.6 % of the lines (101,204)", "전체 줄의 7.6%(101,204줄)"},
      {"interrupted", [](Analysis* a) { a->interrupted = true; }, "Interrupted:", "중단됨:"},
      {"incomplete",
       [](Analysis* a) {
         a->incomplete = true;
         a->sources[0].error = "ends early";
       },
       "1 input could not be read to the end: logs/www1/access.log: ends", "입력 1개: logs/www1"},
      {"late", [](Analysis* a) { a->late = 31; }, "31 records came too far", "기록 31건은"},
      {"few", [](Analysis* a) { a->completion = MakeRate(8, 12); }, "only 12 closed attempts",
       "종료된 신청이 12건뿐"},
      {"note", [](Analysis* a) { a->notes = {"a table was full"}; }, "! a table was full",
       "! a table was full"},
      {"no catalogue", [](Analysis* a) { a->has_catalog = false; },
       "No service catalogue:", "서비스 카탈로그가 없어"},
      {"nothing", [](Analysis* a) { *a = EmptyAnalysis(); }, "Nothing was counted",
       "집계된 기록이 없습니다"},
  };
  for (const WarningCase& c : kCases) {
    Analysis analysis = SampleAnalysis();
    c.change(&analysis);
    EXPECT_THAT(Render(analysis, Language::kEnglish, 200), HasSubstr(std::string(c.english)))
        << c.name;
    EXPECT_THAT(Render(analysis, Language::kKorean, 200), HasSubstr(std::string(c.korean)))
        << c.name;
  }
}

TEST(RenderText, DoesNotWarnBelowTheThresholds) {
  Analysis analysis = SampleAnalysis();
  analysis.unclassified_requests = analysis.counted / 10;
  const std::string report = Render(analysis);
  EXPECT_THAT(report, AllOf(Not(HasSubstr("belong to no service of the catalogue")),
                            Not(HasSubstr("do not fit the log format"))));
}

TEST(RenderText, NothingReadIsSane) {
  for (const Language language : kLanguages) {
    const std::string report = Render(EmptyAnalysis(), language);
    EXPECT_THAT(report, AllOf(Not(HasSubstr("nan")), Not(HasSubstr("100.0")), HasSubstr("–")));
    EXPECT_LE(Lines(report).size(), 26u);
  }
}

TEST(RenderText, TimelineHasARowADayAndMarksGaps) {
  const std::string report = Render(SampleAnalysis());
  EXPECT_THAT(LineWith(report, "11-18 (Wed)"), HasSubstr("····"));
  EXPECT_THAT(LineWith(report, "11-17 (Tue)"), Not(HasSubstr("·")));
  // 20 visits an hour more each hour, 0 to 460.
  EXPECT_THAT(LineWith(report, "11-17 (Tue)"), HasSubstr("5,520"));
  EXPECT_THAT(report, HasSubstr("full height = 460 visits an hour"));
}

struct SpanCase {
  int days;
  std::string_view row;
};

TEST(RenderText, TimelineGrowsCoarserWithThePeriod) {
  const SpanCase kCases[] = {{14, "11-29 (Sun)"},
                             {40, "2026-12-25 (Fri)"},
                             {100, "2026-W48"},
                             {900, "2027-03"},
                             {20000, "earlier rows not shown"}};
  for (const SpanCase& c : kCases) {
    Analysis analysis = SampleAnalysis();
    analysis.gaps.clear();
    analysis.hours.clear();
    for (int day = 0; day < c.days; ++day) {
      analysis.hours.push_back({*analysis.from + absl::Hours(24 * day), 10, 5, 5, 0});
    }
    analysis.days = SumByDay(analysis.hours, analysis.time_zone);
    const std::string report = Render(analysis);
    EXPECT_THAT(report, HasSubstr(std::string(c.row))) << c.days;
    EXPECT_LT(Lines(report).size(), 250u) << c.days;
  }
}

// A clock put back repeats an hour; both are in the same cell and lost nowhere.
TEST(RenderText, TimelineSurvivesClockChanges) {
  Analysis analysis = SampleAnalysis();
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &analysis.time_zone));
  analysis.gaps.clear();
  analysis.hours.clear();
  const absl::Time start = absl::FromCivil(absl::CivilDay(2026, 10, 25), analysis.time_zone);
  for (int h = 0; h < 25; ++h) analysis.hours.push_back({start + absl::Hours(h), 4, 2, 4, 0});
  analysis.days = SumByDay(analysis.hours, analysis.time_zone);
  const std::string report = Render(analysis);
  EXPECT_THAT(LineWith(report, "10-25 (Sun)"), HasSubstr(" 50"));
  EXPECT_EQ(LineWith(report, "10-26 (Mon)"), "");
}

TEST(RenderText, ManyServicesAndSourcesStayReadable) {
  Analysis analysis = SampleAnalysis();
  const ServiceFigures service = analysis.services[1];
  for (int i = 0; i < 300; ++i) analysis.services.push_back(service);
  for (int i = 0; i < 500; ++i) analysis.sources.push_back({"logs/x", "combined", 10, 0, ""});
  const std::string report = Render(analysis);
  EXPECT_LT(Lines(report).size(), 450u);
  EXPECT_THAT(report, HasSubstr("and 277 more services"));
  EXPECT_THAT(report, HasSubstr("combined: 502 sources, 1,239,567 lines, 1,204 rejected"));
}

TEST(RenderText, RejectedSamplesNameTheirPlace) {
  EXPECT_THAT(Render(SampleAnalysis()),
              HasSubstr(" logs/www1/access.log:1042:17  truncated\n   192.0.2.1 - - ["));
}

TEST(RenderText, ListsMarkUpperBounds) {
  EXPECT_THAT(LineWith(Render(SampleAnalysis()), "/wp-login.php"), HasSubstr("≤300"));
}

TEST(RenderText, KoreanTablesAreAligned) {
  const std::vector<std::string> lines = Lines(Render(SampleAnalysis(), Language::kKorean));
  std::vector<size_t> widths;
  for (const std::string& line : lines) {
    if (line.rfind("  주민등록등본 발급 ", 0) == 0 || line.rfind("  시민청원 ", 0) == 0 ||
        line.rfind("  새소식·공지 ", 0) == 0) {
      widths.push_back(DisplayWidth(line));
    }
  }
  ASSERT_GE(widths.size(), 3u);
  EXPECT_EQ(widths[0], widths[1]);
  EXPECT_EQ(widths[1], widths[2]);
}

TEST(RenderText, KoreanReportIsKorean) {
  const std::string report = Render(SampleAnalysis(), Language::kKorean);
  for (const std::string_view word :
       {"한빛시", "방문", "페이지뷰", "참여율", "신청 완료율", "상호작용률", "검색엔진",
        "주민등록등본 발급", "주민 1,000명당"}) {
    EXPECT_THAT(report, HasSubstr(std::string(word)));
  }
  for (const std::string_view word : {"visits", "counted", "Services", "drop-off", "Sources"}) {
    EXPECT_THAT(report, Not(HasSubstr(std::string(word))));
  }
}

}  // namespace
}  // namespace civlog
