// Ctrl-C, requests to end or to reload, and closed pipes.

#ifndef CIVLOG_CLI_SIGNALS_H_
#define CIVLOG_CLI_SIGNALS_H_

#include <atomic>

namespace civlog {

// Ignores SIGPIPE (a closed pipe shows as a failed write) and makes SIGINT and
// SIGTERM set the flag that is returned; a second one ends the program at once. The
// flag lives as long as the program.
const std::atomic<bool>* WatchSignals();

// Whether SIGTERM, and not SIGINT, set that flag.
bool WasAskedToEnd();

// Makes SIGHUP set the flag that is returned, which the caller sets to false when it has
// seen to it. It lives as long as the program.
std::atomic<bool>* WatchHangUp();

}  // namespace civlog

#endif  // CIVLOG_CLI_SIGNALS_H_
