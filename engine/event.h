// Events: what the rest of the engine keeps of a record.
//
// Small integers only, so that the block a record came from is recycled at once.
// Events of one block are bucketed by shard, visitors by their hash, names by
// theirs; a shard applies its events in the order (order_us, position).

#ifndef CIVLOG_ENGINE_EVENT_H_
#define CIVLOG_ENGINE_EVENT_H_

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/distinct_counter.h"
#include "engine/route_table.h"
#include "parsers/record_batch.h"
#include "parsers/text_arena.h"

namespace civlog {

// A record whose time is older than its source's latest by more than this is late:
// servers write a line when the request ends, so that some disorder is normal.
inline constexpr int64_t kLatenessBoundUs = 60 * int64_t{1'000'000};

// Position of a service in the run's service model.
using ServiceId = uint16_t;
inline constexpr ServiceId kNoService = UINT16_MAX;

enum EventFlag : uint8_t {
  kFlagPageView = 1,     // GET answered with 200, 203, 206 or 304
  kFlagAccepted = 2,     // the outcome counts, by the route's rule
  kFlagServerError = 4,  // status 5xx
  kFlagPlainAct = 8,     // without a catalogue: an accepted POST
};

// One counted request, on its way to its visitor's shard.
struct VisitEvent {
  int64_t order_us = 0;   // time_us, or the watermark where the record is late
  uint64_t position = 0;  // PackPosition: source, then line
  int64_t time_us = 0;
  uint64_t visitor = 0;         // keyed hash, WeeklyVisitor::now
  uint64_t visitor_before = 0;  // WeeklyVisitor::before
  uint64_t path = 0;            // hash of the normalised path
  RouteId route = kNoRoute;
  int32_t latency_us = -1;  // at most 2^31 - 1 us (35 min); -1: absent
  uint32_t ordinal = 0;     // record's position within its block
  ServiceId service = kNoService;
  uint8_t flags = 0;

  template <typename Archive>
  void Transfer(Archive& archive) {
    archive(order_us, position, time_us, visitor, visitor_before, path, route, latency_us, service,
            flags);
  }
};

inline uint64_t PackPosition(uint32_t source_rank, uint64_t line) {
  return (static_cast<uint64_t>(source_rank) << 40) | (line & ((uint64_t{1} << 40) - 1));
}

// SplitMix64's finalizer (Steele, Lea and Flood, 2014).
inline uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// A name that is counted: a path, a referring host, the key of a group. Lives with its text
// in a worker's dictionary for the run, or where that is full as long as events name it
// (PassingNames). As small as can be: a run has hundreds of thousands.
class CountedName {
 public:
  CountedName() : CountedName(0, "", 0) {}
  // The text is not copied. `lasts`: it lives as long as the run.
  // REQUIRES: shard < kPartitions, text.size() <= kMostBytes.
  CountedName(uint64_t name_hash, std::string_view text, uint8_t shard, bool lasts = false)
      : hash(name_hash),
        size_(static_cast<uint32_t>(text.size()) & kMostBytes),
        shard_(shard & (kPartitions - 1)),
        lasts_(lasts ? 1 : 0),
        text_(text.data()) {}

  std::string_view text() const { return {text_, size_}; }
  uint8_t shard() const { return static_cast<uint8_t>(shard_); }  // the same in every run
  bool lasts() const { return lasts_ != 0; }

  static constexpr uint32_t kSizeBits = 27;  // of texts out of a line
  static constexpr size_t kMostBytes = (size_t{1} << kSizeBits) - 1;

  uint64_t hash;  // identity
  // Where the counter that counted it last has it: a guess, which is checked. Belongs to
  // the name's shard.
  mutable uint32_t slot = 0;

 private:
  uint32_t size_ : kSizeBits;
  uint32_t shard_ : kPartitionBits;
  uint32_t lasts_ : 1;
  const char* text_;
};
static_assert(sizeof(void*) != 8 || sizeof(CountedName) == 24);

// Names that the dictionaries had no room for.
struct PassingNames {
  std::deque<CountedName> names;
  TextArena texts;

  const CountedName* Keep(const CountedName& name) {
    names.emplace_back(name.hash, texts.Keep(name.text()), name.shard());
    return &names.back();
  }
  void Clear() {
    names.clear();
    texts.Clear();
  }
};

enum class TopList : uint8_t { kPages, kNotFound, kServerErrors, kUnclassified, kReferrers };
inline constexpr size_t kTopListCount = 5;

struct TopEvent {
  int64_t order_us = 0;
  uint64_t position = 0;
  const CountedName* name = nullptr;
  uint32_t ordinal = 0;
  uint16_t week = 0;  // Calendar::WeekOf, within what fits; where weeks are told apart
  TopList list = TopList::kPages;
};

enum GroupFlag : uint8_t {
  kGroupCounted = 1,   // a citizen's counted request
  kGroupPageView = 2,  // a page view
};

// One record on its way to its group's shard, see RecordTap.
struct GroupEvent {
  int64_t order_us = 0;
  uint64_t position = 0;
  const CountedName* key = nullptr;
  uint64_t visitor = 0;  // WeeklyVisitor::now; of counted requests
  int64_t bytes_sent = -1;
  int64_t latency_us = -1;
  uint32_t ordinal = 0;  // record's position within its block
  uint16_t status = 0;
  uint8_t flags = 0;
};

// A rejected line kept as a sample.
struct RejectSample {
  uint32_t source = 0;  // rank
  uint64_t line = 0;
  uint32_t column = 0;
  RejectReason reason = RejectReason::kNoMatch;
  std::string text;  // as logged, clipped
};

// Everything that one block leaves behind.
struct BlockEvents {
  std::array<std::vector<VisitEvent>, kPartitions> visits;
  std::array<std::vector<TopEvent>, kPartitions> tops;
  std::array<std::vector<GroupEvent>, kPartitions> groups;
  PassingNames names;
  std::vector<int64_t> times_us;  // of every record, by ordinal
  std::vector<RejectSample> samples;
  std::string rejected_lines;  // raw, where they are wanted
  std::string written;         // what a tap wrote of the records
  uint64_t lines = 0;
  uint64_t rejected = 0;
  size_t block = 0;  // its place in the round

  // Empties it; capacity is kept.
  void Clear() {
    for (auto& shard : visits) shard.clear();
    for (auto& shard : tops) shard.clear();
    for (auto& shard : groups) shard.clear();
    names.Clear();
    times_us.clear();
    samples.clear();
    rejected_lines.clear();
    written.clear();
    lines = rejected = 0;
  }
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_EVENT_H_
