#include "parsers/text_decoding.h"

#include <cstdint>
#include <optional>

namespace civlog {
namespace {

std::optional<uint32_t> Hex(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = at; i < at + digits; ++i) {
    const char c = text[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// UTF-8 (RFC 3629): at most three bytes for a \uHHHH, four for a pair.
size_t AppendUtf8(uint32_t c, char* out) {
  const auto byte = [](uint32_t bits) { return static_cast<char>(static_cast<uint8_t>(bits)); };
  if (c < 0x80) {
    out[0] = byte(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = byte(0xC0 | (c >> 6));
    out[1] = byte(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = byte(0xE0 | (c >> 12));
    out[1] = byte(0x80 | ((c >> 6) & 0x3F));
    out[2] = byte(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = byte(0xF0 | (c >> 18));
  out[1] = byte(0x80 | ((c >> 12) & 0x3F));
  out[2] = byte(0x80 | ((c >> 6) & 0x3F));
  out[3] = byte(0x80 | (c & 0x3F));
  return 4;
}

std::optional<char> Simple(char escaped) {
  switch (escaped) {
    case '"':
    case '\\':
    case '/':
    case '\'':
      return escaped;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    default:
      return std::nullopt;
  }
}

}  // namespace

size_t DecodeEscapes(std::string_view text, char* out) {
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out[size++] = text[i];
      continue;
    }
    const char escaped = text[i + 1];
    if (const std::optional<char> simple = Simple(escaped)) {
      out[size++] = *simple;
      ++i;
    } else if (const auto byte = Hex(text, i + 2, 2); escaped == 'x' && byte) {
      out[size++] = static_cast<char>(static_cast<uint8_t>(*byte));
      i += 3;
    } else if (const auto unit = Hex(text, i + 2, 4); escaped == 'u' && unit) {
      uint32_t c = *unit;
      i += 5;
      const bool high = c >= 0xD800 && c < 0xDC00 && text.substr(i + 1).starts_with("\\u");
      if (const auto low = Hex(text, i + 3, 4); high && low && *low >= 0xDC00 && *low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (*low - 0xDC00);
        i += 6;
      }
      size += AppendUtf8(c, out + size);
    } else {
      out[size++] = '\\';
    }
  }
  return size;
}

namespace {

size_t DecodePlus(std::string_view text, char* out) {
  for (size_t i = 0; i < text.size(); ++i) out[i] = text[i] == '+' ? ' ' : text[i];
  return text.size();
}

size_t DecodePercent(std::string_view text, char* out) {
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::optional<uint32_t> byte =
        text[i] == '%' ? Hex(text, i + 1, 2) : std::optional<uint32_t>();
    out[size++] = byte ? static_cast<char>(static_cast<uint8_t>(*byte)) : text[i];
    if (byte) i += 2;
  }
  return size;
}

// The bytes of the UTF-8 character at `at`, 0 where there is none.
size_t Utf8Length(std::string_view text, size_t at) {
  const auto byte = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what is beyond U+10FFFF.
  const uint8_t second = byte(at + 1);
  const bool forbidden = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
                         (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90);
  return forbidden ? 0 : length;
}

}  // namespace

size_t DecodeDoubledQuotes(std::string_view text, char* out) {
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    out[size++] = text[i];
    if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
  }
  return size;
}

size_t DecodeText(Decoding decoding, std::string_view text, char* out) {
  switch (decoding) {
    case Decoding::kBackslash:
      return DecodeEscapes(text, out);
    case Decoding::kPlus:
      return DecodePlus(text, out);
    case Decoding::kPercent:
      return DecodePercent(text, out);
    case Decoding::kNone:
      break;
  }
  return text.copy(out, text.size());
}

bool IsValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

size_t EscapeInvalidUtf8(std::string_view text, char* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  size_t size = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text, i);
    if (length == 0) {
      const auto byte = static_cast<uint8_t>(text[i++]);
      out[size++] = '\\';
      out[size++] = 'x';
      out[size++] = kDigits[byte >> 4];
      out[size++] = kDigits[byte & 15];
    } else {
      size += text.copy(out + size, length, i);
      i += length;
    }
  }
  return size;
}

}  // namespace civlog
