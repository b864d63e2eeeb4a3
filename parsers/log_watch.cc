#include "parsers/log_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace civlog {
namespace {

constexpr uint32_t kRenames = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF |
                              IN_MOVE_SELF | IN_ATTRIB | IN_CLOSE_WRITE;
constexpr uint32_t kWrites = IN_MODIFY;

// Files that are written to all the time are not to be listed all the time.
constexpr absl::Duration kAfterRenames = absl::Milliseconds(50);
constexpr absl::Duration kAfterWrites = absl::Seconds(1);
// Looking takes at most this share of the time.
constexpr int kLookShare = 20;

}  // namespace

LogWatch::LogWatch(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (fd_ < 0) NoteTrouble("inotify", errno);
}

LogWatch::~LogWatch() {
  if (fd_ >= 0) ::close(fd_);
}

void LogWatch::NoteTrouble(const std::string& what, int error) {
  if (!trouble_.ok()) return;
  trouble_ = absl::ResourceExhaustedError(absl::StrCat(
      what, ": cannot be told of changes (", std::strerror(error),
      "), and is looked at every second instead; raise fs.inotify.max_user_watches and "
      "fs.inotify.max_user_instances by sysctl"));
}

void LogWatch::ReadEvents() {
  if (fd_ < 0) return;
  alignas(inotify_event) char buffer[16384];
  ssize_t size = 0;
  while ((size = ::read(fd_, buffer, sizeof(buffer))) > 0) {
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, sizeof(event));
      at += static_cast<ssize_t>(sizeof(event) + event.len);
      renamed_ = renamed_ || (event.mask & (kRenames | IN_Q_OVERFLOW)) != 0;
      written_ = written_ || (event.mask & kWrites) != 0;
      if ((event.mask & IN_IGNORED) == 0) continue;
      // The directory is gone, and its watch with it.
      const auto gone = watches_.find(event.wd);
      if (gone == watches_.end()) continue;
      watched_.erase(gone->second);
      watches_.erase(gone);
      renamed_ = true;
    }
  }
}

// `*added`: one of them was not watched before.
void LogWatch::WatchDirectories(const std::vector<std::string>& directories, bool* added) {
  all_watched_ = fd_ >= 0;
  if (fd_ < 0) return;
  std::erase_if(watches_, [&](const auto& watch) {
    if (std::binary_search(directories.begin(), directories.end(), watch.second)) return false;
    watched_.erase(watch.second);
    ::inotify_rm_watch(fd_, watch.first);
    return true;
  });
  for (const std::string& directory : directories) {
    if (watched_.contains(directory)) continue;
    const int watch = ::inotify_add_watch(fd_, directory.c_str(), kRenames | kWrites | IN_ONLYDIR);
    if (watch < 0) {
      all_watched_ = false;
      const bool not_there = errno == ENOENT || errno == ENOTDIR || errno == EACCES;
      if (!not_there) NoteTrouble(directory, errno);
      continue;
    }
    *added = true;
    watched_.insert(directory);
    // Two names of one directory share a watch, which is kept by the later one.
    watches_[watch] = directory;
  }
}

std::optional<InputList> LogWatch::Look(bool anyway) {
  ReadEvents();
  const absl::Time now = absl::Now();
  const absl::Duration since = now - looked_;
  const absl::Duration at_least = kLookShare * took_;
  const bool due = since >= (all_watched_ ? kLookEvery : kLookWithout) ||
                   (renamed_ && since >= std::max(kAfterRenames, at_least)) ||
                   (written_ && since >= std::max(kAfterWrites, at_least));
  if (!due && !anyway) return std::nullopt;
  renamed_ = written_ = false;
  InputList list = ExpandInputs(arguments_);
  bool added = false;
  WatchDirectories(list.directories, &added);
  // What came before they were watched.
  if (added) list = ExpandInputs(arguments_);
  looked_ = absl::Now();
  took_ = looked_ - now;
  return list;
}

}  // namespace civlog
