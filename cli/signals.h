// Ctrl-C, requests to end or to reload, and closed pipes.

#ifndef CIVLOG_CLI_SIGNALS_H_
#define CIVLOG_CLI_SIGNALS_H_

#include <atomic>

namespace civlog {

// From now on a file that may not grow any more (ulimit -f) is an error of the write, which is
// reported, and not the end of the program.
void FailWritesAtFileLimits();

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
