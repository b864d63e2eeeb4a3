#include "tests/oracle/oracle_requests.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "tests/oracle/oracle_counts.h"
#include "tests/oracle/oracle_log.h"

namespace civlog::oracle {
namespace {

using nlohmann::json;

constexpr int64_t kLatenessSeconds = 60;

// Names by which robots are told, of those that the random logs use.
constexpr std::array<std::pair<const char*, const char*>, 12> kRobots = {{
    {"Googlebot/", "search_engine"},
    {"Yeti", "search_engine"},
    {"Daum/", "search_engine"},
    {"GPTBot", "ai_crawler"},
    {"curl/", "http_library"},
    {"python-requests", "http_library"},
    {"UptimeRobot", "monitor"},
    {"AhrefsBot", "seo"},
    {"facebookexternalhit", "social_preview"},
    {"Feedly", "feed_reader"},
    {"CensysInspect/", "scanner"},
    {"HeadlessChrome", "automation"},
}};

// Beginnings of paths that only those who look for holes ask for.
constexpr std::array kProbes = {"/.env", "/wp-login.php", "/.git/"};

constexpr std::array kAssets = {"css", "js", "png", "ico", "woff2", "svg", "mp4"};

const std::array kClasses = {"search_engine", "ai_crawler",  "monitor",        "seo",
                             "scanner",       "advertising", "social_preview", "feed_reader",
                             "http_library",  "archiver",    "academic",       "automation",
                             "other_bot",     "no_agent"};

// "access.log.2" is older than "access.log.1", that than "access.log".
std::tuple<std::string, int64_t> RotationOrder(const std::string& name) {
  static const RE2 rotated(R"((.*)\.(\d{1,9}))");
  std::string base;
  int64_t number = 0;
  if (RE2::FullMatch(name, rotated, &base, &number)) return {base, -number};
  return {name, 0};
}

class RequestReader {
 public:
  explicit RequestReader(const Catalog& catalog) : catalog_(catalog) { Prepare(); }

  Requests Read(const std::vector<std::pair<std::string, std::string>>& logs) {
    using Rank = std::tuple<int64_t, std::tuple<std::string, int64_t>>;
    std::vector<std::pair<Rank, ReadLog>> ranked;
    for (const auto& [name, text] : logs) {
      ReadLog log = ReadWholeLog(text);
      AddLineCounts(log);
      if (log.records.empty()) continue;
      ranked.push_back({{log.records.front().time_s, RotationOrder(name)}, std::move(log)});
    }
    std::sort(ranked.begin(), ranked.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t source = 0; source < ranked.size(); ++source) {
      AddRecords(ranked[source].second.records, source);
    }
    return std::move(out_);
  }

 private:
  void Prepare() {
    out_.counts["lines"] = {{"read", 0}, {"blank", 0}, {"directive", 0}, {"records", 0}};
    out_.counts["lines"]["rejected"]["total"] = 0;
    for (const char* reason : {"truncated", "bad_time", "bad_status", "bad_number", "no_match"}) {
      out_.counts["lines"]["rejected"][reason] = 0;
    }
    for (const char* bucket :
         {"counted", "unreadable_request", "outside_portal", "asset", "late"}) {
      out_.counts["records"][bucket] = 0;
    }
    out_.counts["records"]["not_citizen"]["total"] = 0;
    for (const char* name : kClasses) out_.counts["records"]["not_citizen"][name] = 0;
    out_.counts["traffic"] = {{"requests", 0}, {"bytes_sent", 0}, {"status", EmptyStatus(1)}};
    out_.counts["unclassified"]["requests"] = 0;
  }

  void AddLineCounts(const ReadLog& log) {
    json& lines = out_.counts["lines"];
    Add(log.lines, &lines["read"]);
    Add(log.blank, &lines["blank"]);
    Add(log.records.size(), &lines["records"]);
    for (const auto& [reason, count] : log.rejected) {
      Add(count, &lines["rejected"]["total"]);
      Add(count, &lines["rejected"][reason]);
    }
  }

  void AddRecords(const std::vector<Record>& records, size_t source) {
    int64_t latest = std::numeric_limits<int64_t>::min() + kLatenessSeconds;
    for (size_t position = 0; position < records.size(); ++position) {
      const int64_t time_s = records[position].time_s;
      const bool late = time_s < latest - kLatenessSeconds;
      if (late) Increment(&out_.counts["records"]["late"]);
      Request request;
      request.key_s = late ? latest - kLatenessSeconds : time_s;
      request.source = source;
      request.position = position;
      request.time_s = time_s;
      Classify(records[position], std::move(request));
      latest = std::max(latest, time_s);
    }
  }

  std::string AgentClass(const std::optional<std::string>& agent) const {
    if (!agent) return "citizen";
    for (const auto& [name, pattern] : catalog_.audience) {
      if (RE2::PartialMatch(*agent, RE2(pattern))) return name;
    }
    for (const auto& [text, name] : kRobots) {
      if (agent->find(text) != std::string::npos) return name;
    }
    return agent->empty() ? "no_agent" : "citizen";
  }

  std::string AudienceOf(const Record& record, const Target& target) const {
    const std::string by_agent = AgentClass(record.agent);
    if (by_agent != "citizen" || catalog_.Claims(target.path)) return by_agent;
    const bool probe = std::any_of(kProbes.begin(), kProbes.end(), [&target](const char* path) {
      return target.path.starts_with(path);
    });
    return probe ? "scanner" : "citizen";
  }

  bool IsOutside(const Record& record, const Target& target) const {
    const std::string host = target.host.empty() ? record.host : target.host;
    const bool other_host =
        !catalog_.hosts.empty() && !host.empty() && catalog_.hosts.count(host) == 0;
    return other_host || catalog_.Ignores(record.client);
  }

  static bool IsAsset(const Target& target) {
    const std::string name = target.path.substr(target.path.rfind('/') + 1);
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos) return false;
    std::string ending = name.substr(dot + 1);
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::any_of(kAssets.begin(), kAssets.end(),
                       [&ending](const char* extension) { return ending == extension; });
  }

  void Classify(const Record& record, Request request) {
    out_.records.emplace_back(record.time_s, record.status);
    json& traffic = out_.counts["traffic"];
    Increment(&traffic["requests"]);
    Add(static_cast<uint64_t>(record.bytes), &traffic["bytes_sent"]);
    CountStatus(record.status, &traffic["status"]);
    request.status = record.status;
    SeenRecord seen;
    seen.host = record.host;
    seen.bytes = record.bytes;
    seen.audience = AgentClass(record.agent);
    seen.bucket = "unreadable_request";
    if (record.readable) {
      request.method = record.method;
      request.target = ReadTarget(record.target);
      if (!request.target.host.empty()) seen.host = request.target.host;
      Place(record, &request, &seen);
    }
    json& buckets = out_.counts["records"];
    if (seen.bucket == "not_citizen") {
      Increment(&buckets["not_citizen"][seen.audience]);
      Increment(&buckets["not_citizen"]["total"]);
    } else {
      Increment(&buckets[seen.bucket]);
    }
    seen.request = std::move(request);
    out_.seen.push_back(std::move(seen));
  }

  void Place(const Record& record, Request* request, SeenRecord* seen) {
    seen->bucket = "outside_portal";
    if (IsOutside(record, request->target)) return;
    seen->bucket = "not_citizen";
    seen->audience = AudienceOf(record, request->target);
    if (seen->audience != "citizen") return;
    seen->bucket = "asset";
    if (IsAsset(request->target)) return;
    seen->bucket = "counted";
    AddRequest(record, request);
  }

  void AddRequest(const Record& record, Request* request) {
    request->visitor = VisitorOf(record);
    request->route = catalog_.Find(request->method, request->target, request->time_s);
    request->service = ServiceOf(*request);
    const std::set<int> viewing = {200, 203, 206, 304};
    request->page_view = request->method == "GET" && viewing.count(request->status) > 0;
    if (request->service.empty()) Increment(&out_.counts["unclassified"]["requests"]);
    out_.counted.push_back(*request);
  }

  std::string VisitorOf(const Record& record) const {
    for (const std::string& identity : catalog_.identity) {
      if (identity == "user" && !record.user.empty()) return "user " + record.user;
      if (identity == "address+agent") break;
    }
    return "address " + record.client + " " + record.agent.value_or("");
  }

  std::string ServiceOf(const Request& request) const {
    if (catalog_.given) {
      return request.route == nullptr ? "" : catalog_.services[request.route->service].id;
    }
    const std::string& path = request.target.path;
    const std::string segment = path.substr(1, path.find('/', 1) - 1);
    return segment.empty() ? "/" : segment;
  }

  const Catalog& catalog_;
  Requests out_;
};

}  // namespace

Requests ReadRequests(const Catalog& catalog,
                      const std::vector<std::pair<std::string, std::string>>& logs) {
  return RequestReader(catalog).Read(logs);
}

}  // namespace civlog::oracle
