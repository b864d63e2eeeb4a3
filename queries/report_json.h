// The report as JSON, schema civlog.report/1: all of civlog.analysis/1, and "report" with
// what a report adds.

#ifndef CIVLOG_QUERIES_REPORT_JSON_H_
#define CIVLOG_QUERIES_REPORT_JSON_H_

#include <string>

#include "queries/messages.h"
#include "queries/report_model.h"

namespace civlog {

// The whole document, as AnalysisToJson writes it. Sentences and names are in `language`.
std::string ReportToJson(const ReportModel& model, Language language);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_JSON_H_
