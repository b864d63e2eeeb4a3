// The report in words: sections, sentences, tables and charts, in one language.

#ifndef CIVLOG_QUERIES_COMPOSE_REPORT_H_
#define CIVLOG_QUERIES_COMPOSE_REPORT_H_

#include "queries/messages.h"
#include "queries/report_document.h"
#include "queries/report_model.h"

namespace civlog {

// Computes nothing: every figure is one of the model's, and says where ReportToJson has it.
ReportDocument ComposeReport(const ReportModel& model, Language language);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_COMPOSE_REPORT_H_
