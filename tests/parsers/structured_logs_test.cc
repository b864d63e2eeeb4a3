// W3C logs whose fields change, JSON by other names, and wrapped lines.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "parsers/block_reader.h"
#include "parsers/json_mapping.h"
#include "parsers/line_parser.h"
#include "parsers/line_wrapper.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Summary {
  std::vector<std::string> records;  // "method target status client agent"
  uint64_t directives = 0;
  std::vector<std::string> rejects;  // "line:column reason"
};

// Reads a log in blocks of `block_bytes`, each by a parser of its own, as threads do.
Summary ReadLog(const std::string& text, const FormatList& formats, size_t block_bytes) {
  Summary summary;
  BlockReader reader(MakeMemorySource(text), block_bytes);
  reader.TrackW3cDirectives();
  Block block;
  RecordBatch batch;
  while (reader.Next(&block)) {
    LineParser parser(formats, absl::UTCTimeZone());
    size_t offset = 0;
    uint64_t line = block.first_line;
    while (offset < block.size) {
      parser.Parse(block, &offset, &line, &batch);
      for (size_t i = 0; i < batch.size; ++i) {
        std::string record;
        for (const TextField field :
             {TextField::kMethod, TextField::kTarget, TextField::kClient, TextField::kUserAgent}) {
          record += std::string(batch.Get(field, i)) + "|";
        }
        summary.records.push_back(record + std::to_string(batch.status[i]) + "|" +
                                  std::to_string(batch.latency_us[i]));
      }
      for (const Reject& reject : batch.rejects) {
        summary.rejects.push_back(std::to_string(reject.line) + ":" +
                                  std::to_string(reject.column) + " " +
                                  std::string(RejectReasonName(reject.reason)));
      }
      summary.directives += batch.directive.size();
    }
  }
  return summary;
}

const std::string kChanging =
    "#Software: Microsoft Internet Information Services 10.0\r\n"
    "#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status c-ip cs(User-Agent) "
    "time-taken\r\n"
    "2026-11-16 00:00:00 GET /a x=1 200 192.0.2.1 Mozilla/5.0+(X;+Y) 12\r\n"
    "2026-11-16 00:00:01 GET /b - 404 192.0.2.2 - 3\r\n"
    "#Fields: time date c-ip sc-status cs-method cs-uri-stem\r\n"
    "00:00:02 2026-11-16 192.0.2.3 500 POST /c\r\n"
    "#Fields: date time sc-status\r\n"
    "2026-11-16 00:00:03 200\r\n"
    "#Fields: date time cs-method cs-uri-stem sc-status cs(User-Agent)\r\n"
    "2026-11-16 00:00:04 GET /d 200 \"quoted \"\"agent\"\"\"\r\n";

TEST(W3cTest, FieldsMayChangeAndBlocksAreOfAnySize) {
  const Detection detection = DetectFormat(kChanging);
  ASSERT_FALSE(detection.formats.empty()) << detection.explanation;
  EXPECT_EQ(detection.formats.front()->name(), "w3c");
  for (size_t block_bytes = 1; block_bytes < kChanging.size() + 2; ++block_bytes) {
    const Summary summary = ReadLog(kChanging, detection.formats, block_bytes);
    ASSERT_THAT(summary.records,
                ElementsAre("GET|/a?x=1|192.0.2.1|Mozilla/5.0 (X; Y)|200|12000",
                            "GET|/b|192.0.2.2||404|3000", "POST|/c|192.0.2.3||500|-1",
                            "GET|/d||quoted \"agent\"|200|-1"))
        << block_bytes;
    EXPECT_EQ(summary.directives, 5u);
    EXPECT_THAT(summary.rejects, ElementsAre("8:1 no_match"));
  }
}

TEST(W3cTest, FieldsThatGiveNoFigureAreRefusedWithTheReason) {
  const auto formats = ResolveLogFormat("#Fields: date time c-ip");
  ASSERT_FALSE(formats.ok());
  EXPECT_THAT(std::string(formats.status().message()), HasSubstr("a status (sc-status)"));
  EXPECT_THAT(std::string(formats.status().message()), HasSubstr("a path (cs-uri-stem)"));
}

TEST(W3cTest, LocalTimesAreThePortals) {
  absl::TimeZone seoul;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Seoul", &seoul));
  const auto local = ResolveLogFormat("#Fields: date-local time-local cs-method cs-uri sc-status");
  const auto utc = ResolveLogFormat("#Fields: date time cs-method cs-uri sc-status");
  ASSERT_TRUE(local.ok() && utc.ok());
  RecordBatch batch;
  const std::string line = "2026-11-16 09:00:00 GET / 200";
  LineParser(*local, seoul).Trace(line, 1, &batch);
  const int64_t local_us = batch.time_us[0];
  LineParser(*utc, seoul).Trace(line, 1, &batch);
  EXPECT_EQ(batch.time_us[0] - local_us, int64_t{9} * 3600 * 1'000'000);
}

TEST(JsonTest, KeysInAnyOrderGiveTheSameRecord) {
  const std::vector<std::string> members = {R"("time":"2026-11-16T00:00:00Z")",
                                            R"("method":"GET")",
                                            R"("uri":"/a?b=1")",
                                            R"("status":200)",
                                            R"("client":"192.0.2.1")",
                                            R"("x":{"deep":[1,{"y":null}]})"};
  const auto formats = ResolveLogFormat("json");
  ASSERT_TRUE(formats.ok());
  std::string first;
  std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
  do {
    std::string line = "{";
    for (const size_t i : order) line += (line.size() > 1 ? "," : "") + members[i];
    const Summary summary = ReadLog(line + "}\n", *formats, 1 << 20);
    ASSERT_THAT(summary.records, ElementsAre("GET|/a?b=1|192.0.2.1||200|-1")) << line;
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(JsonTest, OtherNamesAreMapped) {
  const auto formats = ResolveLogFormat(
      "json:client=$.remote.ip|$.peer,time=$.ts,method=$.m,target=$[\"u.path\"],query=$.q,"
      "status=$.s,latency_ms=$.took,cookie:SID=$.c.sid");
  ASSERT_TRUE(formats.ok()) << formats.status();
  const Summary summary = ReadLog(
      "{\"remote\":{\"ip\":\"192.0.2.1\"},\"peer\":\"192.0.2.9\",\"ts\":1794787200.5,\"m\":\"GET\","
      "\"u.path\":\"/\\uD55C\",\"q\":\"a=1\",\"s\":\"404\",\"took\":7}\n"
      "{\"peer\":\"192.0.2.9\",\"ts\":1794787200,\"m\":\"GET\",\"u.path\":\"/\",\"s\":200}\n",
      *formats, 64);
  EXPECT_THAT(summary.records,
              ElementsAre("GET|/\xED\x95\x9C?a=1|192.0.2.1||404|7000", "GET|/|192.0.2.9||200|-1"));
  EXPECT_THAT((*formats)[0]->extra_fields(), ElementsAre("cookie:SID"));
}

TEST(JsonTest, MappingsThatCannotBeReadSayWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"json:time=$.t,status=$.s", "maps no request"},
      {"json:time=t", "\"t\" is no path"},
      {"json:tme=$.t", "\"tme\" is no field; did you mean \"time\"?"},
      {"json:time", "is no FIELD=PATH"}};
  for (const auto& [spec, expected] : cases) {
    const auto formats = ResolveLogFormat(spec);
    ASSERT_FALSE(formats.ok()) << spec;
    EXPECT_THAT(std::string(formats.status().message()), HasSubstr(expected));
  }
}

TEST(JsonTest, LinesThatAreNoRecords) {
  const auto formats = ResolveLogFormat("json");
  const std::string good = R"({"ts":1794787200,"method":"GET","uri":"/","status":200})";
  const Summary summary =
      ReadLog(good + "\n" + good.substr(0, 40) + "\nplain text\n" + good + "}\n" +
                  R"({"ts":1794787200,"method":"GET","uri":"/"})" + "\n" +
                  R"({"ts":"yesterday","method":"GET","uri":"/","status":200})" + "\n" +
                  R"({"ts":1794787200,"method":"GET","uri":"/","status":"ok"})" + "\n[1,2]\n",
              *formats, 100);
  EXPECT_EQ(summary.records.size(), 1u);
  ASSERT_EQ(summary.rejects.size(), 7u);
  EXPECT_THAT(summary.rejects[0], HasSubstr("2:1 invalid_json"));
  EXPECT_THAT(summary.rejects[1], HasSubstr("3:1 invalid_json"));
  EXPECT_THAT(summary.rejects[2], HasSubstr("4:"));
  EXPECT_THAT(summary.rejects[3], HasSubstr("5:1 no_match"));
  EXPECT_THAT(summary.rejects[4], HasSubstr("6:8 bad_time"));
  EXPECT_THAT(summary.rejects[5], HasSubstr("7:53 bad_status"));
  EXPECT_THAT(summary.rejects[6], HasSubstr("8:1 invalid_json"));
}

TEST(WrapperTest, Prefixes) {
  struct Case {
    LineWrapper wrapper;
    std::string prefix;
  };
  const std::vector<Case> cases = {
      {LineWrapper::kSyslog, "Nov 16 09:00:00 web1 nginx: "},
      {LineWrapper::kSyslog, "<190>Nov  6 09:00:00 web1 nginx[4]: "},
      {LineWrapper::kSyslog, "Nov 16 2026 09:00:00 web1 nginx: "},
      {LineWrapper::kSyslog, "<190>1 2026-11-16T00:00:00.003Z web1 nginx 4 - - "},
      {LineWrapper::kSyslog, "<190>1 - - nginx - - [x@1 a=\"]\\\"\"][y@2] "},
      {LineWrapper::kSyslog, "2026-11-16T00:00:00.003+09:00 web1 nginx[4]: "},
      {LineWrapper::kCri, "2026-11-16T00:00:00.003Z stdout F "},
      {LineWrapper::kCri, "2026-11-16T00:00:00+09:00 stderr F "},
  };
  const std::string line = "192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] \"GET / HTTP/1.1\" 200 5";
  for (const Case& c : cases) {
    EXPECT_EQ(WrapperPrefix(c.wrapper, c.prefix + line), c.prefix.size()) << c.prefix;
    EXPECT_EQ(DetectWrapper({c.prefix + line}), c.wrapper) << c.prefix;
    const Detection detection = DetectFormat(c.prefix + line + "\n");
    ASSERT_FALSE(detection.formats.empty()) << c.prefix;
    EXPECT_EQ(detection.formats[0]->name(), "common");
    RecordBatch batch;
    LineParser parser(detection.formats, absl::UTCTimeZone());
    const LineTrace trace = parser.Trace(c.prefix + line, 1, &batch);
    ASSERT_EQ(trace.outcome, LineTrace::Outcome::kRecord);
    const std::string whole = c.prefix + line;
    for (const FieldSpan& span : trace.spans) {
      if (span.name == "client") {
        EXPECT_EQ(whole.substr(span.begin, span.end - span.begin), "192.0.2.1");
      }
    }
    // Lines without the prefix are read all the same.
    EXPECT_EQ(parser.Trace(line, 2, &batch).outcome, LineTrace::Outcome::kRecord);
  }
  for (const LineWrapper wrapper : {LineWrapper::kSyslog, LineWrapper::kCri}) {
    EXPECT_EQ(WrapperPrefix(wrapper, line), 0u);
    EXPECT_EQ(WrapperPrefix(wrapper, ""), 0u);
  }
}

// A prefix cut at any byte is none, and reads no byte behind its end.
TEST(WrapperTest, CutPrefixes) {
  const std::string line = "<190>1 2026-11-16T00:00:00.003Z web1 nginx 4 - [x@1 a=\"b\"] x";
  for (size_t size = 0; size < line.size() - 1; ++size) {
    EXPECT_EQ(WrapperPrefix(LineWrapper::kSyslog, line.substr(0, size)), 0u) << size;
  }
}

// What a reader remembers of the keys of one line says nothing of the next.
TEST(JsonTest, TheLineBeforeSaysNothingOfTheNext) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<std::string> optional = {
      R"("st":"x")",
      R"("status_code_text":"999")",
      R"("statusx" : 777)",
      R"("remote_addr":"192.0.2.1")",
      R"("remote_addr2":"198.51.100.1")",
      R"("user_agent":"Moz\"illa" )",
      R"("user_agent_":"x")",
      R"("a\"b":{"status":"700","remote_addr":"198.51.100.2"})",
      R"("a\\":1)",
      R"("upstream":{"status":"701","x":{"method":"PUT"}})",
      R"("tags":["status","method"])",
      R"("x":{"remote_addr":"198.51.100.3","method":"HEAD"})"};
  std::string text;
  for (int line = 0; line < 3000; ++line) {
    std::vector<std::string> members = {R"("time":"2026-11-16T00:00:00Z")", R"("method":"GET")",
                                        R"("uri":"/a?b=1")", R"("status":"200")"};
    for (const std::string& member : optional) {
      if (random() % 2 == 0) members.push_back(member);
    }
    std::shuffle(members.begin(), members.end(), random);
    text += "{";
    for (size_t i = 0; i < members.size(); ++i) text += (i == 0 ? "" : ",") + members[i];
    text += "}\n";
  }
  for (const char* format :
       {"json",
        "json:time=$.time,method=$.method,target=$.uri,status=$.status,client=$.x.remote_addr"}) {
    const FormatList formats = *ResolveLogFormat(format);
    const Summary together = ReadLog(text, formats, size_t{1} << 20);
    EXPECT_EQ(together.records.size(), 3000U);
    EXPECT_EQ(together.records, ReadLog(text, formats, 1).records) << format;
  }
}

TEST(WrapperTest, DockersObjects) {
  const std::string line =
      R"({"log":"192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] \"GET /a\\x22b HTTP/1.1\" 200 5\n",)"
      R"("stream":"stdout","time":"2026-11-16T00:00:00Z"})";
  const Detection detection = DetectFormat(line + "\n");
  ASSERT_FALSE(detection.formats.empty()) << detection.explanation;
  const Summary summary = ReadLog(line + "\n", detection.formats, 1 << 20);
  EXPECT_THAT(summary.records, ElementsAre("GET|/a\"b|192.0.2.1||200|-1"));
}

}  // namespace
}  // namespace civlog
