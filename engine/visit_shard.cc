#include "engine/visit_shard.h"

#include <algorithm>
#include <memory>

namespace civlog {
namespace {

// COUNTER Code of Practice, "double-click filtering".
constexpr int64_t kDoubleClickUs = 30 * kMicrosPerSecond;
// A reload of the end page is no end without a start.
constexpr int64_t kEndReloadUs = 30 * 60 * kMicrosPerSecond;
constexpr size_t kParkedSweepAtLeast = 1024;
constexpr size_t kCacheLine = 64;
constexpr size_t kPrefetchedLines = 3;  // of a visitor: identity, list, visit

template <typename T>
void Renew(T* object) {
  std::destroy_at(object);
  std::construct_at(object);
}

}  // namespace

VisitShard::VisitShard(const ServiceModel& services, int64_t visit_timeout_us, absl::TimeZone zone,
                       const VisitShardLimits& limits)
    : services_(services),
      visit_timeout_us_(visit_timeout_us),
      retention_us_(std::max(visit_timeout_us, kEndReloadUs)),
      calendar_(zone),
      limits_(limits),
      parked_sweep_at_(kParkedSweepAtLeast),
      visitors_(limits.exact_visitors),
      other_visitors_(&exact_left_),
      exact_service_visitors_left_(limits.exact_service_visitors) {}

void VisitShard::Apply(absl::Span<const VisitEvent> events) {
  // What an event needs is asked for a few events ahead: first where the visitor's
  // slot is, then the slot.
  constexpr size_t kIndexAhead = 12;
  constexpr size_t kSlotAhead = 6;
  const auto id = [&events](size_t i) { return WeeklyVisitor(events[i].visitor, events[i].week); };
  for (size_t i = 0; i < events.size(); ++i) {
    if (i + kIndexAhead < events.size()) index_.prefetch(id(i + kIndexAhead));
    if (i + kSlotAhead < events.size()) {
      const auto found = index_.find(id(i + kSlotAhead));
      if (found != index_.end()) {
        const auto* visitor = reinterpret_cast<const char*>(&slots_[found->second]);
        for (size_t line = 0; line < kPrefetchedLines; ++line) {
          __builtin_prefetch(visitor + line * kCacheLine);
        }
      } else {
        visitors_.Prefetch(id(i + kSlotAhead));
      }
    }
    ApplyOne(events[i]);
  }
}

void VisitShard::ApplyOne(const VisitEvent& event) {
  Sweep(event.order_us);
  const uint32_t slot = Find(event);
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
  const Route& route = *services_.routes()->routes()[event.route].route;
  if (services_.Traits(event.service).kind == ServiceKind::kTransaction) {
    ApplyTransaction(visitor, event, route);
  } else if (route.role == RouteRole::kAct && (event.flags & kFlagAccepted) != 0 &&
             !IsDoubleClick(visitor, event)) {
    CountAct(visitor, event);
  }
}

uint32_t VisitShard::Find(const VisitEvent& event) {
  const uint64_t id = WeeklyVisitor(event.visitor, event.week);
  auto found = index_.find(id);
  if (found == index_.end() && (event.flags & kFlagCarryWindow) != 0) {
    found = index_.find(WeeklyVisitor(event.visitor, event.week - 1));
    if (found != index_.end()) Rekey(found->second, event, id);
  }
  found = index_.find(id);
  if (found == index_.end()) return Insert(event, id);
  Visitor* visitor = &slots_[found->second];
  if (event.order_us - visitor->last_order_us > retention_us_) GoQuiet(visitor, event.order_us);
  return found->second;
}

void VisitShard::Rekey(uint32_t slot, const VisitEvent& event, uint64_t id) {
  Visitor& visitor = slots_[slot];
  index_.erase(visitor.id);
  index_.emplace(id, slot);
  visitor.id = id;
  visitor.week = event.week;
  Number(&visitor);
  for (ViewedService& viewed : visitor.visit.services) viewed.counted = false;
}

uint32_t VisitShard::Insert(const VisitEvent& event, uint64_t id) {
  if (index_.size() >= limits_.active_visitors) Evict();
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  Visitor& visitor = slots_[slot];
  visitor.id = id;
  visitor.hash = event.visitor;
  visitor.week = event.week;
  visitor.last_us = event.time_us;
  visitor.last_order_us = event.order_us;
  index_.emplace(id, slot);
  Link(slot);
  Number(&visitor);
  return slot;
}

// Counts a visitor of the week.
void VisitShard::Number(Visitor* visitor) {
  visitor->number = visitors_.Of(visitor->id);
  if (visitor->number == VisitorNumbers::kNone) other_visitors_.Add(visitor->id);
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
    const size_t row = table.Row(PackHourService(visit.start_hour, viewed.service));
    table.Add(row, kVisits, 1);
    table.Add(row, kActs, viewed.acts);
    table.Add(row, kActingVisits, viewed.acts > 0 ? 1 : 0);
  }
  const size_t row = table.Row(PackHourService(visit.start_hour, kNoService));
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
    counters_.left_latency[key.Pack()].Add(attempt.last_latency_us);
  }
}

void VisitShard::CountAttempt(HourId hour, ServiceId service, AttemptMeasure measure) {
  counters_.attempts.Add(counters_.attempts.Row(PackHourService(hour, service)), measure, 1);
}

void VisitShard::CountSteps(const Attempt& attempt, bool left_after_error) {
  const LatencyKey key{attempt.service, 0, static_cast<uint8_t>(attempt.furthest)};
  const size_t row = counters_.steps.Row(key.Pack());
  counters_.steps.Add(row, kFurthest, 1);
  counters_.steps.Add(row, kLeftAfterError, left_after_error ? 1 : 0);
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
    VisitorSet& set = service_visitors_.try_emplace(service, &exact_left_).first->second;
    set.Add(visitor->id, visitor->number, &exact_service_visitors_left_);
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
    counters_.acts.Add(counters_.acts.Row(event.route), 0, 1);
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

void VisitShard::ApplyTransaction(Visitor* visitor, const VisitEvent& event, const Route& route) {
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
  if (Attempting* attempting = Attempts(*visitor, event.service); attempting != nullptr) {
    ++attempting->attempts;
  }
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
  counters_.time_to_complete[attempt->service].Add(
      std::max<int64_t>(0, event.time_us - attempt->start_us));
  if (Attempting* attempting = Attempts(*visitor, event.service); attempting != nullptr) {
    attempting->completed = true;
  }
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

VisitShard::Attempting* VisitShard::Attempts(const Visitor& visitor, ServiceId service) {
  const uint64_t key = MixBits(visitor.id + service);
  const auto found = attempting_.find(key);
  if (found != attempting_.end()) return &found->second;
  if (attempting_.size() >= limits_.attempting_visitors) {
    attempting_full_ = true;
    return nullptr;
  }
  Attempting& attempting = attempting_[key];
  attempting.service = service;
  return &attempting;
}

absl::flat_hash_map<ServiceId, VisitShard::Completers> VisitShard::CompletersByService() const {
  absl::flat_hash_map<ServiceId, Completers> result;
  for (const auto& [key, attempting] : attempting_) {
    if (!attempting.completed) continue;
    Completers& completers = result[attempting.service];
    completers.attempts += attempting.attempts;
    ++completers.visitors;
  }
  return result;
}

std::unique_ptr<VisitShard> VisitShard::Copy() const {
  std::unique_ptr<VisitShard> copy(new VisitShard(*this));
  copy->other_visitors_.ShareWith(&copy->exact_left_);
  for (auto& [service, visitors] : copy->service_visitors_) {
    visitors.ShareWith(&copy->exact_left_);
  }
  return copy;
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
