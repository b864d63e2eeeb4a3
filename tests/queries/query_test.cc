// Queries whose answers can be counted by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/agent_traits.h"
#include "queries/render_query.h"
#include "queries/run_analysis.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

using testing::HasSubstr;

constexpr char kAgent[] = "\"Mozilla/5.0 (Windows NT 10.0) Chrome/130.0.0.0 Safari/537.36\"";

std::string Line(const std::string& time, const std::string& path, int status, int bytes,
                 const std::string& micros) {
  return "192.0.2.1 - - [16/Nov/2026:" + time + " +0000] \"GET " + path + " HTTP/1.1\" " +
         std::to_string(status) + " " + std::to_string(bytes) + " \"-\" " + kAgent + " " + micros +
         "\n";
}

// Latencies of 1, 2, 3 and 10 ms, and a line that has none.
std::string SmallLog() {
  return Line("09:00:00", "/a", 200, 100, "1000") + Line("09:10:00", "/a", 404, 3000, "2000") +
         Line("10:00:00", "/b", 500, 100, "3000") + Line("11:00:00", "/a", 200, 100, "10000") +
         Line("11:59:00", "/c", 200, 0, "-");
}

QueryResult Ask(QueryRequest request, const std::string& log = SmallLog()) {
  const auto result = QueryMemory("", {{"x.log", log}}, request, {});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : QueryResult();
}

TEST(QueryTest, FiguresByHand) {
  QueryRequest request;
  request.select = "requests,p50,max,avg,error_rate,server_error_rate,share,bytes_sent";
  request.by = "path";
  request.totals = true;
  const QueryResult result = Ask(request);
  ASSERT_EQ(result.rows.size(), 3U);
  const QueryRow& a = result.rows[0];
  EXPECT_EQ(*a.keys[0].text, "/a");
  EXPECT_EQ(a.figures[0].value, 3);
  EXPECT_NEAR(*a.figures[1].value, 2, 0.02);
  EXPECT_EQ(a.figures[2].value, 10);
  EXPECT_NEAR(*a.figures[3].value, 13.0 / 3, 1e-9);
  EXPECT_NEAR(*a.figures[4].value, 1.0 / 3, 1e-9);
  // Wilson's interval of 1 of 3, by hand.
  EXPECT_NEAR(*a.figures[4].rate.low, 0.0615, 1e-4);
  EXPECT_NEAR(*a.figures[4].rate.high, 0.7923, 1e-4);
  EXPECT_EQ(a.figures[5].value, 0);
  EXPECT_NEAR(*a.figures[6].value, 0.6, 1e-9);
  EXPECT_EQ(a.figures[7].value, 3200);
  // A line without a latency has no part in it.
  EXPECT_EQ(*result.rows[2].keys[0].text, "/c");
  EXPECT_FALSE(result.rows[2].figures[1].value.has_value());
  ASSERT_TRUE(result.totals.has_value());
  EXPECT_EQ(result.totals->figures[0].value, 5);
  EXPECT_EQ(result.totals->figures[3].value, 4);
  EXPECT_EQ(result.totals->figures[6].value, 1);
}

TEST(QueryTest, BucketsBeginAtPowersOfTwo) {
  QueryRequest request;
  request.by = "bytes_sent,latency";
  request.order = "bytes_sent,latency";
  const std::string csv = RenderQueryCsv(Ask(request));
  EXPECT_EQ(csv,
            "bytes_sent,latency,requests\r\n"
            "0,,1\r\n"
            "64,0.512,1\r\n"
            "64,2.048,1\r\n"
            "64,8.192,1\r\n"
            "2048,1.024,1\r\n");
}

TEST(QueryTest, RowsAreOrderedCutAndLeftOut) {
  QueryRequest request;
  request.by = "path";
  request.order = "requests:asc,path:desc";
  EXPECT_THAT(RenderQueryNdjson(Ask(request)),
              "{\"path\":\"/c\",\"requests\":1}\n{\"path\":\"/b\",\"requests\":1}\n"
              "{\"path\":\"/a\",\"requests\":3}\n");
  request.top = 1;
  const QueryResult first = Ask(request);
  EXPECT_EQ(RenderQueryNdjson(first), "{\"path\":\"/c\",\"requests\":1}\n");
  EXPECT_EQ(first.rows_found, 3U);
  request.top = 0;
  request.at_least = 2;
  EXPECT_EQ(RenderQueryNdjson(Ask(request)), "{\"path\":\"/a\",\"requests\":3}\n");
  request.select = "error_rate";
  EXPECT_FALSE(QueryMemory("", {{"x.log", SmallLog()}}, request, {}).ok());
  request.select = "requests,requests";
  EXPECT_THAT(QueryMemory("", {{"x.log", SmallLog()}}, request, {}).status().message(),
              HasSubstr("twice"));
}

TEST(QueryTest, TheTableOnATerminal) {
  QueryRequest request;
  request.select = "requests,error_rate";
  request.by = "path,hour";
  request.totals = true;
  const std::string text = RenderQueryText(Ask(request), {});
  EXPECT_EQ(text,
            "path   hour              requests     error_rate\n"
            "/a     2026-11-16 09:00         2   50.0 % (1/2)\n"
            "/a     2026-11-16 11:00         1    0.0 % (0/1)\n"
            "/b     2026-11-16 10:00         1  100.0 % (1/1)\n"
            "/c     2026-11-16 11:00         1    0.0 % (0/1)\n"
            "total                           5   40.0 % (2/5)\n"
            "\n"
            "requests by hour\n"
            "█ ▄  /a\n"
            " ▄   /b\n"
            "  ▄  /c\n"
            "\n"
            "5 records, 2026-11-16 09:00:00 to 2026-11-16 11:59:00 UTC\n");
}

// A filter sees all of a text; rows are told by its beginning.
TEST(QueryTest, LongTextsAreFilteredWhole) {
  const std::string path = "/" + std::string(3000, 'x') + "end";
  const std::string log = Line("09:00:00", path, 200, 1, "1") + Line("09:00:01", "/a", 200, 1, "1");
  QueryRequest request;
  request.where = "path =~ \"end$\"";
  request.by = "path";
  const QueryResult result = Ask(request, log);
  ASSERT_EQ(result.rows.size(), 1U);
  EXPECT_EQ(result.records, 1U);
  EXPECT_EQ(result.rows[0].keys[0].text->size(), 512U);
}

TEST(QueryTest, ChangesAreMarkedWhereTheyAreNotByChance) {
  // 100 against 130: z = 30 / sqrt(230) = 1.98; 100 against 129: 1.92.
  EXPECT_EQ(CountsDiffer(100, 130), true);
  EXPECT_EQ(CountsDiffer(100, 129), false);
  EXPECT_EQ(CountsDiffer(0, 0), std::nullopt);
  // 50 of 100 against 64 of 100: pooled 0.57, z = 0.14 / 0.07 = 2.0; 63: 1.85.
  EXPECT_EQ(ProportionsDiffer(Ratio(50, 100), Ratio(64, 100)), true);
  EXPECT_EQ(ProportionsDiffer(Ratio(50, 100), Ratio(63, 100)), false);
  EXPECT_EQ(ProportionsDiffer(Ratio(0, 10), Ratio(0, 10)), false);
  EXPECT_EQ(ProportionsDiffer(Ratio(0, 0), Ratio(1, 10)), std::nullopt);
}

TEST(QueryTest, ManyGroupsAreTheSameInWhateverBlocks) {
  // More paths than groups that are kept exactly with visitors: 16 times 1,024.
  std::string log;
  for (int i = 0; i < 60'000; ++i) {
    const int path = i % 3 == 0 ? i % 7 : i;
    log += "192.0.2." + std::to_string(i % 250) +
           " - - [16/Nov/2026:09:" + std::to_string(10 + i / 1500) + ":00 +0000] \"GET /p" +
           std::to_string(path) + " HTTP/1.1\" 200 1\n";
  }
  QueryRequest request;
  request.select = "requests,visitors,bytes_sent";
  request.by = "path";
  request.top = 500;
  request.totals = true;
  std::string first;
  for (const size_t threads : {size_t{1}, size_t{3}}) {
    for (const size_t block_bytes : {size_t{4'000}, size_t{100'000}, size_t{1} << 20}) {
      const auto result = QueryMemory("", {{"x.log", log}}, request, {threads, block_bytes});
      ASSERT_TRUE(result.ok()) << result.status();
      const std::string json = RenderQueryJson(*result, "test");
      if (first.empty()) first = json;
      EXPECT_EQ(json, first) << threads << " threads, blocks of " << block_bytes;
      EXPECT_EQ(result->totals->figures[0].value, 60'000);
      EXPECT_EQ(result->totals->figures[1].value, 250);
      // The seven frequent ones are exact or within their bound.
      const QueryRow& row = result->rows.front();
      EXPECT_LE(*row.figures[0].value, 2858);
      EXPECT_GE(*row.figures[0].value + static_cast<double>(row.missing_requests), 2857);
      EXPECT_FALSE(result->notes.empty());
    }
  }
}

TEST(QueryTest, CellsAreInert) {
  EXPECT_EQ(CsvCell("plain"), "plain");
  EXPECT_EQ(CsvCell("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvCell("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(CsvCell("a\nb"), "\"a\nb\"");
  EXPECT_EQ(CsvCell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  for (const char* text : {"=1", "+1", "-1", "@x", "\tx"}) {
    EXPECT_EQ(CsvCell(text), "'" + std::string(text));
  }
  EXPECT_EQ(MarkdownCell("<b>|`*_[x](y)~\n"), "&lt;b>\\|\\`\\*\\_\\[x\\](y)\\~ ");
}

TEST(AgentTraitsTest, FamiliesAndDevices) {
  const struct {
    const char* agent;
    const char* family;
    const char* device;
  } kCases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/130.0.0.0 Safari/537.36",
       "Chrome", "desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 "
       "Safari/537.36 Edg/130.0.0.0",
       "Edge", "desktop"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 "
       "Safari/605.1.15",
       "Safari", "desktop"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 "
       "KAKAOTALK 10.9.0",
       "KakaoTalk", "mobile"},
      {"Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 SamsungBrowser/26.0 "
       "Chrome/122.0.0.0 Mobile Safari/537.36",
       "Samsung Internet", "mobile"},
      {"Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Chrome/130.0.0.0 "
       "Safari/537.36",
       "Chrome", "tablet"},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox",
       "desktop"},
      {"curl/8.9.1", "curl", "other"},
      {"", "other", "other"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TraitsOf(c.agent).family, c.family) << c.agent;
    EXPECT_EQ(TraitsOf(c.agent).device, c.device) << c.agent;
  }
}

}  // namespace
}  // namespace civlog
