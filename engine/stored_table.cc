#include "engine/stored_table.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "engine/calendar.h"
#include "engine/latency_histogram.h"
#include "engine/visitor.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr int64_t kHourIdsPerDay = 96;

std::string_view ColumnName(const char* text) {
  return *text == '*' ? std::string_view(text).substr(1) : std::string_view(text);
}

std::string Columns(const TableSpec& spec) {
  std::string columns;
  for (const char* number : spec.numbers) {
    absl::StrAppend(&columns, columns.empty() ? "" : ", ", number);
  }
  for (const char* text : spec.texts) absl::StrAppend(&columns, ", ", ToAbsl(ColumnName(text)));
  return columns;
}

}  // namespace

std::string CreateTableSql(const TableSpec& spec) {
  std::string sql = absl::StrCat("CREATE TABLE ", spec.name, "(");
  for (const char* number : spec.numbers) {
    absl::StrAppend(&sql, number, " INTEGER NOT NULL, ");
  }
  for (const char* text : spec.texts) {
    absl::StrAppend(&sql, ToAbsl(ColumnName(text)), *text == '*' ? " BLOB" : " TEXT",
                    " NOT NULL, ");
  }
  absl::StrAppend(&sql, "PRIMARY KEY(");
  for (size_t i = 0; i < spec.keys; ++i) {
    absl::StrAppend(&sql, i == 0 ? "" : ", ", spec.numbers[i]);
  }
  return absl::StrCat(sql, ")) STRICT, WITHOUT ROWID;\n");
}

int64_t StoredTable::ChunkOf(int64_t first_key) const {
  switch (spec_.chunk) {
    case ChunkBy::kTable:
      return 0;
    case ChunkBy::kDay:
      return FloorDivide(first_key, kHourIdsPerDay);
    case ChunkBy::kKey:
      break;
  }
  return first_key;
}

KeyRange StoredTable::RangeOf(int64_t chunk) const {
  switch (spec_.chunk) {
    case ChunkBy::kTable:
      return {};
    case ChunkBy::kDay:
      return {chunk * kHourIdsPerDay, (chunk + 1) * kHourIdsPerDay};
    case ChunkBy::kKey:
      break;
  }
  return {chunk, chunk + 1};
}

StoredKey StoredTable::KeyOf(const StoredRow& row) const {
  return {row.numbers.begin(), row.numbers.begin() + static_cast<std::ptrdiff_t>(spec_.keys)};
}

uint64_t StoredTable::HashOf(const StoredRow& row) const {
  const std::string_view numbers(reinterpret_cast<const char*>(row.numbers.data()),
                                 row.numbers.size() * sizeof(int64_t));
  if (row.texts.empty()) return SipHash24(static_cast<uint64_t>(spec_.code), 0, numbers);
  std::string bytes(numbers);
  for (const std::string& text : row.texts) {
    const uint64_t size = text.size();
    bytes.append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes.append(text);
  }
  return SipHash24(static_cast<uint64_t>(spec_.code), 0, bytes);
}

absl::Status StoredTable::Damaged() const {
  return absl::DataLossError(
      absl::StrCat(database_.name(), ": damaged: the table ", spec_.name,
                   " is not as it was written; restore the file from a copy"));
}

void StoredTable::Note(int64_t chunk, const ChunkDigest& digest) {
  if (digest.rows == 0) {
    digests_.erase({spec_.code, chunk});
  } else {
    digests_[{spec_.code, chunk}] = digest;
  }
}

// Rows of a chunk, in the order of the key.
Statement StoredTable::SelectChunk() {
  std::string keys = spec_.numbers[0];
  for (size_t i = 1; i < spec_.keys; ++i) absl::StrAppend(&keys, ", ", spec_.numbers[i]);
  return database_.Prepare(absl::StrCat("SELECT ", Columns(spec_), " FROM ", spec_.name, " WHERE ",
                                        spec_.numbers[0], " >= ?1 AND ", spec_.numbers[0],
                                        " <= ?2 ORDER BY ", keys));
}

absl::Status StoredTable::ReadRows(int64_t chunk, Statement* select, TakeRow take) {
  const KeyRange range = RangeOf(chunk);
  // SQLite's integers end at the largest one, and so does a range without an end.
  select->Bind(range.from).Bind(spec_.chunk == ChunkBy::kTable ? range.to : range.to - 1);
  StoredRow row;
  row.numbers.resize(spec_.numbers.size());
  row.texts.resize(spec_.texts.size());
  ChunkDigest digest;
  absl::Status taken;
  while (select->Next()) {
    int column = 0;
    for (int64_t& number : row.numbers) number = select->Integer(column++);
    for (std::string& text : row.texts) text = select->Bytes(column++);
    ++digest.rows;
    digest.sum += HashOf(row);
    // What cannot be used because it is damaged is called that.
    if (taken.ok()) taken = take(row);
  }
  RETURN_IF_ERROR(select->status());
  select->Rewind();
  const auto known = digests_.find({spec_.code, chunk});
  const ChunkDigest expected = known == digests_.end() ? ChunkDigest() : known->second;
  return digest == expected ? taken : Damaged();
}

absl::StatusOr<StoredTable::Rows> StoredTable::ReadChunk(int64_t chunk) {
  Statement select = SelectChunk();
  Rows rows;
  RETURN_IF_ERROR(ReadRows(chunk, &select, [&](const StoredRow& row) {
    rows.emplace_hint(rows.end(), KeyOf(row), row);
    return absl::OkStatus();
  }));
  return rows;
}

absl::Status StoredTable::ForEach(const KeyRange& range, TakeRow take) {
  Statement select = SelectChunk();
  for (auto known = digests_.lower_bound({spec_.code, std::numeric_limits<int64_t>::min()});
       known != digests_.end() && known->first.first == spec_.code; ++known) {
    const int64_t chunk = known->first.second;
    const KeyRange of_chunk = RangeOf(chunk);
    if (of_chunk.from >= range.to || of_chunk.to <= range.from) continue;
    RETURN_IF_ERROR(ReadRows(chunk, &select, [&](const StoredRow& row) {
      return range.Contains(row.numbers.front()) ? take(row) : absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredRow>> StoredTable::Read(const KeyRange& range) {
  std::vector<StoredRow> rows;
  RETURN_IF_ERROR(ForEach(range, [&](const StoredRow& row) {
    rows.push_back(row);
    return absl::OkStatus();
  }));
  return rows;
}

absl::StatusOr<uint64_t> StoredTable::Count() {
  uint64_t rows = 0;
  RETURN_IF_ERROR(ForEach({}, [&rows](const StoredRow&) {
    ++rows;
    return absl::OkStatus();
  }));
  return rows;
}

absl::Status StoredTable::Join(const StoredRow& row, StoredRow* there) const {
  if (spec_.when_there == WhenThere::kReplace) {
    *there = row;
    return absl::OkStatus();
  }
  for (size_t i = spec_.keys; i < row.numbers.size(); ++i) there->numbers[i] += row.numbers[i];
  if (spec_.when_there == WhenThere::kAdd) {
    there->texts = row.texts;
    return absl::OkStatus();
  }
  std::optional<LatencyHistogram> histogram = LatencyHistogram::Decode(there->texts.front());
  const std::optional<LatencyHistogram> more = LatencyHistogram::Decode(row.texts.front());
  if (!histogram || !more) return Damaged();
  histogram->Merge(*more);
  there->texts.front() = histogram->Encode();
  return absl::OkStatus();
}

absl::Status StoredTable::Write(const std::vector<StoredRow>& rows) {
  std::map<int64_t, std::vector<const StoredRow*>> by_chunk;
  for (const StoredRow& row : rows) by_chunk[ChunkOf(row.numbers.front())].push_back(&row);
  const size_t columns = spec_.numbers.size() + spec_.texts.size();
  std::string marks = "?";
  for (size_t i = 1; i < columns; ++i) marks += ", ?";
  Statement put = database_.Prepare(absl::StrCat("INSERT OR REPLACE INTO ", spec_.name, "(",
                                                 Columns(spec_), ") VALUES(", marks, ")"));
  for (const auto& [chunk, fresh] : by_chunk) {
    ASSIGN_OR_RETURN(Rows there, ReadChunk(chunk));
    const auto known = digests_.find({spec_.code, chunk});
    ChunkDigest digest = known == digests_.end() ? ChunkDigest() : known->second;
    std::map<StoredKey, const StoredRow*> changed;
    for (const StoredRow* row : fresh) {
      const auto [place, is_new] = there.try_emplace(KeyOf(*row), *row);
      if (is_new) {
        ++digest.rows;
      } else {
        digest.sum -= HashOf(place->second);
        RETURN_IF_ERROR(Join(*row, &place->second));
      }
      digest.sum += HashOf(place->second);
      changed[place->first] = &place->second;
    }
    for (const auto& [key, row] : changed) {
      for (const int64_t number : row->numbers) put.Bind(number);
      for (size_t i = 0; i < row->texts.size(); ++i) {
        if (*spec_.texts[i] == '*') {
          put.BindBlob(row->texts[i]);
        } else {
          put.Bind(std::string_view(row->texts[i]));
        }
      }
      RETURN_IF_ERROR(put.Run());
    }
    Note(chunk, digest);
  }
  return put.status();
}

absl::Status StoredTable::Erase(const KeyRange& range) {
  std::vector<int64_t> chunks;
  for (auto known = digests_.lower_bound({spec_.code, std::numeric_limits<int64_t>::min()});
       known != digests_.end() && known->first.first == spec_.code; ++known) {
    const KeyRange of_chunk = RangeOf(known->first.second);
    if (of_chunk.from < range.to && of_chunk.to > range.from) chunks.push_back(known->first.second);
  }
  for (const int64_t chunk : chunks) {
    ASSIGN_OR_RETURN(const Rows rows, ReadChunk(chunk));
    ChunkDigest digest = digests_[{spec_.code, chunk}];
    for (const auto& [key, row] : rows) {
      if (!range.Contains(key.front())) continue;
      --digest.rows;
      digest.sum -= HashOf(row);
    }
    Note(chunk, digest);
  }
  Statement erase =
      database_.Prepare(absl::StrCat("DELETE FROM ", spec_.name, " WHERE ", spec_.numbers[0],
                                     " >= ?1 AND ", spec_.numbers[0], " <= ?2"));
  const bool open_end = range.to == std::numeric_limits<int64_t>::max();
  return erase.Bind(range.from).Bind(open_end ? range.to : range.to - 1).Run();
}

}  // namespace civlog
