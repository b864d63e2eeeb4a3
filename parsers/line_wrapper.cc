#include "parsers/line_wrapper.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "parsers/text_decoding.h"

namespace civlog {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Matches `pattern` at `at`: 'd' a digit, '_' a digit or a blank, anything else itself.
bool Matches(std::string_view line, size_t at, std::string_view pattern) {
  if (line.size() < at + pattern.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = line[at + i];
    const bool fits = pattern[i] == 'd'   ? IsDigit(c)
                      : pattern[i] == '_' ? IsDigit(c) || c == ' '
                                          : c == pattern[i];
    if (!fits) return false;
  }
  return true;
}

// Behind "<PRI>", `at` where there is none.
size_t SkipPriority(std::string_view line, size_t at) {
  if (line.size() <= at || line[at] != '<') return at;
  size_t end = at + 1;
  while (end < line.size() && IsDigit(line[end]) && end < at + 4) ++end;
  return end > at + 1 && end < line.size() && line[end] == '>' ? end + 1 : at;
}

// Behind the word that begins at `at` and the blank after it; kNone at the line's end.
size_t SkipWord(std::string_view line, size_t at) {
  const size_t blank = line.find(' ', at);
  return blank == kNone || blank == at ? kNone : blank + 1;
}

// An RFC 3339 time with an offset, and the blank behind it.
size_t SkipRfc3339(std::string_view line, size_t at) {
  if (!Matches(line, at, "dddd-dd-dd") || line.size() < at + 20 || line[at + 10] != 'T' ||
      !Matches(line, at + 11, "dd:dd:dd")) {
    return kNone;
  }
  const size_t end = SkipWord(line, at);
  if (end == kNone || end - at > 40) return kNone;
  const std::string_view tail = line.substr(at + 19, end - 1 - (at + 19));
  const bool offset = tail.ends_with('Z') || tail.find_first_of("+-") != kNone;
  return offset ? end : kNone;
}

// "Mmm dd hh:mm:ss " or "Mmm dd yyyy hh:mm:ss ".
size_t SkipBsdTime(std::string_view line, size_t at) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (line.size() < at + 16) return kNone;
  const size_t month = kMonths.find(line.substr(at, 3));
  if (month == kNone || month % 3 != 0) return kNone;
  if (Matches(line, at + 3, " _d dd:dd:dd ")) return at + 16;
  return Matches(line, at + 3, " _d dddd dd:dd:dd ") ? at + 21 : kNone;
}

// "HOST TAG: " or "HOST TAG[PID]: ", where the host may be missing.
size_t SkipTag(std::string_view line, size_t at) {
  for (int words = 0; words < 2; ++words) {
    const size_t end = SkipWord(line, at);
    if (end == kNone) return kNone;
    if (line[end - 2] == ':') return end;
    at = end;
  }
  return kNone;
}

// RFC 5424: VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP SD [SP MSG].
size_t SkipStructured(std::string_view line, size_t at) {
  if (!Matches(line, at, "d ")) return kNone;
  at += 2;
  size_t end = SkipRfc3339(line, at);
  if (end == kNone && Matches(line, at, "- ")) end = at + 2;
  for (int words = 0; words < 4 && end != kNone; ++words) end = SkipWord(line, end);
  if (end == kNone || end >= line.size()) return kNone;
  if (line[end] == '[') {
    bool quoted = false;
    size_t i = end;
    for (; i < line.size(); ++i) {
      if (line[i] == '\\' && quoted) {
        ++i;
      } else if (line[i] == '"') {
        quoted = !quoted;
      } else if (line[i] == ']' && !quoted && (i + 1 == line.size() || line[i + 1] != '[')) {
        break;
      }
    }
    if (i >= line.size()) return kNone;
    end = i + 1;
  } else if (line[end] == '-') {
    end += 1;
  } else {
    return kNone;
  }
  if (end >= line.size() || line[end] != ' ') return kNone;
  ++end;
  return line.substr(end).starts_with("\xEF\xBB\xBF") ? end + 3 : end;
}

size_t SyslogPrefix(std::string_view line) {
  const size_t begin = SkipPriority(line, 0);
  size_t end = begin > 0 ? SkipStructured(line, begin) : kNone;
  if (end != kNone) return end;
  end = SkipBsdTime(line, begin);
  if (end == kNone) end = SkipRfc3339(line, begin);
  if (end != kNone) end = SkipTag(line, end);
  return end == kNone ? 0 : end;
}

size_t CriPrefix(std::string_view line) {
  const size_t stream = SkipRfc3339(line, 0);
  if (stream == kNone) return 0;
  const std::string_view rest = line.substr(stream);
  for (const std::string_view head : {"stdout F ", "stderr F ", "stdout P ", "stderr P "}) {
    if (rest.starts_with(head)) return stream + head.size();
  }
  return 0;
}

// Where the JSON string that begins behind `at` ends.
size_t StringEnd(std::string_view text, size_t at) {
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at : kNone;
}

bool HasWrapper(LineWrapper wrapper, std::string_view line) {
  return wrapper == LineWrapper::kDocker ? DockerPayload(line).data() != nullptr
                                         : WrapperPrefix(wrapper, line) > 0;
}

}  // namespace

std::string_view LineWrapperName(LineWrapper wrapper) {
  constexpr std::array<std::string_view, 4> kNames = {"", "syslog", "cri", "docker"};
  return kNames[static_cast<size_t>(wrapper)];
}

size_t WrapperPrefix(LineWrapper wrapper, std::string_view line) {
  if (wrapper == LineWrapper::kSyslog) return SyslogPrefix(line);
  return wrapper == LineWrapper::kCri ? CriPrefix(line) : 0;
}

std::string_view DockerPayload(std::string_view line) {
  constexpr std::string_view kHead = "{\"log\":\"";
  if (!line.starts_with(kHead)) return {};
  const size_t end = StringEnd(line, kHead.size());
  if (end == kNone) return {};
  const std::string_view rest = line.substr(end + 1);
  const bool is_docker = rest.starts_with(",\"stream\":\"") || rest.starts_with(",\"time\":\"") ||
                         rest.starts_with(",\"attrs\":{");
  if (!is_docker) return {};
  std::string_view payload = line.substr(kHead.size(), end - kHead.size());
  for (const std::string_view ending : {"\\n", "\\r"}) {
    if (payload.ends_with(ending)) payload.remove_suffix(ending.size());
  }
  return payload;
}

LineWrapper DetectWrapper(const std::vector<std::string_view>& lines) {
  LineWrapper best = LineWrapper::kNone;
  size_t most = 0;
  for (const LineWrapper wrapper :
       {LineWrapper::kSyslog, LineWrapper::kCri, LineWrapper::kDocker}) {
    const auto wrapped = static_cast<size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [wrapper](std::string_view line) { return HasWrapper(wrapper, line); }));
    if (wrapped > most) {
      most = wrapped;
      best = wrapper;
    }
  }
  const auto blank =
      static_cast<size_t>(std::count_if(lines.begin(), lines.end(), [](std::string_view line) {
        return line.find_first_not_of(" \t\r") == std::string_view::npos;
      }));
  return 2 * most >= lines.size() - blank ? best : LineWrapper::kNone;
}

std::string_view Unwrap(LineWrapper wrapper, std::string_view line, std::string* buffer) {
  if (wrapper != LineWrapper::kDocker) return line.substr(WrapperPrefix(wrapper, line));
  const std::string_view payload = DockerPayload(line);
  if (payload.data() == nullptr) return line;
  buffer->resize(payload.size());
  buffer->resize(DecodeEscapes(payload, buffer->data()));
  return *buffer;
}

}  // namespace civlog
