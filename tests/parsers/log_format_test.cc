#include "parsers/log_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace civlog {
namespace {

using ::testing::HasSubstr;

TEST(LogFormatTest, EveryPresetCompiles) {
  for (const FormatPreset& preset : FormatPresets()) {
    const auto formats = ResolveLogFormat(preset.name);
    ASSERT_TRUE(formats.ok()) << formats.status();
    EXPECT_EQ(formats->front()->name(), preset.name);
  }
}

TEST(LogFormatTest, RefusalsGiveTheReason) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"combinde", "did you mean \"combined\"?"},
      {"%h \"%r\" %>s", "lacks a time"},
      {"%h %t %>s", "lacks a request"},
      {"%h %t \"%r\"", "lacks a status"},
      {"%h", "lacks a time with date and clock (%t) and a request (%r, or %m and %U) and a status"},
      {"$remote_addr \"$request\"", "lacks a time ($time_local"},
      {"%h%l %t \"%r\" %s", "nothing stands between"},
      {"%t \"%r\" %s %?", "is no directive"},
      {"%t \"%r\" %s %h%b", "%h%b: nothing stands between"},
      {"$remote_addr$remote_user $time_local $request $status", "nothing stands between"},
      {"$time_local $uri$args $request_method $status", "nothing stands between"},
      {"%t %U %s", "lacks a request"},
      {"$time_local $request_method $args $status", "lacks a request"},
      {"%{usec_frac}t \"%r\" %s", "lacks a time"},
      {"%t \"%r\" %s %", "ends within"},
      {"CustomLog logs/access_log combined", "not one complete directive"},
      {"%t \"%r\" %s %{Referer", "without its }"},
      {"just words", "has no % directive"},
      {"%{%Y-%Q}t \"%r\" %s", "conversion that is not read"},
      {"%{%H:%M:%S}t \"%r\" %s", "lacks a time with date"},
  };
  for (const auto& [text, reason] : cases) {
    const auto formats = ResolveLogFormat(text);
    ASSERT_FALSE(formats.ok()) << text;
    EXPECT_THAT(std::string(formats.status().message()), HasSubstr(reason)) << text;
  }
}

class ServerConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string path = ::testing::TempDir() + "civlog_config_XXXXXX";
    const int fd = ::mkstemp(path.data());
    ASSERT_GE(fd, 0);
    ::close(fd);
    path_ = path;
  }
  void TearDown() override { std::remove(path_.c_str()); }

  void Write(const std::string& text) { std::ofstream(path_) << text; }
  // The text of the format that @FILE[:name] leads to, or the error.
  std::string Resolve(const std::string& name) {
    const auto formats = ResolveLogFormat("@" + path_ + (name.empty() ? "" : ":" + name));
    return formats.ok() ? formats->front()->text() : std::string(formats.status().message());
  }

  std::string path_;
};

TEST_F(ServerConfigTest, Apache) {
  Write(
      "# LogFormat \"%h\" comment\n"
      "LogFormat \"%v:%p %h %l %u %t \\\"%r\\\" %>s %O\" vhosts\n"
      "  logformat \"%h %l %u %t \\\n\\\"%r\\\" %>s %b\" common\n"
      "CustomLog /var/log/x.log vhosts\n"
      "CustomLog \"|/bin/rotate x\" \"%t %m %U %s\" env=!dontlog\n");
  EXPECT_EQ(Resolve("vhosts"), "%v:%p %h %l %u %t \"%r\" %>s %O");
  EXPECT_EQ(Resolve("common"), "%h %l %u %t \"%r\" %>s %b");
  EXPECT_THAT(Resolve("comon"), HasSubstr("did you mean \"common\"?"));
  EXPECT_THAT(Resolve(""), HasSubstr("defines several formats"));
}

TEST_F(ServerConfigTest, Nginx) {
  Write(
      "http {\n  # log_format no '$x';\n"
      "  log_format main '$remote_addr [$time_local] \"$request\" '\n"
      "                  '$status';  # behind\n"
      "  log_format\n json escape=json "
      "\"{\\\"t\\\":\\\"$time_iso8601\\\",\\\"r\\\":\\\"$request\\\","
      "\\\"s\\\":$status}\";\n"
      "  server { access_log /x main; }\n}\n");
  EXPECT_EQ(Resolve("main"), "$remote_addr [$time_local] \"$request\" $status");
  EXPECT_EQ(Resolve("json"), "{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":$status}");
}

TEST_F(ServerConfigTest, NginxWithoutBlanks) {
  Write("http{log_format main '$remote_addr [${time_local}] \"$request\" '\"\\\"$status\\\"\";}");
  EXPECT_EQ(Resolve(""), "$remote_addr [${time_local}] \"$request\" \"$status\"");
}

TEST_F(ServerConfigTest, WindowsLineEndingsAndSingleQuotes) {
  Write("LogFormat '%t \"%r\" %>s' one\r\nLogFormat \"%t \\\r\n%m %U %s\" two\r\n");
  EXPECT_EQ(Resolve("one"), "%t \"%r\" %>s");
  EXPECT_EQ(Resolve("two"), "%t %m %U %s");
}

TEST_F(ServerConfigTest, NamesAloneDefineNothingAndTheLastOfANameCounts) {
  Write(
      "LogFormat \"%t \\\"%r\\\" %s\" mine\nLogFormat mine\nCustomLog logs/a mine\n"
      "LogFormat \"%t \\\"%r\\\" %>s\" mine\n");
  EXPECT_EQ(Resolve(""), "%t \"%r\" %>s");
}

TEST_F(ServerConfigTest, ErrorsNameFileAndLine) {
  Write("# one\nLogFormat \"%h %l\" short\n");
  EXPECT_THAT(Resolve("short"), HasSubstr(path_ + ":2: log format \"%h %l\": the format lacks"));
}

TEST_F(ServerConfigTest, TheOnlyOneNeedsNoName) {
  Write("LogFormat \"%t \\\"%r\\\" %>s\" only\n");
  EXPECT_EQ(Resolve(""), "%t \"%r\" %>s");
}

TEST_F(ServerConfigTest, NothingToFind) {
  Write("server {}\n");
  EXPECT_THAT(Resolve(""), HasSubstr("has no LogFormat"));
  EXPECT_FALSE(ResolveLogFormat("@/nonexistent/x.conf").ok());
  EXPECT_THAT(std::string(ResolveLogFormat("@" + ::testing::TempDir()).status().message()),
              HasSubstr("no file that can be read"));
}

std::string CombinedLine(const std::string& tail) {
  return "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1" + tail + "\n";
}

TEST(DetectionTest, TellsThePresetsApart) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "common"},
      {" \"-\" \"agent (x; y)\"", "combined"},
      {" \"-\" \"agent\" \"203.0.113.9\"", "nginx_main"},
      {" \"-\" \"agent\" 0.012", "nginx_time"},
      {" \"-\" \"agent\" 1500", "combined_time"},
      {" \"-\" \"agent\" 400 1500", "combinedio"},
  };
  for (const auto& [tail, name] : cases) {
    std::string sample;
    for (int i = 0; i < 3; ++i) sample += CombinedLine(tail);
    const Detection detection = DetectFormat(sample);
    ASSERT_EQ(detection.formats.size(), 1u) << detection.explanation;
    EXPECT_EQ(detection.formats[0]->name(), name);
  }
  const Detection vhost = DetectFormat("www.example:80 " + CombinedLine(" \"-\" \"agent\""));
  ASSERT_EQ(vhost.formats.size(), 1u);
  EXPECT_EQ(vhost.formats[0]->name(), "vhost_combined");
}

TEST(DetectionTest, AFamilyMayBeMixed) {
  const Detection detection =
      DetectFormat(CombinedLine("") + CombinedLine(" \"-\" \"a\"") + CombinedLine(" \"-\" \"b\""));
  ASSERT_EQ(detection.formats.size(), 2u);
  EXPECT_EQ(detection.formats[0]->name(), "combined");
  EXPECT_EQ(detection.formats[1]->name(), "common");
}

// Where the format changes far behind the first lines, too.
TEST(DetectionTest, AFamilyMayBeMixedLate) {
  constexpr uint64_t kOfEach = 60;
  std::string sample;
  for (uint64_t i = 0; i < kOfEach; ++i) sample += CombinedLine(" \"-\" \"a\"");
  for (uint64_t i = 0; i < kOfEach; ++i) sample += "\n" + CombinedLine("") + "garbage\n";
  sample += "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n";
  sample += "2026-11-16 00:00:00 192.0.2.1 GET / 200\n";
  const Detection detection = DetectFormat(sample);
  std::map<std::string, uint64_t> fitted;
  for (const FormatScore& score : detection.scores) {
    EXPECT_EQ(score.lines, 3 * kOfEach + 1) << score.format->name();
    EXPECT_NE(score.first_misfit_line, 0U) << score.format->name();
    if (score.fitted > 0) fitted[score.format->name()] = score.fitted;
  }
  EXPECT_EQ(fitted["combined"], kOfEach);
  EXPECT_EQ(fitted["common"], kOfEach);
  EXPECT_EQ(fitted["w3c"], 1U);
  EXPECT_EQ(detection.formats.size(), 3U);
}

TEST(DetectionTest, BrokenLinesDoNotPreventIt) {
  std::string sample = "garbage\n\nmore garbage\n";
  for (int i = 0; i < 5; ++i) sample += CombinedLine(" \"-\" \"a\"");
  EXPECT_EQ(DetectFormat(sample).formats.size(), 1u);
}

TEST(DetectionTest, LessThanAFifthIsNothing) {
  std::string sample;
  for (int i = 0; i < 21; ++i) sample += "192.0.2.1 said something else\n\n";
  for (int i = 0; i < 5; ++i) sample += CombinedLine(" \"-\" \"a\"");
  const Detection detection = DetectFormat(sample);
  EXPECT_TRUE(detection.formats.empty());
  EXPECT_THAT(detection.explanation, HasSubstr("nearest is combined with 5 of 26 lines"));
  EXPECT_THAT(detection.explanation, HasSubstr("line 1, column"));
  EXPECT_EQ(DetectFormat(sample + CombinedLine("")).formats.size(), 2u);
}

TEST(DetectionTest, MoreThanTheFormatIsAnotherFormat) {
  const Detection detection = DetectFormat(CombinedLine(" \"-\" \"a\" 1 \"web\" \"b\" 2x"));
  EXPECT_TRUE(detection.formats.empty()) << detection.explanation;
}

TEST(DetectionTest, JsonByOtherNamesIsToldToBeMapped) {
  const Detection detection = DetectFormat(R"({"when":"2026-11-16T00:00:00Z","what":"/a"})"
                                           "\n");
  EXPECT_TRUE(detection.formats.empty());
  EXPECT_THAT(detection.explanation, HasSubstr("nearest is json"));
  EXPECT_THAT(detection.explanation, HasSubstr("the line has no time member; name the one"));
  EXPECT_THAT(detection.explanation, HasSubstr("--log-format 'json:time=$.KEY"));
}

TEST(DetectionTest, FailureNamesLineAndColumn) {
  const Detection detection =
      DetectFormat("192.0.2.1 - - [10/Oct/2000 13:55] \"GET / HTTP/1.1\" 200\n");
  EXPECT_TRUE(detection.formats.empty());
  EXPECT_THAT(detection.explanation, HasSubstr("line 1, column 16 (time)"));
  EXPECT_THAT(detection.explanation, HasSubstr("--log-format"));
  EXPECT_TRUE(DetectFormat("").formats.empty());
}

}  // namespace
}  // namespace civlog
