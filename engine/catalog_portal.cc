#include "engine/catalog_portal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/charset.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

const std::vector<std::string_view> kPortalKeys = {
    "name",       "time_zone",     "hosts",    "ignore_addresses", "trusted_proxies",
    "population", "visit_timeout", "identity", "charset"};
const std::vector<std::string_view> kIdentities = {"user", "address+agent", "cookie:NAME",
                                                   "header:NAME"};
const std::vector<std::string_view> kZonesToSuggest = {
    "UTC",          "Asia/Seoul",       "Asia/Tokyo",      "Asia/Shanghai",     "Asia/Singapore",
    "Asia/Kolkata", "Europe/London",    "Europe/Berlin",   "Europe/Paris",      "Europe/Madrid",
    "Asia/Taipei",  "America/New_York", "America/Chicago", "America/Sao_Paulo", "Australia/Sydney"};

const std::vector<std::string_view> kCharsetsToSuggest = {"EUC-KR", "CP949",     "Big5",
                                                          "CP1252", "Shift_JIS", "GB18030"};

// What people write instead of a zone's name.
struct ZoneAlias {
  std::string_view written;
  std::string_view zone;
};
constexpr ZoneAlias kZoneAliases[] = {{"KST", "Asia/Seoul"},     {"KOREA", "Asia/Seoul"},
                                      {"+09:00", "Asia/Seoul"},  {"UTC+9", "Asia/Seoul"},
                                      {"GMT+9", "Asia/Seoul"},   {"JST", "Asia/Tokyo"},
                                      {"BST", "Europe/London"},  {"Z", "UTC"},
                                      {"CEST", "Europe/Berlin"}, {"EDT", "America/New_York"},
                                      {"CDT", "America/Chicago"}};

// `; did you mean "Asia/Seoul"?`: by alias, by the city alone, or by spelling.
std::string SuggestZone(std::string_view written) {
  std::string_view zone;
  for (const ZoneAlias& alias : kZoneAliases) {
    if (absl::EqualsIgnoreCase(ToAbsl(alias.written), ToAbsl(written))) zone = alias.zone;
  }
  for (const std::string_view known : kZonesToSuggest) {
    const std::string_view city = known.substr(known.find('/') + 1);
    if (absl::EqualsIgnoreCase(ToAbsl(city), ToAbsl(written))) zone = known;
  }
  if (zone.empty()) return DidYouMean(written, kZonesToSuggest);
  return absl::StrCat("; did you mean \"", ToAbsl(zone), "\"?");
}

// "WWW.Hanbit.example:443" -> "www.hanbit.example", "[2001:db8::1]:443" -> "[2001:db8::1]".
std::string HostOnly(std::string host) {
  absl::AsciiStrToLower(&host);
  const size_t from = host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0;
  return host.substr(0, host.find(':', from));
}

class PortalReader {
 public:
  PortalReader(CatalogReader* reader, Portal* portal) : reader_(reader), portal_(portal) {}

  void ReadKey(std::string_view name, const toml::node& node);

 private:
  void ReadHost(const toml::node& node, const std::string& key);
  void ReadZone(const toml::node& node, const std::string& key);
  void ReadNetworks(const toml::node& node, const std::string& key, std::vector<Network>* out);
  void ReadPopulation(const toml::node& node, const std::string& key);
  void ReadCharset(const toml::node& node, const std::string& key);
  void ReadIdentity(const toml::node& node, const std::string& key);

  CatalogReader* reader_;
  Portal* portal_;
};

void PortalReader::ReadKey(std::string_view name, const toml::node& node) {
  const std::string key = absl::StrCat("portal.", ToAbsl(name));
  if (name == "name") {
    if (auto text = reader_->Localized(node, key)) portal_->name = *std::move(text);
  } else if (name == "time_zone") {
    ReadZone(node, key);
  } else if (name == "hosts") {
    reader_->Each(node, key, [this](const toml::node& host, const std::string& host_key) {
      ReadHost(host, host_key);
    });
  } else if (name == "ignore_addresses") {
    ReadNetworks(node, key, &portal_->ignore_addresses);
  } else if (name == "trusted_proxies") {
    ReadNetworks(node, key, &portal_->trusted_proxies);
  } else if (name == "population") {
    ReadPopulation(node, key);
  } else if (name == "visit_timeout") {
    if (auto timeout = reader_->Duration(node, key)) portal_->visit_timeout = *timeout;
  } else if (name == "identity") {
    ReadIdentity(node, key);
  } else if (name == "charset") {
    ReadCharset(node, key);
  }
}

void PortalReader::ReadCharset(const toml::node& node, const std::string& key) {
  const std::optional<std::string> name = reader_->String(node, key);
  if (!name) return;
  if (!IsCharset(*name)) {
    return reader_->Error(CatalogReader::PlaceOf(node, key),
                          absl::StrCat("unknown character set \"", *name, "\"",
                                       DidYouMean(*name, kCharsetsToSuggest)),
                          "give a name that `iconv -l` lists, such as EUC-KR");
  }
  portal_->charset = *name;
}

// A host that cannot be one would put the whole log outside the portal.
void PortalReader::ReadHost(const toml::node& node, const std::string& key) {
  const std::optional<std::string> text = reader_->String(node, key);
  if (!text) return;
  const std::string host = HostOnly(*text);
  if (host.empty() || text->find_first_of("/*@ \t") != std::string::npos) {
    return reader_->Error(CatalogReader::PlaceOf(node, key),
                          absl::StrCat("\"", *text, "\" is no host name"),
                          "write each host in full and alone, such as \"www.hanbit.example\"");
  }
  portal_->hosts.push_back(host);
}

void PortalReader::ReadZone(const toml::node& node, const std::string& key) {
  const std::optional<std::string> name = reader_->String(node, key);
  if (!name) return;
  if (!absl::LoadTimeZone(*name, &portal_->time_zone)) {
    return reader_->Error(CatalogReader::PlaceOf(node, key),
                          absl::StrCat("unknown time zone \"", *name, "\"", SuggestZone(*name)),
                          "give a name of the IANA list, such as Asia/Seoul");
  }
  portal_->time_zone_name = *name;
  portal_->has_time_zone = true;
}

void PortalReader::ReadNetworks(const toml::node& node, const std::string& key,
                                std::vector<Network>* out) {
  reader_->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
    if (auto network = reader_->ReadNetwork(element, element_key)) out->push_back(*network);
  });
}

void PortalReader::ReadPopulation(const toml::node& node, const std::string& key) {
  const std::optional<int64_t> population = reader_->Integer(node, key);
  if (!population) return;
  if (*population <= 0) {
    return reader_->Error(CatalogReader::PlaceOf(node, key), "is not above 0",
                          "give the number of residents, or leave it out");
  }
  portal_->population = static_cast<uint64_t>(*population);
}

void PortalReader::ReadIdentity(const toml::node& node, const std::string& key) {
  std::vector<std::string> identity;
  reader_->Each(node, key, [&](const toml::node& element, const std::string& element_key) {
    const std::optional<std::string> name = reader_->String(element, element_key);
    if (!name) return;
    const bool named =
        (name->starts_with("cookie:") || name->starts_with("header:")) && name->size() > 7;
    if (!named && *name != "user" && *name != "address+agent") {
      return reader_->Error(
          CatalogReader::PlaceOf(element, element_key),
          absl::StrCat("unknown identity \"", *name, "\"", DidYouMean(*name, kIdentities)),
          "one of: user, cookie:NAME, header:NAME, address+agent");
    }
    identity.push_back(*name);
  });
  if (!identity.empty()) portal_->identity = std::move(identity);
}

}  // namespace

void ReadPortal(CatalogReader* reader, const toml::node& node, Portal* portal) {
  const toml::table* table = reader->Table(node, "portal", "write [portal] on a line of its own");
  if (table == nullptr) return;
  reader->CheckKeys(*table, "portal.", kPortalKeys);
  PortalReader portal_reader(reader, portal);
  for (const auto& [key, value] : *table) portal_reader.ReadKey(key.str(), value);
}

}  // namespace civlog
