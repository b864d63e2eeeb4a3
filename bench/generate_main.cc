// civlog-generate: writes a corpus and the truth about it.

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/byte_sink.h"
#include "bench/corpus_generator.h"
#include "bench/portal_time.h"

namespace civlog::corpus {
namespace {

constexpr char kUsage[] =
    R"(civlog-generate: access logs of the demonstration portal, and the truth about them

  --out DIR              writes DIR/logs/webN.access.log and DIR/expected.json;
                         without it, only says what it would have planted
  --seed N               the same seed and options give the same bytes (1)
  --bytes SIZE           of all logs together, about: 18MB, 1GB, 512MiB (18MB)
  --start TIME           2026-11-16 or 2026-11-16T09:00 in Seoul (2026-11-16)
  --days N               (7)
  --visitors N           distinct citizens (as many as fit the size)
  --paths N              distinct paths to choose from (as many as fit the size)
  --agents N             distinct agents of browsers (as many as fit the size)
  --services N           services that citizens use: the portal's own 18, and
                         district offices, whose part of the catalogue is written
                         to DIR/offices.toml, to be put behind the portal's (18)
  --front-ends N         logs (2)
  --weights W,W,...      how the front ends share the traffic (equally)
  --format FORMAT        combined, vhost_combined, nginx_time, nginx_json
                         (vhost_combined)
  --robots-share X       of the lines, 0 to 0.9 (0.17)
  --assets-share X       of the lines, 0 to 0.9 (0.40)
  --edges-share X        visits that plant a corner case, 0 to 1 (0.03)
  --gzip-fraction X      of the logs, the last ones, 0 to 1 (0)
  --gzip-level N         1 to 9 (6)
  --outage TIME/HOURS    no line at all from TIME on: 2026-11-18T23:00/2
  --hostile              every line a new address, agent, path and referrer
  --help
)";

struct Arguments {
  CorpusOptions corpus;
  std::string out;
  uint32_t front_ends = 0;
  uint32_t gzip_permille = 0;
  uint32_t gzip_level = 6;
  bool help = false;
};

template <typename Number>
bool ReadNumber(std::string_view text, Number* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

bool ReadSize(std::string_view text, uint64_t* bytes) {
  constexpr std::pair<std::string_view, uint64_t> kUnits[] = {{"KiB", 1ULL << 10},
                                                              {"MiB", 1ULL << 20},
                                                              {"GiB", 1ULL << 30},
                                                              {"KB", 1'000},
                                                              {"MB", 1'000'000},
                                                              {"GB", 1'000'000'000},
                                                              {"", 1}};
  for (const auto& [unit, factor] : kUnits) {
    if (!text.ends_with(unit)) continue;
    if (!ReadNumber(text.substr(0, text.size() - unit.size()), bytes)) return false;
    if (*bytes == 0 || *bytes > 1'000'000'000'000ULL / factor) return false;
    *bytes *= factor;
    return true;
  }
  return false;
}

// "0.17" as thousandths, without floating point.
bool ReadShare(std::string_view text, uint32_t most, uint32_t* permille) {
  const size_t point = text.find('.');
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (fraction.size() > 3) return false;
  fraction.append(3 - fraction.size(), '0');
  uint32_t whole = 0;
  uint32_t thousandths = 0;
  if (!ReadNumber(text.substr(0, point), &whole) ||
      !ReadNumber(std::string_view(fraction), &thousandths)) {
    return false;
  }
  *permille = whole > 1 ? 1001 : whole * 1000 + thousandths;
  return *permille <= most;
}

bool ReadWeights(std::string_view text, std::vector<uint32_t>* weights) {
  weights->clear();
  while (true) {
    const size_t comma = text.find(',');
    uint32_t weight = 0;
    if (!ReadNumber(text.substr(0, comma), &weight) || weight == 0 || weight > 1'000'000)
      return false;
    weights->push_back(weight);
    if (comma == std::string_view::npos) return weights->size() <= 1000;
    text.remove_prefix(comma + 1);
  }
}

bool ReadFormat(std::string_view text, LogFormat* format) {
  if (text == "combined")
    *format = LogFormat::kCombined;
  else if (text == "vhost_combined")
    *format = LogFormat::kVhostCombined;
  else if (text == "nginx_time")
    *format = LogFormat::kNginxTime;
  else if (text == "nginx_json")
    *format = LogFormat::kNginxJson;
  else
    return false;
  return true;
}

bool ReadStart(std::string_view text, int64_t* start) {
  const std::optional<int64_t> time = ParsePortalTime(text);
  if (!time || *time % kHour != 0) return false;
  *start = *time;
  return true;
}

bool ReadOutage(std::string_view text, CorpusOptions* corpus) {
  const size_t slash = text.find('/');
  uint32_t hours = 0;
  if (slash == std::string_view::npos || !ReadStart(text.substr(0, slash), &corpus->outage_from) ||
      !ReadNumber(text.substr(slash + 1), &hours) || hours > 1000) {
    return false;
  }
  corpus->outage_until = corpus->outage_from + hours * kHour;
  return true;
}

// Sets what `flag` is about. False where its value does not do.
bool SetFlag(std::string_view flag, std::string_view value, Arguments* arguments) {
  CorpusOptions& corpus = arguments->corpus;
  if (flag == "--out") {
    arguments->out = std::string(value);
    return !value.empty();
  }
  if (flag == "--seed") return ReadNumber(value, &corpus.seed);
  if (flag == "--bytes") return ReadSize(value, &corpus.bytes);
  if (flag == "--start") return ReadStart(value, &corpus.start);
  if (flag == "--days") {
    return ReadNumber(value, &corpus.days) && corpus.days >= 1 && corpus.days <= 3660;
  }
  if (flag == "--visitors") return ReadNumber(value, &corpus.visitors) && corpus.visitors > 0;
  if (flag == "--paths") return ReadNumber(value, &corpus.paths) && corpus.paths > 0;
  if (flag == "--agents") {
    return ReadNumber(value, &corpus.agents) && corpus.agents > 0 && corpus.agents <= 1'000'000;
  }
  if (flag == "--services") {
    return ReadNumber(value, &corpus.services) && corpus.services >= kServiceCount &&
           corpus.services <= kMostServices;
  }
  if (flag == "--front-ends") {
    return ReadNumber(value, &arguments->front_ends) && arguments->front_ends >= 1 &&
           arguments->front_ends <= 1000;
  }
  if (flag == "--weights") return ReadWeights(value, &corpus.front_end_weights);
  if (flag == "--format") return ReadFormat(value, &corpus.format);
  if (flag == "--robots-share") return ReadShare(value, 900, &corpus.robots_permille);
  if (flag == "--assets-share") return ReadShare(value, 900, &corpus.assets_permille);
  if (flag == "--edges-share") return ReadShare(value, 1000, &corpus.edges_permille);
  if (flag == "--gzip-fraction") return ReadShare(value, 1000, &arguments->gzip_permille);
  if (flag == "--gzip-level") {
    return ReadNumber(value, &arguments->gzip_level) && arguments->gzip_level >= 1 &&
           arguments->gzip_level <= 9;
  }
  if (flag == "--outage") return ReadOutage(value, &corpus);
  std::fprintf(stderr, "civlog-generate: unknown option %.*s; see --help\n",
               static_cast<int>(flag.size()), flag.data());
  return false;
}

// The front ends' weights, from however many were named and counted.
bool SettleFrontEnds(Arguments* arguments, bool weighted) {
  std::vector<uint32_t>& weights = arguments->corpus.front_end_weights;
  if (arguments->front_ends == 0) return true;
  if (!weighted) weights.assign(arguments->front_ends, 1);
  if (weights.size() == arguments->front_ends) return true;
  std::fprintf(stderr, "civlog-generate: --weights names %zu front ends, --front-ends %u\n",
               weights.size(), arguments->front_ends);
  return false;
}

bool ParseArguments(int argc, char** argv, Arguments* arguments) {
  bool weighted = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view flag = argv[i];
    if (flag == "--help" || flag == "-h") {
      arguments->help = true;
      return true;
    }
    if (flag == "--hostile") {
      arguments->corpus.hostile = true;
      continue;
    }
    std::string_view value;
    if (const size_t equals = flag.find('='); equals != std::string_view::npos) {
      value = flag.substr(equals + 1);
      flag = flag.substr(0, equals);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    weighted = weighted || flag == "--weights";
    if (!SetFlag(flag, value, arguments)) {
      std::fprintf(stderr, "civlog-generate: %s \"%.*s\" does not do; see --help\n", argv[i],
                   static_cast<int>(value.size()), value.data());
      return false;
    }
  }
  return SettleFrontEnds(arguments, weighted);
}

bool MakeDirectory(const std::string& path, std::string* error) {
  if (mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return true;
  *error = path + ": " + std::strerror(errno);
  return false;
}

std::vector<std::unique_ptr<ByteSink>> OpenLogs(const Arguments& arguments, std::string* error) {
  const size_t count = arguments.corpus.front_end_weights.size();
  const size_t plain = count - count * arguments.gzip_permille / 1000;
  std::vector<std::unique_ptr<ByteSink>> sinks;
  if (!arguments.out.empty() &&
      (!MakeDirectory(arguments.out, error) || !MakeDirectory(arguments.out + "/logs", error))) {
    return sinks;
  }
  for (size_t i = 0; i < count; ++i) {
    const std::string path = arguments.out + "/logs/web" + std::to_string(i + 1) + ".access.log";
    if (arguments.out.empty()) {
      sinks.push_back(MakeNullSink());
    } else if (i < plain) {
      sinks.push_back(MakeFileSink(path, error));
    } else {
      sinks.push_back(MakeGzipSink(path + ".gz", static_cast<int>(arguments.gzip_level), error));
    }
    if (sinks.back() == nullptr) return {};
  }
  return sinks;
}

bool WriteFile(const std::string& path, const std::string& text, std::string* error) {
  const std::unique_ptr<ByteSink> sink = MakeFileSink(path, error);
  if (sink == nullptr) return false;
  if (sink->Write(text) && sink->Close()) return true;
  *error = path + ": cannot be written";
  return false;
}

// What stands beside the logs.
bool WriteBeside(const std::string& directory, const CorpusGenerator& generator,
                 std::string* error) {
  const uint32_t offices = generator.options().offices();
  return WriteFile(directory + "/expected.json", generator.truth().ToJson(), error) &&
         (offices == 0 || WriteFile(directory + "/offices.toml", OfficeCatalogue(offices), error));
}

void Summarize(const CorpusGenerator& generator) {
  const TruthTotals& totals = generator.truth().totals();
  for (size_t i = 0; i < generator.logs().size(); ++i) {
    std::printf("web%zu  %12llu lines %15llu bytes\n", i + 1,
                static_cast<unsigned long long>(generator.logs().lines(i)),
                static_cast<unsigned long long>(generator.logs().bytes(i)));
  }
  ServiceTruth all;
  for (const ServiceTruth& service : generator.truth().services()) {
    all.started += service.started;
    all.granted += service.granted;
    all.refused += service.refused;
    all.failed += service.failed;
    all.abandoned += service.abandoned;
    all.open += service.open;
    all.without_start += service.without_start;
    all.recovered += service.recovered;
  }
  const auto print = [](const char* name, uint64_t count) {
    std::printf("  %-22s %12llu\n", name, static_cast<unsigned long long>(count));
  };
  std::printf("planted\n");
  print("records", totals.records);
  print("late", totals.late);
  print("counted", totals.buckets[static_cast<size_t>(Bucket::kCounted)]);
  print("not a citizen", totals.buckets[static_cast<size_t>(Bucket::kNotCitizen)]);
  print("visitors", totals.visitors);
  print("visits", totals.visits);
  print("page views", totals.page_views);
  print("acts", totals.acts);
  print("seamless visits", totals.seamless);
  print("attempts", all.started);
  print("  granted", all.granted);
  print("  refused", all.refused);
  print("  failed", all.failed);
  print("  abandoned", all.abandoned);
  print("  open", all.open);
  print("  recovered", all.recovered);
  print("ends without a start", all.without_start);
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!ParseArguments(argc, argv, &arguments)) return 2;
  if (arguments.help) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  if (arguments.corpus.robots_permille + arguments.corpus.assets_permille > 950) {
    std::fputs("civlog-generate: robots and assets leave no room for pages\n", stderr);
    return 2;
  }
  std::string error;
  std::vector<std::unique_ptr<ByteSink>> sinks = OpenLogs(arguments, &error);
  if (sinks.empty()) {
    std::fprintf(stderr, "civlog-generate: %s\n", error.c_str());
    return 4;
  }
  CorpusGenerator generator(arguments.corpus, std::move(sinks));
  if (!generator.Run()) {
    std::fputs("civlog-generate: a log could not be written\n", stderr);
    return 4;
  }
  if (!arguments.out.empty() && !WriteBeside(arguments.out, generator, &error)) {
    std::fprintf(stderr, "civlog-generate: %s\n", error.c_str());
    return 4;
  }
  Summarize(generator);
  return 0;
}

}  // namespace
}  // namespace civlog::corpus

int main(int argc, char** argv) { return civlog::corpus::Main(argc, argv); }
