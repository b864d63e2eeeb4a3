// Registers every case of this folder as a test of its own, and runs them against
// the real program.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/cases/case.h"
#include "tests/cases/program.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

#ifdef CIVLOG_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// A directory of a case's own, removed with all it holds.
class Scratch {
 public:
  Scratch() {
    std::string pattern = testing::TempDir() + "civlog-case-XXXXXX";
    path_ = mkdtemp(pattern.data()) == nullptr ? "" : pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string Compressed(std::string bytes) {
  Completed gzip = RunProgram({.command = {"gzip", "-n", "-c"},
                               .directory = "/",
                               .environment = {},
                               .input = std::move(bytes),
                               .fifo = ""});
  EXPECT_EQ(gzip.exit_code, 0) << gzip.err;
  return std::move(gzip.out);
}

std::string WithCarriageReturns(std::string_view text) {
  std::string converted;
  for (const char c : text) {
    if (c == '\n') converted.push_back('\r');
    converted.push_back(c);
  }
  return converted;
}

std::string Bytes(const Content& content) {
  std::string once = content.bytes;
  for (const Content& part : content.parts) once += Bytes(part);
  once.erase(0, content.skip);
  std::string bytes;
  bytes.reserve(once.size() * content.times);
  for (uint64_t i = 0; i < content.times; ++i) bytes += once;
  if (content.crlf) bytes = WithCarriageReturns(bytes);
  if (content.gzip) bytes = Compressed(std::move(bytes));
  if (content.keep) bytes.resize(std::min(*content.keep, bytes.size()));
  if (content.cut) bytes.resize(bytes.size() - std::min(*content.cut, bytes.size()));
  return bytes;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool IsControl(std::string_view text, size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte < 0x20 || byte == 0x7f) return byte != '\n';
  // C1 controls, U+0080 to U+009F, are 0xC2 and the code itself in UTF-8.
  return byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
}

void ExpectPrintable(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    ASSERT_FALSE(IsControl(text, i)) << "a control character at byte " << i;
  }
}

void ExpectText(std::string_view what, const std::string& text,
                const std::vector<std::string>& contains, const std::vector<std::string>& lacks) {
  for (const std::string& piece : contains) {
    EXPECT_NE(text.find(piece), std::string::npos) << what << " lacks: " << piece;
  }
  for (const std::string& piece : lacks) {
    EXPECT_EQ(text.find(piece), std::string::npos) << what << " has: " << piece;
  }
}

Json ParseLines(const std::string& text) {
  Json documents = Json::array();
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    documents.push_back(Json::parse(line, nullptr, /*allow_exceptions=*/false));
    EXPECT_FALSE(documents.back().is_discarded()) << "no JSON: " << line;
  }
  return documents;
}

// The value that a pointer leads to; a failure, and null, where there is none.
Json At(const Json& document, const std::string& pointer) {
  const Json::json_pointer place(pointer);
  if (document.contains(place)) return document.at(place);
  ADD_FAILURE() << "no " << pointer;
  return nullptr;
}

void ExpectSum(const Json& document, const std::vector<std::string>& pointers) {
  int64_t sum = 0;
  std::string terms;
  for (size_t i = 1; i < pointers.size(); ++i) {
    sum += At(document, pointers[i]).get<int64_t>();
    terms += " " + pointers[i];
  }
  EXPECT_EQ(At(document, pointers.at(0)), Json(sum)) << pointers[0] << " is no sum of" << terms;
}

void ExpectJson(const Case& expected, const std::string& text) {
  if (!expected.json_lines && expected.json.empty() && expected.json_min.empty() &&
      expected.json_size.empty() && expected.json_null.empty() && expected.json_sums.empty()) {
    return;
  }
  const Json document = expected.json_lines
                            ? ParseLines(text)
                            : Json::parse(text, nullptr, /*allow_exceptions=*/false);
  ASSERT_FALSE(document.is_discarded()) << "standard output is no JSON";
  for (const auto& [pointer, value] : expected.json) {
    EXPECT_EQ(At(document, pointer), value) << pointer;
  }
  for (const auto& [pointer, value] : expected.json_min) {
    EXPECT_GE(At(document, pointer), value) << pointer;
  }
  for (const auto& [pointer, value] : expected.json_size) {
    EXPECT_EQ(At(document, pointer).size(), value.get<size_t>()) << pointer;
  }
  for (const std::string& pointer : expected.json_null) {
    EXPECT_TRUE(At(document, pointer).is_null()) << pointer << ": " << At(document, pointer);
  }
  for (const std::vector<std::string>& sum : expected.json_sums) ExpectSum(document, sum);
}

class CaseTest : public testing::Test {
 public:
  explicit CaseTest(const Case& expected) : case_(expected) {}

  void TestBody() override {
    if (!WriteFiles()) GTEST_SKIP() << "permissions do not bind root";
    for (const std::vector<std::string>& args : case_.before) {
      const Completed earlier = RunWith(args);
      ASSERT_EQ(earlier.exit_code, 0) << testing::PrintToString(args) << earlier.err;
    }
    const Completed first = RunWith(case_.args);
    Compare(first);
    for (const std::vector<std::string>& args : case_.same_output) {
      const Completed other = RunWith(args);
      EXPECT_EQ(other.exit_code, first.exit_code) << testing::PrintToString(args);
      EXPECT_EQ(other.out, first.out) << testing::PrintToString(args);
    }
    if (HasFailure()) ShowOutput(first);
  }

 private:
  // False where this user cannot set the case up.
  bool WriteFiles() {
    for (const CaseFile& file : case_.files) {
      const fs::path path = scratch_.path() / file.path;
      fs::create_directories(path.parent_path());
      if (file.fifo) {
        EXPECT_EQ(mkfifo(path.c_str(), 0600), 0) << path;
      } else if (file.path.back() == '/') {
        fs::create_directories(path);
      } else {
        std::ofstream(path, std::ios::binary) << Bytes(file.content);
      }
      if (file.mode) {
        if (geteuid() == 0) return false;
        fs::permissions(path, static_cast<fs::perms>(*file.mode));
      }
    }
    return true;
  }

  Completed RunWith(const std::vector<std::string>& args) const {
    Invocation invocation{.command = {CIVLOG_PROGRAM},
                          .directory = scratch_.path().string(),
                          .environment = case_.env,
                          .input = std::nullopt,
                          .fifo = ""};
    for (const std::string& arg : args) invocation.command.push_back(Expanded(arg));
    if (case_.stdin_content) invocation.input = Bytes(*case_.stdin_content);
    for (const CaseFile& file : case_.files) {
      if (!file.fifo) continue;
      invocation.fifo = scratch_.path() / file.path;
      invocation.input = Bytes(file.content);
    }
    invocation.interrupt = case_.interrupt;
    invocation.timeout_s = case_.timeout_s * (kSanitized ? 10 : 1);
    if (case_.stdout_to == "closed") invocation.output = Invocation::Output::kClosedPipe;
    if (case_.stdout_to == "full") invocation.output = Invocation::Output::kFullDevice;
    return RunProgram(invocation);
  }

  // {source} stands for the folder of the sources.
  static std::string Expanded(std::string arg) {
    constexpr std::string_view kSource = "{source}";
    const size_t at = arg.find(kSource);
    if (at != std::string::npos) arg.replace(at, kSource.size(), CIVLOG_SOURCE_DIR);
    return arg;
  }

  void Compare(const Completed& actual) const {
    EXPECT_FALSE(actual.timed_out) << "still running after its time";
    EXPECT_EQ(actual.exit_code, case_.exit);
    EXPECT_EQ(actual.out, case_.stdout_is.value_or(actual.out));
    EXPECT_EQ(actual.err, case_.stderr_is.value_or(actual.err));
    ExpectText("standard output", actual.out, case_.stdout_contains, case_.stdout_lacks);
    ExpectText("standard error", actual.err, case_.stderr_contains, case_.stderr_lacks);
    if (case_.stdout_printable) ExpectPrintable(actual.out);
    ExpectPrintable(actual.err);
    ExpectJson(case_, actual.out);
    for (const WrittenFile& file : case_.written) {
      ExpectText(file.path, ReadFile(scratch_.path() / file.path), file.contains, {});
    }
    for (const std::string& path : case_.absent) {
      EXPECT_FALSE(fs::exists(scratch_.path() / path)) << path << " is there";
    }
    if (case_.max_memory_mb && !kSanitized) {
      EXPECT_LE(actual.peak_memory_kb / 1024, *case_.max_memory_mb) << "MB at the peak";
    }
  }

  static std::string Head(const std::string& text) {
    constexpr size_t kShown = 4000;
    return text.size() <= kShown ? text : text.substr(0, kShown) + "...";
  }

  static void ShowOutput(const Completed& actual) {
    std::cout << "standard output:\n" << Head(actual.out);
    std::cout << "standard error:\n" << Head(actual.err) << std::flush;
  }

  const Case& case_;
  Scratch scratch_;
};

// "a closed pipe" -> "AClosedPipe".
std::string TestName(const std::string& words) {
  std::string name;
  bool start = true;
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      name.push_back(start ? static_cast<char>(std::toupper(byte)) : c);
    }
    start = std::isalnum(byte) == 0;
  }
  return name;
}

void Register(const std::vector<Case>& cases) {
  std::set<std::string> names;
  for (const Case& one : cases) {
    const std::string suite = TestName(one.file);
    const std::string name = TestName(one.name);
    if (!names.insert(suite + "." + name).second) {
      std::cerr << "two cases are called " << suite << "." << name << '\n';
      std::exit(EXIT_FAILURE);
    }
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [&one]() -> testing::Test* { return new CaseTest(one); });
  }
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::vector<civlog::Case> cases = civlog::LoadCases(CIVLOG_CASES_DIR);
  civlog::Register(cases);
  return RUN_ALL_TESTS();
}
