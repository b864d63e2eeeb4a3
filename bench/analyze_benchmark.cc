// The whole program, as a user runs it: `civlog analyze` on a generated log of 1 GB.
//
// The log is made once, by civlog-generate, and every planted count is compared with
// the program's report before anything is timed. CIVLOG_BENCH_BYTES changes its size
// (such as 100MB), CIVLOG_BENCH_DIR where it is put.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "bench/child_process.h"
#include "bench/generated_corpus.h"

namespace civlog {
namespace {

void Analyze(benchmark::State& state, const GeneratedCorpus& corpus) {
  double cpu_seconds = 0;
  uint64_t peak_bytes = 0;
  for (auto _ : state) {
    const ChildRun run = RunChild(corpus.Command(CIVLOG_PROGRAM, state.range(0)));
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
  const GeneratedCorpus corpus(Setting("CIVLOG_BENCH_BYTES", "1GB"),
                               {"--front-ends", "1", "--format", "combined"});
  if (!corpus.ok()) return 1;
  const std::string difference = corpus.Difference(CIVLOG_PROGRAM);
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
