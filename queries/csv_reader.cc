#include "queries/csv_reader.h"

#include <utility>

namespace civlog {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

void CsvReader::EndLine() {
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] == '\n') {
    ++at_;
    ++line_;
  }
}

void CsvReader::SkipLine() {
  while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  EndLine();
}

bool CsvReader::ReadQuoted(std::string* cell, CsvRow* row) {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"' && (at_ >= text_.size() || text_[at_] != '"')) return true;
    if (c == '"') ++at_;
    if (c == '\n') ++line_;
    cell->push_back(c);
  }
  row->problem = "a quote is not closed";
  return false;
}

bool CsvReader::ReadCell(CsvRow* row) {
  std::string& cell = row->cells.emplace_back();
  if (at_ < text_.size() && text_[at_] == '"') {
    if (!ReadQuoted(&cell, row)) return false;
    if (AtLineEnd() || text_[at_] == ',') return true;
    row->problem = "something stands behind a closing quote";
    return false;
  }
  for (; !AtLineEnd() && text_[at_] != ','; ++at_) {
    if (text_[at_] == '"') {
      row->problem = "a quote stands in a cell that does not begin with one";
      return false;
    }
    if (text_[at_] == '\r') {
      row->problem = "a carriage return stands without its line feed";
      return false;
    }
    cell.push_back(text_[at_]);
  }
  return true;
}

std::optional<CsvRow> CsvReader::Next() {
  while (at_ < text_.size() && AtLineEnd()) EndLine();
  if (at_ >= text_.size()) return std::nullopt;
  CsvRow row;
  row.line = line_;
  for (;;) {
    if (!ReadCell(&row)) {
      SkipLine();
      return row;
    }
    if (AtLineEnd()) break;
    ++at_;  // the comma
  }
  EndLine();
  return row;
}

}  // namespace civlog
