#include "bench/population.h"

#include "bench/agents.h"
#include "bench/portal_model.h"

namespace civlog::corpus {
namespace {

// 198.18.0.0/15.
constexpr uint32_t kIpv4Count = uint32_t{1} << 17;

// Three of ten have IPv6.
bool HasIpv6(uint32_t citizen, size_t agents) {
  return Scramble(citizen) % 10 < 3 || citizen / kIpv4Count >= agents;
}

// A permutation of the range, so that neighbours are strangers.
uint32_t Ipv4Index(uint32_t citizen) { return (citizen * 0x9e3b1U + 0x7f4aU) % kIpv4Count; }

char* WriteGroup(char* out, uint16_t group) {
  bool begun = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = static_cast<unsigned>(group) >> shift & 15;
    begun = begun || digit != 0 || shift == 0;
    if (begun) *out++ = "0123456789abcdef"[digit];
  }
  return out;
}

// A number of [0, n) that small numbers are likelier to be.
uint32_t RankOf(uint64_t hash, size_t n) {
  Random random(hash);
  return random.Rank(static_cast<uint32_t>(n));
}

}  // namespace

Address Ipv6(uint16_t a, uint16_t b, uint16_t c, uint16_t d) {
  Address address;
  char* out = WriteGroup(WriteText(address.text.data(), "2001:db8:"), a);
  *out++ = ':';
  out = WriteText(WriteGroup(out, b), "::");
  out = WriteGroup(out, c);
  *out++ = ':';
  out = WriteGroup(out, d);
  const char* end = out;
  address.length = static_cast<uint8_t>(end - address.text.data());
  return address;
}

Address RobotAddress(Random* random) {
  if (random->Permille(250)) {
    return Ipv6(0xb07, 1, 1, static_cast<uint16_t>(1 + random->Below(400)));
  }
  Address address;
  char* out = WriteText(address.text.data(), "198.51.100.");
  out = WriteDecimal(out, 1 + random->Below(254));
  address.length = static_cast<uint8_t>(out - address.text.data());
  return address;
}

Address HealthAddress(size_t front_end) {
  if (front_end % 2 == 1) return Ipv6(0xfeed, 1, 1, static_cast<uint16_t>(10 + front_end));
  Address address;
  char* out = WriteText(address.text.data(), "192.0.2.");
  out = WriteDecimal(out, 10 + front_end % 50);
  address.length = static_cast<uint8_t>(out - address.text.data());
  return address;
}

Population::Population(uint32_t agents) : agents_(BrowserAgents(agents)) {}

Address Population::AddressOf(uint32_t citizen) const {
  if (HasIpv6(citizen, agents_.size())) {
    const uint64_t hash = Scramble(citizen + uint64_t{77});
    return Ipv6(static_cast<uint16_t>(0x1000 + hash % 0x6000), static_cast<uint16_t>(hash >> 32),
                static_cast<uint16_t>((citizen >> 16) + 1), static_cast<uint16_t>(citizen));
  }
  const uint32_t index = Ipv4Index(citizen);
  Address address;
  char* out = WriteDecimal(WriteText(address.text.data(), "198."), 18 + (index >> 16));
  *out++ = '.';
  out = WriteDecimal(out, index >> 8 & 255);
  *out++ = '.';
  out = WriteDecimal(out, index & 255);
  address.length = static_cast<uint8_t>(out - address.text.data());
  return address;
}

std::string_view Population::AgentOf(uint32_t citizen) const {
  if (HasIpv6(citizen, agents_.size())) return agents_[RankOf(citizen, agents_.size())];
  // Citizens of one address differ in their agents.
  const uint32_t first = RankOf(Ipv4Index(citizen), agents_.size());
  return agents_[(first + citizen / kIpv4Count) % agents_.size()];
}

Address Population::StrangerAddress(uint32_t number) const {
  return Ipv6(0x8000, static_cast<uint16_t>(number >> 24),
              static_cast<uint16_t>((number >> 12 & 0xfff) + 1),
              static_cast<uint16_t>(number & 0xfff));
}

std::string_view Population::StrangerAgent(uint32_t number) const {
  return agents_[RankOf(number, agents_.size())];
}

}  // namespace civlog::corpus
