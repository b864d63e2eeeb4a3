#include "engine/run_parts.h"

#include <string>

namespace civlog {

Shard::Shard(const ServiceModel& services, int64_t timeout_us, absl::TimeZone zone,
             const VisitShardLimits& limits, TimeDetail detail, const GroupNeeds& needs)
    : visits(std::make_unique<VisitShard>(services, timeout_us, zone, limits, detail)),
      tops(detail == TimeDetail::kAllByPeriod),
      groups(needs) {}

void Shard::RenumberRoutes(const std::vector<RouteId>& routes) {
  waiting_visits.Change([&routes](VisitEvent* event) {
    if (event->route != kNoRoute) {
      event->route = event->route < routes.size() ? routes[event->route] : kNoRoute;
    }
  });
}

Shard::Shard(Shard* other, int64_t data_end_us)
    : visits(other->visits->Copy()),
      tops(other->tops),
      groups(other->groups),
      waiting_visits(other->waiting_visits),
      waiting_tops(other->waiting_tops),
      waiting_groups(other->waiting_groups) {
  Finish(data_end_us);
}

void Shard::Apply(ShardPart part, const Place& watermark) {
  switch (part) {
    case ShardPart::kVisits:
      return visits->Apply(waiting_visits.Release(watermark));
    case ShardPart::kTops:
      return tops.Apply(waiting_tops.Release(watermark));
    case ShardPart::kGroups:
      return groups.Apply(waiting_groups.Release(watermark));
  }
}

void Shard::Take(const std::vector<Piece>& pieces, size_t own, ShardPart part,
                 const Place& watermark) {
  for (const Piece& piece : pieces) {
    if (part == ShardPart::kVisits) waiting_visits.Add(piece.events->visits[own]);
    if (part == ShardPart::kTops) waiting_tops.Add(piece.events->tops[own]);
    if (part == ShardPart::kGroups) waiting_groups.Add(piece.events->groups[own]);
  }
  Apply(part, watermark);
}

void Shard::Finish(int64_t data_end_us) {
  constexpr Place kEnd = {kNever, 0};
  for (size_t part = 0; part < kShardParts; ++part) Apply(static_cast<ShardPart>(part), kEnd);
  visits->Finish(data_end_us);
}

namespace {

void NoteBounds(const Shards& shards, RunResult* result) {
  uint64_t evicted = 0;
  bool tops_full = false;
  bool attempting_full = false;
  for (const auto& shard : shards) {
    evicted += shard->visits->evicted();
    for (const auto& [week, visitors] : shard->visits->weeks()) {
      attempting_full = attempting_full || visitors->attempting_full();
    }
    for (const auto& [week, tops] : shard->tops.weeks()) {
      for (size_t list = 0; list < kTopListCount; ++list) {
        tops_full = tops_full || tops.of(static_cast<TopList>(list)).overflowed();
      }
    }
  }
  if (evicted > 0) {
    result->notes.push_back(
        "more visitors were active at once than are kept: " + std::to_string(evicted) +
        " of those silent for longest were closed early");
  }
  if (tops_full) {
    result->notes.push_back(
        "more distinct paths or referrers than are counted exactly: the top lists are "
        "Space-Saving estimates with the error bound shown");
  }
  if (attempting_full) {
    result->notes.push_back(
        "more visitors with attempts than are remembered: attempts per completed visitor is "
        "that of the first ones");
  }
}

// Visitors over all shards: those that were numbered, and the rest.
class Distinct {
 public:
  // `rest` may be null: none.
  void Add(size_t numbered, const DistinctCounter* rest) {
    numbered_ += numbered;
    if (rest != nullptr) rest_.push_back(rest);
  }
  DistinctCount Count() const {
    DistinctCount count = DistinctCounter::Count(rest_);
    count.count += numbered_;
    return count;
  }

 private:
  uint64_t numbered_ = 0;
  std::vector<const DistinctCounter*> rest_;
};

// Of each list the most frequent names, over all shards.
TopLists MostFrequentNames(const std::vector<const TopCounters*>& shards, size_t limit) {
  TopLists lists;
  for (size_t list = 0; list < kTopListCount; ++list) {
    std::vector<const TopCounter*> counters;
    for (const TopCounters* shard : shards) {
      counters.push_back(&shard->of(static_cast<TopList>(list)));
    }
    lists[list] = MostFrequent(counters, limit);
  }
  return lists;
}

// The weeks of several shards, by week.
struct ShardWeeks {
  std::map<int32_t, std::vector<const WeekVisitors*>> visitors;
  std::map<int32_t, std::vector<const TopCounters*>> tops;

  void Add(const VisitShard::Weeks& shard) {
    for (const auto& [week, counted] : shard) visitors[week].push_back(counted.get());
  }
  void Add(const TopShard::Weeks& shard) {
    for (const auto& [week, counted] : shard) tops[week].push_back(&counted);
  }
  void AddTo(OrderedFigures* figures) const {
    for (const auto& [week, counted] : visitors) figures->weeks[week] = FiguresOf(counted);
    for (const auto& [week, counted] : tops) {
      figures->tops[week] = MostFrequentNames(counted, kStoredNames);
    }
  }
};

}  // namespace

bool RestoreShards(const std::vector<std::string>& states, Shards* shards, TaskPool* pool) {
  if (states.size() > shards->size()) return false;
  std::vector<char> whole(states.size(), 1);
  pool->Run(states.size(), [&](size_t, size_t i) {
    StateReader reader(states[i]);
    reader(*(*shards)[i]);
    whole[i] = reader.complete() ? 1 : 0;
  });
  return std::find(whole.begin(), whole.end(), 0) == whole.end();
}

WeekFigures FiguresOf(const std::vector<const WeekVisitors*>& shards) {
  WeekFigures figures;
  Distinct all;
  absl::flat_hash_map<ServiceId, Distinct> by_service;
  for (const WeekVisitors* shard : shards) {
    for (const DaysOfWeek days : shard->days()) {
      if (days != 0) ++figures.by_days[days];
    }
    all.Add(shard->numbered(), &shard->others());
    for (const auto& [service, visitors] : shard->by_service()) {
      by_service[service].Add(visitors.numbered(), visitors.rest());
    }
    for (const auto& [service, completers] : shard->CompletersByService()) {
      figures.completers[service].attempts += completers.attempts;
      figures.completers[service].visitors += completers.visitors;
    }
  }
  figures.visitors = all.Count();
  for (const auto& [service, distinct] : by_service) {
    figures.by_service[service] = distinct.Count();
  }
  return figures;
}

OrderedFigures TakeSettled(Shards* shards, const Place& watermark, absl::TimeZone zone) {
  OrderedFigures figures;
  Calendar calendar(zone);
  const bool begun = watermark.order_us != kAlways;
  std::vector<VisitShard::Weeks> visitors;
  std::vector<TopShard::Weeks> tops;
  ShardWeeks weeks;
  for (const auto& shard : *shards) {
    figures.visits.Merge(shard->visits->TakeCounters());
    if (!begun) continue;
    // Visitors of a week may come under its key for as long after its end.
    const int32_t known_week = calendar.WeekOf(watermark.order_us - kWeekKeyCarryUs);
    weeks.Add(visitors.emplace_back(shard->visits->TakeWeeksBefore(known_week)));
    weeks.Add(tops.emplace_back(shard->tops.TakeWeeksBefore(calendar.WeekOf(watermark.order_us))));
  }
  weeks.AddTo(&figures);
  return figures;
}

OrderedFigures FiguresOf(const Shards& shards) {
  OrderedFigures figures;
  ShardWeeks weeks;
  for (const auto& shard : shards) {
    figures.visits.Merge(shard->visits->counters());
    weeks.Add(shard->visits->weeks());
    weeks.Add(shard->tops.weeks());
  }
  weeks.AddTo(&figures);
  return figures;
}

void MergeShards(Shards* shards, RunResult* result) {
  std::vector<const WeekVisitors*> visitors;
  std::vector<const TopCounters*> tops;
  for (const auto& shard : *shards) {
    // Taken out, or all of it would be there twice.
    result->visits.Merge(shard->visits->TakeCounters());
    for (const auto& [week, counted] : shard->visits->weeks()) visitors.push_back(counted.get());
    for (const auto& [week, counted] : shard->tops.weeks()) tops.push_back(&counted);
  }
  WeekFigures figures = FiguresOf(visitors);
  result->visitors = figures.visitors;
  result->service_visitors = std::move(figures.by_service);
  result->completers = std::move(figures.completers);
  result->top = MostFrequentNames(tops, kTopEntries);
  NoteBounds(*shards, result);
}

void MergeGroups(const Shards& shards, RunResult* result) {
  for (const auto& shard : shards) shard->groups.MergeInto(&result->groups);
  if (result->groups.overflowed) {
    result->notes.push_back(
        "more groups than are counted exactly: rows with an error bound may lack as many "
        "requests, and what came with them");
  }
}

}  // namespace civlog
