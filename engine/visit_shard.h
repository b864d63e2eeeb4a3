// Visits and attempts: state machines over one shard's events in time order.
//
// A shard owns the visitors whose hash falls into it. It is fed events in the
// order (order_us, position) and keeps state for visitors that are active or have
// an attempt open, nothing else: a visit that has timed out is folded into the
// counters and forgotten. Gaps are between the times of a visitor's records; a
// visitor whose last event lies further back in the order of events than the
// longest limit for a visit or a reload is quiet, and a late record does not bring
// its visit back. Neither depends on when memory happens to be swept, so that the
// figures do not depend on blocks or threads. The rules are those of docs/metrics.md, sections 2
// to 4.

#ifndef CIVLOG_ENGINE_VISIT_SHARD_H_
#define CIVLOG_ENGINE_VISIT_SHARD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "engine/calendar.h"
#include "engine/chunked_vector.h"
#include "engine/counters.h"
#include "engine/distinct_counter.h"
#include "engine/event.h"
#include "engine/service_model.h"
#include "engine/week_visitors.h"

namespace civlog {

// Bounds of one shard. Multiply by kPartitions for a run's.
struct VisitShardLimits : VisitorLimits {
  // Visitors with state; at the bound the one silent for longest is closed.
  size_t active_visitors = size_t{1} << 15;
};

// Not thread-safe.
class VisitShard {
 public:
  // `services` must outlive the shard.
  VisitShard(const ServiceModel& services, int64_t visit_timeout_us, absl::TimeZone zone,
             const VisitShardLimits& limits, TimeDetail detail);

  // Applies events. REQUIRES: ordered by (order_us, position), also across calls.
  void Apply(absl::Span<const VisitEvent> events);

  // Closes what is left: `data_end_us` is the latest time over all inputs. Attempts
  // whose visitor was not silent for long enough stay open.
  void Finish(int64_t data_end_us);

  const VisitCounters& counters() const { return counters_; }
  // Hands over what was counted, and begins anew.
  VisitCounters TakeCounters();
  // By Calendar::WeekOf, or kEveryWeek alone.
  using Weeks = std::map<int32_t, std::unique_ptr<WeekVisitors>>;
  static constexpr int32_t kEveryWeek = INT32_MIN;
  const Weeks& weeks() const { return weeks_; }
  // Hands over the visitors of the weeks before `week`.
  Weeks TakeWeeksBefore(int32_t week);
  // Forgets visits and attempts under way that began in [from_us, to_us).
  void ForgetBegun(int64_t from_us, int64_t to_us);
  // Visitors closed because the table was full.
  uint64_t evicted() const { return evicted_; }

  // One that goes its own way from here on.
  std::unique_ptr<VisitShard> Copy() const;

  // All but what TakeCounters hands over. REQUIRES: one that reads is as it was made.
  template <typename Archive>
  void Transfer(Archive& archive);

 private:
  VisitShard(const VisitShard& other);
  static constexpr uint32_t kNone = UINT32_MAX;

  // One transaction under way.
  struct Attempt {
    int64_t start_us = 0;
    HourId start_hour = 0;
    ServiceId service = kNoService;
    uint16_t furthest = 1;  // 1-based step
    int32_t last_latency_us = -1;
    bool failing = false;
    bool had_error = false;
    bool saved = false;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(start_us, start_hour, service, furthest, last_latency_us, failing, had_error, saved);
    }
  };
  struct Completion {
    ServiceId service = kNoService;
    int64_t time_us = 0;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(service, time_us);
    }
  };
  // An act, for the double-click rule.
  struct RecentAct {
    uint64_t what = 0;  // hash of act route (or service) and path
    int64_t order_us = 0;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(what, order_us);
    }
  };
  struct ViewedService {
    ServiceId service = kNoService;
    bool counted = false;  // among the service's visitors of this week
    uint32_t acts = 0;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(service, counted, acts);
    }
  };
  struct Visit {
    int64_t start_us = 0;
    HourId start_hour = 0;
    uint32_t page_views = 0;
    uint32_t acts = 0;
    bool interactive = false;  // an act on an interaction or participation service
    uint8_t tiers = 0;         // bit t: a participation act of Tier t
    bool participated = false;
    uint16_t completions = 0;
    uint16_t first_department = 0;
    bool two_departments = false;
    absl::InlinedVector<ViewedService, 4> services;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(start_us, start_hour, page_views, acts, interactive, tiers, participated, completions,
              first_department, two_departments, services);
    }
  };
  struct Visitor {
    uint64_t id = 0;  // WeeklyVisitor::now
    int32_t week = kEveryWeek;
    int32_t day = kEveryDay;                  // that it was last counted on
    uint32_t number = VisitorNumbers::kNone;  // of `id`
    bool in_visit = false;
    int64_t last_us = 0;        // the latest counted request
    int64_t last_order_us = 0;  // its place in the order of events
    bool parked = false;        // which list it is in
    uint32_t newer = kNone;     // neighbours in the order of last_order_us
    uint32_t older = kNone;
    Visit visit;
    absl::InlinedVector<Attempt, 1> attempts;
    absl::InlinedVector<Completion, 1> completions;
    absl::InlinedVector<RecentAct, 1> recent_acts;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(id, week, day, number, in_visit, last_us, last_order_us, parked, visit, attempts,
              completions, recent_acts);
    }
  };

  // Visitors in the order of their last event.
  struct SlotList {
    uint32_t newest = kNone;
    uint32_t oldest = kNone;
    size_t size = 0;
  };

  // `guess`: the slot of the event's visitor, if it has not changed hands since; or kNone.
  void ApplyOne(const VisitEvent& event, uint32_t guess);
  uint32_t Find(const VisitEvent& event, uint32_t guess);
  uint32_t Insert(const VisitEvent& event);
  void Rekey(uint32_t slot, const VisitEvent& event);
  SlotList& ListOf(const Visitor& visitor) { return visitor.parked ? parked_ : active_; }
  uint32_t FreeSlot();
  void Restore(Visitor visitor);
  void Link(uint32_t slot);
  void Unlink(uint32_t slot);
  void Sweep(int64_t now_us);
  void SweepParked(int64_t now_us);
  void Evict();
  void Release(uint32_t slot);

  // Forgets what a visitor silent beyond retention_us_ no longer needs.
  void GoQuiet(Visitor* visitor, int64_t now_us);
  void CloseVisit(Visitor* visitor);
  void CloseSilentAttempts(Visitor* visitor, int64_t now_us);
  void CloseLeftAttempt(const Attempt& attempt);
  int64_t TimeoutOf(const Attempt& attempt) const;

  ViewedService& View(Visitor* visitor, ServiceId service);
  void Number(Visitor* visitor, int64_t time_us);
  void CountDay(Visitor* visitor, int64_t time_us);
  WeekVisitors& VisitorsOf(int32_t week);
  bool by_period() const { return detail_ == TimeDetail::kAllByPeriod; }
  // Of services that a visit or attempt which began in `hour` was on.
  uint64_t KeyOf(HourId hour, ServiceId service) const {
    return PackHourService(HourOfServices(detail_, hour), service);
  }
  int32_t DayOf(int64_t time_us) { return by_period() ? calendar_.DayOf(time_us) : kEveryDay; }
  DayVisits& CountersOf(int64_t time_us) { return counters_.Of(DayOf(time_us)); }
  void CountAct(Visitor* visitor, const VisitEvent& event);
  bool IsDoubleClick(Visitor* visitor, const VisitEvent& event);
  void ApplyTransaction(Visitor* visitor, const VisitEvent& event, const RouteRef& route);
  void ApplyStep(Visitor* visitor, const VisitEvent& event, uint16_t step);
  void ApplyEnd(Visitor* visitor, const VisitEvent& event, Outcome outcome);
  void ApplyError(Visitor* visitor, const VisitEvent& event);
  void Start(Visitor* visitor, const VisitEvent& event);
  void Complete(Visitor* visitor, Attempt* attempt, const VisitEvent& event, Outcome outcome);
  Attempt* FindAttempt(Visitor* visitor, ServiceId service);
  void CountAttempt(HourId hour, ServiceId service, AttemptMeasure measure);
  void CountSteps(const Attempt& attempt, bool left_after_error);

  const ServiceModel& services_;
  const int64_t visit_timeout_us_;
  const int64_t retention_us_;  // how long state of a silent visitor may still matter
  Calendar calendar_;
  const VisitShardLimits limits_;
  const TimeDetail detail_;

  absl::flat_hash_map<uint64_t, uint32_t> index_;
  ChunkedVector<Visitor> slots_;
  std::vector<uint32_t> free_slots_;
  SlotList active_;
  SlotList parked_;  // silent beyond retention_us_, with a saved attempt still open
  size_t parked_sweep_at_;

  VisitCounters counters_;
  Weeks weeks_;
  int32_t week_ = kEveryWeek;              // that was looked at last
  WeekVisitors* week_visitors_ = nullptr;  // and its visitors
  uint64_t evicted_ = 0;
};

template <typename Archive>
void VisitShard::Transfer(Archive& archive) {
  archive.Map(weeks_, [this] { return std::make_unique<WeekVisitors>(limits_); });
  archive(evicted_);
  // Those in a list, the one silent for longest first.
  for (SlotList* list : {&active_, &parked_}) {
    uint64_t size = list->size;
    archive(size);
    if constexpr (Archive::kReads) {
      for (; size > 0; --size) {
        Visitor visitor;
        archive(visitor);
        if (archive.failed()) return;
        Restore(std::move(visitor));
      }
    } else {
      for (uint32_t slot = list->oldest; slot != kNone; slot = slots_[slot].newer) {
        archive(slots_[slot]);
      }
    }
  }
}

}  // namespace civlog

#endif  // CIVLOG_ENGINE_VISIT_SHARD_H_
