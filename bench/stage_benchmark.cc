// Each stage of a line's way by itself: read, decompress, lines, plan, JSON, classify,
// visitor key, visits, attempts, counters, histograms, merge, JSON out.
//
// On a small log, a medium one and a hostile one (every line a new address, path, agent
// and referrer). What a stage is given is made by the stages before it, outside of the
// measured time; what it yields is checked once before it is timed.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "bench/child_process.h"
#include "bench/generated_corpus.h"
#include "engine/catalog.h"
#include "engine/classifier.h"
#include "engine/pipeline.h"
#include "engine/visit_shard.h"
#include "parsers/block_lines.h"
#include "parsers/block_reader.h"
#include "parsers/byte_source.h"
#include "parsers/line_parser.h"
#include "queries/analysis_json.h"
#include "queries/compute_analysis.h"

namespace civlog {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

[[noreturn]] void Fail(std::string_view what) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

void Require(bool holds, std::string_view what) {
  if (!holds) Fail(what);
}

template <typename T>
T Value(absl::StatusOr<T> result) {
  if (!result.ok()) Fail(std::string(result.status().message()));
  return *std::move(result);
}

FormatList Format(std::string_view name) { return Value(ResolveLogFormat(name)); }

std::vector<Block> ReadBlocks(const std::string& path) {
  BlockReader reader(Value(OpenSource({path, path})), kBlockBytes);
  std::vector<Block> blocks;
  for (Block block; reader.Next(&block); block = Block()) blocks.push_back(std::move(block));
  Require(reader.status().ok(), "a log could not be read");
  return blocks;
}

using Batches = std::vector<std::unique_ptr<RecordBatch>>;

// Calls `take` with a batch that it may move out of.
void ParseBlocks(const std::vector<Block>& blocks, const FormatList& formats,
                 const std::function<void(std::unique_ptr<RecordBatch>*)>& take) {
  LineParser parser(formats, absl::UTCTimeZone());
  std::unique_ptr<RecordBatch> batch;
  for (const Block& block : blocks) {
    size_t offset = 0;
    uint64_t line = block.first_line;
    while (offset < block.size) {
      if (batch == nullptr) batch = std::make_unique<RecordBatch>();
      parser.Parse(block, &offset, &line, batch.get());
      take(&batch);
    }
  }
}

uint64_t CountRecords(const std::vector<Block>& blocks, const FormatList& formats) {
  uint64_t records = 0;
  ParseBlocks(blocks, formats, [&](auto* batch) { records += (*batch)->size; });
  return records;
}

// One log, and what each stage makes of it.
struct Corpus {
  std::string name;
  std::unique_ptr<GeneratedCorpus> files;
  std::string path;
  uint64_t bytes = 0;
  std::vector<Block> blocks;
  uint64_t lines = 0;
  std::vector<Block> json_blocks;
  Batches batches;
  uint64_t records = 0;
  std::vector<VisitEvent> events;  // in order
  std::vector<VisitEvent> attempts;
  RunResult result;
};

// The demonstration portal, for all corpora.
struct Portal {
  Catalog catalog;
  std::unique_ptr<AudienceClassifier> audience;
  std::unique_ptr<ServiceModel> services;
  std::unique_ptr<PathRules> rules;
  VisitorKey key = VisitorKey::Random();
  std::unique_ptr<WeekKeys> week_keys = std::make_unique<WeekKeys>();

  Portal() {
    CatalogResult loaded = LoadCatalog(CIVLOG_PORTAL);
    Require(loaded.catalog.has_value(), "the catalogue could not be read");
    catalog = *std::move(loaded.catalog);
    audience = Value(AudienceClassifier::Make(catalog.audience_rules));
    services = Value(ServiceModel::Make(&catalog));
    rules = Value(PathRules::Make(catalog));
  }
  // `paths` is that of one classifier.
  ClassifierContext Context(PathDictionary* paths) const {
    ClassifierContext context;
    context.portal = &catalog.portal;
    context.services = services.get();
    context.audience = audience.get();
    context.path_rules = rules.get();
    context.time_zone = catalog.portal.time_zone;
    context.key = key;
    context.week_keys = week_keys.get();
    context.paths = paths;
    return context;
  }
  VisitorIdentifier Identifier() const { return {catalog.portal, {}, key}; }
  VisitShard Shard() const {
    VisitShardLimits limits;
    limits.active_visitors *= kPartitions;
    return {*services, absl::ToInt64Microseconds(catalog.portal.visit_timeout),
            catalog.portal.time_zone, limits, TimeDetail::kPortalByHour};
  }
};

// The same records as nginx writes them with escape=json.
std::vector<Block> AsJson(const Batches& batches) {
  std::string text;
  for (const auto& batch : batches) {
    for (size_t i = 0; i < batch->size; ++i) {
      const auto field = [&](TextField f) { return std::string(batch->Get(f, i)); };
      const nlohmann::ordered_json line = {
          {"msec", static_cast<double>(batch->time_us[i]) / 1e6},
          {"remote_addr", field(TextField::kClient)},
          {"remote_user", field(TextField::kUser)},
          {"request", field(TextField::kMethod) + " " + field(TextField::kTarget) + " " +
                          field(TextField::kProtocol)},
          {"status", std::to_string(batch->status[i])},
          {"body_bytes_sent", std::to_string(std::max<int64_t>(0, batch->bytes_sent[i]))},
          {"http_referer", field(TextField::kReferrer)},
          {"http_user_agent", field(TextField::kUserAgent)}};
      text += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    }
  }
  BlockReader reader(MakeMemorySource(std::move(text)), kBlockBytes);
  std::vector<Block> blocks;
  for (Block block; reader.Next(&block); block = Block()) blocks.push_back(std::move(block));
  return blocks;
}

uint64_t TextBytes(const std::vector<Block>& blocks) {
  uint64_t bytes = 0;
  for (const Block& block : blocks) bytes += block.size;
  return bytes;
}

RunResult Analyze(const Portal& portal, const std::string& path) {
  RunOptions options;
  options.time_zone = portal.catalog.portal.time_zone;
  options.key = portal.key;
  options.time_detail = TimeDetail::kServicesByHour;  // more to merge
  LogInput input;
  input.name = path;
  input.open = [path] { return OpenSource({path, path}); };
  input.reopenable = true;
  std::vector<LogInput> inputs;
  inputs.push_back(std::move(input));
  return Value(RunPipeline(std::move(inputs), &portal.catalog, *portal.audience, options));
}

Corpus MakeCorpus(const Portal& portal, const std::string& name, const std::string& bytes,
                  std::vector<std::string> options) {
  Corpus corpus;
  corpus.name = name;
  options.insert(options.end(), {"--front-ends", "1", "--format", "combined"});
  corpus.files = std::make_unique<GeneratedCorpus>(bytes, options);
  Require(corpus.files->ok(), "a corpus could not be made");
  corpus.path = corpus.files->logs() + "/web1.access.log";
  corpus.blocks = ReadBlocks(corpus.path);
  corpus.bytes = TextBytes(corpus.blocks);
  for (const Block& block : corpus.blocks) corpus.lines += block.line_count;
  ParseBlocks(corpus.blocks, Format("combined"), [&](std::unique_ptr<RecordBatch>* batch) {
    corpus.records += (*batch)->size;
    corpus.batches.push_back(std::move(*batch));
  });
  corpus.json_blocks = AsJson(corpus.batches);

  PathDictionary paths;
  Classifier classifier(portal.Context(&paths), nullptr);
  const VisitorIdentifier identifier = portal.Identifier();
  BlockEvents events;
  for (const auto& batch : corpus.batches) classifier.Add(*batch, identifier, 0, &events);
  for (const auto& shard : events.visits) {
    corpus.events.insert(corpus.events.end(), shard.begin(), shard.end());
  }
  std::sort(corpus.events.begin(), corpus.events.end(), [](const auto& a, const auto& b) {
    return std::pair(a.order_us, a.position) < std::pair(b.order_us, b.position);
  });
  for (const VisitEvent& event : corpus.events) {
    if (event.service != kNoService &&
        portal.services->Traits(event.service).kind == ServiceKind::kTransaction) {
      corpus.attempts.push_back(event);
    }
  }
  corpus.result = Analyze(portal, corpus.path);
  return corpus;
}

uint64_t Sum(const CounterTable& table, size_t measure, bool (*takes)(uint64_t key)) {
  uint64_t sum = 0;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (takes(table.key(row))) sum += table.value(row, measure);
  }
  return sum;
}
bool OfVisits(uint64_t key) { return ServiceOfKey(key) == kNoService; }
bool OfAll(uint64_t) { return true; }

// A stage does its work once and returns what it counted.
using Stage = std::function<uint64_t()>;

// Checks the stage's result and registers it. `bytes`: what of the log it takes in; 0 for
// a stage that knows only items.
void Register(const std::string& stage, const std::string& corpus, uint64_t expected,
              uint64_t bytes, uint64_t items, const Stage& run) {
  const std::string name = stage + "/" + corpus;
  const uint64_t counted = run();
  Require(counted == expected,
          name + ": counted " + std::to_string(counted) + ", not " + std::to_string(expected));
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(run());
    if (bytes != 0) {
      state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
    }
    state.SetItemsProcessed(static_cast<int64_t>(items) * state.iterations());
  })->Unit(benchmark::kMillisecond);
}

void RegisterParsing(const Corpus& c) {
  Register("read", c.name, c.lines, c.bytes, c.lines, [&c] {
    BlockReader reader(Value(OpenSource({c.path, c.path})), kBlockBytes);
    uint64_t lines = 0;
    for (Block block; reader.Next(&block);) lines += block.line_count;
    return lines;
  });
  const std::string packed = c.path + ".gz";
  Require(RunChild({"sh", "-c", "gzip -6 <'" + c.path + "' >'" + packed + "'"}).ok,
          "gzip could not be run");
  Register("decompress", c.name, c.bytes, c.bytes, c.lines, [packed] {
    const std::unique_ptr<ByteSource> source = Value(OpenSource({packed, packed}));
    std::vector<char> buffer(kBlockBytes);
    uint64_t bytes = 0;
    while (const size_t got = Value(source->Read(buffer.data(), buffer.size()))) bytes += got;
    return bytes;
  });
  Register("lines", c.name, c.lines, c.bytes, c.lines, [&c] {
    BlockLines lines({' ', '"'});
    uint64_t count = 0;
    for (const Block& block : c.blocks) {
      lines.Begin(block.text());
      for (size_t offset = 0; offset < block.size; ++count) {
        benchmark::DoNotOptimize(lines.Next(&offset));
      }
    }
    return count;
  });
  Register("plan", c.name, c.records, c.bytes, c.lines,
           [&c, formats = Format("combined")] { return CountRecords(c.blocks, formats); });
  Register("json", c.name, c.records, TextBytes(c.json_blocks), c.records,
           [&c, formats = Format("json")] { return CountRecords(c.json_blocks, formats); });
}

void RegisterEngine(const Corpus& c, const Portal& portal) {
  Register("classify", c.name, c.records, c.bytes, c.records, [&] {
    PathDictionary paths;
    Classifier classifier(portal.Context(&paths), nullptr);
    const VisitorIdentifier identifier = portal.Identifier();
    BlockEvents events;
    for (const auto& batch : c.batches) {
      classifier.Add(*batch, identifier, 0, &events);
      events.Clear();
    }
    return Sum(classifier.counters().traffic, kRequests, OfAll);
  });
  absl::flat_hash_set<std::string> identities;
  for (const auto& batch : c.batches) {
    for (size_t i = 0; i < batch->size; ++i) {
      const std::string_view user = batch->Get(TextField::kUser, i);
      identities.insert(user.empty() ? std::string(batch->Get(TextField::kClient, i)) + "\n" +
                                           std::string(batch->Get(TextField::kUserAgent, i))
                                     : "\n" + std::string(user));
    }
  }
  const auto hash_all = [&](const std::function<void(uint64_t)>& take) {
    const VisitorIdentifier identifier = portal.Identifier();
    for (const auto& batch : c.batches) {
      for (size_t i = 0; i < batch->size; ++i) {
        take(identifier.Hash(*batch, i, identifier.ClientAddress(*batch, i)));
      }
    }
  };
  absl::flat_hash_set<uint64_t> hashes;
  hash_all([&hashes](uint64_t hash) { hashes.insert(hash); });
  Require(hashes.size() == identities.size(), "visitor key: not one hash for each identity");
  uint64_t all = 0;
  hash_all([&all](uint64_t hash) { all ^= hash; });
  Register("visitor_key", c.name, all, c.bytes, c.records, [hash_all] {
    uint64_t together = 0;
    hash_all([&together](uint64_t hash) { together ^= hash; });
    return together;
  });
  const auto apply = [&portal](const std::vector<VisitEvent>& events) {
    VisitShard shard = portal.Shard();
    shard.Apply(events);
    shard.Finish(events.empty() ? 0 : events.back().order_us);
    return shard.Copy();
  };
  Register("visits", c.name, Sum(c.result.visits.visits, kVisits, OfVisits), 0, c.events.size(),
           [&c, apply] { return Sum(apply(c.events)->counters().visits, kVisits, OfVisits); });
  Register("attempts", c.name, Sum(c.result.visits.attempts, kStarted, OfAll), 0, c.attempts.size(),
           [&c, apply] { return Sum(apply(c.attempts)->counters().attempts, kStarted, OfAll); });
  Register("counters", c.name, c.events.size(), 0, c.events.size(), [&c] {
    CounterTable table(1);
    for (const VisitEvent& event : c.events) {
      table.Add(table.Row(PackHourService(static_cast<HourId>(event.time_us / kMicrosPerHour),
                                          event.service)),
                0, 1);
    }
    return Sum(table, 0, OfAll);
  });
  Register("histograms", c.name, c.events.size(), 0, c.events.size(), [&c] {
    LatencyHistogram histogram;
    for (const VisitEvent& event : c.events) {
      histogram.Add(static_cast<int64_t>(event.path % kMicrosPerSecond));
    }
    return histogram.count();
  });
  Register("merge", c.name, 2 * Sum(c.result.traffic.traffic, kRequests, OfAll), 0,
           c.result.traffic.traffic.rows(), [&c] {
             TrafficCounters merged = c.result.traffic;
             merged.Merge(c.result.traffic);
             return Sum(merged.traffic, kRequests, OfAll);
           });
  Register("json_out", c.name, c.records, 0, 1, [&] {
    const Analysis analysis = ComputeAnalysis(c.result, &portal.catalog, FigureOptions());
    const std::string json = AnalysisToJson(analysis, "en");
    return nlohmann::json::parse(json).at("lines").at("records").get<uint64_t>();
  });
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const Portal portal;
  std::vector<std::unique_ptr<Corpus>> corpora;
  const auto add = [&](const char* name, const char* bytes, std::vector<std::string> options) {
    corpora.push_back(
        std::make_unique<Corpus>(MakeCorpus(portal, name, bytes, std::move(options))));
    RegisterParsing(*corpora.back());
    RegisterEngine(*corpora.back(), portal);
  };
  add("small", "1MB", {});
  add("medium", "64MB", {});
  add("hostile", "64MB", {"--hostile"});
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) { return civlog::Main(argc, argv); }
