#include "tests/oracle/random_catalog.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace civlog::oracle {
namespace {

const std::vector<std::string>& Words() {
  static const auto& words = *new std::vector<std::string>{"a", "b", "c", "x.do", "~u"};
  return words;
}

struct Pattern {
  std::string text;
  Hit hit;
};

class CatalogMaker {
 public:
  CatalogMaker(const std::string& zone, int64_t begin_s, Random* random)
      : random_(*random), begin_s_(begin_s) {
    out_.zone = zone;
  }

  RandomCatalog Make() {
    MakePortal();
    if (random_.Chance(30)) MakeAudience();
    const size_t services = random_.Below(7);
    for (size_t i = 0; i < services; ++i) MakeService("s" + std::to_string(i));
    return std::move(out_);
  }

 private:
  void Line(const std::string& line) { out_.toml += line + "\n"; }

  static std::string Quoted(const std::string& text) { return "'" + text + "'"; }

  std::string Duration() {
    static const auto& durations = *new std::vector<std::pair<std::string, int64_t>>{
        {"30s", 30},  {"90s", 90},   {"5m", 300},       {"30m", 1800},    {"45m", 2700},
        {"2h", 7200}, {"1d", 86400}, {"3d", 3 * 86400}, {"1w", 7 * 86400}};
    const auto& [text, seconds] = random_.Pick(durations);
    out_.timeouts_s.push_back(seconds);
    return Quoted(text);
  }

  void MakePortal() {
    Line("[portal]");
    Line("time_zone = " + Quoted(out_.zone));
    if (random_.Chance(30)) Line("hosts = ['www.hanbit.example', 'Minwon.hanbit.example']");
    if (random_.Chance(25))
      Line("ignore_addresses = ['198.51.100.0/25', '2001:db8:1::/48', '192.0.2.3']");
    if (random_.Chance(20)) Line("trusted_proxies = ['192.0.2.0/24']");
    if (random_.Chance(50)) Line("population = " + std::to_string(random_.Between(1, 500000)));
    if (random_.Chance(40)) Line("visit_timeout = " + Duration());
    if (random_.Chance(30)) {
      Line(random_.Chance(80) ? "identity = ['user', 'address+agent']" : "identity = ['user']");
    }
    out_.timeouts_s.push_back(1800);
  }

  void MakeAudience() {
    Line("[audience]");
    if (random_.Chance(50)) Line("other_bot = ['Kiosk', '^curl/8']");
    if (random_.Chance(50)) Line("monitor = ['Hanbit[A-Z]', 'Googlebot/2.1']");
    if (random_.Chance(30)) Line("citizen = ['python-requests', 'KioskA']");
  }

  std::string Capture() { return random_.Pick(std::vector<std::string>{"1", "2", "a", "id"}); }

  // A path pattern and a path that it is for.
  Pattern Path(const std::string& base) {
    Pattern made{base, {"", base}};
    const size_t depth = random_.Below(3) + (base.empty() ? 1 : 0);
    for (size_t i = 0; i < depth; ++i) {
      if (random_.Chance(25)) {
        made.text += "/{id" + std::to_string(i) + "}";
        made.hit.target += "/" + Capture();
      } else {
        const std::string& word = random_.Pick(Words());
        made.text += "/" + word;
        made.hit.target += "/" + word;
      }
    }
    if (random_.Chance(25)) {
      made.text += "/**";
      for (size_t i = random_.Below(3); i > 0; --i) made.hit.target += "/" + random_.Pick(Words());
      if (made.hit.target.empty()) made.hit.target = "/";
    } else if (random_.Chance(8)) {
      made.text += "/";
      made.hit.target += "/";
    }
    return made;
  }

  void AddQuery(Pattern* pattern) {
    const auto& [text, query] = random_.Pick(
        std::vector<std::pair<std::string, std::string>>{{"?step=1", "?step=1"},
                                                         {"?step=2", "?step=2"},
                                                         {"?step=2&lang", "?lang=ko&step=2"},
                                                         {"?lang", "?lang"},
                                                         {"?q=a b", "?q=a+b"},
                                                         {"?step=1&lang=en", "?lang=e%6e&step=1"}});
    if (text.find(' ') != std::string::npos) return;
    pattern->text += text;
    pattern->hit.target += query;
  }

  Pattern Regex() {
    const auto& [text, target] = random_.Pick(
        std::vector<std::pair<std::string, std::string>>{{"re:^/a", "/a/zz"},
                                                         {"re:/c$", "/b/a/c"},
                                                         {"re:/[0-9]+(/|$)", "/a/17"},
                                                         {"re:^/b/.*do", "/b/9/x.do"},
                                                         {"re:^/(a|b)/(c|[0-9])$", "/b/c"},
                                                         {"re:~u", "/c/~u"}});
    return {text, {"", target}};
  }

  Pattern Route(const std::string& base, const std::string& method) {
    Pattern made = random_.Chance(10) ? Regex() : Path(base);
    if (made.text.starts_with('/') && random_.Chance(20)) AddQuery(&made);
    if (!method.empty()) {
      made.text = method + " " + made.text;
      made.hit.method = method;
    }
    out_.hits.push_back(made.hit);
    return made;
  }

  std::string SomeMethod() {
    return random_.Pick(
        std::vector<std::string>{"", "", "", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"});
  }

  std::string Date() {
    const absl::CivilDay day(
        absl::ToCivilDay(absl::FromUnixSeconds(begin_s_), absl::UTCTimeZone()) +
        random_.Between(-2, 3));
    const std::string text = absl::FormatCivilTime(day);
    return random_.Chance(50) ? text : Quoted(text);
  }

  // "route = ..., ...": a table's keys; `plain` where nothing but a route is in it.
  std::string Entry(const std::string& text, bool* plain) {
    std::string entry = "route = " + Quoted(text);
    *plain = true;
    if (random_.Chance(8)) {
      entry = "routes = [" + Quoted(text) + ", " + Quoted(Route("", SomeMethod()).text) + "]";
      *plain = false;
    }
    if (random_.Chance(10)) {
      entry += ", valid_from = " + Date();
      *plain = false;
    } else if (random_.Chance(10)) {
      entry += ", valid_until = " + Date();
      *plain = false;
    }
    return entry;
  }

  // A list of routes as the values of `key`.
  void List(const std::string& key, const std::string& base, size_t count) {
    if (count == 0) return;
    Line(key + " = [");
    for (size_t i = 0; i < count; ++i) {
      const std::string text = Route(base, SomeMethod()).text;
      bool plain = true;
      const std::string entry = Entry(text, &plain);
      Line(plain && random_.Chance(80) ? "  " + Quoted(text) + "," : "  { " + entry + " },");
    }
    Line("]");
  }

  std::string Accepted() {
    return random_.Pick(
        std::vector<std::string>{"[302, 303]", "[200]", "[200, 201, 302]", "[303]"});
  }

  void NamedList(const std::string& key, const std::string& base, size_t count) {
    if (count == 0) return;
    Line(key + " = [");
    for (size_t i = 0; i < count; ++i) {
      const std::string text = Route(base, random_.Chance(60) ? "POST" : SomeMethod()).text;
      bool plain = true;
      std::string entry = "name = '" + key + std::to_string(i) + "', " + Entry(text, &plain);
      if (random_.Chance(20)) entry += ", accepted = " + Accepted();
      if (key == "ends" && random_.Chance(60)) {
        entry += std::string(", outcome = '") + (random_.Chance(75) ? "refused" : "granted") + "'";
      }
      Line("  { " + entry + " },");
    }
    Line("]");
  }

  void MakeSteps(const std::string& base) {
    const size_t count = 2 + random_.Below(3);
    const bool by_query = random_.Chance(30);
    std::vector<Hit> journey;
    Line("steps = [");
    for (size_t i = 0; i < count; ++i) {
      Pattern step = {base + "/step" + std::to_string(i), {}};
      if (by_query) step.text = base + "/apply.do?step=" + std::to_string(i + 1);
      step.hit = {i == 0 || random_.Chance(50) ? "GET" : "POST", step.text};
      if (random_.Chance(60)) step.text = step.hit.method + " " + step.text;
      if (random_.Chance(15)) step = Route(base, random_.Chance(50) ? "POST" : "GET");
      bool plain = true;
      std::string entry = Entry(step.text, &plain);
      if (random_.Chance(10)) entry += ", accepted = " + Accepted();
      Line("  { name = 'step" + std::to_string(i) + "', " + entry + " },");
      journey.push_back(step.hit);
      out_.hits.push_back(step.hit);
    }
    Line("]");
    out_.journeys.push_back(std::move(journey));
  }

  void MakeTransaction(const std::string& base) {
    MakeSteps(base);
    if (random_.Chance(50)) NamedList("ends", base, 1 + random_.Below(2));
    if (random_.Chance(50)) List("errors", base, 1);
    if (random_.Chance(50)) List("save", base, 1);
    if (random_.Chance(20)) List("resume", base, 1);
    if (random_.Chance(45)) Line("resume_within = " + Duration());
    if (random_.Chance(50)) Line("abandon_after = " + Duration());
    if (random_.Chance(30)) Line("strict = true");
  }

  void MakeService(const std::string& id) {
    const std::string kind = random_.Pick(std::vector<std::string>{
        "information", "interaction", "transaction", "transaction", "participation"});
    const std::string base = random_.Chance(70) ? "/" + random_.Pick(Words()) : "";
    Line("[[service]]");
    Line("id = '" + id + "'");
    Line("kind = '" + kind + "'");
    if (kind == "transaction" || random_.Chance(80))
      Line("department = '" + random_.Pick(Words()) + "'");
    if (kind == "participation" && random_.Chance(60)) {
      Line("tier = '" + random_.Pick(std::vector<std::string>{"inform", "consult", "decide"}) +
           "'");
    }
    if (random_.Chance(15)) Line("accepted = " + Accepted());
    if (random_.Chance(30))
      List("acts", base, 1 + random_.Below(2));
    else if (kind != "transaction")
      NamedList("acts", base, 1 + random_.Below(2));
    List("routes", base, random_.Below(3));
    if (random_.Chance(30)) List("status", base, 1);
    if (kind == "transaction") MakeTransaction(base.empty() ? "/" + id : base);
  }

  Random& random_;
  int64_t begin_s_;
  RandomCatalog out_;
};

}  // namespace

RandomCatalog MakeRandomCatalog(const std::string& zone, int64_t begin_s, Random* random) {
  return CatalogMaker(zone, begin_s, random).Make();
}

}  // namespace civlog::oracle
