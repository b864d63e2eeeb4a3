#include "cli/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// How often the manager is to hear that the program is alive, if at all.
absl::Duration AliveEvery() {
  int64_t usec = 0;
  int64_t pid = 0;
  if (!absl::SimpleAtoi(Variable("WATCHDOG_USEC"), &usec) || usec <= 0) {
    return absl::InfiniteDuration();
  }
  // Where it waits for another process, this one is not meant.
  const bool named = absl::SimpleAtoi(Variable("WATCHDOG_PID"), &pid);
  if (named && pid != ::getpid()) return absl::InfiniteDuration();
  return absl::Microseconds(usec) / 2;
}

}  // namespace

ServiceNotifier::ServiceNotifier() : address_(Variable("NOTIFY_SOCKET")) {
  const bool usable = address_.size() > 1 && address_.size() < sizeof(sockaddr_un::sun_path) &&
                      (address_.front() == '/' || address_.front() == '@');
  if (!usable) address_.clear();
  if (address_.empty()) return;
  // A name of the abstract namespace begins with a NUL.
  if (address_.front() == '@') address_.front() = '\0';
  fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  alive_every_ = AliveEvery();
}

ServiceNotifier::~ServiceNotifier() {
  if (fd_ >= 0) ::close(fd_);
}

void ServiceNotifier::Send(std::string_view message) {
  if (fd_ < 0) return;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  ::sendto(fd_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address), size);
}

void ServiceNotifier::Ready() { Send("READY=1"); }

void ServiceNotifier::Reloading() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  Send(absl::StrCat("RELOADING=1\nMONOTONIC_USEC=",
                    int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000));
}

void ServiceNotifier::Stopping() { Send("STOPPING=1"); }

void ServiceNotifier::Status(std::string_view text) { Send(absl::StrCat("STATUS=", ToAbsl(text))); }

void ServiceNotifier::Alive() {
  if (alive_every_ == absl::InfiniteDuration()) return;
  const absl::Time now = absl::Now();
  if (now < next_alive_) return;
  next_alive_ = now + alive_every_;
  Send("WATCHDOG=1");
}

}  // namespace civlog
