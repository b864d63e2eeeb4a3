#include "engine/catalog_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/durations.h"
#include "engine/regex_check.h"
#include "engine/visitor.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

std::string_view TypeName(const toml::node& node) {
  if (node.is_string()) return "a string";
  if (node.is_integer()) return "a number";
  if (node.is_floating_point()) return "a number with a point or exponent";
  if (node.is_boolean()) return "a boolean";
  if (node.is_array()) return "an array";
  if (node.is_table()) return "a table";
  return "a date or time";
}

std::string Expected(std::string_view wanted, const toml::node& node) {
  return absl::StrCat("is ", ToAbsl(TypeName(node)), ", not ", ToAbsl(wanted));
}

std::string Joined(const std::vector<std::string_view>& words) {
  return absl::StrJoin(words, ", ",
                       [](std::string* out, std::string_view word) { out->append(word); });
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
    std::string remedy = nearest.empty() ? absl::StrCat("known here: ", Joined(known))
                                         : absl::StrCat("did you mean \"", ToAbsl(nearest), "\"?");
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

std::optional<double> CatalogReader::Number(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_integer()) return static_cast<double>(value->get());
  const auto* value = node.as_floating_point();
  if (value != nullptr && std::isfinite(value->get())) return value->get();
  Error(PlaceOf(node, key), value == nullptr ? Expected("a number", node) : "is no number",
        "write it in digits, without quotes");
  return std::nullopt;
}

std::optional<size_t> CatalogReader::OneOf(const toml::node& node, const std::string& key,
                                           const std::vector<std::string_view>& allowed) {
  const std::optional<std::string> text = String(node, key);
  if (!text) return std::nullopt;
  const auto found = std::find(allowed.begin(), allowed.end(), *text);
  if (found != allowed.end()) return static_cast<size_t>(found - allowed.begin());
  Error(PlaceOf(node, key),
        absl::StrCat("unknown value \"", *text, "\"", DidYouMean(*text, allowed)),
        absl::StrCat("one of: ", Joined(allowed)));
  return std::nullopt;
}

std::optional<absl::Duration> CatalogReader::Duration(const toml::node& node,
                                                      const std::string& key) {
  constexpr absl::Duration kLongest = absl::Hours(24 * 366);
  constexpr char kRemedy[] =
      "write a number and a unit, such as \"30m\", \"90s\", \"2h\" or \"7d\"";
  const auto* text = node.as_string();
  if (text == nullptr) {
    Error(PlaceOf(node, key), Expected("a duration", node), kRemedy);
    return std::nullopt;
  }
  const std::optional<absl::Duration> duration = ParseDuration(text->get());
  if (!duration) {
    Error(PlaceOf(node, key), absl::StrCat("\"", text->get(), "\" is no duration"), kRemedy);
    return std::nullopt;
  }
  if (*duration > absl::ZeroDuration() && *duration <= kLongest) return duration;
  Error(PlaceOf(node, key),
        absl::StrCat("\"", text->get(), "\" is ",
                     *duration > kLongest ? "longer than a year" : "no time at all"),
        "give something from 1s to 366d");
  return std::nullopt;
}

std::optional<absl::CivilDay> CatalogReader::Date(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_date()) {
    const toml::date date = value->get();
    return absl::CivilDay(date.year, date.month, date.day);
  }
  absl::CivilDay day;
  const auto* text = node.as_string();
  if (text != nullptr && absl::ParseCivilTime(text->get(), &day)) return day;
  Error(PlaceOf(node, key),
        text == nullptr ? Expected("a day", node)
                        : absl::StrCat("\"", text->get(), "\" is no day of the calendar"),
        "write it like 2026-11-20");
  return std::nullopt;
}

const toml::table* CatalogReader::Table(const toml::node& node, const std::string& key,
                                        std::string remedy) {
  const toml::table* table = node.as_table();
  if (table == nullptr) Error(PlaceOf(node, key), Expected("a table", node), std::move(remedy));
  return table;
}

std::vector<std::pair<std::string, const toml::node*>> CatalogReader::InFileOrder(
    const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, value] : table) entries.emplace_back(key.str(), &value);
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    const toml::source_position& x = a.second->source().begin;
    const toml::source_position& y = b.second->source().begin;
    return std::tie(x.line, x.column) < std::tie(y.line, y.column);
  });
  return entries;
}

std::optional<LocalizedText> CatalogReader::Localized(const toml::node& node,
                                                      const std::string& key) {
  constexpr char kRemedy[] = "write a string, or one a language: { en = \"...\", ko = \"...\" }";
  LocalizedText text;
  const auto read = [&](const std::string& language, const toml::node& value,
                        const std::string& value_key) {
    std::optional<std::string> written = String(value, value_key);
    if (!written) return;
    if (written->empty())
      Error(PlaceOf(value, value_key), "is empty", "leave it out, or fill it in");
    text.by_language.emplace_back(language, *std::move(written));
  };
  if (node.is_string()) {
    read("", node, key);
    return text;
  }
  const toml::table* table = node.as_table();
  if (table == nullptr || table->empty()) {
    Error(PlaceOf(node, key),
          table == nullptr ? Expected("a text", node) : std::string("names no language"), kRemedy);
    return std::nullopt;
  }
  for (const auto& [language, value] : InFileOrder(*table)) {
    read(language, *value, absl::StrCat(key, ".", language));
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
  std::string problem = RegexProblem(*text);
  if (problem.empty()) return text;
  Error(PlaceOf(node, key), std::move(problem), "RE2 syntax is expected");
  return std::nullopt;
}

}  // namespace civlog
