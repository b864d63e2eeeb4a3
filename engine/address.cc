// Client addresses as bytes.

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/ascii.h"
#include "engine/visitor.h"

namespace civlog {
namespace {

constexpr size_t kAddressBytes = 16;
constexpr size_t kMaxPortDigits = 5;

// ":8080", or ":_b7" as RFC 7239, section 6, lets a proxy obfuscate a port.
bool IsPort(std::string_view text) {
  if (text.size() < 2 || text.front() != ':') return false;
  text.remove_prefix(1);
  const bool obfuscated = text.front() == '_';
  if (!obfuscated && text.size() > kMaxPortDigits) return false;
  return std::all_of(text.begin(), text.end(), [obfuscated](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return obfuscated ? absl::ascii_isgraph(byte) : absl::ascii_isdigit(byte);
  });
}

// An IPv6 address without its zone (RFC 4007, section 11). A zone is never empty.
std::string_view WithoutZone(std::string_view text) {
  const size_t percent = text.find('%');
  return percent + 1 == text.size() ? text : text.substr(0, percent);
}

// Four decimal numbers up to 255, without leading zeros, as inet_pton takes them.
bool ToIpv4(std::string_view text, uint8_t* bytes) {
  constexpr size_t kMostBytes = 15;
  if (text.size() > kMostBytes) return false;
  unsigned value = 0;
  unsigned digits = 0;
  unsigned parts = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit <= 9) {
      if (digits == 1 && value == 0) return false;
      value = value * 10 + digit;
      ++digits;
      continue;
    }
    if (c != '.' || digits == 0 || value > 255 || parts == 3) return false;
    bytes[parts++] = static_cast<uint8_t>(value);
    value = digits = 0;
  }
  if (parts != 3 || digits == 0 || value > 255) return false;
  bytes[3] = static_cast<uint8_t>(value);
  return true;
}

static_assert(std::endian::native == std::endian::little, "words are turned round");

uint64_t LoadBigEndian(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return __builtin_bswap64(word);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Moves what stands behind `gap` in the first `filled` of 16 bytes to their end.
void FillGap(size_t gap, size_t filled, uint8_t* bytes) {
  const size_t moved = filled - gap;
  std::memmove(bytes + kAddressBytes - moved, bytes + gap, moved);
  std::memset(bytes + gap, 0, kAddressBytes - filled);
}

// Groups of up to four hexadecimal digits, one "::" for groups of zeros, and an IPv4
// address in the place of the last two, as inet_pton takes them.
bool ToIpv6(std::string_view text, uint8_t* bytes) {
  constexpr size_t kNoGap = SIZE_MAX;
  size_t filled = 0;
  size_t gap = kNoGap;
  size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    const size_t begin = at;
    unsigned value = 0;
    int digit;
    while (at < text.size() && at < begin + 4 && (digit = HexDigit(text[at])) >= 0) {
      value = value * 16 + static_cast<unsigned>(digit);
      ++at;
    }
    if (at < text.size() && text[at] == '.') {
      if (filled + 4 > kAddressBytes || !ToIpv4(text.substr(begin), bytes + filled)) return false;
      filled += 4;
      break;
    }
    if (at == begin || filled + 2 > kAddressBytes) return false;
    bytes[filled++] = static_cast<uint8_t>(value >> 8);
    bytes[filled++] = static_cast<uint8_t>(value);
    if (at == text.size()) break;
    if (text[at++] != ':' || at == text.size()) return false;
    if (text[at] != ':') continue;
    if (gap != kNoGap) return false;
    gap = filled;
    ++at;
  }
  if (gap == kNoGap) return filled == kAddressBytes;
  if (filled == kAddressBytes) return false;
  FillGap(gap, filled, bytes);
  return true;
}

}  // namespace

std::string_view AddressWithoutPort(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  if (text.front() == '[') {
    const size_t bracket = text.find(']');
    if (bracket == std::string_view::npos || bracket < colon) return text;
    const std::string_view rest = text.substr(bracket + 1);
    return rest.empty() || IsPort(rest) ? text.substr(1, bracket - 1) : text;
  }
  const bool one_colon = text.find(':', colon + 1) == std::string_view::npos;
  return one_colon && IsPort(text.substr(colon)) ? text.substr(0, colon) : text;
}

std::optional<AddressBytes> ParseAddress(std::string_view text) {
  AddressBytes address{};
  address[10] = address[11] = 0xff;
  if (ToIpv4(text, address.data() + 12)) return address;
  text = AddressWithoutPort(text);
  if (text.empty()) return std::nullopt;
  address = {};
  if (text.find(':') != std::string_view::npos) {
    if (!ToIpv6(WithoutZone(text), address.data())) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xff;
  if (!ToIpv4(text, address.data() + 12)) return std::nullopt;
  return address;
}

bool Contains(const Network& network, const AddressBytes& address) {
  const unsigned bits = network.prefix_bits;
  const uint64_t high = LoadBigEndian(address.data()) ^ LoadBigEndian(network.address);
  const uint64_t low = LoadBigEndian(address.data() + 8) ^ LoadBigEndian(network.address + 8);
  if (bits <= 64) return bits == 0 || high >> (64 - bits) == 0;
  return high == 0 && low >> (128 - bits) == 0;
}

}  // namespace civlog
