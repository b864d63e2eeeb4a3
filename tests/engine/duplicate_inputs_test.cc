#include "engine/duplicate_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

std::string Lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) {
    text += "192.0.2." + std::to_string(i % 200) + " - - [16/Nov/2026:09:00:00 +0900] \"GET /" +
            std::to_string(i) + " HTTP/1.1\" 200 5\n";
  }
  return text;
}

// By name, why it was left out; "" where it was not.
std::map<std::string, std::string> LeftOut(
    const std::vector<std::pair<std::string, std::string>>& logs) {
  std::vector<ProbedInput> probed;
  for (const auto& [name, text] : logs) {
    probed.push_back(ProbeInput(MemoryInput(name, text), {}, absl::UTCTimeZone()));
  }
  LeaveOutDuplicates(&probed);
  std::map<std::string, std::string> problems;
  for (const ProbedInput& input : probed) {
    EXPECT_EQ(input.left_out, input.formats.empty()) << input.input.name;
    problems[input.input.name] = input.left_out ? input.problem.substr(0, 30) : "";
  }
  return problems;
}

TEST(DuplicateInputsTest, OfTheSameTheFirstByNameStays) {
  const std::string log = Lines(0, 5000);
  std::vector<std::pair<std::string, std::string>> logs = {
      {"access.log.2", log}, {"access.log.2.copy", log}, {"backup/access.log", log}};
  std::sort(logs.begin(), logs.end());
  do {
    EXPECT_EQ(LeftOut(logs), (std::map<std::string, std::string>{
                                 {"access.log.2", ""},
                                 {"access.log.2.copy", "has the content of access.log."},
                                 {"backup/access.log", "has the content of access.log."}}));
  } while (std::next_permutation(logs.begin(), logs.end()));
}

TEST(DuplicateInputsTest, ABeginningIsLeftOutForTheWhole) {
  const auto left_out =
      LeftOut({{"a", Lines(0, 3000)}, {"b", Lines(0, 5000)}, {"c", Lines(0, 10)}});
  EXPECT_EQ(left_out.at("a"), "is the beginning of b, which i");
  EXPECT_EQ(left_out.at("b"), "");
  EXPECT_EQ(left_out.at("c"), "is the beginning of b, which i");
}

// Each message names a log that is counted.
TEST(DuplicateInputsTest, ABeginningOfABeginning) {
  const auto left_out =
      LeftOut({{"a", Lines(0, 10)}, {"b", Lines(0, 3000)}, {"c", Lines(0, 5000)}});
  EXPECT_EQ(left_out.at("a"), "is the beginning of c, which i");
  EXPECT_EQ(left_out.at("b"), "is the beginning of c, which i");
  EXPECT_EQ(left_out.at("c"), "");
}

// As logrotate leaves it for a moment: the log, and what gzip has written so far.
TEST(DuplicateInputsTest, ATruncatedCopyIsLeftOutAndItsErrorStays) {
  const std::string log = Lines(0, 5000);
  const std::string gzip = Gzip(log);
  for (const size_t bytes : {gzip.size() / 2, gzip.size() - 4}) {
    std::vector<ProbedInput> probed;
    probed.push_back(
        ProbeInput(MemoryInput("a.gz", gzip.substr(0, bytes)), {}, absl::UTCTimeZone()));
    probed.push_back(ProbeInput(MemoryInput("b", log), {}, absl::UTCTimeZone()));
    LeaveOutDuplicates(&probed);
    EXPECT_TRUE(probed[0].left_out) << bytes;
    EXPECT_EQ(probed[0].status.code(), absl::StatusCode::kDataLoss) << bytes;
    EXPECT_FALSE(probed[1].left_out) << bytes;
    EXPECT_TRUE(probed[1].status.ok()) << bytes;
  }
}

// IIS begins every file with the same directives.
TEST(DuplicateInputsTest, DirectivesDoNotMakeLogsAlike) {
  const std::string head = "#Software: x\n#Fields: date time cs-method cs-uri sc-status\n";
  const ProbedInput probed = ProbeInput(MemoryInput("a", head + "2026-11-16 00:00:00 GET / 200\n"),
                                        {}, absl::UTCTimeZone());
  EXPECT_EQ(probed.first_line, "2026-11-16 00:00:00 GET / 200");
}

TEST(DuplicateInputsTest, LogsThatDifferLateAreTwo) {
  const std::string log = Lines(0, 5000);
  std::string other = log;
  other[other.size() - 3] = '6';
  for (const auto& [name, problem] : LeftOut({{"a", log}, {"b", other}})) {
    EXPECT_EQ(problem, "") << name;
  }
  for (const auto& [name, problem] : LeftOut({{"a", Lines(0, 50)}, {"b", Lines(1, 51)}})) {
    EXPECT_EQ(problem, "") << name;
  }
}

}  // namespace
}  // namespace civlog
