// Tables of a store, whose rows cannot change unnoticed.
//
// SQLite says where a file is torn, but not where a bit of a row has changed. So the rows
// of a table are told apart by chunk (a day, say), and every chunk has a digest: the sum
// of a hash of each of its rows, which can be kept up while rows change, and does not
// depend on their order. The digests have a digest of their own (StoreFile). Chunks are
// read and written as a whole, and whatever does not fit its digest is never used.

#ifndef CIVLOG_ENGINE_STORED_TABLE_H_
#define CIVLOG_ENGINE_STORED_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/sqlite.h"

namespace civlog {

// What the rows of a chunk have in common.
enum class ChunkBy : uint8_t {
  kTable,  // nothing: one chunk
  kDay,    // the UTC day that the first key, an HourId, lies in
  kKey,    // the first key
};

// What becomes of a row whose key is there already.
enum class WhenThere : uint8_t {
  kReplace,
  kAdd,           // numbers are added up, texts replaced
  kAddHistogram,  // the first text is a LatencyHistogram, and merged
};

// A table's columns. Names and codes are in stores for good and must not change.
struct TableSpec {
  const char* name;
  int64_t code;                      // in digests
  size_t keys;                       // how many of `numbers` are the key, in order
  std::vector<const char*> numbers;  // INTEGER
  std::vector<const char*> texts;    // TEXT, or BLOB where the name begins with '*'
  ChunkBy chunk = ChunkBy::kTable;
  WhenThere when_there = WhenThere::kReplace;
};

// The integers of a row, or the key that the first ones are. There is room for those of
// every table, so that rows are not allocated one by one.
using StoredNumbers = absl::InlinedVector<int64_t, 14>;
using StoredKey = absl::InlinedVector<int64_t, 4>;

struct StoredRow {
  StoredNumbers numbers;
  std::vector<std::string> texts;
};

// A range of first keys: [from, to), or without an end where `to` is the largest number.
struct KeyRange {
  int64_t from = std::numeric_limits<int64_t>::min();
  int64_t to = std::numeric_limits<int64_t>::max();

  bool Contains(int64_t key) const {
    return key >= from && (key < to || to == std::numeric_limits<int64_t>::max());
  }
};

// The statement that makes the table.
std::string CreateTableSql(const TableSpec& spec);

// The digest of a chunk.
struct ChunkDigest {
  uint64_t rows = 0;
  uint64_t sum = 0;

  bool operator==(const ChunkDigest&) const = default;
};
// By TableSpec::code and chunk; chunks without rows are not in it.
using ChunkDigests = std::map<std::pair<int64_t, int64_t>, ChunkDigest>;

// One table of an open database, within a transaction of its caller's. The digests are
// those of the whole store, and kept up here. DataLoss where a chunk does not fit its
// digest. Not thread-safe.
class StoredTable {
 public:
  // All must outlive it.
  StoredTable(const TableSpec* spec, Database* database, ChunkDigests* digests)
      : spec_(*spec), database_(*database), digests_(*digests) {}

  // Gives `take` the rows whose first key is in the range, by key, each until the next.
  // Stops at the first error. REQUIRES: what is made of them is not used where this fails,
  // since a chunk is known to be as it was written only when it has been read.
  using TakeRow = absl::FunctionRef<absl::Status(const StoredRow&)>;
  absl::Status ForEach(const KeyRange& range, TakeRow take);
  // All of them.
  absl::StatusOr<std::vector<StoredRow>> Read(const KeyRange& range = {});
  // How many they are, each as it was written.
  absl::StatusOr<uint64_t> Count();
  // Puts rows in, and together with those that are there as the table has it.
  absl::Status Write(const std::vector<StoredRow>& rows);
  // Takes out the rows whose first key is in the range.
  absl::Status Erase(const KeyRange& range);

 private:
  using Rows = std::map<StoredKey, StoredRow>;

  int64_t ChunkOf(int64_t first_key) const;
  KeyRange RangeOf(int64_t chunk) const;
  StoredKey KeyOf(const StoredRow& row) const;
  uint64_t HashOf(const StoredRow& row) const;
  Statement SelectChunk();
  absl::Status ReadRows(int64_t chunk, Statement* select, TakeRow take);
  absl::StatusOr<Rows> ReadChunk(int64_t chunk);
  absl::Status Join(const StoredRow& row, StoredRow* there) const;
  absl::Status Damaged() const;
  void Note(int64_t chunk, const ChunkDigest& digest);

  const TableSpec& spec_;
  Database& database_;
  ChunkDigests& digests_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORED_TABLE_H_
