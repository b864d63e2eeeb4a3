#include "tests/queries/sample_analysis.h"

#include <algorithm>
#include <string>
#include <utility>

#include "queries/compute_analysis.h"

namespace civlog {
namespace {

constexpr char kHostile[] =
    "a\x1b[31mb\r\nc\td\x7f\xc2\x9b"
    "31m\xe2\x80\xae"
    "gnp.exe\xff\xc0\xaf\xed\xa0\x80\xe2\x80\x8b한글 이름이 아주 길게 이어지는 값";

LatencySummary MakeLatency(uint64_t count, double p50) {
  LatencySummary latency;
  latency.count = count;
  latency.p50 = p50;
  latency.p90 = p50 * 4;
  latency.p95 = p50 * 6;
  latency.p99 = p50 * 20;
  latency.max = p50 * 100;
  return latency;
}

LocalizedText MakeText(std::string english, std::string korean) {
  LocalizedText text;
  text.by_language = {{"en", std::move(english)}, {"ko", std::move(korean)}};
  return text;
}

ServiceFigures MakeService(std::string id, LocalizedText name, ServiceKind kind, uint64_t visits) {
  ServiceFigures service;
  service.id = std::move(id);
  service.name = std::move(name);
  service.department = MakeText("Civil Affairs", "민원여권과");
  service.kind = kind;
  service.requests = visits * 5;
  service.page_views = visits * 3;
  service.visits = visits;
  service.visitors = visits - visits / 10;
  service.status.by_class = {0, 0, visits * 4, visits / 2, visits / 10, visits / 100};
  service.latency_ms = MakeLatency(service.requests, 25);
  return service;
}

ServiceFigures MakeTransaction(std::string id, LocalizedText name, uint64_t visits) {
  ServiceFigures service =
      MakeService(std::move(id), std::move(name), ServiceKind::kTransaction, visits);
  AttemptFigures a;
  a.started = 1000;
  a.granted = 600;
  a.refused = 50;
  a.failed = 30;
  a.abandoned = 300;
  a.open = 20;
  a.without_start = 7;
  a.recovered = 11;
  a.completed_visitors = 500;
  a.attempts_of_completed_visitors = 650;
  service.attempts = a;
  service.acts = 650;
  service.acting_visits = std::min<uint64_t>(640, visits);
  service.interaction_rate = MakeRate(service.acting_visits, visits);
  service.completion_rate = MakeRate(650, 980);
  service.failure_rate = MakeRate(30, 980);
  service.abandonment_rate = MakeRate(300, 980);
  service.steps = {{"start", 1000, 12, 3}, {"details", 850, 10, 0}, {"done", 600, 0, 0}};
  service.time_to_complete_s = MakeLatency(650, 192);
  service.status_views = 325;
  service.status_check_ratio = {325, 650, 0.5, std::nullopt, std::nullopt};
  return service;
}

std::vector<ServiceFigures> MakeServices() {
  std::vector<ServiceFigures> services;
  services.push_back(MakeService("news", MakeText("News and notices", "새소식·공지"),
                                 ServiceKind::kInformation, 9000));
  services.push_back(MakeTransaction("resident-certificate",
                                     MakeText("Resident certificate", "주민등록등본 발급"), 3000));
  ServiceFigures few =
      MakeTransaction("permit", MakeText("Parking permit", "거주자 우선주차 신청"), 90);
  few.attempts = AttemptFigures{};
  few.attempts->started = 12;
  few.attempts->granted = 8;
  few.attempts->abandoned = 4;
  few.completion_rate = MakeRate(8, 12);
  few.steps = {{"start", 12, 0, 0}, {"done", 8, 0, 0}};
  services.push_back(few);
  ServiceFigures petitions =
      MakeService("petitions", MakeText("Petitions", "시민청원"), ServiceKind::kParticipation, 800);
  petitions.tier = Tier::kConsult;
  petitions.acts = 130;
  petitions.acting_visits = 120;
  petitions.interaction_rate = MakeRate(120, 800);
  petitions.acts_by_name = {{"sign", 110}, {"comment", 20}};
  services.push_back(petitions);
  return services;
}

void SetLines(Analysis* a) {
  a->lines_read = 1234567;
  a->blank = 12;
  a->directive = 4;
  a->rejected = 1204;
  a->rejected_by_reason = {801, 0, 0, 3, 400, 0, 0};
  a->outside_period = 347;
  a->records = 1233000;
  a->not_citizen_by_audience = {0,    100000, 50000, 40000, 30000, 30000, 20000, 10000,
                                5000, 5000,   4000,  3000,  2000,  500,   500};
  a->not_citizen = 300000;
  a->unreadable_request = 300;
  a->outside_portal = 2700;
  a->asset = 630000;
  a->counted = 300000;
}

void SetCitizens(Analysis* a) {
  a->page_views = 180000;
  a->visitors = 34000;
  a->visits = 42000;
  a->bounces = 9000;
  a->acts = 788;
  a->interaction = MakeRate(770, 42000);
  a->completion = MakeRate(658, 992);
  a->participation = MakeRate(120, 42000);
  a->participation_per_1000_residents = 0.3;
  a->participation_by_tier = {
      {{Tier::kInform, Rate{}}, {Tier::kConsult, MakeRate(120, 42000)}, {Tier::kDecide, Rate{}}}};
  a->stage_enhanced = 41230;
  a->stage_interactive = 120;
  a->stage_transactional = 640;
  a->stage_seamless = 10;
}

void SetHours(Analysis* a) {
  for (int h = 0; h < 168; ++h) {
    if (h == 51 || h == 52) continue;
    HourFigures hour;
    hour.hour = *a->from + absl::Hours(h);
    hour.visits = static_cast<uint64_t>(h % 24 * 20);
    hour.page_views = hour.visits * 4;
    hour.requests = hour.visits * 30;
    hour.server_errors = hour.visits / 25;
    a->hours.push_back(hour);
  }
  a->days = SumByDay(a->hours, a->time_zone);
  a->gaps = {{*a->from + absl::Hours(51), *a->from + absl::Hours(53)}};
}

void SetLists(Analysis* a) {
  a->unclassified_requests = 60000;
  a->unclassified_top_paths = {{"/old/board/list.do", 40000}, {"/sub/한글경로", 9000}};
  a->top_pages = {{"/", 30000}, {"/civil/resident/apply", 12000}};
  a->top_not_found = {{"/favicon.png", 1200}, {"/wp-login.php", 300, 20}};
  a->top_server_errors = {{"/tax/pay.do", 90}};
  a->top_referrers = {{"search.example", 9000}};
  a->top_entry_pages = {{"/", 20000}};
  a->top_exit_pages = {{"/civil/resident/done", 600}};
  a->unmatched_routes = {{"petitions", "POST /petition/{id}/vote", 212}};
  a->sources = {{"logs/www1/access.log", "combined", 700000, 1000, ""},
                {"logs/www2/access.log.gz", "combined", 534567, 204, ""}};
  a->rejected_samples = {{"logs/www1/access.log", 1042, 17, RejectReason::kTruncated,
                          "192.0.2.1 - - [16/Nov/2026:00:00:11 +0900] \"GET /"}};
}

void MakeHostile(const std::string& hostile, LocalizedText* text) {
  for (auto& [language, value] : text->by_language) value = hostile;
}

void MakeHostile(const std::string& hostile, std::vector<PathCount>* paths) {
  for (PathCount& path : *paths) path.path = hostile;
}

}  // namespace

Rate MakeRate(uint64_t numerator, uint64_t denominator) {
  Rate rate;
  rate.numerator = numerator;
  rate.denominator = denominator;
  if (denominator == 0) return rate;
  const double value = static_cast<double>(numerator) / static_cast<double>(denominator);
  rate.value = value;
  rate.low = value * 0.9;
  rate.high = value + (1 - value) * 0.1;
  return rate;
}

Analysis EmptyAnalysis() {
  Analysis a;
  a.version = "0.1.0";
  a.robots_list = "1.60.0 (2026-11)";
  a.time_zone_name = "UTC";
  a.time_zone = absl::UTCTimeZone();
  return a;
}

Analysis SampleAnalysis() {
  Analysis a = EmptyAnalysis();
  a.has_catalog = true;
  a.catalog_digest = "5c1e90aa12bb34cd";
  a.portal_name = MakeText("Hanbit City", "한빛시");
  a.time_zone_name = "Asia/Seoul";
  a.time_zone = absl::FixedTimeZone(9 * 3600);
  a.population = 412000;
  a.from = absl::FromCivil(absl::CivilDay(2026, 11, 16), a.time_zone);
  a.to = *a.from + absl::Hours(168);
  a.first_record = *a.from + absl::Seconds(1);
  a.last_record = *a.to - absl::Seconds(2);
  SetLines(&a);
  SetCitizens(&a);
  a.bytes_sent = 18213004211;
  a.status.by_class = {0, 0, 1100000, 90000, 42000, 1000};
  a.latency_ms = MakeLatency(a.records, 34);
  a.traffic_by_audience = {{Audience::kCitizen, 933000, 12000000000},
                           {Audience::kSearchEngine, 300000, 6213004211}};
  a.services = MakeServices();
  SetHours(&a);
  SetLists(&a);
  return a;
}

Analysis HostileAnalysis() { return HostileAnalysis(kHostile); }

Analysis HostileAnalysis(const std::string& hostile) {
  Analysis a = SampleAnalysis();
  MakeHostile(hostile, &a.portal_name);
  a.time_zone_name = a.version = a.robots_list = hostile;
  a.catalog_digest = hostile;
  for (ServiceFigures& service : a.services) {
    service.id = hostile;
    MakeHostile(hostile, &service.name);
    MakeHostile(hostile, &service.department);
    for (StepFigures& step : service.steps) step.name = hostile;
    for (NamedCount& act : service.acts_by_name) act.name = hostile;
  }
  for (std::vector<PathCount>* paths :
       {&a.unclassified_top_paths, &a.top_pages, &a.top_not_found, &a.top_server_errors,
        &a.top_referrers, &a.top_entry_pages, &a.top_exit_pages}) {
    MakeHostile(hostile, paths);
  }
  for (UnmatchedRoute& route : a.unmatched_routes) route.service = route.route = hostile;
  for (SourceFigures& source : a.sources) source.name = source.format = source.error = hostile;
  for (RejectedSample& sample : a.rejected_samples) sample.source = sample.text = hostile;
  a.incomplete = a.interrupted = true;
  a.notes = {hostile, std::string(5000, 'x')};
  return a;
}

Analysis HugeAnalysis() {
  constexpr uint64_t kHuge = kSuppressedCount - 1;
  Analysis a = SampleAnalysis();
  a.lines_read = a.records = a.counted = a.rejected = a.not_citizen = a.asset = kHuge;
  a.not_citizen_by_audience.fill(kHuge);
  a.rejected_by_reason.fill(kHuge);
  a.visits = a.visitors = a.page_views = a.bounces = a.acts = a.late = kHuge;
  a.visitors_exact = false;
  a.visitor_weeks = true;
  a.bytes_sent = kHuge;
  a.status.by_class.fill(kHuge);
  a.stage_enhanced = kHuge;
  a.interaction = a.completion = a.participation = MakeRate(kHuge, kHuge);
  for (ServiceFigures& service : a.services) {
    service.visits = service.acts = service.page_views = kHuge;
    service.status.by_class.fill(kHuge);
    if (service.attempts) service.attempts->started = service.attempts->granted = kHuge;
    for (StepFigures& step : service.steps) step.reached = step.left_after_error = kHuge;
  }
  for (HourFigures& hour : a.hours) hour.visits = hour.page_views = hour.server_errors = kHuge;
  for (DayFigures& day : a.days) day.visits = day.page_views = day.server_errors = kHuge;
  for (PathCount& path : a.top_pages) path.requests = kHuge;
  return a;
}

}  // namespace civlog
