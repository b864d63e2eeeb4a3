#include "parsers/field_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace civlog {
namespace {

constexpr size_t kNotFound = std::string_view::npos;

// RFC 9110, section 5.6.2.
bool IsTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != kNotFound;
}

bool IsProtocol(std::string_view text) {
  return text.size() > 5 && text.starts_with("HTTP/") && text[5] >= '0' && text[5] <= '9';
}

// The last blank; at once where "HTTP/1.1" or the like stands behind it.
size_t LastBlank(std::string_view text) {
  constexpr size_t kUsual = 9;
  if (text.size() >= kUsual && text[text.size() - kUsual] == ' ' &&
      text.substr(text.size() - kUsual + 1).find(' ') == kNotFound) {
    return text.size() - kUsual;
  }
  return text.rfind(' ');
}

// Microseconds to the unit that a number is followed by.
bool UnitOf(std::string_view suffix, double* unit_us) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"s", 1e6}, {"ms", 1e3}, {"us", 1}, {"\xC2\xB5s", 1}, {"\xCE\xBCs", 1}, {"ns", 1e-3}};
  for (const auto& [name, unit] : kUnits) {
    if (suffix != name) continue;
    *unit_us = unit;
    return true;
  }
  return false;
}

bool ParseOneLatency(std::string_view text, double unit_us, int64_t* latency_us) {
  *latency_us = -1;
  if (text == "-" || text.empty()) return true;
  constexpr double kMost = 1e15;  // 30 years
  double value = 0;
  // HAProxy's "+12" and Go's "12ms": a sign in front, a unit behind.
  if (text.front() == '+') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return false;
  const std::string_view suffix = text.substr(static_cast<size_t>(end - text.data()));
  if (!suffix.empty() && !UnitOf(suffix, &unit_us)) return false;
  if (value < 0) return true;  // what was not measured, or a clock that was set back
  if (value * unit_us >= kMost) return false;
  *latency_us = std::llround(value * unit_us);
  return true;
}

bool ParseLatencyList(std::string_view text, double unit_us, int64_t* latency_us) {
  int64_t sum = -1;
  while (true) {
    const size_t end = std::min(text.find(','), text.find(" :"));
    int64_t one = -1;
    if (!ParseOneLatency(text.substr(0, end), unit_us, &one)) return false;
    if (one >= 0) sum = std::max<int64_t>(sum, 0) + one;
    if (end == kNotFound) break;
    text.remove_prefix(std::min(text.size(), end + (text[end] == ',' ? 1 : 2)));
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  *latency_us = sum;
  return true;
}

bool IsPort(std::string_view text) {
  constexpr size_t kMostDigits = 5;
  return !text.empty() && text.size() <= kMostDigits && IsDigits(text);
}

std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  const size_t colon = host.find(':');
  // More than one colon is an IPv6 address.
  if (colon == kNotFound || host.find(':', colon + 1) != kNotFound) return host;
  return host.substr(0, colon);
}

// An address without the brackets and the port that may be around it. More than one
// colon is an IPv6 address.
std::string_view BareAddress(std::string_view address) {
  if (address.starts_with('[')) {
    const size_t close = address.find(']');
    return address.substr(1, close == kNotFound ? kNotFound : close - 1);
  }
  const size_t colon = address.find(':');
  if (colon == kNotFound || !IsPort(address.substr(colon + 1))) return address;
  return address.substr(0, colon);
}

}  // namespace

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool ParseStatus(std::string_view text, uint16_t* status) {
  if (text.size() != 3) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  *status = static_cast<uint16_t>(value);
  return true;
}

bool ParseLooseStatus(std::string_view text, uint16_t* status) {
  *status = 0;
  if (text == "-") return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *status);
  return error == std::errc() && end == text.data() + text.size() && *status < 1000;
}

bool ParseBytes(std::string_view text, int64_t* bytes) {
  if (text == "-" || text.empty()) {
    *bytes = -1;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *bytes);
  return error == std::errc() && end == text.data() + text.size() && *bytes >= 0;
}

bool ParseLatency(const FormatStep& step, std::string_view text, int64_t* latency_us) {
  if (step.is_list) return ParseLatencyList(text, step.unit_us, latency_us);
  const bool seconds = step.point_is_seconds && text.find_first_of(".eE") != kNotFound;
  int64_t one = -1;
  if (!ParseOneLatency(text, seconds ? 1e6 : step.unit_us, &one)) return false;
  *latency_us = step.sums && one >= 0 ? std::max<int64_t>(*latency_us, 0) + one
                : step.sums           ? *latency_us
                                      : one;
  return true;
}

namespace {

// An IPv4 address has nothing around it that could be stripped.
bool IsDotsAndDigits(std::string_view text) {
  for (const char c : text) {
    if ((c < '0' || c > '9') && c != '.') return false;
  }
  return true;
}

}  // namespace

std::string_view Stripped(TextField field, std::string_view text) {
  if (field == TextField::kClient) {
    if (IsDotsAndDigits(text)) return text;
    // Of a list of hops the last one is who connected (Traefik, "ClientHost").
    const size_t comma = text.rfind(',');
    if (comma != kNotFound) text.remove_prefix(std::min(text.size(), comma + 1));
    return BareAddress(text.substr(std::min(text.find_first_not_of(' '), text.size())));
  }
  if (field == TextField::kHost) return WithoutPort(text);
  // Apache logs an empty user name as two quotes (mod_log_config, log_remote_user).
  if (field == TextField::kUser && text == "\"\"") return text.substr(0, 0);
  return text;
}

std::string_view WithoutDashQuery(std::string_view target) {
  const bool dash = target.size() > 1 && target.ends_with('-') && target.find('?') == kNotFound;
  return dash ? target.substr(0, target.size() - 1) : target;
}

bool HasStrayBlank(const FormatStep& step, std::string_view raw) {
  if (!step.checks_blanks) return false;
  // A user name may have blanks, but does not begin with one that is none.
  if (step.field == TextField::kUser) return raw.starts_with("- ");
  return raw.find(' ') != kNotFound;
}

bool IsMethod(std::string_view text) {
  if (text == "GET" || text == "POST") return true;
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

Request SplitRequest(std::string_view text) {
  Request request;
  const size_t space = text.find(' ');
  if (space == 0 || space == kNotFound) return request;
  const std::string_view method = text.substr(0, space);
  if (!IsMethod(method)) return request;
  std::string_view target = text.substr(space + 1);
  const size_t last = LastBlank(target);
  std::string_view protocol;
  if (last != kNotFound) {
    protocol = target.substr(last + 1);
    if (!IsProtocol(protocol)) return request;
    target = target.substr(0, last);
  }
  if (target.empty() || IsProtocol(target)) return request;
  return {method, target, protocol, true};
}

}  // namespace civlog
