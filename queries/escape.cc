#include "queries/escape.h"

#include <algorithm>
#include <cstdint>

#include "queries/unicode_ranges.h"

namespace civlog {
namespace {

// More marks than any script stacks on one character are there to smear the
// screen.
constexpr int kMaxCombining = 8;
constexpr std::string_view kEllipsis = "…";

struct CodePoint {
  char32_t value = 0;
  size_t bytes = 0;  // 0: the first byte is not the start of valid UTF-8
};

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// Length by lead byte, and the smallest code point that needs it (RFC 3629).
struct Lead {
  size_t bytes;
  char32_t bits;
  char32_t smallest;
};

Lead DecodeLead(uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1Fu, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {3, byte & 0x0Fu, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

// The code point at the start of non-empty `text`.
CodePoint Decode(std::string_view text) {
  const Lead lead = DecodeLead(static_cast<uint8_t>(text[0]));
  if (lead.bytes == 0 || lead.bytes > text.size()) return {};
  char32_t value = lead.bits;
  for (size_t i = 1; i < lead.bytes; ++i) {
    if (!IsContinuation(text[i])) return {};
    value = (value << 6) | (static_cast<uint8_t>(text[i]) & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.smallest || value > 0x10FFFF || surrogate) return {};
  return {value, lead.bytes};
}

void AppendHex(uint32_t value, int min_digits, std::string* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  int digits = min_digits;
  while (digits < 8 && (value >> (4 * digits)) != 0) ++digits;
  for (int i = digits - 1; i >= 0; --i) out->push_back(kDigits[(value >> (4 * i)) & 0xF]);
}

void AppendByteEscape(char byte, std::string* out) {
  out->append("\\x");
  AppendHex(static_cast<uint8_t>(byte), 2, out);
}

void AppendCodePointEscape(char32_t c, std::string* out) {
  out->append("\\u{");
  AppendHex(c, 4, out);
  out->push_back('}');
}

bool IsC0(char32_t c) { return c < 0x20 || c == 0x7F; }
bool IsC1(char32_t c) { return c >= 0x80 && c < 0xA0; }

size_t CodePointWidth(const CodePoint& c) {
  if (c.bytes < 2) return 1;
  if (IsCombining(c.value)) return 0;
  return IsWide(c.value) ? 2 : 1;
}

}  // namespace

std::string EscapeForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  int combining = 0;
  while (!text.empty()) {
    const CodePoint c = Decode(text);
    combining = c.bytes > 1 && IsCombining(c.value) ? combining + 1 : 0;
    if (c.bytes == 0 || IsC0(c.value)) {
      AppendByteEscape(text[0], &out);
    } else if (IsC1(c.value) || IsInvisible(c.value) || combining > kMaxCombining) {
      AppendCodePointEscape(c.value, &out);
    } else {
      out.append(text.substr(0, c.bytes));
    }
    text.remove_prefix(std::max<size_t>(c.bytes, 1));
  }
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : EscapeForTerminal(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string CssString(std::string_view text) {
  constexpr std::string_view kPlain = " -._:,()0123456789";
  std::string out = "\"";
  for (const char c : EscapeForTerminal(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    // Bytes beyond ASCII are valid UTF-8 by now.
    if (letter || static_cast<uint8_t>(c) >= 0x80 || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '\\';
      AppendHex(static_cast<uint8_t>(c), 2, &out);
      out += ' ';
    }
  }
  return out += '"';
}

std::string UrlPath(std::string_view name) {
  // A name with a colon must not look like a scheme.
  std::string out = "./";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') ||
        std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<uint8_t>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 0xF]});
    }
  }
  return out;
}

size_t DisplayWidth(std::string_view utf8) {
  size_t width = 0;
  while (!utf8.empty()) {
    const CodePoint c = Decode(utf8);
    width += CodePointWidth(c);
    utf8.remove_prefix(std::max<size_t>(c.bytes, 1));
  }
  return width;
}

size_t PrefixOfWidth(std::string_view utf8, size_t width) {
  size_t used = 0;
  size_t bytes = 0;
  while (bytes < utf8.size()) {
    const CodePoint c = Decode(utf8.substr(bytes));
    used += CodePointWidth(c);
    if (used > width) break;
    bytes += std::max<size_t>(c.bytes, 1);
  }
  return bytes;
}

std::string ClipToWidth(std::string_view utf8, size_t width) {
  if (DisplayWidth(utf8) <= width) return std::string(utf8);
  if (width == 0) return "";
  return std::string(utf8.substr(0, PrefixOfWidth(utf8, width - 1))).append(kEllipsis);
}

std::string ClipHeadToWidth(std::string_view utf8, size_t width) {
  if (DisplayWidth(utf8) <= width) return std::string(utf8);
  if (width == 0) return "";
  size_t left = DisplayWidth(utf8);
  while (left > width - 1) {
    const CodePoint c = Decode(utf8);
    left -= CodePointWidth(c);
    utf8.remove_prefix(std::max<size_t>(c.bytes, 1));
  }
  return std::string(kEllipsis).append(utf8);
}

}  // namespace civlog
