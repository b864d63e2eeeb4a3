// Several programs at one store.

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/store_file.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using testing::HasSubstr;

constexpr int kOutputError = 4;

TEST(ConcurrencyTest, TwoRunsAtOnceCountEveryLineOnce) {
  const PortalFiles portal = PortalFiles::Demonstration(1500);
  std::vector<Completed> runs(3);
  std::vector<std::thread> threads;
  for (Completed& run : runs) {
    threads.emplace_back([&] {
      run = RunProgram(portal.Ingest({"--checkpoint-every", "0s", "--block-bytes", "20000"}));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Completed& run : runs) EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(portal.Difference(portal.Analyzed()), "");
}

TEST(ConcurrencyTest, WhoeverDoesNotGetTheStoreIsToldSo) {
  // Held by another civlog.
  const PortalFiles held = PortalFiles::Demonstration(50);
  const absl::StatusOr<StoreLock> lock = StoreLock::Take(held.store());
  ASSERT_TRUE(lock.ok()) << lock.status();
  // Written by another program.
  const PortalFiles written = PortalFiles::Demonstration(50);
  ASSERT_EQ(RunProgram(written.Ingest()).exit_code, 0);
  const nlohmann::json before = FiguresOfStore(written.store()).value_or(nullptr);
  AppendToFile(written.file("access.log"), ReadFile(held.file("access.log")));
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(written.store().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);

  Completed of_held;
  std::thread thread([&] { of_held = RunProgram(held.Ingest()); });
  const Completed of_written = RunProgram(written.Ingest());
  thread.join();
  sqlite3_close(other);

  EXPECT_EQ(of_held.exit_code, kOutputError);
  EXPECT_THAT(of_held.err, HasSubstr(held.store() + ": another civlog is writing to it"));
  EXPECT_FALSE(std::filesystem::exists(held.store()));
  EXPECT_EQ(of_written.exit_code, kOutputError);
  EXPECT_THAT(of_written.err, HasSubstr(written.store() + ": another program is writing to it"));
  EXPECT_EQ(FiguresOfStore(written.store()).value_or(nullptr), before);
}

// What a reader saw, by how many lines there were.
using Seen = std::map<uint64_t, nlohmann::json>;

Seen ReadWhile(const std::string& store, const std::atomic<bool>& done) {
  Seen seen;
  while (!done) {
    const absl::StatusOr<nlohmann::json> figures = FiguresOfStore(store);
    if (figures.ok()) seen.emplace((*figures)["lines"]["read"], *figures);
  }
  return seen;
}

TEST(ConcurrencyTest, AReaderSeesOneCheckpoint) {
  const PortalFiles portal = PortalFiles::Demonstration(2500);
  std::atomic<bool> done = false;
  Seen seen;
  std::thread reader([&] { seen = ReadWhile(portal.store(), done); });
  const Completed run = RunProgram(
      portal.Ingest({"--checkpoint-every", "0s", "--block-bytes", "3000", "--threads", "1"}));
  done = true;
  reader.join();
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_GT(seen.size(), 2U);
  const std::string log = ReadFile(portal.file("access.log"));
  size_t compared = 0;
  for (const auto& [lines, figures] : seen) {
    EXPECT_EQ(WhatDoesNotAddUp(figures), "") << lines;
    // The same as of the log's first lines alone, for some of them.
    if (compared++ % (1 + seen.size() / 8) != 0) continue;
    PortalFiles prefix = PortalFiles::Demonstration(lines);
    EXPECT_EQ(nlohmann::json::diff(prefix.Analyzed(), figures).dump(), "[]") << lines;
  }
}

}  // namespace
}  // namespace civlog
