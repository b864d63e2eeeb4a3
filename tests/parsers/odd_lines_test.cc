// Lines that real logs hold and that naive parsers fall over, one test each.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

using Outcome = LineTrace::Outcome;

// One line, read by one format.
class Read {
 public:
  Read(const std::string& format, const std::string& line,
       absl::TimeZone zone = absl::UTCTimeZone()) {
    const auto formats = ResolveLogFormat(format);
    EXPECT_TRUE(formats.ok()) << formats.status();
    LineParser parser(*formats, zone);
    trace_ = parser.Trace(line, 1, &batch_);
    EXPECT_EQ(trace_.outcome, Outcome::kRecord) << line.substr(0, 300) << "\n" << trace_.message;
  }
  std::string Get(TextField field) const { return std::string(batch_.Get(field, 0)); }
  std::string target() const { return Get(TextField::kTarget); }
  std::string agent() const { return Get(TextField::kUserAgent); }
  std::string client() const { return Get(TextField::kClient); }
  bool readable() const { return batch_.readable_request[0]; }
  int status() const { return batch_.status[0]; }
  int64_t bytes() const { return batch_.bytes_sent[0]; }
  int64_t latency_us() const { return batch_.latency_us[0]; }
  std::string time() const {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", absl::FromUnixMicros(batch_.time_us[0]),
                            absl::UTCTimeZone());
  }

 private:
  RecordBatch batch_;
  LineTrace trace_;
};

const std::string kHead = "192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] ";
const std::string kTail = " 200 5 \"-\" \"agent\"";

Read Combined(const std::string& request, const std::string& tail = kTail) {
  return Read("combined", kHead + request + tail);
}

TEST(OddLinesTest, EscapedQuotes) {
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", R"( 200 5 "-" "a \"b\" c")").agent(), "a \"b\" c");
}

TEST(OddLinesTest, EscapedBackslashes) {
  EXPECT_EQ(Combined(R"("GET /a\\b HTTP/1.1")").target(), "/a\\b");
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", R"( 200 5 "-" "ends with \\")").agent(), "ends with \\");
}

TEST(OddLinesTest, HexadecimalQuotes) {
  EXPECT_EQ(Combined(R"("GET /a\x22b HTTP/1.1")").target(), "/a\"b");
}

TEST(OddLinesTest, HexadecimalBackslashes) {
  EXPECT_EQ(Combined(R"("GET /a\x5Cb HTTP/1.1")").target(), "/a\\b");
  EXPECT_EQ(Combined(R"("GET /a\x5cb HTTP/1.1")").target(), "/a\\b");
}

TEST(OddLinesTest, DoubledQuotes) {
  EXPECT_EQ(Combined("\"GET /a\"\"b HTTP/1.1\"").target(), "/a\"\"b");
}

TEST(OddLinesTest, UnescapedQuotesInARequest) {
  EXPECT_EQ(Combined("\"GET /a\"b\" HTTP/1.1\"").target(), "/a\"b\"");
  EXPECT_EQ(Combined("\"GET /a\" 404 7 HTTP/1.1\"").target(), "/a\" 404 7");
  const Read traefik("traefik",
                     "192.0.2.1 - - [16/Nov/2026:00:00:00 +0000] \"GET /?q=\"x\" HTTP/1.1\" 200 5 "
                     "\"-\" \"agent\" 1 \"r\" \"http://198.51.100.7\" 3ms");
  EXPECT_EQ(traefik.target(), "/?q=\"x\"");
  EXPECT_EQ(traefik.latency_us(), 3000);
}

TEST(OddLinesTest, DashRequest) {
  const Read line = Combined("\"-\"", " 408 0 \"-\" \"-\"");
  EXPECT_FALSE(line.readable());
  EXPECT_EQ(line.status(), 408);
}

TEST(OddLinesTest, EmptyRequest) { EXPECT_FALSE(Combined("\"\"").readable()); }

TEST(OddLinesTest, TlsOnAPlainPort) {
  EXPECT_FALSE(Combined(R"("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03")").readable());
}

TEST(OddLinesTest, OtherProtocols) {
  EXPECT_FALSE(Combined(R"("SSH-2.0-Go")").readable());
  EXPECT_FALSE(Combined(R"("MGLNDD_192.0.2.9_443\n")").readable());
}

TEST(OddLinesTest, SpacesInTheTarget) {
  EXPECT_EQ(Combined("\"GET /a file.pdf HTTP/1.1\"").target(), "/a file.pdf");
}

TEST(OddLinesTest, AbsoluteForm) {
  EXPECT_EQ(Combined("\"GET http://www.hanbit.example/a HTTP/1.1\"").target(),
            "http://www.hanbit.example/a");
}

TEST(OddLinesTest, HostAndPort) {
  const Read line = Combined("\"CONNECT www.hanbit.example:443 HTTP/1.1\"");
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(line.target(), "www.hanbit.example:443");
}

TEST(OddLinesTest, Http09AndAMissingProtocol) {
  const Read line = Combined("\"GET /index.html\"");
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(line.target(), "/index.html");
  EXPECT_EQ(line.Get(TextField::kProtocol), "");
}

TEST(OddLinesTest, StatusZero) {
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", " 000 0 \"-\" \"-\"").status(), 0);
  EXPECT_EQ(Read("json", R"({"ts":1794787200,"method":"GET","uri":"/","status":0})").status(), 0);
  EXPECT_EQ(Read("json", R"({"ts":1794787200,"method":"GET","uri":"/","status":"000"})").status(),
            0);
}

TEST(OddLinesTest, DashBytes) {
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", " 304 - \"-\" \"-\"").bytes(), -1);
}

TEST(OddLinesTest, NegativeDurationsAreNotThere) {
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", kTail).latency_us(), -1);
  EXPECT_EQ(Read("combined_time", kHead + "\"GET / HTTP/1.1\" 200 5 \"-\" \"a\" -17").latency_us(),
            -1);
  EXPECT_EQ(Read("haproxy",
                 "192.0.2.1:5 [16/Nov/2026:09:00:00.655] f b/<NOSRV> -1/-1/-1/-1/12 401 262 - - "
                 "PR-- 0/0/0/0/0 0/0 \"GET / HTTP/1.1\"")
                .latency_us(),
            12'000);
}

TEST(OddLinesTest, ExponentsInDurations) {
  EXPECT_EQ(
      Read("json", R"({"ts":1794787200,"method":"GET","uri":"/","status":200,"duration":2.5e-05})")
          .latency_us(),
      25);
}

TEST(OddLinesTest, Ipv6WithZoneAndBrackets) {
  EXPECT_EQ(Read("common", "fe80::1%eth0 - - [16/Nov/2026:09:00:00 +0900] \"GET / HTTP/1.1\" 200 5")
                .client(),
            "fe80::1%eth0");
  EXPECT_EQ(
      Read("common", "[2001:db8::7]:443 - - [16/Nov/2026:09:00:00 +0900] \"GET / HTTP/1.1\" 200 5")
          .client(),
      "2001:db8::7");
}

TEST(OddLinesTest, Ipv4MappedAddress) {
  EXPECT_EQ(
      Read("common", "::ffff:192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] \"GET / HTTP/1.1\" 200 5")
          .client(),
      "::ffff:192.0.2.1");
}

TEST(OddLinesTest, HostNameForAnAddress) {
  EXPECT_EQ(Read("common",
                 "pc7.hanbit.example - - [16/Nov/2026:09:00:00 +0900] \"GET / HTTP/1.1\" "
                 "200 5")
                .client(),
            "pc7.hanbit.example");
}

TEST(OddLinesTest, UserNameWithSpaces) {
  EXPECT_EQ(Read("common",
                 "192.0.2.1 - Hong Gil Dong [16/Nov/2026:09:00:00 +0900] \"GET / "
                 "HTTP/1.1\" 200 5")
                .Get(TextField::kUser),
            "Hong Gil Dong");
}

TEST(OddLinesTest, LongLines) {
  for (const size_t bytes : {size_t{8} << 10, size_t{1} << 20}) {
    const std::string path = "/" + std::string(bytes, 'a');
    EXPECT_EQ(Combined("\"GET " + path + " HTTP/1.1\"").target(), path);
  }
}

TEST(OddLinesTest, CarriageReturn) {
  EXPECT_EQ(Combined("\"GET / HTTP/1.1\"", kTail + "\r").agent(), "agent");
}

// The reader drops a byte order mark, once.
TEST(OddLinesTest, ByteOrderMark) {
  BlockReader reader(MakeMemorySource("\xEF\xBB\xBF" + kHead + "\"GET / HTTP/1.1\"" + kTail), 7);
  Block block;
  ASSERT_TRUE(reader.Next(&block));
  EXPECT_TRUE(block.text().starts_with("192.0.2.1"));
}

TEST(OddLinesTest, NulBytes) {
  const std::string nul(1, '\0');
  EXPECT_EQ(Combined("\"GET /a" + nul + "b HTTP/1.1\"").target(), "/a" + nul + "b");
}

// CP949, Big5 and CP1252 are kept as they stand; in JSON they make no line unreadable.
TEST(OddLinesTest, BytesOfLegacyCharsets) {
  for (const std::string bytes : {"\xB0\xA1\xB3\xAA", "\xA4\xA4\xA4\xE5", "\xE9t\xE9"}) {
    EXPECT_EQ(Combined("\"GET /" + bytes + " HTTP/1.1\"").target(), "/" + bytes);
    EXPECT_EQ(Read("json", "{\"ts\":1794787200,\"method\":\"GET\",\"uri\":\"/" + bytes +
                               "\",\"status\":200}")
                  .target(),
              "/" + bytes);
  }
}

TEST(OddLinesTest, PercentEncodingsStandAsTheyAre) {
  EXPECT_EQ(Combined("\"GET /%B0%A1?q=%zz HTTP/1.1\"").target(), "/%B0%A1?q=%zz");
}

TEST(OddLinesTest, HalfAndQuarterHoursFromUtc) {
  const auto time = [](const std::string& offset) {
    return Read("common",
                "192.0.2.1 - - [16/Nov/2026:09:00:00 " + offset + "] \"GET / HTTP/1.1\" 200 5")
        .time();
  };
  EXPECT_EQ(time("+0545"), "2026-11-16T03:15:00");
  EXPECT_EQ(time("+0530"), "2026-11-16T03:30:00");
  EXPECT_EQ(time("-0930"), "2026-11-16T18:30:00");
}

TEST(OddLinesTest, SummerTimeEndsWithinAFile) {
  absl::TimeZone berlin;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
  const auto time = [&berlin](const std::string& local) {
    return Read("%{%Y-%m-%d %H:%M:%S}t \"%r\" %s", local + " \"GET / HTTP/1.1\" 200", berlin)
        .time();
  };
  EXPECT_EQ(time("2026-10-25 01:59:59"), "2026-10-24T23:59:59");
  EXPECT_EQ(time("2026-10-25 02:30:00"), "2026-10-25T00:30:00");
  EXPECT_EQ(time("2026-10-25 03:00:00"), "2026-10-25T02:00:00");
}

TEST(OddLinesTest, LeapSecond) {
  EXPECT_EQ(
      Read("common", "192.0.2.1 - - [31/Dec/2016:23:59:60 +0000] \"GET / HTTP/1.1\" 200 5").time(),
      "2017-01-01T00:00:00");
}

// The header's date has no year; the line's own has.
TEST(OddLinesTest, SyslogDatesAroundNewYear) {
  const std::string sample =
      "Dec 31 23:59:59 lb haproxy[1]: 192.0.2.1:5 [31/Dec/2026:23:59:59.900] f b/s 0/0/0/1/1 200 "
      "5 - - ---- 0/0/0/0/0 0/0 \"GET /old HTTP/1.1\"\n"
      "Jan  1 00:00:00 lb haproxy[1]: 192.0.2.1:5 [01/Jan/2027:00:00:00.100] f b/s 0/0/0/1/1 200 "
      "5 - - ---- 0/0/0/0/0 0/0 \"GET /new HTTP/1.1\"\n";
  const Detection detection = DetectFormat(sample);
  ASSERT_FALSE(detection.formats.empty()) << detection.explanation;
  LineParser parser(detection.formats, absl::UTCTimeZone());
  RecordBatch batch;
  const size_t second = sample.find('\n') + 1;
  parser.Trace(sample.substr(0, second - 1), 1, &batch);
  const int64_t old_us = batch.time_us[0];
  parser.Trace(sample.substr(second, sample.size() - second - 1), 2, &batch);
  EXPECT_EQ(batch.time_us[0] - old_us, 200'000);
}

TEST(OddLinesTest, LinesOutOfOrderKeepTheirTimes) {
  EXPECT_EQ(
      Read("common", "192.0.2.1 - - [16/Nov/2026:00:00:01 +0000] \"GET / HTTP/1.1\" 200 5").time(),
      "2026-11-16T00:00:01");
  EXPECT_EQ(
      Read("common", "192.0.2.1 - - [15/Nov/2026:23:59:59 +0000] \"GET / HTTP/1.1\" 200 5").time(),
      "2026-11-15T23:59:59");
}

}  // namespace
}  // namespace civlog
