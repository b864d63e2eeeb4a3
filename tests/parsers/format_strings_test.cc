// Format strings as servers' documentation and operators' configurations have them,
// each with a line that the server would write.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

using Fields = std::map<std::string, std::string>;

// Every field of the one record; "-" is an empty one, "?" one that is not logged.
Fields FieldsOf(const LogFormat& format, const RecordBatch& batch) {
  Fields fields;
  fields["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E*S", absl::FromUnixMicros(batch.time_us[0]),
                                    absl::UTCTimeZone());
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const Text& text = batch.text[i][0];
    std::string shown = text.data() == nullptr ? "?" : std::string(text);
    if (shown.empty()) shown = "-";
    fields[std::string(TextFieldName(static_cast<TextField>(i)))] = shown;
  }
  fields["status"] = std::to_string(batch.status[0]);
  fields["bytes_sent"] = std::to_string(batch.bytes_sent[0]);
  fields["latency_us"] = std::to_string(batch.latency_us[0]);
  fields["readable"] = batch.readable_request[0] ? "yes" : "no";
  for (size_t i = 0; i < format.extra_fields().size(); ++i) {
    const Text& text = batch.extra[i][0];
    fields[format.extra_fields()[i]] = text.empty() ? "-" : std::string(text);
  }
  return fields;
}

struct FormatCase {
  std::string format;
  std::string line;
  Fields expected;
};

void Check(const std::vector<FormatCase>& cases) {
  for (const FormatCase& c : cases) {
    const auto formats = ResolveLogFormat(c.format);
    ASSERT_TRUE(formats.ok()) << formats.status();
    LineParser parser(*formats, absl::UTCTimeZone());
    RecordBatch batch;
    const LineTrace trace = parser.Trace(c.line, 1, &batch);
    ASSERT_EQ(trace.outcome, LineTrace::Outcome::kRecord) << c.format << "\n"
                                                          << c.line << "\n"
                                                          << trace.message;
    const Fields fields = FieldsOf(*formats->front(), batch);
    for (const auto& [name, value] : c.expected) {
      ASSERT_EQ(fields.count(name), 1u) << name;
      EXPECT_EQ(fields.at(name), value) << name << " of " << c.format << "\n" << c.line;
    }
  }
}

// mod_log_config, "Examples" and "Custom Log Formats"; Debian's apache2.conf.
TEST(FormatStringsTest, ApacheDocumentation) {
  Check({
      {R"(LogFormat "%h %l %u %t \"%r\" %>s %b" common)",
       R"(192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326)",
       {{"user", "frank"}, {"target", "/apache_pb.gif"}, {"referrer", "?"}}},
      {R"("%{Referer}i -> %U" %t %m %>s)",
       R"("https://a.example/ -> /b" [10/Oct/2000:13:55:36 -0700] GET 200)",
       {{"referrer", "https://a.example/"}, {"target", "/b"}, {"protocol", "?"}}},
      {R"(LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O" combinedio)",
       R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5 "-" "x" 99 120)",
       {{"bytes_sent", "5"}, {"user_agent", "x"}}},
      {R"(LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" vhost_combined)",
       R"(www.example:443 2001:db8::1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5 "-" "x")",
       {{"host", "www.example"}, {"client", "2001:db8::1"}, {"bytes_sent", "5"}}},
      {R"(CustomLog logs/access_log "%h %l %u %t \"%r\" %>s %b" env=!image)",
       R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 -)",
       {{"bytes_sent", "-1"}}},
      {R"([%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] "%r" %>s)",
       R"([16/Nov/2026 09:00:00.125 +0900] "GET / HTTP/1.1" 200)",
       {{"time", "2026-11-16T00:00:00.125"}}},
      {R"(%{%Y-%m-%dT%H:%M:%S}t "%r" %>s %{us}T)",
       R"(2026-11-16T09:00:00 "GET / HTTP/1.1" 200 1234)",
       {{"time", "2026-11-16T09:00:00"}, {"latency_us", "1234"}}},
      {R"(%{sec}t.%{usec_frac}t "%r" %>s %T)",
       R"(1700000000.000250 "GET / HTTP/1.1" 200 2)",
       {{"time", "2023-11-14T22:13:20.00025"}, {"latency_us", "2000000"}}},
      {R"(%{msec}t %r %s)", R"(1700000000250 GET /a b HTTP/1.1 200)", {{"target", "/a b"}}},
      {R"(%{usec}t %r %s)",
       R"(1700000000250001 GET /a 200)",
       {{"target", "/a"}, {"protocol", "-"}}},
      {R"(%{begin:%FT%T}t %{end:%FT%T}t "%r" %s)",
       R"(2026-11-16T09:00:00 2026-11-16T09:00:07 "GET / HTTP/1.1" 200)",
       {{"time", "2026-11-16T09:00:00"}}},
      {R"(%{end}t "%r" %s)",
       R"([10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200)",
       {{"time", "2000-10-10T13:55:36"}}},
      {R"(%{%Y%m%d}t%{%H%M%S}t%{msec_frac}t "%r" %s)",
       R"(20261116090000007 "GET / HTTP/1.1" 200)",
       {{"time", "2026-11-16T09:00:00.007"}}},
  });
}

TEST(FormatStringsTest, ApacheModifiers) {
  const std::string tail = R"( [10/Oct/2000:13:55:36 +0000] "GET /a HTTP/1.1" )";
  Check({
      {R"(%a %t "%r" %<s %>s)", "192.0.2.1" + tail + "302 200", {{"status", "200"}}},
      {R"(%a %t "%r" %s "%400,501{User-agent}i" "%!200,304,302{Referer}i")",
       "192.0.2.1" + tail + R"(200 "-" "-")",
       {{"user_agent", "-"}, {"referrer", "-"}}},
      {R"(%{c}a %a %t "%r" %s)",
       "192.0.2.9 198.51.100.1" + tail + "200",
       {{"client", "198.51.100.1"}}},
      {R"(%a:%{remote}p %t "%r" %s)",
       "2001:db8::1:51234" + tail + "200",
       {{"client", "2001:db8::1"}}},
      {R"(%h %u %t "%r" %s)", R"(192.0.2.1 "")" + tail + "200", {{"user", "-"}}},
      {R"(%{X-Forwarded-For}i %l %u %t "%r" %s)",
       "203.0.113.5, 192.0.2.1 - -" + tail + "200",
       {{"forwarded", "203.0.113.5, 192.0.2.1"}, {"user", "-"}}},
      {R"(%h %t "%r" %s %{JSESSIONID}C %{X-Citizen}i %{Content-Type}o)",
       "192.0.2.1" + tail + "200 abc 42 text/html",
       {{"cookie:JSESSIONID", "abc"}, {"header:X-Citizen", "42"}}},
      {R"(%t %v %m "%U%q" %s %H)",
       tail.substr(1, 28) + R"( www.example POST "/a?b=c" 303 HTTP/2.0)",
       {{"method", "POST"}, {"target", "/a?b=c"}, {"protocol", "HTTP/2.0"}}},
      {R"(%t %m %U "%q" %s)", tail.substr(1, 28) + R"( GET /a "?b=c" 200)", {{"target", "/a?b=c"}}},
      {R"(%t %m %U "%q" %s)", tail.substr(1, 28) + R"( GET /a "" 200)", {{"target", "/a"}}},
      {R"(%t "%r" %s 100%% %Z)", tail.substr(1) + "200 100% x y", {{"status", "200"}}},
      {"%t\\t\"%r\"\\t%s",
       "[10/Oct/2000:13:55:36 +0000]\t\"GET / HTTP/1.1\"\t200",
       {{"status", "200"}}},
  });
}

// ngx_http_log_module ("combined", "compression"), nginx.conf as packaged, ingress-nginx.
TEST(FormatStringsTest, NginxDocumentation) {
  Check({
      {"log_format combined '$remote_addr - $remote_user [$time_local] '\n"
       "                    '\"$request\" $status $body_bytes_sent '\n"
       "                    '\"$http_referer\" \"$http_user_agent\"';",
       R"(192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] "GET /\x22x HTTP/1.1" 200 5 "-" "\xEC\x95\x88")",
       {{"target", "/\"x"}, {"user_agent", "\xEC\x95\x88"}}},
      {"log_format  main  '$remote_addr - $remote_user [$time_local] \"$request\" '\n"
       "                  '$status $body_bytes_sent \"$http_referer\" '\n"
       "                  '\"$http_user_agent\" \"$http_x_forwarded_for\"';",
       R"(192.0.2.1 - bob [16/Nov/2026:09:00:00 +0900] "GET / HTTP/1.1" 200 5 "-" "a" "203.0.113.7")",
       {{"user", "bob"}, {"forwarded", "203.0.113.7"}}},
      {"log_format compression '$remote_addr - $remote_user [$time_local] '\n"
       "    '\"$request\" $status $bytes_sent '\n"
       "    '\"$http_referer\" \"$http_user_agent\" \"$gzip_ratio\"';",
       R"(192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] "GET / HTTP/1.1" 200 5 "-" "a" "3.91")",
       {{"bytes_sent", "5"}}},
      {"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
       "\"$http_referer\" \"$http_user_agent\" $request_length $request_time "
       "[$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr "
       "$upstream_response_length $upstream_response_time $upstream_status $req_id",
       R"(192.0.2.1 - - [16/Nov/2026:09:00:00 +0900] "GET / HTTP/2.0" 200 5 "-" "a" 400 0.005 )"
       R"([web] [] 198.51.100.2:80, 198.51.100.3:80 0, 5 0.001, 0.004 502, 200 abcdef)",
       {{"status", "200"}, {"latency_us", "5000"}}},
  });
}

TEST(FormatStringsTest, NginxVariables) {
  const std::string time = "2026-11-16T09:00:00+09:00 ";
  Check({
      {"$time_iso8601 ${request_method} ${request_uri} $status $upstream_response_time",
       time + "GET /a?b 200 0.100, 0.250 : 0.050",
       {{"target", "/a?b"}, {"latency_us", "400000"}}},
      {"$time_iso8601 \"$request\" $status $upstream_response_time $request_time",
       time + "\"GET / HTTP/1.1\" 200 - 0.250",
       {{"latency_us", "250000"}}},
      {"$time_iso8601 $request_method $uri$is_args$args $status",
       time + "GET /a?b=c 200",
       {{"target", "/a?b=c"}}},
      {"$time_iso8601 $request_method $uri$is_args$args $status",
       time + "GET /a- 200",
       {{"target", "/a"}}},
      {"$time_iso8601 $request_method $uri $args $status",
       time + "GET /a b=c 200",
       {{"target", "/a?b=c"}}},
      {"$time_iso8601 $request_method $document_uri?$query_string $status",
       time + "GET /a?- 200",
       {{"target", "/a"}}},
      {"$time_iso8601 $request_method $request_uri $args $status",
       time + "GET /a?b b 200",
       {{"target", "/a?b"}}},
      {"$time_iso8601 $request_method $scheme://$host:$server_port$request_uri $status",
       time + "GET https://www.example:8443/a:b 200",
       {{"host", "www.example"}, {"target", "/a:b"}}},
      {"$remote_addr:$remote_port $msec \"$request\" $status$pipe $http_host $cookie_sid "
       "$http_x_citizen",
       "2001:db8::1:443 1700000000.250 \"GET / HTTP/1.1\" 200p www.example:80 s -",
       {{"client", "2001:db8::1"},
        {"time", "2023-11-14T22:13:20.25"},
        {"host", "www.example"},
        {"cookie:sid", "s"},
        {"header:x-citizen", "-"}}},
      {"$time_iso8601 \"$request\" $status \"$scheme://$host$request_uri\"",
       time + "\"GET /a HTTP/1.1\" 200 \"https://www.example/a\"",
       {{"target", "/a"}, {"host", "www.example"}}},
      {"[$time_local] $request $status",
       "[16/Nov/2026:09:00:00 +0900] GET /a HTTP/1.1 404",
       {{"target", "/a"}, {"status", "404"}}},
      {"\"$time_iso8601\" \"$request\" \"$status\"",
       "\"2026-11-16T09:00:00+09:00\" \"GET / HTTP/1.1\" \"200\"",
       {{"status", "200"}}},
  });
}

TEST(FormatStringsTest, NginxEscaping) {
  const std::string json = R"({"t":"$time_iso8601","a":"$remote_addr","r":"$request","s":$status,)"
                           R"("b":$body_bytes_sent,"d":"$request_time","ua":"$http_user_agent"})";
  const std::string head = R"({"t":"2026-11-16T09:00:00+09:00","a":"192.0.2.1","r":)";
  Check({
      {"log_format j escape=json '" + json + "';",
       head + R"("GET /\"q\\ HTTP/1.1","s":200,"b":5,"d":"0.001","ua":"\u00e9\ud83d\ude00\t"})",
       {{"target", "/\"q\\"},
        {"latency_us", "1000"},
        {"user_agent", "\xC3\xA9\xF0\x9F\x98\x80\t"}}},
      {json,
       head + R"("GET / HTTP/1.1","s":200,"b":5,"d":"","ua":""})",
       {{"latency_us", "-1"}, {"user_agent", "-"}}},
      {"'" + json + "'",
       head + R"("-","s":400,"b":0,"d":"0.000","ua":"-"})",
       {{"readable", "no"}, {"status", "400"}}},
      {R"(escape=none '$time_iso8601 "$request" $status "$http_user_agent"')",
       R"(2026-11-16T09:00:00Z "GET /\x41" b" HTTP/1.1" 200 "a\"b")",
       {{"target", "/\\x41\" b\""}, {"user_agent", "a\\\"b"}}},
      {R"(log_format j "{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":\"$status\"}";)",
       R"({"t":"2026-11-16T09:00:00Z","r":"GET / HTTP/1.1","s":"200"})",
       {{"status", "200"}}},
      {R"({\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":\"$status\"})",
       R"({"t":"2026-11-16T09:00:00Z","r":"GET / HTTP/1.1","s":"200"})",
       {{"status", "200"}}},
  });
}

TEST(FormatStringsTest, NumbersInEveryNotation) {
  const std::string head = R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 )";
  const std::string format = R"(%h %l %u %t "%r" %s %b %{s}T)";
  Check({
      {format, head + "- -", {{"bytes_sent", "-1"}, {"latency_us", "-1"}}},
      {format, head + "0 0", {{"bytes_sent", "0"}, {"latency_us", "0"}}},
      {format,
       head + "9223372036854775807 1.5e-3",
       {{"bytes_sent", "9223372036854775807"}, {"latency_us", "1500"}}},
      {format, head + "1 -0", {{"latency_us", "0"}}},
      {format, head + "1 -0.000", {{"latency_us", "0"}}},
      {format, head + "1 .25", {{"latency_us", "250000"}}},
  });
}

TEST(FormatStringsTest, TextColumnsTellEmptyFromAbsent) {
  const auto formats = ResolveLogFormat("common");
  ASSERT_TRUE(formats.ok());
  LineParser parser(*formats, absl::UTCTimeZone());
  RecordBatch batch;
  const std::string line = R"(192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "-" 408 -)";
  ASSERT_EQ(parser.Trace(line, 1, &batch).outcome, LineTrace::Outcome::kRecord);
  for (const TextField field :
       {TextField::kUser, TextField::kMethod, TextField::kTarget, TextField::kProtocol}) {
    EXPECT_NE(batch.Get(field, 0).data(), nullptr);
    EXPECT_TRUE(batch.Get(field, 0).empty());
  }
  for (const TextField field :
       {TextField::kForwarded, TextField::kHost, TextField::kReferrer, TextField::kUserAgent}) {
    EXPECT_EQ(batch.Get(field, 0).data(), nullptr);
  }
}

}  // namespace
}  // namespace civlog
