#include "bench/truth.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "bench/portal_time.h"

namespace civlog::corpus {
namespace {

constexpr int64_t kVisitTimeout = 1800;

// A plan that contradicts itself is a bug of the generator.
void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "civlog-generate: a plan contradicts itself: %s\n", what);
  std::abort();
}

size_t TransactionIndex(ServiceId service) {
  return Index(service) - Index(ServiceId::kCertificate);
}

ServiceId TransactionService(size_t index) {
  return static_cast<ServiceId>(index + Index(ServiceId::kCertificate));
}

// The place of a request's service; nullopt where no route claims it.
std::optional<size_t> PlaceOf(const Request& request, int64_t time) {
  if (request.path == PathId::kOffice || request.path == PathId::kOfficeRequest) {
    return kServiceCount + request.number;
  }
  const PathModel& path = Model(request.path);
  const bool current = time >= path.valid_from && time < path.valid_until;
  if (!current || path.service == ServiceId::kNone) return std::nullopt;
  return Index(path.service);
}

bool IsPageView(const Request& request) {
  return request.method == Method::kGet && (request.status == 200 || request.status == 203 ||
                                            request.status == 206 || request.status == 304);
}

}  // namespace

bool ServiceSet::Add(size_t place) {
  if (place < kServiceCount) {
    const uint32_t before = own_;
    own_ |= 1U << place;
    return own_ != before;
  }
  const auto office = static_cast<uint16_t>(place - kServiceCount);
  if (std::find(offices_.begin(), offices_.end(), office) != offices_.end()) return false;
  offices_.push_back(office);
  return true;
}

void ServiceSet::Clear() {
  own_ = 0;
  offices_.clear();
}

std::string_view RejectName(Reject reason) {
  constexpr std::string_view kNames[kRejectCount] = {"truncated",  "bad_time", "bad_status",
                                                     "bad_number", "no_match", "invalid_json"};
  return kNames[static_cast<size_t>(reason)];
}

Truth::Truth(int64_t start, uint32_t hours, const PathSpace& paths, bool count_paths)
    : start_(start),
      paths_(paths),
      count_paths_(count_paths),
      services_(kServiceCount + paths.numbers(PathId::kOffice)),
      hours_(hours) {
  if (!count_paths) return;
  counts_.page_views.resize(paths.size());
  counts_.not_found.resize(paths.size());
  counts_.server_errors.resize(paths.size());
  counts_.unclassified.resize(paths.size());
  referrers_.resize(std::size(kReferrerHosts));
}

uint64_t Truth::lines() const {
  uint64_t lines = totals_.blank + totals_.records;
  for (const uint64_t rejected : totals_.rejected) lines += rejected;
  return lines;
}

void Truth::Record(const RecordTruth& record) {
  ++totals_.records;
  ++totals_.buckets[static_cast<size_t>(record.bucket)];
  if (record.bucket == Bucket::kNotCitizen) {
    ++totals_.audiences[static_cast<size_t>(record.audience)];
  }
  totals_.bytes_sent += record.bytes;
  totals_.latency_count += record.has_latency ? 1 : 0;
  ++totals_.status[record.status / 100];
  HourTruth& hour = hours_[static_cast<size_t>((record.time - start_) / kHour)];
  ++hour.requests;
  hour.server_errors += record.status >= 500 ? 1 : 0;
  last_time_ = std::max(last_time_, record.time);
}

void Truth::Counted(VisitorTruth* visitor, int64_t time, const Request& request, bool has_latency) {
  const std::optional<size_t> place = PlaceOf(request, time);
  const bool page_view = IsPageView(request);
  const auto hour = static_cast<uint32_t>((time - start_) / kHour);

  CloseSilent(visitor, time);
  if (visitor->in_visit && time - visitor->last > kVisitTimeout) CloseVisit(visitor);
  if (!visitor->in_visit) {
    visitor->in_visit = true;
    visitor->first_hour = hour;
  }
  visitor->last = time;
  if (const auto week = static_cast<int32_t>(PortalWeek(time)); week != visitor->week) {
    visitor->week = week;
    visitor->seen.Clear();
    ++totals_.visitors;
  }
  visitor->page_views += page_view ? 1 : 0;
  totals_.page_views += page_view ? 1 : 0;
  hours_[hour].page_views += page_view ? 1 : 0;
  if (count_paths_) CountPath(request, place.has_value(), page_view);
  if (!place) {
    ++totals_.unclassified;
    return;
  }

  ServiceTruth& figures = services_[*place];
  ++figures.requests;
  ++figures.status[request.status / 100];
  figures.page_views += page_view ? 1 : 0;
  figures.latency_count += has_latency ? 1 : 0;
  figures.visitors += visitor->seen.Add(*place) ? 1U : 0U;
  visitor->viewed.Add(*place);
  if (request.fact == Fact::kAct) {
    Act(visitor, *place);
  } else {
    Do(visitor, static_cast<ServiceId>(*place), request);
  }
}

void Truth::CountPath(const Request& request, bool classified, bool page_view) {
  const uint32_t index = paths_.IndexOf(request.path, request.number);
  if (page_view) ++counts_.page_views[index];
  if (request.status == 404) ++counts_.not_found[index];
  if (request.status >= 500) ++counts_.server_errors[index];
  if (!classified) ++counts_.unclassified[index];
  if (page_view && request.referrer >= kFirstExternal) {
    ++referrers_[request.referrer - size_t{kFirstExternal}];
  }
}

void Truth::Do(VisitorTruth* visitor, ServiceId service, const Request& request) {
  if (request.fact == Fact::kNone) return;
  ServiceTruth& figures = services_[Index(service)];
  AttemptTruth& attempt = visitor->attempts[TransactionIndex(service)];
  const bool begins = request.fact == Fact::kStart || request.fact == Fact::kWithoutStart;
  Require(attempt.open != begins, "an attempt is open where none should be, or the reverse");
  switch (request.fact) {
    case Fact::kNone:
    case Fact::kAct:
      break;
    case Fact::kStart:
      attempt = {};
      attempt.open = true;
      attempt.furthest = 1;
      ++figures.started;
      break;
    case Fact::kStep:
      attempt.furthest = std::max(attempt.furthest, request.step);
      attempt.failing = false;
      break;
    case Fact::kGrant:
      attempt.furthest = request.step;
      Complete(visitor, service, &attempt, true);
      break;
    case Fact::kRefuse:
      Complete(visitor, service, &attempt, false);
      break;
    case Fact::kWithoutStart:
      ++figures.without_start;
      break;
    case Fact::kError:
      attempt.failing = true;
      attempt.had_error = true;
      break;
    case Fact::kSave:
      attempt.saved = true;
      break;
  }
}

void Truth::Complete(VisitorTruth* visitor, ServiceId service, AttemptTruth* attempt,
                     bool granted) {
  ServiceTruth& figures = services_[Index(service)];
  ++(granted ? figures.granted : figures.refused);
  figures.recovered += attempt->had_error ? 1 : 0;
  ++figures.furthest[attempt->furthest];
  attempt->open = false;
  ++visitor->completions;
  visitor->departments |= 1U << static_cast<unsigned>(Model(service).department);
  Act(visitor, Index(service));
}

void Truth::Act(VisitorTruth* visitor, size_t place) {
  ++totals_.acts;
  ++services_[place].acts;
  ++visitor->acts;
  visitor->acted.Add(place);
  const Kind kind = ServiceKindOf(place);
  visitor->interactive |= kind == Kind::kInteraction || kind == Kind::kParticipation;
  visitor->participated |= kind == Kind::kParticipation;
}

void Truth::CloseVisit(VisitorTruth* visitor) {
  ++totals_.visits;
  ++hours_[visitor->first_hour].visits;
  totals_.bounces += visitor->page_views == 1 && visitor->acts == 0 ? 1 : 0;
  totals_.interactive_visits += visitor->interactive || visitor->completions > 0 ? 1 : 0;
  totals_.participating_visits += visitor->participated ? 1 : 0;
  if (std::popcount(visitor->departments) >= 2) {
    ++totals_.seamless;
  } else if (visitor->completions > 0) {
    ++totals_.transactional;
  } else {
    ++(visitor->interactive ? totals_.interactive : totals_.enhanced);
  }
  visitor->viewed.ForEach([this](size_t place) { ++services_[place].visits; });
  visitor->acted.ForEach([this](size_t place) { ++services_[place].acting_visits; });

  visitor->in_visit = false;
  visitor->interactive = false;
  visitor->participated = false;
  visitor->page_views = 0;
  visitor->acts = 0;
  visitor->completions = 0;
  visitor->viewed.Clear();
  visitor->acted.Clear();
  visitor->departments = 0;
}

// Closes the attempts that the silence before `time` was too long for.
void Truth::CloseSilent(VisitorTruth* visitor, int64_t time) {
  for (size_t i = 0; i < kTransactionCount; ++i) {
    AttemptTruth& attempt = visitor->attempts[i];
    if (!attempt.open) continue;
    const ServiceId service = TransactionService(i);
    if (time - visitor->last <= AttemptTimeout(service, attempt.saved)) continue;
    CloseLeft(service, attempt);
    attempt.open = false;
  }
}

void Truth::CloseLeft(ServiceId service, const AttemptTruth& attempt) {
  ServiceTruth& figures = services_[Index(service)];
  ++(attempt.failing ? figures.failed : figures.abandoned);
  ++figures.furthest[attempt.furthest];
  figures.left_after_error[attempt.furthest] += attempt.failing ? 1 : 0;
}

bool Truth::VisitorLeaves(VisitorTruth* visitor) {
  if (visitor->in_visit) CloseVisit(visitor);
  bool saved = false;
  for (size_t i = 0; i < kTransactionCount; ++i) {
    AttemptTruth& attempt = visitor->attempts[i];
    if (!attempt.open) continue;
    saved |= attempt.saved;
    left_[i * 2 + (attempt.saved ? 1 : 0)].push_back(
        {visitor->last, TransactionService(i), attempt});
    attempt.open = false;
  }
  SettleOld();
  return saved;
}

void Truth::SettleOld() {
  for (std::deque<Left>& queue : left_) {
    while (!queue.empty()) {
      const Left& left = queue.front();
      if (last_time_ - left.last <= AttemptTimeout(left.service, left.attempt.saved)) break;
      CloseLeft(left.service, left.attempt);
      queue.pop_front();
    }
  }
}

void Truth::Finish() {
  SettleOld();
  for (std::deque<Left>& queue : left_) {
    for (const Left& left : queue) {
      if (last_time_ - left.last > AttemptTimeout(left.service, left.attempt.saved)) {
        CloseLeft(left.service, left.attempt);
        continue;
      }
      ++services_[Index(left.service)].open;
      ++services_[Index(left.service)].furthest[left.attempt.furthest];
    }
    queue.clear();
  }
}

}  // namespace civlog::corpus
