// Stores with bytes flipped, overwritten, zeroed or cut off: what is read of them is as it
// was written, or an error; never another figure, and never touched.
//
// CIVLOG_DAMAGES says how often, CIVLOG_DAMAGE_SEED where chance begins.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/store_care.h"
#include "engine/store_file.h"
#include "engine/store_reader.h"
#include "engine/store_schema.h"
#include "tests/oracle/random_source.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using oracle::Random;
using testing::AnyOf;
using testing::HasSubstr;

#ifdef CIVLOG_SANITIZED
constexpr uint64_t kSlower = 4;
#else
constexpr uint64_t kSlower = 1;
#endif

constexpr size_t kPageBytes = 4096;

// Does one thing to the bytes, and says what.
std::string Damage(Random* random, std::string* bytes) {
  const size_t at = random->Below(bytes->size());
  const std::string where = " at " + std::to_string(at);
  switch (random->Below(6)) {
    case 0:
      bytes->resize(at);
      return "cut off" + where;
    case 1:
      for (size_t i = at / kPageBytes * kPageBytes, end = i + kPageBytes; i < end; ++i) {
        if (i < bytes->size()) (*bytes)[i] = '\0';
      }
      return "a page of zeros" + where;
    case 2:
      for (size_t i = at; i < std::min(at + 64, bytes->size()); ++i) {
        (*bytes)[i] = static_cast<char>(random->Below(256));
      }
      return "64 bytes overwritten" + where;
    case 3:
      if (bytes->size() >= 2 * kPageBytes) {
        const size_t from = at / kPageBytes * kPageBytes;
        const size_t to = random->Below(bytes->size() / kPageBytes) * kPageBytes;
        if (from + kPageBytes <= bytes->size()) {
          bytes->replace(to, kPageBytes, bytes->substr(from, kPageBytes));
        }
        return "a page in another's place" + where;
      }
      [[fallthrough]];
    default:
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ static_cast<char>(1 << random->Below(8)));
      return "a bit flipped" + where;
  }
}

// A store that was fed in three runs, with what is in the log beside it, and the figures
// after each of them.
struct Original {
  Original() : portal(PortalFiles::Demonstration(900)) {
    const std::string log = ReadFile(portal.file("access.log"));
    std::unique_ptr<StoreReader> holder;
    for (const size_t part : {log.size() / 3, log.size() / 2, log.size()}) {
      WriteFile(portal.file("access.log"), log.substr(0, log.rfind('\n', part) + 1));
      EXPECT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
      figures.push_back(FiguresOfStore(portal.store()).value_or(nullptr));
      // As long as somebody reads the log beside it stays.
      if (holder == nullptr) {
        merged = ReadFile(portal.store());
        auto opened = StoreReader::Open(portal.store());
        if (opened.ok()) holder = *std::move(opened);
      }
    }
    store = ReadFile(portal.store());
    log_beside = ReadFile(portal.store() + "-wal");
    keys = ReadFile(portal.store() + ".keys");
    EXPECT_GT(log_beside.size(), 8 * kPageBytes);
  }

  PortalFiles portal;
  std::vector<nlohmann::json> figures;
  std::string merged;  // the store after the first run
  std::string store, log_beside;
  std::string keys;
};

const Original& TheOriginal() {
  static const auto* const original = new Original();
  return *original;
}

// Reads what a damaged store says. `allowed`: figures that were its own at some checkpoint.
void ExpectNoOtherFigures(const std::string& path, const std::vector<nlohmann::json>& allowed) {
  const std::string before = ReadFile(path);
  const std::string log_before = ReadFile(path + "-wal");
  const absl::StatusOr<nlohmann::json> figures = FiguresOfStore(path);
  if (figures.ok()) {
    EXPECT_THAT(allowed, testing::Contains(*figures));
  } else {
    EXPECT_THAT(std::string(figures.status().message()), HasSubstr(path));
    EXPECT_THAT(std::string(figures.status().message()),
                AnyOf(HasSubstr("restore"), HasSubstr("name another file"), HasSubstr("newer"),
                      HasSubstr("civlog ingest --store does that")));
  }
  EXPECT_TRUE(ReadFile(path) == before) << "the store was written to";
  EXPECT_TRUE(ReadFile(path + "-wal") == log_before) << "the log beside it was written to";
}

void ForEveryDamage(uint64_t count, const std::function<void(Random*)>& test) {
  const uint64_t first = FromEnvironment("CIVLOG_DAMAGE_SEED", 1);
  const uint64_t wanted = FromEnvironment("CIVLOG_DAMAGES", count / kSlower);
  for (uint64_t seed = first; seed < first + wanted && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    test(&random);
  }
}

TEST(CorruptStoreTest, DamageOfTheStoreIsNeverAnotherFigure) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db";
  ForEveryDamage(400, [&](Random* random) {
    std::string bytes = TheOriginal().merged;
    SCOPED_TRACE(Damage(random, &bytes));
    WriteFile(path, bytes);
    ExpectNoOtherFigures(path, {TheOriginal().figures.front()});
  });
}

TEST(CorruptStoreTest, DamageOfTheLogBesideItIsAnEarlierCheckpointOrAnError) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db";
  ForEveryDamage(400, [&](Random* random) {
    std::string store = TheOriginal().store;
    std::string log = TheOriginal().log_beside;
    SCOPED_TRACE(Damage(random, random->Chance(75) ? &log : &store));
    WriteFile(path, store);
    WriteFile(path + "-wal", log);
    std::filesystem::remove(path + "-shm");
    ExpectNoOtherFigures(path, TheOriginal().figures);
  });
}

TEST(CorruptStoreTest, IngestRefusesWhatIsDamagedAndLeavesIt) {
  const Original& original = TheOriginal();
  const nlohmann::json expected = original.portal.Analyzed();
  uint64_t refused = 0;
  ForEveryDamage(80, [&](Random* random) {
    PortalFiles portal = PortalFiles::Demonstration(900);
    std::string bytes = original.merged;
    SCOPED_TRACE(Damage(random, &bytes));
    WriteFile(portal.store(), bytes);
    WriteFile(portal.store() + ".keys", original.keys);
    const Completed run = RunProgram(portal.Ingest());
    if (run.exit_code == 0) {
      // What was not looked at is still as it was, and may be damaged.
      const absl::StatusOr<nlohmann::json> figures = FiguresOfStore(portal.store());
      EXPECT_TRUE(figures.ok() ? *figures == expected : absl::IsDataLoss(figures.status()))
          << figures.status() << portal.Difference(expected);
      return;
    }
    ++refused;
    EXPECT_THAT(run.exit_code, AnyOf(2, 3)) << run.err;
    EXPECT_THAT(run.err, HasSubstr("portal.db"));
    EXPECT_TRUE(ReadFile(portal.store()) == bytes) << "the store was written to";
  });
  EXPECT_GT(refused, 0U);
}

// Sums whose digests fit, as a program would leave them that does not keep them up.
TEST(CorruptStoreTest, SumsThatAreNotThoseOfTheirHours) {
  const StoreTables& tables = StoreTables::Get();
  const TableSpec* const sums[] = {&tables.hour_traffic,
                                   &tables.day_traffic,
                                   &tables.day_service_visits.settled,
                                   &tables.day_service_visits.open,
                                   &tables.day_attempts.settled,
                                   &tables.day_attempts.open};
  for (const TableSpec* spec : sums) {
    SCOPED_TRACE(spec->name);
    for (const bool of_another_day : {false, true}) {
      const PortalFiles portal = PortalFiles::Demonstration(3000);
      ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
      ASSERT_TRUE(CheckStore(portal.store()).ok());
      {
        const auto file = StoreFile::Open(portal.store(), StoreFile::Mode::kWrite);
        ASSERT_TRUE(file.ok()) << file.status();
        ASSERT_TRUE((*file)->Begin().ok());
        std::vector<StoredRow> rows = *(*file)->Table(*spec).Read();
        ASSERT_FALSE(rows.empty());
        rows.resize(1);
        if (of_another_day) rows.front().numbers.front() += 96 * 100;
        rows.front().numbers.back() += 1;
        ASSERT_TRUE((*file)->Table(*spec).Write(rows).ok());
        ASSERT_TRUE((*file)->Commit().ok());
      }
      const absl::Status checked = CheckStore(portal.store());
      EXPECT_TRUE(absl::IsDataLoss(checked)) << checked;
      EXPECT_THAT(std::string(checked.message()), HasSubstr(spec->name));
    }
  }
}

}  // namespace
}  // namespace civlog
