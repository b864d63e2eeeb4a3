// What a store is made of: tables with digests, histograms and states as bytes, keys.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/key_file.h"
#include "engine/latency_histogram.h"
#include "engine/state_archive.h"
#include "engine/store_file.h"
#include "engine/store_schema.h"
#include "engine/stored_table.h"
#include "engine/week_keys.h"
#include "tests/support/scratch.h"

namespace civlog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A table of each kind, in a database of its own.
class StoredTableTest : public testing::Test {
 protected:
  StoredTableTest() {
    for (const TableSpec* spec : {&plain_, &adding_, &histograms_}) {
      EXPECT_TRUE(database_.Run(CreateTableSql(*spec)).ok());
    }
  }
  StoredTable Table(const TableSpec& spec) { return {&spec, &database_, &digests_}; }
  static std::vector<std::vector<int64_t>> Numbers(
      const absl::StatusOr<std::vector<StoredRow>>& rows) {
    std::vector<std::vector<int64_t>> numbers;
    EXPECT_TRUE(rows.ok()) << rows.status();
    if (!rows.ok()) return numbers;
    for (const StoredRow& row : *rows) numbers.emplace_back(row.numbers.begin(), row.numbers.end());
    return numbers;
  }

  const ScratchDirectory directory_;
  Database database_ = *Database::Open(directory_ / "tables.db", Database::Mode::kCreate);
  ChunkDigests digests_;
  const TableSpec plain_{"plain", 1, 1, {"id", "value"}, {"text", "*bytes"}};
  const TableSpec adding_{"adding",       2, 2, {"hour", "what", "count"}, {}, ChunkBy::kDay,
                          WhenThere::kAdd};
  const TableSpec histograms_{
      "histograms", 3, 1, {"day"}, {"*histogram"}, ChunkBy::kKey, WhenThere::kAddHistogram};
};

TEST_F(StoredTableTest, RowsAreReadAsTheyWereWritten) {
  const std::string bytes("\0\xFF\x80x", 4);
  const int64_t least = std::numeric_limits<int64_t>::min();
  const int64_t most = std::numeric_limits<int64_t>::max();
  ASSERT_TRUE(
      Table(plain_).Write({{{most, least}, {"", bytes}}, {{least, most}, {"한", ""}}}).ok());
  const auto rows = Table(plain_).Read();
  EXPECT_THAT(Numbers(rows), ElementsAre(ElementsAre(least, most), ElementsAre(most, least)));
  EXPECT_THAT(rows->front().texts, ElementsAre("한", ""));
  EXPECT_THAT(rows->back().texts, ElementsAre("", bytes));
  ASSERT_TRUE(Table(plain_).Write({{{most, 7}, {"other", ""}}}).ok());
  EXPECT_THAT(Numbers(Table(plain_).Read({0, most - 1})), IsEmpty());
  EXPECT_THAT(Numbers(Table(plain_).Read()),
              ElementsAre(ElementsAre(least, most), ElementsAre(most, 7)));
}

TEST_F(StoredTableTest, NumbersAreAddedUp) {
  ASSERT_TRUE(Table(adding_).Write({{{5, 1, 10}, {}}, {{5, 1, 1}, {}}, {{96, 1, 3}, {}}}).ok());
  ASSERT_TRUE(Table(adding_).Write({{{5, 1, 100}, {}}, {{5, 2, 1}, {}}}).ok());
  EXPECT_THAT(Numbers(Table(adding_).Read()),
              ElementsAre(ElementsAre(5, 1, 111), ElementsAre(5, 2, 1), ElementsAre(96, 1, 3)));
  EXPECT_THAT(Numbers(Table(adding_).Read({6, 97})), ElementsAre(ElementsAre(96, 1, 3)));
}

TEST_F(StoredTableTest, ChunksAreErasedInPart) {
  ASSERT_TRUE(Table(adding_).Write({{{0, 1, 1}, {}}, {{95, 1, 2}, {}}, {{96, 1, 3}, {}}}).ok());
  ASSERT_TRUE(Table(adding_).Erase({50, 97}).ok());
  EXPECT_THAT(Numbers(Table(adding_).Read()), ElementsAre(ElementsAre(0, 1, 1)));
  ASSERT_TRUE(Table(adding_).Erase({}).ok());
  EXPECT_THAT(Numbers(Table(adding_).Read()), IsEmpty());
  EXPECT_THAT(digests_, IsEmpty());
}

TEST_F(StoredTableTest, HistogramsAreMerged) {
  LatencyHistogram a;
  LatencyHistogram b;
  for (int64_t value = 1; value < 100'000; value = value * 3 + 1) a.Add(value);
  for (int64_t value = 7; value < 5'000'000; value *= 2) b.Add(value);
  ASSERT_TRUE(Table(histograms_).Write({{{1}, {a.Encode()}}}).ok());
  ASSERT_TRUE(Table(histograms_).Write({{{1}, {b.Encode()}}}).ok());
  a.Merge(b);
  const auto rows = Table(histograms_).Read();
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->front().texts, ElementsAre(a.Encode()));
}

TEST_F(StoredTableTest, AChangeBehindItsBackIsNoticed) {
  ASSERT_TRUE(Table(adding_).Write({{{0, 1, 1}, {}}, {{95, 1, 2}, {}}, {{96, 1, 3}, {}}}).ok());
  for (const char* change :
       {"UPDATE adding SET count = 4 WHERE hour = 0", "DELETE FROM adding WHERE hour = 95",
        "INSERT INTO adding VALUES(7, 1, 1)", "UPDATE adding SET what = 2 WHERE hour = 0",
        // The same numbers in other places.
        "UPDATE adding SET count = 3 - count WHERE hour < 96"}) {
    SCOPED_TRACE(change);
    ASSERT_TRUE(database_.Run("SAVEPOINT before").ok());
    ASSERT_TRUE(database_.Run(change).ok());
    const auto rows = Table(adding_).Read();
    EXPECT_EQ(rows.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(rows.status().message()),
                testing::AllOf(HasSubstr("tables.db: damaged: the table adding"),
                               HasSubstr("restore the file from a copy")));
    // Also where what is damaged makes no sense.
    EXPECT_EQ(
        Table(adding_).ForEach(
            {}, [](const StoredRow&) { return absl::InvalidArgumentError("makes no sense"); }),
        rows.status());
    // The other day is as it was.
    EXPECT_TRUE(Table(adding_).Read({96, 97}).ok());
    EXPECT_EQ(Table(adding_).Write({{{1, 1, 1}, {}}}).code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(Table(adding_).Erase({0, 1}).code(), absl::StatusCode::kDataLoss);
    ASSERT_TRUE(database_.Run("ROLLBACK TO before; RELEASE before").ok());
  }
  EXPECT_TRUE(Table(adding_).Read().ok());
}

TEST(StoreFileTest, WhatIsNotCommittedIsNotThere) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db";
  const TableSpec& hours = StoreTables::Get().hours;
  const auto file = StoreFile::Open(path, StoreFile::Mode::kCreate);
  ASSERT_TRUE(file.ok()) << file.status();
  const auto hours_there = [&]() -> size_t {
    const auto reader = StoreFile::Open(path, StoreFile::Mode::kRead);
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_TRUE((*reader)->Begin().ok());
    EXPECT_TRUE((*reader)->Check().ok()) << (*reader)->Check();
    const auto rows = (*reader)->Table(hours).Read();
    (*reader)->Rollback();
    return rows.ok() ? rows->size() : 1000;
  };
  ASSERT_TRUE((*file)->Begin().ok());
  ASSERT_TRUE((*file)->Table(hours).Write({{{1, 0, 0}, {"one"}}}).ok());
  EXPECT_EQ(hours_there(), 0U);
  (*file)->Rollback();
  EXPECT_EQ(hours_there(), 0U);
  ASSERT_TRUE((*file)->Begin().ok());
  ASSERT_TRUE((*file)->Table(hours).Write({{{1, 0, 0}, {"one"}}}).ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(hours_there(), 1U);
}

TEST(StoreFileTest, CheckSeesWhatHasNoDigest) {
  for (const char* change :
       {"UPDATE codes SET name = 'x' WHERE kind = 'bucket' AND code = 0", "DROP VIEW v_steps",
        "CREATE TABLE another(a)", "DROP VIEW v_weeks; CREATE VIEW v_weeks AS SELECT 1 AS week"}) {
    SCOPED_TRACE(change);
    const ScratchDirectory directory;
    const auto file = StoreFile::Open(directory / "portal.db", StoreFile::Mode::kCreate);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Begin().ok());
    EXPECT_TRUE((*file)->Check().ok()) << (*file)->Check();
    ASSERT_TRUE((*file)->database().Run(change).ok());
    EXPECT_EQ((*file)->Check().code(), absl::StatusCode::kDataLoss);
    (*file)->Rollback();
  }
}

TEST(StoreFileTest, CodesOfTablesAreTheirOwn) {
  std::map<int64_t, std::string> names;
  for (const TableSpec* spec : StoreTables::Get().all()) {
    EXPECT_TRUE(names.emplace(spec->code, spec->name).second) << spec->name;
    EXPECT_LE(spec->keys, spec->numbers.size());
    EXPECT_GT(spec->keys, 0U);
  }
  // They are in stores for good.
  EXPECT_EQ(names[1], "clock");
  EXPECT_EQ(names[10], "traffic");
  EXPECT_EQ(names[11], "visits");
  EXPECT_EQ(names[111], "visits_open");
  EXPECT_EQ(names[23], "week_names");
}

TEST(LatencyHistogramTest, ItsBytesAreAsDocumented) {
  LatencyHistogram histogram;
  histogram.Add(3);
  histogram.Add(3);
  histogram.Add(7);
  EXPECT_EQ(histogram.Encode(), std::string("\x07\x03\x02\x03\x01"));
  LatencyHistogram large;
  large.Add(300);  // bucket 64 * 2 + 300 / 4
  EXPECT_EQ(large.Encode(), std::string("\xAC\x02\xCB\x01\x01"));
  EXPECT_EQ(LatencyHistogram().Encode(), std::string(1, '\0'));
}

TEST(LatencyHistogramTest, IsReadAsItWasWritten) {
  LatencyHistogram histogram;
  for (int64_t value = 0; value < int64_t{1} << 44; value = value * 5 / 4 + 1) {
    for (int64_t times = 0; times <= value % 7; ++times) histogram.Add(value);
  }
  const auto again = LatencyHistogram::Decode(histogram.Encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->count(), histogram.count());
  EXPECT_EQ(again->max_us(), histogram.max_us());
  for (const double quantile : {0.0, 0.01, 0.5, 0.9, 0.99, 1.0}) {
    EXPECT_EQ(again->QuantileUs(quantile), histogram.QuantileUs(quantile));
  }
  EXPECT_EQ(again->Encode(), histogram.Encode());
}

TEST(LatencyHistogramTest, WhatIsNoneIsRefused) {
  const std::string cases[] = {
      "",                                      // no largest value
      "\x80",                                  // a number that does not end
      std::string("\x07\x03", 2),              // a bucket without a count
      std::string("\x07\x03\x00", 3),          // a count of nothing
      std::string("\x07\xFF\xFF\x7F\x01", 5),  // a bucket that there is not
      std::string(11, '\xFF'),                 // a number that is too long
      std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x03\x01", 12),  // above 2^63
  };
  for (const std::string& bytes : cases) {
    EXPECT_FALSE(LatencyHistogram::Decode(bytes)) << testing::PrintToString(bytes);
  }
}

struct Part {
  uint16_t number = 0;
  std::string text;

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(number, text);
  }
  bool operator==(const Part&) const = default;
};
struct Whole {
  bool flag = false;
  int64_t number = 0;
  std::vector<uint64_t> numbers;
  std::vector<Part> parts;
  std::map<uint32_t, Part> by_number;
  std::map<uint32_t, std::unique_ptr<Part>> owned;

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(flag, number, numbers, parts, by_number);
    archive.Map(owned, [] { return std::make_unique<Part>(); });
  }
};

Whole SomeWhole() {
  Whole whole;
  whole.flag = true;
  whole.number = -5;
  whole.numbers = {1, UINT64_MAX, 0};
  whole.parts = {{1, "one"}, {2, std::string("\0\n", 2)}, {}};
  whole.by_number = {{7, {8, "nine"}}};
  whole.owned[3] = std::make_unique<Part>(Part{4, "five"});
  return whole;
}

TEST(StateArchiveTest, IsReadAsItWasWritten) {
  Whole whole = SomeWhole();
  StateWriter writer;
  writer(whole);
  Whole again;
  StateReader reader(writer.bytes());
  reader(again);
  EXPECT_TRUE(reader.complete());
  EXPECT_EQ(again.flag, whole.flag);
  EXPECT_EQ(again.number, whole.number);
  EXPECT_EQ(again.numbers, whole.numbers);
  EXPECT_EQ(again.parts, whole.parts);
  EXPECT_EQ(again.by_number, whole.by_number);
  ASSERT_EQ(again.owned.size(), 1U);
  EXPECT_EQ(*again.owned[3], *whole.owned[3]);
}

TEST(StateArchiveTest, WhatIsCutOrLongerIsNotWhole) {
  Whole whole = SomeWhole();
  StateWriter writer;
  writer(whole);
  for (size_t size = 0; size < writer.bytes().size(); ++size) {
    Whole again;
    StateReader reader(std::string_view(writer.bytes()).substr(0, size));
    reader(again);
    EXPECT_FALSE(reader.complete()) << size;
  }
  const std::string longer = writer.bytes() + "x";
  Whole again;
  StateReader reader(longer);
  reader(again);
  EXPECT_FALSE(reader.complete());
  EXPECT_FALSE(reader.failed());
}

TEST(StateArchiveTest, AHugeSizeAllocatesNothing) {
  const std::string bytes(8, '\x7F');
  std::vector<uint64_t> numbers;
  StateReader reader(bytes);
  reader(numbers);
  EXPECT_TRUE(reader.failed());
  EXPECT_THAT(numbers, IsEmpty());
}

StoredKeys SomeKeys() {
  StoredKeys keys;
  keys.store = 0xFEDCBA9876543210;
  keys.key = {1, UINT64_MAX};
  keys.weeks = {{-1, {2, 3}}, {2964, {0x123456789ABCDEF0, 5}}};
  return keys;
}

TEST(KeyFileTest, IsReadAsItWasWritten) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db.keys";
  ASSERT_TRUE(WriteKeyFile(path, SomeKeys()).ok());
  const auto keys = ReadKeyFile(path);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->store, SomeKeys().store);
  EXPECT_EQ(keys->key, SomeKeys().key);
  EXPECT_EQ(keys->weeks, SomeKeys().weeks);
  struct stat info = {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(KeyFileTest, EveryChangedByteIsNoticed) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db.keys";
  ASSERT_TRUE(WriteKeyFile(path, SomeKeys()).ok());
  const std::string text = ReadFile(path);
  ASSERT_TRUE(ParseKeys(text, path).ok());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(ParseKeys(changed, path).status().code(), absl::StatusCode::kDataLoss) << i;
    EXPECT_EQ(ParseKeys(text.substr(0, i), path).status().code(), absl::StatusCode::kDataLoss) << i;
  }
}

TEST(KeyFileTest, SaysWhatIsWrong) {
  const ScratchDirectory directory;
  const absl::Status none = ReadKeyFile(directory / "none.keys").status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()), HasSubstr("none.keys: not there"));
  const absl::Status nowhere = WriteKeyFile(directory / "no directory/x.keys", SomeKeys());
  EXPECT_FALSE(nowhere.ok());
  EXPECT_THAT(std::string(nowhere.message()), HasSubstr("no directory/x.keys"));
}

TEST(WeekKeysTest, AWeekKeepsItsKeyUntilItIsForgotten) {
  WeekKeys keys;
  const VisitorKey first = keys.KeyOf(2964);
  EXPECT_EQ(keys.KeyOf(2964), first);
  EXPECT_NE(keys.KeyOf(2965), first);
  WeekKeys later;
  later.Restore(keys.all());
  EXPECT_EQ(later.KeyOf(2964), first);
  later.ForgetBefore(2965);
  EXPECT_EQ(later.all().size(), 1U);
  EXPECT_NE(later.KeyOf(2964), first);
}

TEST(WeekKeysTest, AVisitorIsKnownByTheOldKeyWhereItIsAskedFor) {
  WeekKeys keys;
  WeeklyHasher hasher(&keys);
  const WeeklyVisitor sunday = hasher.Of(42, 2964, false);
  EXPECT_EQ(sunday.before, 0U);
  const WeeklyVisitor monday = hasher.Of(42, 2965, true);
  EXPECT_EQ(monday.before, sunday.now);
  EXPECT_NE(monday.now, sunday.now);
  EXPECT_EQ(hasher.Of(42, 2965, false).before, 0U);
  EXPECT_NE(hasher.Of(43, 2965, false).now, monday.now);
}

}  // namespace
}  // namespace civlog
