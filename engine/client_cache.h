// What was found out about the clients that sent the latest requests.
//
// A citizen's requests come in bursts: the page, its images, the next page. Who sent
// them, whether the portal ignores the address, which agent it names and which visitor
// that makes need not be found out for each line. A direct-mapped cache: a client that
// maps to an occupied place takes it over, so that no answer depends on what is kept,
// and memory is fixed.

#ifndef CIVLOG_ENGINE_CLIENT_CACHE_H_
#define CIVLOG_ENGINE_CLIENT_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/text_hash.h"
#include "engine/visitor.h"
#include "engine/week_keys.h"

namespace civlog {

// One client, in as few cache lines as can be. `Agent` is the owner's entry of an agent.
template <typename Agent>
struct alignas(64) KnownClient {
  // Of an IPv6 address with an IPv4 one in it (INET6_ADDRSTRLEN without its NUL).
  static constexpr size_t kMostBytes = 45;
  static constexpr int32_t kNoWeek = INT32_MIN;

  uint8_t size = 0;
  bool known = false;
  bool ignored = false;      // VisitorIdentifier::Ignored
  bool has_visitor = false;  // `visitor` is of this client with `agent`
  std::array<char, kMostBytes> text;
  const Agent* agent = nullptr;  // of its last request; null for none that is learned
  std::string_view agent_text;   // of `agent`, so that comparing needs no look at that
  uint64_t visitor = 0;          // VisitorIdentifier::AddressHash
  WeeklyVisitor weekly;          // the same in `week`
  int32_t week = kNoWeek;
  std::optional<AddressBytes> address;

  bool Is(std::string_view client) const {
    if (!known || client.size() != size) return false;
    // An address of IPv4, mostly: by its first and last eight bytes.
    constexpr size_t kWord = sizeof(uint64_t);
    if (size < kWord || size > 2 * kWord) return client == std::string_view(text.data(), size);
    const auto same = [&](size_t at) {
      return std::memcmp(text.data() + at, client.data() + at, kWord) == 0;
    };
    return same(0) && same(size - kWord);
  }
  // Forgets the client before; what the address is, and whether it is ignored, is for the
  // caller to say. Member by member: a processor waits where it copies what it has just
  // written in other pieces.
  void Become(std::string_view client) {
    known = client.size() <= kMostBytes;
    size = static_cast<uint8_t>(known ? client.size() : 0);
    client.copy(text.data(), size);
    has_visitor = false;
    agent = nullptr;
    agent_text = {};
    week = kNoWeek;
  }
};

// One worker's, for sources of one portal and key. Not thread-safe.
template <typename Agent>
class ClientCache {
 public:
  using Client = KnownClient<Agent>;
  static constexpr size_t kPlaces = size_t{1} << 12;

  static size_t PlaceOf(std::string_view client) { return TextHash(client) % kPlaces; }

  // What stands at a place, of whichever client.
  const Client& Peek(size_t place) const { return clients_[place]; }
  void Prefetch(size_t place) const {
    __builtin_prefetch(&clients_[place]);
    __builtin_prefetch(reinterpret_cast<const char*>(&clients_[place]) + sizeof(Client) - 1);
  }

  // The client's entry, until the next call. `place` is PlaceOf(client).
  Client& Of(std::string_view client, size_t place, const VisitorIdentifier& identifier) {
    Client& found = client.size() <= Client::kMostBytes ? clients_[place] : passing_;
    if (found.Is(client)) return found;
    found.Become(client);
    found.address = ParseAddress(client);
    found.ignored = identifier.Ignored(found.address);
    return found;
  }

 private:
  std::vector<Client> clients_ = std::vector<Client>(kPlaces);
  Client passing_;  // one too long to be kept
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CLIENT_CACHE_H_
