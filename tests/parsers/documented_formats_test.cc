// Every example line of docs/formats.md is recognised as the format that its block is
// headed with, and read whole.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "parsers/line_parser.h"
#include "parsers/log_format.h"

namespace civlog {
namespace {

struct Example {
  std::string format;
  std::string text;
};

std::vector<Example> ReadExamples() {
  std::ifstream in(CIVLOG_SOURCE_DIR "/docs/formats.md");
  std::vector<Example> examples;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view kHead = "```log ";
    if (line.starts_with(kHead)) {
      examples.push_back({line.substr(kHead.size()), ""});
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      examples.back().text += line + "\n";
    }
  }
  return examples;
}

// What a record of these examples must have said, whichever format it came in.
void ExpectWhole(const RecordBatch& batch, const std::string& line) {
  EXPECT_TRUE(batch.readable_request[0]) << line;
  EXPECT_EQ(batch.Get(TextField::kMethod, 0), "GET") << line;
  EXPECT_EQ(batch.status[0], 200) << line;
  EXPECT_TRUE(batch.bytes_sent[0] == -1 || batch.bytes_sent[0] == 5120 ||
              batch.bytes_sent[0] == 2750)
      << line;
  const std::string_view client = batch.Get(TextField::kClient, 0);
  EXPECT_TRUE(client == "192.0.2.1" || client == "192.0.2.9") << client << " of " << line;
  constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;
  constexpr int64_t kMidnightUs = int64_t{1'794'787'200} * 1'000'000;
  EXPECT_LT(std::abs(batch.time_us[0] - kMidnightUs), kDayUs / 2) << line;
}

TEST(DocumentedFormatsTest, EveryExampleIsRecognisedAndRead) {
  for (const Example& example : ReadExamples()) {
    const Detection detection = DetectFormat(example.text);
    ASSERT_FALSE(detection.formats.empty()) << example.text << detection.explanation;
    EXPECT_EQ(detection.formats.front()->name(), example.format) << example.text;
    LineParser parser(detection.formats, absl::UTCTimeZone());
    RecordBatch batch;
    std::string rest = example.text;
    while (!rest.empty()) {
      const std::string line = rest.substr(0, rest.find('\n'));
      rest.erase(0, line.size() + 1);
      const LineTrace trace = parser.Trace(line, 1, &batch);
      if (line.starts_with('#')) continue;
      EXPECT_EQ(trace.outcome, LineTrace::Outcome::kRecord) << line << "\n" << trace.message;
      if (trace.outcome == LineTrace::Outcome::kRecord) ExpectWhole(batch, line);
    }
  }
}

TEST(DocumentedFormatsTest, EveryPresetHasAnExample) {
  std::set<std::string> documented = {"nginx"};  // the same lines as combined
  for (const Example& example : ReadExamples()) documented.insert(example.format);
  for (const FormatPreset& preset : FormatPresets()) {
    EXPECT_TRUE(documented.contains(std::string(preset.name))) << preset.name;
  }
}

// Units: 12 ms in each of them, where a latency is logged.
TEST(DocumentedFormatsTest, LatenciesAreInMicroseconds) {
  for (const Example& example : ReadExamples()) {
    const Detection detection = DetectFormat(example.text);
    ASSERT_FALSE(detection.formats.empty());
    LineParser parser(detection.formats, absl::UTCTimeZone());
    RecordBatch batch;
    const size_t last = example.text.rfind('\n', example.text.size() - 2);
    std::string line = example.text.substr(last == std::string::npos ? 0 : last + 1);
    line.pop_back();
    std::string all = example.text;
    while (all.find('#') == 0) {
      parser.Trace(all.substr(0, all.find('\n')), 1, &batch);
      all.erase(0, all.find('\n') + 1);
    }
    parser.Trace(line, 1, &batch);
    const int64_t latency_us = batch.latency_us[0];
    const std::set<int64_t> known = {-1,     12'000, 12'034,  2'100,  2'338,
                                     49'000, 1'178,  109'000, 921'000};
    EXPECT_TRUE(known.contains(latency_us)) << latency_us << " of " << line;
  }
}

}  // namespace
}  // namespace civlog
