#include "engine/visit_shard.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace civlog {
namespace {

// COUNTER Code of Practice, "double-click filtering".
constexpr int64_t kDoubleClickUs = 30 * kMicrosPerSecond;
// A reload of the end page is no end without a start.
constexpr int64_t kEndReloadUs = 30 * 60 * kMicrosPerSecond;
constexpr size_t kParkedSweepAtLeast = 1024;
constexpr size_t kCacheLine = 64;
constexpr size_t kPrefetchedLines = 4;  // of a visitor: identity, list, visit, attempts

template <typename T>
void Renew(T* object) {
  std::destroy_at(object);
  std::construct_at(object);
}

}  // namespace

VisitShard::VisitShard(const ServiceModel& services, int64_t visit_timeout_us, absl::TimeZone zone,
                       const VisitShardLimits& limits, TimeDetail detail)
    : services_(services),
      visit_timeout_us_(visit_timeout_us),
      retention_us_(std::max(visit_timeout_us, kEndReloadUs)),
      calendar_(zone),
      limits_(limits),
      detail_(detail),
      parked_sweep_at_(kParkedSweepAtLeast) {}

VisitShard::VisitShard(const VisitShard& other)
    : services_(other.services_),
      visit_timeout_us_(other.visit_timeout_us_),
      retention_us_(other.retention_us_),
      calendar_(other.calendar_),
      limits_(other.limits_),
      detail_(other.detail_),
      index_(other.index_),
      slots_(other.slots_),
      free_slots_(other.free_slots_),
      active_(other.active_),
      parked_(other.parked_),
      parked_sweep_at_(other.parked_sweep_at_),
      counters_(other.counters_),
      evicted_(other.evicted_) {
  for (const auto& [week, visitors] : other.weeks_) {
    weeks_.emplace(week, std::make_unique<WeekVisitors>(*visitors));
  }
}

void VisitShard::ForgetBegun(int64_t from_us, int64_t to_us) {
  const auto within = [=](int64_t time_us) { return time_us >= from_us && time_us < to_us; };
  for (const auto& [id, slot] : index_) {
    Visitor& visitor = slots_[slot];
    if (visitor.in_visit && within(visitor.visit.start_us)) {
      visitor.in_visit = false;
      Renew(&visitor.visit);
    }
    const auto* const gone =
        std::remove_if(visitor.attempts.begin(), visitor.attempts.end(),
                       [&](const Attempt& attempt) { return within(attempt.start_us); });
    visitor.attempts.erase(gone, visitor.attempts.end());
  }
}

VisitShard::Weeks VisitShard::TakeWeeksBefore(int32_t week) {
  Weeks taken;
  while (!weeks_.empty() && weeks_.begin()->first < week) {
    taken.insert(weeks_.extract(weeks_.begin()));
  }
  week_visitors_ = nullptr;
  return taken;
}

WeekVisitors& VisitShard::VisitorsOf(int32_t week) {
  if (week_visitors_ == nullptr || week != week_) {
    std::unique_ptr<WeekVisitors>& visitors = weeks_[week];
    if (visitors == nullptr) visitors = std::make_unique<WeekVisitors>(limits_);
    week_ = week;
    week_visitors_ = visitors.get();
  }
  return *week_visitors_;
}

VisitCounters VisitShard::TakeCounters() { return std::exchange(counters_, VisitCounters()); }

// Flattened as Classifier::Add is.
[[gnu::flatten]] void VisitShard::Apply(absl::Span<const VisitEvent> events) {
  // What an event needs is asked for a few events ahead: first where the visitor's
  // slot is, then the slot.
  constexpr size_t kIndexAhead = 12;
  constexpr size_t kSlotAhead = 6;
  std::array<uint32_t, kSlotAhead> guesses;  // of the next events
  guesses.fill(kNone);
  for (size_t i = 0; i < events.size(); ++i) {
    uint32_t& guess = guesses[i % kSlotAhead];
    const uint32_t slot = std::exchange(guess, kNone);
    if (i + kIndexAhead < events.size()) index_.prefetch(events[i + kIndexAhead].visitor);
    if (i + kSlotAhead < events.size()) {
      const auto found = index_.find(events[i + kSlotAhead].visitor);
      if (found != index_.end()) {
        guess = found->second;
        const auto* visitor = reinterpret_cast<const char*>(&slots_[guess]);
        for (size_t line = 0; line < kPrefetchedLines; ++line) {
          __builtin_prefetch(visitor + line * kCacheLine);
        }
      } else if (week_visitors_ != nullptr) {
        week_visitors_->Prefetch(events[i + kSlotAhead].visitor);
      }
      const ServiceId service = events[i + kSlotAhead].service;
      if (service != kNoService && week_visitors_ != nullptr) {
        week_visitors_->PrefetchService(service);
      }
    }
    ApplyOne(events[i], slot);
  }
}

void VisitShard::ApplyOne(const VisitEvent& event, uint32_t guess) {
  Sweep(event.order_us);
  const uint32_t slot = Find(event, guess);
  Visitor* visitor = &slots_[slot];
  CloseSilentAttempts(visitor, event.time_us);
  if (visitor->in_visit && event.time_us - visitor->last_us > visit_timeout_us_) {
    CloseVisit(visitor);
  }
  if (!visitor->in_visit) {
    visitor->in_visit = true;
    visitor->visit.start_us = event.time_us;
    visitor->visit.start_hour = calendar_.HourOf(event.time_us);
  }
  if (by_period()) CountDay(visitor, event.time_us);
  visitor->last_us = std::max(visitor->last_us, event.time_us);
  visitor->last_order_us = event.order_us;
  Unlink(slot);
  visitor->parked = false;
  Link(slot);

  if ((event.flags & kFlagPageView) != 0) ++visitor->visit.page_views;
  if (event.service == kNoService) return;
  View(visitor, event.service);
  if (event.route == kNoRoute) {
    if ((event.flags & kFlagPlainAct) != 0 && !IsDoubleClick(visitor, event)) {
      CountAct(visitor, event);
    }
    return;
  }
  const RouteRef& route = services_.routes()->routes()[event.route];
  if (services_.Traits(event.service).kind == ServiceKind::kTransaction) {
    ApplyTransaction(visitor, event, route);
  } else if (route.role == RouteRole::kAct && (event.flags & kFlagAccepted) != 0 &&
             !IsDoubleClick(visitor, event)) {
    CountAct(visitor, event);
  }
}

uint32_t VisitShard::Find(const VisitEvent& event, uint32_t guess) {
  // A slot that is free has the id 0.
  uint32_t slot = guess;
  if (guess == kNone || event.visitor == 0 || slots_[guess].id != event.visitor) {
    auto found = index_.find(event.visitor);
    const bool before = found == index_.end() && event.visitor_before != 0;
    if (before) found = index_.find(event.visitor_before);
    if (found == index_.end()) return Insert(event);
    slot = found->second;
    if (before) Rekey(slot, event);
  }
  Visitor* visitor = &slots_[slot];
  if (event.order_us - visitor->last_order_us > retention_us_) GoQuiet(visitor, event.order_us);
  return slot;
}

void VisitShard::Rekey(uint32_t slot, const VisitEvent& event) {
  Visitor& visitor = slots_[slot];
  index_.erase(visitor.id);
  index_.emplace(event.visitor, slot);
  visitor.id = event.visitor;
  Number(&visitor, event.time_us);
  for (ViewedService& viewed : visitor.visit.services) viewed.counted = false;
}

uint32_t VisitShard::FreeSlot() {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.Append();
  }
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

uint32_t VisitShard::Insert(const VisitEvent& event) {
  if (index_.size() >= limits_.active_visitors) Evict();
  const uint32_t slot = FreeSlot();
  Visitor& visitor = slots_[slot];
  visitor.id = event.visitor;
  visitor.last_us = event.time_us;
  visitor.last_order_us = event.order_us;
  index_.emplace(event.visitor, slot);
  Link(slot);
  Number(&visitor, event.time_us);
  return slot;
}

void VisitShard::Restore(Visitor visitor) {
  const uint32_t slot = FreeSlot();
  slots_[slot] = std::move(visitor);
  index_.emplace(slots_[slot].id, slot);
  Link(slot);
}

// Counts a visitor of the week that the time is in.
void VisitShard::Number(Visitor* visitor, int64_t time_us) {
  visitor->week = by_period() ? calendar_.WeekOf(time_us) : kEveryWeek;
  visitor->number = VisitorsOf(visitor->week).Count(visitor->id);
  visitor->day = kEveryDay;
}

void VisitShard::CountDay(Visitor* visitor, int64_t time_us) {
  const int32_t day = calendar_.DayOf(time_us);
  if (day == visitor->day) return;
  visitor->day = day;
  VisitorsOf(visitor->week).CountDay(visitor->number, day - Calendar::MondayOf(visitor->week));
}

void VisitShard::Link(uint32_t slot) {
  Visitor& visitor = slots_[slot];
  SlotList& list = ListOf(visitor);
  visitor.older = list.newest;
  visitor.newer = kNone;
  (list.newest == kNone ? list.oldest : slots_[list.newest].newer) = slot;
  list.newest = slot;
  ++list.size;
}

void VisitShard::Unlink(uint32_t slot) {
  Visitor& visitor = slots_[slot];
  SlotList& list = ListOf(visitor);
  (visitor.newer == kNone ? list.newest : slots_[visitor.newer].older) = visitor.older;
  (visitor.older == kNone ? list.oldest : slots_[visitor.older].newer) = visitor.newer;
  --list.size;
}

void VisitShard::Release(uint32_t slot) {
  Unlink(slot);
  index_.erase(slots_[slot].id);
  Renew(&slots_[slot]);
  free_slots_.push_back(slot);
}

void VisitShard::Sweep(int64_t now_us) {
  while (active_.oldest != kNone) {
    const uint32_t slot = active_.oldest;
    Visitor& visitor = slots_[slot];
    if (now_us - visitor.last_order_us <= retention_us_) return;
    GoQuiet(&visitor, now_us);
    if (visitor.attempts.empty()) {
      Release(slot);
      continue;
    }
    Unlink(slot);
    visitor.parked = true;
    Link(slot);
    if (parked_.size >= parked_sweep_at_) SweepParked(now_us);
  }
}

void VisitShard::SweepParked(int64_t now_us) {
  for (uint32_t slot = parked_.oldest; slot != kNone;) {
    const uint32_t next = slots_[slot].newer;
    CloseSilentAttempts(&slots_[slot], now_us);
    if (slots_[slot].attempts.empty()) Release(slot);
    slot = next;
  }
  parked_sweep_at_ = std::max(kParkedSweepAtLeast, 2 * parked_.size);
}

void VisitShard::Evict() {
  const uint32_t slot = parked_.oldest != kNone ? parked_.oldest : active_.oldest;
  Visitor& visitor = slots_[slot];
  CloseVisit(&visitor);
  for (const Attempt& attempt : visitor.attempts) CloseLeftAttempt(attempt);
  Release(slot);
  ++evicted_;
}

void VisitShard::GoQuiet(Visitor* visitor, int64_t now_us) {
  CloseVisit(visitor);
  CloseSilentAttempts(visitor, now_us);
  visitor->completions.clear();
  visitor->recent_acts.clear();
}

void VisitShard::CloseVisit(Visitor* visitor) {
  if (!visitor->in_visit) return;
  visitor->in_visit = false;
  const Visit& visit = visitor->visit;
  CounterTable& table = counters_.visits;
  for (const ViewedService& viewed : visit.services) {
    const size_t row = table.Row(KeyOf(visit.start_hour, viewed.service));
    table.Add(row, kVisits, 1);
    // Each measure of thousands of services is a cache line of its own.
    if (viewed.acts == 0) continue;
    table.Add(row, kActs, viewed.acts);
    table.Add(row, kActingVisits, 1);
  }
  if (detail_ == TimeDetail::kPortalByHour) {
    counters_.hours.Add(counters_.hours.Row(PackHourService(visit.start_hour, kNoService)), 0, 1);
  }
  const size_t row = table.Row(KeyOf(visit.start_hour, kNoService));
  const auto tier = [&visit](Tier t) {
    return uint64_t{(visit.tiers >> static_cast<unsigned>(t)) & 1U};
  };
  table.Add(row, kVisits, 1);
  table.Add(row, kBounces, visit.page_views == 1 && visit.acts == 0 ? 1 : 0);
  table.Add(row, kActs, visit.acts);
  table.Add(row, kActingVisits, visit.interactive || visit.completions > 0 ? 1 : 0);
  table.Add(row, kParticipatingVisits, visit.participated ? 1 : 0);
  table.Add(row, kInformVisits, tier(Tier::kInform));
  table.Add(row, kConsultVisits, tier(Tier::kConsult));
  table.Add(row, kDecideVisits, tier(Tier::kDecide));
  const VisitMeasure stage = visit.two_departments   ? kSeamlessVisits
                             : visit.completions > 0 ? kTransactionalVisits
                             : visit.interactive     ? kInteractiveVisits
                                                     : kEnhancedVisits;
  table.Add(row, stage, 1);
  Renew(&visitor->visit);
}

int64_t VisitShard::TimeoutOf(const Attempt& attempt) const {
  const ServiceTraits& traits = services_.Traits(attempt.service);
  return attempt.saved ? traits.resume_within_us : traits.abandon_after_us;
}

void VisitShard::CloseSilentAttempts(Visitor* visitor, int64_t now_us) {
  for (size_t i = 0; i < visitor->attempts.size();) {
    const Attempt& attempt = visitor->attempts[i];
    if (now_us - visitor->last_us <= TimeoutOf(attempt)) {
      ++i;
      continue;
    }
    CloseLeftAttempt(attempt);
    visitor->attempts.erase(visitor->attempts.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void VisitShard::CloseLeftAttempt(const Attempt& attempt) {
  CountAttempt(attempt.start_hour, attempt.service, attempt.failing ? kFailed : kAbandoned);
  CountSteps(attempt, attempt.failing);
  if (attempt.last_latency_us >= 0) {
    const LatencyKey key{attempt.service, 0, static_cast<uint8_t>(attempt.furthest)};
    CountersOf(attempt.start_us).left_latency[key.Pack()].Add(attempt.last_latency_us);
  }
}

void VisitShard::CountAttempt(HourId hour, ServiceId service, AttemptMeasure measure) {
  counters_.attempts.Add(counters_.attempts.Row(KeyOf(hour, service)), measure, 1);
}

void VisitShard::CountSteps(const Attempt& attempt, bool left_after_error) {
  const LatencyKey key{attempt.service, 0, static_cast<uint8_t>(attempt.furthest)};
  CounterTable& steps = CountersOf(attempt.start_us).steps;
  const size_t row = steps.Row(key.Pack());
  steps.Add(row, kFurthest, 1);
  steps.Add(row, kLeftAfterError, left_after_error ? 1 : 0);
}

VisitShard::ViewedService& VisitShard::View(Visitor* visitor, ServiceId service) {
  auto& services = visitor->visit.services;
  auto viewed = std::find_if(services.begin(), services.end(),
                             [service](const ViewedService& v) { return v.service == service; });
  if (viewed == services.end()) {
    services.emplace_back();
    viewed = services.end() - 1;
    viewed->service = service;
  }
  if (!viewed->counted) {
    viewed->counted = true;
    VisitorsOf(visitor->week).CountView(visitor->id, visitor->number, service);
  }
  return *viewed;
}

bool VisitShard::IsDoubleClick(Visitor* visitor, const VisitEvent& event) {
  const uint64_t act =
      event.route != kNoRoute ? event.route : (uint64_t{1} << 32) + uint64_t{event.service};
  const uint64_t what = event.path ^ MixBits(act);
  auto& recent = visitor->recent_acts;
  bool repeated = false;
  for (size_t i = 0; i < recent.size();) {
    const bool near = event.order_us - recent[i].order_us <= kDoubleClickUs;
    repeated = repeated || (near && recent[i].what == what);
    if (near && recent[i].what != what) {
      ++i;
    } else {
      recent.erase(recent.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  recent.push_back({what, event.order_us});
  return repeated;
}

void VisitShard::CountAct(Visitor* visitor, const VisitEvent& event) {
  Visit& visit = visitor->visit;
  ++visit.acts;
  ++View(visitor, event.service).acts;
  if (event.route != kNoRoute) {
    CounterTable& acts = CountersOf(visit.start_us).acts;
    acts.Add(acts.Row(event.route), 0, 1);
  }
  const ServiceTraits& traits = services_.Traits(event.service);
  visit.interactive = visit.interactive || traits.kind == ServiceKind::kInteraction ||
                      traits.kind == ServiceKind::kParticipation;
  if (traits.kind == ServiceKind::kParticipation) {
    visit.participated = true;
    visit.tiers = static_cast<uint8_t>(visit.tiers | (1U << static_cast<unsigned>(traits.tier)));
  }
}

VisitShard::Attempt* VisitShard::FindAttempt(Visitor* visitor, ServiceId service) {
  for (Attempt& attempt : visitor->attempts) {
    if (attempt.service == service) return &attempt;
  }
  return nullptr;
}

void VisitShard::ApplyTransaction(Visitor* visitor, const VisitEvent& event,
                                  const RouteRef& route) {
  const bool accepted = (event.flags & kFlagAccepted) != 0;
  if (Attempt* attempt = FindAttempt(visitor, event.service); attempt != nullptr) {
    attempt->last_latency_us = event.latency_us;
  }
  switch (route.role) {
    case RouteRole::kStep:
      if ((event.flags & kFlagServerError) != 0) {
        ApplyError(visitor, event);
      } else if (accepted) {
        ApplyStep(visitor, event, static_cast<uint16_t>(route.index + 1));
      }
      break;
    case RouteRole::kEnd:
      if (accepted) {
        const Service& service = services_.catalog()->services[event.service];
        ApplyEnd(visitor, event, service.ends[route.index].outcome);
      }
      break;
    case RouteRole::kError:
      ApplyError(visitor, event);
      break;
    case RouteRole::kSave:
      if (Attempt* attempt = FindAttempt(visitor, event.service);
          accepted && attempt != nullptr && services_.Traits(event.service).resume_within_us >= 0) {
        attempt->saved = true;
      }
      break;
    case RouteRole::kMember:
    case RouteRole::kStatus:
    case RouteRole::kAct:
    case RouteRole::kResume:
      break;
  }
}

void VisitShard::ApplyError(Visitor* visitor, const VisitEvent& event) {
  Attempt* attempt = FindAttempt(visitor, event.service);
  if (attempt == nullptr) return;
  attempt->failing = true;
  attempt->had_error = true;
}

void VisitShard::Start(Visitor* visitor, const VisitEvent& event) {
  Attempt attempt;
  attempt.service = event.service;
  attempt.start_us = event.time_us;
  attempt.start_hour = calendar_.HourOf(event.time_us);
  attempt.last_latency_us = event.latency_us;
  visitor->attempts.push_back(attempt);
  CountAttempt(attempt.start_hour, event.service, kStarted);
  VisitorsOf(visitor->week).CountStart(visitor->id, event.service);
}

void VisitShard::ApplyStep(Visitor* visitor, const VisitEvent& event, uint16_t step) {
  const ServiceTraits& traits = services_.Traits(event.service);
  const bool is_end = step == traits.steps;
  Attempt* attempt = FindAttempt(visitor, event.service);
  if (attempt == nullptr) {
    if (is_end) return ApplyEnd(visitor, event, Outcome::kGranted);
    if (step == 1) Start(visitor, event);
    return;
  }
  if (traits.strict && step > attempt->furthest + 1) return;
  attempt->failing = false;
  attempt->furthest = std::max(attempt->furthest, step);
  if (is_end) Complete(visitor, attempt, event, Outcome::kGranted);
}

void VisitShard::ApplyEnd(Visitor* visitor, const VisitEvent& event, Outcome outcome) {
  if (Attempt* attempt = FindAttempt(visitor, event.service); attempt != nullptr) {
    return Complete(visitor, attempt, event, outcome);
  }
  for (const Completion& completion : visitor->completions) {
    if (completion.service == event.service && event.time_us - completion.time_us <= kEndReloadUs) {
      return;
    }
  }
  CountAttempt(calendar_.HourOf(event.time_us), event.service, kWithoutStart);
}

void VisitShard::Complete(Visitor* visitor, Attempt* attempt, const VisitEvent& event,
                          Outcome outcome) {
  CountAttempt(attempt->start_hour, attempt->service,
               outcome == Outcome::kGranted ? kGranted : kRefused);
  if (attempt->had_error) CountAttempt(attempt->start_hour, attempt->service, kRecovered);
  CountSteps(*attempt, false);
  CountersOf(attempt->start_us)
      .time_to_complete[attempt->service]
      .Add(std::max<int64_t>(0, event.time_us - attempt->start_us));
  VisitorsOf(visitor->week).CountCompletion(visitor->id, event.service);
  visitor->attempts.erase(visitor->attempts.begin() + (attempt - visitor->attempts.data()));

  auto& completions = visitor->completions;
  const auto same = std::find_if(completions.begin(), completions.end(),
                                 [&](const Completion& c) { return c.service == event.service; });
  if (same != completions.end()) completions.erase(same);
  completions.push_back({event.service, event.time_us});

  CountAct(visitor, event);
  Visit& visit = visitor->visit;
  const uint16_t department = services_.Traits(event.service).department;
  if (visit.completions == 0) visit.first_department = department;
  visit.two_departments =
      visit.two_departments || (visit.completions > 0 && department != visit.first_department);
  ++visit.completions;
}

std::unique_ptr<VisitShard> VisitShard::Copy() const {
  return std::unique_ptr<VisitShard>(new VisitShard(*this));
}

void VisitShard::Finish(int64_t data_end_us) {
  for (const SlotList* list : {&active_, &parked_}) {
    for (uint32_t slot = list->oldest; slot != kNone; slot = slots_[slot].newer) {
      Visitor& visitor = slots_[slot];
      CloseVisit(&visitor);
      CloseSilentAttempts(&visitor, data_end_us);
      for (const Attempt& attempt : visitor.attempts) {
        CountAttempt(attempt.start_hour, attempt.service, kOpen);
        CountSteps(attempt, false);
      }
      visitor.attempts.clear();
    }
  }
}

}  // namespace civlog
