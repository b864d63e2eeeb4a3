// What log shippers put around a line: a syslog header, a container runtime's prefix.
//
// syslog: RFC 3164, section 4 (with or without <PRI>), the same with an RFC 3339 time
// as rsyslog's and systemd's file formats write it, and RFC 5424, section 6. CRI: the
// Kubernetes container runtime's log format, "TIME STREAM P|F LINE". Docker: the
// json-file driver's objects, whose member "log" is the line.

#ifndef CIVLOG_PARSERS_LINE_WRAPPER_H_
#define CIVLOG_PARSERS_LINE_WRAPPER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

enum class LineWrapper : uint8_t { kNone, kSyslog, kCri, kDocker };

// "", "syslog", "cri", "docker".
std::string_view LineWrapperName(LineWrapper wrapper);

// Where the wrapped line begins, 0 where `line` has no such wrapper. For kSyslog and
// kCri, whose lines end with what they wrap.
size_t WrapperPrefix(LineWrapper wrapper, std::string_view line);

// For kDocker: the wrapped line as a JSON string, without its quotes and with its
// escapes. data() is null where `line` is no such object.
std::string_view DockerPayload(std::string_view line);

// The wrapper that at least half of the lines have, and more than any other; blank
// lines do not matter.
LineWrapper DetectWrapper(const std::vector<std::string_view>& lines);

// `line` without its wrapper; as it stands where it has none. `buffer` holds the
// result where it had to be decoded.
std::string_view Unwrap(LineWrapper wrapper, std::string_view line, std::string* buffer);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LINE_WRAPPER_H_
