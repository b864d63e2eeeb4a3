#include "tests/oracle/oracle_visits.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/time/civil_time.h"

namespace civlog::oracle {
namespace {

constexpr int64_t kDoubleClickSeconds = 30;
constexpr int64_t kReloadSeconds = 30 * 60;
constexpr int64_t kCarrySeconds = 48 * 3600;

// What is remembered of one visitor under one week's key.
struct Memory {
  int64_t last_s = 0;      // latest time of a counted request
  int64_t last_key_s = 0;  // where the last one was applied
  size_t visit = 0;
  std::map<std::pair<std::string, std::string>, int64_t> clicks;  // act route and path: time
  std::map<std::string, Attempt> open;                            // by service
  std::map<std::string, int64_t> completed_s;                     // by service
};

class Walker {
 public:
  Walker(const Catalog& catalog, int64_t end_s) : catalog_(catalog), end_s_(end_s) {}

  void Apply(const Request& request) {
    Memory& memory = Recall(request);
    Visit& visit = result_.visits[memory.visit];
    if (request.page_view) ++visit.page_views;
    if (!request.service.empty()) visit.viewed.insert(request.service);
    const Service* service = Find(request.service);
    if (service != nullptr && service->kind == "transaction") {
      ApplyTransaction(*service, request, &memory, &visit);
    } else {
      ApplyAct(request, &memory, &visit);
    }
  }

  Walk Finish() {
    for (auto& [key, memory] : memories_) {
      CloseSilent(&memory, end_s_);
      for (auto& [service, attempt] : memory.open) Close("open", attempt);
    }
    return std::move(result_);
  }

 private:
  const Service* Find(const std::string& id) const {
    for (const Service& service : catalog_.services) {
      if (service.id == id) return &service;
    }
    return nullptr;
  }

  // The visitor's memory, with the visit that the request is in. For 48 hours what
  // was remembered under the last week's key goes on under the new one.
  Memory& Recall(const Request& request) {
    const int64_t week = IsoWeek(request.time_s, catalog_.zone);
    const auto key = std::make_pair(request.visitor, week);
    const int64_t begin_s = absl::ToUnixSeconds(
        absl::FromCivil(absl::CivilSecond(absl::CivilDay(1970, 1, 1) + week), catalog_.zone));
    const auto old = memories_.find({request.visitor, week - 7});
    if (memories_.count(key) == 0 && old != memories_.end() &&
        request.time_s < begin_s + kCarrySeconds) {
      memories_[key] = std::move(old->second);
      memories_.erase(old);
    }
    const auto [known, is_new] = memories_.try_emplace(key);
    Memory& memory = known->second;
    const bool forgotten = !is_new && request.key_s - memory.last_key_s >
                                          std::max(catalog_.visit_timeout_s, kReloadSeconds);
    if (is_new || forgotten || request.time_s - memory.last_s > catalog_.visit_timeout_s) {
      memory.visit = result_.visits.size();
      result_.visits.push_back({});
      result_.visits.back().begin_s = request.time_s;
    }
    if (forgotten) {
      CloseSilent(&memory, request.key_s);
      memory.completed_s.clear();
      memory.clicks.clear();
    }
    if (!is_new) CloseSilent(&memory, request.time_s);
    memory.last_s = is_new || (forgotten && memory.open.empty())
                        ? request.time_s
                        : std::max(memory.last_s, request.time_s);
    memory.last_key_s = request.key_s;
    return memory;
  }

  void Close(const std::string& outcome, Attempt attempt) {
    attempt.outcome = outcome;
    result_.attempts.push_back(std::move(attempt));
  }

  // Ends the attempts that waited longer than they may at `now_s`.
  void CloseSilent(Memory* memory, int64_t now_s) {
    for (auto it = memory->open.begin(); it != memory->open.end();) {
      const Attempt& attempt = it->second;
      const Service& service = *Find(attempt.service);
      const int64_t patience = attempt.saved ? *service.resume_within_s : service.abandon_after_s;
      if (now_s - memory->last_s <= patience) {
        ++it;
        continue;
      }
      Close(attempt.failing ? "failed" : "abandoned", attempt);
      it = memory->open.erase(it);
    }
  }

  void ApplyAct(const Request& request, Memory* memory, Visit* visit) {
    std::pair<std::string, std::string> click;
    if (!catalog_.given) {
      if (request.method != "POST" || !IsAccepted({}, "POST", request.status)) return;
      click = {request.service, request.target.path};
    } else {
      const Route* route = request.route;
      if (route == nullptr || route->role != Role::kAct) return;
      if (!IsAccepted(route->accepted, request.method, request.status)) return;
      click = {std::to_string(route - catalog_.routes.data()), request.target.path};
    }
    const auto before = memory->clicks.find(click);
    const bool again =
        before != memory->clicks.end() && request.key_s - before->second <= kDoubleClickSeconds;
    memory->clicks[click] = request.key_s;
    if (!again) ++visit->acts[request.service];
  }

  void ApplyTransaction(const Service& service, const Request& request, Memory* memory,
                        Visit* visit) {
    const Route& route = *request.route;
    const bool accepted = IsAccepted(route.accepted, request.method, request.status);
    const auto found = memory->open.find(service.id);
    Attempt* attempt = found == memory->open.end() ? nullptr : &found->second;
    const size_t step = route.role == Role::kStep ? route.index + 1 : 0;
    const bool last = step == service.step_names.size();
    const bool end = route.role == Role::kEnd || last;
    if (attempt == nullptr) {
      if (accepted && step == 1) memory->open[service.id] = Start(service.id, request.time_s);
      if (accepted && end) EndWithoutStart(service.id, request.time_s, *memory);
      return;
    }
    if (route.role == Role::kError || (step > 0 && request.status / 100 == 5)) {
      attempt->failing = attempt->had_error = true;
    }
    if (!accepted) return;
    if (route.role == Role::kSave && service.resume_within_s) attempt->saved = true;
    if (step > 0) {
      if (service.strict && step > attempt->furthest + 1) return;
      attempt->furthest = std::max(attempt->furthest, step);
      attempt->failing = false;
    }
    if (end) Complete(service, request, memory, visit);
  }

  static Attempt Start(const std::string& service, int64_t time_s) {
    Attempt attempt;
    attempt.service = service;
    attempt.start_s = time_s;
    return attempt;
  }

  void EndWithoutStart(const std::string& service, int64_t time_s, const Memory& memory) {
    const auto completed = memory.completed_s.find(service);
    const bool reload =
        completed != memory.completed_s.end() && time_s - completed->second <= kReloadSeconds;
    if (!reload) ++result_.without_start[service];
  }

  void Complete(const Service& service, const Request& request, Memory* memory, Visit* visit) {
    Attempt attempt = memory->open[service.id];
    memory->open.erase(service.id);
    attempt.end_s = request.time_s;
    memory->completed_s[service.id] = request.time_s;
    Close(request.route->refuses ? "refused" : "granted", attempt);
    ++visit->acts[service.id];
    ++visit->completions;
    if (!service.department.empty()) visit->departments.insert(service.department);
  }

  const Catalog& catalog_;
  int64_t end_s_;
  std::map<std::pair<std::string, int64_t>, Memory> memories_;
  Walk result_;
};

}  // namespace

int64_t IsoWeek(int64_t time_s, absl::TimeZone zone) {
  const absl::CivilDay day(absl::ToCivilSecond(absl::FromUnixSeconds(time_s), zone));
  absl::CivilDay monday = day;
  while (absl::GetWeekday(monday) != absl::Weekday::monday) --monday;
  return monday - absl::CivilDay(1970, 1, 1);
}

Walk WalkVisitors(const Catalog& catalog, std::vector<Request> requests, int64_t end_s) {
  const auto order = [](const Request& request) {
    return std::tie(request.visitor, request.key_s, request.source, request.position);
  };
  std::sort(requests.begin(), requests.end(),
            [&order](const Request& a, const Request& b) { return order(a) < order(b); });
  Walker walker(catalog, end_s);
  for (const Request& request : requests) walker.Apply(request);
  return walker.Finish();
}

}  // namespace civlog::oracle
