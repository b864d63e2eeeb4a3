#include "engine/run_parts.h"

#include <string>

namespace civlog {

Shard::Shard(const ServiceModel& services, int64_t timeout_us, absl::TimeZone zone,
             const VisitShardLimits& limits, const GroupNeeds& needs)
    : visits(std::make_unique<VisitShard>(services, timeout_us, zone, limits)), groups(needs) {}

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
    attempting_full = attempting_full || shard->visits->attempting_visitors_full();
    for (size_t list = 0; list < kTopListCount; ++list) {
      tops_full = tops_full || shard->tops.counter(static_cast<TopList>(list)).overflowed();
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
  void Add(size_t numbered, const DistinctCounter& rest) {
    numbered_ += numbered;
    rest_.push_back(&rest);
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

}  // namespace

void MergeShards(const Shards& shards, RunResult* result) {
  Distinct all;
  absl::flat_hash_map<ServiceId, Distinct> by_service;
  std::array<std::vector<const TopCounter*>, kTopListCount> tops;
  for (const auto& shard : shards) {
    result->visits.Merge(shard->visits->counters());
    all.Add(shard->visits->numbered_visitors(), shard->visits->other_visitors());
    for (const auto& [service, visitors] : shard->visits->service_visitors()) {
      by_service[service].Add(visitors.numbered(), visitors.rest());
    }
    for (const auto& [service, completers] : shard->visits->CompletersByService()) {
      result->completers[service].attempts += completers.attempts;
      result->completers[service].visitors += completers.visitors;
    }
    for (size_t list = 0; list < kTopListCount; ++list) {
      tops[list].push_back(&shard->tops.counter(static_cast<TopList>(list)));
    }
  }
  result->visitors = all.Count();
  for (const auto& [service, distinct] : by_service) {
    result->service_visitors[service] = distinct.Count();
  }
  for (size_t list = 0; list < kTopListCount; ++list) {
    result->top[list] = MostFrequent(tops[list], kTopEntries);
  }
  NoteBounds(shards, result);
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
