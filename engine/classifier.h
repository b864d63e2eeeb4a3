// From record to event: in which bucket a record ends, which service it is on,
// and what it means there.
//
// The dear decisions (is this agent a robot, which routes match this path) are
// made once per distinct string and kept in bounded dictionaries; a dictionary
// that is full stops learning and the decision is made anew each time, so that
// memory does not depend on how many distinct strings a log holds.

#ifndef CIVLOG_ENGINE_CLASSIFIER_H_
#define CIVLOG_ENGINE_CLASSIFIER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "engine/agent_traits.h"
#include "engine/audience.h"
#include "engine/calendar.h"
#include "engine/client_cache.h"
#include "engine/counters.h"
#include "engine/event.h"
#include "engine/path.h"
#include "engine/path_dictionary.h"
#include "engine/record_tap.h"
#include "engine/service_model.h"
#include "engine/visitor.h"
#include "parsers/record_batch.h"
#include "parsers/text_arena.h"

namespace civlog {

// What every worker of a run shares. Everything pointed to outlives the workers.
struct ClassifierContext {
  const Portal* portal = nullptr;
  ServiceModel* services = nullptr;
  const AudienceClassifier* audience = nullptr;
  const PathRules* path_rules = nullptr;
  absl::TimeZone time_zone;
  VisitorKey key;
  WeekKeys* week_keys = nullptr;
  PathDictionary* paths = nullptr;
  TimeDetail time_detail = TimeDetail::kPortalByHour;
  // Records outside [since_us, until_us) are left out before anything else.
  int64_t since_us = std::numeric_limits<int64_t>::min();
  int64_t until_us = std::numeric_limits<int64_t>::max();
  // What becomes of the records.
  bool follows_visits = true;  // visit events and top lists
  bool groups = false;         // by the tap's keys
  bool writes = false;         // the tap writes them

  // Whether what has no hour of its own is counted by day.
  bool by_day() const { return time_detail == TimeDetail::kAllByPeriod; }
};

// What was decided about one record.
struct Verdict {
  Bucket bucket = Bucket::kCounted;
  Audience audience = Audience::kCitizen;
  // The robots pattern, probe or address that decided the bucket; empty for none.
  std::string_view reason;
  bool asset = false;
  RouteId route = kNoRoute;
  ServiceId service = kNoService;
  uint8_t flags = 0;  // EventFlag
};

// The name of the step or end that the request is on, of the act that it did; empty for
// none. The views live as long as the catalogue.
std::string_view StepName(const Verdict& verdict, const ServiceModel& services);
std::string_view ActName(const Verdict& verdict, const ServiceModel& services);

// The host a request was for: an absolute-form target's own (RFC 9112, section 3.2.2),
// else the logged virtual host.
std::string_view RequestHost(const RecordBatch& batch, size_t i);

// One worker's. Not thread-safe.
class Classifier {
 public:
  // `tap` may be null: every record takes part.
  Classifier(const ClassifierContext& context, std::unique_ptr<RecordTap> tap);

  // Classifies every record of `batch`, counts it into counters() and appends the
  // events of counted ones to `*events`. `source` is the source's rank.
  void Add(const RecordBatch& batch, const VisitorIdentifier& identifier, uint32_t source,
           BlockEvents* events);

  // Decides about record `i` of `batch` alone and counts nothing. The views live
  // until the next call.
  Verdict Judge(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier);

  const TrafficCounters& counters() const { return counters_; }
  TrafficCounters& counters() { return counters_; }
  // Hands over what was counted, and begins anew.
  TrafficCounters TakeCounters();

 private:
  // What is known of an agent. The text stands right behind it where it is learned.
  struct AgentEntry {
    std::string_view text;
    AgentClass agent_class;
    uint64_t hash = 0;  // VisitorIdentifier::AgentHash
    AgentTraits traits;
  };

  // What is known of a referring host.
  struct ReferrerEntry {
    std::string_view host;
    CountedName name;  // in lower case
    bool own = false;  // a host of the portal
  };

  using Clients = ClientCache<AgentEntry>;

  struct IdentifiedVisitor {
    uint64_t hash = 0;  // VisitorIdentifier::Hash
    WeeklyVisitor weekly;
  };

  // A record's strings on their way through the dictionaries: hashed for the whole
  // batch first, so that what they lead to is in the cache when it is needed.
  struct Lookup {
    std::string_view client;  // VisitorIdentifier::ClientAddress
    size_t client_place = 0;
    uint64_t path_hash = 0;
    const PathEntry* path = nullptr;  // null: not known, or not looked for
    Target target;
  };
  void AskTap(const RecordBatch& batch, uint32_t source);
  void LookUp(const RecordBatch& batch, const VisitorIdentifier& identifier);
  void AskForPlaces(const Lookup& lookup) const;
  void LookAhead(size_t i);
  static void FillIn(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier,
                     Lookup* lookup);

  template <typename Entry>
  Entry* NewEntry(size_t text_bytes);
  void FindAgent(std::string_view agent);
  const AgentEntry& AgentOf(std::string_view agent);
  const PathEntry& PathOf(const Lookup& lookup);
  void DecidePath();
  const PathEntry& LearnPath(std::string_view raw_path, PathDictionary::Claim place);
  bool OutsidePortal(const RecordBatch& batch, size_t i) const;
  Verdict Decide(const RecordBatch& batch, size_t i, const VisitorIdentifier& identifier,
                 const Lookup& lookup);
  IdentifiedVisitor VisitorOf(const RecordBatch& batch, size_t i,
                              const VisitorIdentifier& identifier, std::string_view client);
  void DecideService(const RecordBatch& batch, size_t i, std::string_view query, Verdict* verdict);
  void Count(const RecordBatch& batch, size_t i, const Verdict& verdict);
  void CountHour(HourId hour, const Verdict& verdict, uint8_t status_class);
  DayTraffic& DayOf(int64_t time_us);
  void Emit(const RecordBatch& batch, size_t i, const Verdict& verdict,
            const IdentifiedVisitor& visitor, uint32_t source, BlockEvents* events);
  void EmitTop(TopList list, const CountedName& name, const VisitEvent& event, BlockEvents* events);
  TappedRecord Tapped(const RecordBatch& batch, size_t i, const Verdict& verdict,
                      std::string_view client, uint32_t source);
  void EmitGroup(const TappedRecord& record, uint64_t visitor, BlockEvents* events);
  std::string_view ReferrerHost(std::string_view referrer);
  void EmitReferrer(const RecordBatch& batch, size_t i, const VisitEvent& event,
                    BlockEvents* events);
  const ReferrerEntry* ReferrerOf(std::string_view host);
  // The text is not copied.
  CountedName NameOf(std::string_view text, bool lasts = false) const;
  CountedName KeepName(std::string_view text);

  ClassifierContext context_;
  Calendar calendar_;
  WeeklyHasher weekly_;
  TrafficCounters counters_;
  DayTraffic* day_counters_ = nullptr;  // of the record last counted
  int32_t day_ = 0;
  uint16_t top_week_ = 0;  // of the record that is emitted
  size_t block_ = 0;       // that the batch is of
  // By hash of the text; of two texts of one hash only the first is learned.
  absl::flat_hash_map<uint64_t, const AgentEntry*> agents_;
  TextArena texts_;                              // of what is learned
  TextArena entries_;                            // of agents and paths
  absl::node_hash_set<PathClass> path_classes_;  // of learned paths
  std::vector<Lookup> lookups_;                  // of a batch
  AgentEntry unlearned_agent_;
  const AgentEntry* agent_ = nullptr;  // of the record last decided, where it has one
  // By host as logged; keys view `host`.
  absl::flat_hash_map<absl::string_view, std::unique_ptr<ReferrerEntry>> referrers_;
  const ReferrerEntry* last_referrer_ = nullptr;
  std::string referrer_prefix_;  // "https://www.example/" of the referrer before
  std::string referrer_host_;    // and its host
  // By key of a group; views its text.
  absl::flat_hash_map<absl::string_view, std::unique_ptr<CountedName>> group_names_;
  std::unique_ptr<RecordTap> tap_;
  std::vector<Choice> choices_;  // of the tap, by record of a batch
  TappedRecord tapped_;          // where there is a tap, the record last decided
  std::string group_key_;
  PathEntry unlearned_path_;
  PathClass decided_class_;          // of the path last decided
  std::string normalized_;           // of the path last filled in
  const PathEntry* path_ = nullptr;  // of the record last decided, where it needed one
  Clients clients_;
  Clients::Client* client_ = nullptr;  // of the record last decided
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CLASSIFIER_H_
