#include "engine/group_shard.h"

#include <utility>

namespace civlog {
namespace {

// Groups of a shard, times kPartitions for a run: a histogram takes up to 24 KB, an
// estimate of visitors 16 KB.
size_t Capacity(const GroupNeeds& needs) {
  return needs.latency || needs.visitors ? size_t{1} << 10 : size_t{1} << 13;
}

constexpr size_t kExactVisitors = size_t{1} << 16;

}  // namespace

GroupShard::GroupShard(const GroupNeeds& needs)
    : needs_(needs),
      kept_(Capacity(needs)),
      exact_visitors_left_(std::make_unique<size_t>(kExactVisitors)),
      exact_total_left_(kExactVisitors) {}

GroupShard::GroupShard(const GroupShard& other)
    : needs_(other.needs_),
      kept_(other.kept_),
      exact_visitors_left_(std::make_unique<size_t>(kExactVisitors)),
      exact_total_left_(kExactVisitors) {
  groups_.reserve(other.groups_.size());
  for (const Group& group : other.groups_) {
    groups_.push_back({group.key, group.missing_requests, {}});
    AddCounters(group.counters, exact_visitors_left_.get(), &groups_.back().counters);
  }
  AddCounters(other.total_, &exact_total_left_, &total_);
}

void GroupShard::Count(const GroupEvent& event, size_t* exact_visitors_left,
                       GroupCounters* counters) {
  ++counters->requests;
  if ((event.flags & kGroupCounted) != 0) ++counters->counted;
  if ((event.flags & kGroupPageView) != 0) ++counters->page_views;
  if (event.status >= 400 && event.status < 600) ++counters->errors;
  if (event.status >= 500 && event.status < 600) ++counters->server_errors;
  if (event.bytes_sent > 0) counters->bytes_sent += static_cast<uint64_t>(event.bytes_sent);
  if (needs_.latency && event.latency_us >= 0) {
    if (counters->latency == nullptr) counters->latency = std::make_unique<LatencyHistogram>();
    counters->latency->Add(event.latency_us);
    counters->latency_sum_us += event.latency_us;
  }
  if (needs_.visitors && (event.flags & kGroupCounted) != 0) {
    if (counters->visitors == nullptr) {
      counters->visitors = std::make_unique<DistinctCounter>(exact_visitors_left, 0);
    }
    counters->visitors->Add(event.visitor);
  }
}

void GroupShard::Apply(absl::Span<const GroupEvent> events) {
  constexpr size_t kNameAhead = 16;
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < events.size(); ++i) {
    if (i + kNameAhead < events.size()) __builtin_prefetch(&events[i + kNameAhead].key->hash);
    if (i + kAhead < events.size()) {
      const CountedName& next = *events[i + kAhead].key;
      kept_.Prefetch(next.hash, next.slot);
    }
    const GroupEvent& event = events[i];
    const SpaceSaving::Placed placed = kept_.Add(event.key->hash, event.key->slot);
    event.key->slot = placed.slot;
    if (placed.fresh) {
      if (placed.slot == groups_.size()) groups_.emplace_back();
      groups_[placed.slot] = Group();
      groups_[placed.slot].key = event.key->text();
      groups_[placed.slot].missing_requests = kept_.error(placed.slot);
    }
    Count(event, exact_visitors_left_.get(), &groups_[placed.slot].counters);
    Count(event, &exact_total_left_, &total_);
  }
}

void AddCounters(const GroupCounters& other, size_t* exact_visitors_left, GroupCounters* sum) {
  sum->requests += other.requests;
  sum->counted += other.counted;
  sum->page_views += other.page_views;
  sum->errors += other.errors;
  sum->server_errors += other.server_errors;
  sum->bytes_sent += other.bytes_sent;
  sum->latency_sum_us += other.latency_sum_us;
  if (other.latency != nullptr) {
    if (sum->latency == nullptr) sum->latency = std::make_unique<LatencyHistogram>();
    sum->latency->Merge(*other.latency);
  }
  if (other.visitors != nullptr) {
    if (sum->visitors == nullptr) {
      sum->visitors = std::make_unique<DistinctCounter>(exact_visitors_left, 0);
    }
    sum->visitors->Merge(*other.visitors);
  }
}

void GroupShard::MergeInto(GroupResult* result) {
  for (Group& group : groups_) result->groups.push_back(std::move(group));
  result->overflowed = result->overflowed || kept_.overflowed();
  if (result->exact_visitors_left.empty()) {
    result->exact_visitors_left.push_back(std::make_unique<size_t>(kExactVisitors * kPartitions));
  }
  AddCounters(total_, result->exact_visitors_left.front().get(), &result->total);
  result->exact_visitors_left.push_back(std::move(exact_visitors_left_));
}

}  // namespace civlog
