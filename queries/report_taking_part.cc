// Participation and interaction: who took part, and where citizens asked and booked.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_writer.h"

namespace civlog {
namespace {

// A name within a JSON pointer (RFC 6901, section 3).
std::string PointerToken(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

std::vector<size_t> ServicesOf(const Analysis& a, ServiceKind kind) {
  std::vector<size_t> services;
  for (size_t i = 0; i < a.services.size(); ++i) {
    if (a.services[i].kind == kind) services.push_back(i);
  }
  return services;
}

RichText TookPart(const ReportWriter& w) {
  const Analysis& a = w.analysis();
  const std::string pointer = "/rates/participation";
  RichText text =
      w.Rich(Message::kFindParticipationAlone,
             {w.Count(a.participation.numerator, pointer + "/numerator"),
              w.Count(a.participation.denominator, pointer + "/denominator"),
              w.RateValue(a.participation, pointer), w.RateInterval(a.participation, pointer)});
  if (!a.participation_per_1000_residents || !a.population) return text;
  AppendText(Plain(" "), &text);
  AppendText(w.Rich(Message::kReportPerThousand, {w.Decimal(a.participation_per_1000_residents, 2,
                                                            pointer + "/per_1000_residents"),
                                                  w.Count(*a.population, "/portal/population")}),
             &text);
  return text;
}

ReportTable TiersTable(const ReportWriter& w) {
  ReportTable table{"tiers", w.Say(Message::kReportTiers), {}, {}, {}};
  table.columns = {w.Words(Message::kTier), w.Words(Message::kColumnMeaning),
                   w.Numbers(Message::kTookPart), w.MainNumbers(Message::kShare),
                   w.Numbers(Message::kIntervalShort)};
  constexpr Message kMeanings[] = {Message::kTierNone, Message::kTierInformMeaning,
                                   Message::kTierConsultMeaning, Message::kTierDecideMeaning};
  for (const auto& [tier, rate] : w.analysis().participation_by_tier) {
    if (tier == Tier::kNone) continue;
    const std::string pointer = std::string("/rates/participation/by_tier/").append(TierName(tier));
    table.rows.push_back({TextCell(Plain(w.Say(TierMessage(tier)))),
                          TextCell(Plain(w.Say(kMeanings[static_cast<size_t>(tier)]))),
                          TextCell(w.Count(rate.numerator, pointer + "/numerator")),
                          {w.RateValue(rate, pointer), rate.value},
                          TextCell(w.RateInterval(rate, pointer))});
  }
  return table;
}

// Visits that acted, of those that viewed the service.
ReportTable ActingTable(const ReportWriter& w, const std::vector<size_t>& services, std::string id,
                        Message caption, bool tiers) {
  ReportTable table{std::move(id), w.Say(caption), {}, {}, {}};
  table.columns = {w.Words(Message::kService)};
  if (tiers) table.columns.push_back(w.Words(Message::kTier));
  for (const Message heading : {Message::kVisits, Message::kColumnActing, Message::kActs,
                                Message::kColumnActingShare, Message::kIntervalShort}) {
    table.columns.push_back(w.Numbers(heading));
  }
  if (w.model().before_known) table.columns.push_back(w.Numbers(Message::kColumnChange));
  for (const size_t i : services) {
    const ServiceFigures& service = w.analysis().services[i];
    const std::string pointer = ServicePointer(i);
    const std::string rate = pointer + "/interaction_rate";
    std::vector<ReportCell> row = {TextCell(w.ServiceName(service))};
    if (tiers) row.push_back(TextCell(Plain(w.Say(TierMessage(service.tier)))));
    row.push_back(TextCell(w.Count(service.visits, pointer + "/visits")));
    row.push_back(TextCell(w.Count(service.acting_visits, pointer + "/acting_visits")));
    row.push_back(TextCell(w.Count(service.acts, pointer + "/acts")));
    row.push_back({w.RateValue(service.interaction_rate, rate), service.interaction_rate.value});
    row.push_back(TextCell(w.RateInterval(service.interaction_rate, rate)));
    if (w.model().before_known) {
      row.push_back(TextCell(w.Change(FigureUnit::kShare, w.model().services[i].took_part_before,
                                      ServiceReportPointer(i) + "/took_part_before")));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

ReportTable StatusChecksTable(const ReportWriter& w, const std::vector<size_t>& services) {
  ReportTable table{"status-checks", w.Say(Message::kReportStatusChecks), {}, {}, {}};
  table.columns = {w.Words(Message::kService), w.Numbers(Message::kColumnStatusViews),
                   w.Numbers(Message::kCompleted), w.Numbers(Message::kColumnStatusRatio)};
  for (const size_t i : services) {
    const ServiceFigures& service = w.analysis().services[i];
    if (service.status_views == 0) continue;
    const std::string pointer = ServicePointer(i);
    const std::string ratio = pointer + "/status_check_ratio";
    table.rows.push_back(
        {TextCell(w.ServiceName(service)),
         TextCell(w.Count(service.status_views, pointer + "/status_views")),
         TextCell(w.Count(service.status_check_ratio.denominator, ratio + "/denominator")),
         TextCell(w.Decimal(service.status_check_ratio.value, 2, ratio + "/value"))});
  }
  table.note = w.Rich(Message::kReportStatusNote);
  return table;
}

// "counter 412 · telephone 20".
RichText OtherChannels(const ReportWriter& w, size_t i) {
  RichText text;
  for (const NamedCount& channel : w.analysis().services[i].other_channels) {
    if (!text.empty()) AppendText(Plain(" · "), &text);
    AppendText(Plain(channel.name + " "), &text);
    AppendText(w.Count(channel.count, ServicePointer(i) + "/other_channels/" +
                                          PointerToken(EscapeForTerminal(channel.name))),
               &text);
  }
  return text;
}

ReportTable TakeUpTable(const ReportWriter& w, const std::vector<size_t>& services) {
  ReportTable table{"take-up", w.Say(Message::kReportTakeUp), {}, {}, {}};
  table.columns = {w.Words(Message::kService), w.Numbers(Message::kColumnOnline),
                   w.Words(Message::kColumnOtherChannels), w.Numbers(Message::kMetricDigitalTakeUp),
                   w.Numbers(Message::kIntervalShort)};
  for (const size_t i : services) {
    const ServiceFigures& service = w.analysis().services[i];
    if (service.other_channels.empty()) continue;
    const std::string rate = ServicePointer(i) + "/digital_take_up";
    table.rows.push_back(
        {TextCell(w.ServiceName(service)),
         TextCell(w.Count(service.digital_take_up.numerator, rate + "/numerator")),
         TextCell(OtherChannels(w, i)),
         {w.RateValue(service.digital_take_up, rate), service.digital_take_up.value},
         TextCell(w.RateInterval(service.digital_take_up, rate))});
  }
  return table;
}

}  // namespace

ReportSection TakingPartSection(const ReportWriter& w) {
  ReportSection section{"participation", w.Say(Message::kSectionParticipation), {}};
  const std::vector<size_t> services = ServicesOf(w.analysis(), ServiceKind::kParticipation);
  if (services.empty()) return section;
  section.blocks.emplace_back(ReportParagraph{TookPart(w)});
  section.blocks.emplace_back(TiersTable(w));
  section.blocks.emplace_back(
      ActingTable(w, services, "consultations", Message::kReportConsultations, true));
  return section;
}

ReportSection InteractionSection(const ReportWriter& w) {
  ReportSection section{"interaction", w.Say(Message::kReportInteraction), {}};
  const std::vector<size_t> services = ServicesOf(w.analysis(), ServiceKind::kInteraction);
  if (!services.empty()) {
    section.blocks.emplace_back(
        ActingTable(w, services, "interaction-services", Message::kReportInteraction, false));
  }
  ReportTable take_up = TakeUpTable(w, ServicesOf(w.analysis(), ServiceKind::kTransaction));
  if (!take_up.rows.empty()) section.blocks.emplace_back(std::move(take_up));
  ReportTable checks = StatusChecksTable(w, ServicesOf(w.analysis(), ServiceKind::kTransaction));
  if (!checks.rows.empty()) section.blocks.emplace_back(std::move(checks));
  return section;
}

}  // namespace civlog
