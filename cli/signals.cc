#include "cli/signals.h"

#include <csignal>

namespace civlog {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<bool> interrupted{false};
std::atomic<bool> asked_to_end{false};
std::atomic<bool> hung_up{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void OnSignal(int signal) {
  if (signal == SIGTERM) asked_to_end.store(true, std::memory_order_relaxed);
  interrupted.store(true, std::memory_order_release);
}

void OnHangUp(int) { hung_up.store(true, std::memory_order_relaxed); }

}  // namespace

void FailWritesAtFileLimits() { std::signal(SIGXFSZ, SIG_IGN); }

const std::atomic<bool>* WatchSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return &interrupted;
}

bool WasAskedToEnd() { return asked_to_end.load(std::memory_order_relaxed); }

std::atomic<bool>* WatchHangUp() {
  struct sigaction action = {};
  action.sa_handler = OnHangUp;
  action.sa_flags = static_cast<int>(SA_RESTART);
  sigaction(SIGHUP, &action, nullptr);
  return &hung_up;
}

}  // namespace civlog
