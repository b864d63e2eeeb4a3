#include "engine/visitor.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "engine/siphash.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

// What kind of identity a hash is of goes into the hash.
constexpr std::string_view kUserTag = "u";
constexpr std::string_view kNamedTag = "c";
constexpr std::string_view kAddressTag = "a";
constexpr std::string_view kHostNameTag = "h";

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\"");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\"") - begin + 1);
}

// One entry of a forwarded header: an address as X-Forwarded-For has it, or the
// `for=` of RFC 7239.
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

bool InAny(const std::vector<Network>& networks, std::string_view text) {
  const std::optional<AddressBytes> address = ParseAddress(text);
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
      return pair.substr(name.size() + 1);
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
  // Without randomness visitors could be guessed; there is no sane way on.
  if (::getrandom(&key, sizeof(key), 0) != static_cast<ssize_t>(sizeof(key))) std::abort();
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
  for (const std::string& name : portal.identity) {
    if (name == "user") {
      identities_.push_back({Kind::kUser, 0, ""});
    } else if (const auto extra = position(name)) {
      identities_.push_back({Kind::kExtra, *extra, ""});
    } else if (const auto cookies = position("header:Cookie");
               cookies && name.starts_with("cookie:")) {
      identities_.push_back({Kind::kCookieHeader, *cookies, name.substr(7)});
    } else if (name == "address+agent") {
      identities_.push_back({Kind::kAddressAgent, 0, ""});
    }
  }
}

std::string_view VisitorIdentifier::ClientAddress(const RecordBatch& batch, size_t i) const {
  const std::string_view peer = batch.Get(TextField::kClient, i);
  std::string_view forwarded = batch.Get(TextField::kForwarded, i);
  if (portal_.trusted_proxies.empty() || forwarded.empty()) return peer;
  if (!peer.empty() && !InAny(portal_.trusted_proxies, peer)) return peer;
  std::string_view client;
  while (true) {
    const size_t comma = forwarded.rfind(',');
    const std::string_view entry =
        comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    const std::string_view address = ForwardedAddress(entry);
    if (!ParseAddress(address)) break;
    client = address;
    if (!InAny(portal_.trusted_proxies, address) || comma == std::string_view::npos) break;
    forwarded = forwarded.substr(0, comma);
  }
  return client.empty() ? peer : client;
}

bool VisitorIdentifier::Ignored(std::string_view client_address) const {
  return !portal_.ignore_addresses.empty() && InAny(portal_.ignore_addresses, client_address);
}

uint64_t VisitorIdentifier::Hash(const RecordBatch& batch, size_t i,
                                 std::string_view client_address) const {
  SipHash hash(key_.k0, key_.k1);
  const auto named = [&hash](std::string_view tag, std::string_view value) {
    hash.Add(tag);
    hash.Add(value);
    return hash.Finish();
  };
  for (const Identity& identity : identities_) {
    if (identity.kind == Kind::kAddressAgent) break;
    if (identity.kind == Kind::kUser) {
      const std::string_view user = batch.Get(TextField::kUser, i);
      if (!user.empty()) return named(kUserTag, user);
      continue;
    }
    std::string_view value = batch.extra[identity.extra][i];
    if (identity.kind == Kind::kCookieHeader) value = CookieValue(value, identity.cookie);
    if (!value.empty()) return named(kNamedTag, value);
  }
  if (const std::optional<AddressBytes> address = ParseAddress(client_address)) {
    hash.Add(kAddressTag);
    hash.Add({reinterpret_cast<const char*>(address->data()), address->size()});
  } else {
    hash.Add(kHostNameTag);
    hash.Add(client_address);
    hash.Add(std::string_view("\0", 1));
  }
  hash.Add(batch.Get(TextField::kUserAgent, i));
  return hash.Finish();
}

}  // namespace civlog
