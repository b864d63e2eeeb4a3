// What other projects expect of their own sample logs, where those are present: their
// fields must be ours. Where they are not, the reason is told at the place.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;
using Fields = std::map<std::string, std::string>;

fs::path Corpora() { return fs::path(CIVLOG_SOURCE_DIR) / ".." / "shared" / "corpora"; }

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else if (c != '\r') {
      lines.back() += c;
    }
  }
  return lines;
}

std::string Text(const RecordBatch& batch, TextField field) {
  return std::string(batch.Get(field, 0));
}

Fields FieldsOf(const RecordBatch& batch) {
  Fields fields;
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const auto field = static_cast<TextField>(i);
    fields[std::string(TextFieldName(field))] = Text(batch, field);
  }
  fields["status"] = std::to_string(batch.status[0]);
  fields["bytes_sent"] = std::to_string(std::max<int64_t>(0, batch.bytes_sent[0]));
  fields["latency_ms"] = std::to_string(batch.latency_us[0] / 1000);
  return fields;
}

// Every record of a log by its line, without blanks around.
std::map<std::string, Fields> ReadRecords(const fs::path& log) {
  const std::string text = ReadFile(log);
  const Detection detection = DetectFormat(text);
  EXPECT_FALSE(detection.formats.empty()) << log << ": " << detection.explanation;
  std::map<std::string, Fields> records;
  if (detection.formats.empty()) return records;
  LineParser parser(detection.formats, absl::UTCTimeZone());
  RecordBatch batch;
  for (std::string line : Lines(text)) {
    const LineTrace trace = parser.Trace(line, 1, &batch);
    while (line.ends_with(' ')) line.pop_back();
    if (trace.outcome == LineTrace::Outcome::kRecord) records[line] = FieldsOf(batch);
  }
  return records;
}

// results["s01-parse"]["..."][N].Evt.Parsed["KEY"] == "VALUE"
std::map<int, Fields> ReadAssertions(const fs::path& file) {
  std::map<int, Fields> assertions;
  for (const std::string& line : Lines(ReadFile(file))) {
    if (!line.starts_with("results[\"s01-parse\"]")) continue;
    const size_t event = line.find("].Evt.");
    const size_t equals = line.find("\"] == \"");
    if (event == std::string::npos || equals == std::string::npos) continue;
    const size_t index = line.rfind('[', event);
    const size_t quote = line.find("[\"", event);
    const std::string kind = line.substr(event + 6, quote - event - 6);
    const std::string key = line.substr(quote + 2, equals - quote - 2);
    const auto value = nlohmann::json::parse(line.substr(equals + 6), nullptr, false);
    if (!value.is_string()) continue;
    assertions[std::stoi(line.substr(index + 1))][kind + "." + key] = value.get<std::string>();
  }
  return assertions;
}

std::string WithoutPort(const std::string& host) { return host.substr(0, host.find(':')); }

// The path of an absolute URL: it is kept as logged, the host with it.
std::string PathOf(const std::string& target) {
  const size_t scheme = target.find("://");
  if (scheme == std::string::npos) return target;
  const size_t slash = target.find('/', scheme + 3);
  return slash == std::string::npos ? "/" : target.substr(slash);
}

struct Comparison {
  const char* theirs;
  const char* ours;
};

constexpr Comparison kComparisons[] = {{"Meta.source_ip", "client"},
                                       {"Meta.http_path", "target"},
                                       {"Meta.http_verb", "method"},
                                       {"Meta.http_status", "status"},
                                       {"Meta.http_user_agent", "user_agent"},
                                       {"Meta.target_fqdn", "host"},
                                       {"Parsed.body_bytes_sent", "bytes_sent"},
                                       {"Parsed.http_referer", "referrer"},
                                       {"Parsed.request_duration_in_ms", "latency_ms"}};

// How what they expect is to be read; nullopt where it cannot be ours.
std::optional<std::string> Ours(const std::string& folder, const Comparison& comparison,
                                const std::string& value) {
  const std::string field = comparison.ours;
  // A field that is not logged is none, not a dash.
  if (value == "-") return field == "status" || field == "bytes_sent" ? "0" : "";
  // A TLS handshake has no path.
  if (folder == "apache2-malformed" && field == "target") return std::nullopt;
  if (field == "target") return PathOf(value);
  // A host has no port.
  if (field == "host") return WithoutPort(value);
  // The server's peer is the last hop of the forwarded addresses, not the first.
  if (folder == "envoy-logs" && field == "client") return std::nullopt;
  // Traefik's JSON gives nanoseconds.
  if (folder == "traefik_json" && field == "latency_ms") {
    return std::to_string(std::stoll(value) / 1'000'000);
  }
  return value;
}

void Compare(const std::string& folder, const Fields& expected, const Fields& record, int* count) {
  for (const Comparison& comparison : kComparisons) {
    const auto theirs = expected.find(comparison.theirs);
    if (theirs == expected.end()) continue;
    const std::optional<std::string> wanted = Ours(folder, comparison, theirs->second);
    if (!wanted) continue;
    std::string ours = record.at(comparison.ours);
    if (std::string_view(comparison.ours) == "target") ours = PathOf(ours);
    EXPECT_EQ(ours, *wanted) << folder << ": " << comparison.theirs;
    ++*count;
  }
}

TEST(CorporaExpectationsTest, FieldsThatAParserAsserts) {
  const fs::path root = Corpora() / "crowdsec";
  if (!fs::exists(root)) GTEST_SKIP() << "no corpora beside the checkout";
  int count = 0;
  for (const auto& folder : fs::directory_iterator(root)) {
    const auto assertions = ReadAssertions(folder.path() / "parser.assert");
    if (assertions.empty()) continue;
    fs::path log;
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() == ".log") log = file.path();
    }
    const auto records = ReadRecords(log);
    for (const auto& [index, expected] : assertions) {
      const auto message = expected.find("Parsed.message");
      if (message == expected.end()) continue;
      // A prefix of a container runtime is no part of their message.
      const auto record = std::find_if(records.begin(), records.end(), [&](const auto& known) {
        return known.first.ends_with(message->second);
      });
      // Lines of a server's error log are none of an access log.
      if (record == records.end()) continue;
      Compare(folder.path().filename(), expected, record->second, &count);
    }
  }
  EXPECT_GT(count, 380);
}

std::string Unquoted(std::string value) {
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

// The httpRequest objects of an expected.yaml, in its order: flat, a key a line.
std::vector<Fields> ReadRequests(const fs::path& file) {
  std::vector<Fields> requests;
  bool inside = false;
  for (const std::string& line : Lines(ReadFile(file))) {
    if (line.find("httpRequest:") != std::string::npos) {
      requests.emplace_back();
      inside = true;
      continue;
    }
    if (!line.starts_with("      ")) inside = false;
    const size_t colon = line.find(": ");
    if (!inside || colon == std::string::npos) continue;
    requests.back()[line.substr(6, colon - 6)] = Unquoted(line.substr(colon + 2));
  }
  return requests;
}

TEST(CorporaExpectationsTest, RequestsThatAnAgentExpects) {
  const fs::path root = Corpora() / "ops-agent";
  if (!fs::exists(root)) GTEST_SKIP() << "no corpora beside the checkout";
  int count = 0;
  for (const auto& folder : fs::directory_iterator(root)) {
    if (!folder.is_directory()) continue;
    std::vector<Fields> records;
    for (const auto& [line, fields] : ReadRecords(folder.path() / "input.log")) {
      records.push_back(fields);
    }
    for (const Fields& expected : ReadRequests(folder.path() / "expected.yaml")) {
      // Without a method it is a line that they did not read.
      if (expected.count("requestMethod") == 0 || expected.at("requestMethod").empty()) continue;
      const auto same = [&expected](const Fields& record) {
        const auto is = [&](const char* theirs, const std::string& ours) {
          const auto found = expected.find(theirs);
          return found == expected.end() || found->second == ours;
        };
        // IIS: they leave the query out and '+' as it stands for a space.
        std::string agent = record.at("user_agent");
        std::string plus = agent;
        std::replace(plus.begin(), plus.end(), ' ', '+');
        const std::string target = record.at("target");
        const std::string status = record.at("status");
        return is("requestMethod", record.at("method")) && is("remoteIp", record.at("client")) &&
               (is("requestUrl", target) || is("requestUrl", target.substr(0, target.find('?')))) &&
               (is("status", status) || is("status", status + ".0")) &&
               (is("userAgent", agent) || is("userAgent", plus)) &&
               is("referer", record.at("referrer"));
      };
      EXPECT_TRUE(std::any_of(records.begin(), records.end(), same))
          << folder.path() << ": " << nlohmann::json(expected).dump();
      ++count;
    }
  }
  EXPECT_GT(count, 30);
}

}  // namespace
}  // namespace civlog
