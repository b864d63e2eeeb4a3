// Client addresses as bytes.

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "engine/visitor.h"

namespace civlog {
namespace {

constexpr size_t kAddressBuffer = INET6_ADDRSTRLEN;
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

bool ToBytes(int family, std::string_view text, uint8_t* bytes) {
  // inet_pton would take a NUL for the end.
  if (text.size() >= kAddressBuffer || text.find('\0') != std::string_view::npos) return false;
  char buffer[kAddressBuffer];
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return ::inet_pton(family, buffer, bytes) == 1;
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
  text = AddressWithoutPort(text);
  if (text.empty()) return std::nullopt;
  AddressBytes address{};
  if (text.find(':') != std::string_view::npos) {
    if (!ToBytes(AF_INET6, WithoutZone(text), address.data())) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xff;
  if (!ToBytes(AF_INET, text, address.data() + 12)) return std::nullopt;
  return address;
}

bool Contains(const Network& network, const AddressBytes& address) {
  const size_t whole = network.prefix_bits / 8U;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.address)) {
    return false;
  }
  const unsigned rest = network.prefix_bits % 8U;
  if (rest == 0) return true;
  const unsigned mask = 0xff00U >> rest & 0xffU;
  return ((address[whole] ^ network.address[whole]) & mask) == 0;
}

}  // namespace civlog
