#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/oracle/oracle_catalog.h"
#include "tests/oracle/oracle_log.h"

namespace civlog {
namespace {

using nlohmann::json;
using std::string;
using std::vector;

json RateOf(uint64_t numerator, uint64_t denominator) {
  json rate = {{"value", nullptr}, {"numerator", numerator}, {"denominator", denominator}};
  if (denominator > 0) {
    rate["value"] = static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  return rate;
}

struct Attempt {
  int64_t start = 0;
  size_t furthest = 1;
  bool failing = false, had_error = false, saved = false;
};

struct ServiceSums {
  std::map<string, uint64_t> n;
  std::map<string, uint64_t> attempts;
  std::map<int, uint64_t> status;
  std::set<std::pair<string, int>> visitors;
  vector<uint64_t> furthest = vector<uint64_t>(300), left_after_error = vector<uint64_t>(300);
  uint64_t completed_count = 0;
};

class Oracle {
 public:
  explicit Oracle(OracleCatalog catalog) : catalog_(std::move(catalog)) {}

  json Run(const vector<std::pair<string, string>>& logs);

 private:
  void ReadLogs(const vector<std::pair<string, string>>& logs);
  void Decide(OracleRecord* r);
  void DecideService(OracleRecord* r);
  void WalkVisitors();
  void WalkVisitor(const string& who, const vector<const OracleRecord*>& records);
  void CloseVisit();
  void CloseAttempts(int64_t now, bool at_end);
  void Transact(const OracleRecord& r);
  void End(const OracleRecord& r, bool granted, size_t reached);
  void Act(const OracleRecord& r);
  int WeekOf(int64_t t) const {
    const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixSeconds(t), catalog_.zone);
    return static_cast<int>((day - absl::CivilDay(1969, 12, 29)) / 7);
  }
  int64_t WeekBegan(int64_t t) const {
    return absl::ToUnixSeconds(
        absl::FromCivil(absl::CivilDay(1969, 12, 29) + 7 * WeekOf(t), catalog_.zone));
  }
  // The first instant of the hour of the portal's clock that `t` is in.
  int64_t HourOf(int64_t t) const {
    const int64_t offset = catalog_.zone.At(absl::FromUnixSeconds(t)).offset;
    const int64_t local = t + offset;
    return local - ((local % 3600) + 3600) % 3600 - offset;
  }
  string Show(int64_t t) const {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", absl::FromUnixSeconds(t), catalog_.zone);
  }
  json Top(const std::map<string, uint64_t>& counts) const;
  json Services();

  OracleCatalog catalog_;
  std::map<string, int> segments_;  // without a catalogue
  vector<string> segment_names_;
  vector<OracleRecord> records_;
  uint64_t lines_ = 0, blank_ = 0, late_ = 0;
  std::map<string, uint64_t> rejected_;
  int64_t data_end_ = 0;
  std::map<int, ServiceSums> services_;
  std::map<string, uint64_t> sums_;
  std::map<int64_t, uint64_t> hour_visits_;

  // Of the visitor being walked.
  bool in_visit_ = false;
  int64_t visit_start_ = 0, last_ = 0;
  uint64_t visit_views_ = 0, visit_acts_ = 0, visit_completions_ = 0;
  bool interactive_ = false, participated_ = false;
  std::set<string> tiers_, departments_;
  std::map<int, uint64_t> viewed_;  // service -> acts
  std::map<int, Attempt> open_;
  std::map<int, int64_t> completed_;
  std::map<std::pair<const void*, string>, int64_t> acted_;
};

void Oracle::ReadLogs(const vector<std::pair<string, string>>& logs) {
  vector<std::pair<int64_t, string>> order;
  vector<vector<OracleRecord>> sources(logs.size());
  for (size_t i = 0; i < logs.size(); ++i) {
    size_t number = 0;
    string text = logs[i].second;
    while (!text.empty()) {
      const size_t end = text.find('\n');
      string line = text.substr(0, end);
      text = end == string::npos ? "" : text.substr(end + 1);
      ++lines_;
      ++number;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (line.find_first_not_of(" \t") == string::npos) {
        ++blank_;
        continue;
      }
      OracleRecord record;
      const string reason = ReadOracleLine(line, &record);
      if (!reason.empty()) {
        ++rejected_[reason];
        continue;
      }
      record.line = number;
      sources[i].push_back(record);
    }
    order.emplace_back(sources[i].empty() ? INT64_MIN : sources[i][0].t, logs[i].first);
  }
  vector<std::pair<int64_t, string>> ranks = order;
  std::sort(ranks.begin(), ranks.end());
  for (size_t i = 0; i < logs.size(); ++i) {
    const auto rank =
        static_cast<size_t>(std::find(ranks.begin(), ranks.end(), order[i]) - ranks.begin());
    std::optional<int64_t> latest;
    for (OracleRecord& record : sources[i]) {
      record.rank = rank;
      record.order = record.t;
      if (latest && record.t < *latest - 60) {
        ++late_;
        record.order = *latest - 60;
      }
      latest = latest ? std::max(*latest, record.t) : record.t;
      records_.push_back(record);
    }
  }
  std::stable_sort(
      records_.begin(), records_.end(), [](const OracleRecord& a, const OracleRecord& b) {
        return std::make_tuple(a.order, a.rank, a.line) < std::make_tuple(b.order, b.rank, b.line);
      });
}

void Oracle::Decide(OracleRecord* r) {
  r->bucket = "counted";
  if (!r->readable) {
    r->bucket = "unreadable_request";
    return;
  }
  const bool listed = catalog_.hosts.empty() || r->host.empty() ||
                      std::count(catalog_.hosts.begin(), catalog_.hosts.end(), r->host) > 0;
  const bool ignored =
      !catalog_.ignored_prefix.empty() && r->client.rfind(catalog_.ignored_prefix, 0) == 0;
  if (!listed || ignored) {
    r->bucket = "outside_portal";
    return;
  }
  static const std::map<string, string> robots = {{"Googlebot", "search_engine"},
                                                  {"GPTBot", "ai_crawler"},
                                                  {"curl/", "http_library"},
                                                  {"UptimeRobot", "monitor"}};
  if (r->has_agent && r->agent.empty()) r->bucket = "no_agent";
  for (const auto& [name, audience] : robots) {
    if (r->has_agent && r->agent.find(name) != string::npos) r->bucket = audience;
  }
  if (r->bucket != "counted") return;
  DecideService(r);
}

void Oracle::DecideService(OracleRecord* r) {
  const size_t question = r->target.find('?');
  const string query = question == string::npos ? "" : r->target.substr(question + 1);
  r->path = OracleNormalPath(r->target.substr(0, question));
  bool claimed = false;
  for (size_t s = 0; s < catalog_.services.size(); ++s) {
    for (const OracleRoute& route : catalog_.services[s].routes) {
      if (!OraclePathFits(route, r->path)) continue;
      claimed = true;
      if (!OracleRequestFits(route, r->method, query, r->t)) continue;
      if (r->route != nullptr && !OracleMoreSpecific(route, *r->route)) continue;
      r->route = &route;
      r->service = static_cast<int>(s);
    }
  }
  const string last = r->path.substr(r->path.rfind('/') + 1);
  const bool asset = last.size() >= 4 && (last.substr(last.size() - 4) == ".css" ||
                                          last.substr(last.size() - 4) == ".png");
  if (!claimed && r->path.find("/.env") != string::npos) {
    r->bucket = "scanner";
  } else if (asset) {
    r->bucket = "asset";
  }
  if (r->bucket != "counted") {
    r->service = -1;
    return;
  }
  if (!catalog_.given) {
    const string segment = r->path == "/" ? "/" : r->path.substr(1, r->path.find('/', 1) - 1);
    if (segments_.emplace(segment, segments_.size()).second) segment_names_.push_back(segment);
    r->service = segments_[segment];
  }
  const int status = r->status;
  r->page_view =
      r->method == "GET" && (status == 200 || status == 203 || status == 206 || status == 304);
  if (r->route != nullptr && !r->route->accepted.empty()) {
    r->accepted = std::count(r->route->accepted.begin(), r->route->accepted.end(), status) > 0;
  } else if (r->method == "GET") {
    r->accepted = status == 200 || status == 304;
  } else if (r->method == "POST" || r->method == "PUT" || r->method == "PATCH" ||
             r->method == "DELETE") {
    r->accepted = (status >= 200 && status <= 299) || (status >= 301 && status <= 303) ||
                  status == 307 || status == 308;
  }
}

void Oracle::CloseVisit() {
  if (!in_visit_) return;
  in_visit_ = false;
  ++sums_["visits"];
  ++hour_visits_[HourOf(visit_start_)];
  if (visit_views_ == 1 && visit_acts_ == 0) ++sums_["bounces"];
  sums_["acts"] += visit_acts_;
  if (interactive_ || visit_completions_ > 0) ++sums_["interacting"];
  if (participated_) ++sums_["participating"];
  for (const string& tier : tiers_) ++sums_["tier " + tier];
  ++sums_[departments_.size() >= 2 ? "seamless"
          : visit_completions_ > 0 ? "transactional"
          : interactive_           ? "interactive"
                                   : "enhanced"];
  for (const auto& [service, acts] : viewed_) {
    ++services_[service].n["visits"];
    services_[service].n["acts"] += acts;
    if (acts > 0) ++services_[service].n["acting_visits"];
  }
  visit_views_ = visit_acts_ = visit_completions_ = 0;
  interactive_ = participated_ = false;
  tiers_.clear();
  departments_.clear();
  viewed_.clear();
}

void Oracle::CloseAttempts(int64_t now, bool at_end) {
  for (auto it = open_.begin(); it != open_.end();) {
    const OracleService& service = catalog_.services[static_cast<size_t>(it->first)];
    const Attempt& attempt = it->second;
    const int64_t limit = attempt.saved ? service.resume_s : service.abandon_s;
    ServiceSums& sums = services_[it->first];
    if (now - last_ > limit) {
      ++sums.attempts[attempt.failing ? "failed" : "abandoned"];
      ++sums.furthest[attempt.furthest];
      if (attempt.failing) ++sums.left_after_error[attempt.furthest];
    } else if (at_end) {
      ++sums.attempts["open"];
      ++sums.furthest[attempt.furthest];
    } else {
      ++it;
      continue;
    }
    it = open_.erase(it);
  }
}

void Oracle::Act(const OracleRecord& r) {
  ++visit_acts_;
  ++viewed_[r.service];
  const string kind =
      catalog_.given ? catalog_.services[static_cast<size_t>(r.service)].kind : "interaction";
  if (kind == "interaction" || kind == "participation") interactive_ = true;
  if (kind == "participation") {
    participated_ = true;
    tiers_.insert(catalog_.services[static_cast<size_t>(r.service)].tier);
  }
}

void Oracle::End(const OracleRecord& r, bool granted, size_t reached) {
  const auto open = open_.find(r.service);
  ServiceSums& sums = services_[r.service];
  if (open == open_.end()) {
    const auto completed = completed_.find(r.service);
    if (completed != completed_.end() && r.t - completed->second <= 1800) return;
    ++sums.attempts["without_start"];
    return;
  }
  Attempt attempt = open->second;
  open_.erase(open);
  attempt.furthest = std::max(attempt.furthest, reached);
  ++sums.attempts[granted ? "granted" : "refused"];
  if (attempt.had_error) ++sums.attempts["recovered"];
  ++sums.furthest[attempt.furthest];
  ++sums.completed_count;
  completed_[r.service] = r.t;
  ++visit_completions_;
  departments_.insert(catalog_.services[static_cast<size_t>(r.service)].department);
  Act(r);
}

void Oracle::Transact(const OracleRecord& r) {
  const OracleService& service = catalog_.services[static_cast<size_t>(r.service)];
  const string& role = r.route->role;
  const auto open = open_.find(r.service);
  const bool is_open = open != open_.end();
  if (role == "error" || (role == "step" && r.status >= 500 && r.status <= 599)) {
    if (is_open) open->second.failing = open->second.had_error = true;
    return;
  }
  if (!r.accepted) return;
  if (role == "save" && is_open && service.resume_s >= 0) open->second.saved = true;
  if (role == "end") return End(r, service.outcomes[r.route->index] == "granted", 0);
  if (role != "step") return;
  const size_t step = r.route->index + 1;
  const bool last = step == service.steps.size();
  if (!is_open) {
    if (last) return End(r, true, step);
    if (step == 1) {
      open_[r.service].start = r.t;
      ++services_[r.service].attempts["started"];
    }
    return;
  }
  if (service.strict && step > open->second.furthest + 1) return;
  open->second.failing = false;
  open->second.furthest = std::max(open->second.furthest, step);
  if (last) End(r, true, step);
}

// `records` are one visitor's, in order, as long as the key finds them again.
void Oracle::WalkVisitor(const string& who, const vector<const OracleRecord*>& records) {
  in_visit_ = false;
  open_.clear();
  completed_.clear();
  acted_.clear();
  last_ = records[0]->t;
  int64_t last_order = records[0]->order;
  for (const OracleRecord* r : records) {
    if (r->order - last_order > std::max<int64_t>(catalog_.timeout_s, 1800)) {
      CloseVisit();
      CloseAttempts(r->order, false);
      completed_.clear();
      acted_.clear();
    }
    last_order = r->order;
    CloseAttempts(r->t, false);
    if (in_visit_ && r->t - last_ > catalog_.timeout_s) CloseVisit();
    if (!in_visit_) {
      in_visit_ = true;
      visit_start_ = r->t;
    }
    last_ = std::max(last_, r->t);
    if (r->page_view) ++visit_views_;
    if (r->service < 0) continue;
    viewed_.emplace(r->service, 0);
    services_[r->service].visitors.insert({who, WeekOf(r->t)});
    const bool transaction =
        catalog_.given && catalog_.services[static_cast<size_t>(r->service)].kind == "transaction";
    if (transaction) {
      Transact(*r);
      continue;
    }
    const bool act = catalog_.given ? r->route->role == "act" && r->accepted
                                    : r->method == "POST" && r->accepted;
    if (!act) continue;
    const auto key = std::make_pair(static_cast<const void*>(r->route),
                                    std::to_string(r->service) + " " + r->path);
    const auto before = acted_.find(key);
    const bool again = before != acted_.end() && r->t - before->second <= 30;
    acted_[key] = r->t;
    if (!again) Act(*r);
  }
  CloseVisit();
  CloseAttempts(data_end_, true);
}

void Oracle::WalkVisitors() {
  std::map<string, vector<const OracleRecord*>> by_visitor;
  std::set<std::pair<string, int>> visitors;
  for (const OracleRecord& r : records_) {
    if (r.bucket != "counted") continue;
    const string who =
        catalog_.by_user && !r.user.empty() ? "user " + r.user : r.client + " " + r.agent;
    by_visitor[who].push_back(&r);
    visitors.insert({who, WeekOf(r.t)});
  }
  sums_["visitors"] = visitors.size();
  for (const auto& [who, records] : by_visitor) {
    // Chains of one visitor: a record continues the state of its own week, or, within
    // 48 hours of the week's beginning, that of the week before.
    std::map<int, vector<const OracleRecord*>> chains;
    for (const OracleRecord* r : records) {
      const int week = WeekOf(r->t);
      if (chains.count(week) == 0 && r->t - WeekBegan(r->t) < 48 * 3600 &&
          chains.count(week - 1) > 0) {
        chains[week] = std::move(chains[week - 1]);
        chains.erase(week - 1);
      }
      chains[week].push_back(r);
    }
    for (const auto& [week, chain] : chains) WalkVisitor(who, chain);
  }
}

json Oracle::Top(const std::map<string, uint64_t>& counts) const {
  vector<std::pair<string, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  json list = json::array();
  for (size_t i = 0; i < sorted.size() && i < 10; ++i) {
    list.push_back({{"path", sorted[i].first}, {"requests", sorted[i].second}});
  }
  return list;
}

json Oracle::Services() {
  json list = json::array();
  const size_t count = catalog_.given ? catalog_.services.size() : segment_names_.size();
  for (size_t s = 0; s < count; ++s) {
    ServiceSums& sums = services_[static_cast<int>(s)];
    json service = {{"id", catalog_.given ? catalog_.services[s].id : segment_names_[s]},
                    {"requests", sums.n["requests"]},
                    {"page_views", sums.n["page_views"]},
                    {"visits", sums.n["visits"]},
                    {"visitors", sums.visitors.size()},
                    {"acts", sums.n["acts"]},
                    {"acting_visits", sums.n["acting_visits"]},
                    {"attempts", nullptr}};
    for (const int c : {2, 3, 4, 5}) {
      service["status"][std::to_string(c) + "xx"] = sums.status[c];
    }
    if (catalog_.given && catalog_.services[s].kind == "transaction") {
      for (const char* name : {"started", "granted", "refused", "failed", "abandoned", "open",
                               "without_start", "recovered"}) {
        service["attempts"][name] = sums.attempts[name];
      }
      const uint64_t completed = sums.attempts["granted"] + sums.attempts["refused"];
      const uint64_t closed = sums.attempts["started"] - sums.attempts["open"];
      service["completion_rate"] = RateOf(completed, closed);
      sums_["completed"] += completed;
      sums_["closed"] += closed;
      service["time_to_complete_s"]["count"] = sums.completed_count;
      json steps = json::array();
      for (size_t k = 1; k <= catalog_.services[s].steps.size(); ++k) {
        uint64_t reached = 0;
        for (size_t f = k; f < sums.furthest.size(); ++f) reached += sums.furthest[f];
        steps.push_back({{"name", catalog_.services[s].steps[k - 1]},
                         {"reached", reached},
                         {"left_after_error", sums.left_after_error[k]}});
      }
      service["steps"] = steps;
    }
    list.push_back(service);
  }
  if (!catalog_.given) {
    std::sort(list.begin(), list.end(), [](const json& a, const json& b) {
      if (a["requests"] != b["requests"]) return a["requests"] > b["requests"];
      return a["id"] < b["id"];
    });
  }
  return list;
}

json Oracle::Run(const vector<std::pair<string, string>>& logs) {
  ReadLogs(logs);
  std::map<string, uint64_t> buckets, pages, not_found, server_errors, unclassified, status;
  std::map<int64_t, std::map<string, uint64_t>> hours;
  uint64_t bytes = 0, views = 0, unclassified_requests = 0;
  data_end_ = records_.empty() ? 0 : records_[0].t;
  for (OracleRecord& r : records_) {
    Decide(&r);
    data_end_ = std::max(data_end_, r.t);
    ++buckets[r.bucket];
    bytes += static_cast<uint64_t>(r.bytes);
    const int c = r.status / 100;
    if (c >= 1 && c <= 5) ++status[std::to_string(c) + "xx"];
    auto& hour = hours[HourOf(r.t)];
    ++hour["requests"];
    if (c == 5) ++hour["server_errors"];
    if (r.bucket != "counted") continue;
    if (r.page_view) ++hour["page_views"], ++views, ++pages[r.path];
    if (r.status == 404) ++not_found[r.path];
    if (c == 5) ++server_errors[r.path];
    if (r.service < 0) {
      ++unclassified_requests;
      ++unclassified[r.path];
      continue;
    }
    ServiceSums& sums = services_[r.service];
    ++sums.n["requests"];
    if (r.page_view) ++sums.n["page_views"];
    ++sums.status[c];
  }
  WalkVisitors();
  json report;
  uint64_t rejected = 0;
  for (const auto& [reason, count] : rejected_) rejected += count;
  report["lines"] = {{"read", lines_}, {"blank", blank_}, {"records", records_.size()}};
  report["lines"]["rejected"]["total"] = rejected;
  for (const char* reason : {"truncated", "bad_time", "bad_status", "bad_number", "no_match"}) {
    report["lines"]["rejected"][reason] = rejected_[reason];
  }
  uint64_t not_citizen = 0;
  for (const char* audience :
       {"search_engine", "ai_crawler", "http_library", "monitor", "scanner", "no_agent"}) {
    report["records"]["not_citizen"][audience] = buckets[audience];
    not_citizen += buckets[audience];
  }
  report["records"]["not_citizen"]["total"] = not_citizen;
  for (const char* bucket : {"counted", "unreadable_request", "outside_portal", "asset"}) {
    report["records"][bucket] = buckets[bucket];
  }
  report["records"]["late"] = late_;
  report["traffic"]["requests"] = records_.size();
  report["traffic"]["bytes_sent"] = bytes;
  for (const char* c : {"1xx", "2xx", "3xx", "4xx", "5xx"})
    report["traffic"]["status"][c] = status[c];
  report["citizens"] = {{"page_views", views},
                        {"visitors", sums_["visitors"]},
                        {"visits", sums_["visits"]},
                        {"bounces", sums_["bounces"]},
                        {"acts", sums_["acts"]}};
  report["services"] = Services();
  report["rates"]["interaction"] = RateOf(sums_["interacting"], sums_["visits"]);
  report["rates"]["completion"] = RateOf(sums_["completed"], sums_["closed"]);
  report["rates"]["participation"] =
      RateOf(sums_["participating"], catalog_.given ? sums_["visits"] : 0);
  for (const char* tier : {"inform", "consult", "decide"}) {
    if (catalog_.given) {
      report["rates"]["participation"]["by_tier"][tier]["numerator"] =
          sums_[string("tier ") + tier];
    }
  }
  for (const char* stage : {"enhanced", "interactive", "transactional", "seamless"}) {
    report["stages"][stage] = sums_[stage];
  }
  report["unclassified"] = {{"requests", unclassified_requests}, {"top_paths", Top(unclassified)}};
  report["top"] = {
      {"pages", Top(pages)}, {"not_found", Top(not_found)}, {"server_errors", Top(server_errors)}};
  report["hours"] = json::array();
  json gaps = json::array();
  std::optional<int64_t> end;
  for (auto& [hour, n] : hours) {
    report["hours"].push_back({{"hour", Show(hour)},
                               {"requests", n["requests"]},
                               {"visits", hour_visits_[hour]},
                               {"page_views", n["page_views"]},
                               {"server_errors", n["server_errors"]}});
    if (end && hour > *end) gaps.push_back({{"from", Show(*end)}, {"to", Show(hour)}});
    end = hour + 3600;
  }
  report["period"]["gaps"] = gaps;
  if (!records_.empty()) {
    report["period"]["from"] = Show(hours.begin()->first);
    report["period"]["to"] = Show(*end);
  }
  return report;
}

}  // namespace

json OracleAnalysis(const string& catalog_toml, const vector<std::pair<string, string>>& logs) {
  return Oracle(ReadOracleCatalog(catalog_toml)).Run(logs);
}

}  // namespace civlog
