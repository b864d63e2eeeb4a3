// The services of a run: the catalogue's, or, without one, the first path segments.

#ifndef CIVLOG_ENGINE_SERVICE_MODEL_H_
#define CIVLOG_ENGINE_SERVICE_MODEL_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/catalog.h"
#include "engine/event.h"
#include "engine/route_table.h"

namespace civlog {

// What the state machines need to know of a service.
struct ServiceTraits {
  ServiceKind kind = ServiceKind::kInteraction;
  Tier tier = Tier::kNone;
  bool strict = false;
  uint16_t steps = 0;
  uint16_t department = 0;  // equal for services of one department
  int64_t abandon_after_us = 0;
  int64_t resume_within_us = -1;  // -1: saving changes nothing
};

// Thread-safe. With a catalogue immutable; without one it learns first path
// segments, up to kMaxSegments: those that come first in the order of blocks, so that
// which ones these are does not depend on which thread was faster.
class ServiceModel {
 public:
  static constexpr size_t kMaxSegments = 4096;

  // `catalog` (may be null) must outlive the model.
  static absl::StatusOr<std::unique_ptr<ServiceModel>> Make(const Catalog* catalog);

  const Catalog* catalog() const { return catalog_; }
  const RouteTable* routes() const { return routes_.get(); }  // null without a catalogue
  const std::vector<ServiceTraits>& traits() const { return traits_; }
  // Of any service id, learned ones included.
  const ServiceTraits& Traits(ServiceId service) const {
    return catalog_ == nullptr ? plain_ : traits_[service];
  }

  // Without a catalogue: the service of a normalised path's first segment;
  // kNoService once the table is full. One that is new waits until the blocks of the
  // round before `block`, whose line names it, have ended. Takes a lock: callers cache
  // by path.
  ServiceId SegmentService(std::string_view normalized_path, size_t block);
  // Blocks 0 to `blocks` - 1 are worked on; each must end, in any order, once or more
  // often. Whoever works on one must not wait for another. REQUIRES: those of the round
  // before have ended.
  void BeginRound(size_t blocks);
  void EndBlock(size_t block);
  std::vector<std::string> segments() const;
  // Learns what another model had learned. REQUIRES: nothing was learned yet.
  void LearnSegments(const std::vector<std::string>& segments);
  bool segments_full() const;

  // True where a request with this method and status on `route` is accepted.
  bool Accepts(RouteId route, std::string_view method, uint16_t status) const;

 private:
  ServiceModel() = default;

  const Catalog* catalog_ = nullptr;
  std::unique_ptr<RouteTable> routes_;
  std::vector<ServiceTraits> traits_;
  ServiceTraits plain_;

  mutable std::mutex mutex_;
  std::vector<std::string> segments_;
  absl::flat_hash_map<std::string, ServiceId> segment_index_;
  bool segments_full_ = false;
  std::condition_variable block_ended_;
  std::vector<bool> ended_;  // blocks of the round
  size_t first_open_ = 0;    // the blocks before it have ended
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SERVICE_MODEL_H_
