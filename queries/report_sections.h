// The sections of the terminal report. Each is empty where there is nothing to
// show, and never wider than its frame.

#ifndef CIVLOG_QUERIES_REPORT_SECTIONS_H_
#define CIVLOG_QUERIES_REPORT_SECTIONS_H_

#include "queries/analysis.h"
#include "queries/report_frame.h"
#include "queries/text_line.h"

namespace civlog {

// The first screenful: title, waterfall, key figures, rates and stage reach.
TextBlock SummarySection(const Analysis& analysis, const ReportFrame& frame);
// Where every line went, in a way that adds up; nothing of a single department.
TextBlock WaterfallBlock(const Analysis& analysis, const ReportFrame& frame);
// Visits, visitors, page views, bounces, acts.
TextBlock KeyFiguresBlock(const Analysis& analysis, const ReportFrame& frame);
// The three rates with bars and intervals, and the stage reach.
TextBlock RatesBlock(const Analysis& analysis, const ReportFrame& frame);
// What a reader must know before trusting the figures, in plain language.
TextBlock WarningsBlock(const Analysis& analysis, const ReportFrame& frame);

TextBlock TimelineSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock ServicesSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock TransactionsSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock ParticipationSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock TrafficSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock AudienceSection(const Analysis& analysis, const ReportFrame& frame);
// Error paths, pages, referrers, unclassified paths.
TextBlock TopListsSection(const Analysis& analysis, const ReportFrame& frame);

TextBlock RejectedSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock GapsSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock UnmatchedRoutesSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock SourcesSection(const Analysis& analysis, const ReportFrame& frame);
TextBlock Footer(const Analysis& analysis, const ReportFrame& frame);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_SECTIONS_H_
