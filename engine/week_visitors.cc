#include "engine/week_visitors.h"

namespace civlog {

WeekVisitors::WeekVisitors(const VisitorLimits& limits)
    : limits_(limits),
      numbers_(limits.exact_visitors),
      shared_{.pairs_left = limits.exact_service_visitors},
      others_(&shared_.exact_left) {}

WeekVisitors::WeekVisitors(const WeekVisitors& other)
    : limits_(other.limits_),
      numbers_(other.numbers_),
      days_(other.days_),
      shared_(other.shared_),
      others_(other.others_),
      by_service_(other.by_service_),
      attempting_(other.attempting_),
      attempting_full_(other.attempting_full_) {
  Share();
}

void WeekVisitors::Share() {
  others_.ShareWith(&shared_.exact_left);
  for (auto& [service, visitors] : by_service_) visitors.ShareWith(&shared_);
}

uint32_t WeekVisitors::Count(uint64_t id) {
  const uint32_t number = numbers_.Of(id);
  if (number == VisitorNumbers::kNone) others_.Add(id);
  return number;
}

void WeekVisitors::CountDay(uint32_t number, int weekday) {
  if (number == VisitorNumbers::kNone) return;
  if (number >= days_.size()) days_.resize(number + 1);
  days_[number] = static_cast<DaysOfWeek>(days_[number] | (1U << weekday));
}

void WeekVisitors::CountView(uint64_t id, uint32_t number, ServiceId service) {
  by_service_[service].Add(id, number, &shared_);
}

void WeekVisitors::CountStart(uint64_t id, ServiceId service) {
  if (Attempting* attempting = Attempts(id, service); attempting != nullptr) {
    ++attempting->attempts;
  }
}

void WeekVisitors::CountCompletion(uint64_t id, ServiceId service) {
  if (Attempting* attempting = Attempts(id, service); attempting != nullptr) {
    attempting->completed = true;
  }
}

WeekVisitors::Attempting* WeekVisitors::Attempts(uint64_t id, ServiceId service) {
  const uint64_t key = MixBits(id + service);
  uint32_t number = attempting_.Find(key);
  if (number == attempting_.kNone) {
    if (attempting_.size() >= limits_.attempting_visitors) {
      attempting_full_ = true;
      return nullptr;
    }
    number = attempting_.Append(key, {0, service, false});
  }
  return &attempting_.value(number);
}

absl::flat_hash_map<ServiceId, Completers> WeekVisitors::CompletersByService() const {
  absl::flat_hash_map<ServiceId, Completers> result;
  for (size_t i = 0; i < attempting_.size(); ++i) {
    const Attempting& attempting = attempting_.value(i);
    if (!attempting.completed) continue;
    Completers& completers = result[attempting.service];
    completers.attempts += attempting.attempts;
    ++completers.visitors;
  }
  return result;
}

}  // namespace civlog
