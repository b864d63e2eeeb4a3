#include "bench/line_renderer.h"

#include "bench/random.h"

namespace civlog::corpus {
namespace {

constexpr std::string_view kWww = "www.hanbit.example";
constexpr std::string_view kMinwon = "minwon.hanbit.example";

char* WriteHex(char* out, uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    *out++ = "0123456789ABCDEF"[value >> shift & 15];
  }
  return out;
}

// The path with the flags that change how it is written, not what it means.
char* WriteFlaggedPath(char* out, const Request& request) {
  const PathModel& model = Model(request.path);
  char* const begin = out;
  if ((request.flags & kEncodedLetter) != 0 && model.numbering == Numbering::kTopic) {
    return WriteText(WriteText(out, model.before), TopicInSmallLetters(request.number));
  }
  out = WritePath(out, request.path, request.number);
  const std::string_view path(begin, static_cast<size_t>(out - begin));
  if ((request.flags & kEncodedLetter) != 0 && path.size() > 1) {
    char copy[256];
    const size_t rest = static_cast<size_t>(WriteText(copy, path.substr(2)) - copy);
    const char letter = path[1];
    out = WriteText(begin, "/%");
    out = WriteHex(out, static_cast<unsigned char>(letter), 2);
    out = WriteText(out, {copy, rest});
  } else if ((request.flags & kDoubleSlash) != 0) {
    char copy[256];
    const size_t slash = path.rfind('/');
    const size_t rest = static_cast<size_t>(WriteText(copy, path.substr(slash)) - copy);
    out = WriteText(begin + slash, "/");
    out = WriteText(out, {copy, rest});
  }
  if ((request.flags & kJsessionId) != 0) {
    out = WriteText(out, ";jsessionid=");
    out = WriteHex(out, Scramble(request.bytes), 16);
    out = WriteHex(out, Scramble(request.bytes + uint64_t{1}), 16);
  }
  return out;
}

std::string_view HostOf(PathId path) { return Model(path).minwon ? kMinwon : kWww; }

}  // namespace

char* LineRenderer::Head(char* out, std::string_view host, std::string_view address,
                         std::string_view user, int64_t time) {
  RememberedTime& remembered = times_[static_cast<size_t>(time) % times_.size()];
  if (remembered.time != time) {
    remembered.time = time;
    WriteLogTime(time, remembered.text.data());
  }
  return HeadWithTime(out, host, address, user, {remembered.text.data(), kLogTimeLength});
}

char* LineRenderer::HeadWithTime(char* out, std::string_view host, std::string_view address,
                                 std::string_view user, std::string_view time) {
  if (is_json()) {
    out = WriteText(WriteText(out, R"({"time_local":")"), time);
    out = WriteText(WriteText(out, R"(","remote_addr":")"), address);
    out = WriteText(WriteText(out, R"(","remote_user":")"), user == "-" ? "" : user);
    return WriteText(out, R"(","request":")");
  }
  if (has_host()) {
    out = WriteText(out, host);
    *out++ = ' ';
  }
  out = WriteText(out, address);
  out = WriteText(out, " - ");
  out = WriteText(out, user);
  out = WriteText(out, " [");
  out = WriteText(out, time);
  return WriteText(out, "] \"");
}

char* LineRenderer::Odd(char* out, std::string_view request) const {
  for (const char c : request) {
    if (c == '\\' && is_json()) *out++ = '\\';
    *out++ = c;
  }
  return out;
}

char* LineRenderer::Middle(char* out, uint16_t status, uint64_t bytes) {
  const char digits[] = {static_cast<char>('0' + status / 100),
                         static_cast<char>('0' + status / 10 % 10),
                         static_cast<char>('0' + status % 10)};
  char text[24];
  const std::string_view sent(text, static_cast<size_t>(WriteDecimal(text, bytes) - text));
  const bool as_dash = bytes == 0 && format_ == LogFormat::kCombined;
  return MiddleWithTexts(out, {digits, sizeof(digits)}, as_dash ? "-" : sent);
}

char* LineRenderer::MiddleWithTexts(char* out, std::string_view status,
                                    std::string_view bytes) const {
  out = WriteText(out, is_json() ? R"(","status":")" : "\" ");
  out = WriteText(out, status);
  out = WriteText(out, is_json() ? R"(","body_bytes_sent":")" : " ");
  out = WriteText(out, bytes);
  return WriteText(out, is_json() ? R"(","http_referer":")" : " \"");
}

char* LineRenderer::Tail(char* out, std::string_view agent, uint32_t latency_ms) {
  out = WriteText(out, is_json() ? R"(","http_user_agent":")" : "\" \"");
  out = WriteText(out, agent);
  *out++ = '"';
  if (has_latency()) {
    out = WriteText(out, is_json() ? R"(,"request_time":")" : " ");
    out = WriteDecimal(out, latency_ms / 1000);
    *out++ = '.';
    *out++ = static_cast<char>('0' + latency_ms / 100 % 10);
    *out++ = static_cast<char>('0' + latency_ms / 10 % 10);
    *out++ = static_cast<char>('0' + latency_ms % 10);
  }
  return WriteText(out, is_json() ? "\"}\n" : "\n");
}

std::string_view HostAndPort(PathId path) {
  return Model(path).minwon ? "minwon.hanbit.example:443" : "www.hanbit.example:443";
}

char* WriteRequest(char* out, const Request& request, std::string_view protocol) {
  out = WriteText(out, MethodName(request.method));
  *out++ = ' ';
  if (request.flags == 0) {
    out = WritePath(out, request.path, request.number);
  } else {
    if ((request.flags & kAbsoluteTarget) != 0) {
      out = WriteText(WriteText(out, "http://"), HostOf(request.path));
    }
    out = WriteFlaggedPath(out, request);
  }
  const bool menu = (request.flags & kMenuNumber) != 0;
  if (request.query != Query::kNone || menu) {
    *out++ = '?';
    if (menu) out = WriteDecimal(WriteText(out, "menuNo="), 200000 + request.bytes % 90);
    if (menu && request.query != Query::kNone) *out++ = '&';
    out = WriteQuery(out, request.query, request.number);
  }
  *out++ = ' ';
  return WriteText(out, protocol);
}

char* WritePageUrl(char* out, PathId path, uint32_t number, Query query) {
  out = WriteText(WriteText(out, "https://"), HostOf(path));
  out = WritePath(out, path, number);
  if (query == Query::kNone) return out;
  *out++ = '?';
  return WriteQuery(out, query, number);
}

}  // namespace civlog::corpus
