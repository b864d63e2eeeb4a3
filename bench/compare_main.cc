// civlog-compare: is this civlog slower than another one, and how does it stand beside
// other tools?
//
//   civlog-compare --against PROGRAM   two builds of civlog, run in turn
//   civlog-compare --peers             wc, mawk, GoAccess and DuckDB, where they are installed
//
// Machines are shared, so that times of different minutes cannot be compared: everything
// runs in turn (A B A B ...), and what is reported is the ratio within each turn. Two
// builds are compared by the instructions of each stage as well (valgrind
// --tool=callgrind), which other users of the machine do not change.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/child_process.h"
#include "bench/generated_corpus.h"

namespace civlog {
namespace {

// What may be lost before a change is called slower.
constexpr double kTolerance = 1.05;

struct Interval {
  double low = 0;
  double middle = 0;
  double high = 0;
};

// The geometric mean of ratios with its 95 % confidence interval: Student's t on their
// logarithms.
Interval MeanRatio(const std::vector<double>& ratios) {
  // Two-sided 95 % quantiles for 1, 2, ... degrees of freedom.
  constexpr std::array<double, 14> kStudent = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                               2.306,  2.262, 2.228, 2.201, 2.179, 2.160, 2.145};
  constexpr double kNormal = 1.960;
  const auto n = static_cast<double>(ratios.size());
  double mean = 0;
  for (const double ratio : ratios) mean += std::log(ratio) / n;
  double variance = 0;
  for (const double ratio : ratios) {
    variance += (std::log(ratio) - mean) * (std::log(ratio) - mean) / (n - 1);
  }
  const size_t freedom = ratios.size() - 1;
  const double t = freedom <= kStudent.size() ? kStudent[freedom - 1] : kNormal;
  const double half = t * std::sqrt(variance / n);
  return {std::exp(mean - half), std::exp(mean), std::exp(mean + half)};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Contender {
  std::string name;
  std::vector<std::string> command;
  std::vector<double> wall_seconds;
  double cpu_seconds = 0;  // of the last run
  uint64_t peak_bytes = 0;
};

// Runs each in turn, `turns` times, every other turn in the opposite order. False where
// one fails.
bool RunInTurn(std::vector<Contender>* contenders, int turns) {
  for (int turn = 0; turn < turns; ++turn) {
    for (size_t i = 0; i < contenders->size(); ++i) {
      Contender& contender = (*contenders)[turn % 2 == 0 ? i : contenders->size() - 1 - i];
      const ChildRun run = RunChild(contender.command);
      if (!run.ok) {
        std::fprintf(stderr, "%s exited with %d\n", contender.name.c_str(), run.exit_code);
        return false;
      }
      contender.wall_seconds.push_back(run.wall_seconds);
      contender.cpu_seconds = run.cpu_seconds;
      contender.peak_bytes = std::max(contender.peak_bytes, run.peak_resident_bytes);
    }
  }
  return true;
}

Interval Ratio(const Contender& a, const Contender& b) {
  std::vector<double> ratios;
  for (size_t i = 0; i < a.wall_seconds.size(); ++i) {
    ratios.push_back(a.wall_seconds[i] / b.wall_seconds[i]);
  }
  return MeanRatio(ratios);
}

double Fastest(const Contender& contender) {
  return *std::min_element(contender.wall_seconds.begin(), contender.wall_seconds.end());
}

enum class Verdict { kNotSlower, kSlower, kTooNoisy };

// Whether `now` is slower than `before`, which ran a second time as `again`.
//
// Others on the machine can only make a run take longer, and not every run: what really is
// slower is so on average with confidence, and in the fastest runs too. That alone can
// come of noise: a burst that falls on the runs of one of the two, again and again. So it
// is asked as well what the noise does to two runs of the same program. Only where their
// ratio is known to be within the tolerance, and the one in question is known as well as
// that, do the times prove anything.
Verdict Judge(const Contender& before, const Contender& again, const Contender& now) {
  const Interval ratio = Ratio(now, before);
  const double fastest = std::max(Fastest(before), Fastest(again));
  if (ratio.low <= kTolerance || Fastest(now) <= kTolerance * fastest) return Verdict::kNotSlower;
  const Interval control = Ratio(again, before);
  const bool is_quiet = control.low >= 1 / kTolerance && control.high <= kTolerance;
  const bool is_known = ratio.high <= kTolerance * ratio.middle;
  return is_quiet && is_known ? Verdict::kSlower : Verdict::kTooNoisy;
}
// What seems slower is run so many times more often before it is called so.
constexpr int kMostRounds = 4;

// The functions that the stages of a run begin with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStages = {{
    {"read", "civlog::BlockReader::Next("},
    {"parse", "civlog::LineParser::Parse("},
    {"classify", "civlog::Classifier::Add("},
    {"visits, attempts, top lists", "civlog::Shard::Take("},
}};
constexpr std::string_view kWhole = "whole program";

struct StageCost {
  std::string_view stage;
  double instructions = 0;
};

// Instructions of each stage, with what it calls; empty where Valgrind cannot be run.
std::vector<StageCost> CountInstructions(const GeneratedCorpus& corpus,
                                         const std::string& program) {
  const std::string file = corpus.directory() + "/callgrind.out";
  std::vector<std::string> command = {"valgrind", "--tool=callgrind", "--quiet",
                                      "--callgrind-out-file=" + file};
  const std::vector<std::string> analyze = corpus.Command(program, 1);
  command.insert(command.end(), analyze.begin(), analyze.end());
  if (!RunChild(command).ok) return {};
  const ChildRun annotated =
      RunChild({"callgrind_annotate", "--inclusive=yes", "--threshold=100", file});
  if (!annotated.ok) return {};
  std::vector<StageCost> costs;
  std::istringstream lines(annotated.output);
  for (std::string line; std::getline(lines, line);) {
    std::string_view stage;
    if (line.find("PROGRAM TOTALS") != std::string::npos) stage = kWhole;
    for (const auto& [name, function] : kStages) {
      if (line.find(":" + std::string(function)) != std::string::npos) stage = name;
    }
    if (stage.empty()) continue;
    std::string digits;
    for (const char c : line) {
      if (c >= '0' && c <= '9') digits += c;
      if (c == '(') break;
    }
    const bool known = std::any_of(costs.begin(), costs.end(),
                                   [stage](const StageCost& cost) { return cost.stage == stage; });
    if (!known && !digits.empty()) costs.push_back({stage, std::stod(digits)});
  }
  return costs;
}

// Says which stage takes the most more instructions than before; "" where none takes more.
std::string CompareInstructions(const std::string& before, const std::string& now) {
  const GeneratedCorpus corpus("16MB", {"--front-ends", "1", "--format", "combined"});
  if (!corpus.ok()) return "the corpus";
  const std::vector<StageCost> old_costs = CountInstructions(corpus, before);
  const std::vector<StageCost> new_costs = CountInstructions(corpus, now);
  if (old_costs.empty() || new_costs.empty()) {
    std::printf("instructions: valgrind is not there; not compared\n");
    return "";
  }
  std::string slower;
  double worst = kTolerance;
  std::printf("%-28s %14s %14s %7s\n", "instructions, 16 MB", "before", "now", "ratio");
  for (const StageCost& cost : new_costs) {
    const auto old = std::find_if(old_costs.begin(), old_costs.end(), [&](const StageCost& other) {
      return other.stage == cost.stage;
    });
    if (old == old_costs.end()) continue;
    const double ratio = cost.instructions / old->instructions;
    std::printf("%-28s %14.0f %14.0f %7.3f%s\n", std::string(cost.stage).c_str(), old->instructions,
                cost.instructions, ratio, ratio > kTolerance ? "  slower" : "");
    if (ratio > worst) {
      worst = ratio;
      slower = cost.stage;
    }
  }
  return slower;
}

// `all` as CompareWith has it.
void PrintTimes(int threads, const std::vector<Contender>& all, Verdict verdict) {
  const Interval ratio = Ratio(all[1], all[0]);
  const Interval control = Ratio(all[2], all[0]);
  std::printf("%-28s %12.3f s %12.3f s %7.3f (95 %%: %.3f to %.3f, fastest %.3f)%s\n",
              (std::to_string(threads) + (threads == 1 ? " thread" : " threads")).c_str(),
              Median(all[0].wall_seconds), Median(all[1].wall_seconds), ratio.middle, ratio.low,
              ratio.high, Fastest(all[1]) / Fastest(all[0]),
              verdict == Verdict::kSlower     ? "  slower"
              : verdict == Verdict::kTooNoisy ? "  too noisy to tell: the instructions decide"
                                              : "");
  std::printf("%-28s %12s   %12.3f s %7.3f (95 %%: %.3f to %.3f)\n", "  before, again", "",
              Median(all[2].wall_seconds), control.middle, control.low, control.high);
}

int CompareWith(const std::string& before, int turns) {
  const std::string now = CIVLOG_PROGRAM;
  const std::string slower_stage = CompareInstructions(before, now);
  const std::string bytes = Setting("CIVLOG_BENCH_BYTES", "200MB");
  const GeneratedCorpus corpus(bytes, {"--front-ends", "1", "--format", "combined"});
  if (!corpus.ok()) return 1;
  const std::string difference = corpus.Difference(now);
  if (!difference.empty()) {
    std::fprintf(stderr, "the report is not what was planted: %s\n", difference.c_str());
    return 1;
  }
  std::printf("\n%-28s %14s %14s %7s\n", ("whole program, " + bytes).c_str(), "before", "now",
              "ratio");
  bool slower = false;
  for (const int threads : {1, 2}) {
    std::vector<Contender> all = {{"before", corpus.Command(before, threads), {}, 0, 0},
                                  {"now", corpus.Command(now, threads), {}, 0, 0},
                                  {"before, again", corpus.Command(before, threads), {}, 0, 0}};
    Verdict verdict = Verdict::kSlower;
    for (int round = 0; round < kMostRounds && verdict != Verdict::kNotSlower; ++round) {
      if (!RunInTurn(&all, turns)) return 1;
      verdict = Judge(all[0], all[2], all[1]);
    }
    slower = slower || verdict == Verdict::kSlower;
    PrintTimes(threads, all, verdict);
  }
  if (!slower_stage.empty()) {
    std::fprintf(stderr, "slower by more than 5 %%: %s takes more instructions\n",
                 slower_stage.c_str());
  }
  if (slower) std::fprintf(stderr, "slower by more than 5 %%: the whole program\n");
  return slower || !slower_stage.empty() ? 1 : 0;
}

// Whether a command of the shell succeeds, whatever it says.
bool Succeeds(const std::string& command) {
  return RunChild({"sh", "-c", command + " >/dev/null 2>&1"}).ok;
}
bool Installed(const std::string& program) { return Succeeds("command -v " + program); }

// DuckDB's faster way with such a log: columns cut at quotes, the rest by string functions.
constexpr std::string_view kDuckdb = R"JS(
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const db = await DuckDBInstance.create(':memory:', { threads: process.argv[3] });
  const c = await db.connect();
  const r = await c.runAndReadAll(`
    with l as (select a, b, d, f from read_csv('${process.argv[2]}', delim='"', quote='', escape='',
      header=false, columns={'a':'varchar','b':'varchar','d':'varchar','e':'varchar','g':'varchar',
      'f':'varchar','h':'varchar'}, null_padding=true, ignore_errors=true, auto_detect=false))
    select substr(split_part(a, '[', 2), 1, 14) h, split_part(split_part(b, ' ', 2), '/', 2) p,
      split_part(d, ' ', 2) s, count(*), approx_count_distinct(hash(split_part(a, ' ', 1), f))
    from l group by all`);
  if (r.getRows().length === 0) process.exit(1);
})().catch((e) => { console.error(String(e)); process.exit(1); });
)JS";

int ComparePeers(int turns) {
  const std::string bytes = Setting("CIVLOG_BENCH_BYTES", "1GB");
  const GeneratedCorpus corpus(bytes, {"--front-ends", "1", "--format", "combined", "--visitors",
                                       "450000", "--paths", "516000", "--agents", "1500"});
  if (!corpus.ok()) return 1;
  const std::string log = corpus.logs() + "/web1.access.log";
  std::vector<Contender> contenders;
  const auto add = [&contenders](std::string name, std::vector<std::string> command) {
    contenders.push_back({std::move(name), std::move(command), {}, 0, 0});
  };
  add("wc -l", {"wc", "-l", log});
  add("civlog, 1 thread", corpus.Command(CIVLOG_PROGRAM, 1));
  add("civlog, 2 threads", corpus.Command(CIVLOG_PROGRAM, 2));
  std::vector<std::string> missing;
  if (Installed("mawk")) {
    add("mawk", {"mawk",
                 "{ split($7, p, \"/\"); n[substr($4, 2, 14) \" \" p[2] \" \" $9]++ } "
                 "END { for (k in n) print n[k], k }",
                 log});
  } else {
    missing.emplace_back("mawk");
  }
  if (Installed("goaccess")) {
    add("GoAccess", {"goaccess", log, "--log-format=COMBINED", "--no-progress", "-o",
                     corpus.directory() + "/goaccess.json"});
  } else {
    missing.emplace_back("GoAccess");
  }
  const std::string script = corpus.directory() + "/duckdb.js";
  std::ofstream(script) << kDuckdb;
  if (Succeeds("node -e \"require('@duckdb/node-api')\"")) {
    add("DuckDB, 1 thread", {"node", script, log, "1"});
    add("DuckDB, 2 threads", {"node", script, log, "2"});
  } else {
    missing.emplace_back("DuckDB (npm @duckdb/node-api)");
  }
  if (!RunInTurn(&contenders, turns)) return 1;
  std::printf("%-20s %9s %9s %9s  %s\n", bytes.c_str(), "wall", "cpu", "memory",
              "wall against wc -l (95 %)");
  for (const Contender& contender : contenders) {
    const Interval ratio = Ratio(contender, contenders.front());
    std::printf("%-20s %7.2f s %7.2f s %6.0f MB  %.1f (%.1f to %.1f)\n", contender.name.c_str(),
                Median(contender.wall_seconds), contender.cpu_seconds,
                static_cast<double>(contender.peak_bytes) / 1e6, ratio.middle, ratio.low,
                ratio.high);
  }
  for (const std::string& name : missing) std::printf("%s is not installed\n", name.c_str());
  return 0;
}

int Main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const int turns = std::atoi(Setting("CIVLOG_BENCH_TURNS", "9").c_str());
  if (turns < 2) {
    std::fputs("civlog-compare: CIVLOG_BENCH_TURNS is 2 or more\n", stderr);
    return 2;
  }
  if (arguments.size() == 2 && arguments[0] == "--against") return CompareWith(arguments[1], turns);
  if (arguments.size() == 1 && arguments[0] == "--peers") return ComparePeers(turns);
  std::fputs("usage: civlog-compare --against PROGRAM | --peers\n", stderr);
  return 2;
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) { return civlog::Main(argc, argv); }
