// The counters of a run: what lines and visits fold into.
//
// TrafficCounters are order-independent: each worker has its own, added up at the
// end. VisitCounters need events in time order: each shard has its own. Both are
// columnar CounterTables keyed by packed dimension codes, plus histograms.

#ifndef CIVLOG_ENGINE_COUNTERS_H_
#define CIVLOG_ENGINE_COUNTERS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/audience.h"
#include "engine/calendar.h"
#include "engine/counter_table.h"
#include "engine/event.h"
#include "engine/latency_histogram.h"
#include "parsers/record_batch.h"

namespace civlog {

// Where a record ended in the waterfall.
enum class Bucket : uint8_t { kCounted, kUnreadable, kOutsidePortal, kNotCitizen, kAsset };
inline constexpr size_t kBucketCount = 5;
// "counted", "unreadable_request", ... The names are part of the JSON schemas and must
// not change.
std::string_view BucketName(Bucket bucket);

// How much of what is counted is told by time.
enum class TimeDetail : uint8_t {
  kPortalByHour,    // the sums of an hour; services over the whole time
  kServicesByHour,  // services by hour
  kAllByPeriod,     // these, what has no hour by day, visitors and names by week
};
// Stands for all hours together where services are not told by hour.
inline constexpr HourId kAllHours = INT32_MIN;
// The hour that services are told by.
inline HourId HourOfServices(TimeDetail detail, HourId hour) {
  return detail == TimeDetail::kPortalByHour ? kAllHours : hour;
}

// Dimensions of the traffic table.
struct TrafficKey {
  HourId hour = 0;  // or kAllHours
  Bucket bucket = Bucket::kCounted;
  Audience audience = Audience::kCitizen;
  ServiceId service = kNoService;  // of counted requests
  uint8_t status_class = 0;        // 1 to 5; 0: anything else

  uint64_t Pack() const {
    return (uint64_t{static_cast<uint32_t>(hour)} << 32) | (uint64_t{service} << 16) |
           (static_cast<uint64_t>(bucket) << 12) | (static_cast<uint64_t>(audience) << 4) |
           status_class;
  }
  static TrafficKey Unpack(uint64_t key) {
    return {static_cast<HourId>(key >> 32), static_cast<Bucket>((key >> 12) & 0xF),
            static_cast<Audience>((key >> 4) & 0xFF), static_cast<ServiceId>((key >> 16) & 0xFFFF),
            static_cast<uint8_t>(key & 0xF)};
  }
};

enum TrafficMeasure : size_t {
  kRequests,
  kBytesSent,
  kPageViews,
  kStatusViews,  // page views of a service's `status` routes
  kTrafficMeasures,
};

// By hour alone, where TrafficKey::hour is kAllHours.
enum HourMeasure : size_t { kHourRequests, kHourPageViews, kHourServerErrors, kHourMeasures };

// Dimensions of the latency histograms of services. `step` is 1-based, 0: none.
struct LatencyKey {
  ServiceId service = kNoService;
  uint8_t status_class = 0;
  uint8_t step = 0;

  uint32_t Pack() const { return (uint32_t{service} << 16) | (uint32_t{status_class} << 8) | step; }
  static LatencyKey Unpack(uint32_t key) {
    return {static_cast<ServiceId>(key >> 16), static_cast<uint8_t>((key >> 8) & 0xFF),
            static_cast<uint8_t>(key & 0xFF)};
  }
};

// The day that stands for all of them, where what has no hour is not told by day.
inline constexpr int32_t kEveryDay = INT32_MIN;

// What has no hour of its own.
struct DayTraffic {
  LatencyHistogram latency;                                         // of every record that has one
  absl::flat_hash_map<uint32_t, LatencyHistogram> service_latency;  // by LatencyKey, counted
  std::vector<uint64_t> route_hits;                                 // by RouteId, counted requests

  void Merge(const DayTraffic& other);
};

// Of the hour or two that neighbouring lines are of.
inline constexpr size_t kRecentTrafficRows = 512;

struct TrafficCounters {
  uint64_t lines = 0;
  uint64_t blank = 0;
  uint64_t directive = 0;
  uint64_t outside_period = 0;
  uint64_t filtered_out = 0;  // by a RecordTap
  std::array<uint64_t, kRejectReasonCount> rejected{};
  CounterTable traffic{kTrafficMeasures, kRecentTrafficRows};
  CounterTable hours{kHourMeasures};   // by PackHourService of kNoService
  std::map<int32_t, DayTraffic> days;  // by Calendar::DayOf, or kEveryDay alone

  // A day's, made if there is none.
  DayTraffic& Of(int32_t day) { return days[day]; }
  // All days together.
  DayTraffic AllDays() const;
  void Merge(const TrafficCounters& other);
};

// Dimensions of the visit table: the hour the visit began in, or kAllHours, and a service
// it viewed, or kNoService for the visit itself.
inline uint64_t PackHourService(HourId hour, ServiceId service) {
  return (uint64_t{static_cast<uint32_t>(hour)} << 16) | service;
}
inline HourId HourOfKey(uint64_t key) { return static_cast<HourId>(key >> 16); }
inline ServiceId ServiceOfKey(uint64_t key) { return static_cast<ServiceId>(key & 0xFFFF); }

enum VisitMeasure : size_t {
  kVisits,
  kBounces,
  kActs,
  kActingVisits,  // of the visit itself: with an act on a service that takes acts
  kParticipatingVisits,
  kInformVisits,  // by tier of the participation act
  kConsultVisits,
  kDecideVisits,
  kEnhancedVisits,  // by deepest stage
  kInteractiveVisits,
  kTransactionalVisits,
  kSeamlessVisits,
  kVisitMeasures,
};

// Attempts by the hour they started in and service.
enum AttemptMeasure : size_t {
  kStarted,
  kGranted,
  kRefused,
  kFailed,
  kAbandoned,
  kOpen,
  kWithoutStart,  // in the hour of the end request
  kRecovered,
  kAttemptMeasures,
};

// Attempts by service and furthest step (1-based), packed as LatencyKey.
enum StepMeasure : size_t { kFurthest, kLeftAfterError, kStepMeasures };

// What has no hour of its own: of the visits and attempts that began on a day.
struct DayVisits {
  CounterTable steps{kStepMeasures};
  CounterTable acts{1};  // by RouteId
  // Latency of the last response before an attempt was left, by service and
  // furthest step.
  absl::flat_hash_map<uint32_t, LatencyHistogram> left_latency;
  absl::flat_hash_map<ServiceId, LatencyHistogram> time_to_complete;

  void Merge(const DayVisits& other);
};

struct VisitCounters {
  CounterTable visits{kVisitMeasures};
  // Visits, by PackHourService of kNoService, where `visits` is of all hours.
  CounterTable hours{1};
  CounterTable attempts{kAttemptMeasures};
  std::map<int32_t, DayVisits> days;  // as TrafficCounters::days

  DayVisits& Of(int32_t day) { return days[day]; }
  DayVisits AllDays() const;
  void Merge(const VisitCounters& other);
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_COUNTERS_H_
