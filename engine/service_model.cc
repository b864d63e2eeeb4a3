#include "engine/service_model.h"

#include <algorithm>

#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr size_t kMaxSegmentBytes = 256;

ServiceTraits TraitsOf(const Service& service, uint16_t department) {
  ServiceTraits traits;
  traits.kind = service.kind;
  traits.tier = service.tier;
  traits.strict = service.strict;
  traits.steps = static_cast<uint16_t>(service.steps.size());
  traits.department = department;
  traits.abandon_after_us = absl::ToInt64Microseconds(service.abandon_after);
  if (service.resume_within) {
    traits.resume_within_us = absl::ToInt64Microseconds(*service.resume_within);
  }
  return traits;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServiceModel>> ServiceModel::Make(const Catalog* catalog) {
  std::unique_ptr<ServiceModel> model(new ServiceModel());
  if (catalog == nullptr) return model;
  model->catalog_ = catalog;
  absl::flat_hash_map<std::string, uint16_t> departments;
  for (const Service& service : catalog->services) {
    const auto [department, is_new] = departments.try_emplace(
        std::string(service.department.Get("en")), static_cast<uint16_t>(departments.size()));
    model->traits_.push_back(TraitsOf(service, department->second));
  }
  ASSIGN_OR_RETURN(model->routes_, RouteTable::Make(*catalog));
  return model;
}

ServiceId ServiceModel::SegmentService(std::string_view normalized_path, size_t block) {
  const size_t end = std::min(normalized_path.find('/', 1), kMaxSegmentBytes);
  const std::string_view segment =
      normalized_path.size() <= 1 ? normalized_path : normalized_path.substr(1, end - 1);
  std::unique_lock<std::mutex> lock(mutex_);
  auto found = segment_index_.find(ToAbsl(segment));
  if (found == segment_index_.end() && first_open_ < block && segments_.size() < kMaxSegments) {
    block_ended_.wait(lock, [&] { return first_open_ >= block; });
    found = segment_index_.find(ToAbsl(segment));
  }
  if (found != segment_index_.end()) return found->second;
  if (segments_.size() == kMaxSegments) {
    segments_full_ = true;
    return kNoService;
  }
  const auto id = static_cast<ServiceId>(segments_.size());
  segments_.emplace_back(segment);
  segment_index_.emplace(segments_.back(), id);
  return id;
}

void ServiceModel::BeginRound(size_t blocks) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_.assign(blocks, false);
  first_open_ = 0;
}

void ServiceModel::EndBlock(size_t block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_[block] = true;
  while (first_open_ < ended_.size() && ended_[first_open_]) ++first_open_;
  block_ended_.notify_all();
}

std::vector<std::string> ServiceModel::segments() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return segments_;
}

void ServiceModel::LearnSegments(const std::vector<std::string>& segments) {
  for (const std::string& segment : segments) {
    SegmentService(segment == "/" ? segment : "/" + segment, 0);
  }
}

bool ServiceModel::segments_full() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return segments_full_;
}

bool ServiceModel::Accepts(RouteId route, std::string_view method, uint16_t status) const {
  if (route != kNoRoute) {
    const RouteRef& ref = routes_->routes()[route];
    if (ref.lists_accepted) {
      const std::vector<uint16_t>& accepted = ref.route->accepted;
      return std::find(accepted.begin(), accepted.end(), status) != accepted.end();
    }
  }
  return AcceptedByDefault(method, status);
}

}  // namespace civlog
