#include "queries/department.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"
#include "queries/escape.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

bool IsCalled(const LocalizedText& department, std::string_view name) {
  return std::any_of(department.by_language.begin(), department.by_language.end(),
                     [name](const auto& text) { return text.second == name; });
}

bool IsSame(const LocalizedText& a, const LocalizedText& b) {
  return std::any_of(b.by_language.begin(), b.by_language.end(),
                     [&a](const auto& text) { return IsCalled(a, text.second); });
}

// A rate that cannot be had.
constexpr Rate kAbsentRate = {kSuppressedCount, kSuppressedCount, std::nullopt, std::nullopt,
                              std::nullopt};

// What is about the whole portal and says nothing of one department's services.
void RemovePortalFigures(Analysis* a) {
  for (uint64_t* count : {&a->lines_read,
                          &a->blank,
                          &a->directive,
                          &a->outside_period,
                          &a->filtered_out,
                          &a->records,
                          &a->rejected,
                          &a->unreadable_request,
                          &a->outside_portal,
                          &a->asset,
                          &a->late,
                          &a->not_citizen,
                          &a->bytes_sent,
                          &a->visitors,
                          &a->visits,
                          &a->bounces,
                          &a->stage_enhanced,
                          &a->stage_interactive,
                          &a->stage_transactional,
                          &a->stage_seamless,
                          &a->unclassified_requests,
                          &a->latency_ms.count}) {
    *count = kSuppressedCount;
  }
  a->rejected_by_reason.fill(kSuppressedCount);
  a->not_citizen_by_audience.fill(kSuppressedCount);
  a->status.by_class.fill(kSuppressedCount);
  a->latency_ms = {kSuppressedCount, {}, {}, {}, {}, {}};
  a->rejected_samples.clear();
  a->traffic_by_audience.clear();
  a->hours.clear();
  a->days.clear();
  for (std::vector<PathCount>* list :
       {&a->unclassified_top_paths, &a->top_pages, &a->top_not_found, &a->top_server_errors,
        &a->top_referrers, &a->top_entry_pages, &a->top_exit_pages}) {
    list->clear();
  }
  // What is to be known of sources is which of them are missing.
  std::erase_if(a->sources, [](const SourceFigures& source) { return source.error.empty(); });
  for (SourceFigures& source : a->sources) source.lines = source.rejected = kSuppressedCount;
  a->interaction = a->participation = kAbsentRate;
  a->participation_per_1000_residents.reset();
  for (auto& [tier, rate] : a->participation_by_tier) rate = kAbsentRate;
}

// A visit is to a department once, to whichever of its services: of one service the
// figures are the service's, of several they do not add up.
void AddVisits(const ServiceFigures& only, Analysis* a) {
  a->visits = only.visits;
  a->visitors = only.visitors;
  a->visitors_exact = only.visitors_exact;
  if (only.kind == ServiceKind::kInformation) return;
  a->interaction = only.interaction_rate;
  if (only.kind != ServiceKind::kParticipation) return;
  a->participation = only.interaction_rate;
  if (a->population) {
    a->participation_per_1000_residents = PerThousandResidents(only.acting_visits, *a->population);
  }
  for (auto& [tier, rate] : a->participation_by_tier) {
    if (tier == only.tier && tier != Tier::kNone) rate = only.interaction_rate;
  }
}

void AddSums(Analysis* a) {
  a->counted = a->page_views = a->acts = 0;
  uint64_t completed = 0;
  uint64_t closed = 0;
  for (const ServiceFigures& service : a->services) {
    a->counted += service.requests;
    a->page_views += service.page_views;
    a->acts += service.acts;
    completed += service.completion_rate.numerator;
    closed += service.completion_rate.denominator;
  }
  a->completion = Proportion(completed, closed);
}

}  // namespace

std::vector<LocalizedText> Departments(const Catalog& catalog) {
  std::vector<LocalizedText> departments;
  for (const Service& service : catalog.services) {
    const LocalizedText& department = service.department;
    if (department.empty()) continue;
    const auto known =
        std::find_if(departments.begin(), departments.end(),
                     [&](const LocalizedText& other) { return IsSame(other, department); });
    if (known == departments.end()) {
      departments.push_back(department);
      continue;
    }
    // The one with more languages has the names of both.
    if (department.by_language.size() > known->by_language.size()) *known = department;
  }
  return departments;
}

absl::StatusOr<LocalizedText> FindDepartment(const std::vector<LocalizedText>& departments,
                                             std::string_view name) {
  std::vector<std::string_view> known;
  std::string list;
  for (const LocalizedText& department : departments) {
    if (IsCalled(department, name)) return department;
    for (const auto& [language, text] : department.by_language) known.push_back(text);
    absl::StrAppend(&list, list.empty() ? "" : ", ", EscapeForTerminal(department.Get("en")));
  }
  return absl::NotFoundError(absl::StrCat(
      "no service is of the department \"", EscapeForTerminal(name), "\"", DidYouMean(name, known),
      list.empty() ? "; the catalogue names no department" : "; there are: ", list));
}

Analysis OfDepartment(const Analysis& analysis, const LocalizedText& department) {
  Analysis part = analysis;
  part.department = department;
  std::erase_if(part.services, [&](const ServiceFigures& service) {
    return !IsSame(service.department, department);
  });
  std::erase_if(part.unmatched_routes, [&](const UnmatchedRoute& route) {
    return std::none_of(part.services.begin(), part.services.end(),
                        [&](const ServiceFigures& service) { return service.id == route.service; });
  });
  RemovePortalFigures(&part);
  AddSums(&part);
  if (part.services.size() == 1) AddVisits(part.services.front(), &part);
  return part;
}

}  // namespace civlog
