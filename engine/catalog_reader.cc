#include "engine/catalog_reader.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/visitor.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

std::string_view TypeName(const toml::node& node) {
  if (node.is_string()) return "a string";
  if (node.is_integer() || node.is_floating_point()) return "a number";
  if (node.is_boolean()) return "a boolean";
  if (node.is_array()) return "an array";
  if (node.is_table()) return "a table";
  return "a date or time";
}

std::string Expected(std::string_view wanted, const toml::node& node) {
  return absl::StrCat("is ", ToAbsl(TypeName(node)), ", not ", ToAbsl(wanted));
}

std::optional<int> ParsePrefix(std::string_view text, int bits) {
  int prefix = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (error != std::errc() || end != text.data() + text.size() || prefix < 0 || prefix > bits) {
    return std::nullopt;
  }
  return prefix;
}

}  // namespace

CatalogPlace CatalogReader::PlaceOf(const toml::node& node, std::string key) {
  const toml::source_position& begin = node.source().begin;
  return {begin.line, begin.column, std::move(key)};
}

void CatalogReader::Add(CatalogDiagnostic::Severity severity, const CatalogPlace& place,
                        std::string message, std::string remedy) {
  diagnostics_.push_back({severity, file_, place.line, place.column, place.key, std::move(message),
                          std::move(remedy)});
}

void CatalogReader::Error(const CatalogPlace& place, std::string message, std::string remedy) {
  has_error_ = true;
  Add(CatalogDiagnostic::Severity::kError, place, std::move(message), std::move(remedy));
}

void CatalogReader::Warn(const CatalogPlace& place, std::string message, std::string remedy) {
  Add(CatalogDiagnostic::Severity::kWarning, place, std::move(message), std::move(remedy));
}

std::vector<CatalogDiagnostic> CatalogReader::TakeDiagnostics() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [](const CatalogDiagnostic& a, const CatalogDiagnostic& b) {
                     return std::tie(a.line, a.column) < std::tie(b.line, b.column);
                   });
  return std::move(diagnostics_);
}

void CatalogReader::CheckKeys(const toml::table& table, const std::string& prefix,
                              const std::vector<std::string_view>& known) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const toml::source_position& begin = key.source().begin;
    const std::string_view nearest = Nearest(key.str(), known);
    std::string remedy;
    if (!nearest.empty()) {
      remedy = absl::StrCat("did you mean \"", ToAbsl(nearest), "\"?");
    } else {
      remedy = "known here: ";
      for (size_t i = 0; i < known.size(); ++i) {
        absl::StrAppend(&remedy, i == 0 ? "" : ", ", ToAbsl(known[i]));
      }
    }
    Error({begin.line, begin.column, prefix + std::string(key.str())}, "unknown key",
          std::move(remedy));
  }
}

std::optional<std::string> CatalogReader::String(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_string()) return value->get();
  Error(PlaceOf(node, key), Expected("a string", node), "put it in quotes");
  return std::nullopt;
}

std::optional<bool> CatalogReader::Bool(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_boolean()) return value->get();
  Error(PlaceOf(node, key), Expected("a boolean", node), "write true or false");
  return std::nullopt;
}

std::optional<int64_t> CatalogReader::Integer(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_integer()) return value->get();
  Error(PlaceOf(node, key), Expected("a whole number", node), "write it in digits, without quotes");
  return std::nullopt;
}

std::optional<absl::Duration> CatalogReader::Duration(const toml::node& node,
                                                      const std::string& key) {
  static const RE2 pattern(R"((\d{1,9})(s|m|h|d|w))");
  constexpr char kRemedy[] =
      "write a number and a unit, such as \"30m\", \"90s\", \"2h\" or \"7d\"";
  int64_t amount = 0;
  std::string unit;
  const auto* value = node.as_string();
  if (value == nullptr || !RE2::FullMatch(value->get(), pattern, &amount, &unit) || amount == 0) {
    Error(PlaceOf(node, key),
          value == nullptr ? Expected("a duration", node)
                           : absl::StrCat("\"", value->get(), "\" is no duration"),
          kRemedy);
    return std::nullopt;
  }
  const int64_t seconds = unit == "s"   ? 1
                          : unit == "m" ? 60
                          : unit == "h" ? 3600
                          : unit == "d" ? 86400
                                        : 7 * 86400;
  return absl::Seconds(amount * seconds);
}

std::optional<absl::CivilDay> CatalogReader::Date(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_date()) {
    const toml::date date = value->get();
    return absl::CivilDay(date.year, date.month, date.day);
  }
  absl::CivilDay day;
  const auto* text = node.as_string();
  if (text != nullptr && absl::ParseCivilTime(text->get(), &day)) return day;
  Error(PlaceOf(node, key), "is no date", "write it like 2026-11-20");
  return std::nullopt;
}

std::optional<LocalizedText> CatalogReader::Localized(const toml::node& node,
                                                      const std::string& key) {
  LocalizedText text;
  if (const auto* plain = node.as_string()) {
    text.by_language.emplace_back("", plain->get());
    return text;
  }
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    Error(PlaceOf(node, key), Expected("a text", node),
          "write a string, or one a language: { en = \"...\", ko = \"...\" }");
    return std::nullopt;
  }
  for (const auto& [language, value] : *table) {
    const std::string name(language.str());
    if (auto translated = String(value, key + "." + name)) {
      text.by_language.emplace_back(name, *std::move(translated));
    }
  }
  return text;
}

std::optional<Network> CatalogReader::ReadNetwork(const toml::node& node, const std::string& key) {
  const std::optional<std::string> text = String(node, key);
  if (!text) return std::nullopt;
  const std::string_view view = *text;
  const size_t slash = view.find('/');
  const std::optional<AddressBytes> address = ParseAddress(view.substr(0, slash));
  const bool is_ipv4 = view.substr(0, slash).find(':') == std::string_view::npos;
  const int bits = is_ipv4 ? 32 : 128;
  const std::optional<int> prefix =
      slash == std::string_view::npos ? bits : ParsePrefix(view.substr(slash + 1), bits);
  if (!address || !prefix) {
    Error(PlaceOf(node, key), absl::StrCat("\"", *text, "\" is no network"),
          "write an address with the bits of its prefix, such as \"192.0.2.0/24\"");
    return std::nullopt;
  }
  Network network;
  std::copy(address->begin(), address->end(), network.address);
  network.prefix_bits = static_cast<uint8_t>(*prefix + 128 - bits);
  network.text = *text;
  return network;
}

std::optional<std::string> CatalogReader::Pattern(const toml::node& node, const std::string& key) {
  std::optional<std::string> text = String(node, key);
  if (!text) return std::nullopt;
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 pattern(*text, options);
  if (pattern.ok() && !text->empty()) return text;
  Error(PlaceOf(node, key),
        text->empty() ? "the pattern is empty"
                      : absl::StrCat("the pattern does not compile: ", pattern.error(), " at \"",
                                     pattern.error_arg(), "\""),
        "RE2 syntax is expected");
  return std::nullopt;
}

}  // namespace civlog
