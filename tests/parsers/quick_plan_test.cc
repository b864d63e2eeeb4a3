// A line that is read quickly is read as the general way reads it.

#include "parsers/quick_plan.h"

#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/block_lines.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/log_format_plan.h"

namespace civlog {
namespace {

constexpr std::string_view kTime = "[16/Nov/2026:00:00:07 +0900]";

struct Sample {
  std::string_view format;
  std::vector<std::string> lines;
};

std::vector<Sample> Samples() {
  const auto combined = [](std::string_view client, std::string_view user, std::string_view request,
                           std::string_view bytes, std::string_view referrer,
                           std::string_view agent) {
    return absl::StrCat(std::string(client), " - ", std::string(user), " ", std::string(kTime),
                        " \"", std::string(request), "\" 200 ", std::string(bytes), " \"",
                        std::string(referrer), "\" \"", std::string(agent), "\"");
  };
  std::vector<Sample> samples = {{"combined", {}}};
  for (const std::string_view client : {"192.0.2.1",
                                        "192.0.2.111",
                                        "1.2.3.4",
                                        "2001:db8:4298:56b4::1:0",
                                        "2001:db8::1",
                                        "::1",
                                        "192.0.2.1:8080",
                                        "[2001:db8::1]:443",
                                        "[2001:db8::1]",
                                        "192.0.2.1,198.51.100.2",
                                        "2001:db8::1,2001:db8::2",
                                        "www.hanbit.example",
                                        "host:80",
                                        "abcd:12345",
                                        "abcd:123456",
                                        "fe80::1%eth0",
                                        "::ffff:192.0.2.1",
                                        "192.0.2.1/24",
                                        "-",
                                        "a",
                                        "192.0.2.256:1:2"}) {
    samples[0].lines.push_back(combined(client, "-", "GET /a HTTP/1.1", "1", "-", "x"));
  }
  for (const std::string_view request :
       {"GET / HTTP/1.1", "POST /civil/apply?x=1 HTTP/2.0", "HEAD /a HTTP/1.0", "GET /", "-", "",
        "GET  HTTP/1.1", "GET /a b HTTP/1.1", "GET http://www.hanbit.example/a HTTP/1.1",
        "OPTIONS * HTTP/1.0", "GET /a HTTP/x.1", "GET /a HTTP/1. ", "POSTS /a HTTP/1.1",
        "GET /a  HTTP/1.1", "POST / HTTP/3"}) {
    samples[0].lines.push_back(combined("192.0.2.1", "kim", request, "-", "https://a/", "Moz 5"));
  }
  for (const std::string_view bytes : {"0", "-", "", "123456789012345678", "1234567890123456789",
                                       "99999999999999999999", "-1", "+1", "12a", "007"}) {
    samples[0].lines.push_back(combined("192.0.2.1", "\"\"", "GET / HTTP/1.1", bytes, "", "-"));
  }
  samples.push_back({"common",
                     {"192.0.2.1 - - " + std::string(kTime) + " \"GET /a HTTP/1.1\" 404 -",
                      "192.0.2.1 - - " + std::string(kTime) + " \"GET /a HTTP/1.1\" 404 12 "}});
  samples.push_back({"vhost_combined",
                     {"www.hanbit.example:443 192.0.2.1 - - " + std::string(kTime) +
                          " \"GET /a HTTP/1.1\" 200 12 \"-\" \"Mozilla/5.0 (X11)\"",
                      "[2001:db8::1]:443 192.0.2.1 - - " + std::string(kTime) +
                          " \"GET /a HTTP/1.1\" 200 12 \"-\" \"Mozilla/5.0 (X11)\""}});
  samples.push_back(
      {"$remote_addr - $remote_user [$time_local] \"$request\" $status "
       "$body_bytes_sent \"$http_referer\" \"$http_user_agent\" "
       "\"$http_x_forwarded_for\" $request_time",
       {"192.0.2.1 - - " + std::string(kTime) +
        " \"GET /a HTTP/1.1\" 200 12 \"-\" \"Moz\" \"198.51.100.7, 192.0.2.9\" 0.123"}});
  samples.push_back({"%h %l %u %t \"%r\" %>s %b \"%{Cookie}i\" %D",
                     {"192.0.2.1 - - " + std::string(kTime) +
                      " \"GET /a HTTP/1.1\" 200 12 \"SESSION=1; a=b\" 1234"}});
  samples.push_back(
      {"%h|%u|%v|%t|\"%r\"|%>s|%b",
       {"192.0.2.1|kim|www.hanbit.example|" + std::string(kTime) + "|\"GET /a HTTP/1.1\"|200|12",
        "192.0.2.1|- x|www.hanbit.example|" + std::string(kTime) + "|\"GET /a HTTP/1.1\"|200|12",
        "192.0.2.1 x|kim|www hanbit|" + std::string(kTime) + "|\"GET /a HTTP/1.1\"|200|12"}});
  // A time that a line ends with, and what is more than that.
  samples.push_back({"%h \"%r\" %>s %b %t",
                     {"192.0.2.1 \"GET /a HTTP/1.1\" 200 12 " + std::string(kTime),
                      "192.0.2.1 \"GET /a HTTP/1.1\" 200 12 " + std::string(kTime) + " JUNK",
                      "192.0.2.1 \"GET /a HTTP/1.1\" 200 12 " + std::string(kTime) + "]"}});
  // Fields that are often "-", several together; status and bytes where a line ends.
  for (const std::string_view values : {"- -", "A -", "- B", "A B", "-- -", "- --"}) {
    samples.push_back({"%h %t \"%r\" %b %{a}C %{b}C %>s",
                       {absl::StrCat("192.0.2.1 ", std::string(kTime), " \"GET /a HTTP/1.1\" - ",
                                     std::string(values), " 200")}});
    samples.push_back({"%h %l %u %{Host}i %t \"%r\" \"%>s\"",
                       {absl::StrCat("192.0.2.1 ", std::string(values), " - ", std::string(kTime),
                                     " \"GET /a HTTP/1.1\" \"200\"")}});
  }
  return samples;
}

std::string Mutated(std::string line, std::mt19937* random) {
  constexpr std::string_view kBytes = "\"\\ -[]:,/.?#a1Z%\t;";
  const auto below = [random](size_t n) { return (*random)() % n; };
  const size_t changes = below(3);
  for (size_t i = 0; i < changes && !line.empty(); ++i) {
    const size_t at = below(line.size());
    switch (below(4)) {
      case 0:
        line[at] = kBytes[below(kBytes.size())];
        break;
      case 1:
        line.insert(at, 1, kBytes[below(kBytes.size())]);
        break;
      case 2:
        line.erase(at, 1 + below(3));
        break;
      default:
        line.resize(at);
    }
  }
  return line;
}

Block BlockOf(const std::string& text) {
  BlockReader reader(MakeMemorySource(text), text.size() + 1);
  Block block;
  EXPECT_TRUE(reader.Next(&block));
  return block;
}

std::string Columns(const RecordBatch& batch, size_t i) {
  std::string columns =
      absl::StrCat(batch.time_us[i], " ", batch.bytes_sent[i], " ", batch.latency_us[i], " ",
                   batch.status[i], " ", batch.readable_request[i] ? "readable" : "not");
  for (size_t field = 0; field < kTextFieldCount; ++field) {
    const Text& text = batch.Get(static_cast<TextField>(field), i);
    absl::StrAppend(&columns, text.data() == nullptr ? "|(none)" : "|", std::string(text));
  }
  for (const auto& extra : batch.extra) absl::StrAppend(&columns, "|", std::string(extra[i]));
  return columns;
}

TEST(QuickPlanTest, ReadsWhatTheGeneralWayReads) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  size_t records = 0;
  size_t rejects = 0;
  std::vector<Sample> samples = Samples();
  // A last field that is missing, where blanks at the end are not looked at.
  samples.push_back({"%h %t \"%r\" %>s %l %u %{a}C %{b}C",
                     {"192.0.2.1 " + std::string(kTime) + " \"GET /a HTTP/1.1\" 200 - - - -",
                      "192.0.2.1 " + std::string(kTime) + " \"GET /a HTTP/1.1\" 200 - - - ",
                      "192.0.2.1 " + std::string(kTime) + " \"GET /a HTTP/1.1\" 200 - - kim "}});
  for (const Sample& sample : samples) {
    const absl::StatusOr<FormatList> formats = ResolveLogFormat(sample.format);
    ASSERT_TRUE(formats.ok()) << formats.status();
    LineParser quick(*formats, absl::UTCTimeZone());
    LineParser general(*formats, absl::UTCTimeZone());
    RecordBatch batch;
    RecordBatch traced;
    for (const std::string& original : sample.lines) {
      for (int i = 0; i < 400; ++i) {
        const std::string line = i == 0 ? original : Mutated(original, &random);
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        // The line before it brings the minute.
        const Block block = BlockOf(sample.lines.front() + "\n" + line + "\n");
        size_t offset = 0;
        uint64_t number = 1;
        quick.Parse(block, &offset, &number, &batch);
        const LineTrace trace = general.Trace(line, 2, &traced);
        if (trace.outcome == LineTrace::Outcome::kRecord) {
          ++records;
          ASSERT_EQ(batch.size, 2U) << line;
          EXPECT_EQ(Columns(batch, 1), Columns(traced, 0)) << line;
          EXPECT_EQ(batch.line[1], 2U);
          EXPECT_EQ(batch.raw[1], line);
        } else if (trace.outcome == LineTrace::Outcome::kRejected) {
          ++rejects;
          ASSERT_EQ(batch.rejects.size(), 1U) << line;
          EXPECT_EQ(batch.rejects[0].reason, trace.reason) << line;
          EXPECT_EQ(batch.rejects[0].column, trace.column) << line;
        }
      }
    }
  }
  EXPECT_GT(records, 5'000U);
  EXPECT_GT(rejects, 1'000U);
}

// The test above would hold too if every line were given back.
TEST(QuickPlanTest, GivesBackOnlyWhatIsOutOfTheOrdinary) {
  ClfMinute minute;
  TimeResolver resolver(absl::UTCTimeZone());
  for (const Sample& sample : Samples()) {
    const FormatList formats = *ResolveLogFormat(sample.format);
    const FormatPlan& plan = formats.front()->plan();
    const QuickPlan quick(plan);
    ASSERT_FALSE(quick.empty()) << sample.format;
    RecordBatch batch;
    const auto reads = [&](const std::string& line) {
      const Block block = BlockOf(line + "\n");
      BlockLines lines(plan.delimiters);
      lines.Begin(block.text());
      size_t offset = 0;
      return quick.Parse(lines.Indexed(lines.Next(&offset)), 1, &minute, &resolver, &batch);
    };
    const std::string& line = sample.lines.front();
    EXPECT_TRUE(reads(line)) << line;
    EXPECT_EQ(batch.time_us[0], 1'794'754'807'000'000);
    EXPECT_FALSE(reads(line + "x"));
    EXPECT_FALSE(reads("\\" + line));
    std::string later = line;
    later.replace(later.find(":07 "), 4, ":61 ");
    EXPECT_FALSE(reads(later));
    later = line;
    later.replace(later.find(":00:07"), 6, ":01:08");
    EXPECT_TRUE(reads(later)) << "another minute";
    EXPECT_EQ(batch.time_us[0], 1'794'754'868'000'000);
  }
}

// A number ends where its digits do, which such endings would be taken for.
TEST(QuickPlanTest, IsNotForNumbersThatEndWithWhatMayBeAPartOfThem) {
  for (const std::string_view format : {"%O-%h-%t \"%r\" - %>s", "%h %t \"%r\" %B-%>s",
                                        "%h %t \"%r\" %b1%>s", "%h %t \"%r\" %>s2%b"}) {
    const absl::StatusOr<FormatList> formats = ResolveLogFormat(format);
    ASSERT_TRUE(formats.ok()) << formats.status();
    EXPECT_TRUE(QuickPlan(formats->front()->plan()).empty()) << format;
  }
  EXPECT_FALSE(QuickPlan(ResolveLogFormat("%h %t \"%r\" %b %>s")->front()->plan()).empty());
}

TEST(QuickPlanTest, IsNotForFormatsWhoseTimeIsWrittenOtherwise) {
  const FormatList formats = *ResolveLogFormat("$remote_addr $time_iso8601 \"$request\" $status");
  EXPECT_TRUE(QuickPlan(formats.front()->plan()).empty());
}

}  // namespace
}  // namespace civlog
