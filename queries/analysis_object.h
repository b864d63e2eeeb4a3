// An Analysis as the JSON object that it is written as, for whoever writes more around it.

#ifndef CIVLOG_QUERIES_ANALYSIS_OBJECT_H_
#define CIVLOG_QUERIES_ANALYSIS_OBJECT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "queries/analysis.h"

namespace civlog {

// Schema civlog.analysis/1; see AnalysisToJson.
nlohmann::ordered_json AnalysisObject(const Analysis& analysis, std::string_view language);

// null where it is suppressed.
nlohmann::ordered_json CountToJson(uint64_t count);
nlohmann::ordered_json RateToJson(const Rate& rate);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_ANALYSIS_OBJECT_H_
