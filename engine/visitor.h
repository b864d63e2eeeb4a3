// Who a visitor is: a keyed hash, never the identity itself.
//
// SipHash-2-4 (Aumasson and Bernstein, 2012) with a random 128-bit key over the
// first identity that the catalogue lists and the record has. The key of a run
// without a store lives in memory only.

#ifndef CIVLOG_ENGINE_VISITOR_H_
#define CIVLOG_ENGINE_VISITOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "engine/catalog.h"
#include "parsers/record_batch.h"

namespace civlog {

// SipHash-2-4 of `data` under a 128-bit key (two little-endian halves).
uint64_t SipHash24(uint64_t key0, uint64_t key1, std::string_view data);

// A 128-bit address, IPv4 as ::ffff:a.b.c.d.
using AddressBytes = std::array<uint8_t, 16>;
// "192.0.2.1:8080" -> "192.0.2.1", "[2001:db8::1]:443" -> "2001:db8::1". What is
// neither is returned as it is.
std::string_view AddressWithoutPort(std::string_view text);
// Parses IPv4 and IPv6 (RFC 4291, section 2.2), with or without a port; a zone is
// dropped. nullopt for host names and everything else.
std::optional<AddressBytes> ParseAddress(std::string_view text);
bool Contains(const Network& network, const AddressBytes& address);

// The random key of a run (getrandom).
struct VisitorKey {
  uint64_t k0 = 0;
  uint64_t k1 = 0;
  static VisitorKey Random();
  bool operator==(const VisitorKey&) const = default;
};

// Turns records into client addresses and visitor hashes. Immutable and
// thread-safe; the catalogue's portal must outlive it.
class VisitorIdentifier {
 public:
  // `extra_fields` as LogFormat::extra_fields of the source's format.
  VisitorIdentifier(const Portal& portal, const std::vector<std::string>& extra_fields,
                    VisitorKey key);

  // The client address of record `i`: the peer's, or the right-most forwarded
  // address that is no trusted proxy, without port or brackets. Without
  // `trusted_proxies` the forwarded header is not believed; nor is what stands left
  // of an entry that is no address, because nobody known wrote it.
  std::string_view ClientAddress(const RecordBatch& batch, size_t i) const {
    const std::string_view peer = batch.Get(TextField::kClient, i);
    if (portal_.trusted_proxies.empty()) return peer;
    return ForwardedClient(peer, batch.Get(TextField::kForwarded, i));
  }

  // True where the client address is in portal.ignore_addresses.
  bool Ignored(std::string_view client_address) const {
    return Ignored(ParseAddress(client_address));
  }
  bool Ignored(const std::optional<AddressBytes>& address) const;

  // The visitor's hash: of the first identity that the record has, of address and
  // agent where it has none. Which identity it is goes into the hash, so that a user
  // "x" and a cookie "x" are two visitors. Allocates nothing.
  uint64_t Hash(const RecordBatch& batch, size_t i, std::string_view client_address) const {
    if (const std::optional<uint64_t> named = NamedHash(batch, i)) return *named;
    return AddressHash(client_address, ParseAddress(client_address),
                       AgentHash(batch.Get(TextField::kUserAgent, i)));
  }
  // Its two cases: the first identity but address and agent, nullopt where the record has
  // none that goes before these; and address and agent. `address` is
  // ParseAddress(client_address), `agent_hash` AgentHash of the agent.
  std::optional<uint64_t> NamedHash(const RecordBatch& batch, size_t i) const;
  // False where no record has one.
  bool asks_for_names() const {
    return !identities_.empty() && identities_.front().kind != Kind::kAddressAgent;
  }
  uint64_t AddressHash(std::string_view client_address, const std::optional<AddressBytes>& address,
                       uint64_t agent_hash) const;
  uint64_t AgentHash(std::string_view agent) const { return SipHash24(key_.k0, key_.k1, agent); }

 private:
  enum class Kind : uint8_t { kUser, kExtra, kCookieHeader, kAddressAgent };
  struct Identity {
    Kind kind;
    size_t extra = 0;  // position in RecordBatch::extra
    std::string name;  // as the catalogue has it: "cookie:SESSION"
  };
  std::string_view ForwardedClient(std::string_view peer, std::string_view forwarded) const;
  // Empty where the record has no such identity.
  std::string_view Value(const Identity& identity, const RecordBatch& batch, size_t i) const;

  const Portal& portal_;
  std::vector<Identity> identities_;
  VisitorKey key_;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_VISITOR_H_
