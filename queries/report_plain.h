// The report for a terminal, and as Markdown.

#ifndef CIVLOG_QUERIES_REPORT_PLAIN_H_
#define CIVLOG_QUERIES_REPORT_PLAIN_H_

#include <string>

#include "queries/report_document.h"
#include "queries/report_text.h"

namespace civlog {

// Lines of at most `options.width` columns, where tables leave out what does not fit; without
// anything that could drive a terminal. The language is the document's.
std::string RenderReportText(const ReportDocument& document, const TextOptions& options);

// GitHub's Markdown. Texts are escaped: neither markup nor HTML comes through.
std::string RenderReportMarkdown(const ReportDocument& document);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_PLAIN_H_
