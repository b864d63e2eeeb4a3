// Takes what could identify a citizen out of a log line that is shown as a sample.

#ifndef CIVLOG_QUERIES_REDACT_H_
#define CIVLOG_QUERIES_REDACT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace civlog {

// A rejected line has no reliable fields, so this goes by shape: addresses (IPv4,
// IPv6, MAC), what stands before the first bracketed or ISO time (client, identity,
// user), e-mail addresses, query strings, values of key=value pairs and quoted
// fields that are no request line are replaced by a mark. Cut to `max_bytes` before
// anything else; control characters are the caller's.
std::string RedactLine(std::string_view line, size_t max_bytes);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REDACT_H_
