#include "parsers/line_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

FormatList Format(const std::string& text) {
  auto formats = ResolveLogFormat(text);
  EXPECT_TRUE(formats.ok()) << formats.status();
  return formats.ok() ? *formats : FormatList();
}

// A record as text, field by field; "-" is the empty field, "?" one that the format
// does not have.
std::map<std::string, std::string> Fields(const RecordBatch& batch, const FormatList& formats) {
  std::map<std::string, std::string> fields;
  fields["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", absl::FromUnixMicros(batch.time_us[0]),
                                    absl::UTCTimeZone());
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const Text& text = batch.Get(static_cast<TextField>(i), 0);
    fields[std::string(TextFieldName(static_cast<TextField>(i)))] = text.data() == nullptr ? "?"
                                                                    : text.empty()
                                                                        ? "-"
                                                                        : std::string(text);
  }
  fields["status"] = std::to_string(batch.status[0]);
  fields["bytes_sent"] = std::to_string(batch.bytes_sent[0]);
  fields["latency_us"] = std::to_string(batch.latency_us[0]);
  fields["readable"] = batch.readable_request[0] ? "yes" : "no";
  for (size_t i = 0; i < formats.front()->extra_fields().size(); ++i) {
    fields[formats.front()->extra_fields()[i]] = std::string(batch.extra[i][0]);
  }
  return fields;
}

struct LineCase {
  std::string format;
  std::string line;
  std::map<std::string, std::string> expected;
};

const std::vector<LineCase> kLines = {
    {"common",
     R"(192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326)",
     {{"client", "192.0.2.1"},
      {"user", "frank"},
      {"time", "2000-10-10T20:55:36"},
      {"method", "GET"},
      {"target", "/a.gif"},
      {"protocol", "HTTP/1.0"},
      {"status", "200"},
      {"bytes_sent", "2326"},
      {"user_agent", "?"},
      {"latency_us", "-1"},
      {"readable", "yes"}}},
    {"combined",
     R"(2001:db8::1 - - [29/Feb/2024:23:59:60 +0545] "POST /a?b=c HTTP/2.0" 304 - "-" "A \"q\" \\ \x41")",
     {{"client", "2001:db8::1"},
      {"user", "-"},
      {"time", "2024-02-29T18:15:00"},
      {"bytes_sent", "-1"},
      {"referrer", "-"},
      {"user_agent", "A \"q\" \\ A"}}},
    {"combined",
     R"(192.0.2.1 - two words [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "" "")",
     {{"user", "two words"}, {"referrer", "-"}, {"user_agent", "-"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "-" 408 - "-" "-")",
     {{"readable", "no"}, {"method", "-"}, {"status", "408"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "\x16\x03\x01 \x02" 400 226 "-" "-")",
     {{"readable", "no"}, {"bytes_sent", "226"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "" 400 0 "-" "-")",
     {{"readable", "no"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /a b c HTTP/1.1" 200 1 "-" "x")",
     {{"target", "/a b c"}, {"readable", "yes"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /old" 200 1 "-" "x")",
     {{"target", "/old"}, {"protocol", "-"}, {"readable", "yes"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /a b" 200 1 "-" "x")",
     {{"readable", "no"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /?q="x" HTTP/1.1" 200 1 "-" "a")",
     {{"target", "/?q=\"x\""}, {"status", "200"}, {"user_agent", "a"}}},
    {"combined",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "-" "cut of)",
     {{"user_agent", "cut of"}}},
    {"vhost_combined",
     R"(www.example:443 198.51.100.7 - - [01/Jan/2026:00:00:00 +0900] "GET / HTTP/1.1" 200 5 "https://a.example/" "m")",
     {{"host", "www.example"}, {"client", "198.51.100.7"}, {"time", "2025-12-31T15:00:00"}}},
    {"nginx_time",
     R"(192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "-" "x" 0.012)",
     {{"latency_us", "12000"}}},
    {R"(%h %u %{%Y-%m-%dT%H:%M:%S}t.%{usec_frac}t "%r" %>s %O %D %T)",
     R"(192.0.2.1 - 2026-03-04T05:06:07.000008 "GET / HTTP/1.1" 200 9 1500 0)",
     {{"time", "2026-03-04T05:06:07.000008"}, {"latency_us", "1500"}, {"bytes_sent", "9"}}},
    {R"(%400,501{User-agent}i %{ms}T %!200s %{c}a %t \"%m %U%q %H\" %>s)",
     R"(- 250 - 192.0.2.9 [10/Oct/2000:13:55:36 +0000] "GET /a?b HTTP/1.1" 200)",
     {{"user_agent", "-"},
      {"latency_us", "250000"},
      {"client", "192.0.2.9"},
      {"target", "/a?b"},
      {"method", "GET"},
      {"protocol", "HTTP/1.1"}}},
    {"LogFormat \"%{X-Forwarded-For}i %t \\\"%r\\\" %>s %{SESSION}C\" proxied",
     R"(203.0.113.5, 192.0.2.1 [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 abc)",
     {{"forwarded", "203.0.113.5, 192.0.2.1"}, {"client", "192.0.2.1"}, {"cookie:SESSION", "abc"}}},
    {R"($msec $host$request_uri $request_method $status ${request_time})",
     R"(1700000000.250 www.example/a?b GET 200 1.5)",
     {{"time", "2023-11-14T22:13:20.25"},
      {"host", "www.example"},
      {"target", "/a?b"},
      {"latency_us", "1500000"},
      {"readable", "yes"}}},
    {R"(log_format j escape=json '{"t":"$time_iso8601","r":"$request",' '"s":$status,"a":"$http_user_agent"}';)",
     R"({"t":"2026-11-16T09:00:00+09:00","r":"GET /\u00e9 HTTP/1.1","s":200,"a":"q\"x"})",
     {{"time", "2026-11-16T00:00:00"}, {"target", "/\xC3\xA9"}, {"user_agent", "q\"x"}}},
    {R"($time_iso8601 $request_method $uri?$args $status)",
     R"(2026-11-16T00:00:00Z GET /p?x=1 200)",
     {{"target", "/p?x=1"}}},
    {R"(%t [%v] [%a] "%r" %s)",
     R"([10/Oct/2000:13:55:36 +0000] [www.example] [[2001:db8::2]] "GET / HTTP/1.1" 200)",
     {{"host", "www.example"}, {"client", "2001:db8::2"}}},
};

TEST(LineParserTest, FieldsOfLines) {
  for (const LineCase& c : kLines) {
    const FormatList formats = Format(c.format);
    ASSERT_FALSE(formats.empty()) << c.format;
    LineParser parser(formats, absl::UTCTimeZone());
    RecordBatch batch;
    const LineTrace trace = parser.Trace(c.line, 1, &batch);
    ASSERT_EQ(trace.outcome, LineTrace::Outcome::kRecord) << c.line << "\n" << trace.message;
    const auto fields = Fields(batch, formats);
    for (const auto& [name, value] : c.expected) {
      EXPECT_EQ(fields.at(name), value) << name << " of " << c.line;
    }
  }
}

struct RejectCase {
  std::string line;
  RejectReason reason;
  uint32_t column;
};

TEST(LineParserTest, ReasonsAndColumns) {
  const std::string head = "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] ";
  const std::vector<RejectCase> cases = {
      {"garbage", RejectReason::kNoMatch, 1},
      {"hello world", RejectReason::kNoMatch, 7},
      {"192.0.2.1 - - [99/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"",
       RejectReason::kBadTime, 16},
      {"192.0.2.1 - - [30/Feb/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"",
       RejectReason::kBadTime, 16},
      {"192.0.2.1 - - [10/Okt/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"",
       RejectReason::kBadTime, 16},
      {"192.0.2.1 - - [10/Oct/2000:24:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"",
       RejectReason::kBadTime, 16},
      {head + "\"GET / HTTP/1.1\" 20x 1 \"-\" \"x\"", RejectReason::kBadStatus, 61},
      {head + "\"GET / HTTP/1.1\" - 1 \"-\" \"x\"", RejectReason::kBadStatus, 61},
      {head + "\"GET / HTTP/1.1\" 200 1x \"-\" \"x\"", RejectReason::kBadNumber, 65},
      {head + "\"GET / HTTP/1.1\" 200 -5 \"-\" \"x\"", RejectReason::kBadNumber, 65},
      {head + "\"GET / HTT", RejectReason::kTruncated, 45},
      {head + "\"GET / HTTP/1.1\" 200", RejectReason::kTruncated, 61},
      {head + "\"GET / HTTP/1.1\" 200 1 \"-\"", RejectReason::kTruncated, 68},
      {head + "\"GET / HTTP/1.1\" 200 1 \"-\" \"x\" more", RejectReason::kNoMatch, 74},
      {head + "\"GET / HTTP/1.1\" 200 1 - agent", RejectReason::kNoMatch, 66},
      {head + "\"GET / HTTP/1.1\" 200 1 \"", RejectReason::kTruncated, 68},
      {head + "\"GET / HTTP/1.1\" 200 1 ", RejectReason::kTruncated, 65},
      {head + "\"GET / HTTP/1.1\" 2", RejectReason::kTruncated, 61},
      {head, RejectReason::kTruncated, 16},
      {head.substr(0, 42), RejectReason::kTruncated, 16},
      {head.substr(0, 41), RejectReason::kTruncated, 16},
      {head.substr(0, 30), RejectReason::kNoMatch, 16},
      {head.substr(0, 8), RejectReason::kNoMatch, 1},
      {head + "GET / HTTP/1.1 200 1 \"-\" \"x\"", RejectReason::kNoMatch, 16},
      {head + "\"GET / HTTP/1.1\" 2000 1 \"-\" \"x\"", RejectReason::kBadStatus, 61},
      {head + "\"GET / HTTP/1.1\"  1 \"-\" \"x\"", RejectReason::kBadStatus, 61},
      {head + "\"GET / HTTP/1.1\" 200 99999999999999999999 \"-\" \"x\"", RejectReason::kBadNumber,
       65},
  };
  LineParser parser(Format("combined"), absl::UTCTimeZone());
  RecordBatch batch;
  for (const RejectCase& c : cases) {
    const LineTrace trace = parser.Trace(c.line, 1, &batch);
    ASSERT_EQ(trace.outcome, LineTrace::Outcome::kRejected) << c.line;
    EXPECT_EQ(RejectReasonName(trace.reason), RejectReasonName(c.reason)) << c.line;
    EXPECT_EQ(trace.column, c.column) << c.line;
    EXPECT_FALSE(trace.message.empty());
  }
}

struct FormatRejectCase {
  std::string format;
  std::string line;
  RejectReason reason;
  uint32_t column;
  std::string field;
};

TEST(LineParserTest, ReasonsInOtherFormats) {
  const std::string time = "[10/Oct/2000:13:55:36 +0000] ";
  const std::vector<FormatRejectCase> cases = {
      {"%t \"%r\" %s %b", time + "\"GET / HTTP/1.1\" 200 5 \"-\" \"x\"", RejectReason::kNoMatch, 52,
       "bytes_sent"},
      {"%t \"%r\" %s %b", time + "\"GET / HTTP/1.1\" 200", RejectReason::kTruncated, 47, "status"},
      {"%t \"%r\" %s %b", time + "\"GET / HTTP/1.1\" 200 x", RejectReason::kBadNumber, 51,
       "bytes_sent"},
      {"%t \"%r\" %s %D", time + "\"GET / HTTP/1.1\" 200 nan", RejectReason::kBadNumber, 51,
       "latency"},
      {"%t \"%r\" %s %D", time + "\"GET / HTTP/1.1\" 200 1e300", RejectReason::kBadNumber, 51,
       "latency"},
      {"%t \"%r\" %s %I %O", time + "\"GET / HTTP/1.1\" 200 \"x\" 5", RejectReason::kBadNumber, 51,
       ""},
      {"%t \"%r\" %s %b", "x" + time, RejectReason::kNoMatch, 1, ""},
      {"{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":$status}",
       "{\"t\": \"2026-11-16T09:00:00Z\"", RejectReason::kNoMatch, 6, ""},
      {"$msec \"$request\" $status $upstream_response_time", "1.5 \"GET /\" 200 0.1, x",
       RejectReason::kBadNumber, 17, "latency"},
  };
  RecordBatch batch;
  for (const FormatRejectCase& c : cases) {
    LineParser parser(Format(c.format), absl::UTCTimeZone());
    const LineTrace trace = parser.Trace(c.line, 1, &batch);
    ASSERT_EQ(trace.outcome, LineTrace::Outcome::kRejected) << c.line;
    EXPECT_EQ(RejectReasonName(trace.reason), RejectReasonName(c.reason)) << c.line;
    EXPECT_EQ(trace.column, c.column) << c.line;
    EXPECT_EQ(trace.field, c.field) << c.line;
  }
}

Block BlockOf(const std::string& text) {
  Block block;
  block.size = text.size();
  block.buffer.assign(text.begin(), text.end());
  block.buffer.insert(block.buffer.end(), kBlockPadding, '\0');
  return block;
}

// What Parse says of every line.
std::vector<std::string> Outcomes(LineParser* parser, const std::string& text) {
  const Block block = BlockOf(text);
  std::vector<std::string> outcomes;
  RecordBatch batch;
  size_t offset = 0;
  uint64_t line = 1;
  while (offset < block.size) {
    parser->Parse(block, &offset, &line, &batch);
    for (size_t i = 0; i < batch.size; ++i) {
      outcomes.push_back(std::to_string(batch.time_us[i]) + " " +
                         std::string(batch.Get(TextField::kTarget, i)) + " " +
                         std::string(batch.Get(TextField::kUserAgent, i)));
    }
    for (const Reject& reject : batch.rejects) {
      outcomes.push_back(std::string(RejectReasonName(reject.reason)) + " " +
                         std::to_string(reject.column) + " " + std::string(reject.text));
    }
    outcomes.push_back(std::to_string(batch.blank.size()) + " " +
                       std::to_string(batch.directive.size()));
  }
  return outcomes;
}

TEST(LineParserTest, ALineIsReadTheSameWhereverItStands) {
  const std::vector<std::string> lines = {
      R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 1 "-" "x\"y")",
      R"(192.0.2.1 - - [29/Feb/2024:00:00:00 +0900] "GET /b HTTP/1.1" 200 1)",
      "garbage",
      R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /c "d" HTTP/1.1" 200 1 "-" "z")",
      R"(192.0.2.1 - - [31/Dec/2016:23:59:60 +0000] "GET /e HTTP/1.1" 20x 1 "-" "x")",
  };
  const auto combined = ResolveLogFormat("combined");
  const auto common = ResolveLogFormat("common");
  const FormatList family = {combined->front(), common->front()};
  LineParser used(family, absl::UTCTimeZone());
  for (const std::string& first : lines) {
    for (const std::string& second : lines) {
      std::vector<std::string> apart;
      for (const std::string& line : {first, second}) {
        LineParser fresh(family, absl::UTCTimeZone());
        const std::vector<std::string> one = Outcomes(&fresh, line);
        apart.insert(apart.end(), one.begin(), one.end() - 1);
      }
      std::vector<std::string> together = Outcomes(&used, first + "\r\n" + second + "\n");
      together.pop_back();
      std::sort(apart.begin(), apart.end());
      std::sort(together.begin(), together.end());
      EXPECT_EQ(together, apart);
    }
  }
}

TEST(LineParserTest, ManyRecordsAndRejectsComeInBatches) {
  std::string text;
  for (size_t i = 0; i < 2 * RecordBatch::kCapacity + 3; ++i) {
    text += "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /" + std::to_string(i) +
            " HTTP/1.1\" 200 1\nbad\n\n";
  }
  const Block block = BlockOf(text);
  LineParser parser(Format("common"), absl::UTCTimeZone());
  RecordBatch batch;
  size_t offset = 0;
  uint64_t line = 1;
  uint64_t lines = 0;
  size_t records = 0;
  while (offset < block.size) {
    parser.Parse(block, &offset, &line, &batch);
    for (size_t i = 0; i < batch.size; ++i, ++records) {
      EXPECT_EQ(batch.Get(TextField::kTarget, i), absl::StrCat("/", records));
      EXPECT_EQ(batch.line[i], 3 * records + 1);
    }
    lines += batch.lines;
    EXPECT_EQ(batch.lines, batch.size + batch.rejects.size() + batch.blank.size());
  }
  EXPECT_EQ(records, 2 * RecordBatch::kCapacity + 3);
  EXPECT_EQ(lines, 3 * records);
  EXPECT_EQ(line, lines + 1);
}

TEST(LineParserTest, BlankDirectiveAndLongLines) {
  Block block;
  const std::string good =
      "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\"";
  std::string text = good + "\r\n\n   \t\r\n#Fields: date time\n# no directive\n" + good + "  \n" +
                     std::string(kMaxLineBytes + 1, 'x') + "\n" + good;
  block.size = text.size();
  text.append(kBlockPadding, '\0');
  block.buffer.assign(text.begin(), text.end());
  LineParser parser(Format("combined"), absl::UTCTimeZone());
  RecordBatch batch;
  size_t offset = 0;
  uint64_t line = 1;
  parser.Parse(block, &offset, &line, &batch);
  EXPECT_EQ(offset, block.size);
  EXPECT_EQ(line, 9u);
  EXPECT_EQ(batch.lines, 8u);
  EXPECT_EQ(batch.size, 3u);
  EXPECT_EQ(batch.blank.size(), 2u);
  EXPECT_EQ(batch.directive.size(), 1u);
  ASSERT_EQ(batch.rejects.size(), 2u);
  EXPECT_EQ(batch.rejects[0].line, 5u);
  EXPECT_EQ(batch.rejects[1].reason, RejectReason::kTooLong);
  EXPECT_EQ(batch.line[2], 8u);
}

// Whatever strangers write, tracing and parsing agree, and what they point at lies
// within the line.
TEST(LineParserTest, MutatedLinesAreReadOrRejectedAlike) {
  constexpr uint32_t kSeed = 5;
  std::mt19937 random(kSeed);
  const std::string alphabet("\"\\ \t[]:,-/0189eE+xu%?#{}\r;\x80\0z", 30);
  const std::vector<std::string> formats = {
      "combined", "nginx_main", "$remote_addr:$remote_port $msec $request $status $upstream_addr"};
  const std::vector<std::string> lines = {
      R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a\"b HTTP/1.1" 200 2326 "-" "M\xE2" "-")",
      "2001:db8::1:443 1700000000.25 GET /a b HTTP/1.1 200 198.51.100.1:80, 198.51.100.2:80"};
  RecordBatch batch;
  for (const std::string& format : formats) {
    LineParser parser(Format(format), absl::UTCTimeZone());
    for (int i = 0; i < 5'000; ++i) {
      std::string line = lines[random() % lines.size()];
      for (uint32_t change = random() % 4; change > 0; --change) {
        const size_t at = random() % line.size();
        if (random() % 2 == 0) line[at] = alphabet[random() % alphabet.size()];
        if (random() % 4 == 0) line.erase(at, random() % 4);
        if (line.empty()) line = "x";
      }
      const LineTrace trace = parser.Trace(line, 1, &batch);
      for (const FieldSpan& span : trace.spans) {
        ASSERT_LE(span.begin, span.end) << line;
        ASSERT_LE(span.end, line.size()) << line;
      }
      if (trace.outcome == LineTrace::Outcome::kRejected) {
        ASSERT_GE(trace.column, 1u) << line;
        ASSERT_LE(trace.column, line.size() + 1) << line;
      }
      const Block block = BlockOf(line);
      size_t offset = 0;
      uint64_t number = 1;
      parser.Parse(block, &offset, &number, &batch);
      ASSERT_EQ(offset, block.size);
      ASSERT_EQ(batch.size, trace.outcome == LineTrace::Outcome::kRecord ? 1u : 0u) << line;
      ASSERT_EQ(batch.rejects.size(), trace.outcome == LineTrace::Outcome::kRejected ? 1u : 0u)
          << line << " seed " << kSeed;
    }
  }
}

TEST(LineParserTest, SpansAreThoseOfTheLine) {
  const std::string line =
      "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 12 \"-\" \"agent\"";
  LineParser parser(Format("combined"), absl::UTCTimeZone());
  RecordBatch batch;
  std::map<std::string, std::string> texts;
  for (const FieldSpan& span : parser.Trace(line, 1, &batch).spans) {
    texts[std::string(span.name)] = line.substr(span.begin, span.end - span.begin);
  }
  EXPECT_EQ(texts["time"], "10/Oct/2000:13:55:36 +0000");
  EXPECT_EQ(texts["client"], "192.0.2.1");
  EXPECT_EQ(texts["method"], "GET");
  EXPECT_EQ(texts["target"], "/a");
  EXPECT_EQ(texts["protocol"], "HTTP/1.1");
  EXPECT_EQ(texts["status"], "200");
  EXPECT_EQ(texts["bytes_sent"], "12");
  EXPECT_EQ(texts["user_agent"], "agent");
}

TEST(LineParserTest, SpansOfFieldsInParts) {
  const std::string line = "2026-11-16 09:00:00 GET /a b=c 200 [2001:db8::1]:443 www.example:80";
  LineParser parser(Format("%{%F}t %{%T}t %m %U %q %s %a %v"), absl::UTCTimeZone());
  RecordBatch batch;
  std::map<std::string, std::string> texts;
  for (const FieldSpan& span : parser.Trace(line, 1, &batch).spans) {
    EXPECT_TRUE(texts.emplace(span.name, line.substr(span.begin, span.end - span.begin)).second);
  }
  const std::map<std::string, std::string> expected = {{"time", "2026-11-16 09:00:00"},
                                                       {"method", "GET"},
                                                       {"target", "/a b=c"},
                                                       {"status", "200"},
                                                       {"client", "2001:db8::1"},
                                                       {"host", "www.example"}};
  EXPECT_EQ(texts, expected);
}

TEST(LineParserTest, LocalTimesTakeTheDefaultZone) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &zone));
  LineParser parser(Format("%{%F %T}t \"%r\" %s"), zone);
  RecordBatch batch;
  // Summer time begins at 02:00 on 29 March 2026 and ends at 03:00 on 25 October.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2026-03-29 01:59:59", "2026-03-29T00:59:59"},
      {"2026-03-29 03:00:00", "2026-03-29T01:00:00"},
      {"2026-10-25 01:30:00", "2026-10-24T23:30:00"},
      {"2026-10-25 02:30:00", "2026-10-25T00:30:00"},
      {"2026-10-25 03:00:00", "2026-10-25T02:00:00"},
      {"2026-07-01 12:00:00", "2026-07-01T10:00:00"}};
  for (const auto& [local, utc] : cases) {
    ASSERT_EQ(parser.Trace(local + " \"GET / HTTP/1.1\" 200", 1, &batch).outcome,
              LineTrace::Outcome::kRecord);
    EXPECT_EQ(absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixMicros(batch.time_us[0]),
                               absl::UTCTimeZone()),
              utc)
        << local;
  }
}

}  // namespace
}  // namespace civlog
