// What a run that follows knows of files that it does not read at the moment.

#ifndef CIVLOG_ENGINE_SEEN_INPUTS_H_
#define CIVLOG_ENGINE_SEEN_INPUTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "engine/log_input.h"

namespace civlog {

// A file that was looked at.
struct SeenInput {
  FileStamp stamp;  // as it was then
  // When it is to be looked at again even if nothing was written to it.
  absl::Time again = absl::InfiniteFuture();
  // Its head, where it begins as the source of this id, which is being read: a copy, it
  // seems. It is looked at again when that has ended, or their heads differ.
  uint32_t begins_as = 0;
  std::string head;
  bool no_log = false;  // what it holds is no access log
  std::string said;     // what was said of it
};

// By file, whatever its name. Holds those that are there: memory does not depend on how
// many there were. Not thread-safe.
class SeenInputs {
 public:
  void Note(SeenInput seen) {
    if (seen.stamp.known()) files_[KeyOf(seen.stamp)] = std::move(seen);
  }
  void Forget(const FileStamp& stamp) { files_.erase(KeyOf(stamp)); }
  // Forgets those that are not there.
  void KeepOnly(const std::vector<LogInput>& there);

  // Null for one that was not looked at.
  const SeenInput* Find(const FileStamp& stamp) const;
  // Whether a file that is like this now is worth looking at, as far as that depends on
  // itself and the time. Not worth it: nothing was written to it, or what was no log has
  // not become twice as long.
  bool IsNews(const FileStamp& stamp, absl::Time now) const;
  // Whether one is to be looked at again by now.
  bool Due(absl::Time now) const;
  size_t size() const { return files_.size(); }

 private:
  using Key = std::pair<uint64_t, uint64_t>;
  static Key KeyOf(const FileStamp& stamp) { return {stamp.device, stamp.inode}; }

  std::map<Key, SeenInput> files_;
};

// Whether two logs of which these are the first bytes may have the same content.
inline bool MayBeSame(std::string_view a, std::string_view b) {
  return a.starts_with(b) || b.starts_with(a);
}

}  // namespace civlog

#endif  // CIVLOG_ENGINE_SEEN_INPUTS_H_
