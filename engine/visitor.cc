#include "engine/visitor.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/match.h"
#include "engine/siphash.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr std::string_view kCookiePrefix = "cookie:";

// What kind of identity a hash is of goes into the hash. The tags fill a word each, so
// that an address is hashed by whole words.
constexpr std::string_view kUserTag = "user    ";
constexpr std::string_view kNamedTag = "named   ";
constexpr std::string_view kAddressTag = "address ";
constexpr std::string_view kHostNameTag = "hostname";
constexpr std::string_view kEnd("\0", 1);  // between texts of any length

// As it stands, which is the lowest byte first.
template <typename Byte>
uint64_t WordOf(const Byte* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\"");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\"") - begin + 1);
}

// One entry of a forwarded header: an address as X-Forwarded-For has it, or the
// `for=` of RFC 7239, section 5.2.
std::string_view ForwardedAddress(std::string_view entry) {
  while (!entry.empty()) {
    const size_t end = std::min(entry.find(';'), entry.size());
    std::string_view pair = Trim(entry.substr(0, end));
    if (pair.size() > 4 && absl::StartsWithIgnoreCase(ToAbsl(pair), "for=")) {
      return Trim(pair.substr(4));
    }
    if (pair.find('=') == std::string_view::npos) return pair;
    entry.remove_prefix(std::min(end + 1, entry.size()));
  }
  return {};
}

bool InAny(const std::vector<Network>& networks, const std::optional<AddressBytes>& address) {
  return address && std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
           return Contains(network, *address);
         });
}

// The value of cookie `name` in a Cookie header (RFC 6265, section 4.2.1).
std::string_view CookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = Trim(header.substr(0, end));
    if (pair.size() > name.size() && pair[name.size()] == '=' && pair.starts_with(name)) {
      return Trim(pair.substr(name.size() + 1));
    }
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return {};
}

}  // namespace

uint64_t SipHash24(uint64_t key0, uint64_t key1, std::string_view data) {
  SipHash hash(key0, key1);
  hash.Add(data);
  return hash.Finish();
}

VisitorKey VisitorKey::Random() {
  VisitorKey key;
  ssize_t bytes;
  do {
    bytes = ::getrandom(&key, sizeof(key), 0);
  } while (bytes < 0 && errno == EINTR);
  // Without randomness visitors could be guessed; there is no sane way on.
  if (bytes != static_cast<ssize_t>(sizeof(key))) std::abort();
  return key;
}

VisitorIdentifier::VisitorIdentifier(const Portal& portal,
                                     const std::vector<std::string>& extra_fields, VisitorKey key)
    : portal_(portal), key_(key) {
  const auto position = [&extra_fields](std::string_view name) -> std::optional<size_t> {
    for (size_t i = 0; i < extra_fields.size(); ++i) {
      if (absl::EqualsIgnoreCase(extra_fields[i], ToAbsl(name))) return i;
    }
    return std::nullopt;
  };
  const std::optional<size_t> cookies = position("header:Cookie");
  for (const std::string& name : portal.identity) {
    if (name == "user") {
      identities_.push_back({Kind::kUser, 0, name});
    } else if (name == "address+agent") {
      identities_.push_back({Kind::kAddressAgent, 0, name});
    } else {
      if (const auto extra = position(name)) identities_.push_back({Kind::kExtra, *extra, name});
      if (cookies && name.starts_with(kCookiePrefix)) {
        identities_.push_back({Kind::kCookieHeader, *cookies, name});
      }
    }
  }
}

std::string_view VisitorIdentifier::ForwardedClient(std::string_view peer,
                                                    std::string_view forwarded) const {
  if (forwarded.empty()) return peer;
  if (!peer.empty() && !InAny(portal_.trusted_proxies, ParseAddress(peer))) return peer;
  std::string_view client = peer;
  while (!forwarded.empty()) {
    const size_t begin = forwarded.rfind(',') + 1;  // 0 where there is no comma
    const std::string_view entry = Trim(forwarded.substr(begin));
    forwarded = forwarded.substr(0, begin == 0 ? 0 : begin - 1);
    if (entry.empty()) continue;
    const std::string_view address = ForwardedAddress(entry);
    const std::optional<AddressBytes> bytes = ParseAddress(address);
    if (!bytes) break;
    client = AddressWithoutPort(address);
    if (!InAny(portal_.trusted_proxies, bytes)) break;
  }
  return client;
}

bool VisitorIdentifier::Ignored(const std::optional<AddressBytes>& address) const {
  return InAny(portal_.ignore_addresses, address);
}

std::string_view VisitorIdentifier::Value(const Identity& identity, const RecordBatch& batch,
                                          size_t i) const {
  if (identity.kind == Kind::kUser) return batch.Get(TextField::kUser, i);
  const std::string_view value = batch.extra[identity.extra][i];
  if (identity.kind == Kind::kExtra) return Trim(value);
  return CookieValue(value, std::string_view(identity.name).substr(kCookiePrefix.size()));
}

std::optional<uint64_t> VisitorIdentifier::NamedHash(const RecordBatch& batch, size_t i) const {
  for (const Identity& identity : identities_) {
    if (identity.kind == Kind::kAddressAgent) break;
    const std::string_view value = Value(identity, batch, i);
    if (value.empty()) continue;
    SipHash hash(key_.k0, key_.k1);
    if (identity.kind == Kind::kUser) {
      hash.Add(kUserTag);
    } else {
      hash.Add(kNamedTag);
      hash.Add(identity.name);
      hash.Add(kEnd);
    }
    hash.Add(value);
    return hash.Finish();
  }
  return std::nullopt;
}

uint64_t VisitorIdentifier::AddressHash(std::string_view client_address,
                                        const std::optional<AddressBytes>& address,
                                        uint64_t agent_hash) const {
  SipHash hash(key_.k0, key_.k1);
  if (address) {
    hash.AddWhole(WordOf(kAddressTag.data()));
    hash.AddWhole(WordOf(address->data()));
    hash.AddWhole(WordOf(address->data() + sizeof(uint64_t)));
    hash.AddWhole(agent_hash);
    return hash.Finish();
  }
  hash.Add(kHostNameTag);
  hash.Add(client_address);
  hash.Add(kEnd);
  hash.Add({reinterpret_cast<const char*>(&agent_hash), sizeof(agent_hash)});
  return hash.Finish();
}

}  // namespace civlog
