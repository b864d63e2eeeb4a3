// Reads typed values out of a TOML document and collects what is wrong with it.

#ifndef CIVLOG_ENGINE_CATALOG_READER_H_
#define CIVLOG_ENGINE_CATALOG_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/catalog.h"
#include "engine/toml_library.h"

namespace civlog {

// The place of a problem and the key it is about.
struct CatalogPlace {
  uint32_t line = 0;
  uint32_t column = 0;
  std::string key;
};

// Collects diagnostics. Every reader function returns nullopt after it has noted an
// error, and the caller goes on, so that one run finds all.
class CatalogReader {
 public:
  explicit CatalogReader(std::string file) : file_(std::move(file)) {}

  void Error(const CatalogPlace& place, std::string message, std::string remedy);
  void Warn(const CatalogPlace& place, std::string message, std::string remedy);

  static CatalogPlace PlaceOf(const toml::node& node, std::string key);

  // Notes every key of `table` that is not in `known`, with the nearest that is.
  void CheckKeys(const toml::table& table, const std::string& prefix,
                 const std::vector<std::string_view>& known);

  std::optional<std::string> String(const toml::node& node, const std::string& key);
  std::optional<bool> Bool(const toml::node& node, const std::string& key);
  std::optional<int64_t> Integer(const toml::node& node, const std::string& key);
  // Whole or with a point; finite.
  std::optional<double> Number(const toml::node& node, const std::string& key);
  // "30m", "90s", "2h", "7d", "1w"; above 0, at most a year.
  std::optional<absl::Duration> Duration(const toml::node& node, const std::string& key);
  // A TOML date, or a string like "2026-11-20".
  std::optional<absl::CivilDay> Date(const toml::node& node, const std::string& key);
  // A table; an error says that `remedy` makes one.
  const toml::table* Table(const toml::node& node, const std::string& key, std::string remedy);
  // A string, or a table of strings by language. Not empty.
  std::optional<LocalizedText> Localized(const toml::node& node, const std::string& key);
  std::optional<Network> ReadNetwork(const toml::node& node, const std::string& key);
  // The position in `allowed` of a string that is one of them.
  std::optional<size_t> OneOf(const toml::node& node, const std::string& key,
                              const std::vector<std::string_view>& allowed);
  // A string that compiles as RE2.
  std::optional<std::string> Pattern(const toml::node& node, const std::string& key);
  // The keys of a table in the order of the file; TOML keeps them sorted by name.
  static std::vector<std::pair<std::string, const toml::node*>> InFileOrder(
      const toml::table& table);

  // An array, or one element standing for an array of one: calls visit(element, key).
  template <typename Visit>
  void Each(const toml::node& node, const std::string& key, Visit visit) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return visit(node, key);
    for (size_t i = 0; i < array->size(); ++i) {
      visit((*array)[i], key + "[" + std::to_string(i) + "]");
    }
  }

  // Diagnostics in file order.
  std::vector<CatalogDiagnostic> TakeDiagnostics();
  bool has_error() const { return has_error_; }

 private:
  void Add(CatalogDiagnostic::Severity severity, const CatalogPlace& place, std::string message,
           std::string remedy);

  std::string file_;
  std::vector<CatalogDiagnostic> diagnostics_;
  bool has_error_ = false;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CATALOG_READER_H_
