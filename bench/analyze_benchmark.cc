// The whole program, as a user runs it: `civlog analyze` on a generated log of 1 GB.
//
// The log is made once, by civlog-generate, and every planted count is compared with
// the program's report before anything is timed. CIVLOG_BENCH_BYTES changes its size
// (such as 100MB), CIVLOG_BENCH_DIR where it is put.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/child_process.h"
#include "bench/json_difference.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;

std::string Setting(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// A generated corpus in a directory of its own, removed at the end.
class Corpus {
 public:
  explicit Corpus(const std::vector<std::string>& options) {
    const fs::path parent = Setting("CIVLOG_BENCH_DIR", fs::temp_directory_path().string());
    directory_ = parent / ("civlog_bench_" + std::to_string(::getpid()));
    std::vector<std::string> command = {CIVLOG_GENERATE, "--out", directory_.string(), "--bytes",
                                        Setting("CIVLOG_BENCH_BYTES", "1GB")};
    command.insert(command.end(), options.begin(), options.end());
    ok_ = RunChild(command).ok;
    if (!ok_) std::fprintf(stderr, "the corpus could not be made in %s\n", directory_.c_str());
  }
  ~Corpus() {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  bool ok() const { return ok_; }
  std::string logs() const { return (directory_ / "logs").string(); }
  uint64_t bytes() const {
    uint64_t sum = 0;
    for (const auto& entry : fs::directory_iterator(logs())) sum += entry.file_size();
    return sum;
  }
  nlohmann::json Planted() const {
    std::ifstream in(directory_ / "expected.json");
    return nlohmann::json::parse(in, nullptr, false);
  }

 private:
  fs::path directory_;
  bool ok_ = false;
};

std::vector<std::string> Command(const Corpus& corpus, int64_t threads) {
  return {CIVLOG_PROGRAM, "analyze",     "--json", "--no-progress",
          "-c",           CIVLOG_PORTAL, "-j",     std::to_string(threads),
          corpus.logs()};
}

// How the report differs from what was planted; "" where it does not. Counts of
// visitors that are estimates are left to the tests of the sketch.
std::string Check(const Corpus& corpus) {
  const ChildRun run = RunChild(Command(corpus, 1));
  if (!run.ok) return "civlog exited with " + std::to_string(run.exit_code);
  std::vector<std::string> differences;
  FindDifferences(corpus.Planted(), nlohmann::json::parse(run.output, nullptr, false), "",
                  &differences);
  return differences.empty() ? "" : differences.front();
}

void Analyze(benchmark::State& state, const Corpus& corpus) {
  double cpu_seconds = 0;
  uint64_t peak_bytes = 0;
  for (auto _ : state) {
    const ChildRun run = RunChild(Command(corpus, state.range(0)));
    if (!run.ok) state.SkipWithError("civlog failed");
    state.SetIterationTime(run.wall_seconds);
    cpu_seconds += run.cpu_seconds;
    peak_bytes = std::max(peak_bytes, run.peak_resident_bytes);
  }
  state.SetBytesProcessed(static_cast<int64_t>(corpus.bytes()) * state.iterations());
  state.counters["cpu_s"] = benchmark::Counter(cpu_seconds, benchmark::Counter::kAvgIterations);
  state.counters["peak_MB"] = static_cast<double>(peak_bytes) / 1e6;
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const Corpus corpus({"--front-ends", "1", "--format", "combined"});
  if (!corpus.ok()) return 1;
  const std::string difference = Check(corpus);
  if (!difference.empty()) {
    std::fprintf(stderr, "the report is not what was planted: %s\n", difference.c_str());
    return 1;
  }
  benchmark::RegisterBenchmark("analyze/combined/threads",
                               [&corpus](benchmark::State& state) { Analyze(state, corpus); })
      ->Arg(1)
      ->Arg(2)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1)
      ->Repetitions(5)
      ->DisplayAggregatesOnly();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) { return civlog::Main(argc, argv); }
