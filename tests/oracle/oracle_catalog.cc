#include "tests/oracle/oracle_catalog.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "absl/time/civil_time.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace civlog::oracle {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool IsHexPair(std::string_view text) {
  return text.size() == 2 && std::isxdigit(static_cast<unsigned char>(text[0])) != 0 &&
         std::isxdigit(static_cast<unsigned char>(text[1])) != 0;
}

bool IsUnreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

// Decodes %HH, all of them or those of unreserved characters only; the digits of
// the others come out in capitals.
std::string DecodePercent(std::string_view text, bool all) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
    if (text[i] != '%' || !IsHexPair(digits)) {
      out += text[i];
      continue;
    }
    const char c = static_cast<char>(std::stoi(std::string(digits), nullptr, 16));
    if (all || IsUnreserved(c)) {
      out += c;
    } else {
      out += '%';
      for (const char digit : digits) {
        out += static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
      }
    }
    i += 2;
  }
  return out;
}

std::string NormalPath(std::string path) {
  static const RE2 session(";jsessionid=[^/;]*");
  static const RE2 slashes("//+");
  RE2::GlobalReplace(&path, session, "");
  path = DecodePercent(path, false);
  RE2::GlobalReplace(&path, slashes, "/");
  return path.empty() ? "/" : path;
}

std::string DecodeQueryPart(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return DecodePercent(text, true);
}

std::vector<std::string> Split(const std::string& text, char delimiter) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == delimiter) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// "/a/b" is {"a", "b"}, "/" is {""}.
std::vector<std::string> Segments(const std::string& path) { return Split(path.substr(1), '/'); }

bool IsCapture(const std::string& segment) { return segment.starts_with('{'); }

bool HasRest(const Route& route) { return route.regex.empty() && route.segments.back() == "**"; }

bool PathMatches(const Route& route, const std::string& path) {
  if (!route.regex.empty()) return RE2::PartialMatch(path, RE2(route.regex));
  if (!path.starts_with('/')) return false;
  const std::vector<std::string> segments = Segments(path);
  const bool rest = HasRest(route);
  const size_t fixed = route.segments.size() - (rest ? 1 : 0);
  if (rest ? segments.size() < fixed : segments.size() != fixed) return false;
  for (size_t i = 0; i < fixed; ++i) {
    if (IsCapture(route.segments[i]) ? segments[i].empty() : route.segments[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

bool QueryMatches(const Route& route, const Target& target) {
  return std::all_of(route.query.begin(), route.query.end(), [&target](const auto& wanted) {
    return std::any_of(target.query.begin(), target.query.end(), [&wanted](const auto& has) {
      return has.first == wanted.first && (!wanted.second || has.second == *wanted.second);
    });
  });
}

// Smaller is more specific; what is equal goes by the order of the catalogue.
auto Preference(const Route& route) {
  std::string shape;  // a letter a segment
  for (const std::string& segment : route.segments) {
    shape += segment == "**" ? 'c' : IsCapture(segment) ? 'b' : 'a';
  }
  const int form = !route.regex.empty() ? 1 : HasRest(route) ? 2 : 0;
  return std::make_tuple(form, shape, -static_cast<int>(route.query.size()), route.method.empty(),
                         !route.dated, route.role == Role::kMember);
}

std::string AddressBytes(const std::string& text) {
  std::string bytes(16, '\0');
  in_addr v4;
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    bytes.replace(10, 2, "\xff\xff");
    bytes.replace(12, 4, reinterpret_cast<const char*>(&v4), 4);
    return bytes;
  }
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return "";
  return std::string(reinterpret_cast<const char*>(&v6), 16);
}

Network ReadNetwork(const std::string& text) {
  const size_t slash = text.find('/');
  Network network;
  network.address = AddressBytes(text.substr(0, slash));
  if (slash == std::string::npos) return network;
  network.bits = std::stoi(text.substr(slash + 1));
  if (text.find(':') == std::string::npos) network.bits += 96;
  return network;
}

bool Contains(const Network& network, const std::string& address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const size_t byte = static_cast<size_t>(bit / 8);
    if ((network.address[byte] ^ address[byte]) & (0x80 >> (bit % 8))) return false;
  }
  return true;
}

// From here on: the TOML document.

int64_t Seconds(const std::string& duration) {
  const int64_t amount = std::stoll(duration.substr(0, duration.size() - 1));
  switch (duration.back()) {
    case 's':
      return amount;
    case 'm':
      return amount * 60;
    case 'h':
      return amount * 3600;
    case 'd':
      return amount * 86400;
    default:
      return amount * 7 * 86400;
  }
}

std::string English(const toml::node_view<const toml::node>& node) {
  if (node.is_table()) return node["en"].value_or(std::string());
  return node.value_or(std::string());
}

// A value alone, or each of a list.
template <typename F>
void Each(const toml::node* node, F&& use) {
  if (node == nullptr) return;
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& element : *array) use(element);
  } else {
    use(*node);
  }
}

std::set<int> Statuses(const toml::node* node) {
  std::set<int> statuses;
  Each(node, [&](const toml::node& one) { statuses.insert(one.value_or(0)); });
  return statuses;
}

// The first second of a day, `days` later.
int64_t DayStart(const toml::node& node, int days, absl::TimeZone zone) {
  absl::CivilDay day;
  if (const auto* date = node.as_date()) {
    day = absl::CivilDay(date->get().year, date->get().month, date->get().day);
  } else {
    const std::vector<std::string> parts = Split(node.value_or(std::string()), '-');
    day = absl::CivilDay(std::stoi(parts[0]), std::stoi(parts[1]), std::stoi(parts[2]));
  }
  return absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(day + days), zone));
}

// "[METHOD] path[?key=value&...]" or "[METHOD] re:pattern"
void ReadPattern(std::string text, Route* route) {
  const size_t space = text.find(' ');
  if (space != std::string::npos) {
    route->method = text.substr(0, space);
    text = text.substr(space + 1);
  }
  if (text.starts_with("re:")) {
    route->regex = text.substr(3);
    return;
  }
  const size_t question = text.find('?');
  route->segments = Segments(text.substr(0, question));
  if (question == std::string::npos) return;
  for (const std::string& pair : Split(text.substr(question + 1), '&')) {
    const size_t equals = pair.find('=');
    std::optional<std::string> value;
    if (equals != std::string::npos) value = pair.substr(equals + 1);
    route->query.emplace_back(pair.substr(0, equals), value);
  }
}

// The routes of one service, with their places in the file.
class ServiceRoutes {
 public:
  using Placed = std::pair<std::pair<uint32_t, uint32_t>, Route>;

  ServiceRoutes(const toml::table& table, size_t service, absl::TimeZone zone,
                std::vector<Placed>* out)
      : table_(table), service_(service), zone_(zone), out_(out) {}

  void Read() {
    ReadList("routes", Role::kMember);
    ReadList("status", Role::kStatus);
    ReadList("acts", Role::kAct);
    ReadList("steps", Role::kStep);
    ReadList("ends", Role::kEnd);
    ReadList("errors", Role::kError);
    ReadList("save", Role::kSave);
    ReadList("resume", Role::kResume);
  }

 private:
  void ReadList(const char* key, Role role) {
    size_t index = 0;
    Each(table_.get(key), [&](const toml::node& entry) { ReadEntry(entry, role, index++); });
  }

  void ReadEntry(const toml::node& entry, Role role, size_t index) {
    Route route;
    route.service = service_;
    route.role = role;
    route.index = index;
    // The service's own statuses hold for all that has an outcome.
    if (role != Role::kMember && role != Role::kStatus) {
      route.accepted = Statuses(table_.get("accepted"));
    }
    const toml::table* table = entry.as_table();
    if (table == nullptr) return Add(route, entry);
    if (const toml::node* accepted = table->get("accepted")) route.accepted = Statuses(accepted);
    route.refuses = table->at_path("outcome").value_or(std::string()) == "refused";
    if (const toml::node* from = table->get("valid_from")) {
      route.from_s = DayStart(*from, 0, zone_);
      route.dated = true;
    }
    if (const toml::node* until = table->get("valid_until")) {
      route.until_s = DayStart(*until, 1, zone_);
      route.dated = true;
    }
    for (const char* key : {"route", "routes"}) {
      Each(table->get(key), [&](const toml::node& text) { Add(route, text); });
    }
  }

  void Add(Route route, const toml::node& text) {
    ReadPattern(text.value_or(std::string()), &route);
    out_->push_back({{text.source().begin.line, text.source().begin.column}, std::move(route)});
  }

  const toml::table& table_;
  size_t service_;
  absl::TimeZone zone_;
  std::vector<Placed>* out_;
};

void ReadPortal(const toml::table& root, Catalog* catalog) {
  const auto portal = root["portal"];
  if (const auto zone = portal["time_zone"].value<std::string>()) {
    absl::LoadTimeZone(*zone, &catalog->zone);
  }
  Each(portal["hosts"].node(),
       [&](const toml::node& host) { catalog->hosts.insert(Lower(host.value_or(std::string()))); });
  Each(portal["ignore_addresses"].node(), [&](const toml::node& network) {
    catalog->ignored.push_back(ReadNetwork(network.value_or(std::string())));
  });
  if (const auto population = portal["population"].value<int64_t>()) {
    catalog->population = static_cast<uint64_t>(*population);
  }
  if (const auto timeout = portal["visit_timeout"].value<std::string>()) {
    catalog->visit_timeout_s = Seconds(*timeout);
  }
  if (portal["identity"]) {
    catalog->identity.clear();
    Each(portal["identity"].node(), [&](const toml::node& name) {
      catalog->identity.push_back(name.value_or(std::string()));
    });
  }
}

void ReadAudience(const toml::table& root, Catalog* catalog) {
  const toml::table* audience = root["audience"].as_table();
  if (audience == nullptr) return;
  using Place = std::pair<uint32_t, uint32_t>;
  std::map<Place, std::pair<std::string, std::string>> in_order;
  for (const auto& [name, patterns] : *audience) {
    Each(&patterns, [&, key = std::string(name.str())](const toml::node& pattern) {
      const Place place = {pattern.source().begin.line, pattern.source().begin.column};
      in_order[place] = {key, pattern.value_or(std::string())};
    });
  }
  for (const auto& [place, rule] : in_order) catalog->audience.push_back(rule);
}

Service ReadService(const toml::table& table) {
  Service service;
  service.id = table["id"].value_or(std::string());
  service.kind = table["kind"].value_or(std::string());
  service.tier = table["tier"].value_or(std::string());
  service.department = English(toml::node_view<const toml::node>(table.get("department")));
  service.strict = table["strict"].value_or(false);
  if (const auto after = table["abandon_after"].value<std::string>()) {
    service.abandon_after_s = Seconds(*after);
  }
  if (const auto within = table["resume_within"].value<std::string>()) {
    service.resume_within_s = Seconds(*within);
  }
  const auto names = [&table](const char* key) {
    std::vector<std::string> found;
    Each(table.get(key), [&found](const toml::node& entry) {
      const toml::table* fields = entry.as_table();
      found.push_back(fields == nullptr ? "" : fields->at_path("name").value_or(std::string()));
    });
    return found;
  };
  service.step_names = names("steps");
  service.end_names = names("ends");
  service.act_names = names("acts");
  return service;
}

}  // namespace

Target ReadTarget(const std::string& target) {
  Target parts;
  std::string rest = target.substr(0, target.find('#'));
  if (rest.starts_with("http://") || rest.starts_with("https://")) {
    const size_t begin = rest.find("//") + 2;
    const size_t end = std::min(rest.find_first_of("/?", begin), rest.size());
    parts.host = Lower(rest.substr(begin, end - begin));
    parts.host = parts.host.substr(0, parts.host.find(':'));
    rest = rest.substr(end);
  }
  const size_t question = rest.find('?');
  parts.path = NormalPath(rest.substr(0, question));
  if (question == std::string::npos) return parts;
  for (const std::string& pair : Split(rest.substr(question + 1), '&')) {
    const size_t equals = pair.find('=');
    const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
    parts.query.emplace_back(DecodeQueryPart(pair.substr(0, equals)), DecodeQueryPart(value));
  }
  return parts;
}

bool Catalog::Ignores(const std::string& client) const {
  const std::string address = AddressBytes(client);
  return !address.empty() && std::any_of(ignored.begin(), ignored.end(),
                                         [&](const Network& n) { return Contains(n, address); });
}

bool Catalog::Claims(const std::string& path) const {
  return std::any_of(routes.begin(), routes.end(),
                     [&path](const Route& route) { return PathMatches(route, path); });
}

const Route* Catalog::Find(const std::string& method, const Target& target, int64_t time_s) const {
  const Route* best = nullptr;
  for (const Route& route : routes) {
    if (!route.method.empty() && route.method != method) continue;
    if (time_s < route.from_s || time_s >= route.until_s) continue;
    if (!PathMatches(route, target.path) || !QueryMatches(route, target)) continue;
    if (best == nullptr || Preference(route) < Preference(*best)) best = &route;
  }
  return best;
}

Catalog ReadCatalog(const std::string& toml) {
  Catalog catalog;
  if (toml.empty()) return catalog;
  catalog.given = true;
  const toml::parse_result parsed = toml::parse(toml);
  const toml::table& root = parsed.table();
  ReadPortal(root, &catalog);
  ReadAudience(root, &catalog);
  std::vector<ServiceRoutes::Placed> placed;
  Each(root.get("service"), [&](const toml::node& node) {
    ServiceRoutes(*node.as_table(), catalog.services.size(), catalog.zone, &placed).Read();
    catalog.services.push_back(ReadService(*node.as_table()));
  });
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [place, route] : placed) catalog.routes.push_back(std::move(route));
  return catalog;
}

bool IsAccepted(const std::set<int>& accepted, const std::string& method, int status) {
  if (!accepted.empty()) return accepted.count(status) > 0;
  if (method == "GET") return status == 200 || status == 304;
  const std::set<std::string> writing = {"POST", "PUT", "PATCH", "DELETE"};
  const std::set<int> redirects = {301, 302, 303, 307, 308};
  return writing.count(method) > 0 &&
         ((status >= 200 && status <= 299) || redirects.count(status) > 0);
}

}  // namespace civlog::oracle
