// The report in every format: one set of figures, and nothing that a log could smuggle in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "queries/analysis_tables.h"
#include "queries/compose_report.h"
#include "queries/compute_report.h"
#include "queries/report_html.h"
#include "queries/report_json.h"
#include "queries/report_plain.h"
#include "tests/queries/sample_analysis.h"
#include "tests/queries/sample_history.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Language kLanguages[] = {Language::kEnglish, Language::kKorean};
constexpr char kMarkup[] =
    "</style>]]>--><script>alert(1)</script><img src=x onerror=y>\" onload=\"z' =HYPERLINK(\"u\")"
    "\x1b[31m\xe2\x80\xae\nx";

ReportModel Model(const Analysis& analysis) {
  SampleHistory weeks = SampleWeeks();
  return *ComputeReport(analysis, SampleWeek(), &weeks, nullptr);
}

std::vector<Analysis> Analyses() {
  Analysis suppressed = WholeWeek(SampleWeek());
  suppressed.visits = suppressed.acts = kSuppressedCount;
  suppressed.participation = {kSuppressedCount, kSuppressedCount, {}, {}, {}};
  suppressed.days[2].visits = kSuppressedCount;
  suppressed.services[1].attempts->granted = kSuppressedCount;
  suppressed.services[1].completion_rate = {kSuppressedCount, 980, {}, {}, {}};
  suppressed.services[1].steps[1].reached = kSuppressedCount;
  return {WholeWeek(SampleWeek()),         SampleAnalysis(), HostileAnalysis(), EmptyAnalysis(),
          LargeAnalysis(SampleWeek(), 50), suppressed};
}

std::string Html(const Analysis& analysis, Language language) {
  return RenderReportHtml(ComposeReport(Model(analysis), language));
}

std::string Unescaped(std::string text) {
  for (const auto& [escape, plain] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    for (size_t at = 0; (at = text.find(escape, at)) != std::string::npos; at += plain.size()) {
      text.replace(at, escape.size(), plain);
    }
  }
  return text;
}

// A number as it is read, such as "−1,234.5 %": its amount, and how exact the text is.
struct ReadNumber {
  double amount = 0;
  double precision = 1;
  bool whole = false;  // the text is one number, maybe with a unit
};

ReadNumber Read(const std::string& text) {
  static const RE2 pattern(
      R"re(([<>]?)(?:[+−-])?([0-9][0-9,]*)(\.[0-9]+)?( ?(?:%|%p|pp|ms|s|kB|MB|GB|B)?))re");
  ReadNumber number;
  std::string bound, integer, fraction, unit;
  number.whole = RE2::FullMatch(text, pattern, &bound, &integer, &fraction, &unit) && bound.empty();
  if (!number.whole) return number;
  std::erase(integer, ',');
  number.amount = std::stod(integer + fraction);
  number.precision =
      fraction.empty() ? 0.5 : 0.5 * std::pow(10, 1 - static_cast<int>(fraction.size()));
  double scale = 1;
  if (unit.find('%') != std::string::npos || unit.find("pp") != std::string::npos) scale = 0.01;
  if (unit == " s") scale = 1000;
  if (unit == " kB") scale = 1e3;
  if (unit == " MB") scale = 1e6;
  if (unit == " GB") scale = 1e9;
  number.amount *= scale;
  number.precision *= scale;
  return number;
}

TEST(ReportFormats, EveryNumberOfTheHtmlIsTheJsons) {
  for (const Analysis& analysis : Analyses()) {
    const ReportModel model = Model(analysis);
    for (const Language language : kLanguages) {
      const nlohmann::json json = nlohmann::json::parse(ReportToJson(model, language));
      const std::string html = RenderReportHtml(ComposeReport(model, language));
      re2::StringPiece rest(html);
      const RE2 figure(R"re(value="([^"]*)" data-figure="([^"]*)">([^<]*)<)re");
      std::string value, pointer, text;
      size_t figures = 0;
      while (RE2::FindAndConsume(&rest, figure, &value, &pointer, &text)) {
        ++figures;
        const nlohmann::json::json_pointer at(Unescaped(pointer));
        ASSERT_TRUE(json.contains(at)) << pointer;
        ASSERT_TRUE(json[at].is_number()) << pointer << " is " << json[at].dump();
        EXPECT_EQ(json[at].get<double>(), std::stod(value)) << pointer;
        const ReadNumber read = Read(Unescaped(text));
        if (!read.whole || pointer.ends_with("_s/p50") || pointer.ends_with("_s/p90")) continue;
        // An interval has its sign behind both bounds.
        const double scale = pointer.ends_with("/low") || pointer.ends_with("/high") ? 0.01 : 1;
        EXPECT_NEAR(read.amount * scale, std::abs(std::stod(value)),
                    read.precision * scale * 1.0001)
            << pointer << " reads " << text;
      }
      EXPECT_GT(figures, 30u);
    }
  }
}

// What is no figure and has digits: dates, machines' names, and the words themselves.
TEST(ReportFormats, NoNumberOfTheHtmlIsUnmarked) {
  for (const Language language : kLanguages) {
    std::string html = Html(WholeWeek(SampleWeek()), language);
    html = html.substr(html.find("<main>"));
    RE2::GlobalReplace(&html, "&#39;", "'");
    for (const char* marked : {"<data[^>]*>[^<]*</data>", "<time[^>]*>[^<]*</time>",
                               "<code[^>]*>[^<]*</code>", "<svg.*?</svg>", "<[^>]*>"}) {
      RE2::GlobalReplace(&html, std::string("(?s)") + marked, "\n");
    }
    std::set<std::string> numbers_of_words = {"0"};
    for (size_t i = 0; i < kMessageCount; ++i) {
      const std::string_view words = MessageText(static_cast<Message>(i), language);
      re2::StringPiece rest(words.data(), words.size());
      std::string number;
      while (RE2::FindAndConsume(&rest, R"re(([0-9][0-9,.]*))re", &number)) {
        while (number.ends_with('.') || number.ends_with(',')) number.pop_back();
        numbers_of_words.insert(number);
      }
    }
    re2::StringPiece rest(html);
    std::string number;
    while (RE2::FindAndConsume(&rest, R"re(([0-9][0-9,.]*))re", &number)) {
      while (number.ends_with('.') || number.ends_with(',')) number.pop_back();
      const bool known =
          numbers_of_words.contains(number) || numbers_of_words.contains(number + ".");
      EXPECT_TRUE(known || number == "0.1.0") << number;
    }
  }
}

// Every tag and attribute is one that the report writes.
void ExpectInert(const std::string& html) {
  static const std::set<std::string> kTags = {
      "html", "head", "meta",   "title",    "style",   "body",    "header",     "p",     "h1",
      "nav",  "ol",   "li",     "a",        "main",    "section", "h2",         "h3",    "ul",
      "dl",   "div",  "dt",     "dd",       "table",   "caption", "thead",      "tbody", "tr",
      "th",   "td",   "data",   "time",     "code",    "figure",  "figcaption", "svg",   "rect",
      "line", "text", "circle", "polyline", "polygon", "defs",    "pattern",    "footer"};
  re2::StringPiece rest(html);
  std::string tag, attributes;
  while (RE2::FindAndConsume(&rest, R"re(<([a-zA-Z/!]\w*)([^>]*)>)re", &tag, &attributes)) {
    if (tag.starts_with('/') || tag.starts_with('!')) continue;
    EXPECT_TRUE(kTags.contains(tag)) << tag;
    RE2::GlobalReplace(&attributes, R"re("[^"]*")re", "");
    EXPECT_FALSE(RE2::PartialMatch(attributes, R"re((?i)\bon\w+=|\bsrc=|\bstyle=\w)re"))
        << attributes;
  }
  const size_t style = html.find("</style>");
  EXPECT_EQ(html.find("</style>", style + 1), std::string::npos);
  for (const char* piece : {"<script", "<img", "\x1b", "\xe2\x80\xae", "]]>"}) {
    EXPECT_THAT(html, Not(HasSubstr(piece)));
  }
}

TEST(ReportFormats, NothingHostileComesThrough) {
  const ReportModel model = Model(HostileAnalysis(kMarkup));
  for (const Language language : kLanguages) {
    const ReportDocument document = ComposeReport(model, language);
    ExpectInert(RenderReportHtml(document));
    const std::string markdown = RenderReportMarkdown(document);
    for (const char* piece : {"<script", "<img", "\x1b", "\xe2\x80\xae"}) {
      EXPECT_THAT(markdown, Not(HasSubstr(piece)));
      EXPECT_THAT(
          ReportToJson(model, language),
          Not(HasSubstr(std::string(piece) == "<script" || std::string(piece) == "<img" ? "\x1b"
                                                                                        : piece)));
    }
    for (const char c : RenderReportText(document, {language, 80, false})) {
      EXPECT_TRUE(c == '\n' || (c & 0xE0) != 0) << static_cast<int>(c);
    }
  }
}

// No cell that a spreadsheet would compute.
TEST(ReportFormats, TablesHoldNoFormulas) {
  const ReportModel model = Model(HostileAnalysis("=HYPERLINK(\"http://x\",\"y\")"));
  const auto files = ReportToCsvFiles(ReportToJson(model, Language::kEnglish));
  size_t cells = 0;
  for (const auto& [name, text] : files) {
    EXPECT_TRUE(RE2::FullMatch(name, R"re([a-z0-9_.]+\.csv)re")) << name;
    EXPECT_FALSE(RE2::PartialMatch(text, R"re((?m)(^|,)"?[=+@])re")) << name << ": " << text;
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    cells += static_cast<size_t>(std::count(text.begin(), text.end(), ','));
  }
  EXPECT_GT(cells, 500u);
}

TEST(ReportFormats, TablesOfListsHaveALineForEachEntry) {
  const ReportModel model = Model(WholeWeek(SampleWeek()));
  std::map<std::string, std::string> files;
  for (const auto& [name, text] : ReportToCsvFiles(ReportToJson(model, Language::kEnglish))) {
    files[name] = text;
  }
  const auto lines = [&](const std::string& name) {
    return std::count(files[name].begin(), files[name].end(), '\n');
  };
  EXPECT_EQ(lines("services.csv"), 1 + 4);
  EXPECT_EQ(lines("services.steps.csv"), 1 + 3 + 2);
  EXPECT_EQ(lines("report.days.csv"), 1 + 7);
  EXPECT_EQ(lines("report.trend.csv"), 1 + 12);
  EXPECT_EQ(lines("report.key_figures.csv"), 1 + 9);
  EXPECT_THAT(files["services.steps.csv"],
              HasSubstr("services,number,name,reached,left_after_error,left_after_slow\r\n"
                        "resident-certificate,1,start,1000,12,3\r\n"));
  EXPECT_THAT(files["figures.csv"], HasSubstr("citizens.visits,42000\r\n"));
}

TEST(ReportFormats, AreTheSameBytesForTheSameFigures) {
  for (const Language language : kLanguages) {
    EXPECT_EQ(Html(SampleAnalysis(), language), Html(SampleAnalysis(), language));
  }
}

// The text and the Markdown have every table of the HTML.
TEST(ReportFormats, HaveTheSameContent) {
  const ReportModel model = Model(WholeWeek(SampleWeek()));
  for (const Language language : kLanguages) {
    const ReportDocument document = ComposeReport(model, language);
    const std::string text = RenderReportText(document, {language, 120, false});
    const std::string markdown = RenderReportMarkdown(document);
    size_t tables = 0;
    for (const ReportSection& section : document.sections) {
      EXPECT_THAT(text, HasSubstr(section.title));
      EXPECT_THAT(markdown, HasSubstr("## " + section.title));
      for (const ReportBlock& block : section.blocks) {
        const ReportTable* table = std::get_if<ReportTable>(&block);
        if (const auto* chart = std::get_if<ReportChart>(&block)) table = &chart->table;
        if (table == nullptr) continue;
        ++tables;
        EXPECT_THAT(text, HasSubstr(table->caption));
        EXPECT_FALSE(table->columns.empty());
        for (const auto& row : table->rows)
          EXPECT_EQ(row.size(), table->columns.size()) << table->id;
      }
    }
    EXPECT_GT(tables, 12u);
  }
}

TEST(ReportFormats, ALargePortalsReportIsSmall) {
  SampleHistory large;
  for (int back = 0; back < kTrendPeriods; ++back) {
    const ReportPeriod week = PeriodBefore(SampleWeek(), back);
    large.Set(week, LargeAnalysis(week, 200));
  }
  const ReportModel model =
      *ComputeReport(LargeAnalysis(SampleWeek(), 200), SampleWeek(), &large, nullptr);
  for (const Language language : kLanguages) {
    EXPECT_LT(RenderReportHtml(ComposeReport(model, language)).size(), 500'000u);
  }
}

// Suppressed counts are a dash for readers, null for programs.
TEST(ReportFormats, WhatIsKeptBackIsAbsent) {
  const ReportModel model = Model(Analyses().back());
  const nlohmann::json json = nlohmann::json::parse(ReportToJson(model, Language::kEnglish));
  EXPECT_TRUE(json["citizens"]["visits"].is_null());
  EXPECT_TRUE(json["report"]["days"][2]["visits"].is_null());
  EXPECT_TRUE(json["report"]["transactions"]["granted"].is_null());
  EXPECT_TRUE(json["report"]["services"][1]["step_losses"][0]["value"].is_null());
  EXPECT_TRUE(json["report"]["trend"][11]["visits"].is_null());
  const std::string html = RenderReportHtml(ComposeReport(model, Language::kEnglish));
  EXPECT_THAT(html, Not(HasSubstr("18446744073709551615")));
  EXPECT_THAT(html, Not(HasSubstr("18,446,744")));
}

}  // namespace
}  // namespace civlog
