// Who the visitors are: addresses of the documentation and benchmarking ranges (RFC
// 5737, 3849, 2544) and user agents.

#ifndef CIVLOG_BENCH_POPULATION_H_
#define CIVLOG_BENCH_POPULATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/random.h"

namespace civlog::corpus {

// An address as text.
struct Address {
  std::array<char, 40> text{};
  uint8_t length = 0;
  std::string_view view() const { return {text.data(), length}; }
};

// Of the form "2001:db8:a:b::c:d".
Address Ipv6(uint16_t a, uint16_t b, uint16_t c, uint16_t d);
// A robot's, a health check's.
Address RobotAddress(Random* random);
Address HealthAddress(size_t front_end);

// Gives every citizen an address and an agent that nobody else has together, though
// many share either of the two. Immutable.
class Population {
 public:
  explicit Population(uint32_t agents);

  Address AddressOf(uint32_t citizen) const;
  std::string_view AgentOf(uint32_t citizen) const;

  // Somebody who is seen once and is none of the citizens above: the `number`th.
  Address StrangerAddress(uint32_t number) const;
  std::string_view StrangerAgent(uint32_t number) const;

 private:
  std::vector<std::string> agents_;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_POPULATION_H_
