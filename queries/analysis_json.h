// `civlog analyze --json`: an Analysis as JSON, schema civlog.analysis/1.

#ifndef CIVLOG_QUERIES_ANALYSIS_JSON_H_
#define CIVLOG_QUERIES_ANALYSIS_JSON_H_

#include <functional>
#include <string>
#include <string_view>

#include "queries/analysis.h"

namespace civlog {

// The whole document, indented by two spaces, ending in a newline. Valid UTF-8
// whatever the log held: other bytes are escaped as \xNN text. `language` picks
// names of services and departments. Deterministic: the same figures give the
// same bytes.
std::string AnalysisToJson(const Analysis& analysis, std::string_view language);

// The same, handed to `write` piece by piece: of thousands of services the whole takes megabytes.
void WriteAnalysisJson(const Analysis& analysis, std::string_view language,
                       const std::function<void(std::string_view)>& write);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ANALYSIS_JSON_H_
