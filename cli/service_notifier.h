// Tells a service manager, such as systemd, how the program stands.

#ifndef CIVLOG_CLI_SERVICE_NOTIFIER_H_
#define CIVLOG_CLI_SERVICE_NOTIFIER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace civlog {

// The protocol of sd_notify(3): datagrams to the socket that $NOTIFY_SOCKET names, a path
// or, with '@' in front, a name of the abstract namespace. Without that variable nothing
// is told; a message that nobody takes is lost and no error. Not thread-safe.
class ServiceNotifier {
 public:
  ServiceNotifier();
  ~ServiceNotifier();
  ServiceNotifier(const ServiceNotifier&) = delete;
  ServiceNotifier& operator=(const ServiceNotifier&) = delete;

  // The start, or a reload, is complete.
  void Ready();
  void Reloading();
  void Stopping();
  // One line for people.
  void Status(std::string_view text);
  // That it is alive, where the manager wants to hear that ($WATCHDOG_USEC): twice in the
  // time that it waits, however often this is called.
  void Alive();

 private:
  void Send(std::string_view message);

  int fd_ = -1;
  std::string address_;  // empty: nobody listens
  absl::Duration alive_every_ = absl::InfiniteDuration();
  absl::Time next_alive_ = absl::InfinitePast();
};

}  // namespace civlog

#endif  // CIVLOG_CLI_SERVICE_NOTIFIER_H_
