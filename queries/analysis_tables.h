// An analysis as lines and tables: the figures of its JSON, in other clothes.
//
// All of them are made from the JSON document, so that no figure can differ.

#ifndef CIVLOG_QUERIES_ANALYSIS_TABLES_H_
#define CIVLOG_QUERIES_ANALYSIS_TABLES_H_

#include <string>
#include <utility>
#include <vector>

namespace civlog {

// `json` is what AnalysisToJson returned. The whole of it in one line.
std::string AnalysisToNdjson(const std::string& json);
// RFC 4180, one figure a line: "table" is the name of a list, such as services, or of
// the object that the figure is of; "row" is what the list's entry is called, such as a
// service's id; then the figure's name and its value. Absent figures have no value.
std::string AnalysisToCsv(const std::string& json);
// The same as files, name and content: a wide table for each list, with a line for each
// entry, led by what the lists around it are called by; and figures.csv, one figure a line,
// with what is in no list.
std::vector<std::pair<std::string, std::string>> ReportToCsvFiles(const std::string& json);
// A table for each object and each list.
std::string AnalysisToMarkdown(const std::string& json);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ANALYSIS_TABLES_H_
