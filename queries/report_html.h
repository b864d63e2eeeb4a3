// The report as one HTML file: no script, nothing fetched from elsewhere.

#ifndef CIVLOG_QUERIES_REPORT_HTML_H_
#define CIVLOG_QUERIES_REPORT_HTML_H_

#include <string>
#include <string_view>

#include "queries/report_document.h"

namespace civlog {

// HTML 5 with its style sheet and inline SVG charts. Figures stand in
// <data value="..." data-figure="..."> (in charts in data-value), the latter being where
// ReportToJson has them. Every text is escaped. The same document gives the same bytes.
std::string RenderReportHtml(const ReportDocument& document);

// The style sheet. `left` and `right` stand at the top of printed pages.
std::string ReportStyle(std::string_view left, std::string_view right);

// An svg element. `id` is its own in the document, `describedby` that of the element that
// describes it, or empty.
std::string DrawChart(const ReportDrawing& drawing, std::string_view id,
                      std::string_view describedby, Language language);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_HTML_H_
