#include "engine/classifier.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "engine/text_hash.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr size_t kMaxAgents = size_t{1} << 15;
constexpr size_t kMaxGroupNames = size_t{1} << 17;
constexpr size_t kMaxReferrers = size_t{1} << 13;
// Longer strings are not learned: they are rare, and would let a hostile client
// fill the dictionaries with megabytes.
constexpr size_t kMaxLearnedBytes = 1024;
constexpr size_t kMaxHostBytes = 255;
// So many records before it is looked into, a table's place is asked for.
constexpr size_t kPlacesAhead = 48;

uint8_t StatusClass(uint16_t status) {
  return status >= 100 && status < 600 ? static_cast<uint8_t>(status / 100) : 0;
}

bool IsPageView(std::string_view method, uint16_t status) {
  return method == "GET" && (status == 200 || status == 203 || status == 206 || status == 304);
}

// Decides a name's shard, and so must not depend on the run's random key.
uint8_t ShardOfName(std::string_view name) {
  uint64_t hash = name.size();
  while (!name.empty()) {
    uint64_t word = 0;
    std::memcpy(&word, name.data(), std::min(name.size(), sizeof(word)));
    hash = MixBits(hash ^ word);
    name.remove_prefix(std::min(name.size(), sizeof(word)));
  }
  return static_cast<uint8_t>(hash % kPartitions);
}

bool ListsHost(const std::vector<std::string>& hosts, std::string_view host) {
  return std::any_of(hosts.begin(), hosts.end(), [host](const std::string& known) {
    return absl::EqualsIgnoreCase(known, ToAbsl(host));
  });
}

// An agent's text, or an entry with the beginning of the text behind it. Null, which asks for
// nothing, where it is not known.
void Prefetch(const void* known) {
  constexpr uintptr_t kCacheLine = 64;
  __builtin_prefetch(known);
  __builtin_prefetch(
      reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(known) + kCacheLine));
}

}  // namespace

std::string_view StepName(const Verdict& verdict, const ServiceModel& services) {
  if (verdict.route == kNoRoute) return "";
  const Route& route = *services.routes()->routes()[verdict.route].route;
  const Service& service = services.catalog()->services[verdict.service];
  if (route.role == RouteRole::kStep) return service.steps[route.index].name;
  return route.role == RouteRole::kEnd ? std::string_view(service.ends[route.index].name) : "";
}

std::string_view ActName(const Verdict& verdict, const ServiceModel& services) {
  if (verdict.route == kNoRoute) return (verdict.flags & kFlagPlainAct) != 0 ? "POST" : "";
  const Route& route = *services.routes()->routes()[verdict.route].route;
  const Service& service = services.catalog()->services[verdict.service];
  const bool accepted = (verdict.flags & kFlagAccepted) != 0;
  if (route.role != RouteRole::kAct || !accepted) return "";
  // A transaction's act is its completion.
  if (service.kind == ServiceKind::kTransaction) return "";
  const std::string& name = service.acts[route.index].name;
  return name.empty() ? route.text : name;
}

std::string_view RequestHost(const RecordBatch& batch, size_t i) {
  const std::string_view target = batch.Get(TextField::kTarget, i);
  if (!target.empty() && target.front() != '/') {
    const std::string_view host = AuthorityHost(target);
    if (!host.empty()) return host;
  }
  return batch.Get(TextField::kHost, i);
}

Classifier::Classifier(const ClassifierContext& context, std::unique_ptr<RecordTap> tap)
    : context_(context),
      calendar_(context.time_zone),
      weekly_(context.week_keys),
      tap_(std::move(tap)) {}

TrafficCounters Classifier::TakeCounters() {
  day_counters_ = nullptr;
  return std::exchange(counters_, TrafficCounters());
}

// Into its place: a processor stalls where it copies what it has just written in other
// pieces.
void Classifier::FillIn(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier,
                        Lookup* lookup) {
  lookup->client = identifier.ClientAddress(batch, i);
  lookup->client_place = Clients::PlaceOf(lookup->client);
  lookup->path = nullptr;
  lookup->path_hash = 0;
  if (!batch.readable_request[i]) return;
  SplitTarget(batch.Get(TextField::kTarget, i), &lookup->target);
  lookup->path_hash = TextHash(lookup->target.path);
}

// What the tap says of the records by their lines alone; what takes no part is not
// looked up.
void Classifier::AskTap(const RecordBatch& batch, uint32_t source) {
  choices_.assign(batch.size, Choice::kYes);
  TappedRecord record;
  record.batch = &batch;
  record.source = source;
  for (size_t i = 0; i < batch.size; ++i) {
    const int64_t time_us = batch.time_us[i];
    if (time_us < context_.since_us || time_us >= context_.until_us) {
      ++counters_.outside_period;
      choices_[i] = Choice::kNo;
    } else if (tap_ != nullptr) {
      record.i = i;
      choices_[i] = tap_->Wants(record);
      if (choices_[i] == Choice::kNo) ++counters_.filtered_out;
    }
  }
}

void Classifier::LookUp(const RecordBatch& batch, const VisitorIdentifier& identifier) {
  lookups_.resize(batch.size);
  for (size_t i = 0; i < batch.size; ++i) {
    if (choices_[i] == Choice::kNo) continue;
    FillIn(batch, i, identifier, &lookups_[i]);
    if (i < kPlacesAhead) AskForPlaces(lookups_[i]);
  }
}

void Classifier::AskForPlaces(const Lookup& lookup) const {
  clients_.Prefetch(lookup.client_place);
  context_.paths->Prefetch(lookup.path_hash);
}

// Brings what the records some way behind `i` need into the cache: first the places in
// the tables, then the path that stands there.
void Classifier::LookAhead(size_t i) {
  constexpr size_t kPathsAhead = kPlacesAhead / 2;
  if (i + kPlacesAhead < lookups_.size() && choices_[i + kPlacesAhead] != Choice::kNo) {
    AskForPlaces(lookups_[i + kPlacesAhead]);
  }
  if (i + kPathsAhead >= lookups_.size() || choices_[i + kPathsAhead] == Choice::kNo) return;
  Lookup& lookup = lookups_[i + kPathsAhead];
  Prefetch(clients_.Peek(lookup.client_place).agent_text.data());
  lookup.path = context_.paths->Guess(lookup.path_hash);
  Prefetch(lookup.path);
}

// With room for a text behind it.
template <typename Entry>
Entry* Classifier::NewEntry(size_t text_bytes) {
  static_assert(std::is_trivially_destructible_v<Entry>, "its room is not its own");
  constexpr size_t kAlignment = alignof(uint64_t);
  static_assert(alignof(Entry) <= kAlignment);
  const size_t bytes = sizeof(Entry) + text_bytes + kAlignment - 1;
  return new (entries_.Allocate(bytes / kAlignment * kAlignment)) Entry();
}

// Mostly that of the client's request before.
void Classifier::FindAgent(std::string_view agent) {
  agent_ = client_->agent;
  if (agent_ != nullptr && client_->agent_text == agent) return;
  agent_ = &AgentOf(agent);
  const bool learned = agent_ != &unlearned_agent_;
  client_->agent = learned ? agent_ : nullptr;
  client_->agent_text = learned ? agent_->text : std::string_view();
  client_->has_visitor = false;
}

const Classifier::AgentEntry& Classifier::AgentOf(std::string_view agent) {
  const uint64_t hash = TextHash(agent);
  const auto found = agents_.find(hash);
  const AgentEntry* const known = found != agents_.end() ? found->second : nullptr;
  if (known != nullptr && known->text == agent) return *known;
  const bool learn =
      known == nullptr && agents_.size() < kMaxAgents && agent.size() <= kMaxLearnedBytes;
  AgentEntry* entry = &unlearned_agent_;
  entry->text = agent;
  if (learn) {
    entry = NewEntry<AgentEntry>(agent.size());
    char* const text = reinterpret_cast<char*>(entry + 1);
    agent.copy(text, agent.size());
    entry->text = {text, agent.size()};
    agents_.emplace(hash, entry);
  }
  entry->agent_class = context_.audience->Classify(agent);
  entry->hash = SipHash24(context_.key.k0, context_.key.k1, agent);
  if (tap_ != nullptr) entry->traits = TraitsOf(agent);
  return *entry;
}

CountedName Classifier::NameOf(std::string_view text, bool lasts) const {
  return {SipHash24(context_.key.k0, context_.key.k1, text), text, ShardOfName(text), lasts};
}

CountedName Classifier::KeepName(std::string_view text) { return NameOf(texts_.Keep(text), true); }

// What normalized_ is, into decided_class_.
void Classifier::DecidePath() {
  PathClass& decided = decided_class_;
  decided.asset = context_.path_rules->IsAsset(normalized_);
  decided.candidates.clear();
  if (const RouteTable* routes = context_.services->routes(); routes != nullptr) {
    routes->Candidates(normalized_, &decided.candidates);
  }
  decided.probe = decided.candidates.empty() ? context_.path_rules->ScannerProbe(normalized_)
                                             : std::string_view();
  decided.segment_service = kNoService;
  if (context_.services->catalog() == nullptr && !decided.asset && decided.probe.empty()) {
    decided.segment_service = context_.services->SegmentService(normalized_, block_);
  }
}

const PathEntry& Classifier::LearnPath(std::string_view raw_path, PathDictionary::Claim place) {
  // Most paths are normal as they stand.
  const bool is_normal = normalized_ == raw_path;
  const size_t texts = raw_path.size() + (is_normal ? 0 : normalized_.size());
  auto* const entry = NewEntry<PathEntry>(texts);
  char* const text = reinterpret_cast<char*>(entry + 1);
  raw_path.copy(text, raw_path.size());
  entry->raw_size = static_cast<uint16_t>(raw_path.size());
  if (!is_normal) normalized_.copy(text + raw_path.size(), normalized_.size());
  const std::string_view normal(text + raw_path.size(), normalized_.size());
  entry->name = NameOf(is_normal ? entry->raw() : normal, true);
  DecidePath();
  entry->path_class = &*path_classes_.insert(decided_class_).first;
  PathDictionary::Publish(place, entry);
  return *entry;
}

// One that is not learned lasts until `lookup` or the next one does.
const PathEntry& Classifier::PathOf(const Lookup& lookup) {
  const std::string_view raw_path = lookup.target.path;
  const PathEntry* known = lookup.path;
  if (known != nullptr && known->raw() == raw_path) return *known;
  // An earlier record of the batch may have brought it.
  known = context_.paths->Find(lookup.path_hash, raw_path);
  if (known != nullptr) return *known;
  NormalizePath(raw_path, &normalized_);
  if (raw_path.size() <= kMaxLearnedBytes) {
    const PathDictionary::Claim place = context_.paths->ClaimPlace(lookup.path_hash, raw_path);
    if (place != nullptr) return LearnPath(raw_path, place);
  }
  unlearned_path_.name = NameOf(normalized_);
  unlearned_path_.path_class = &decided_class_;
  DecidePath();
  return unlearned_path_;
}

bool Classifier::OutsidePortal(const RecordBatch& batch, size_t i) const {
  if (!context_.portal->hosts.empty()) {
    const std::string_view host = RequestHost(batch, i);
    if (!host.empty() && !ListsHost(context_.portal->hosts, host)) return true;
  }
  return client_->ignored;
}

void Classifier::DecideService(const RecordBatch& batch, size_t i, std::string_view query,
                               Verdict* verdict) {
  const std::string_view method = batch.Get(TextField::kMethod, i);
  const uint16_t status = batch.status[i];
  const ServiceModel& services = *context_.services;
  if (services.routes() != nullptr) {
    verdict->route =
        services.routes()->Resolve(path_->path_class->candidates, method, query, batch.time_us[i]);
    if (verdict->route != kNoRoute) {
      verdict->service =
          static_cast<ServiceId>(services.routes()->routes()[verdict->route].service);
    }
  } else {
    verdict->service = path_->path_class->segment_service;
  }
  if (IsPageView(method, status)) verdict->flags |= kFlagPageView;
  if (StatusClass(status) == 5) verdict->flags |= kFlagServerError;
  if (services.Accepts(verdict->route, method, status)) {
    verdict->flags |= kFlagAccepted;
    if (services.catalog() == nullptr && method == "POST") verdict->flags |= kFlagPlainAct;
  }
}

Verdict Classifier::Decide(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier,
                           const Lookup& lookup) {
  Verdict verdict;
  path_ = nullptr;
  agent_ = nullptr;
  client_ = &clients_.Of(lookup.client, lookup.client_place, identifier);
  // Traffic is told by audience for every record, whatever becomes of it.
  const Text& agent = batch.Get(TextField::kUserAgent, i);
  if (agent.data() != nullptr) {
    FindAgent(agent);
    verdict.audience = agent_->agent_class.audience;
    verdict.reason = agent_->agent_class.rule;
  }
  if (!batch.readable_request[i]) {
    verdict.bucket = Bucket::kUnreadable;
    return verdict;
  }
  if (OutsidePortal(batch, i)) {
    verdict.bucket = Bucket::kOutsidePortal;
    return verdict;
  }
  if (verdict.audience != Audience::kCitizen) {
    verdict.bucket = Bucket::kNotCitizen;
    return verdict;
  }
  path_ = &PathOf(lookup);
  const PathClass& path_class = *path_->path_class;
  verdict.asset = path_class.asset;
  if (!path_class.probe.empty()) {
    verdict.audience = Audience::kScanner;
    verdict.reason = path_class.probe;
    verdict.bucket = Bucket::kNotCitizen;
  } else if (path_class.asset) {
    verdict.bucket = Bucket::kAsset;
  } else {
    DecideService(batch, i, lookup.target.query, &verdict);
  }
  return verdict;
}

Verdict Classifier::Judge(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier) {
  Lookup lookup;
  FillIn(batch, i, identifier, &lookup);
  return Decide(batch, i, identifier, lookup);
}

Classifier::IdentifiedVisitor Classifier::VisitorOf(const RecordBatch& batch, size_t i,
                                                    const VisitorIdentifier& identifier,
                                                    std::string_view client) {
  const int64_t time_us = batch.time_us[i];
  const int32_t week = calendar_.WeekOf(time_us);
  const bool with_before = calendar_.SinceWeekBegan(time_us) < kWeekKeyCarryUs;
  if (identifier.asks_for_names()) {
    if (const std::optional<uint64_t> named = identifier.NamedHash(batch, i)) {
      return {*named, weekly_.Of(*named, week, with_before)};
    }
  }
  Clients::Client& known = *client_;
  const bool same = known.has_visitor && agent_ == known.agent;
  if (!same) {
    const uint64_t agent_hash = agent_ != nullptr ? agent_->hash : identifier.AgentHash({});
    known.visitor = identifier.AddressHash(client, known.address, agent_hash);
    known.has_visitor = agent_ == known.agent;
  }
  if (!same || known.week != week || (known.weekly.before != 0) != with_before) {
    known.week = week;
    known.weekly = weekly_.Of(known.visitor, week, with_before);
  }
  return {known.visitor, known.weekly};
}

inline DayTraffic& Classifier::DayOf(int64_t time_us) {
  if (day_counters_ != nullptr && !context_.by_day()) return *day_counters_;
  const int32_t day = context_.by_day() ? calendar_.DayOf(time_us) : kEveryDay;
  if (day_counters_ == nullptr || day != day_) {
    day_ = day;
    day_counters_ = &counters_.Of(day);
    if (const RouteTable* routes = context_.services->routes(); routes != nullptr) {
      day_counters_->route_hits.resize(routes->routes().size());
    }
  }
  return *day_counters_;
}

void Classifier::CountHour(HourId hour, const Verdict& verdict, uint8_t status_class) {
  CounterTable& hours = counters_.hours;
  const size_t row = hours.Row(PackHourService(hour, kNoService));
  hours.Add(row, kHourRequests, 1);
  if ((verdict.flags & kFlagPageView) != 0) hours.Add(row, kHourPageViews, 1);
  if (status_class == 5) hours.Add(row, kHourServerErrors, 1);
}

void Classifier::Count(const RecordBatch& batch, size_t i, const Verdict& verdict) {
  TrafficKey key;
  const HourId hour = calendar_.HourOf(batch.time_us[i]);
  key.hour = HourOfServices(context_.time_detail, hour);
  key.bucket = verdict.bucket;
  key.audience = verdict.audience;
  key.service = verdict.service;
  key.status_class = StatusClass(batch.status[i]);
  if (key.hour == kAllHours) CountHour(hour, verdict, key.status_class);
  const size_t row = counters_.traffic.Row(key.Pack());
  counters_.traffic.Add(row, kRequests, 1);
  if (batch.bytes_sent[i] > 0) {
    counters_.traffic.Add(row, kBytesSent, static_cast<uint64_t>(batch.bytes_sent[i]));
  }
  const int64_t latency_us = batch.latency_us[i];
  DayTraffic& day = DayOf(batch.time_us[i]);
  if (latency_us >= 0) day.latency.Add(latency_us);
  if (verdict.bucket != Bucket::kCounted) return;

  uint8_t step = 0;
  if (verdict.route != kNoRoute) {
    ++day.route_hits[verdict.route];
    const RouteRef& route = context_.services->routes()->routes()[verdict.route];
    if (route.role == RouteRole::kStep) step = static_cast<uint8_t>(route.index + 1);
    if (route.role == RouteRole::kStatus && (verdict.flags & kFlagPageView) != 0) {
      counters_.traffic.Add(row, kStatusViews, 1);
    }
  }
  if ((verdict.flags & kFlagPageView) != 0) counters_.traffic.Add(row, kPageViews, 1);
  if (latency_us >= 0 && verdict.service != kNoService) {
    const LatencyKey latency_key{verdict.service, key.status_class, step};
    day.service_latency[latency_key.Pack()].Add(latency_us);
  }
}

void Classifier::EmitTop(TopList list, const CountedName& name, const VisitEvent& event,
                         BlockEvents* events) {
  TopEvent& top = events->tops[name.shard()].emplace_back();
  top.order_us = event.order_us;
  top.position = event.position;
  top.name = &name;
  top.ordinal = event.ordinal;
  top.week = top_week_;
  top.list = list;
}

// Mostly that of the record before.
std::string_view Classifier::ReferrerHost(std::string_view referrer) {
  if (!referrer_prefix_.empty() && referrer.starts_with(referrer_prefix_)) return referrer_host_;
  const std::string_view host = AuthorityHost(referrer);
  const size_t end = host.empty() ? 0 : static_cast<size_t>(host.end() - referrer.begin());
  if (end >= referrer.size() || referrer[end] != '/') return host;
  referrer_prefix_.assign(referrer.substr(0, end + 1));
  referrer_host_.assign(host);
  return host;
}

void Classifier::EmitReferrer(const RecordBatch& batch, size_t i, const VisitEvent& event,
                              BlockEvents* events) {
  const std::string_view host = ReferrerHost(batch.Get(TextField::kReferrer, i));
  if (host.empty() || host.size() > kMaxHostBytes) return;
  const std::string_view own = RequestHost(batch, i);
  if (own.size() == host.size() && absl::EqualsIgnoreCase(ToAbsl(host), ToAbsl(own))) return;
  if (const ReferrerEntry* known = ReferrerOf(host); known != nullptr) {
    if (!known->own) EmitTop(TopList::kReferrers, known->name, event, events);
    return;
  }
  if (ListsHost(context_.portal->hosts, host)) return;
  const std::string lower = absl::AsciiStrToLower(ToAbsl(host));
  EmitTop(TopList::kReferrers, *events->names.Keep(NameOf(lower)), event, events);
}

// Null where the dictionary is full.
const Classifier::ReferrerEntry* Classifier::ReferrerOf(std::string_view host) {
  if (last_referrer_ != nullptr && last_referrer_->host == host) return last_referrer_;
  const auto found = referrers_.find(ToAbsl(host));
  if (found != referrers_.end()) return last_referrer_ = found->second.get();
  if (referrers_.size() >= kMaxReferrers) {
    return nullptr;
  }
  auto entry = std::make_unique<ReferrerEntry>();
  entry->host = texts_.Keep(host);
  entry->name = KeepName(absl::AsciiStrToLower(ToAbsl(host)));
  entry->own = ListsHost(context_.portal->hosts, host);
  const absl::string_view key = ToAbsl(entry->host);
  return last_referrer_ = referrers_.emplace(key, std::move(entry)).first->second.get();
}

void Classifier::Emit(const RecordBatch& batch, size_t i, const Verdict& verdict,
                      const IdentifiedVisitor& visitor, uint32_t source, BlockEvents* events) {
  VisitEvent& event = events->visits[visitor.hash >> (64 - kPartitionBits)].emplace_back();
  event.order_us = event.time_us = batch.time_us[i];
  event.position = PackPosition(source, batch.line[i]);
  event.visitor = visitor.weekly.now;
  event.visitor_before = visitor.weekly.before;
  event.path = path_->name.hash;
  event.route = verdict.route;
  event.latency_us = static_cast<int32_t>(std::min<int64_t>(batch.latency_us[i], INT32_MAX));
  event.ordinal = static_cast<uint32_t>(events->times_us.size() - 1);
  event.service = verdict.service;
  event.flags = verdict.flags;

  if (context_.by_day()) {
    top_week_ =
        static_cast<uint16_t>(std::clamp<int32_t>(calendar_.WeekOf(event.time_us), 0, UINT16_MAX));
  }
  const bool page_view = (verdict.flags & kFlagPageView) != 0;
  const bool server_error = (verdict.flags & kFlagServerError) != 0;
  const bool not_found = batch.status[i] == 404;
  const bool unclassified = verdict.service == kNoService;
  if (page_view) EmitReferrer(batch, i, event, events);
  if (!page_view && !server_error && !not_found && !unclassified) return;
  const CountedName& name =
      path_ != &unlearned_path_ ? path_->name : *events->names.Keep(path_->name);
  if (page_view) EmitTop(TopList::kPages, name, event, events);
  if (not_found) EmitTop(TopList::kNotFound, name, event, events);
  if (server_error) EmitTop(TopList::kServerErrors, name, event, events);
  if (unclassified) EmitTop(TopList::kUnclassified, name, event, events);
}

TappedRecord Classifier::Tapped(const RecordBatch& batch, size_t i, const Verdict& verdict,
                                std::string_view client, uint32_t source) {
  TappedRecord record;
  record.batch = &batch;
  record.i = i;
  record.source = source;
  record.verdict = &verdict;
  record.client = client;
  record.address = client_->address;
  if (batch.readable_request[i]) {
    if (path_ == nullptr) path_ = &PathOf(lookups_[i]);
    record.path = path_->name.text();
    record.query = lookups_[i].target.query;
  }
  if (agent_ != nullptr) record.agent = &agent_->traits;
  return record;
}

void Classifier::EmitGroup(const TappedRecord& record, uint64_t visitor, BlockEvents* events) {
  group_key_.clear();
  tap_->AppendKey(record, &group_key_);
  const CountedName* key = nullptr;
  const auto found = group_names_.find(group_key_);
  if (found != group_names_.end()) {
    key = found->second.get();
  } else if (group_names_.size() < kMaxGroupNames && group_key_.size() <= kMaxLearnedBytes) {
    auto name = std::make_unique<CountedName>(KeepName(group_key_));
    key = name.get();
    group_names_.emplace(ToAbsl(name->text()), std::move(name));
  } else {
    key = events->names.Keep(NameOf(group_key_));
  }
  const RecordBatch& batch = *record.batch;
  const size_t i = record.i;
  GroupEvent& event = events->groups[key->shard()].emplace_back();
  event.order_us = batch.time_us[i];
  event.position = PackPosition(record.source, batch.line[i]);
  event.key = key;
  event.visitor = visitor;
  event.bytes_sent = batch.bytes_sent[i];
  event.latency_us = batch.latency_us[i];
  event.ordinal = static_cast<uint32_t>(events->times_us.size() - 1);
  event.status = batch.status[i];
  if (record.verdict->bucket == Bucket::kCounted) event.flags |= kGroupCounted;
  if ((record.verdict->flags & kFlagPageView) != 0) event.flags |= kGroupPageView;
}

// Flattened, which is worth a twentieth of the instructions of a run: a record takes many small
// steps, most of them called from here alone.
[[gnu::flatten]] void Classifier::Add(const RecordBatch& batch, const VisitorIdentifier& identifier,
                                      uint32_t source, BlockEvents* events) {
  block_ = events->block;
  AskTap(batch, source);
  LookUp(batch, identifier);
  for (size_t i = 0; i < batch.size; ++i) {
    LookAhead(i);
    if (choices_[i] == Choice::kNo) continue;
    const std::string_view client = lookups_[i].client;
    const Verdict verdict = Decide(batch, i, identifier, lookups_[i]);
    if (tap_ != nullptr) tapped_ = Tapped(batch, i, verdict, client, source);
    if (choices_[i] == Choice::kUnknown && !tap_->WantsClassified(tapped_)) {
      ++counters_.filtered_out;
      continue;
    }
    events->times_us.push_back(batch.time_us[i]);
    if (context_.writes) tap_->Write(tapped_, &events->written);
    Count(batch, i, verdict);
    const bool counted = verdict.bucket == Bucket::kCounted;
    if (!counted && !context_.groups) continue;
    const IdentifiedVisitor visitor =
        counted ? VisitorOf(batch, i, identifier, client) : IdentifiedVisitor();
    if (context_.groups) EmitGroup(tapped_, visitor.weekly.now, events);
    if (counted && context_.follows_visits) Emit(batch, i, verdict, visitor, source, events);
  }
}

}  // namespace civlog
