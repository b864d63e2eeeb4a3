#include "tests/oracle/oracle.h"

#define TOML_EXCEPTIONS 0
#include <re2/re2.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace civlog {
namespace {

using nlohmann::json;
using std::string;
using std::vector;

// ---- The catalogue --------------------------------------------------------------

struct OracleRoute {
  string method, path, regex;
  vector<std::pair<string, std::optional<string>>> query;
  string role;  // "member", "status", "step", "end", "error", "save", "resume", "act"
  size_t index = 0;
  std::optional<int64_t> from_s, until_s;
  vector<int> accepted;
};

struct OracleService {
  string id, kind, tier, department;
  bool strict = false;
  int64_t abandon_s = 1800;
  int64_t resume_s = -1;
  vector<string> steps;
  vector<string> outcomes;  // of `ends`
  vector<OracleRoute> routes;
};

struct OracleCatalog {
  bool given = false;
  absl::TimeZone zone = absl::UTCTimeZone();
  vector<string> hosts;
  string ignored_prefix;  // RandomPortal ignores networks of whole octets only
  bool by_user = false;
  int64_t timeout_s = 1800;
  double population = 0;
  vector<OracleService> services;
};

int64_t Seconds(const string& text) {
  const int64_t number = std::stoll(text);
  switch (text.back()) {
    case 'm':
      return number * 60;
    case 'h':
      return number * 3600;
    case 'd':
      return number * 86400;
    default:
      return number;
  }
}

vector<string> Split(const string& text, char by) {
  vector<string> parts;
  std::istringstream in(text);
  for (string part; std::getline(in, part, by);) parts.push_back(part);
  if (!text.empty() && text.back() == by) parts.push_back("");
  return parts;
}

OracleRoute ReadRoute(const string& text) {
  OracleRoute route;
  string rest = text;
  if (rest[0] != '/' && rest.rfind("re:", 0) != 0) {
    route.method = rest.substr(0, rest.find(' '));
    rest = rest.substr(rest.find(' ') + 1);
  }
  if (rest.rfind("re:", 0) == 0) {
    route.regex = rest.substr(3);
    return route;
  }
  route.path = rest.substr(0, rest.find('?'));
  if (rest.find('?') == string::npos) return route;
  for (const string& pair : Split(rest.substr(rest.find('?') + 1), '&')) {
    const size_t equals = pair.find('=');
    if (equals == string::npos) {
      route.query.push_back({pair, std::nullopt});
    } else {
      route.query.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
    }
  }
  return route;
}

string Text(const toml::node* node) {
  return node == nullptr ? string() : node->value_or(string());
}

void AddRoutes(const toml::table& table, const char* key, const string& role,
               const OracleCatalog& catalog, OracleService* service) {
  const toml::array* list = table.get_as<toml::array>(key);
  if (list == nullptr) return;
  vector<int> service_accepted;
  if (const toml::array* accepted = table.get_as<toml::array>("accepted")) {
    for (const toml::node& status : *accepted) service_accepted.push_back(status.value_or(0));
  }
  size_t index = 0;
  for (const toml::node& node : *list) {
    const toml::table* entry = node.as_table();
    OracleRoute route = ReadRoute(entry != nullptr ? Text(entry->get("route")) : Text(&node));
    route.role = role;
    route.index = index++;
    if (role != "member" && role != "status") route.accepted = service_accepted;
    if (entry != nullptr) {
      if (const toml::array* accepted = entry->get_as<toml::array>("accepted")) {
        route.accepted.clear();
        for (const toml::node& status : *accepted) route.accepted.push_back(status.value_or(0));
      }
      absl::CivilDay day;
      if (absl::ParseCivilTime(Text(entry->get("valid_from")), &day)) {
        route.from_s = absl::ToUnixSeconds(absl::FromCivil(day, catalog.zone));
      }
      if (absl::ParseCivilTime(Text(entry->get("valid_until")), &day)) {
        route.until_s = absl::ToUnixSeconds(absl::FromCivil(day + 1, catalog.zone));
      }
      if (role == "step") service->steps.push_back(Text(entry->get("name")));
      if (role == "end") {
        const string outcome = Text(entry->get("outcome"));
        service->outcomes.push_back(outcome.empty() ? "granted" : outcome);
      }
    }
    service->routes.push_back(route);
  }
}

OracleCatalog ReadCatalog(const string& text) {
  OracleCatalog catalog;
  if (text.empty()) return catalog;
  catalog.given = true;
  const toml::parse_result parsed = toml::parse(text);
  const toml::table& root = parsed.table();
  if (const toml::table* portal = root.get_as<toml::table>("portal")) {
    if (portal->contains("time_zone")) {
      absl::LoadTimeZone(Text(portal->get("time_zone")), &catalog.zone);
    }
    if (portal->contains("visit_timeout")) {
      catalog.timeout_s = Seconds(Text(portal->get("visit_timeout")));
    }
    if (const auto* population = portal->get("population")) {
      catalog.population = static_cast<double>(population->value_or(int64_t{0}));
    }
    if (const toml::array* hosts = portal->get_as<toml::array>("hosts")) {
      for (const toml::node& host : *hosts) catalog.hosts.push_back(Text(&host));
    }
    if (const toml::array* ignored = portal->get_as<toml::array>("ignore_addresses")) {
      const string network = Text(ignored->get(0));  // a.b.c.0/24
      catalog.ignored_prefix = network.substr(0, network.rfind('.') + 1);
    }
    if (const toml::array* identity = portal->get_as<toml::array>("identity")) {
      catalog.by_user = Text(identity->get(0)) == "user";
    }
  }
  const toml::array* services = root.get_as<toml::array>("service");
  if (services == nullptr) return catalog;
  for (const toml::node& node : *services) {
    const toml::table& table = *node.as_table();
    OracleService service;
    service.id = Text(table.get("id"));
    service.kind = Text(table.get("kind"));
    service.tier = Text(table.get("tier"));
    service.department = Text(table.get("department"));
    service.strict = table.contains("strict") && table.get("strict")->value_or(false);
    if (table.contains("abandon_after")) {
      service.abandon_s = Seconds(Text(table.get("abandon_after")));
    }
    if (table.contains("resume_within")) {
      service.resume_s = Seconds(Text(table.get("resume_within")));
    }
    AddRoutes(table, "routes", "member", catalog, &service);
    AddRoutes(table, "status", "status", catalog, &service);
    AddRoutes(table, "steps", "step", catalog, &service);
    AddRoutes(table, "ends", "end", catalog, &service);
    AddRoutes(table, "errors", "error", catalog, &service);
    AddRoutes(table, "save", "save", catalog, &service);
    AddRoutes(table, "resume", "resume", catalog, &service);
    AddRoutes(table, "acts", "act", catalog, &service);
    catalog.services.push_back(service);
  }
  return catalog;
}

// ---- Paths and routes -----------------------------------------------------------

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

string Normal(const string& path) {
  string out;
  for (size_t i = 0; i < path.size(); ++i) {
    string lower = path.substr(i, 12);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == ";jsessionid=") {
      while (i + 1 < path.size() && path[i + 1] != '/' && path[i + 1] != ';') ++i;
      continue;
    }
    if (path[i] == '%' && i + 2 < path.size() && HexValue(path[i + 1]) >= 0 &&
        HexValue(path[i + 2]) >= 0) {
      const char byte = static_cast<char>(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2]));
      if (std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
          string("-._~").find(byte) != string::npos) {
        out += byte;
      } else {
        out += '%';
        out += static_cast<char>(std::toupper(path[i + 1]));
        out += static_cast<char>(std::toupper(path[i + 2]));
      }
      i += 2;
      continue;
    }
    if (path[i] == '/' && !out.empty() && out.back() == '/') continue;
    out += path[i];
  }
  return out.empty() ? "/" : out;
}

string PlusDecoded(const string& text) {
  string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool Capture(const string& segment) { return segment[0] == '{' || segment == "*"; }

bool PathMatches(const vector<string>& pattern, size_t p, const vector<string>& path, size_t s) {
  if (p == pattern.size()) return s == path.size();
  if (pattern[p] == "**") return true;
  if (s == path.size()) return false;
  const bool fits =
      !pattern[p].empty() && Capture(pattern[p]) ? !path[s].empty() : pattern[p] == path[s];
  return fits && PathMatches(pattern, p + 1, path, s + 1);
}

vector<string> Segments(const string& path) { return Split(path.substr(1) + "/", '/'); }

bool PathFits(const OracleRoute& route, const string& path) {
  if (!route.regex.empty()) return RE2::PartialMatch(path, route.regex);
  vector<string> pattern = Segments(route.path);
  vector<string> segments = Segments(path);
  pattern.pop_back();
  segments.pop_back();
  return PathMatches(pattern, 0, segments, 0);
}

// Smaller is more specific.
auto Specificity(const OracleRoute& route) {
  vector<int> classes;
  const bool rest = route.path.size() >= 2 && route.path.substr(route.path.size() - 2) == "**";
  if (route.regex.empty()) {
    vector<string> pattern = Segments(route.path);
    pattern.pop_back();
    for (const string& segment : pattern) {
      classes.push_back(segment == "**" ? 2 : !segment.empty() && Capture(segment) ? 1 : 0);
    }
  }
  // A longer pattern with the same beginning is the more specific one.
  classes.push_back(3);
  return std::make_tuple(!route.regex.empty() ? 1
                         : rest               ? 2
                                              : 0,
                         classes, -static_cast<int>(route.query.size()), route.method.empty(),
                         !route.from_s && !route.until_s, route.role == "member");
}

bool RequestFits(const OracleRoute& route, const string& method, const string& query, int64_t t) {
  if (!route.method.empty() && route.method != method) return false;
  if (route.from_s && t < *route.from_s) return false;
  if (route.until_s && t >= *route.until_s) return false;
  for (const auto& [key, value] : route.query) {
    bool found = false;
    for (const string& pair : Split(query, '&')) {
      const string k = PlusDecoded(pair.substr(0, pair.find('=')));
      const string v =
          pair.find('=') == string::npos ? string() : PlusDecoded(pair.substr(pair.find('=') + 1));
      found = found || (k == key && (!value || v == *value));
    }
    if (!found) return false;
  }
  return true;
}

// ---- Lines ----------------------------------------------------------------------

struct Record {
  int64_t t = 0;  // seconds
  int64_t order = 0;
  size_t rank = 0, line = 0;
  string host, client, user, method, target, agent;
  bool has_agent = false;
  bool readable = false;
  int status = 0;
  int64_t bytes = 0;
  // What was decided.
  string bucket;
  int service = -1;
  const OracleRoute* route = nullptr;
  string path;
  bool page_view = false, accepted = false;
};

bool Digits(const string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == string::npos;
}

// "" or the reason.
string ReadLine(string line, Record* r) {
  static const RE2 shape(
      R"re((?:([^: ]+):(\d+) )?(\S+) (\S+) (.*?) \[([^\]]*)\] "((?:[^"\\]|\\.)*)" (\S+) (\S+)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"?)?)re");
  static const RE2 timed(R"re((?:[^: ]+:\d+ )?\S+ \S+ .*? \[([^\]]*)\].*)re");
  string port, ident, time, request, status, bytes, referrer, agent;
  std::optional<string> host, ref, ua;
  re2::StringPiece agent_piece;
  absl::Time parsed;
  string error;
  const auto is_time = [&](const string& text) {
    return absl::ParseTime("%d/%b/%Y:%H:%M:%S %z", text, &parsed, &error);
  };
  string whole_host;
  const bool fits = RE2::FullMatch(line, shape, &whole_host, &port, &r->client, &ident, &r->user,
                                   &time, &request, &status, &bytes, &referrer, &agent_piece);
  if (!fits) {
    if (!RE2::FullMatch(line, timed, &time)) return "no_match";
    return is_time(time) ? "truncated" : "bad_time";
  }
  if (!is_time(time)) return "bad_time";
  if (!Digits(status) || status.size() != 3) return "bad_status";
  if (bytes != "-" && !Digits(bytes)) return "bad_number";
  r->t = absl::ToUnixSeconds(parsed);
  r->host = whole_host;
  r->has_agent = agent_piece.data() != nullptr;
  r->agent = string(agent_piece);
  if (r->agent == "-") r->agent.clear();
  if (r->user == "-") r->user.clear();
  r->status = std::stoi(status);
  r->bytes = bytes == "-" ? 0 : std::stoll(bytes);
  static const RE2 readable(R"(([A-Za-z]+) (\S+)(?: HTTP/\d\S*)?)");
  static const RE2 spaced(R"(([A-Za-z]+) (.+) HTTP/\d\S*)");
  r->readable = RE2::FullMatch(request, readable, &r->method, &r->target) ||
                RE2::FullMatch(request, spaced, &r->method, &r->target);
  return "";
}

// ---- Figures --------------------------------------------------------------------

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
  void Decide(Record* r);
  void DecideService(Record* r);
  void WalkVisitors();
  void WalkVisitor(const string& who, const vector<const Record*>& records);
  void CloseVisit();
  void CloseAttempts(int64_t now, bool at_end);
  void Transact(const Record& r);
  void End(const Record& r, bool granted, size_t reached);
  void Act(const Record& r);
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
  vector<Record> records_;
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
  vector<vector<Record>> sources(logs.size());
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
      Record record;
      const string reason = ReadLine(line, &record);
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
    for (Record& record : sources[i]) {
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
  std::stable_sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
    return std::make_tuple(a.order, a.rank, a.line) < std::make_tuple(b.order, b.rank, b.line);
  });
}

void Oracle::Decide(Record* r) {
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

void Oracle::DecideService(Record* r) {
  const size_t question = r->target.find('?');
  const string query = question == string::npos ? "" : r->target.substr(question + 1);
  r->path = Normal(r->target.substr(0, question));
  bool claimed = false;
  for (size_t s = 0; s < catalog_.services.size(); ++s) {
    for (const OracleRoute& route : catalog_.services[s].routes) {
      if (!PathFits(route, r->path)) continue;
      claimed = true;
      if (!RequestFits(route, r->method, query, r->t)) continue;
      if (r->route != nullptr && Specificity(*r->route) <= Specificity(route)) continue;
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

void Oracle::Act(const Record& r) {
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

void Oracle::End(const Record& r, bool granted, size_t reached) {
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

void Oracle::Transact(const Record& r) {
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
void Oracle::WalkVisitor(const string& who, const vector<const Record*>& records) {
  in_visit_ = false;
  open_.clear();
  completed_.clear();
  acted_.clear();
  last_ = records[0]->t;
  int64_t last_order = records[0]->order;
  for (const Record* r : records) {
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
  std::map<string, vector<const Record*>> by_visitor;
  std::set<std::pair<string, int>> visitors;
  for (const Record& r : records_) {
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
    std::map<int, vector<const Record*>> chains;
    for (const Record* r : records) {
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
  for (Record& r : records_) {
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
  return Oracle(ReadCatalog(catalog_toml)).Run(logs);
}

}  // namespace civlog
