#include "queries/compute_analysis.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "queries/escape.h"
#include "queries/redact.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

constexpr size_t kSampleBytes = 160;

LatencySummary Summarize(const LatencyHistogram& histogram, double unit_us) {
  LatencySummary summary;
  summary.count = histogram.count();
  if (summary.count == 0) return summary;
  const auto quantile = [&](double q) { return *histogram.QuantileUs(q) / unit_us; };
  summary.p50 = quantile(0.50);
  summary.p90 = quantile(0.90);
  summary.p95 = quantile(0.95);
  summary.p99 = quantile(0.99);
  summary.max = static_cast<double>(histogram.max_us()) / unit_us;
  return summary;
}

constexpr double kMillisecondUs = 1e3;
constexpr double kSecondUs = 1e6;

std::vector<PathCount> PathCounts(const std::vector<TopEntry>& entries) {
  std::vector<PathCount> counts;
  for (const TopEntry& entry : entries) counts.push_back({entry.name, entry.count, entry.error});
  return counts;
}

// Fills an Analysis from one run.
class Computation {
 public:
  Computation(const RunResult& run, const Catalog* catalog, const FigureOptions& options)
      : run_(run), catalog_(catalog), options_(options) {}

  Analysis Compute() {
    Describe();
    AddLines();
    MakeServices();
    AddTraffic();
    AddVisits();
    AddAttempts();
    AddSteps();
    AddServiceDetail();
    AddRates();
    AddLists();
    AddPeriod();
    return std::move(analysis_);
  }

 private:
  void Describe();
  void AddLines();
  void MakeServices();
  void AddTraffic();
  void AddVisits();
  void AddAttempts();
  void AddSteps();
  void AddServiceDetail();
  void AddServiceLatency();
  void AddRates();
  void AddLists();
  void AddPeriod();
  void AddGaps();
  void AddUnmatchedRoutes();
  void PutServicesInOrder();
  ServiceFigures* ServiceOf(ServiceId service) {
    return service == kNoService ? nullptr : &services_[service];
  }

  const RunResult& run_;
  const DayTraffic traffic_ = run_.traffic.AllDays();
  const DayVisits visits_ = run_.visits.AllDays();
  const Catalog* catalog_;
  const FigureOptions& options_;
  Analysis analysis_;
  std::vector<ServiceFigures> services_;  // by ServiceId
  std::map<HourId, HourFigures> hours_;
  std::vector<uint64_t> interacting_;  // acting visits by service
};

void Computation::Describe() {
  analysis_.version = options_.version;
  analysis_.robots_list = std::string(AudienceClassifier::ListDate());
  analysis_.time_zone = options_.time_zone;
  analysis_.time_zone_name = options_.time_zone_name;
  analysis_.has_catalog = catalog_ != nullptr;
  analysis_.interrupted = run_.interrupted;
  analysis_.notes = run_.notes;
  if (catalog_ == nullptr) return;
  analysis_.catalog_digest = catalog_->digest;
  analysis_.portal_name = catalog_->portal.name;
  analysis_.population = catalog_->portal.population;
  analysis_.charset = catalog_->portal.charset;
}

void Computation::AddLines() {
  const TrafficCounters& traffic = run_.traffic;
  analysis_.lines_read = traffic.lines;
  analysis_.blank = traffic.blank;
  analysis_.directive = traffic.directive;
  analysis_.outside_period = traffic.outside_period;
  analysis_.filtered_out = traffic.filtered_out;
  analysis_.records = run_.records;
  analysis_.late = run_.late;
  analysis_.rejected_by_reason = traffic.rejected;
  for (const uint64_t count : traffic.rejected) analysis_.rejected += count;
  for (const RunSource& source : run_.sources) {
    std::string error(source.status.message());
    if (error.empty() && source.left_out) error = source.problem;
    analysis_.incomplete = analysis_.incomplete || !source.status.ok();
    analysis_.sources.push_back(
        {source.name, source.format, source.lines, source.rejected, std::move(error)});
  }
  for (const RejectSample& sample : run_.samples) {
    const std::string_view text = std::string_view(sample.text).substr(0, kSampleBytes);
    analysis_.rejected_samples.push_back(
        {run_.sources[sample.source].name, sample.line, sample.column, sample.reason,
         EscapeForTerminal(options_.raw_samples ? std::string(text)
                                                : RedactLine(sample.text, kSampleBytes))});
  }
}

void Computation::MakeServices() {
  if (catalog_ == nullptr) {
    for (const std::string& segment : run_.segments) {
      ServiceFigures figures;
      figures.id = segment;
      figures.name.by_language = {{"", segment}};
      services_.push_back(std::move(figures));
    }
    return;
  }
  for (const Service& service : catalog_->services) {
    ServiceFigures figures;
    figures.id = service.id;
    figures.name = service.name;
    figures.department = service.department;
    figures.kind = service.kind;
    figures.tier = service.tier;
    if (service.kind == ServiceKind::kTransaction) figures.attempts.emplace();
    services_.push_back(std::move(figures));
  }
}

void Computation::AddTraffic() {
  std::array<AudienceTraffic, kAudienceCount> by_audience{};
  const CounterTable& table = run_.traffic.traffic;
  for (size_t row = 0; row < table.rows(); ++row) {
    const TrafficKey key = TrafficKey::Unpack(table.key(row));
    const uint64_t requests = table.value(row, kRequests);
    const uint64_t bytes_sent = table.value(row, kBytesSent);
    const uint64_t page_views = table.value(row, kPageViews);
    analysis_.bytes_sent += bytes_sent;
    analysis_.status.by_class[key.status_class] += requests;
    analysis_.page_views += page_views;
    AudienceTraffic& audience = by_audience[static_cast<size_t>(key.audience)];
    audience.requests += requests;
    audience.bytes_sent += bytes_sent;
    switch (key.bucket) {
      case Bucket::kCounted:
        analysis_.counted += requests;
        break;
      case Bucket::kUnreadable:
        analysis_.unreadable_request += requests;
        break;
      case Bucket::kOutsidePortal:
        analysis_.outside_portal += requests;
        break;
      case Bucket::kNotCitizen:
        analysis_.not_citizen += requests;
        analysis_.not_citizen_by_audience[static_cast<size_t>(key.audience)] += requests;
        break;
      case Bucket::kAsset:
        analysis_.asset += requests;
        break;
    }
    if (key.bucket != Bucket::kCounted) continue;
    ServiceFigures* service = ServiceOf(key.service);
    if (service == nullptr) {
      analysis_.unclassified_requests += requests;
      continue;
    }
    service->requests += requests;
    service->page_views += page_views;
    service->status.by_class[key.status_class] += requests;
    service->status_views += table.value(row, kStatusViews);
  }
  const CounterTable& hours = run_.traffic.hours;
  for (size_t row = 0; row < hours.rows(); ++row) {
    HourFigures& hour = hours_[HourOfKey(hours.key(row))];
    hour.requests += hours.value(row, kHourRequests);
    hour.page_views += hours.value(row, kHourPageViews);
    hour.server_errors += hours.value(row, kHourServerErrors);
  }
  for (size_t i = 0; i < kAudienceCount; ++i) {
    by_audience[i].audience = static_cast<Audience>(i);
    if (by_audience[i].requests > 0) analysis_.traffic_by_audience.push_back(by_audience[i]);
  }
  analysis_.latency_ms = Summarize(traffic_.latency, kMillisecondUs);
}

void Computation::AddVisits() {
  const CounterTable& table = run_.visits.visits;
  std::array<uint64_t, kVisitMeasures> sum{};
  for (size_t row = 0; row < table.rows(); ++row) {
    if (ServiceFigures* service = ServiceOf(ServiceOfKey(table.key(row))); service != nullptr) {
      service->visits += table.value(row, kVisits);
      service->acts += table.value(row, kActs);
      service->acting_visits += table.value(row, kActingVisits);
      continue;
    }
    for (size_t m = 0; m < kVisitMeasures; ++m) sum[m] += table.value(row, m);
  }
  const CounterTable& hours = run_.visits.hours;
  for (size_t row = 0; row < hours.rows(); ++row) {
    hours_[HourOfKey(hours.key(row))].visits += hours.value(row, 0);
  }
  analysis_.visits = sum[kVisits];
  analysis_.bounces = sum[kBounces];
  analysis_.acts = sum[kActs];
  analysis_.stage_enhanced = sum[kEnhancedVisits];
  analysis_.stage_interactive = sum[kInteractiveVisits];
  analysis_.stage_transactional = sum[kTransactionalVisits];
  analysis_.stage_seamless = sum[kSeamlessVisits];
  // An estimate may say more than there can be: a visitor has a request.
  analysis_.visitors = std::min(run_.visitors.count, analysis_.counted);
  analysis_.visitors_exact = run_.visitors.exact;
  analysis_.interaction = Proportion(sum[kActingVisits], sum[kVisits]);
  if (catalog_ == nullptr) return;
  analysis_.participation = Proportion(sum[kParticipatingVisits], sum[kVisits]);
  if (analysis_.population) {
    analysis_.participation_per_1000_residents =
        PerThousandResidents(sum[kParticipatingVisits], *analysis_.population);
  }
  analysis_.participation_by_tier = {{
      {Tier::kInform, Proportion(sum[kInformVisits], sum[kVisits])},
      {Tier::kConsult, Proportion(sum[kConsultVisits], sum[kVisits])},
      {Tier::kDecide, Proportion(sum[kDecideVisits], sum[kVisits])},
  }};
}

void Computation::AddAttempts() {
  const CounterTable& table = run_.visits.attempts;
  for (size_t row = 0; row < table.rows(); ++row) {
    ServiceFigures* service = ServiceOf(ServiceOfKey(table.key(row)));
    if (service == nullptr || !service->attempts) continue;
    AttemptFigures& attempts = *service->attempts;
    attempts.started += table.value(row, kStarted);
    attempts.granted += table.value(row, kGranted);
    attempts.refused += table.value(row, kRefused);
    attempts.failed += table.value(row, kFailed);
    attempts.abandoned += table.value(row, kAbandoned);
    attempts.open += table.value(row, kOpen);
    attempts.without_start += table.value(row, kWithoutStart);
    attempts.recovered += table.value(row, kRecovered);
  }
  for (const auto& [id, completers] : run_.completers) {
    ServiceFigures* service = ServiceOf(id);
    if (service == nullptr || !service->attempts) continue;
    service->attempts->completed_visitors = completers.visitors;
    service->attempts->attempts_of_completed_visitors = completers.attempts;
  }
}

void Computation::AddSteps() {
  if (catalog_ == nullptr) return;
  for (size_t i = 0; i < services_.size(); ++i) {
    for (const Step& step : catalog_->services[i].steps) {
      services_[i].steps.emplace_back().name = step.name;
    }
  }
  const CounterTable& table = visits_.steps;
  for (size_t row = 0; row < table.rows(); ++row) {
    const LatencyKey key = LatencyKey::Unpack(static_cast<uint32_t>(table.key(row)));
    ServiceFigures* service = ServiceOf(key.service);
    if (service == nullptr || key.step == 0 || key.step > service->steps.size()) continue;
    for (size_t k = 0; k < key.step; ++k) {
      service->steps[k].reached += table.value(row, kFurthest);
    }
    service->steps[key.step - 1U].left_after_error += table.value(row, kLeftAfterError);
  }
}

void Computation::AddServiceLatency() {
  std::map<ServiceId, LatencyHistogram> by_service;
  std::map<std::pair<ServiceId, uint8_t>, LatencyHistogram> by_step;
  for (const auto& [packed, histogram] : traffic_.service_latency) {
    const LatencyKey key = LatencyKey::Unpack(packed);
    by_service[key.service].Merge(histogram);
    if (key.step > 0) by_step[{key.service, key.step}].Merge(histogram);
  }
  for (const auto& [id, histogram] : by_service) {
    if (ServiceFigures* service = ServiceOf(id); service != nullptr) {
      service->latency_ms = Summarize(histogram, kMillisecondUs);
    }
  }
  for (const auto& [packed, left] : visits_.left_latency) {
    const LatencyKey key = LatencyKey::Unpack(packed);
    const auto step = by_step.find({key.service, key.step});
    ServiceFigures* service = ServiceOf(key.service);
    if (service == nullptr || step == by_step.end() || key.step > service->steps.size()) continue;
    service->steps[key.step - 1U].left_after_slow = left.CountAbove(*step->second.QuantileUs(0.95));
  }
}

void Computation::AddServiceDetail() {
  AddServiceLatency();
  for (ServiceFigures& service : services_) service.visitors_known = run_.whole_weeks;
  for (const auto& [id, count] : run_.service_visitors) {
    if (ServiceFigures* service = ServiceOf(id); service != nullptr) {
      service->visitors = std::min(count.count, service->requests);
      service->visitors_exact = count.exact;
    }
  }
  for (const auto& [id, histogram] : visits_.time_to_complete) {
    if (ServiceFigures* service = ServiceOf(id); service != nullptr) {
      service->time_to_complete_s = Summarize(histogram, kSecondUs);
    }
  }
  if (catalog_ == nullptr) return;
  for (size_t i = 0; i < services_.size(); ++i) {
    for (const Act& act : catalog_->services[i].acts) {
      services_[i].acts_by_name.push_back({act.name, 0});
    }
  }
  const CounterTable& acts = visits_.acts;
  for (size_t row = 0; row < acts.rows(); ++row) {
    const RouteRef& ref = run_.routes[acts.key(row)];
    if (ref.role != RouteRole::kAct) continue;
    services_[ref.service].acts_by_name[ref.index].count += acts.value(row, 0);
  }
}

void Computation::AddRates() {
  uint64_t completed = 0;
  uint64_t closed = 0;
  for (ServiceFigures& service : services_) {
    if (catalog_ == nullptr) {
      service.kind = service.acts > 0 ? ServiceKind::kInteraction : ServiceKind::kInformation;
    }
    if (service.kind != ServiceKind::kInformation) {
      service.interaction_rate = Proportion(service.acting_visits, service.visits);
    }
    if (!service.attempts) continue;
    const AttemptFigures& attempts = *service.attempts;
    const uint64_t service_closed = attempts.started - attempts.open;
    const uint64_t service_completed = attempts.granted + attempts.refused;
    service.completion_rate = Proportion(service_completed, service_closed);
    service.failure_rate = Proportion(attempts.failed, service_closed);
    service.abandonment_rate = Proportion(attempts.abandoned, service_closed);
    service.status_check_ratio = Ratio(service.status_views, service_completed);
    completed += service_completed;
    closed += service_closed;
  }
  analysis_.completion = Proportion(completed, closed);
}

void Computation::AddUnmatchedRoutes() {
  if (analysis_.filtered_out > 0) return;
  for (size_t id = 0; id < run_.routes.size(); ++id) {
    const RouteRef& ref = run_.routes[id];
    if (id < traffic_.route_hits.size() && traffic_.route_hits[id] > 0) continue;
    analysis_.unmatched_routes.push_back(
        {catalog_->services[ref.service].id, ref.route->text, ref.route->line});
  }
  std::sort(analysis_.unmatched_routes.begin(), analysis_.unmatched_routes.end(),
            [](const UnmatchedRoute& a, const UnmatchedRoute& b) { return a.line < b.line; });
}

// The order of the catalogue; then, where there is something to say of them, services that
// a store knows from an earlier one.
void Computation::PutServicesInOrder() {
  std::vector<size_t> places;
  for (size_t place = 0; place < services_.size(); ++place) {
    const ServiceFigures& service = services_[place];
    const bool seen = service.requests > 0 || service.visits > 0 ||
                      (service.attempts && service.attempts->started > 0);
    if (!catalog_->services[place].retired || seen) places.push_back(place);
  }
  const auto rank = [this](size_t place) {
    const Service& service = catalog_->services[place];
    return std::pair(service.retired, service.retired ? 0 : service.line);
  };
  std::stable_sort(places.begin(), places.end(),
                   [&](size_t a, size_t b) { return rank(a) < rank(b); });
  std::vector<ServiceFigures> ordered;
  for (const size_t place : places) ordered.push_back(std::move(services_[place]));
  services_ = std::move(ordered);
}

void Computation::AddLists() {
  const auto list = [this](TopList which) {
    return PathCounts(run_.top[static_cast<size_t>(which)]);
  };
  analysis_.top_pages = list(TopList::kPages);
  analysis_.top_not_found = list(TopList::kNotFound);
  analysis_.top_server_errors = list(TopList::kServerErrors);
  analysis_.top_referrers = list(TopList::kReferrers);
  analysis_.unclassified_top_paths = list(TopList::kUnclassified);
  AddUnmatchedRoutes();
  if (catalog_ != nullptr) {
    PutServicesInOrder();
  } else {
    std::erase_if(services_, [](const ServiceFigures& s) { return s.requests == 0; });
    std::sort(services_.begin(), services_.end(),
              [](const ServiceFigures& a, const ServiceFigures& b) {
                return a.requests != b.requests ? a.requests > b.requests : a.id < b.id;
              });
  }
  analysis_.services = std::move(services_);
}

void Computation::AddGaps() {
  // What a filter leaves out is no gap.
  if (analysis_.filtered_out > 0) return;
  const std::optional<AskedPeriod>& asked = options_.asked;
  std::optional<absl::Time> end;
  if (asked && asked->goes_back) end = asked->from;
  for (const HourFigures& hour : analysis_.hours) {
    if (end && hour.hour > *end) analysis_.gaps.push_back({*end, hour.hour});
    end = hour.hour + absl::Hours(1);
  }
  if (asked && asked->goes_on && end && *end < asked->to) {
    analysis_.gaps.push_back({*end, asked->to});
  }
}

void Computation::AddPeriod() {
  for (auto& [id, hour] : hours_) {
    hour.hour = Calendar::TimeOf(id);
    analysis_.hours.push_back(hour);
  }
  analysis_.days = SumByDay(analysis_.hours, options_.time_zone);
  AddGaps();
  const std::optional<AskedPeriod>& asked = options_.asked;
  if (asked) {
    analysis_.from = asked->from;
    analysis_.to = asked->to;
  }
  if (run_.records == 0) {
    analysis_.partial_week = asked.has_value();
    return;
  }
  Calendar calendar(options_.time_zone);
  analysis_.first_record = absl::FromUnixMicros(run_.first_us);
  analysis_.last_record = absl::FromUnixMicros(run_.last_us);
  const absl::Time from = Calendar::TimeOf(calendar.HourOf(run_.first_us));
  const absl::Time to = Calendar::TimeOf(calendar.HourOf(run_.last_us)) + absl::Hours(1);
  const bool covered =
      !asked || ((asked->goes_back || from <= asked->from) && (asked->goes_on || to >= asked->to));
  if (!asked) {
    analysis_.from = from;
    analysis_.to = to;
  }
  analysis_.visitor_weeks = calendar.WeekOf(run_.first_us) != calendar.WeekOf(run_.last_us);
  const auto begins_week = [this](absl::Time time) {
    const absl::CivilSecond local = absl::ToCivilSecond(time, options_.time_zone);
    return local == absl::CivilSecond(absl::CivilDay(local)) &&
           absl::GetWeekday(absl::CivilDay(local)) == absl::Weekday::monday;
  };
  analysis_.partial_week = !begins_week(*analysis_.from) || !begins_week(*analysis_.to) || !covered;
}

}  // namespace

std::vector<DayFigures> SumByDay(const std::vector<HourFigures>& hours, absl::TimeZone zone) {
  std::vector<DayFigures> days;
  for (const HourFigures& hour : hours) {
    const absl::CivilDay day = absl::ToCivilDay(hour.hour, zone);
    if (days.empty() || days.back().day != day) days.push_back({day, 0, 0, 0, 0});
    DayFigures& sums = days.back();
    sums.requests += hour.requests;
    sums.visits += hour.visits;
    sums.page_views += hour.page_views;
    sums.server_errors += hour.server_errors;
  }
  return days;
}

Analysis ComputeAnalysis(const RunResult& run, const Catalog* catalog,
                         const FigureOptions& options) {
  return Computation(run, catalog, options).Compute();
}

}  // namespace civlog
