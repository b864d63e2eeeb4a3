// Runs over logs that grow while they are read.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/pipeline.h"
#include "queries/analysis_json.h"
#include "queries/compute_analysis.h"
#include "queries/query_plan.h"
#include "queries/query_result.h"
#include "queries/render_query.h"

namespace civlog {
namespace {

// A log that grows by a piece every second time that a reader finds nothing more.
struct GrowingLog {
  std::string text;
  std::vector<size_t> ends;  // of the pieces
  size_t there = 0;
  size_t next = 0;
  size_t waits = 0;
  std::atomic<bool> all_read = false;
  // Where not null, each piece stays the last one until it has been shown.
  const size_t* shown = nullptr;
  // Where not null, the first piece stays the last one until this is so.
  const std::atomic<bool>* after = nullptr;

  void NothingMore() {
    constexpr size_t kEnough = 6;
    if (shown != nullptr && *shown < next) return;
    if (after != nullptr && next > 0 && !*after) return;
    ++waits;
    if (next == ends.size()) {
      all_read = waits > kEnough;
    } else if (waits > 1) {
      there = ends[next++];
      waits = 0;
    }
  }
};

class GrowingSource : public ByteSource {
 public:
  explicit GrowingSource(GrowingLog* log) : log_(log) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    const size_t size = std::min(capacity, log_->there - used_);
    if (size == 0) log_->NothingMore();
    log_->text.copy(buffer, size, used_);
    used_ += size;
    return size;
  }
  uint64_t raw_bytes_read() const override { return used_; }
  bool may_grow() const override { return true; }

 private:
  GrowingLog* log_;
  size_t used_ = 0;
};

std::string FileText(const std::string& path) {
  std::ifstream file(std::string(CIVLOG_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class FollowTest : public testing::Test {
 protected:
  FollowTest() {
    CatalogResult parsed = ParseCatalog(FileText("fixtures/hanbit/civlog.toml"), "civlog.toml");
    catalog_ = std::move(*parsed.catalog);
    audience_ = *AudienceClassifier::Make(catalog_.audience_rules);
    text_ = FileText("fixtures/hanbit/logs/web1.access.log");
    text_.resize(text_.find('\n', text_.size() / 8) + 1);
    options_.threads = 2;
    options_.block_bytes = 4096;
    options_.time_zone = catalog_.portal.time_zone;
    options_.key = VisitorKey::Random();
    figures_.time_zone = catalog_.portal.time_zone;
    figures_.time_zone_name = catalog_.portal.time_zone_name;
  }

  RunResult Once(const std::string& text) const {
    std::vector<LogInput> inputs;
    inputs.push_back(MemoryInput("access.log", text));
    return *RunPipeline(std::move(inputs), &catalog_, *audience_, options_);
  }

  static LogInput Growing(const std::string& name, GrowingLog* log) {
    LogInput input;
    input.name = name;
    input.follows = true;
    input.open = [log]() -> absl::StatusOr<std::unique_ptr<ByteSource>> {
      return std::make_unique<GrowingSource>(log);
    };
    return input;
  }

  // Until `*all_read`.
  RunResult Run(std::vector<LogInput> inputs, const std::atomic<bool>* all_read) {
    RunOptions options = options_;
    options.interrupt = all_read;
    options.snapshot_every = absl::ZeroDuration();
    options.snapshot = snapshot_;
    RunResult result = *RunPipeline(std::move(inputs), &catalog_, *audience_, options);
    EXPECT_TRUE(result.interrupted);
    result.interrupted = false;
    return result;
  }

  RunResult Followed(const std::vector<size_t>& ends) {
    GrowingLog log;
    log.text = text_;
    log.ends = ends;
    if (snapshot_) log.shown = &snapshots_;
    std::vector<LogInput> inputs;
    inputs.push_back(Growing("access.log", &log));
    return Run(std::move(inputs), &log.all_read);
  }

  std::string Json(const RunResult& result) const {
    return AnalysisToJson(ComputeAnalysis(result, &catalog_, figures_), "en");
  }

  // Where the pieces of the log end, some of them within a line.
  std::vector<size_t> Ends(size_t pieces) const {
    std::vector<size_t> ends;
    for (size_t i = 1; i <= pieces; ++i) ends.push_back(text_.size() * i / pieces);
    return ends;
  }

  // The first `lines` lines of the log.
  std::string Beginning(uint64_t lines) const {
    size_t end = 0;
    for (uint64_t i = 0; i < lines; ++i) end = text_.find('\n', end) + 1;
    return text_.substr(0, end);
  }

  Catalog catalog_;
  std::unique_ptr<AudienceClassifier> audience_;
  std::string text_;
  RunOptions options_;
  FigureOptions figures_;
  std::function<void(const RunResult&)> snapshot_;
  size_t snapshots_ = 0;  // of more lines than the one before
};

TEST_F(FollowTest, ALogThatGrowsIsTheLogThatItBecomes) {
  EXPECT_EQ(Json(Followed(Ends(7))), Json(Once(text_)));
}

TEST_F(FollowTest, ALogThatIsEmptyAtFirstIsUnderstoodLater) {
  std::vector<size_t> ends = Ends(3);
  ends.insert(ends.begin(), {0, 20});  // not a line yet
  EXPECT_EQ(Json(Followed(ends)), Json(Once(text_)));
}

TEST_F(FollowTest, EverySnapshotIsWhatTheLinesSoFarSay) {
  uint64_t lines = 0;
  snapshot_ = [&](const RunResult& result) {
    if (result.traffic.lines == lines) return;
    lines = result.traffic.lines;
    ++snapshots_;
    EXPECT_EQ(Json(result), Json(Once(Beginning(lines)))) << lines << " lines";
  };
  EXPECT_EQ(Json(Followed(Ends(9))), Json(Once(text_)));
  EXPECT_GE(snapshots_, 9U);
}

// Those whom a snapshot counts exactly leave no less room for others to be.
TEST_F(FollowTest, SnapshotsUseNothingUp) {
  text_ = FileText("fixtures/hanbit/logs/web1.access.log");
  options_.key = {1, 2};
  size_t& exact = options_.limits.exact_visitors;
  exact = 0;
  while (!Once(text_).visitors.exact) ++exact;
  ASSERT_GT(exact, 0U);
  snapshot_ = [&](const RunResult& result) { snapshots_ = result.traffic.lines; };
  EXPECT_TRUE(Followed(Ends(40)).visitors.exact);
}

// What a log brings once the others have gone on is late, and counts.
TEST_F(FollowTest, ALogThatFallsBehindIsLateAndNotLost) {
  options_.keep_duplicates = true;
  GrowingLog ahead;
  ahead.text = text_;
  ahead.ends = Ends(3);
  GrowingLog behind;
  behind.text = text_;
  behind.ends = Ends(2);
  behind.after = &ahead.all_read;
  std::vector<LogInput> inputs;
  inputs.push_back(Growing("ahead.log", &ahead));
  inputs.push_back(Growing("behind.log", &behind));
  const RunResult followed = Run(std::move(inputs), &behind.all_read);
  const RunResult once = Once(text_);
  EXPECT_EQ(followed.traffic.lines, 2 * once.traffic.lines);
  EXPECT_EQ(followed.records, 2 * once.records);
  EXPECT_GT(followed.late, once.records / 4);
  EXPECT_EQ(followed.top[0].front().count, 2 * once.top[0].front().count);
  EXPECT_EQ(followed.visitors.count, once.visitors.count);
}

TEST_F(FollowTest, SnapshotsOfQueriesToo) {
  QueryRequest request;
  request.select = "requests,visitors,page_views";
  request.by = "path";
  request.totals = true;
  const absl::StatusOr<QueryPlan> plan =
      MakeQueryPlan(request, &catalog_, catalog_.portal.time_zone);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ListenFor(*plan, &catalog_, "en", &options_);
  const auto table = [&](const RunResult& result) {
    return RenderQueryJson(ComputeQuery(*plan, result, &catalog_, QueryOptions()), "test");
  };
  uint64_t lines = 0;
  snapshot_ = [&](const RunResult& result) {
    if (result.traffic.lines == lines) return;
    lines = result.traffic.lines;
    ++snapshots_;
    EXPECT_EQ(table(result), table(Once(Beginning(lines)))) << lines << " lines";
  };
  EXPECT_EQ(table(Followed(Ends(9))), table(Once(text_)));
  EXPECT_GE(snapshots_, 9U);
}

}  // namespace
}  // namespace civlog
