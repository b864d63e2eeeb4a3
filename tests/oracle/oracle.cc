#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/oracle/oracle_catalog.h"
#include "tests/oracle/oracle_counts.h"
#include "tests/oracle/oracle_requests.h"
#include "tests/oracle/oracle_visits.h"

namespace civlog::oracle {
namespace {

using nlohmann::json;

constexpr int64_t kHour = 3600;

json RateOf(uint64_t numerator, uint64_t denominator) {
  json rate = {{"numerator", numerator},
               {"denominator", denominator},
               {"value", nullptr},
               {"low", nullptr},
               {"high", nullptr}};
  if (denominator == 0) return rate;
  // Wilson (1927), at 95 %.
  constexpr double kZ = 1.959963984540054;
  const double n = static_cast<double>(denominator);
  const double p = static_cast<double>(numerator) / n;
  const double middle = p + kZ * kZ / (2 * n);
  const double width = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  rate["value"] = p;
  rate["low"] = std::max(0.0, (middle - width) / scale);
  rate["high"] = std::min(1.0, (middle + width) / scale);
  return rate;
}

// Ten most frequent, then by name.
json TopTen(const std::map<std::string, uint64_t>& counts) {
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [path, count] : counts) order.emplace_back(-static_cast<int64_t>(count), path);
  std::sort(order.begin(), order.end());
  json top = json::array();
  for (size_t i = 0; i < std::min<size_t>(order.size(), 10); ++i) {
    top.push_back({{"path", order[i].second}, {"requests", -order[i].first}});
  }
  return top;
}

// All the work of one analysis; each member function fills one part of the report.
class Analysis {
 public:
  explicit Analysis(const std::string& catalog_toml) : catalog_(ReadCatalog(catalog_toml)) {}

  json Run(const std::vector<std::pair<std::string, std::string>>& logs) {
    Requests read = ReadRequests(catalog_, logs);
    out_ = std::move(read.counts);
    records_ = std::move(read.records);
    requests_ = std::move(read.counted);
    const int64_t end_s =
        records_.empty() ? 0 : std::max_element(records_.begin(), records_.end())->first;
    walk_ = WalkVisitors(catalog_, requests_, end_s);
    AddPeriod();
    AddHours();
    AddCitizens();
    AddRates();
    AddServices();
    AddTops();
    return std::move(out_);
  }

 private:
  // The beginning of the hour of the portal's zone that a time is in.
  int64_t HourOf(int64_t time_s) const {
    const int64_t offset = catalog_.zone.At(absl::FromUnixSeconds(time_s)).offset;
    const int64_t local = time_s + offset;
    return local - ((local % kHour) + kHour) % kHour - offset;
  }

  std::string Text(int64_t time_s) const {
    return absl::FormatTime("%Y-%m-%d%ET%H:%M:%S%Ez", absl::FromUnixSeconds(time_s), catalog_.zone);
  }

  bool IsWeekBegin(int64_t time_s) const {
    const absl::CivilSecond civil =
        absl::ToCivilSecond(absl::FromUnixSeconds(time_s), catalog_.zone);
    return civil == absl::CivilSecond(absl::CivilDay(civil)) &&
           absl::GetWeekday(absl::CivilDay(civil)) == absl::Weekday::monday;
  }

  void AddPeriod() {
    json& period = out_["period"];
    period = {{"from", nullptr}, {"to", nullptr}, {"gaps", json::array()}};
    std::set<int64_t> hours;
    for (const auto& [time_s, status] : records_) hours.insert(HourOf(time_s));
    if (hours.empty()) return;
    const int64_t to = *hours.rbegin() + kHour;
    period["from"] = Text(*hours.begin());
    period["to"] = Text(to);
    period["partial"] = !IsWeekBegin(*hours.begin()) || !IsWeekBegin(to);
    for (auto hour = hours.begin(), next = std::next(hour); next != hours.end(); ++hour, ++next) {
      if (*next <= *hour + kHour) continue;
      period["gaps"].push_back({{"from", Text(*hour + kHour)}, {"to", Text(*next)}});
    }
  }

  void AddHours() {
    std::map<int64_t, json> hours;
    for (const auto& [time_s, status] : records_) {
      json& hour = hours[HourOf(time_s)];
      if (hour.is_null()) {
        hour = {{"requests", 0}, {"visits", 0}, {"page_views", 0}, {"server_errors", 0}};
      }
      Increment(&hour["requests"]);
      if (status / 100 == 5) Increment(&hour["server_errors"]);
    }
    for (const Request& request : requests_) {
      if (request.page_view) Increment(&hours[HourOf(request.time_s)]["page_views"]);
    }
    for (const Visit& visit : walk_.visits) Increment(&hours[HourOf(visit.begin_s)]["visits"]);
    out_["hours"] = json::array();
    for (auto& [begin_s, hour] : hours) {
      hour["hour"] = Text(begin_s);
      out_["hours"].push_back(hour);
    }
  }

  std::string KindOf(const std::string& service) const {
    for (const Service& one : catalog_.services) {
      if (one.id == service) return one.kind;
    }
    return "interaction";  // of what acted, where there is no catalogue
  }

  // Visits with an act on a participation service of a tier.
  uint64_t VisitsOnTier(const std::string& tier) const {
    std::set<std::string> services;
    for (const Service& service : catalog_.services) {
      if (service.tier == tier) services.insert(service.id);
    }
    return static_cast<uint64_t>(
        std::count_if(walk_.visits.begin(), walk_.visits.end(), [&](const Visit& visit) {
          return std::any_of(visit.acts.begin(), visit.acts.end(),
                             [&](const auto& act) { return services.count(act.first) > 0; });
        }));
  }

  // Visits with an act on a service of one of the kinds.
  uint64_t ActingVisits(const std::set<std::string>& kinds) const {
    return static_cast<uint64_t>(
        std::count_if(walk_.visits.begin(), walk_.visits.end(),
                      [&](const Visit& visit) { return ActedOn(visit, kinds); }));
  }

  bool ActedOn(const Visit& visit, const std::set<std::string>& kinds) const {
    return std::any_of(visit.acts.begin(), visit.acts.end(),
                       [&](const auto& act) { return kinds.count(KindOf(act.first)) > 0; });
  }

  std::string StageOf(const Visit& visit) const {
    if (visit.departments.size() >= 2) return "seamless";
    if (visit.completions > 0) return "transactional";
    return ActedOn(visit, {"interaction", "participation"}) ? "interactive" : "enhanced";
  }

  // Distinct pairs of visitor and ISO week, of one service or ("*") of all.
  uint64_t Visitors(const std::string& service) const {
    std::set<std::pair<std::string, int64_t>> visitors;
    for (const Request& request : requests_) {
      if (service != "*" && request.service != service) continue;
      visitors.insert({request.visitor, IsoWeek(request.time_s, catalog_.zone)});
    }
    return visitors.size();
  }

  void AddCitizens() {
    uint64_t page_views = 0;
    uint64_t bounces = 0;
    uint64_t acts = 0;
    out_["stages"] = {{"enhanced", 0}, {"interactive", 0}, {"transactional", 0}, {"seamless", 0}};
    for (const Visit& visit : walk_.visits) {
      page_views += visit.page_views;
      if (visit.page_views == 1 && visit.acts.empty()) ++bounces;
      for (const auto& [service, count] : visit.acts) acts += count;
      Increment(&out_["stages"][StageOf(visit)]);
    }
    out_["citizens"] = {{"page_views", page_views},
                        {"visitors", Visitors("*")},
                        {"visits", walk_.visits.size()},
                        {"bounces", bounces},
                        {"acts", acts}};
  }

  // How many attempts of a service, or ("*") of all, ended in one of the ways.
  uint64_t Attempts(const std::string& service, const std::set<std::string>& outcomes) const {
    return static_cast<uint64_t>(
        std::count_if(walk_.attempts.begin(), walk_.attempts.end(), [&](const Attempt& attempt) {
          return (service == "*" || attempt.service == service) &&
                 outcomes.count(attempt.outcome) > 0;
        }));
  }

  json AttemptRate(const std::string& service, const std::set<std::string>& outcomes) const {
    return RateOf(Attempts(service, outcomes),
                  Attempts(service, {"granted", "refused", "failed", "abandoned"}));
  }

  void AddRates() {
    const uint64_t visits = walk_.visits.size();
    const std::set<std::string> acting = {"interaction", "transaction", "participation"};
    json& rates = out_["rates"];
    rates["interaction"] = RateOf(ActingVisits(acting), visits);
    rates["completion"] = AttemptRate("*", {"granted", "refused"});
    const uint64_t participating = ActingVisits({"participation"});
    rates["participation"] = RateOf(participating, catalog_.given ? visits : 0);
    for (const char* tier : {"inform", "consult", "decide"}) {
      if (catalog_.given) {
        rates["participation"]["by_tier"][tier] = RateOf(VisitsOnTier(tier), visits);
      }
    }
    rates["participation"]["per_1000_residents"] = nullptr;
    if (catalog_.population) {
      rates["participation"]["per_1000_residents"] =
          static_cast<double>(participating) * 1000 / static_cast<double>(*catalog_.population);
    }
  }

  void AddServices() {
    out_["services"] = json::array();
    if (catalog_.given) {
      for (const Service& service : catalog_.services) AddService(service);
      return;
    }
    std::set<std::string> ids;
    for (const Request& request : requests_) ids.insert(request.service);
    for (const std::string& id : ids) {
      Service service;
      service.id = id;
      service.kind = "information";
      for (const Visit& visit : walk_.visits) {
        if (visit.acts.count(id) > 0) service.kind = "interaction";
      }
      AddService(service);
    }
  }

  void AddService(const Service& service) {
    uint64_t visits = 0;
    uint64_t acts = 0;
    uint64_t acting_visits = 0;
    for (const Visit& visit : walk_.visits) {
      visits += visit.viewed.count(service.id);
      const auto acted = visit.acts.find(service.id);
      if (acted == visit.acts.end()) continue;
      acts += acted->second;
      ++acting_visits;
    }
    json out = {{"id", service.id},
                {"kind", service.kind},
                {"requests", 0},
                {"page_views", 0},
                {"visits", visits},
                {"visitors", Visitors(service.id)},
                {"acts", acts},
                {"acting_visits", acting_visits},
                {"status", EmptyStatus(2)},
                {"attempts", nullptr},
                {"steps", json::array()},
                {"status_views", 0},
                {"completion_rate", AttemptRate(service.id, {"granted", "refused"})},
                {"failure_rate", AttemptRate(service.id, {"failed"})},
                {"abandonment_rate", AttemptRate(service.id, {"abandoned"})},
                {"time_to_complete_s", {{"count", 0}}}};
    for (const Request& request : requests_) {
      if (request.service != service.id) continue;
      Increment(&out["requests"]);
      if (request.page_view) Increment(&out["page_views"]);
      CountStatus(request.status, &out["status"]);
      const bool asks = request.route != nullptr && request.route->role == Role::kStatus;
      if (asks && request.page_view) Increment(&out["status_views"]);
    }
    if (service.kind != "information") out["interaction_rate"] = RateOf(acting_visits, visits);
    if (service.kind == "transaction") AddAttempts(service, &out);
    out_["services"].push_back(std::move(out));
  }

  void AddAttempts(const Service& service, json* out) {
    json& attempts = (*out)["attempts"];
    const std::string& id = service.id;
    attempts["started"] = Attempts(id, {"granted", "refused", "failed", "abandoned", "open"});
    for (const char* outcome : {"granted", "refused", "failed", "abandoned", "open"}) {
      attempts[outcome] = Attempts(id, {outcome});
    }
    const auto without = walk_.without_start.find(id);
    attempts["without_start"] = without == walk_.without_start.end() ? 0 : without->second;
    attempts["recovered"] = 0;
    for (const std::string& name : service.step_names) {
      (*out)["steps"].push_back({{"name", name}, {"reached", 0}, {"left_after_error", 0}});
    }
    json& time = (*out)["time_to_complete_s"];
    time["max"] = nullptr;
    for (const Attempt& attempt : walk_.attempts) {
      if (attempt.service != id) continue;
      for (size_t k = 0; k < attempt.furthest; ++k) Increment(&(*out)["steps"][k]["reached"]);
      if (attempt.outcome == "failed") {
        Increment(&(*out)["steps"][attempt.furthest - 1]["left_after_error"]);
      }
      if (attempt.outcome != "granted" && attempt.outcome != "refused") continue;
      if (attempt.had_error) Increment(&attempts["recovered"]);
      Increment(&time["count"]);
      const double taken =
          static_cast<double>(std::max<int64_t>(0, attempt.end_s - attempt.start_s));
      time["max"] = time["max"].is_null() ? taken : std::max(taken, time["max"].get<double>());
    }
  }

  void AddTops() {
    std::map<std::string, uint64_t> pages, not_found, server_errors, unclassified;
    for (const Request& request : requests_) {
      const std::string& path = request.target.path;
      if (request.page_view) ++pages[path];
      if (request.status == 404) ++not_found[path];
      if (request.status / 100 == 5) ++server_errors[path];
      if (request.service.empty()) ++unclassified[path];
    }
    out_["top"] = {{"pages", TopTen(pages)},
                   {"not_found", TopTen(not_found)},
                   {"server_errors", TopTen(server_errors)}};
    out_["unclassified"]["top_paths"] = TopTen(unclassified);
  }

  const Catalog catalog_;
  std::vector<std::pair<int64_t, int>> records_;  // time and status
  std::vector<Request> requests_;
  Walk walk_;
  json out_;
};

}  // namespace

json OracleAnalysis(const std::string& catalog_toml,
                    const std::vector<std::pair<std::string, std::string>>& logs) {
  return Analysis(catalog_toml).Run(logs);
}

}  // namespace civlog::oracle
