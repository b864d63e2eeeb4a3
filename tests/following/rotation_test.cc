// A portal's log that is written at speed while it is renamed, compressed, copied and cut,
// removed: in the end the store has what one analysis over everything says.
//
// The log's own clock runs by epochs. Within one it moves by less than the bound within
// which logs are put in order, while the log is rotated at any moment; then everything is
// waited for, and hours pass. So the figures are exact, however fast anybody is.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/following/follower.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;

constexpr char kCatalog[] = R"(
[portal]
time_zone = "Asia/Seoul"

[[service]]
id = "tax"
kind = "transaction"
routes = ["/tax/**"]
steps = [{ name = "start", route = "GET /tax/start" }, { name = "done", route = "GET /tax/done" }]

[[service]]
id = "petitions"
kind = "participation"
routes = ["/petition/**"]
acts = [{ name = "sign", route = "POST /petition/{id}/sign" }]
)";

constexpr int kEpochs = 12;

class RotatingLog {
 public:
  explicit RotatingLog(uint64_t seed) : random_(seed) { place_.Write("civlog.toml", kCatalog); }

  const Workplace& place() const { return place_; }
  const std::string& written() const { return written_; }
  uint64_t lines() const { return lines_; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  // A few hundred lines, to the file that the writer has open, in pieces that end anywhere.
  void WriteSome() {
    std::string text;
    for (size_t left = 50 + Below(300); left > 0; --left) text += Line();
    written_ += text;
    for (size_t at = 0; at < text.size();) {
      const size_t size = std::min(text.size() - at, 1 + Below(20'000));
      place_.Append(open_, text.substr(at, size));
      at += size;
    }
  }

  // Hours pass.
  void NextEpoch() {
    now_ += absl::Seconds(600 + static_cast<int64_t>(Below(20'000)));
    epoch_ = now_;
  }

  // logrotate's ways. The writer may not notice at once.
  void Rename() {
    Shift();
    fs::rename(Name(0), Name(1));
    open_ = "access.log.1";
    for (size_t times = Below(3); times > 0; --times) WriteSome();
    open_ = "access.log";
    NextSecond();
    WriteSome();
  }
  void CopyAndCut() {
    Shift();
    const std::string text = place_.Read("access.log");
    // It takes a while to be copied.
    for (size_t at = 0; at < text.size();) {
      const size_t size = std::min(text.size() - at, 1 + Below(text.size()));
      place_.Append("access.log.1", text.substr(at, size));
      at += size;
    }
    fs::resize_file(Name(0), 0);
    NextSecond();
    WriteSome();
  }
  void Compress() {
    const size_t which = 1 + Below(kKept);
    if (!fs::exists(Name(which))) return;
    const std::string gzip = Gzip(place_.Read("access.log." + std::to_string(which)));
    const std::string name = absl::StrCat("access.log.", which, ".gz");
    const size_t half = Below(gzip.size());
    place_.Append(name, gzip.substr(0, half));
    WriteSome();
    place_.Append(name, gzip.substr(half));
    fs::remove(Name(which));
  }
  // REQUIRES: everything was counted.
  void RemoveOldest() {
    fs::remove(Name(kKept));
    fs::remove(Name(kKept) + ".gz");
  }

 private:
  static constexpr size_t kKept = 4;

  std::string Name(size_t rotation) const {
    const std::string name = place_.Path("access.log");
    return rotation == 0 ? name : absl::StrCat(name, ".", rotation);
  }

  // What is of one second is put in order by log, and of logs that were found at once, or
  // compressed before they were, nobody knows which came first.
  void NextSecond() { now_ += absl::Seconds(1); }

  // access.log.1 becomes access.log.2 and so on; what would be lost is kept apart.
  void Shift() {
    for (size_t i = kKept; i >= 1; --i) {
      for (const char* const suffix : {"", ".gz"}) {
        if (!fs::exists(Name(i) + suffix)) continue;
        const std::string next =
            i < kKept ? Name(i + 1) : absl::StrCat(place_.Path("access.log.old"), ++old_);
        fs::rename(Name(i) + suffix, next + suffix);
      }
    }
  }

  std::string Line() {
    static constexpr const char* kRequests[] = {
        "GET /",          "GET /news/1",           "GET /tax/start", "GET /tax/done",
        "GET /tax/start", "POST /petition/7/sign", "GET /gone",      "GET /logo.png"};
    // Up to 50 s of an epoch, as the log goes on.
    if (now_ - epoch_ < absl::Seconds(50) && Below(40) == 0) now_ += absl::Seconds(1);
    ++lines_;
    if (Below(200) == 0) return "no request at all\n";
    const absl::TimeZone zone = absl::FixedTimeZone(9 * 3600);
    return absl::StrCat(
        "192.0.2.", Below(120), " - - [", absl::FormatTime("%d/%b/%Y:%H:%M:%S %z", now_, zone),
        "] \"", kRequests[Below(std::size(kRequests))], " HTTP/1.1\" ", Below(20) == 0 ? 500 : 200,
        " ", Below(1'000'000), " \"-\" \"Mozilla/5.0 Firefox/140.0\"\n");
  }

  Workplace place_;
  std::mt19937_64 random_;
  std::string open_ = "access.log";
  std::string written_;
  uint64_t lines_ = 0;
  size_t old_ = 0;
  absl::Time now_ = absl::FromUnixSeconds(1'795'000'000);
  absl::Time epoch_ = now_;
};

uint64_t Seed() {
  const char* seed = std::getenv("CIVLOG_ROTATION_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

class RotationTest : public testing::Test {
 protected:
  RotationTest() : seed_(Seed()), log_(seed_) {
    log_.WriteSome();
    RecordProperty("seed", absl::StrCat(seed_));
  }
  ~RotationTest() override {
    if (HasFailure()) {
      std::cout << "CIVLOG_ROTATION_SEED=" << seed_ << "\n" << log_.place().Read("err");
    }
  }

  std::string Store() const { return log_.place().Path("portal.db"); }
  static std::vector<std::string> Ingest(bool follow) {
    std::vector<std::string> words = {"ingest",     "--store", "portal.db", "--checkpoint-every",
                                      "50ms",       "-q",      "-c",        "civlog.toml",
                                      "access.log*"};
    if (follow) words.emplace_back("--follow");
    return words;
  }
  void RotateSomehow(bool may_cut) {
    switch (log_.Below(may_cut ? 4 : 3)) {
      case 0:
        return log_.Rename();
      case 1:
        return log_.Compress();
      case 2:
        return log_.WriteSome();
      default:
        return log_.CopyAndCut();
    }
  }
  void ExpectOneAnalysis() const {
    EXPECT_EQ(StoreAsJson(Store()), AnalysisAsJson(kCatalog, {{"access.log", log_.written()}}));
  }

  uint64_t seed_;
  RotatingLog log_;
};

TEST_F(RotationTest, FollowedItIsOneAnalysis) {
  auto program = std::make_unique<Program>(log_.place().folder(), Ingest(true));
  const auto all_counted = [this] { return LinesOf(Store()) >= log_.lines(); };
  for (int epoch = 0; epoch < kEpochs && !HasFailure(); ++epoch) {
    for (size_t times = 1 + log_.Below(3); times > 0; --times) RotateSomehow(true);
    // Killed at any moment, it goes on.
    if (epoch % 4 == 3) {
      program->Signal(epoch % 8 == 3 ? SIGKILL : SIGTERM);
      program->Wait();
      program = std::make_unique<Program>(log_.place().folder(), Ingest(true));
    }
    if (epoch % 4 == 2) program->Signal(SIGHUP);
    log_.WriteSome();
    Eventually(all_counted, "all lines");
    if (log_.Below(2) == 0) log_.RemoveOldest();
    log_.NextEpoch();
  }
  program->Signal(SIGTERM);
  EXPECT_EQ(program->Wait(), 0);
  EXPECT_EQ(LinesOf(Store()), log_.lines());
  ExpectOneAnalysis();
  // Whatever is there was counted.
  Program again(log_.place().folder(), Ingest(false));
  EXPECT_EQ(again.Wait(), 0);
  ExpectOneAnalysis();
}

TEST_F(RotationTest, RunAgainAndAgainItIsOneAnalysis) {
  std::optional<Program> program;
  for (int epoch = 0; epoch < kEpochs && !HasFailure(); ++epoch) {
    // A program that reads while a log is cut would lose what it had not read.
    log_.CopyAndCut();
    program.emplace(log_.place().folder(), Ingest(false));
    for (size_t times = 2 + log_.Below(4); times > 0; --times) {
      RotateSomehow(false);
      if (!program->HasEnded()) continue;
      program.emplace(log_.place().folder(), Ingest(false));
    }
    // A log that was renamed while it was to be read is for the next time.
    const int exit_code = program->Wait();
    EXPECT_TRUE(exit_code == 0 || exit_code == 3) << exit_code;
    program.emplace(log_.place().folder(), Ingest(false));
    EXPECT_EQ(program->Wait(), 0);
    EXPECT_EQ(LinesOf(Store()), log_.lines());
    if (log_.Below(2) == 0) log_.RemoveOldest();
    log_.NextEpoch();
  }
  ExpectOneAnalysis();
}

}  // namespace
}  // namespace civlog
