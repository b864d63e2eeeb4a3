#include "queries/where_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "queries/query_plan.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

using testing::HasSubstr;

TEST(WhereExpressionTest, MistakesAreShownWhereTheyAre) {
  const struct {
    const char* text;
    size_t column;  // 1-based
    const char* message;
  } kCases[] = {
      {"", 1, "expected a name"},
      {"   ", 4, "expected a name"},
      {"statsu = 500", 1, "did you mean \"status\""},
      {"minute = 3", 1, "unknown name \"minute\""},
      {"status", 7, "expected =, !=, <"},
      {"status ~ 500", 8, "expected =, !=, <"},
      {"status =", 9, "expected a value for status"},
      {"status = abc", 10, "a number, not `abc`"},
      {"status = 99999999999999999999", 10, "a number"},
      {"latency > 5", 11, "a duration with its unit"},
      {"latency > 5 s", 11, "a duration with its unit"},
      {"bytes_sent > 3MX", 14, "a size"},
      {"time > noon", 8, "a time, such as"},
      {"path < /x", 6, "path is a text"},
      {"status =~ 5", 11, "status is no text"},
      {"path =~ \"[\"", 9, "the pattern is wrong"},
      {"path = \"/x", 8, "the quote is not closed"},
      {"(status = 500", 14, "expected `)`"},
      {"status = 500)", 13, "expected `and`, `or` or the end"},
      {"status = 500 status = 404", 14, "expected `and`, `or` or the end"},
      {"status in 500", 11, "expected `(` after `in`"},
      {"status in (500", 15, "expected `,` or `)`"},
      {"status in ()", 12, "expected a value"},
      {"status not 500", 8, "expected =, !="},
      {"query = x", 1, "query needs the name of a key"},
      {"status:x = 1", 1, "status takes no key"},
      {"status = 500 and and", 18, "unknown name \"and\""},
  };
  for (const auto& c : kCases) {
    const auto parsed = WhereExpression::Parse(c.text, absl::UTCTimeZone());
    ASSERT_FALSE(parsed.ok()) << c.text;
    const std::string message(parsed.status().message());
    EXPECT_THAT(message, HasSubstr("column " + std::to_string(c.column) + ":")) << c.text;
    EXPECT_THAT(message, HasSubstr(c.message)) << c.text;
    EXPECT_THAT(message, testing::EndsWith("\n  " + std::string(c.column - 1, ' ') + "^"));
  }
}

TEST(WhereExpressionTest, DepthIsBounded) {
  const std::string deep(100'000, '(');
  EXPECT_FALSE(WhereExpression::Parse(deep, absl::UTCTimeZone()).ok());
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_FALSE(WhereExpression::Parse(nots + "status = 1", absl::UTCTimeZone()).ok());
}

// How many of six requests a test leaves.
TEST(WhereExpressionTest, SelectsRecords) {
  const std::string log =
      "192.0.2.1 - kim [16/Nov/2026:09:00:00 +0000] \"GET /a HTTP/1.1\" 200 100 "
      "\"https://Search.example/q\" \"A/1\" 5\n"
      "192.0.2.1 - - [16/Nov/2026:09:00:30 +0000] \"GET /b?x=1 HTTP/1.1\" 404 2000 \"-\" \"A/1\" "
      "1500\n"
      "2001:db8::7 - - [16/Nov/2026:23:00:00 +0000] \"POST /b HTTP/1.0\" 302 - \"-\" \"it's "
      "\\\"B\\\"\" "
      "-\n"
      "192.0.2.9 - - [17/Nov/2026:10:00:00 +0000] \"GET /c//d HTTP/1.1\" 500 5 \"-\" \"B\" "
      "2500000\n"
      "192.0.2.9 - - [17/Nov/2026:10:00:00 +0000] \"-\" 400 0 \"-\" \"B\" 0\n"
      "192.0.2.9 - - [17/Nov/2026:10:00:01 +0000] \"GET /%7euser HTTP/1.1\" 200 1 \"-\" \"B\" 7\n";
  const struct {
    const char* where;
    int records;
  } kCases[] = {
      {"status = 200", 2},
      {"status == 200 or status = 404 or status=500", 4},
      {"status >= 400 and status < 500", 2},
      {"status in (200, 302)", 3},
      {"status not in (200,302)", 3},
      {"not status in (200, 302)", 3},
      {"status != 200", 4},
      {"status = 404 or status = 200 and method = GET", 3},
      {"(status = 404 or status = 200) and path = /a", 1},
      {"method = \"POST\"", 1},
      {"method != GET", 1},
      {"not method = GET", 2},
      {"path = '/b'", 2},
      {"path =~ \"^/b$\"", 2},
      {"path !~ b", 3},
      {"path = /c/d", 1},
      {"path = '/~user'", 1},
      {"protocol = HTTP/1.0", 1},
      {"user = kim", 1},
      {"referrer_host = search.example", 1},
      {"referrer =~ 'Search'", 1},
      {"agent = 'it\\'s \"B\"'", 1},
      {"agent =~ \"\\\"B\\\"\"", 1},
      {"client = 192.0.2.1", 2},
      {"network = 2001:db8:0::/48", 1},
      {"bytes_sent > 1kB", 1},
      {"bytes_sent >= 100 and bytes_sent <= 2KiB", 2},
      {"latency > 1s", 1},
      {"latency >= 1.5ms", 2},
      {"latency = 5us", 1},
      {"not latency > 0us", 2},
      {"time >= 2026-11-17", 3},
      {"time < 2026-11-16T09:00:30", 1},
      {"time >= 2026-11-17T19:00:01+09:00", 1},
      {"weekday = mon", 3},
      {"hour_of_day in (9, 23)", 3},
      {"bucket = unreadable_request", 1},
      {"audience = citizen and bucket = counted and status = 200", 2},
      {"status_class = 2xx", 2},
      {"not not not status = 200", 4},
  };
  for (const auto& c : kCases) {
    QueryRequest request;
    request.where = c.where;
    const auto result = QueryMemory("", {{"x.log", log}}, request, {});
    ASSERT_TRUE(result.ok()) << c.where << ": " << result.status();
    EXPECT_EQ(result->records, static_cast<uint64_t>(c.records)) << c.where;
    EXPECT_EQ(result->records + result->filtered_out, 6U) << c.where;
  }
}

}  // namespace
}  // namespace civlog
