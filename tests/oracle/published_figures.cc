#include "tests/oracle/published_figures.h"

#include <utility>

namespace civlog::oracle {

using nlohmann::json;
using Pointer = json::json_pointer;

PublishedFigures::PublishedFigures(const json& published, const json& truth)
    : published_(published), truth_(truth) {
  if (published_["generator"]["catalog_digest"].is_null()) {
    // Without a catalogue everything is published as belonging to no service.
    truth_["services"] = json::array();
    truth_["unclassified"]["requests"] = truth_["records"]["counted"];
    truth_["unclassified"]["top_paths"] = json::array();
  }
  ReadLines();
  ReadAudiences();
  ReadServices();
  ReadVisits();
  ReadParticipation();
  ReadTimes();
  FindAnonymous();
}

void PublishedFigures::FindAnonymous() {
  for (bool more = true; more;) {
    more = false;
    for (const Equation& equation : equations_) {
      if (equation.terms.size() == 2) {
        // The same figure in two places.
        Figure& a = figures_[equation.terms[0].figure];
        Figure& b = figures_[equation.terms[1].figure];
        more = more || a.anonymous != b.anonymous;
        a.anonymous = b.anonymous = a.anonymous || b.anonymous;
      }
      const Figure& total = figures_[equation.terms.front().figure];
      if (!equation.is_breakdown || !total.kept_back() || !(total.small() || total.anonymous)) {
        continue;
      }
      for (size_t i = 1; i < equation.terms.size(); ++i) {
        Figure& part = figures_[equation.terms[i].figure];
        if (!part.kept_back() || part.anonymous) continue;
        part.anonymous = true;
        more = true;
      }
    }
  }
}

size_t PublishedFigures::Of(const json& published, const json& truth, const std::string& pointer,
                            const std::string& name) {
  Figure figure;
  figure.name = name + pointer;
  figure.truth = truth.at(Pointer(pointer)).get<int64_t>();
  const json& shown = published.at(Pointer(pointer));
  if (!shown.is_null()) figure.published = shown.get<int64_t>();
  figures_.push_back(std::move(figure));
  return figures_.size() - 1;
}

void PublishedFigures::AddDepartment(const json& published, const json& truth) {
  const auto name = truth["portal"]["department"].get<std::string>();
  const std::pair<const char*, const char*> sums[] = {
      {"/records/counted", "/requests"},
      {"/citizens/page_views", "/page_views"},
      {"/citizens/acts", "/acts"},
      {"/rates/completion/numerator", "/completion_rate/numerator"},
      {"/rates/completion/denominator", "/completion_rate/denominator"}};
  for (const auto& [pointer, of_service] : sums) {
    const size_t sum = Of(published, truth, pointer, name);
    std::vector<size_t> parts;
    for (const json& service : truth["services"]) {
      for (size_t i = 0; i < truth_["services"].size(); ++i) {
        if (truth_["services"][i]["id"] != service["id"]) continue;
        parts.push_back(At("/services/" + std::to_string(i) + of_service));
      }
    }
    Add(name + pointer, {sum}, parts);
    of_departments_[pointer].push_back(sum);
  }
}

void PublishedFigures::TieDepartments() {
  for (auto& [pointer, sums] : of_departments_) {
    std::vector<size_t> parts = sums;
    if (pointer == "/records/counted") parts.push_back(At("/unclassified/requests"));
    if (pointer == "/citizens/page_views") {
      AtMost(parts, {At(pointer)});
    } else {
      Add("departments " + pointer, {At(pointer)}, parts);
    }
  }
  FindAnonymous();
}

bool PublishedFigures::Has(const std::string& pointer) const {
  return truth_.contains(Pointer(pointer)) && !truth_.at(Pointer(pointer)).is_null();
}

size_t PublishedFigures::At(const std::string& pointer) {
  const auto [entry, is_new] = by_name_.try_emplace(pointer, figures_.size());
  if (!is_new) return entry->second;
  Figure figure;
  figure.name = pointer;
  figure.truth = truth_.at(Pointer(pointer)).get<int64_t>();
  const json& published = published_.at(Pointer(pointer));
  if (!published.is_null()) figure.published = published.get<int64_t>();
  figures_.push_back(std::move(figure));
  return entry->second;
}

size_t PublishedFigures::Hidden(const std::string& name, int64_t truth) {
  Figure figure;
  figure.name = name;
  figure.truth = truth;
  figure.hidden = true;
  figures_.push_back(std::move(figure));
  if (truth < 0) faults_.push_back(name + " is " + std::to_string(truth));
  return figures_.size() - 1;
}

std::vector<size_t> PublishedFigures::All(const std::string& object) {
  std::vector<size_t> figures;
  for (const auto& [key, value] : truth_.at(Pointer(object)).items()) {
    if (key != "total") figures.push_back(At((Pointer(object) / key).to_string()));
  }
  return figures;
}

int64_t PublishedFigures::Sum(const std::vector<size_t>& figures) const {
  int64_t sum = 0;
  for (const size_t figure : figures) sum += figures_[figure].truth;
  return sum;
}

void PublishedFigures::Add(const std::string& name, std::vector<size_t> total,
                           std::vector<size_t> parts) {
  if (Sum(total) != Sum(parts)) {
    faults_.push_back(name + ": " + std::to_string(Sum(total)) + " is not " +
                      std::to_string(Sum(parts)));
  }
  Equation equation;
  equation.is_breakdown = total.size() == 1 && !figures_[total[0]].hidden;
  for (const auto& [figures, sign] : {std::pair(&total, 1), std::pair(&parts, -1)}) {
    for (const size_t figure : *figures) {
      equation.terms.push_back({figure, sign});
      figures_[figure].equations.push_back(equations_.size());
    }
  }
  equations_.push_back(std::move(equation));
}

size_t PublishedFigures::AtMost(std::vector<size_t> part, std::vector<size_t> whole) {
  const std::string name = "what " + figures_[whole.empty() ? part[0] : whole[0]].name +
                           " has more than " + figures_[part[0]].name;
  const size_t rest = Hidden(name, Sum(whole) - Sum(part));
  part.push_back(rest);
  Add(name, std::move(whole), std::move(part));
  return rest;
}

void PublishedFigures::ReadLines() {
  Add("lines", {At("/lines/read")},
      {At("/lines/blank"), At("/lines/directive"), At("/lines/rejected/total"),
       At("/lines/outside_period"), At("/lines/filtered_out"), At("/lines/records")});
  Add("rejected", {At("/lines/rejected/total")}, All("/lines/rejected"));
  Add("records", {At("/lines/records")},
      {At("/records/counted"), At("/records/unreadable_request"), At("/records/outside_portal"),
       At("/records/asset"), At("/records/not_citizen/total")});
  Add("not citizens", {At("/records/not_citizen/total")}, All("/records/not_citizen"));
  Same("/traffic/requests", "/lines/records");
  // A status that is none is in no class.
  AtMost(All("/traffic/status"), {At("/traffic/requests")});
  AtMost({At("/records/late")}, {At("/lines/records")});
  AtMost({At("/traffic/latency_ms/count")}, {At("/lines/records")});
}

// Traffic by audience has records of every bucket. Counted ones and assets are citizens',
// those of who is none are in a bucket of their own; the rest is unreadable or outside.
void PublishedFigures::ReadAudiences() {
  std::vector<size_t> traffic;
  std::vector<size_t> elsewhere;
  for (const auto& [audience, counts] : truth_["traffic"]["by_audience"].items()) {
    traffic.push_back(At("/traffic/by_audience/" + audience + "/requests"));
    elsewhere.push_back(
        audience == "citizen"
            ? AtMost({At("/records/counted"), At("/records/asset")}, {traffic.back()})
            : AtMost({At("/records/not_citizen/" + audience)}, {traffic.back()}));
  }
  Add("traffic", {At("/traffic/requests")}, traffic);
  Add("elsewhere", {At("/records/unreadable_request"), At("/records/outside_portal")}, elsewhere);
}

void PublishedFigures::ReadVisits() {
  AtMost({At("/citizens/page_views")}, {At("/records/counted")});
  AtMost({At("/citizens/visitors")}, {At("/records/counted")});
  Add("stages", {At("/citizens/visits")}, All("/stages"));
  Same("/rates/interaction/denominator", "/citizens/visits");
  AtMost({At("/rates/interaction/numerator")}, {At("/citizens/visits")});
  Add("acting visits", {At("/rates/interaction/numerator")},
      {At("/stages/interactive"), At("/stages/transactional"), At("/stages/seamless")});
  AtMost({At("/citizens/bounces")}, {At("/stages/enhanced")});
}

void PublishedFigures::ReadParticipation() {
  const std::string rates = "/rates/participation";
  if (truth_.at(Pointer(rates + "/value")).is_null()) return;
  Same(rates + "/denominator", "/citizens/visits");
  const size_t participating = At(rates + "/numerator");
  AtMost({participating}, {At("/rates/interaction/numerator")});
  std::vector<size_t> tiers;
  for (const auto& [tier, rate] : truth_["rates"]["participation"]["by_tier"].items()) {
    const std::string at = rates + "/by_tier/" + tier;
    if (truth_.at(Pointer(at + "/value")).is_null()) continue;
    Same(at + "/denominator", "/citizens/visits");
    tiers.push_back(At(at + "/numerator"));
    AtMost({tiers.back()}, {participating});
    std::vector<size_t> of_tier;
    for (size_t i = 0; i < truth_["services"].size(); ++i) {
      const json& service = truth_["services"][i];
      const std::string acting = "/services/" + std::to_string(i) + "/acting_visits";
      if (service["kind"] == "participation" && service["tier"] == tier) {
        of_tier.push_back(At(acting));
        AtMost({of_tier.back()}, {tiers.back()});
      }
    }
    AtMost({tiers.back()}, of_tier);
  }
  std::vector<size_t> all;
  for (size_t i = 0; i < truth_["services"].size(); ++i) {
    const json& service = truth_["services"][i];
    if (service["kind"] != "participation") continue;
    const size_t acting = At("/services/" + std::to_string(i) + "/acting_visits");
    AtMost({acting}, {participating});
    all.push_back(acting);
    if (service["tier"].is_null()) tiers.push_back(acting);
  }
  AtMost({participating}, all);
  AtMost({participating}, tiers);
}

void PublishedFigures::ReadTime(const std::string& list, const std::string& figure,
                                const std::string& total) {
  std::vector<size_t> parts;
  for (size_t i = 0; i < truth_[list].size(); ++i) {
    parts.push_back(At("/" + list + "/" + std::to_string(i) + "/" + figure));
  }
  if (!parts.empty()) Add(list + " " + figure, {At(total)}, parts);
}

void PublishedFigures::ReadTimes() {
  const std::pair<const char*, const char*> totals[] = {{"requests", "/traffic/requests"},
                                                        {"visits", "/citizens/visits"},
                                                        {"page_views", "/citizens/page_views"},
                                                        {"server_errors", "/traffic/status/5xx"}};
  for (const auto& [figure, total] : totals) {
    ReadTime("days", figure, total);
    ReadTime("hours", figure, total);
    std::map<std::string, std::vector<size_t>> of_day;
    for (size_t i = 0; i < truth_["hours"].size(); ++i) {
      const auto hour = truth_["hours"][i]["hour"].get<std::string>();
      of_day[hour.substr(0, hour.find('T'))].push_back(
          At("/hours/" + std::to_string(i) + "/" + figure));
    }
    for (size_t i = 0; i < truth_["days"].size(); ++i) {
      const auto day = truth_["days"][i]["day"].get<std::string>();
      Add(day, {At("/days/" + std::to_string(i) + "/" + figure)}, of_day[day]);
    }
  }
}

void PublishedFigures::ReadServices() {
  std::map<std::string, std::vector<size_t>> sums;
  for (size_t i = 0; i < truth_["services"].size(); ++i) {
    const std::string at = "/services/" + std::to_string(i);
    ReadService(at);
    for (const char* figure : {"requests", "page_views", "acts"}) {
      sums[figure].push_back(At(at + "/" + figure));
    }
    if (!Has(at + "/attempts")) continue;
    sums["completed"].push_back(At(at + "/completion_rate/numerator"));
    sums["closed"].push_back(At(at + "/completion_rate/denominator"));
  }
  sums["requests"].push_back(At("/unclassified/requests"));
  Add("services", {At("/records/counted")}, sums["requests"]);
  const size_t elsewhere =
      AtMost(sums["page_views"].empty() ? std::vector<size_t>{Hidden("no page view", 0)}
                                        : sums["page_views"],
             {At("/citizens/page_views")});
  AtMost({elsewhere}, {At("/unclassified/requests")});
  if (truth_["services"].empty()) return;
  Add("acts", {At("/citizens/acts")}, sums["acts"]);
  Add("completed", {At("/rates/completion/numerator")}, sums["completed"]);
  Add("closed", {At("/rates/completion/denominator")}, sums["closed"]);
  AtMost({At("/rates/completion/numerator")}, {At("/rates/completion/denominator")});
}

void PublishedFigures::ReadService(const std::string& at) {
  const size_t requests = At(at + "/requests");
  const size_t acting = At(at + "/acting_visits");
  AtMost(All(at + "/status"), {requests});
  for (const char* figure : {"page_views", "visits", "visitors", "status_views"}) {
    AtMost({At(at + "/" + figure)}, {requests});
  }
  AtMost({At(at + "/latency_ms/count")}, {requests});
  AtMost({acting}, {At(at + "/visits")});
  AtMost({acting}, {At(at + "/acts")});
  const json& by_name = truth_.at(Pointer(at + "/acts_by_name"));
  if (Has(at + "/attempts")) {
    All(at + "/acts_by_name");  // they do not count as a transaction's
  } else if (Sum(All(at + "/acts_by_name")) < figures_[At(at + "/acts")].truth) {
    // Of acts of one name the JSON has one.
    AtMost(All(at + "/acts_by_name"), {At(at + "/acts")});
  } else if (!by_name.empty()) {
    Add(at + " acts", {At(at + "/acts")}, All(at + "/acts_by_name"));
  }
  if (Has(at + "/interaction_rate/value")) {
    Same(at + "/interaction_rate/numerator", at + "/acting_visits");
    Same(at + "/interaction_rate/denominator", at + "/visits");
  }
  if (Has(at + "/attempts")) ReadTransaction(at);
}

void PublishedFigures::ReadTransaction(const std::string& at) {
  const auto attempts = [&](const char* name) { return At(at + "/attempts/" + name); };
  const size_t completed = At(at + "/completion_rate/numerator");
  const size_t closed = At(at + "/completion_rate/denominator");
  Add(at + " started", {attempts("started")},
      {attempts("granted"), attempts("refused"), attempts("failed"), attempts("abandoned"),
       attempts("open")});
  Add(at + " completed", {completed}, {attempts("granted"), attempts("refused")});
  Add(at + " closed", {attempts("started")}, {closed, attempts("open")});
  Add(at + " rates", {closed}, {completed, attempts("failed"), attempts("abandoned")});
  for (const char* rate : {"failure_rate", "abandonment_rate"}) {
    Same(at + "/" + rate + "/denominator", at + "/completion_rate/denominator");
  }
  Same(at + "/failure_rate/numerator", at + "/attempts/failed");
  Same(at + "/abandonment_rate/numerator", at + "/attempts/abandoned");
  Same(at + "/status_check_ratio/numerator", at + "/status_views");
  Same(at + "/status_check_ratio/denominator", at + "/completion_rate/numerator");
  Same(at + "/time_to_complete_s/count", at + "/completion_rate/numerator");
  Same(at + "/acts", at + "/completion_rate/numerator");
  AtMost({attempts("recovered")}, {completed});
  AtMost({attempts("completed_visitors")}, {completed});
  At(at + "/attempts/of_completed_visitors");
  At(at + "/attempts/without_start");
  ReadSteps(at);
  if (!Has(at + "/digital_take_up/value")) return;
  std::vector<size_t> channels = All(at + "/other_channels");
  channels.push_back(completed);
  Add(at + " channels", {At(at + "/digital_take_up/denominator")}, channels);
  Same(at + "/digital_take_up/numerator", at + "/completion_rate/numerator");
}

void PublishedFigures::ReadSteps(const std::string& at) {
  const size_t count = truth_.at(Pointer(at + "/steps")).size();
  std::vector<size_t> failed;
  for (size_t k = 0; k < count; ++k) {
    const std::string step = at + "/steps/" + std::to_string(k);
    const size_t reached = At(step + "/reached");
    if (k == 0) Add(step, {reached}, {At(at + "/attempts/started")});
    const size_t ended =
        k + 1 == count
            ? reached
            : AtMost({At(at + "/steps/" + std::to_string(k + 1) + "/reached")}, {reached});
    failed.push_back(At(step + "/left_after_error"));
    AtMost({failed.back()}, {ended});
    AtMost({At(step + "/left_after_slow")}, {ended});
  }
  Add(at + " left after error", {At(at + "/attempts/failed")}, failed);
}

}  // namespace civlog::oracle
