#include "tests/oracle/rule_cases.h"

#include <cmath>
#include <iterator>
#include <sstream>

namespace civlog::oracle {
namespace {

using nlohmann::json;

constexpr char kPerson[] = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
constexpr char kRobot[] =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

std::string CombinedLine(const std::string& text) {
  if (text.starts_with('!')) return text.substr(1);
  std::istringstream words(text);
  std::string day = "16";
  std::string clock, visitor, method, target, status;
  words >> clock;
  if (clock.size() == 2) {
    day = clock;
    words >> clock;
  }
  words >> visitor >> method >> target >> status;
  const bool named = visitor.starts_with("user:");
  return "192.0.2." + std::to_string(visitor[0]) + " - " + (named ? visitor.substr(5) : "-") +
         " [" + day + "/Nov/2026:" + clock + " +0900] \"" + method + " " + target + " HTTP/1.1\" " +
         status + " 10 \"-\" \"" + (visitor == "robot" ? kRobot : kPerson) + "\"";
}

bool Same(const json& expected, const json& actual) {
  if (!expected.is_number_float() || !actual.is_number()) return expected == actual;
  return std::abs(expected.get<double>() - actual.get<double>()) < 1e-9;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RuleCase& rule) { return out << rule.name; }

const std::string& HanbitCatalog() {
  static const std::string& catalog = *new std::string(R"(
[portal]
time_zone = "Asia/Seoul"
population = 4000

[[service]]
id = "news"
kind = "information"
department = "Press"
routes = ["/news/**"]
acts = ["POST /news/rate"]

[[service]]
id = "ask"
kind = "interaction"
department = "Desk"
routes = ["/ask/**"]
acts = [{ name = "send", route = "POST /ask/send", accepted = [302] }]

[[service]]
id = "petition"
kind = "participation"
tier = "decide"
department = "Council"
routes = ["/petition/**"]
acts = ["POST /petition/{id}/sign"]

[[service]]
id = "cert"
kind = "transaction"
department = "Civil"
routes = ["/cert/**"]
status = ["/cert/status"]
steps = [
  { name = "start", route = "GET /cert/apply" },
  { name = "details", route = "POST /cert/details" },
  { name = "done", route = "GET /cert/done" },
]
ends = [
  { name = "not eligible", route = "GET /cert/no", outcome = "refused" },
  { name = "already", route = "GET /cert/already" },
]
errors = ["GET /cert/error"]
save = ["POST /cert/save"]
resume = ["GET /cert/resume"]
resume_within = "2d"

[[service]]
id = "pay"
kind = "transaction"
department = "Tax"
abandon_after = "10m"
routes = ["/pay/**"]
steps = [
  { name = "bill", route = "GET /pay/bill" },
  { name = "paid", route = "POST /pay/paid" },
]
save = ["POST /pay/save"]

[[service]]
id = "strict"
kind = "transaction"
department = "Civil"
strict = true
routes = ["/strict/**"]
steps = [
  { name = "one", route = "/strict/apply.do?step=1" },
  { name = "two", route = "/strict/apply.do?step=2" },
  { name = "three", route = "/strict/apply.do?step=3" },
]
ends = [{ name = "not needed", route = "GET /strict/no", outcome = "refused" }]
)");
  return catalog;
}

std::string CombinedLog(const std::vector<std::string>& lines) {
  std::string log;
  for (const std::string& line : lines) log += CombinedLine(line) + "\n";
  return log;
}

Logs OneLog(const std::vector<std::string>& lines) { return {{"access.log", CombinedLog(lines)}}; }

std::vector<RuleCase> AllRuleCases() {
  std::vector<RuleCase> all;
  for (auto* cases : {&LineCases, &VisitCases, &ServiceCases, &AttemptCases, &SmallPortalCases}) {
    std::vector<RuleCase> some = cases();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

json ValueAt(const json& report, const std::string& pointer) {
  const json discarded(json::value_t::discarded);
  const size_t at = pointer.find('@');
  if (at == std::string::npos) {
    const json::json_pointer plain(pointer);
    return report.contains(plain) ? report.at(plain) : discarded;
  }
  const size_t end = pointer.find('/', at);
  std::string id = pointer.substr(at + 1, end - at - 1);
  if (id == "~1") id = "/";  // as JSON pointers escape it
  for (const json& service : report.at("services")) {
    if (service.at("id") != id) continue;
    const json::json_pointer rest(pointer.substr(end));
    return service.contains(rest) ? service.at(rest) : discarded;
  }
  return discarded;
}

std::string Violations(const RuleCase& rule, const json& report) {
  std::string violations;
  for (const auto& [pointer, expected] : rule.expected) {
    const json actual = ValueAt(report, pointer);
    if (Same(expected, actual)) continue;
    violations += pointer + ": expected " + expected.dump() + ", is " +
                  (actual.is_discarded() ? "absent" : actual.dump()) + "\n";
  }
  return violations;
}

}  // namespace civlog::oracle
