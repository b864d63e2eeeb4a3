#include "tests/following/follower.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/sqlite.h"
#include "engine/store_reader.h"
#include "parsers/status_macros.h"
#include "queries/analysis_json.h"
#include "queries/run_analysis.h"
#include "queries/stored_analysis.h"

namespace civlog {
namespace {

// Far more than it takes, also under sanitizers on a busy machine.
constexpr absl::Duration kPatience = absl::Seconds(60);

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const bool other = !variable.starts_with("CIVLOG_") && !variable.starts_with("NOTIFY_SOCKET=");
    if (other) variables.push_back(variable);
  }
  for (const auto& [name, value] : added) variables.push_back(name + "=" + value);
  return variables;
}

int Create(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

}  // namespace

Workplace::Workplace() {
  std::string pattern = testing::TempDir() + "civlog-following-XXXXXX";
  folder_ = mkdtemp(pattern.data()) == nullptr ? "" : pattern;
}

Workplace::~Workplace() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Workplace::Write(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name), std::ios::binary) << text;
}

void Workplace::Append(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name), std::ios::binary | std::ios::app) << text;
}

std::string Workplace::Read(const std::string& name) const {
  std::ifstream file(Path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Program::Program(const std::string& folder, const std::vector<std::string>& arguments,
                 const std::map<std::string, std::string>& environment, int input) {
  std::vector<std::string> words = {CIVLOG_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = Environment(environment);
  const std::vector<char*> argv = Pointers(words);
  const std::vector<char*> envp = Pointers(variables);
  const int out = Create(folder + "/out");
  const int err = Create(folder + "/err");
  const int in = input >= 0 ? input : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = ::fork();
  if (pid_ == 0) {
    const bool ready = ::chdir(folder.c_str()) == 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 &&
                       ::dup2(err, 2) == 2;
    if (ready) ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out);
  ::close(err);
  if (input < 0) ::close(in);
}

Program::~Program() {
  if (HasEnded()) return;
  Signal(SIGKILL);
  Wait();
}

void Program::Signal(int signal) const { ::kill(pid_, signal); }

size_t Program::OpenFiles(const std::string& folder) const {
  size_t open = 0;
  std::error_code error;
  const std::filesystem::path files = "/proc/" + std::to_string(pid_) + "/fd";
  for (const auto& file : std::filesystem::directory_iterator(files, error)) {
    const std::filesystem::path leads_to = std::filesystem::read_symlink(file, error);
    if (!error && leads_to.string().starts_with(folder + "/")) ++open;
  }
  return open;
}

bool Program::HasEnded() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return ended_;
}

int Program::Wait() {
  Eventually([this] { return HasEnded(); }, "the end of the program");
  return exit_code_;
}

bool Eventually(const std::function<bool()>& so, const std::string& what) {
  for (const absl::Time until = absl::Now() + kPatience; absl::Now() < until;) {
    if (so()) return true;
    absl::SleepFor(absl::Milliseconds(3));
  }
  ADD_FAILURE() << "waited in vain for " << what;
  return false;
}

uint64_t LinesOf(const std::string& store) {
  absl::StatusOr<Database> database = Database::Open(store, Database::Mode::kRead);
  if (!database.ok()) return 0;
  const absl::StatusOr<int64_t> lines = database->Number("SELECT sum(lines) FROM sources");
  return lines.ok() ? static_cast<uint64_t>(*lines) : 0;
}

std::string StoreAsJson(const std::string& path) {
  const auto read = [&path]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> store, StoreReader::Open(path));
    RETURN_IF_ERROR(store->file().Check());
    ASSIGN_OR_RETURN(const Catalog* catalog, store->UseCatalog(nullptr));
    ASSIGN_OR_RETURN(const Analysis analysis, AnalyzeStore(store.get(), catalog, {}, {}, {}));
    return AnalysisToJson(analysis, "en");
  };
  const absl::StatusOr<std::string> json = read();
  EXPECT_TRUE(json.ok()) << json.status();
  return json.value_or("");
}

std::string AnalysisAsJson(const std::string& catalog,
                           const std::vector<std::pair<std::string, std::string>>& logs) {
  absl::StatusOr<Analysis> analysis = AnalyzeMemory(catalog, logs, {});
  EXPECT_TRUE(analysis.ok()) << analysis.status();
  if (!analysis.ok()) return "";
  analysis->rejected_samples.clear();  // a store keeps none
  return AnalysisToJson(*analysis, "en");
}

}  // namespace civlog
