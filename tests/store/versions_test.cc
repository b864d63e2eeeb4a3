// Files of other versions and of other programs.

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store_care.h"
#include "engine/store_file.h"
#include "engine/store_schema.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using testing::HasSubstr;

constexpr int kUsageError = 2;
constexpr int kInputError = 3;

void RunSql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
  sqlite3_free(error);
  sqlite3_close(database);
}

// What SQLite says that is in the file.
std::string Dump(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::string text;
  const auto append = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) {
      *static_cast<std::string*>(to) += values[i] != nullptr ? values[i] : "";
    }
    *static_cast<std::string*>(to) += "\n";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), append, &text, nullptr), SQLITE_OK);
  sqlite3_close(database);
  return text;
}

// Makes a store what one of version 3 was: without sums.
void MakeVersionThree(const std::string& path) {
  const StoreTables& tables = StoreTables::Get();
  std::vector<const TableSpec*> sums = {&tables.hour_traffic};
  for (const DaySums& sum : tables.day_sums()) sums.push_back(sum.by_day);
  const auto file = StoreFile::Open(path, StoreFile::Mode::kWrite);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Begin().ok());
  std::string drop;
  for (const TableSpec* spec : sums) {
    EXPECT_TRUE((*file)->Table(*spec).Erase({}).ok());
    drop += std::string("DROP TABLE ") + spec->name + ";";
  }
  ASSERT_TRUE((*file)->Commit().ok());
  RunSql(path, drop + "PRAGMA user_version = 3");
}

// Makes a store what one of version 1 was: without views, too.
void MakeVersionOne(const std::string& path) {
  MakeVersionThree(path);
  std::string drop;
  for (const char* view :
       {"v_traffic_hourly", "v_services_daily", "v_completion_weekly", "v_participation_weekly",
        "v_steps", "v_rejections", "v_sources", "v_weeks"}) {
    drop += std::string("DROP VIEW ") + view + ";";
  }
  RunSql(path, drop + "PRAGMA user_version = 1;");
}

TEST(VersionsTest, AnOlderStoreIsBroughtUpToDate) {
  const PortalFiles portal = PortalFiles::Demonstration(400);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const nlohmann::json before = FiguresOfStore(portal.store()).value_or(nullptr);
  const std::string schema = Dump(portal.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1");
  MakeVersionOne(portal.store());
  EXPECT_NE(Dump(portal.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1"), schema);
  // By a reader, which may write it.
  EXPECT_EQ(FiguresOfStore(portal.store()).value_or(nullptr), before);
  EXPECT_EQ(Dump(portal.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1"), schema);
  EXPECT_EQ(Dump(portal.store(), "PRAGMA user_version"),
            std::to_string(StoreMigrations().size()) + "\n");
  // By a writer, which goes on.
  MakeVersionOne(portal.store());
  AppendToFile(portal.file("access.log"), "no line of a log\n");
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  EXPECT_EQ(Dump(portal.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1"), schema);
  EXPECT_EQ(portal.Difference(portal.Analyzed()), "");
}

// What version 2 made of hours before the epoch: 2^32 more, in years far ahead.
void MakeVersionTwo(const std::string& path) {
  constexpr int64_t kTooHigh = int64_t{1} << 32;
  const auto file = StoreFile::Open(path, StoreFile::Mode::kWrite);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Begin().ok());
  const StoreTables& tables = StoreTables::Get();
  const auto move = [&](const TableSpec& spec, const KeyRange& range, int64_t by) {
    StoredTable table = (*file)->Table(spec);
    std::vector<StoredRow> rows = *table.Read(range);
    for (StoredRow& row : rows) {
      row.numbers[0] += by;
      if (&spec == &tables.hours)
        row = {{row.numbers[0], row.numbers[1] + kTooHigh / 96, 7}, {"?"}};
    }
    EXPECT_TRUE(table.Erase(range).ok());
    EXPECT_TRUE(table.Write(rows).ok());
    return rows.size();
  };
  size_t moved = 0;
  for (const TableSpec* spec : tables.all()) {
    if (std::string_view(spec->numbers.front()) == "hour") {
      moved += move(*spec, {.to = 0}, kTooHigh);
    }
  }
  EXPECT_GE(moved, 4U);
  EXPECT_EQ(move(tables.day_catalogs, {.to = 1}, kTooHigh / 96), 1U);
  ASSERT_TRUE((*file)->Commit().ok());
  MakeVersionThree(path);
  RunSql(path, "PRAGMA user_version = 2");
}

// All rows of tables of figures and of what a run goes on from, and their digests.
std::string RowsOf(const std::string& path) {
  const StoreTables& tables = StoreTables::Get();
  std::string all;
  for (const TableSpec* spec : tables.all()) {
    // That a store was brought up to date is a checkpoint.
    if (spec == &tables.clock) continue;
    std::string order = "1";
    for (size_t key = 2; key <= spec->keys; ++key) order += ", " + std::to_string(key);
    all += Dump(path, std::string("SELECT * FROM ") + spec->name + " ORDER BY " + order);
  }
  return all + Dump(path, "SELECT * FROM digests WHERE code != " +
                              std::to_string(tables.clock.code) + " ORDER BY 1, 2");
}

// Of days that begin at another hour than those of UTC, settled and open.
TEST(VersionsTest, SumsAreMadeOfWhatIsThere) {
  const PortalFiles portal = PortalFiles::Demonstration(3000);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const std::string before = RowsOf(portal.store());
  EXPECT_NE(Dump(portal.store(), "SELECT * FROM day_attempts"), "");
  EXPECT_NE(Dump(portal.store(), "SELECT * FROM day_attempts_open"), "");
  MakeVersionThree(portal.store());
  EXPECT_EQ(FiguresOfStore(portal.store()).value_or(nullptr), portal.Analyzed());
  EXPECT_EQ(RowsOf(portal.store()), before);
  EXPECT_EQ(portal.Run({"store", "check", portal.store()}).exit_code, 0);
}

int64_t CheckpointsOf(const std::string& path) {
  return std::stoll(Dump(path, "SELECT checkpoint FROM clock"));
}

// A program of the version before that is in the middle of its work sees that the store is no
// longer as it left it, and one of this version that a newer one came.
TEST(VersionsTest, WhoWritesByAnotherVersionIsStopped) {
  const PortalFiles portal = PortalFiles::Demonstration(400);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  MakeVersionThree(portal.store());
  const int64_t before = CheckpointsOf(portal.store());
  ASSERT_TRUE(FiguresOfStore(portal.store()).ok());
  EXPECT_EQ(CheckpointsOf(portal.store()), before + 1);
  ASSERT_TRUE(FiguresOfStore(portal.store()).ok());
  EXPECT_EQ(CheckpointsOf(portal.store()), before + 1) << "only once";
  const auto file = StoreFile::Open(portal.store(), StoreFile::Mode::kWrite);
  ASSERT_TRUE(file.ok()) << file.status();
  RunSql(portal.store(), "PRAGMA user_version = 99");
  const absl::Status begun = (*file)->Begin();
  EXPECT_TRUE(absl::IsFailedPrecondition(begun)) << begun;
  EXPECT_THAT(std::string(begun.message()), HasSubstr("newer civlog"));
}

// Which days hours are of is as it was known when they were counted; and a day need not be one
// stretch of hours, where the clock was set back over midnight.
TEST(VersionsTest, SumsAreOfTheDaysThatHoursHave) {
  const PortalFiles portal = PortalFiles::Demonstration(3000);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const StoreTables& tables = StoreTables::Get();
  const auto requests_of = [](const std::vector<StoredRow>& rows) {
    int64_t requests = 0;
    for (const StoredRow& row : rows) {
      for (size_t column = StoreTables::kFirstStatusColumn; column < StoreTables::kBytesColumn;
           ++column) {
        requests += row.numbers[column];
      }
    }
    return requests;
  };
  // Every second hour becomes one of the day after.
  int64_t day = 0;
  int64_t requests = 0;
  {
    const auto file = StoreFile::Open(portal.store(), StoreFile::Mode::kWrite);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Begin().ok());
    std::vector<StoredRow> rows = *(*file)->Table(tables.hours).Read();
    ASSERT_GE(rows.size(), 5U);
    day = rows.front().numbers[1] + 1;
    for (size_t i = 0; i < rows.size(); ++i) {
      const int64_t hour = rows[i].numbers[0];
      rows[i].numbers[1] = day - (i % 2 == 0 ? 1 : 0);
      if (i % 2 == 1)
        requests += requests_of(*(*file)->Table(tables.traffic).Read({hour, hour + 1}));
    }
    ASSERT_TRUE((*file)->Table(tables.hours).Write(rows).ok());
    ASSERT_TRUE((*file)->Commit().ok());
  }
  EXPECT_TRUE(absl::IsDataLoss(CheckStore(portal.store())));
  MakeVersionThree(portal.store());
  EXPECT_TRUE(CheckStore(portal.store()).ok());
  const auto file = StoreFile::Open(portal.store(), StoreFile::Mode::kRead);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Begin().ok());
  EXPECT_GT(requests, 0);
  EXPECT_EQ(requests_of(*(*file)->Table(tables.day_traffic).Read({day, day + 1})), requests);
}

TEST(VersionsTest, HoursBeforeTheEpochAreMovedToTheirDays) {
  std::string log;
  for (const char* time : {"01/Jan/1970:00:00:10", "01/Jan/1970:08:59:59", "16/Nov/2026:00:00:10",
                           "20/Nov/2026:00:00:10"}) {
    log += "192.0.2.1 - - [" + std::string(time) +
           " +0900] \"POST /a HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0 (X11) Firefox/130.0\"\n";
  }
  const PortalFiles portal = PortalFiles::Of("[portal]\ntime_zone = \"Asia/Seoul\"\n", log);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const std::string before = RowsOf(portal.store());
  const std::string traffic = Dump(portal.store(), "SELECT * FROM traffic");
  MakeVersionTwo(portal.store());
  EXPECT_NE(Dump(portal.store(), "SELECT * FROM traffic"), traffic);
  EXPECT_EQ(portal.Difference(portal.Analyzed()), "");
  EXPECT_EQ(RowsOf(portal.store()), before);
  EXPECT_EQ(portal.Run({"store", "check", portal.store()}).exit_code, 0);
}

TEST(VersionsTest, AMigrationThatFailsChangesNothing) {
  const PortalFiles portal = PortalFiles::Demonstration(100);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  MakeVersionOne(portal.store());
  RunSql(portal.store(), "CREATE TABLE v_sources(in_the_way)");
  const std::string before = Dump(portal.store(), "SELECT name FROM sqlite_master ORDER BY 1");
  const Completed run = RunProgram(portal.Ingest());
  EXPECT_EQ(run.exit_code, kInputError) << run.err;
  EXPECT_THAT(run.err, HasSubstr(portal.store()));
  EXPECT_EQ(Dump(portal.store(), "SELECT name FROM sqlite_master ORDER BY 1"), before);
  EXPECT_EQ(Dump(portal.store(), "PRAGMA user_version"), "1\n");
}

TEST(VersionsTest, EveryVersionOfAnEmptyStoreBecomesTheNewest) {
  const PortalFiles fresh = PortalFiles::Demonstration(60);
  ASSERT_EQ(RunProgram(fresh.Ingest()).exit_code, 0);
  const std::string names = Dump(fresh.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1");
  std::string sql;
  for (size_t version = 1; version <= StoreMigrations().size(); ++version) {
    const PortalFiles portal = PortalFiles::Demonstration(60);
    sql += StoreMigrations()[version - 1];
    // The digest of no digests is their number.
    RunSql(portal.store(),
           sql + "INSERT INTO digest_of_digests VALUES(1, 0); PRAGMA application_id = " +
               std::to_string(kStoreApplicationId) +
               "; PRAGMA user_version = " + std::to_string(version));
    const Completed run = RunProgram(portal.Ingest());
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(Dump(portal.store(), "SELECT name, sql FROM sqlite_master ORDER BY 1"), names);
    EXPECT_EQ(FiguresOfStore(portal.store()).value_or(nullptr), portal.Analyzed());
  }
}

TEST(VersionsTest, ANewerStoreIsRefusedAndLeft) {
  const PortalFiles portal = PortalFiles::Demonstration(100);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  RunSql(portal.store(), "PRAGMA user_version = 1000");
  const std::string before = ReadFile(portal.store());
  const Completed run = RunProgram(portal.Ingest());
  EXPECT_EQ(run.exit_code, kUsageError);
  EXPECT_THAT(run.err, HasSubstr(portal.store() + ": a store of version 1000, made by a newer "));
  EXPECT_THAT(run.err, HasSubstr("install the newer civlog"));
  const absl::Status read = FiguresOfStore(portal.store()).status();
  EXPECT_EQ(read.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(ReadFile(portal.store()) == before);
}

struct OtherFile {
  const char* name;
  std::function<void(const std::string& path)> make;
  int exit_code;
  const char* message;
};

TEST(VersionsTest, WhatIsNoStoreIsRefusedAndLeft) {
  const OtherFile others[] = {
      {"another program's database",
       [](const std::string& path) { RunSql(path, "CREATE TABLE t(a); INSERT INTO t VALUES(1);"); },
       kUsageError, "no store of civlog's; name another file"},
      {"another program's database, marked",
       [](const std::string& path) {
         RunSql(path, "CREATE TABLE t(a); PRAGMA application_id = 4711;");
       },
       kUsageError, "no store of civlog's; name another file"},
      {"a log", [](const std::string& path) { WriteFile(path, std::string(5000, 'x')); },
       kInputError, "damaged, or no store of civlog's"},
      {"a short text", [](const std::string& path) { WriteFile(path, "hello\n"); }, kInputError,
       "damaged, or no store of civlog's"},
      {"a directory", [](const std::string& path) { std::filesystem::create_directory(path); },
       kInputError, "cannot be opened"},
  };
  for (const OtherFile& other : others) {
    SCOPED_TRACE(other.name);
    const PortalFiles portal = PortalFiles::Demonstration(50);
    other.make(portal.store());
    const std::string before = ReadFile(portal.store());
    const Completed run = RunProgram(portal.Ingest());
    EXPECT_EQ(run.exit_code, other.exit_code) << run.err;
    EXPECT_THAT(run.err, HasSubstr(portal.store() + ": "));
    EXPECT_THAT(run.err, HasSubstr(other.message));
    EXPECT_TRUE(ReadFile(portal.store()) == before);
    EXPECT_FALSE(FiguresOfStore(portal.store()).ok());
  }
}

TEST(VersionsTest, AnEmptyFileBecomesAStore) {
  const PortalFiles portal = PortalFiles::Demonstration(50);
  WriteFile(portal.store(), "");
  EXPECT_THAT(std::string(FiguresOfStore(portal.store()).status().message()),
              HasSubstr("no store of civlog's"));
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  EXPECT_EQ(portal.Difference(portal.Analyzed()), "");
}

TEST(VersionsTest, WithoutItsKeysAStoreIsRefused) {
  const PortalFiles portal = PortalFiles::Demonstration(50);
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const std::string keys = portal.store() + ".keys";
  const std::string own = ReadFile(keys);
  struct Case {
    std::string keys;
    const char* message;
  };
  const PortalFiles other = PortalFiles::Demonstration(50);
  ASSERT_EQ(RunProgram(other.Ingest()).exit_code, 0);
  const std::string others = ReadFile(other.store() + ".keys");
  std::string flipped = own;
  const size_t digit = flipped.find("key ") + 4;
  flipped[digit] = flipped[digit] == '0' ? '1' : '0';
  for (const Case& c : {Case{"", "damaged; restore it together with the store"},
                        Case{"\x01\x02\x03", "damaged; restore it together with the store"},
                        Case{own.substr(0, own.find("key ")), "damaged; restore it together"},
                        Case{flipped, "damaged; restore it together with the store"},
                        Case{others, "the keys of another store; put those of"}}) {
    WriteFile(keys, c.keys);
    const Completed run = RunProgram(portal.Ingest());
    EXPECT_THAT(run.exit_code, testing::AnyOf(kUsageError, kInputError));
    EXPECT_THAT(run.err, HasSubstr(keys + ": "));
    EXPECT_THAT(run.err, HasSubstr(c.message));
    EXPECT_EQ(ReadFile(keys), c.keys);
  }
  std::filesystem::remove(keys);
  const Completed run = RunProgram(portal.Ingest());
  EXPECT_EQ(run.exit_code, kInputError);
  EXPECT_THAT(run.err, HasSubstr("put it back beside the store"));
  // Its figures need no keys.
  EXPECT_EQ(FiguresOfStore(portal.store()).value_or(nullptr), portal.Analyzed());
  WriteFile(keys, own);
  EXPECT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
}

}  // namespace
}  // namespace civlog
