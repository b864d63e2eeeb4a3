// Watches where LOG arguments lead to, for files that appear, grow or change their names.

#ifndef CIVLOG_PARSERS_LOG_WATCH_H_
#define CIVLOG_PARSERS_LOG_WATCH_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "parsers/byte_source.h"

namespace civlog {

// inotify(7) on the directories concerned tells that there may be news, and looking where
// the arguments lead to tells which; so nothing depends on having seen every event. What
// inotify does not see (changes by another machine on a shared disk, say) is found by
// looking every kLookEvery; where there is no inotify to be had, every kLookWithout.
// Not thread-safe.
class LogWatch {
 public:
  static constexpr absl::Duration kLookEvery = absl::Seconds(10);
  static constexpr absl::Duration kLookWithout = absl::Seconds(1);

  // `arguments` as ExpandInputs takes them.
  explicit LogWatch(std::vector<std::string> arguments);
  ~LogWatch();
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  // What the arguments lead to, where that may be other than it was the last time, or
  // files may have grown; nullopt else. `anyway`: in any case. Does not wait, and may be
  // called as often as wanted.
  std::optional<InputList> Look(bool anyway);

  // Why inotify cannot be had, with the remedy; OK where it can.
  const absl::Status& trouble() const { return trouble_; }

 private:
  void ReadEvents();
  void WatchDirectories(const std::vector<std::string>& directories, bool* added);
  void NoteTrouble(const std::string& what, int error);

  std::vector<std::string> arguments_;
  int fd_;
  std::map<int, std::string> watches_;  // directories by watch descriptor
  std::set<std::string> watched_;
  bool all_watched_ = false;  // that are there
  bool renamed_ = false;      // something came, went or got another name
  bool written_ = false;
  absl::Time looked_ = absl::InfinitePast();
  absl::Duration took_;  // the last look
  absl::Status trouble_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LOG_WATCH_H_
