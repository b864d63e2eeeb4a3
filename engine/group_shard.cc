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
      exact_visitors_left_(std::make_unique<size_t>(kExactVisitors)) {}

void GroupShard::Count(const GroupEvent& event, GroupCounters* counters) {
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
      counters->visitors = std::make_unique<DistinctCounter>(exact_visitors_left_.get(), 0);
    }
    counters->visitors->Add(event.visitor);
  }
}

void GroupShard::Apply(absl::Span<const GroupEvent> events) {
  constexpr size_t kNameAhead = 16;
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < events.size(); ++i) {
    if (i + kNameAhead < events.size()) __builtin_prefetch(&events[i + kNameAhead].key->hash);
    if (i + kAhead < events.size()) kept_.Prefetch(events[i + kAhead].key->hash);
    const GroupEvent& event = events[i];
    const SpaceSaving::Placed placed = kept_.Add(event.key->hash);
    if (placed.fresh) {
      if (placed.slot == groups_.size()) groups_.emplace_back();
      groups_[placed.slot] = Group();
      groups_[placed.slot].key = event.key->text;
      groups_[placed.slot].missing_requests = kept_.error(placed.slot);
    }
    Count(event, &groups_[placed.slot].counters);
    Count(event, &total_);
  }
}

void GroupShard::MergeInto(GroupResult* result) {
  for (Group& group : groups_) result->groups.push_back(std::move(group));
  result->overflowed = result->overflowed || kept_.overflowed();
  GroupCounters& total = result->total;
  total.requests += total_.requests;
  total.counted += total_.counted;
  total.page_views += total_.page_views;
  total.errors += total_.errors;
  total.server_errors += total_.server_errors;
  total.bytes_sent += total_.bytes_sent;
  total.latency_sum_us += total_.latency_sum_us;
  if (total_.latency != nullptr) {
    if (total.latency == nullptr) total.latency = std::make_unique<LatencyHistogram>();
    total.latency->Merge(*total_.latency);
  }
  if (total_.visitors != nullptr) {
    if (total.visitors == nullptr) {
      result->exact_visitors_left.push_back(std::make_unique<size_t>(kExactVisitors * kPartitions));
      total.visitors =
          std::make_unique<DistinctCounter>(result->exact_visitors_left.back().get(), 0);
    }
    total.visitors->Merge(*total_.visitors);
  }
  result->exact_visitors_left.push_back(std::move(exact_visitors_left_));
}

}  // namespace civlog
