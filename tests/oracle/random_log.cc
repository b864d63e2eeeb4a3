#include "tests/oracle/random_log.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/oracle/oracle_visits.h"

namespace civlog::oracle {
namespace {

using Strings = std::vector<std::string>;

enum class Format { kCombined, kVhostCombined, kCommon };

const Strings& People() {
  static const auto& agents = *new Strings{
      "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/131.0.0.0 Safari/537.36",
      "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/126.0.0.0 Mobile Safari/537.36",
      R"(Mozilla/5.0 (\"quoted\") Firefox/1.0)"};
  return agents;
}

const Strings& Others() {
  static const auto& agents =
      *new Strings{"-",
                   "",
                   "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                   "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; "
                   "+https://openai.com/gptbot)",
                   "curl/8.1.2",
                   "curl/7.29.0",
                   "python-requests/2.31",
                   "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)",
                   "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
                   "Mozilla/5.0 (compatible; AhrefsBot/6.1; +http://ahrefs.com/robot/)",
                   "facebookexternalhit/1.1",
                   "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
                   "Mozilla/5.0 (X11; Linux x86_64) HanbitHealth/1.0",
                   "Mozilla/5.0 (KioskA; Windows NT 10.0) Firefox/115.0"};
  return agents;
}

struct Visitor {
  std::string client;
  std::string user;
  std::string agent;
  size_t journey = 0;
  size_t step = 0;
};

struct Sink {
  std::string name;
  Format format = Format::kCombined;
  std::string text;
  std::string line_end = "\n";
  absl::TimeZone zone;
  size_t room = 0;  // lines to come
  size_t records = 0;
  size_t junk = 0;
  size_t junk_percent = 0;
};

std::string Clf(int64_t time_s, absl::TimeZone zone) {
  return absl::FormatTime("[%d/%b/%Y:%H:%M:%S %z]", absl::FromUnixSeconds(time_s), zone);
}

std::string Hex(char c) {
  char text[4];
  std::snprintf(text, sizeof(text), "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text;
}

class LogMaker {
 public:
  LogMaker(const RandomCatalog& catalog, int64_t begin_s, Random* random)
      : catalog_(catalog), random_(*random), now_s_(begin_s) {
    absl::LoadTimeZone(catalog.zone, &zone_);
  }

  std::vector<std::pair<std::string, std::string>> Make() {
    MakeVisitors();
    MakePaths();
    MakeSinks();
    while (true) {
      std::vector<Sink*> open;
      for (Sink& sink : sinks_) {
        if (sink.room > 0) open.push_back(&sink);
      }
      if (open.empty()) break;
      WriteLine(random_.Pick(open));
      now_s_ += Gap();
    }
    std::vector<std::pair<std::string, std::string>> logs;
    for (Sink& sink : sinks_) {
      if (random_.Chance(30) && sink.text.ends_with('\n')) sink.text.pop_back();
      logs.emplace_back(sink.name, sink.text);
    }
    return logs;
  }

 private:
  void MakeVisitors() {
    const Strings clients = {"192.0.2.1",      "192.0.2.2",     "192.0.2.3",    "198.51.100.5",
                             "198.51.100.200", "2001:db8:1::7", "2001:db8:2::7"};
    const size_t count = 1 + random_.Below(5);
    for (size_t i = 0; i < count; ++i) {
      Visitor visitor;
      visitor.client = random_.Pick(clients);
      visitor.user = random_.Chance(25) ? random_.Pick(Strings{"kim", "lee"}) : "-";
      visitor.agent = random_.Chance(85) ? random_.Pick(People()) : random_.Pick(Others());
      visitors_.push_back(std::move(visitor));
    }
  }

  // Paths that no route may be for.
  void MakePaths() {
    hits_ = catalog_.hits;
    for (const char* path : {"/", "/a", "/b/c", "/a/1", "/x.do", "/other"}) {
      if (random_.Chance(35) || hits_.empty()) hits_.push_back({"", path});
    }
    if (random_.Chance(20)) hits_.push_back({"GET", "/.env"});
    if (random_.Chance(20)) hits_.push_back({"", "/wp-login.php"});
    if (random_.Chance(20)) hits_.push_back({"GET", "/a/site.css"});
  }

  void MakeSinks() {
    const std::vector<Strings> names = {
        {"access.log", "access.log.1", "access.log.2", "access.log.10"},
        {"web1.log", "web2.log", "web10.log", "web1.log.1"}};
    const Strings& chosen = random_.Pick(names);
    const size_t count = 1 + random_.Below(4);
    for (size_t i = 0; i < count; ++i) {
      Sink sink;
      sink.name = chosen[i];
      sink.format = random_.Pick(std::vector<Format>{Format::kCombined, Format::kCombined,
                                                     Format::kVhostCombined, Format::kCommon});
      sink.line_end = random_.Chance(20) ? "\r\n" : "\n";
      const std::string zone =
          random_.Pick(Strings{catalog_.zone, catalog_.zone, "UTC", "Asia/Seoul"});
      absl::LoadTimeZone(zone, &sink.zone);
      const std::vector<size_t> sizes = {0, 3, 20, 20, 100, 100, 400};
      sink.room = random_.Below(random_.Pick(sizes) + 1);
      sink.junk_percent = random_.Chance(50) ? 0 : random_.Below(30);
      sinks_.push_back(std::move(sink));
    }
    std::vector<Sink> shuffled;
    while (!sinks_.empty()) {
      const size_t i = random_.Below(sinks_.size());
      shuffled.push_back(std::move(sinks_[i]));
      sinks_.erase(sinks_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    sinks_ = std::move(shuffled);
  }

  // Mostly nothing or seconds, at times the very edge of some limit.
  int64_t Gap() {
    const size_t kind = random_.Below(100);
    if (kind < 35) return 0;
    if (kind < 60) return random_.Between(1, 5);
    if (kind < 75) return random_.Pick(std::vector<int64_t>{29, 30, 31, 59, 60, 61});
    if (kind < 92) return random_.Pick(catalog_.timeouts_s) + random_.Between(-1, 1);
    if (kind < 96) return random_.Between(600, 7200);
    if (kind < 98) return ToWeekEdge();
    return random_.Between(3600, 3 * 86400);
  }

  // To about the next Monday's beginning, or 48 hours behind it.
  int64_t ToWeekEdge() {
    const absl::CivilDay today = absl::ToCivilDay(absl::FromUnixSeconds(now_s_), zone_);
    const absl::CivilDay monday = absl::NextWeekday(today, absl::Weekday::monday);
    const int64_t week_s = absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(monday), zone_));
    const int64_t edge_s = week_s + random_.Pick(std::vector<int64_t>{0, 0, 48 * 3600, -5 * 86400});
    const int64_t at_s = edge_s + random_.Between(-2, 2);
    return std::max<int64_t>(0, at_s - now_s_);
  }

  void WriteLine(Sink* sink) {
    --sink->room;
    std::string line;
    if (random_.Chance(sink->junk_percent) && sink->junk < sink->records) {
      ++sink->junk;
      line = Junk(*sink);
    } else {
      ++sink->records;
      line = RecordLine(*sink);
    }
    const bool odd_end = random_.Chance(3);
    sink->text += line + (odd_end ? "\r\n" : sink->line_end);
  }

  // Mostly now; at times earlier, but not so much that a late line is of another week.
  int64_t SomeTime() {
    if (random_.Chance(80)) return now_s_;
    const int64_t time_s =
        now_s_ - random_.Pick(std::vector<int64_t>{1, 2, 10, 30, 59, 60, 61, 62, 120, 1800, 2000,
                                                   7200, 90000});
    return now_s_ - time_s > 60 && IsoWeek(time_s, zone_) != IsoWeek(now_s_, zone_) ? now_s_
                                                                                    : time_s;
  }

  Hit NextHit(Visitor* visitor) {
    if (!catalog_.journeys.empty() && random_.Chance(45)) {
      const auto& journey = catalog_.journeys[visitor->journey % catalog_.journeys.size()];
      if (visitor->step >= journey.size() || random_.Chance(10)) {
        visitor->step = 0;
        visitor->journey = random_.Below(catalog_.journeys.size());
      }
      const auto& chosen = catalog_.journeys[visitor->journey % catalog_.journeys.size()];
      const Hit& hit = chosen[visitor->step % chosen.size()];
      visitor->step += random_.Pick(std::vector<size_t>{0, 1, 1, 1, 1, 2});
      return hit;
    }
    return random_.Pick(hits_);
  }

  // One of the ways to write the same target, or nearly the same.
  std::string Mutate(std::string target) {
    const size_t path_end = std::min(target.find('?'), target.size());
    switch (random_.Below(12)) {
      case 0:
        return target.insert(path_end, ";jsessionid=0A1b.node1");
      case 1:
        return target.insert(
            target.find('/', 1) == std::string::npos ? path_end : target.find('/', 1),
            ";jsessionid=77");
      case 2: {
        const size_t at = random_.Below(path_end);
        return target[at] == '/' ? target : target.replace(at, 1, Hex(target[at]));
      }
      case 3:
        return "/" + target;
      case 4:
        return target.insert(std::min(target.rfind('/', path_end), path_end), "//");
      case 5:
        return target + (path_end == target.size() ? "?" : "&") + "utm=1&step=3";
      case 6:
        return path_end == target.size() ? target : target.insert(path_end + 1, "z&zz=%41&");
      case 7:
        return target.insert(path_end, "/");
      case 8:
        return target.insert(path_end, random_.Pick(Strings{".css", "%2f", "%zz", "/1", ".PNG"}));
      case 9:
        return "http://" +
               random_.Pick(
                   Strings{"www.hanbit.example", "WWW.hanbit.example:8080", "other.example"}) +
               target;
      case 10:
        return target + (path_end == target.size() ? "?lang=ko" : "&lang=ko");
      default:
        return random_.Pick(Strings{"/", "/.env", "/wp-login.php", "/.git/config", "/x.js"});
    }
  }

  std::string Request(Visitor* visitor) {
    if (random_.Chance(3)) {
      return random_.Pick(Strings{"-", "", R"(\x16\x03\x01\x00)", "GET", R"(\n)", "GET /a"});
    }
    const Hit hit = NextHit(visitor);
    std::string method = hit.method;
    if (method.empty()) method = random_.Pick(Strings{"GET", "GET", "GET", "POST", "HEAD"});
    if (random_.Chance(8)) {
      method = random_.Pick(
          Strings{"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"});
    }
    const std::string target = random_.Chance(20) ? Mutate(hit.target) : hit.target;
    return method + " " + target + random_.Pick(Strings{" HTTP/1.1", " HTTP/1.1", " HTTP/2.0"});
  }

  std::string Status() {
    static const auto& usual = *new Strings{"200", "200", "200", "200", "200", "302", "302", "304"};
    static const auto& rare =
        *new Strings{"201", "204", "206", "203", "301", "303", "307", "308", "400", "403", "404",
                     "404", "500", "500", "503", "503", "502", "101", "000", "600", "999", "299"};
    return random_.Pick(random_.Chance(70) ? usual : rare);
  }

  std::string RecordLine(const Sink& sink) {
    Visitor& visitor = visitors_[random_.Below(visitors_.size())];
    std::string line;
    if (sink.format == Format::kVhostCombined) {
      line += random_.Pick(Strings{"www.hanbit.example:443", "www.hanbit.example:443",
                                   "MINWON.hanbit.example:80", "other.example:443"}) +
              " ";
    }
    line += visitor.client + " - " + visitor.user + " " + Clf(SomeTime(), sink.zone) + " \"" +
            Request(&visitor) + "\" " + Status() + " " +
            (random_.Chance(10) ? "-" : std::to_string(random_.Below(100000)));
    if (sink.format == Format::kCommon) return line;
    const std::string agent = random_.Chance(4) ? random_.Pick(Others()) : visitor.agent;
    return line + " \"" +
           random_.Pick(
               Strings{"-", "", "https://search.example/?q=x", R"(http://h.example/\"a)"}) +
           "\" \"" + agent + "\"";
  }

  // `line` cut off somewhere, but not so that it is a whole line of another format,
  // nor within its last field or right behind its time.
  std::string Cut(const Sink& sink, const std::string& line) {
    size_t at = random_.Below(line.size());
    const size_t time_end = line.find(']');
    if (at > time_end && at <= time_end + 2) at = time_end + 3;
    if (sink.format == Format::kCommon) return line.substr(0, at);
    const size_t request_end = line.find("\" ", line.find('"') + 1);
    const size_t status_end = request_end + 6;
    const size_t bytes_end = line.find(" \"", status_end);
    const size_t agent = line.rfind(" \"");
    const bool other_format = at > status_end && at <= bytes_end + 1;
    return line.substr(0, other_format ? status_end : std::min(at, agent + 1));
  }

  static std::string Replaced(std::string line, const std::string& from, const std::string& to) {
    const size_t at = line.find(from);
    return at == std::string::npos ? line : line.replace(at, from.size(), to);
  }

  std::string Junk(const Sink& sink) {
    const std::string line = RecordLine(sink);
    const size_t status = line.find("\" ", line.find('"') + 1) + 2;
    switch (random_.Below(10)) {
      case 0:
        return "";
      case 1:
        return random_.Pick(Strings{" ", "\t ", "  \t"});
      case 2:
        return random_.Pick(Strings{"garbage", "hello [world] \"x\"", "# comment", "::", "{}",
                                    std::string("a\0b", 3), "\xff\xfe\x01"});
      case 3:
        return Replaced(line, "/20", "/2O");
      case 4:
        return std::string(line).replace(line.find(':', line.find('[')), 1,
                                         random_.Pick(Strings{"", " "}));
      case 5:
        return std::string(line).replace(status, 3,
                                         random_.Pick(Strings{"20x", "-", "20", "2000"}));
      case 6:
        return std::string(line).insert(status + 4, "x");
      case 7:
        return sink.format == Format::kCommon ? line + " x"
                                              : line + random_.Pick(Strings{" x", "x"});
      default:
        return Cut(sink, line);
    }
  }

  const RandomCatalog& catalog_;
  Random& random_;
  int64_t now_s_;
  absl::TimeZone zone_;
  std::vector<Visitor> visitors_;
  std::vector<Hit> hits_;
  std::vector<Sink> sinks_;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> MakeRandomLogs(const RandomCatalog& catalog,
                                                                int64_t begin_s, Random* random) {
  return LogMaker(catalog, begin_s, random).Make();
}

}  // namespace civlog::oracle
