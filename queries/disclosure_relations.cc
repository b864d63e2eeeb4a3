#include "queries/disclosure_relations.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

using Cell = std::optional<DisclosureTable::CellId>;
using Cells = std::vector<Cell>;
using Rank = DisclosureTable::Rank;

// What of a service is part of a sum over services.
struct ServiceCells {
  ServiceKind kind = ServiceKind::kInformation;
  Tier tier = Tier::kNone;
  Cell requests, page_views, visits, visitors, acts, acting, status_views, completed, closed;
};

// The sums of an analysis that are sums over its services.
struct AnalysisCells {
  Cell counted, unclassified, page_views, acts, completed, closed;
  std::vector<std::pair<std::string, ServiceCells>> services;
};

// Adds one Analysis.
class AnalysisReader {
 public:
  // Figures of the whole are called by `scope`, those of a service by its id.
  AnalysisReader(Analysis* analysis, std::string scope, DisclosureTable* table)
      : a_(*analysis), scope_(std::move(scope)), table_(*table) {}

  AnalysisCells Read();

 private:
  Cell Whole(const std::string& name, uint64_t* place, Rank rank) {
    return table_.Add(absl::StrCat(scope_, "/", name), place, rank);
  }
  void ReadLines();
  void ReadRecords();
  void ReadAudiences(Cell records, Cell unreadable, Cell outside, Cell not_citizen, Cell asset);
  void ReadCitizens();
  void ReadStages();
  void ReadParticipation();
  void ReadOverTime();
  void ReadSumsOverServices();
  std::pair<Cell, Cell> ReadRatio(Rate* rate, Cell numerator, Cell denominator,
                                  const std::string& name);
  void ReadRate(Rate* rate, Cell numerator, Cell denominator, const std::string& name);
  Cells Acting(bool (*of)(const ServiceCells&)) const;

  ServiceCells ReadService(ServiceFigures* service);
  void ReadAttempts(ServiceFigures* service, ServiceCells* cells);
  void ReadSteps(ServiceFigures* service, Cell started, Cell failed);
  void ReadChannels(ServiceFigures* service, Cell completed);

  Analysis& a_;
  const std::string scope_;
  DisclosureTable& table_;
  AnalysisCells cells_;
  Cell records_, status_5xx_, visits_, enhanced_, interacting_, participating_;
};

// A rate shows its numerator and denominator again; one that is not computed shows 0 of 0.
std::pair<Cell, Cell> AnalysisReader::ReadRatio(Rate* rate, Cell numerator, Cell denominator,
                                                const std::string& name) {
  const auto again = [&](Cell cell, uint64_t* place, const char* part) {
    if (cell && table_.AddPlace(*cell, place)) return cell;
    return table_.Add(absl::StrCat(name, "/", part), place, Rank::kFigure);
  };
  return {again(numerator, &rate->numerator, "numerator"),
          again(denominator, &rate->denominator, "denominator")};
}

void AnalysisReader::ReadRate(Rate* rate, Cell numerator, Cell denominator,
                              const std::string& name) {
  const auto [part, whole] = ReadRatio(rate, numerator, denominator, name);
  table_.Within(part, whole);
}

void AnalysisReader::ReadLines() {
  const Cell read = Whole("lines_read", &a_.lines_read, Rank::kHeadline);
  const Cell rejected = Whole("rejected", &a_.rejected, Rank::kTotal);
  records_ = Whole("records", &a_.records, Rank::kHeadline);
  table_.Sum(read, {Whole("blank", &a_.blank, Rank::kFigure),
                    Whole("directive", &a_.directive, Rank::kFigure), rejected,
                    Whole("outside_period", &a_.outside_period, Rank::kFigure),
                    Whole("filtered_out", &a_.filtered_out, Rank::kFigure), records_});
  Cells reasons;
  for (size_t i = 0; i < kRejectReasonCount; ++i) {
    reasons.push_back(
        Whole(absl::StrCat("rejected/", i), &a_.rejected_by_reason[i], Rank::kDetail));
  }
  table_.Sum(rejected, reasons);
}

void AnalysisReader::ReadRecords() {
  const Cell unreadable = Whole("unreadable", &a_.unreadable_request, Rank::kFigure);
  const Cell outside = Whole("outside_portal", &a_.outside_portal, Rank::kFigure);
  const Cell not_citizen = Whole("not_citizen", &a_.not_citizen, Rank::kTotal);
  const Cell asset = Whole("asset", &a_.asset, Rank::kTotal);
  cells_.counted = Whole("counted", &a_.counted, Rank::kHeadline);
  table_.Sum(records_, {unreadable, outside, not_citizen, asset, cells_.counted});
  table_.Within(Whole("late", &a_.late, Rank::kDetail), records_);
  Cells classes;
  for (size_t i = 0; i < a_.status.by_class.size(); ++i) {
    classes.push_back(Whole(absl::StrCat("status/", i), &a_.status.by_class[i], Rank::kFigure));
  }
  status_5xx_ = classes[5];
  table_.Sum(records_, classes);
  table_.Within(Whole("latency", &a_.latency_ms.count, Rank::kDetail), records_);
  ReadAudiences(records_, unreadable, outside, not_citizen, asset);
}

// Records by audience are shown of those who are no citizens and again of all traffic, which
// has also what was unreadable or outside the portal of each audience. That is hidden, but
// where nothing was, the two figures are the same.
void AnalysisReader::ReadAudiences(Cell records, Cell unreadable, Cell outside, Cell not_citizen,
                                   Cell asset) {
  std::array<Cell, kAudienceCount> by_audience;
  Cells others;
  for (size_t i = 0; i < kAudienceCount; ++i) {
    by_audience[i] =
        Whole(absl::StrCat("not_citizen/", i), &a_.not_citizen_by_audience[i], Rank::kDetail);
    others.push_back(by_audience[i]);
  }
  table_.Sum(not_citizen, others);
  Cells traffic;
  Cells elsewhere;  // unreadable or outside
  Cell citizens;
  for (AudienceTraffic& row : a_.traffic_by_audience) {
    const auto audience = static_cast<size_t>(row.audience);
    const Cell cell = Whole(absl::StrCat("traffic/", audience), &row.requests, Rank::kDetail);
    traffic.push_back(cell);
    if (row.audience == Audience::kCitizen) {
      citizens = cell;
    } else {
      elsewhere.push_back(table_.Within(by_audience[audience], cell));
    }
  }
  table_.Sum(records, traffic);
  if (!citizens || !unreadable || !outside) return;
  const uint64_t sum = table_.value(*unreadable) + table_.value(*outside);
  const uint64_t own = table_.value(*asset) + table_.value(*cells_.counted);
  if (own > table_.value(*citizens) || table_.value(*citizens) - own > sum) return;
  const Cell of_citizens = table_.AddHidden(table_.value(*citizens) - own);
  const Cell of_others = table_.AddHidden(sum - table_.value(*of_citizens));
  const Cell both = table_.AddHidden(sum);
  table_.Sum(both, {unreadable, outside});
  table_.Sum(both, {of_citizens, of_others});
  table_.Sum(of_others, elsewhere);
  table_.Sum(citizens, {asset, cells_.counted, of_citizens});
  table_.Sum(records, {citizens, not_citizen, of_others});
}

void AnalysisReader::ReadCitizens() {
  cells_.page_views = Whole("page_views", &a_.page_views, Rank::kHeadline);
  visits_ = Whole("visits", &a_.visits, Rank::kHeadline);
  cells_.acts = Whole("acts", &a_.acts, Rank::kHeadline);
  cells_.unclassified = Whole("unclassified", &a_.unclassified_requests, Rank::kFigure);
  table_.Within(cells_.page_views, cells_.counted);
  table_.Within(Whole("visitors", &a_.visitors, Rank::kHeadline), cells_.counted);
}

void AnalysisReader::ReadStages() {
  enhanced_ = Whole("enhanced", &a_.stage_enhanced, Rank::kTotal);
  const Cells acted = {Whole("interactive", &a_.stage_interactive, Rank::kFigure),
                       Whole("transactional", &a_.stage_transactional, Rank::kFigure),
                       Whole("seamless", &a_.stage_seamless, Rank::kFigure)};
  interacting_ = Whole("interacting", &a_.interaction.numerator, Rank::kHeadline);
  ReadRate(&a_.interaction, interacting_, visits_, absl::StrCat(scope_, "/interaction"));
  table_.Sum(visits_, {enhanced_, acted[0], acted[1], acted[2]});
  table_.Sum(visits_, {enhanced_, interacting_});
  table_.Sum(interacting_, acted);
  table_.Within(Whole("bounces", &a_.bounces, Rank::kHeadline), enhanced_);
}

Cells AnalysisReader::Acting(bool (*of)(const ServiceCells&)) const {
  Cells cells;
  for (const auto& [id, service] : cells_.services) {
    if (of(service)) cells.push_back(service.acting);
  }
  return cells;
}

// A visit may act on several services, so that these are at most as many as the services'
// together; of a single service they are the same.
void AnalysisReader::ReadParticipation() {
  table_.AtMost({interacting_},
                Acting([](const ServiceCells& s) { return s.kind != ServiceKind::kInformation; }));
  participating_ = Whole("participating", &a_.participation.numerator, Rank::kHeadline);
  ReadRate(&a_.participation, participating_, visits_, absl::StrCat(scope_, "/participation"));
  table_.Within(participating_, interacting_);
  const Cells acting =
      Acting([](const ServiceCells& s) { return s.kind == ServiceKind::kParticipation; });
  table_.AtMost({participating_}, acting);
  for (const Cell& cell : acting) table_.Within(cell, participating_);
  Cells tiers = Acting([](const ServiceCells& s) {
    return s.kind == ServiceKind::kParticipation && s.tier == Tier::kNone;
  });
  for (auto& [tier, rate] : a_.participation_by_tier) {
    if (tier == Tier::kNone) continue;
    const std::string name = absl::StrCat("tier/", static_cast<int>(tier));
    const Cell cell = Whole(name, &rate.numerator, Rank::kTotal);
    ReadRate(&rate, cell, visits_, absl::StrCat(scope_, "/", name));
    table_.Within(cell, participating_);
    tiers.push_back(cell);
    Cells of_tier;
    for (const auto& [id, service] : cells_.services) {
      if (service.kind != ServiceKind::kParticipation || service.tier != tier) continue;
      of_tier.push_back(service.acting);
      table_.Within(service.acting, cell);
    }
    table_.AtMost({cell}, of_tier);
  }
  table_.AtMost({participating_}, tiers);
}

// Each total is the sum of the days and of the hours, and each day of its hours.
void AnalysisReader::ReadOverTime() {
  struct Column {
    const char* name;
    Cell total;
    uint64_t HourFigures::*of_hour;
    uint64_t DayFigures::*of_day;
  };
  const Column columns[] = {
      {"requests", records_, &HourFigures::requests, &DayFigures::requests},
      {"visits", visits_, &HourFigures::visits, &DayFigures::visits},
      {"page_views", cells_.page_views, &HourFigures::page_views, &DayFigures::page_views},
      {"server_errors", status_5xx_, &HourFigures::server_errors, &DayFigures::server_errors}};
  for (const Column& column : columns) {
    std::map<absl::CivilDay, Cells> of_days;
    Cells hours;
    for (HourFigures& hour : a_.hours) {
      const std::string name =
          absl::StrCat("hour/", absl::ToUnixSeconds(hour.hour), "/", column.name);
      hours.push_back(Whole(name, &(hour.*column.of_hour), Rank::kDetail));
      of_days[absl::ToCivilDay(hour.hour, a_.time_zone)].push_back(hours.back());
    }
    Cells days;
    for (DayFigures& day : a_.days) {
      const std::string name = absl::StrCat("day/", day.day - absl::CivilDay(), "/", column.name);
      days.push_back(Whole(name, &(day.*column.of_day), Rank::kFigure));
      table_.Sum(days.back(), of_days[day.day]);
    }
    if (!hours.empty()) table_.Sum(column.total, hours);
    if (!days.empty()) table_.Sum(column.total, days);
  }
}

void AnalysisReader::ReadSumsOverServices() {
  Cells requests;
  Cells page_views;
  Cells acts;
  Cells completed;
  Cells closed;
  for (const auto& [id, service] : cells_.services) {
    requests.push_back(service.requests);
    page_views.push_back(service.page_views);
    acts.push_back(service.acts);
    if (!service.completed) continue;
    completed.push_back(service.completed);
    closed.push_back(service.closed);
  }
  table_.Sum(cells_.page_views, page_views);
  table_.Sum(cells_.acts, acts);
  // Of one department nothing is unclassified.
  if (a_.department.empty()) requests.push_back(cells_.unclassified);
  table_.Sum(cells_.counted, requests);
  cells_.completed = Whole("completed", &a_.completion.numerator, Rank::kHeadline);
  cells_.closed = Whole("closed", &a_.completion.denominator, Rank::kHeadline);
  table_.Sum(cells_.completed, completed);
  table_.Sum(cells_.closed, closed);
  table_.Within(cells_.completed, cells_.closed);
  if (cells_.services.size() != 1 || a_.department.empty()) return;
  const ServiceCells& only = cells_.services.front().second;
  table_.Sum(visits_, {only.visits});
  table_.Sum(interacting_, {only.acting});
  table_.Sum(participating_, {only.acting});
}

ServiceCells AnalysisReader::ReadService(ServiceFigures* service) {
  ServiceFigures& s = *service;
  const std::string scope = absl::StrCat("service/", s.id, "/");
  const auto add = [&](const std::string& name, uint64_t* place, Rank rank) {
    return table_.Add(scope + name, place, rank);
  };
  ServiceCells cells;
  cells.kind = s.kind;
  cells.tier = s.tier;
  cells.requests = add("requests", &s.requests, Rank::kTotal);
  cells.page_views = add("page_views", &s.page_views, Rank::kFigure);
  cells.visits = add("visits", &s.visits, Rank::kTotal);
  cells.visitors = add("visitors", &s.visitors, Rank::kFigure);
  cells.acts = add("acts", &s.acts, Rank::kFigure);
  cells.acting = add("acting", &s.acting_visits, Rank::kFigure);
  table_.Within(cells.page_views, cells.requests);
  table_.Within(cells.visits, cells.requests);
  table_.Within(cells.visitors, cells.requests);
  table_.Within(cells.acting, cells.visits);
  table_.Within(cells.acting, cells.acts);
  Cells classes;
  for (size_t i = 0; i < s.status.by_class.size(); ++i) {
    classes.push_back(add(absl::StrCat("status/", i), &s.status.by_class[i], Rank::kDetail));
  }
  table_.Sum(cells.requests, classes);
  table_.Within(add("latency", &s.latency_ms.count, Rank::kDetail), cells.requests);
  cells.status_views = add("status_views", &s.status_views, Rank::kDetail);
  table_.Within(cells.status_views, cells.requests);
  ReadRate(&s.interaction_rate, cells.acting, cells.visits, scope + "interaction");
  Cells acts;
  for (size_t i = 0; i < s.acts_by_name.size(); ++i) {
    acts.push_back(add(absl::StrCat("act/", i), &s.acts_by_name[i].count, Rank::kDetail));
  }
  // A transaction's act is its completion.
  if (!acts.empty() && !s.attempts) table_.Sum(cells.acts, acts);
  if (s.attempts) ReadAttempts(service, &cells);
  return cells;
}

void AnalysisReader::ReadAttempts(ServiceFigures* service, ServiceCells* cells) {
  AttemptFigures& a = *service->attempts;
  const std::string scope = absl::StrCat("service/", service->id, "/");
  const auto add = [&](const char* name, uint64_t* place, Rank rank) {
    return table_.Add(scope + name, place, rank);
  };
  const Cell started = add("started", &a.started, Rank::kFigure);
  const Cell granted = add("granted", &a.granted, Rank::kFigure);
  const Cell refused = add("refused", &a.refused, Rank::kDetail);
  const Cell failed = add("failed", &a.failed, Rank::kFigure);
  const Cell abandoned = add("abandoned", &a.abandoned, Rank::kFigure);
  const Cell open = add("open", &a.open, Rank::kDetail);
  Rate& rate = service->completion_rate;
  const Cell completed = cells->completed = add("completed", &rate.numerator, Rank::kHeadline);
  cells->closed = add("closed", &rate.denominator, Rank::kHeadline);
  ReadRate(&service->failure_rate, failed, cells->closed, scope + "failure");
  ReadRate(&service->abandonment_rate, abandoned, cells->closed, scope + "abandonment");
  ReadRatio(&service->status_check_ratio, cells->status_views, completed, scope + "status_check");
  table_.Sum(started, {granted, refused, failed, abandoned, open});
  table_.Sum(started, {cells->closed, open});
  table_.Sum(completed, {granted, refused});
  table_.Sum(cells->closed, {completed, failed, abandoned});
  table_.Sum(cells->acts, {completed});
  table_.Sum(add("time_to_complete", &service->time_to_complete_s.count, Rank::kDetail),
             {completed});
  add("without_start", &a.without_start, Rank::kDetail);
  table_.Within(add("recovered", &a.recovered, Rank::kDetail), completed);
  const Cell visitors = add("completed_visitors", &a.completed_visitors, Rank::kDetail);
  table_.Within(visitors, completed);
  table_.Within(visitors,
                add("of_completed_visitors", &a.attempts_of_completed_visitors, Rank::kDetail));
  ReadSteps(service, started, failed);
  ReadChannels(service, completed);
}

// How many ended at a step is the difference to the next one, and is shown as such.
void AnalysisReader::ReadSteps(ServiceFigures* service, Cell started, Cell failed) {
  const std::string scope = absl::StrCat("service/", service->id, "/step/");
  Cells reached;
  Cells failed_at;
  Cells ended;
  for (size_t k = 0; k < service->steps.size(); ++k) {
    StepFigures& step = service->steps[k];
    reached.push_back(table_.Add(absl::StrCat(scope, k, "/reached"), &step.reached, Rank::kFigure));
    failed_at.push_back(
        table_.Add(absl::StrCat(scope, k, "/error"), &step.left_after_error, Rank::kDetail));
  }
  for (size_t k = 0; k < service->steps.size(); ++k) {
    StepFigures& step = service->steps[k];
    const bool last = k + 1 == service->steps.size();
    ended.push_back(last ? reached[k] : table_.Within(reached[k + 1], reached[k]));
    table_.Within(failed_at[k], ended[k]);
    table_.Within(table_.Add(absl::StrCat(scope, k, "/slow"), &step.left_after_slow, Rank::kDetail),
                  ended[k]);
  }
  if (reached.empty()) return;
  table_.Sum(reached[0], {started});
  table_.Sum(reached[0], ended);
  table_.Sum(failed, failed_at);
}

void AnalysisReader::ReadChannels(ServiceFigures* service, Cell completed) {
  Rate& rate = service->digital_take_up;
  if (!rate.value) return;
  const std::string scope = absl::StrCat("service/", service->id, "/");
  Cells channels = {completed};
  for (NamedCount& channel : service->other_channels) {
    channels.push_back(
        table_.Add(absl::StrCat(scope, "channel/", channel.name), &channel.count, Rank::kDetail));
  }
  const Cell all = table_.Add(scope + "all_channels", &rate.denominator, Rank::kFigure);
  table_.Sum(all, channels);
  ReadRate(&rate, completed, all, scope + "take_up");
}

AnalysisCells AnalysisReader::Read() {
  for (ServiceFigures& service : a_.services) {
    cells_.services.emplace_back(service.id, ReadService(&service));
  }
  ReadLines();
  ReadRecords();
  ReadCitizens();
  ReadStages();
  ReadParticipation();
  ReadOverTime();
  ReadSumsOverServices();
  return std::move(cells_);
}

// A portal's sum is that of its departments, and of the services that are in none.
void TieDepartments(const AnalysisCells& portal, const std::vector<AnalysisCells>& departments,
                    DisclosureTable* table) {
  std::map<std::string, bool> taken;
  for (const AnalysisCells& department : departments) {
    for (const auto& [id, service] : department.services) taken[id] = true;
  }
  const auto tie = [&](Cell AnalysisCells::*whole, Cell ServiceCells::*part, const Cell* rest) {
    Cells parts;
    for (const AnalysisCells& department : departments) {
      if (department.*whole) parts.push_back(department.*whole);
    }
    for (const auto& [id, service] : portal.services) {
      if (!taken.contains(id) && service.*part) parts.push_back(service.*part);
    }
    if (rest != nullptr) parts.push_back(*rest);
    table->Sum(portal.*whole, parts);
  };
  tie(&AnalysisCells::counted, &ServiceCells::requests, &portal.unclassified);
  tie(&AnalysisCells::page_views, &ServiceCells::page_views, nullptr);
  tie(&AnalysisCells::acts, &ServiceCells::acts, nullptr);
  tie(&AnalysisCells::completed, &ServiceCells::completed, nullptr);
  tie(&AnalysisCells::closed, &ServiceCells::closed, nullptr);
}

}  // namespace

void AddAnalyses(const std::vector<Analysis*>& analyses, DisclosureTable* table) {
  std::vector<AnalysisCells> departments;
  std::vector<AnalysisCells> portals;
  for (Analysis* analysis : analyses) {
    const bool of_portal = analysis->department.empty();
    const std::string scope =
        of_portal ? "portal"
                  : absl::StrCat("department/", std::string(analysis->department.Get("en")));
    (of_portal ? portals : departments).push_back(AnalysisReader(analysis, scope, table).Read());
  }
  if (departments.empty()) return;
  for (const AnalysisCells& portal : portals) TieDepartments(portal, departments, table);
}

}  // namespace civlog
