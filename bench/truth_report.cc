// The planted truth as JSON, schema civlog.analysis/1, counts only.

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "bench/json_writer.h"
#include "bench/portal_time.h"
#include "bench/truth.h"

namespace civlog::corpus {
namespace {

using NamedCounts = std::vector<std::pair<std::string, uint64_t>>;

constexpr size_t kTop = 10;

// The ten most frequent: by count, then by name.
template <typename Count>
NamedCounts TopTen(const std::vector<Count>& counts,
                   const std::function<std::string(size_t)>& name_of) {
  std::vector<Count> sorted;
  for (const Count count : counts) {
    if (count > 0) sorted.push_back(count);
  }
  const size_t kept = std::min(kTop, sorted.size());
  std::partial_sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(kept),
                    sorted.end(), std::greater<>());
  NamedCounts top;
  if (kept == 0) return top;
  const Count least = sorted[kept - 1];  // names are needed of what may be among them
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= least) top.emplace_back(name_of(i), counts[i]);
  }
  std::sort(top.begin(), top.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  top.resize(kept);
  return top;
}

void WriteStatus(JsonWriter* json, const std::array<uint64_t, 6>& status, size_t from) {
  constexpr std::string_view kClasses[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
  json->BeginObject("status");
  json->OnOneLine();
  for (size_t i = from; i < status.size(); ++i) json->Number(kClasses[i], status[i]);
  json->EndObject();
}

void WriteRate(JsonWriter* json, std::string_view key, uint64_t numerator, uint64_t denominator) {
  json->BeginObject(key);
  json->OnOneLine();
  json->Number("numerator", numerator);
  json->Number("denominator", denominator);
  json->EndObject();
}

void WriteCount(JsonWriter* json, std::string_view key, uint64_t count) {
  json->BeginObject(key);
  json->OnOneLine();
  json->Number("count", count);
  json->EndObject();
}

void WriteTop(JsonWriter* json, std::string_view key, std::string_view named,
              const NamedCounts& top) {
  json->BeginArray(key);
  for (const auto& [name, count] : top) {
    json->BeginObject();
    json->OnOneLine();
    json->Text(named, name);
    json->Number("requests", count);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace

// One report of one truth.
class TruthReport {
 public:
  explicit TruthReport(const Truth& truth) : truth_(truth), totals_(truth.totals_) {}

  std::string Write() {
    json_.BeginObject();
    json_.Text("schema", "civlog.analysis/1");
    WritePeriod();
    WriteLines();
    WriteRecords();
    WriteTraffic();
    WriteCitizens();
    WriteServices();
    WriteUnclassified();
    WriteTops();
    WriteHours();
    json_.EndObject();
    return json_.Take();
  }

 private:
  std::string HourName(size_t hour) const {
    return IsoTime(truth_.start_ + static_cast<int64_t>(hour) * kHour);
  }

  void WritePeriod() {
    const std::vector<HourTruth>& hours = truth_.hours_;
    size_t first = 0;
    size_t end = hours.size();
    while (first < end && hours[first].requests == 0) ++first;
    while (end > first && hours[end - 1].requests == 0) --end;
    if (first == end) return;
    json_.BeginObject("period");
    json_.Text("from", HourName(first));
    json_.Text("to", HourName(end));
    json_.BeginArray("gaps");
    for (size_t i = first; i < end; ++i) {
      if (hours[i].requests > 0) continue;
      size_t gap_end = i;
      while (hours[gap_end].requests == 0) ++gap_end;
      json_.BeginObject();
      json_.OnOneLine();
      json_.Text("from", HourName(i));
      json_.Text("to", HourName(gap_end));
      json_.EndObject();
      i = gap_end;
    }
    json_.EndArray();
    json_.EndObject();
  }

  void WriteLines() {
    uint64_t rejected = 0;
    for (const uint64_t count : totals_.rejected) rejected += count;
    json_.BeginObject("lines");
    json_.Number("read", truth_.lines());
    json_.Number("blank", totals_.blank);
    json_.Number("directive", 0);
    json_.Number("records", totals_.records);
    json_.BeginObject("rejected");
    json_.Number("total", rejected);
    for (size_t i = 0; i < kRejectCount; ++i) {
      if (totals_.rejected[i] == 0) continue;
      json_.Number(RejectName(static_cast<Reject>(i)), totals_.rejected[i]);
    }
    json_.EndObject();
    json_.EndObject();
  }

  uint64_t InBucket(Bucket bucket) const { return totals_.buckets[static_cast<size_t>(bucket)]; }

  void WriteRecords() {
    json_.BeginObject("records");
    json_.Number("counted", InBucket(Bucket::kCounted));
    json_.Number("unreadable_request", InBucket(Bucket::kUnreadableRequest));
    json_.Number("outside_portal", InBucket(Bucket::kOutsidePortal));
    json_.Number("asset", InBucket(Bucket::kAsset));
    json_.Number("late", totals_.late);
    json_.BeginObject("not_citizen");
    json_.Number("total", InBucket(Bucket::kNotCitizen));
    for (size_t i = 1; i < kAudienceCount; ++i) {
      if (totals_.audiences[i] == 0) continue;
      json_.Number(AudienceName(static_cast<Audience>(i)), totals_.audiences[i]);
    }
    json_.EndObject();
    json_.EndObject();
  }

  void WriteTraffic() {
    json_.BeginObject("traffic");
    json_.Number("requests", totals_.records);
    json_.Number("bytes_sent", totals_.bytes_sent);
    WriteStatus(&json_, totals_.status, 1);
    WriteCount(&json_, "latency_ms", totals_.latency_count);
    json_.EndObject();
  }

  void WriteCitizens() {
    json_.BeginObject("citizens");
    json_.Number("page_views", totals_.page_views);
    json_.Number("visitors", totals_.visitors);
    json_.Number("visits", totals_.visits);
    json_.Number("bounces", totals_.bounces);
    json_.Number("acts", totals_.acts);
    json_.EndObject();
    uint64_t completed = 0;
    uint64_t settled = 0;
    for (const ServiceTruth& service : truth_.services_) {
      completed += service.granted + service.refused;
      settled += service.started - service.open;
    }
    json_.BeginObject("rates");
    WriteRate(&json_, "interaction", totals_.interactive_visits, totals_.visits);
    WriteRate(&json_, "completion", completed, settled);
    WriteRate(&json_, "participation", totals_.participating_visits, totals_.visits);
    json_.EndObject();
    json_.BeginObject("stages");
    json_.Number("enhanced", totals_.enhanced);
    json_.Number("interactive", totals_.interactive);
    json_.Number("transactional", totals_.transactional);
    json_.Number("seamless", totals_.seamless);
    json_.EndObject();
  }

  void WriteServices() {
    json_.BeginArray("services");
    for (size_t place = 0; place < truth_.services_.size(); ++place) WriteService(place);
    json_.EndArray();
  }

  void WriteService(size_t place) {
    const ServiceTruth& service = truth_.services_[place];
    const Kind kind = ServiceKindOf(place);
    json_.BeginObject();
    json_.Text("id", ServiceName(place));
    json_.Text("kind", KindName(kind));
    json_.Number("requests", service.requests);
    json_.Number("page_views", service.page_views);
    json_.Number("visits", service.visits);
    json_.Number("visitors", service.visitors);
    json_.Number("acts", service.acts);
    json_.Number("acting_visits", service.acting_visits);
    WriteStatus(&json_, service.status, 2);
    WriteCount(&json_, "latency_ms", service.latency_count);
    if (kind == Kind::kTransaction) {
      WriteAttempts(static_cast<ServiceId>(place), service);
    } else {
      json_.Null("attempts");
    }
    json_.EndObject();
  }

  void WriteAttempts(ServiceId id, const ServiceTruth& service) {
    json_.BeginObject("attempts");
    json_.Number("started", service.started);
    json_.Number("granted", service.granted);
    json_.Number("refused", service.refused);
    json_.Number("failed", service.failed);
    json_.Number("abandoned", service.abandoned);
    json_.Number("open", service.open);
    json_.Number("without_start", service.without_start);
    json_.Number("recovered", service.recovered);
    json_.EndObject();
    const uint64_t completed = service.granted + service.refused;
    WriteRate(&json_, "completion_rate", completed, service.started - service.open);
    json_.BeginArray("steps");
    const std::vector<StepModel>& steps = Transaction(id).steps;
    for (size_t step = 1; step <= steps.size(); ++step) {
      uint64_t reached = 0;
      for (size_t furthest = step; furthest <= kMaxSteps; ++furthest) {
        reached += service.furthest[furthest];
      }
      json_.BeginObject();
      json_.OnOneLine();
      json_.Text("name", steps[step - 1].name);
      json_.Number("reached", reached);
      json_.Number("left_after_error", service.left_after_error[step]);
      json_.EndObject();
    }
    json_.EndArray();
    WriteCount(&json_, "time_to_complete_s", completed);
  }

  void WriteUnclassified() {
    json_.BeginObject("unclassified");
    json_.Number("requests", totals_.unclassified);
    if (truth_.count_paths_) {
      WriteTop(&json_, "top_paths", "path", TopPaths(truth_.counts_.unclassified));
    }
    json_.EndObject();
  }

  NamedCounts TopPaths(const std::vector<uint32_t>& counts) const {
    return TopTen<uint32_t>(
        counts, [this](size_t i) { return truth_.paths_.NameOf(static_cast<uint32_t>(i)); });
  }

  void WriteTops() {
    if (!truth_.count_paths_) return;
    json_.BeginObject("top");
    WriteTop(&json_, "pages", "path", TopPaths(truth_.counts_.page_views));
    WriteTop(&json_, "not_found", "path", TopPaths(truth_.counts_.not_found));
    WriteTop(&json_, "server_errors", "path", TopPaths(truth_.counts_.server_errors));
    WriteTop(&json_, "referrers", "referrer", TopTen<uint64_t>(truth_.referrers_, [](size_t i) {
      return std::string(kReferrerHosts[i]);
    }));
    json_.EndObject();
  }

  void WriteHours() {
    json_.BeginArray("hours");
    for (size_t i = 0; i < truth_.hours_.size(); ++i) {
      const HourTruth& hour = truth_.hours_[i];
      if (hour.requests == 0) continue;
      json_.BeginObject();
      json_.OnOneLine();
      json_.Text("hour", HourName(i));
      json_.Number("requests", hour.requests);
      json_.Number("visits", hour.visits);
      json_.Number("page_views", hour.page_views);
      json_.Number("server_errors", hour.server_errors);
      json_.EndObject();
    }
    json_.EndArray();
  }

  const Truth& truth_;
  const TruthTotals& totals_;
  JsonWriter json_;
};

std::string Truth::ToJson() const { return TruthReport(*this).Write(); }

}  // namespace civlog::corpus
