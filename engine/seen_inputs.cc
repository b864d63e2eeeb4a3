#include "engine/seen_inputs.h"

#include <algorithm>
#include <set>

namespace civlog {

void SeenInputs::KeepOnly(const std::vector<LogInput>& there) {
  std::set<Key> keys;
  for (const LogInput& input : there) keys.insert(KeyOf(input.stamp));
  std::erase_if(files_, [&keys](const auto& file) { return !keys.contains(file.first); });
}

const SeenInput* SeenInputs::Find(const FileStamp& stamp) const {
  const auto found = files_.find(KeyOf(stamp));
  return found == files_.end() ? nullptr : &found->second;
}

bool SeenInputs::IsNews(const FileStamp& stamp, absl::Time now) const {
  const SeenInput* seen = Find(stamp);
  if (seen == nullptr || seen->again <= now) return true;
  if (seen->no_log) return stamp.size < seen->stamp.size || stamp.size / 2 > seen->stamp.size;
  return stamp != seen->stamp;
}

bool SeenInputs::Due(absl::Time now) const {
  return std::any_of(files_.begin(), files_.end(),
                     [now](const auto& file) { return file.second.again <= now; });
}

}  // namespace civlog
