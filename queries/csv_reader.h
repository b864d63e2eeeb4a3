// RFC 4180, read strictly.

#ifndef CIVLOG_QUERIES_CSV_READER_H_
#define CIVLOG_QUERIES_CSV_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

struct CsvRow {
  uint32_t line = 0;  // where it begins, 1-based
  std::vector<std::string> cells;
  std::string problem;  // why it is no row; empty: it is one
};

// Rows of a text that outlives it: cells with commas between, in quotes where they hold
// quotes (written twice), commas or line breaks. Lines end in \r\n or \n; those without
// anything are passed over, and so is a byte order mark at the beginning.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  // The next row, or nullopt at the end. After a problem it goes on with the next line.
  std::optional<CsvRow> Next();

 private:
  // Reads one cell; false where it is none, with the reason in `row`.
  bool ReadCell(CsvRow* row);
  bool ReadQuoted(std::string* cell, CsvRow* row);
  bool AtLineEnd() const { return at_ >= text_.size() || text_[at_] == '\n' || IsReturn(); }
  bool IsReturn() const { return text_.substr(at_, 2) == "\r\n"; }
  void SkipLine();
  void EndLine();

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_CSV_READER_H_
