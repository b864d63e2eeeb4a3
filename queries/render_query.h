// A query's table in every format. Column names are those of the names asked for, and
// in data formats a rate has its numerator and denominator beside it.

#ifndef CIVLOG_QUERIES_RENDER_QUERY_H_
#define CIVLOG_QUERIES_RENDER_QUERY_H_

#include <cstddef>
#include <string>

#include "queries/query_result.h"

namespace civlog {

struct QueryTextOptions {
  size_t width = 80;
  bool color = false;
};

// For the terminal.
std::string RenderQueryText(const QueryResult& result, const QueryTextOptions& options);
// One document, schema civlog.query/1; `version` is the program's.
std::string RenderQueryJson(const QueryResult& result, const std::string& version);
// One object a row, and no more.
std::string RenderQueryNdjson(const QueryResult& result);
// RFC 4180, with a header. Texts that a spreadsheet would take for a formula are led by
// an apostrophe.
std::string RenderQueryCsv(const QueryResult& result);
std::string RenderQueryMarkdown(const QueryResult& result);

// A cell of RFC 4180 that no spreadsheet computes.
std::string CsvCell(std::string_view text);
// A cell of a Markdown table: neither markup nor HTML.
std::string MarkdownCell(std::string_view text);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_RENDER_QUERY_H_
