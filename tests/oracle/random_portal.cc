#include "tests/oracle/random_portal.h"

#include <algorithm>
#include <initializer_list>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace civlog {
namespace {

using std::string;
using std::vector;

// SplitMix64 (Steele, Lea and Flood, 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // Uniform in [0, n).
  size_t Below(size_t n) { return static_cast<size_t>(Next() % n); }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  T Pick(std::initializer_list<T> choices) {
    return *(choices.begin() + static_cast<std::ptrdiff_t>(Below(choices.size())));
  }

 private:
  uint64_t state_;
};

constexpr const char* kPeople[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"};
constexpr const char* kRobots[] = {"Mozilla/5.0 (compatible; Googlebot/2.1)", "GPTBot/1.2",
                                   "curl/8.4.0", "UptimeRobot/2.0", "-"};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  RandomPortal Make() {
    RandomPortal portal;
    if (!random_.OneIn(8)) portal.catalog = Catalog();
    Logs(&portal);
    return portal;
  }

 private:
  string Catalog();
  string Service(size_t index);
  string Route(const string& base);
  string RouteList(const string& key, const string& base, size_t most);
  string Steps(const string& base);
  void Logs(RandomPortal* portal);
  string Target();
  string Line(int64_t t, bool vhost, bool combined);
  int Status() {
    return random_.Pick({200, 200, 200, 200, 302, 303, 304, 404, 500, 503, 206, 403, 307});
  }

  Random random_;
  vector<string> paths_ = {"/", "/news", "/news/", "/x/y"};
  absl::TimeZone zone_ = absl::UTCTimeZone();
};

// A route near `base`, and paths that it may match.
string Maker::Route(const string& base) {
  string method = random_.OneIn(3) ? random_.Pick({"GET ", "POST "}) : "";
  string path = base;
  string example = base;
  for (size_t depth = random_.Below(3); depth > 0; --depth) {
    const string literal = random_.Pick({"a", "b", "apply.do"});
    path += "/" + (random_.OneIn(4) ? string("{id}") : literal);
    example += "/" + literal;
  }
  if (random_.OneIn(12)) {
    paths_.push_back(example);
    return method + "re:^" + base + "/[ab]";
  }
  if (random_.OneIn(4)) path += "/**";
  paths_.push_back(example);
  if (random_.OneIn(4)) {
    const string value = random_.Pick({"1", "2", "3"});
    path += "?step=" + value;
    paths_.push_back(example + "?step=" + value);
  } else if (random_.OneIn(12)) {
    path += "?q";
    paths_.push_back(example + "?x=1&q=%31");
  }
  return method + path;
}

string Maker::RouteList(const string& key, const string& base, size_t most) {
  string text = key + " = [";
  for (size_t n = random_.Below(most + 1); n > 0; --n) {
    const string route = Route(base);
    if (random_.OneIn(6)) {
      text += "{ route = \"" + route + "\"";
      if (random_.OneIn(2)) text += ", valid_from = \"2026-03-30\"";
      if (random_.OneIn(2)) text += ", valid_until = \"2026-03-31\"";
      text += " }, ";
    } else {
      text += "\"" + route + "\", ";
    }
  }
  return text + "]\n";
}

string Maker::Steps(const string& base) {
  string text = "steps = [\n";
  const size_t count = 2 + random_.Below(3);
  for (size_t i = 0; i < count; ++i) {
    const string number = std::to_string(i + 1);
    const bool by_query = random_.OneIn(2);
    const string path = by_query ? base + "/apply.do?step=" + number : base + "/step" + number;
    const string method = random_.Pick({"", "GET ", "POST "});
    for (int n = 0; n < 4; ++n) paths_.push_back(path);
    text += "  { name = \"s" + number + "\", route = \"" + method + path + "\"";
    if (random_.OneIn(5)) text += ", accepted = [302, 303]";
    text += " },\n";
  }
  text += "]\n";
  if (random_.OneIn(2)) {
    text += "ends = [{ name = \"no\", route = \"" + base + "/no\", outcome = \"" +
            random_.Pick({"refused", "granted"}) + "\" }]\n";
    paths_.push_back(base + "/no");
  }
  if (random_.OneIn(2)) {
    text += "errors = [\"" + base + "/error\"]\n";
    paths_.push_back(base + "/error");
  }
  if (random_.OneIn(2)) {
    text += "save = [\"" + base + "/save\"]\n";
    paths_.push_back(base + "/save");
    if (!random_.OneIn(4))
      text += string("resume_within = \"") + random_.Pick({"2h", "1d", "3d"}) + "\"\n";
  }
  if (random_.OneIn(3)) text += string("abandon_after = \"") + random_.Pick({"5m", "2h"}) + "\"\n";
  if (random_.OneIn(4)) text += "strict = true\n";
  return text;
}

string Maker::Service(size_t index) {
  const string kind =
      random_.Pick({"information", "interaction", "transaction", "transaction", "participation"});
  const string base = random_.OneIn(5) ? "/s0" : "/s" + std::to_string(index);
  string text = "\n[[service]]\nid = \"svc" + std::to_string(index) + "\"\nkind = \"" + kind +
                "\"\ndepartment = \"" + random_.Pick({"A", "B"}) + "\"\n";
  text += RouteList("routes", base, 3);
  if (random_.OneIn(3)) text += RouteList("status", base, 1);
  if (kind == "transaction") {
    text += Steps(base);
  } else {
    text += RouteList("acts", base, 2);
  }
  if (kind == "participation")
    text += string("tier = \"") + random_.Pick({"inform", "consult", "decide"}) + "\"\n";
  if (random_.OneIn(6)) text += "accepted = [302]\n";
  return text;
}

string Maker::Catalog() {
  const string zone = random_.Pick({"Asia/Seoul", "Europe/Berlin", "America/New_York",
                                    "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"});
  absl::LoadTimeZone(zone, &zone_);
  string text = "[portal]\ntime_zone = \"" + zone + "\"\n";
  if (random_.OneIn(3))
    text += string("visit_timeout = \"") + random_.Pick({"10m", "45m"}) + "\"\n";
  if (random_.OneIn(3)) text += "hosts = [\"www.one.example\"]\n";
  if (random_.OneIn(4)) text += "ignore_addresses = [\"198.51.100.0/24\"]\n";
  if (random_.OneIn(3)) text += "identity = [\"user\", \"address+agent\"]\n";
  for (size_t i = 0, count = random_.Below(6); i < count; ++i) text += Service(i);
  return text;
}

string Maker::Target() {
  string target = paths_[random_.Below(paths_.size())];
  const size_t query = std::min(target.find('?'), target.size());
  switch (random_.Below(16)) {
    case 0:
      return target.insert(query, ";jsessionid=A1.b");
    case 1:
      return "/" + target;
    case 2:
      return target.insert(query, "/");
    case 3:
      return target + (query == target.size() ? "?" : "&") + "z=%7Ev";
    case 4:
      return target.insert(query, random_.Pick({".css", "/logo.png", "/%7e", "/%2f"}));
    case 5:
      return random_.OneIn(3) ? "/.env" : target;
    default:
      return target;
  }
}

string Maker::Line(int64_t t, bool vhost, bool combined) {
  switch (random_.Below(60)) {
    case 0:
      return "";
    case 1:
      return "garbage";
    case 2:
      return " \t";
    default:
      break;
  }
  const int offset = random_.Pick({0, 0, 9 * 3600, -5 * 3600 - 1800});
  string time = absl::FormatTime("%d/%b/%Y:%H:%M:%S %z", absl::FromUnixSeconds(t),
                                 absl::FixedTimeZone(offset));
  if (random_.OneIn(80)) time = "32/Mar/2026:00:00:00 +0000";
  string line = vhost ? random_.Pick({"www.one.example:80 ", "www.two.example:443 "}) : "";
  line += random_.Pick({"192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "198.51.100.7"});
  line +=
      string(" - ") + (random_.OneIn(3) ? random_.Pick({"kim", "lee"}) : "-") + " [" + time + "] ";
  string request = string(random_.Pick({"GET", "GET", "POST", "POST", "HEAD", "PUT"})) + " " +
                   Target() + " HTTP/1.1";
  if (random_.OneIn(40)) request = random_.Pick({"-", "\\x16\\x03", "GET", "GET /a b"});
  line += "\"" + request + "\" ";
  if (random_.OneIn(60)) return line;  // truncated
  line += random_.OneIn(80) ? "2x0" : std::to_string(Status());
  line += random_.OneIn(6) ? " -" : " " + std::to_string(random_.Below(5000));
  if (random_.OneIn(90)) line += "x";
  if (combined) {
    line += string(" \"-\" \"") +
            (random_.OneIn(8) ? kRobots[random_.Below(5)] : kPeople[random_.OneIn(4) ? 1 : 0]) +
            "\"";
  }
  return line;
}

void Maker::Logs(RandomPortal* portal) {
  const size_t sources = 1 + random_.Below(4);
  // Around the change to summer time, a week's end, or an ordinary day.
  const int64_t begin = absl::ToUnixSeconds(absl::FromCivil(
      random_.Pick(
          {absl::CivilSecond(2026, 3, 28, 22, 0, 0), absl::CivilSecond(2026, 3, 29, 22, 30, 0),
           absl::CivilSecond(2026, 10, 24, 23, 0, 0), absl::CivilSecond(2026, 6, 3, 9, 0, 0)}),
      zone_));
  vector<string> texts(sources);
  vector<bool> vhost, combined;
  vector<const char*> endings;
  for (size_t i = 0; i < sources; ++i) {
    vhost.push_back(random_.OneIn(3));
    combined.push_back(vhost.back() || !random_.OneIn(4));
    endings.push_back(random_.OneIn(4) ? "\r\n" : "\n");
  }
  int64_t t = begin;
  const size_t lines = random_.Below(300);
  for (size_t i = 0; i < lines; ++i) {
    switch (random_.Below(24)) {
      case 0:
        t += random_.Pick({1799, 1800, 1801, 600, 601, 2700, 2701, 300, 301});
        break;
      case 1:
        t += random_.Pick({3600, 7200, 7201, 40000});
        break;
      case 2:
        if (random_.OneIn(4)) t += random_.Pick({86400, 2 * 86400, 200000});
        break;
      default:
        t += random_.Pick({0, 0, 0, 1, 2, 10, 29, 30, 31, 60});
    }
    int64_t logged = t;
    if (random_.OneIn(12)) logged -= static_cast<int64_t>(random_.Below(61));
    if (random_.OneIn(60)) logged -= random_.Pick({61, 62, 120, 900});
    const size_t source = random_.Below(sources);
    texts[source] += Line(logged, vhost[source], combined[source]) + endings[source];
  }
  for (size_t i = 0; i < sources; ++i) {
    if (random_.OneIn(4) && !texts[i].empty() && texts[i].back() == '\n') texts[i].pop_back();
    portal->logs.emplace_back("web" + std::to_string(i) + ".log", texts[i]);
  }
}

}  // namespace

RandomPortal MakeRandomPortal(uint64_t seed) { return Maker(seed).Make(); }

}  // namespace civlog
