// Client addresses as bytes.

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "engine/visitor.h"

namespace civlog {
namespace {

constexpr size_t kLongestAddress = INET6_ADDRSTRLEN;

// "192.0.2.1:8080" -> "192.0.2.1", "[2001:db8::1]:443" -> "2001:db8::1".
std::string_view WithoutPort(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    return text.substr(1, std::min(text.find(']'), text.size()) - 1);
  }
  const size_t colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.rfind(':') == colon;
  return one_colon ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<AddressBytes> ParseAddress(std::string_view text) {
  text = WithoutPort(text);
  text = text.substr(0, text.find('%'));
  if (text.empty() || text.size() >= kLongestAddress) return std::nullopt;
  char buffer[kLongestAddress];
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  AddressBytes address{};
  if (text.find(':') != std::string_view::npos) {
    if (::inet_pton(AF_INET6, buffer, address.data()) != 1) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xff;
  if (::inet_pton(AF_INET, buffer, address.data() + 12) != 1) return std::nullopt;
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
