// Where the figures come from: who asked, what was not classified, how it was counted.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/charset.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

constexpr size_t kMostSources = 20;
constexpr size_t kMostRoutes = 20;

ReportTable WaterfallTable(const ReportWriter& w) {
  const Analysis& a = w.analysis();
  ReportTable table{"waterfall", w.Say(Message::kReportWaterfall), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnLine), w.Numbers(Message::kLines)};
  const auto row = [&](std::string_view sign, Message name, uint64_t count,
                       const std::string& pointer) {
    table.rows.push_back({TextCell(Plain(std::string(sign).append(w.Say(name)))),
                          TextCell(w.Count(count, pointer))});
  };
  row("", Message::kLinesRead, a.lines_read, "/lines/read");
  row("− ", Message::kBlank, a.blank, "/lines/blank");
  row("− ", Message::kDirective, a.directive, "/lines/directive");
  row("− ", Message::kRejected, a.rejected, "/lines/rejected/total");
  row("− ", Message::kOutsidePeriod, a.outside_period, "/lines/outside_period");
  if (a.filtered_out > 0) {
    row("− ", Message::kFilteredOut, a.filtered_out, "/lines/filtered_out");
  }
  row("= ", Message::kRecords, a.records, "/lines/records");
  row("− ", Message::kUnreadable, a.unreadable_request, "/records/unreadable_request");
  row("− ", Message::kOutsidePortal, a.outside_portal, "/records/outside_portal");
  row("− ", Message::kNotCitizens, a.not_citizen, "/records/not_citizen/total");
  row("− ", Message::kAssets, a.asset, "/records/asset");
  row("= ", Message::kCounted, a.counted, "/records/counted");
  return table;
}

ReportTable SourcesTable(const ReportWriter& w) {
  ReportTable table{"sources", w.Say(Message::kSectionSources), {}, {}, {}};
  table.columns = {w.Words(Message::kSource), w.Words(Message::kFormat), w.Numbers(Message::kLines),
                   w.Numbers(Message::kRejected)};
  const std::vector<SourceFigures>& sources = w.analysis().sources;
  for (size_t i = 0; i < sources.size() && i < kMostSources; ++i) {
    const std::string pointer = absl::StrCat("/report/sources/", i);
    table.rows.push_back({TextCell(Code(sources[i].name)), TextCell(Plain(sources[i].format)),
                          TextCell(w.Count(sources[i].lines, pointer + "/lines")),
                          TextCell(w.Count(sources[i].rejected, pointer + "/rejected"))});
  }
  if (sources.size() > kMostSources) {
    table.note = w.Rich(Message::kMoreRows, {Plain(std::to_string(sources.size() - kMostSources))});
  }
  return table;
}

ReportTable RoutesTable(const ReportWriter& w) {
  ReportTable table{"unmatched-routes", w.Say(Message::kSectionUnmatched), {}, {}, {}};
  table.columns = {w.Words(Message::kRoute), w.Words(Message::kService)};
  const std::vector<UnmatchedRoute>& routes = w.analysis().unmatched_routes;
  for (size_t i = 0; i < routes.size() && i < kMostRoutes; ++i) {
    table.rows.push_back({TextCell(Code(routes[i].route)), TextCell(Code(routes[i].service))});
  }
  if (routes.size() > kMostRoutes) {
    table.note = w.Rich(Message::kMoreRows, {Plain(std::to_string(routes.size() - kMostRoutes))});
  }
  return table;
}

ReportDefinitions Definitions(const ReportWriter& w) {
  constexpr std::pair<Message, Message> kDefinitions[] = {
      {Message::kMetricVisits, Message::kMeaningVisits},
      {Message::kMetricVisitors, Message::kMeaningVisitors},
      {Message::kMetricActs, Message::kMeaningActs},
      {Message::kMetricInteraction, Message::kMeaningInteraction},
      {Message::kMetricCompletion, Message::kMeaningCompletion},
      {Message::kMetricParticipation, Message::kMeaningParticipation},
      {Message::kMetricServerErrors, Message::kMeaningServerErrors},
      {Message::kIntervalName, Message::kMeaningInterval},
      {Message::kSignificanceName, Message::kMeaningSignificance}};
  ReportDefinitions definitions;
  for (const auto& [word, meaning] : kDefinitions) {
    definitions.items.push_back({w.Say(word), w.Rich(meaning)});
  }
  return definitions;
}

ReportDefinitions MadeWith(const ReportWriter& w) {
  const Analysis& a = w.analysis();
  ReportDefinitions made;
  made.items.push_back(
      {w.Say(Message::kMadeCatalog),
       a.catalog_digest ? Code(*a.catalog_digest) : Plain(w.Say(Message::kNoCatalogTitle))});
  for (const std::string& digest : w.model().catalogs) {
    if (digest != a.catalog_digest) {
      made.items.push_back({w.Say(Message::kMadeEarlierCatalog), Code(digest)});
    }
  }
  made.items.push_back({w.Say(Message::kMadeRobots), Code(a.robots_list)});
  made.items.push_back({w.Say(Message::kMadeZone), Code(a.time_zone_name)});
  if (a.from && a.to) {
    RichText covered = w.Hour(*a.from);
    AppendText(Plain(" – "), &covered);
    AppendText(w.Hour(*a.to), &covered);
    made.items.push_back({w.Say(Message::kMadeCovered), std::move(covered)});
  }
  if (!a.visitors_exact) {
    made.items.push_back({w.Say(Message::kMetricVisitors), w.Rich(Message::kVisitorsEstimated)});
  }
  if (w.model().restated_hours) {
    made.items.push_back({w.Say(Message::kMadeRestated),
                          w.Rich(Message::kReportRestated,
                                 {w.Count(*w.model().restated_hours, "/report/restated_hours")})});
  }
  for (const std::string& note : a.notes) {
    made.items.push_back({w.Say(Message::kMadeNote), Plain(note)});
  }
  return made;
}

}  // namespace

ReportTable PathsTable(const ReportWriter& w, const std::vector<PathCount>& paths,
                       const std::string& pointer, std::string id, Message caption) {
  ReportTable table{std::move(id), w.Say(caption), {}, {}, {}};
  table.columns = {w.Words(Message::kColumnPath), w.Numbers(Message::kRequests)};
  bool bounded = false;
  for (size_t i = 0; i < paths.size(); ++i) {
    RichText count = paths[i].error > 0 ? Plain("≤ ") : RichText{};
    bounded = bounded || paths[i].error > 0;
    AppendText(w.Count(paths[i].requests, absl::StrCat(pointer, "/", i, "/requests")), &count);
    table.rows.push_back(
        {TextCell(Code(ReadablePath(paths[i].path, w.analysis().charset))), TextCell(count)});
  }
  if (bounded) table.note = w.Rich(Message::kListNote);
  return table;
}

ReportSection WhoAskedSection(const ReportWriter& w) {
  ReportSection section{"audience", w.Say(Message::kSectionAudience), {}};
  const Analysis& a = w.analysis();
  if (a.traffic_by_audience.empty()) return section;
  ReportTable table{"audience-table", w.Say(Message::kSectionAudience), {}, {}, {}};
  table.columns = {w.Words(Message::kAudience), w.Numbers(Message::kBytes),
                   w.Numbers(Message::kRequests), w.Numbers(Message::kShare)};
  for (size_t i = 0; i < a.traffic_by_audience.size(); ++i) {
    const AudienceTraffic& traffic = a.traffic_by_audience[i];
    const std::string pointer =
        std::string("/traffic/by_audience/").append(AudienceName(traffic.audience));
    const Rate& share = w.model().audience_shares[i];
    table.rows.push_back(
        {TextCell(Plain(AudienceLabel(traffic.audience, w.language()))),
         TextCell(w.Bytes(traffic.bytes_sent, pointer + "/bytes_sent")),
         TextCell(w.Count(traffic.requests, pointer + "/requests")),
         {w.RateValue(share, absl::StrCat("/report/audience_shares/", i)), share.value}});
  }
  table.note = w.Rich(Message::kReportAudienceNote);
  section.blocks.emplace_back(std::move(table));
  return section;
}

ReportSection UnclassifiedSection(const ReportWriter& w) {
  ReportSection section{"unclassified", w.Say(Message::kSectionUnclassified), {}};
  const Analysis& a = w.analysis();
  if (!a.has_catalog || a.unclassified_requests == 0 || !a.department.empty()) return section;
  const Rate& rate = w.model().unclassified;
  section.blocks.emplace_back(ReportParagraph{w.Rich(
      Message::kReportUnclassified, {w.Count(rate.numerator, "/report/unclassified/numerator"),
                                     w.Count(rate.denominator, "/report/unclassified/denominator"),
                                     w.RateValue(rate, "/report/unclassified")})});
  ReportTable paths = PathsTable(w, a.unclassified_top_paths, "/unclassified/top_paths",
                                 "unclassified-paths", Message::kReportUnclassifiedPaths);
  if (!paths.rows.empty()) section.blocks.emplace_back(std::move(paths));
  return section;
}

ReportSection MethodSection(const ReportWriter& w) {
  ReportSection section{"method", w.Say(Message::kReportMethod), {}};
  section.blocks.emplace_back(ReportParagraph{w.Rich(Message::kReportMethodNote)});
  section.blocks.emplace_back(Definitions(w));
  // Lines are of the portal as a whole.
  const bool whole = w.analysis().department.empty();
  if (whole) section.blocks.emplace_back(WaterfallTable(w));
  section.blocks.emplace_back(ReportHeading{"made-with", w.Rich(Message::kReportMadeWith)});
  section.blocks.emplace_back(MadeWith(w));
  if (whole && !w.analysis().sources.empty()) section.blocks.emplace_back(SourcesTable(w));
  if (!w.analysis().unmatched_routes.empty()) section.blocks.emplace_back(RoutesTable(w));
  return section;
}

}  // namespace civlog
