// The keys that visitors are known under: one an ISO week.
//
// What is kept of a visitor is a hash under the key of the week. Once the key of a week
// is destroyed, nothing leads from what is kept of that week to what is kept of another.

#ifndef CIVLOG_ENGINE_WEEK_KEYS_H_
#define CIVLOG_ENGINE_WEEK_KEYS_H_

#include <cstdint>
#include <map>
#include <mutex>

#include "engine/siphash.h"
#include "engine/visitor.h"

namespace civlog {

// How long after the end of a week its key is in use.
inline constexpr int64_t kWeekKeyCarryUs = 48 * int64_t{3'600'000'000};

// Thread-safe.
class WeekKeys {
 public:
  WeekKeys() = default;

  // The key of a week as Calendar::WeekOf counts them; a random one where it has none yet.
  VisitorKey KeyOf(int32_t week) {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(week);
    return found != keys_.end() ? found->second : keys_[week] = VisitorKey::Random();
  }

  std::map<int32_t, VisitorKey> all() const {
    const std::lock_guard lock(mutex_);
    return keys_;
  }

  // REQUIRES: none was asked for yet.
  void Restore(std::map<int32_t, VisitorKey> known) {
    const std::lock_guard lock(mutex_);
    keys_ = std::move(known);
  }

  // Destroys the keys of the weeks before `week`.
  void ForgetBefore(int32_t week) {
    const std::lock_guard lock(mutex_);
    keys_.erase(keys_.begin(), keys_.lower_bound(week));
  }

 private:
  mutable std::mutex mutex_;
  std::map<int32_t, VisitorKey> keys_;
};

// A visitor under the key of the week of a request, and, within 48 hours after the key
// has changed, under the one before; else 0.
struct WeeklyVisitor {
  uint64_t now = 0;
  uint64_t before = 0;
};

// Turns visitors' hashes into what they are in a week. Keeps the week's keys at hand. Not
// thread-safe.
class WeeklyHasher {
 public:
  // `keys` must outlive it.
  explicit WeeklyHasher(WeekKeys* keys) : keys_(keys) {}

  WeeklyVisitor Of(uint64_t visitor, int32_t week, bool with_before) {
    if (!known_ || week != week_) {
      known_ = true;
      week_ = week;
      now_ = keys_->KeyOf(week);
      before_ = keys_->KeyOf(week - 1);
    }
    return {Hash(now_, visitor), with_before ? Hash(before_, visitor) : 0};
  }

 private:
  static uint64_t Hash(const VisitorKey& key, uint64_t visitor) {
    SipHash hash(key.k0, key.k1);
    hash.AddWhole(visitor);
    return hash.Finish();
  }

  WeekKeys* keys_;
  bool known_ = false;
  int32_t week_ = 0;
  VisitorKey now_;
  VisitorKey before_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_WEEK_KEYS_H_
