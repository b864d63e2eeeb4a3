// Top lists and what lies behind the figures: rejected lines, gaps, unmatched
// routes, sources.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/charset.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_sections.h"

namespace civlog {
namespace {

constexpr size_t kMostPaths = 10;
constexpr size_t kMostGaps = 10;
constexpr size_t kMostRoutes = 20;
constexpr size_t kMostSources = 12;
constexpr size_t kMostSamples = 10;

TextLine MoreLine(size_t count, const ReportFrame& frame) {
  return TextLine(" ").Add(frame.Say(Message::kMoreRows, {FormatCount(count)}), Style::kDim);
}

TextBlock PathList(const std::vector<PathCount>& paths, const std::string& charset,
                   const ReportFrame& frame) {
  TextTable table({{}, {"", Align::kLeft, 0, true, 10}});
  for (size_t i = 0; i < paths.size() && i < kMostPaths; ++i) {
    std::string count = paths[i].error > 0 ? "≤" : "";
    count += FormatCount(paths[i].requests);
    table.AddRow({{std::move(count), Style::kBold}, {ReadablePath(paths[i].path, charset)}});
  }
  TextBlock block = table.Render(frame.width());
  if (std::any_of(paths.begin(), paths.end(), [](const PathCount& p) { return p.error > 0; })) {
    Append(WrapText(TextLine(" "), frame.Say(Message::kListNote), Style::kDim, frame.width()),
           &block);
  }
  return block;
}

TextBlock TopList(Message title, const std::vector<PathCount>& paths, const std::string& charset,
                  const ReportFrame& frame) {
  TextBlock block = {frame.SectionTitle(title)};
  Append(PathList(paths, charset, frame), &block);
  return block;
}

TextBlock UnclassifiedList(const Analysis& a, const ReportFrame& frame) {
  TextBlock block = {frame.SectionTitle(Message::kSectionUnclassified)};
  const std::string sentence = frame.Say(
      Message::kUnclassifiedSentence, {FormatCount(a.unclassified_requests), FormatCount(a.counted),
                                       frame.Share(a.unclassified_requests, a.counted)});
  Append(WrapText(TextLine(" "), sentence, Style::kDim, frame.width()), &block);
  Append(PathList(a.unclassified_top_paths, a.charset, frame), &block);
  return block;
}

// How many lists stand side by side.
size_t ListColumns(size_t width) { return width >= 160 ? 3 : (width >= 100 ? 2 : 1); }

std::string SamplePlace(const RejectedSample& sample) {
  std::string place = absl::StrCat(":", sample.line);
  if (sample.column > 0) absl::StrAppend(&place, ":", sample.column);
  return place;
}

TextBlock SourcesTable(const Analysis& a, const ReportFrame& frame) {
  std::vector<TableColumn> columns = {frame.Column(Message::kSource),
                                      frame.Column(Message::kFormat), frame.Column(Message::kLines),
                                      frame.Column(Message::kRejected)};
  columns[0].align = columns[1].align = Align::kLeft;
  columns[0].flexible = columns[0].clip_head = true;
  columns[0].least = 16;
  columns[1].priority = 1;
  TextTable table(std::move(columns));
  for (const SourceFigures& source : a.sources) {
    table.AddRow({{source.name},
                  {source.format, Style::kDim},
                  CountCell(source.lines),
                  CountCell(source.rejected)});
  }
  return table.Render(frame.width());
}

TextBlock SourcesByFormat(const Analysis& a, const ReportFrame& frame) {
  struct Sums {
    uint64_t sources = 0, lines = 0, rejected = 0;
  };
  std::map<std::string, Sums> by_format;
  for (const SourceFigures& source : a.sources) {
    Sums& sums = by_format[source.format];
    ++sums.sources;
    sums.lines += source.lines;
    sums.rejected += source.rejected;
  }
  TextBlock block;
  for (const auto& [format, sums] : by_format) {
    const std::string text = frame.Say(
        Message::kSourcesSentence,
        {format, FormatCount(sums.sources), FormatCount(sums.lines), FormatCount(sums.rejected)});
    Append(WrapText(TextLine(" "), text, Style::kPlain, frame.width()), &block);
  }
  return block;
}

TextBlock SourceErrors(const Analysis& a, const ReportFrame& frame) {
  TextBlock block;
  size_t shown = 0;
  for (const SourceFigures& source : a.sources) {
    if (source.error.empty() || ++shown > kMostSources) continue;
    const std::string text = absl::StrCat(source.name, ": ", source.error);
    Append(WrapText(TextLine(" ").Add("! ", Style::kAlarm), text, Style::kAlarm, frame.width()),
           &block);
  }
  if (shown > kMostSources) block.push_back(MoreLine(shown - kMostSources, frame));
  return block;
}

}  // namespace

TextBlock TopListsSection(const Analysis& analysis, const ReportFrame& frame) {
  const size_t columns = ListColumns(frame.width());
  const ReportFrame column = frame.Column(columns);
  const std::pair<Message, const std::vector<PathCount>*> kLists[] = {
      {Message::kSectionNotFound, &analysis.top_not_found},
      {Message::kSectionServerErrors, &analysis.top_server_errors},
      {Message::kSectionPages, &analysis.top_pages},
      {Message::kSectionReferrers, &analysis.top_referrers},
      {Message::kSectionEntryPages, &analysis.top_entry_pages},
      {Message::kSectionExitPages, &analysis.top_exit_pages}};
  std::vector<TextBlock> blocks;
  for (const auto& [title, paths] : kLists) {
    if (!paths->empty()) blocks.push_back(TopList(title, *paths, analysis.charset, column));
  }
  if (analysis.unclassified_requests > 0) blocks.push_back(UnclassifiedList(analysis, column));
  if (columns > 1) return LayOutGrid(blocks, columns, frame.width());
  TextBlock stacked;
  for (const TextBlock& block : blocks) {
    if (!stacked.empty()) stacked.emplace_back();
    Append(block, &stacked);
  }
  return stacked;
}

TextBlock RejectedSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.rejected_samples.empty()) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionRejected)};
  const size_t shown = std::min(analysis.rejected_samples.size(), kMostSamples);
  for (size_t i = 0; i < shown; ++i) {
    const RejectedSample& sample = analysis.rejected_samples[i];
    const std::string place = SamplePlace(sample);
    const std::string_view reason = RejectReasonLabel(sample.reason, frame.language());
    const size_t room = frame.width() - DisplayWidth(place) - DisplayWidth(reason) - 3;
    TextLine line(" ");
    line.Add(ClipHeadToWidth(EscapeForTerminal(sample.source), room)).Add(place);
    block.push_back(line.Add("  ").Add(reason, Style::kCaution));
    block.push_back(TextLine("   ").Add(sample.text, Style::kDim).ClipTo(frame.width()));
  }
  return block;
}

TextBlock GapsSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.gaps.empty()) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionGaps)};
  const size_t shown = std::min(analysis.gaps.size(), kMostGaps);
  for (size_t i = 0; i < shown; ++i) {
    const Gap& gap = analysis.gaps[i];
    const auto hours = static_cast<uint64_t>(absl::ToInt64Hours(gap.to - gap.from));
    block.push_back(TextLine(" ")
                        .Add(FormatHour(gap.from, analysis.time_zone))
                        .Add(" – ")
                        .Add(FormatHour(gap.to, analysis.time_zone))
                        .Add("  ")
                        .Add(frame.Say(Message::kGapLine, {FormatCount(hours)}), Style::kDim));
  }
  if (shown < analysis.gaps.size()) {
    block.push_back(MoreLine(analysis.gaps.size() - shown, frame));
  }
  return block;
}

TextBlock UnmatchedRoutesSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.unmatched_routes.empty()) return {};
  std::vector<TableColumn> columns = {frame.Column(Message::kLineShort),
                                      frame.Column(Message::kService, 1),
                                      frame.Column(Message::kRoute)};
  columns[1].align = columns[2].align = Align::kLeft;
  columns[2].flexible = true;
  columns[2].least = 30;
  TextTable table(std::move(columns));
  const size_t shown = std::min(analysis.unmatched_routes.size(), kMostRoutes);
  for (size_t i = 0; i < shown; ++i) {
    const UnmatchedRoute& route = analysis.unmatched_routes[i];
    table.AddRow({{std::to_string(route.line), Style::kDim}, {route.service}, {route.route}});
  }
  TextBlock block = {frame.SectionTitle(Message::kSectionUnmatched)};
  Append(table.Render(frame.width()), &block);
  if (shown < analysis.unmatched_routes.size()) {
    block.push_back(MoreLine(analysis.unmatched_routes.size() - shown, frame));
  }
  return block;
}

TextBlock SourcesSection(const Analysis& analysis, const ReportFrame& frame) {
  if (analysis.sources.empty()) return {};
  TextBlock block = {frame.SectionTitle(Message::kSectionSources)};
  Append(analysis.sources.size() <= kMostSources ? SourcesTable(analysis, frame)
                                                 : SourcesByFormat(analysis, frame),
         &block);
  Append(SourceErrors(analysis, frame), &block);
  return block;
}

TextBlock Footer(const Analysis& analysis, const ReportFrame& frame) {
  std::vector<std::string> items = {frame.Say(Message::kFooter, {analysis.version})};
  if (!analysis.robots_list.empty()) {
    items.push_back(frame.Say(Message::kFooterRobots, {analysis.robots_list}));
  }
  return WrapItems(items, Style::kDim, 1, frame.width());
}

}  // namespace civlog
