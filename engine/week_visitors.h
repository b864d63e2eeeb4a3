// The visitors of one week in one shard: how many, of which services, and how often those
// who completed an attempt had begun one.

#ifndef CIVLOG_ENGINE_WEEK_VISITORS_H_
#define CIVLOG_ENGINE_WEEK_VISITORS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/dense_index.h"
#include "engine/distinct_counter.h"
#include "engine/event.h"
#include "engine/visitor_sets.h"

namespace civlog {

// Bounds of one shard; see VisitShardLimits.
struct VisitorLimits {
  // Distinct visitors counted exactly, and pairs of a service and a visitor.
  size_t exact_visitors = size_t{1} << 16;
  size_t exact_service_visitors = size_t{1} << 19;
  // (visitor, service) pairs remembered for attempts per completed visitor.
  size_t attempting_visitors = size_t{1} << 14;
};

// A set of days of one week: bit 0 is Monday.
using DaysOfWeek = uint8_t;
inline constexpr int kDaysPerWeek = 7;
inline constexpr DaysOfWeek kWholeWeek = 0x7F;

// Attempts started by visitors who completed one, and those visitors.
struct Completers {
  uint64_t attempts = 0;
  uint64_t visitors = 0;
};

// Not thread-safe.
class WeekVisitors {
 public:
  explicit WeekVisitors(const VisitorLimits& limits);
  // A copy counts apart from then on.
  WeekVisitors(const WeekVisitors& other);
  WeekVisitors& operator=(const WeekVisitors&) = delete;

  // A visitor's number, or VisitorNumbers::kNone; the visitor is counted.
  uint32_t Count(uint64_t id);
  // The visitor came on that day of the week, 0 to 6 from Monday. Those that have no
  // number are not told by day.
  void CountDay(uint32_t number, int weekday);
  void Prefetch(uint64_t id) const { numbers_.Prefetch(id); }
  // Asks for what CountView of that service reads first.
  void PrefetchService(ServiceId service) const { by_service_.prefetch(service); }
  void CountView(uint64_t id, uint32_t number, ServiceId service);
  void CountStart(uint64_t id, ServiceId service);
  void CountCompletion(uint64_t id, ServiceId service);

  size_t numbered() const { return numbers_.size(); }
  // By number, the days on which the visitor came, as a DaysOfWeek; empty where days are
  // not told apart.
  const std::vector<DaysOfWeek>& days() const { return days_; }
  // Those beyond VisitorLimits::exact_visitors.
  const DistinctCounter& others() const { return others_; }
  // By service; services nobody viewed are absent.
  const absl::flat_hash_map<ServiceId, VisitorSet>& by_service() const { return by_service_; }
  absl::flat_hash_map<ServiceId, Completers> CompletersByService() const;
  bool attempting_full() const { return attempting_full_; }

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(numbers_, days_, others_, shared_.exact_left, shared_.pairs_left, attempting_full_,
            attempting_, by_service_);
    if constexpr (Archive::kReads) Share();
  }

 private:
  // A visitor's attempts at one service so far.
  struct Attempting {
    uint32_t attempts = 0;
    ServiceId service = kNoService;
    bool completed = false;

    template <typename Archive>
    void Transfer(Archive& archive) {
      archive(service, attempts, completed);
    }
  };
  Attempting* Attempts(uint64_t id, ServiceId service);
  // Lets counters share what is this one's.
  void Share();

  VisitorLimits limits_;
  VisitorNumbers numbers_;
  std::vector<DaysOfWeek> days_;
  VisitorSet::Shared shared_;  // no `exact_left`: what is beyond the bounds is exact only if little
  DistinctCounter others_;
  absl::flat_hash_map<ServiceId, VisitorSet> by_service_;
  DenseIndex<Attempting> attempting_;
  bool attempting_full_ = false;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_WEEK_VISITORS_H_
