#include "engine/counters.h"

#include <algorithm>

namespace civlog {

std::string_view BucketName(Bucket bucket) {
  switch (bucket) {
    case Bucket::kCounted:
      return "counted";
    case Bucket::kUnreadable:
      return "unreadable_request";
    case Bucket::kOutsidePortal:
      return "outside_portal";
    case Bucket::kNotCitizen:
      return "not_citizen";
    case Bucket::kAsset:
      return "asset";
  }
  return "";
}
namespace {

template <typename Key>
void MergeHistograms(const absl::flat_hash_map<Key, LatencyHistogram>& from,
                     absl::flat_hash_map<Key, LatencyHistogram>* to) {
  for (const auto& [key, histogram] : from) (*to)[key].Merge(histogram);
}

template <typename Day>
void MergeDays(const std::map<int32_t, Day>& from, std::map<int32_t, Day>* to) {
  for (const auto& [day, counters] : from) (*to)[day].Merge(counters);
}

template <typename Day>
Day Together(const std::map<int32_t, Day>& days) {
  Day all;
  for (const auto& [day, counters] : days) all.Merge(counters);
  return all;
}

}  // namespace

void DayTraffic::Merge(const DayTraffic& other) {
  latency.Merge(other.latency);
  MergeHistograms(other.service_latency, &service_latency);
  route_hits.resize(std::max(route_hits.size(), other.route_hits.size()));
  for (size_t i = 0; i < other.route_hits.size(); ++i) route_hits[i] += other.route_hits[i];
}

DayTraffic TrafficCounters::AllDays() const { return Together(days); }

void TrafficCounters::Merge(const TrafficCounters& other) {
  lines += other.lines;
  blank += other.blank;
  directive += other.directive;
  outside_period += other.outside_period;
  filtered_out += other.filtered_out;
  for (size_t i = 0; i < rejected.size(); ++i) rejected[i] += other.rejected[i];
  traffic.Merge(other.traffic);
  hours.Merge(other.hours);
  MergeDays(other.days, &days);
}

void DayVisits::Merge(const DayVisits& other) {
  steps.Merge(other.steps);
  acts.Merge(other.acts);
  MergeHistograms(other.left_latency, &left_latency);
  MergeHistograms(other.time_to_complete, &time_to_complete);
}

DayVisits VisitCounters::AllDays() const { return Together(days); }

void VisitCounters::Merge(const VisitCounters& other) {
  visits.Merge(other.visits);
  hours.Merge(other.hours);
  attempts.Merge(other.attempts);
  MergeDays(other.days, &days);
}

}  // namespace civlog
