// The program killed at any moment, and writing where it cannot: it goes on with nothing
// lost and nothing twice.
//
// CIVLOG_CRASHES says how often it is killed, CIVLOG_CRASH_SEED where chance begins. A
// failure prints its seed.

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/store_care.h"
#include "tests/oracle/random_source.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using Clock = std::chrono::steady_clock;
using oracle::Random;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kKilled = 128 + SIGKILL;
constexpr int kOutputError = 4;

#ifdef CIVLOG_SANITIZED
constexpr uint64_t kSlower = 5;
#else
constexpr uint64_t kSlower = 1;
#endif

uint64_t FirstSeed() { return FromEnvironment("CIVLOG_CRASH_SEED", 1); }

uint64_t SizeOf(const std::string& path) {
  struct stat info = {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
}

// A moment of a run, by its clock or by what it has written.
std::function<bool()> SomeMoment(const PortalFiles& portal, Clock::duration whole, Random* random) {
  const auto delay = whole * static_cast<int64_t>(random->Below(1000)) / 900;
  const auto spin = std::chrono::microseconds(random->Below(3000));
  if (random->Chance(50)) {
    return [until = Clock::now() + delay] { return Clock::now() >= until; };
  }
  const std::string file = portal.store() + random->Pick(std::vector<std::string>{
                                                "", "-wal", "-wal", "-wal", ".keys", ".keys.new"});
  const uint64_t size = file.ends_with("-wal")
                            ? random->Below(size_t{1} << (10 + random->Below(11)))
                            : random->Below(2);
  return [=, until = Clock::time_point::max()]() mutable {
    if (until == Clock::time_point::max() && SizeOf(file) > size) until = Clock::now() + spin;
    return Clock::now() >= until;
  };
}

// What every run that dies leaves: a store that can be read, or nothing yet.
void ExpectSound(const PortalFiles& portal) {
  const absl::Status checked = CheckStore(portal.store());
  const absl::StatusOr<nlohmann::json> figures =
      checked.ok() ? FiguresOfStore(portal.store()) : checked;
  if (!figures.ok()) {
    EXPECT_THAT(std::string(figures.status().message()),
                AnyOf(HasSubstr("nothing was counted yet"), HasSubstr("No such file"),
                      HasSubstr("no store of civlog's")));
    return;
  }
  EXPECT_EQ(WhatDoesNotAddUp(*figures), "");
}

// So that a run keeps some checkpoints: it reads a few blocks between two.
std::vector<std::string> InSmallSteps(const PortalFiles& portal, Random* random) {
  uint64_t bytes = 0;
  for (const std::string& log : portal.logs) bytes += SizeOf(portal.file(log));
  const uint64_t block_bytes = 1 + bytes / (5 + random->Below(80));
  return {"--checkpoint-every",        "0s", "--block-bytes",
          std::to_string(block_bytes), "-j", std::to_string(1 + random->Below(2))};
}

// Kills runs until one gets to the end; returns how many.
uint64_t KillUntilDone(const PortalFiles& portal, Clock::duration whole, uint64_t at_most,
                       Random* random) {
  uint64_t killed = 0;
  while (!testing::Test::HasFailure()) {
    Invocation ingest = portal.Ingest(InSmallSteps(portal, random));
    if (killed < at_most) ingest.kill_once = SomeMoment(portal, whole, random);
    const Completed run = RunProgram(ingest);
    if (run.exit_code != kKilled) {
      EXPECT_LE(run.exit_code, 1) << run.err;
      return killed;
    }
    ++killed;
    ExpectSound(portal);
  }
  return killed;
}

PortalFiles SomePortal(uint64_t seed) {
  return seed % 3 == 0 ? PortalFiles::Demonstration(1200) : PortalFiles::Random(seed);
}

TEST(CrashTest, KilledAtAnyMomentNothingIsLostAndNothingTwice) {
  const uint64_t wanted = FromEnvironment("CIVLOG_CRASHES", 200 / kSlower);
  uint64_t killed = 0;
  for (uint64_t seed = FirstSeed(); killed < wanted && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const PortalFiles portal = SomePortal(seed);
    const nlohmann::json expected = portal.Analyzed();
    const Clock::time_point began = Clock::now();
    RunProgram(portal.Ingest(InSmallSteps(portal, &random)));
    const Clock::duration whole = Clock::now() - began;
    for (const char* beside : {"", "-wal", "-shm", ".keys", ".lock"}) {
      std::filesystem::remove(portal.store() + beside);
    }
    killed += KillUntilDone(portal, whole, 25, &random);
    ASSERT_EQ(portal.Difference(expected), "");
  }
  RecordProperty("killed", std::to_string(killed));
}

// The run that could not write says so and how to go on, and what was kept stands.
void ExpectRefused(const PortalFiles& portal, const Completed& run,
                   const absl::StatusOr<nlohmann::json>& before) {
  EXPECT_EQ(run.exit_code, kOutputError) << run.err;
  EXPECT_THAT(run.err, HasSubstr(portal.store()));
  EXPECT_THAT(run.err, HasSubstr("run it again"));
  const absl::StatusOr<nlohmann::json> after = FiguresOfStore(portal.store());
  EXPECT_EQ(after.ok(), before.ok()) << after.status();
  if (after.ok() && before.ok()) {
    EXPECT_EQ(*after, *before);
  }
}

TEST(CrashTest, WritesThatFailKeepTheLastCheckpoint) {
  uint64_t failed = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 4 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const PortalFiles portal = PortalFiles::Demonstration(1500 + random.Below(1500));
    const std::string log = ReadFile(portal.file("access.log"));
    for (const size_t part : {log.size() / 3, log.size()}) {
      WriteFile(portal.file("access.log"), log.substr(0, log.rfind('\n', part) + 1));
      const absl::StatusOr<nlohmann::json> before = FiguresOfStore(portal.store());
      for (int tries = 0; tries < 6; ++tries) {
        Invocation ingest = portal.Ingest();
        ingest.most_file_bytes = random.Below(size_t{1} << (1 + random.Below(20)));
        const Completed run = RunProgram(ingest);
        if (run.exit_code == 0) break;
        ++failed;
        ExpectRefused(portal, run, before);
        EXPECT_THAT(run.err, HasSubstr("ulimit -f"));
      }
      ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
      ASSERT_EQ(portal.Difference(portal.Analyzed()), "");
    }
  }
  EXPECT_GT(failed, 0U);
}

// A file system of its own in memory, of so many bytes.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& at) : at_(at) {
    std::filesystem::create_directory(at);
    mounted_ = Mount(0, size_t{1} << 16);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  bool Resize(size_t bytes) { return Mount(MS_REMOUNT, bytes); }

 private:
  bool Mount(unsigned long flags, size_t bytes) {
    const std::string size = "size=" + std::to_string(bytes);
    return ::mount("tmpfs", at_.c_str(), "tmpfs", flags, size.c_str()) == 0;
  }
  std::string at_;
  bool mounted_ = false;
};

TEST(CrashTest, AFullDiskKeepsTheLastCheckpoint) {
  Random random(FirstSeed());
  PortalFiles portal = PortalFiles::Demonstration(2000);
  SmallDisk disk(portal.file("disk"));
  if (!disk.mounted()) {
    GTEST_SKIP() << "no file system may be mounted here: " << std::strerror(errno);
  }
  portal.KeepStoreIn("disk");
  uint64_t full = 0;
  for (size_t bytes = size_t{16} << 10; bytes <= size_t{8} << 20; bytes += bytes / 3) {
    ASSERT_TRUE(disk.Resize(bytes + random.Below(bytes / 4)));
    const absl::StatusOr<nlohmann::json> before = FiguresOfStore(portal.store());
    const Completed run = RunProgram(portal.Ingest());
    if (run.exit_code == 0) break;
    ++full;
    ExpectRefused(portal, run, before);
    EXPECT_THAT(run.err, HasSubstr("make room"));
  }
  EXPECT_GT(full, 0U);
  ASSERT_EQ(portal.Difference(portal.Analyzed()), "");
}

}  // namespace
}  // namespace civlog
