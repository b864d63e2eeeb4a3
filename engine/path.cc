#include "engine/path.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr std::string_view kSessionParameter = ";jsessionid=";

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// The byte that the percent-encoded triplet at `text[i]` stands for.
std::optional<char> Triplet(std::string_view text, size_t i) {
  if (i + 2 >= text.size() || text[i] != '%') return std::nullopt;
  const auto high = HexDigit(text[i + 1]);
  const auto low = HexDigit(text[i + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

bool IsSessionParameter(std::string_view rest) {
  return rest.size() >= kSessionParameter.size() &&
         absl::EqualsIgnoreCase(ToAbsl(rest.substr(0, kSessionParameter.size())),
                                ToAbsl(kSessionParameter));
}

// Sixteen bytes at once, which the compiler puts into a vector register where there are any.
using Bytes = uint8_t __attribute__((vector_size(16)));
using Words = uint64_t __attribute__((vector_size(16)));
constexpr size_t kLanes = sizeof(Bytes);

Bytes LoadBytes(const char* text) {
  Bytes bytes;
  std::memcpy(&bytes, text, sizeof(bytes));
  return bytes;
}

Bytes EachByte(char c) { return Bytes{} + static_cast<uint8_t>(c); }

// True where NormalizePath has something to do other than copying.
bool NeedsNormalizing(std::string_view path) {
  if (path.empty() || path.front() == '%' || path.front() == ';') return true;
  // Each byte but the first, with the one before it.
  const auto needs = [](auto byte, auto before, auto percent, auto semicolon, auto slash) {
    return (byte == percent) | (byte == semicolon) | ((byte == slash) & (before == slash));
  };
  if (path.size() <= kLanes) {
    for (size_t i = 1; i < path.size(); ++i) {
      if (needs(path[i], path[i - 1], '%', ';', '/')) return true;
    }
    return false;
  }
  const Bytes percent = EachByte('%');
  const Bytes semicolon = EachByte(';');
  const Bytes slash = EachByte('/');
  const size_t last = path.size() - kLanes;
  for (size_t at = 1;; at = std::min(at + kLanes, last)) {
    const char* const text = path.data() + at;
    const auto found = reinterpret_cast<Words>(
        needs(LoadBytes(text), LoadBytes(text - 1), percent, semicolon, slash));
    if ((found[0] | found[1]) != 0) return true;
    if (at == last) return false;
  }
}

// Of the scheme before "://", npos where there is none.
size_t SchemeSize(std::string_view url) {
  if (url.starts_with("https://")) return 5;
  if (url.starts_with("http://")) return 4;
  return url.find("://");
}

// True for what may stand behind a host or, with '@' and '[', before or around it.
bool EndsHost(char c) {
  static constexpr auto kEnds = [] {
    std::array<bool, 256> ends{};
    for (const char end : {'/', '?', '#', ':', '@', '['})
      ends[static_cast<unsigned char>(end)] = true;
    return ends;
  }();
  return kEnds[static_cast<unsigned char>(c)];
}

// The first `a` or `b`; the text's size where there is none.
size_t FindEither(std::string_view text, char a, char b) {
  const Bytes all_a = EachByte(a);
  const Bytes all_b = EachByte(b);
  // Of sixteen bytes; their number where there is none.
  const auto find = [&](size_t at) {
    const Bytes bytes = LoadBytes(text.data() + at);
    const auto found = reinterpret_cast<Words>((bytes == all_a) | (bytes == all_b));
    const uint64_t half = found[0] != 0 ? found[0] : found[1];
    if (half == 0) return kLanes;
    return (found[0] != 0 ? 0 : sizeof(half)) + static_cast<size_t>(std::countr_zero(half)) / 8;
  };
  size_t at = 0;
  for (; at + kLanes <= text.size(); at += kLanes) {
    const size_t found = find(at);
    if (found < kLanes) return at + found;
  }
  if (text.size() >= kLanes) {
    // What is left, with what was looked at before it.
    return text.size() - kLanes + find(text.size() - kLanes);
  }
  while (at < text.size() && text[at] != a && text[at] != b) ++at;
  return at;
}

}  // namespace

void SplitTarget(std::string_view target, Target* parts) {
  parts->query = {};
  parts->has_query = false;
  if (target.starts_with('/')) {
    const size_t end = FindEither(target, '?', '#');
    parts->path = target.substr(0, end);
    if (end < target.size() && target[end] == '?') {
      parts->has_query = true;
      const std::string_view rest = target.substr(end + 1);
      parts->query = rest.substr(0, rest.find('#'));
    }
    return;
  }
  parts->path = {};
  const size_t fragment = target.find('#');
  target = target.substr(0, fragment);
  if (!target.empty()) {
    const size_t scheme = target.find("://");
    const size_t query = target.find('?');
    if (scheme != std::string_view::npos && scheme < query) {
      const size_t path = target.find_first_of("/?", scheme + 3);
      target.remove_prefix(std::min(path, target.size()));
    } else if (target != "*" && target.find('/') == std::string_view::npos &&
               target.find(':') != std::string_view::npos) {
      return;  // authority-form, host:port
    }
  }
  const size_t query = target.find('?');
  parts->path = target.substr(0, query);
  if (query != std::string_view::npos) {
    parts->has_query = true;
    parts->query = target.substr(query + 1);
  }
}

void NormalizePath(std::string_view raw_path, std::string* out) {
  if (!NeedsNormalizing(raw_path)) {
    out->assign(raw_path);
    return;
  }
  out->clear();
  for (size_t i = 0; i < raw_path.size(); ++i) {
    const char c = raw_path[i];
    if (c == '/' && !out->empty() && out->back() == '/') continue;
    if (c == ';' && IsSessionParameter(raw_path.substr(i))) {
      i = std::min(raw_path.find_first_of("/;", i + 1), raw_path.size()) - 1;
    } else if (const std::optional<char> decoded = Triplet(raw_path, i)) {
      if (IsUnreserved(*decoded)) {
        out->push_back(*decoded);
      } else {
        out->push_back('%');
        out->push_back(absl::ascii_toupper(static_cast<unsigned char>(raw_path[i + 1])));
        out->push_back(absl::ascii_toupper(static_cast<unsigned char>(raw_path[i + 2])));
      }
      i += 2;
    } else {
      out->push_back(c);
    }
  }
  if (out->empty()) out->push_back('/');
}

std::string EncodeNonAscii(std::string_view path) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isascii(byte)) {
      encoded.push_back(c);
    } else {
      encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return encoded;
}

void DecodeQueryText(std::string_view encoded, std::string* out) {
  out->clear();
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (const std::optional<char> decoded = Triplet(encoded, i)) {
      out->push_back(*decoded);
      i += 2;
    } else {
      out->push_back(encoded[i] == '+' ? ' ' : encoded[i]);
    }
  }
}

std::string_view AuthorityHost(std::string_view url) {
  const size_t scheme = SchemeSize(url);
  if (scheme == std::string_view::npos) return {};
  std::string_view authority = url.substr(scheme + 3);
  // Mostly nothing but the host, up to the path.
  const auto* end = std::find_if(authority.begin(), authority.end(), EndsHost);
  if (end == authority.end() || *end == '/') {
    return authority.substr(0, static_cast<size_t>(end - authority.begin()));
  }
  end = std::find_if(end, authority.end(), [](char c) { return c == '/' || c == '?' || c == '#'; });
  authority = authority.substr(0, static_cast<size_t>(end - authority.begin()));
  const size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  if (!authority.empty() && authority.front() == '[') {
    return authority.substr(0, authority.find(']') + 1);
  }
  return authority.substr(0, authority.find(':'));
}

}  // namespace civlog
