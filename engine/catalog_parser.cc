// From TOML to a checked Catalog. Each part of the document has its reader; all of
// them go on after an error, so that one run finds everything.

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/audience.h"
#include "engine/catalog.h"
#include "engine/catalog_checks.h"
#include "engine/catalog_portal.h"
#include "engine/catalog_reader.h"
#include "engine/catalog_report.h"
#include "engine/catalog_service.h"
#include "engine/text_file.h"

namespace civlog {
namespace {

constexpr size_t kMaxServices = 60'000;

void ReadAudience(CatalogReader* reader, const toml::node& node, std::vector<AudienceRule>* rules) {
  const toml::table* table =
      reader->Table(node, "audience", "write [audience] on a line of its own");
  if (table == nullptr) return;
  std::vector<std::string_view> known;
  for (size_t i = 0; i < kAudienceCount; ++i) {
    if (static_cast<Audience>(i) != Audience::kNoAgent) {
      known.push_back(AudienceName(static_cast<Audience>(i)));
    }
  }
  reader->CheckKeys(*table, "audience.", known);
  for (const auto& entry : CatalogReader::InFileOrder(*table)) {
    const std::string& audience = entry.first;
    reader->Each(*entry.second, "audience." + audience,
                 [&](const toml::node& element, const std::string& key) {
                   if (auto pattern = reader->Pattern(element, key)) {
                     rules->push_back({audience, *std::move(pattern)});
                   }
                 });
  }
}

void ReadPatterns(CatalogReader* reader, const toml::node& node, const std::string& section,
                  std::vector<std::string>* patterns, bool* by_path) {
  const toml::table* table =
      reader->Table(node, section, "write [" + section + "] on a line of its own");
  if (table == nullptr) return;
  std::vector<std::string_view> known = {"patterns"};
  if (by_path != nullptr) known.push_back("by_path");
  reader->CheckKeys(*table, section + ".", known);
  if (const toml::node* list = table->get("patterns")) {
    reader->Each(*list, section + ".patterns",
                 [&](const toml::node& element, const std::string& key) {
                   if (auto pattern = reader->Pattern(element, key)) {
                     patterns->push_back(*std::move(pattern));
                   }
                 });
  }
  if (const toml::node* flag = table->get("by_path"); flag != nullptr && by_path != nullptr) {
    *by_path = reader->Bool(*flag, section + ".by_path").value_or(*by_path);
  }
}

// Returns the keys of the routes of every service.
std::vector<std::vector<std::string>> ReadServices(CatalogReader* reader, const toml::node& node,
                                                   Catalog* catalog) {
  std::vector<std::vector<std::string>> route_keys;
  const toml::array* services = node.as_array();
  if (services == nullptr || !services->is_array_of_tables()) {
    reader->Error(CatalogReader::PlaceOf(node, "service"), "is not a list of tables",
                  "write [[service]] on a line of its own before each service");
    return route_keys;
  }
  if (services->size() > kMaxServices) {
    reader->Error(CatalogReader::PlaceOf(node, "service"),
                  absl::StrCat("more than ", kMaxServices, " services"), "split the catalogue");
    return route_keys;
  }
  absl::flat_hash_map<std::string, uint32_t> lines;
  for (size_t i = 0; i < services->size(); ++i) {
    const toml::table& table = *(*services)[i].as_table();
    const std::string key = absl::StrCat("service[", i, "]");
    ReadService read = ReadServiceTable(reader, table, key);
    const std::string& id = read.service.id;
    const auto [known, is_new] = lines.try_emplace(id, read.service.line);
    if (!is_new && !id.empty()) {
      reader->Error(CatalogReader::PlaceOf(*table.get("id"), key + ".id"),
                    absl::StrCat("\"", id, "\" is also the service at line ", known->second),
                    "give each service an id of its own");
    }
    catalog->services.push_back(std::move(read.service));
    route_keys.push_back(std::move(read.route_keys));
  }
  return route_keys;
}

// FNV-1a (Fowler, Noll, Vo), 64 bits.
std::string Digest(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
  return absl::StrFormat("%016x", hash);
}

void ReadDocument(CatalogReader* reader, const toml::table& root, Catalog* catalog) {
  reader->CheckKeys(root, "",
                    {"portal", "audience", "service", "assets", "scanner", "report", "target"});
  if (const toml::node* node = root.get("portal")) ReadPortal(reader, *node, &catalog->portal);
  if (const toml::node* node = root.get("audience")) {
    ReadAudience(reader, *node, &catalog->audience_rules);
  }
  if (const toml::node* node = root.get("assets")) {
    ReadPatterns(reader, *node, "assets", &catalog->asset_patterns, nullptr);
  }
  if (const toml::node* node = root.get("scanner")) {
    ReadPatterns(reader, *node, "scanner", &catalog->scanner_patterns, &catalog->scanner_by_path);
  }
  if (const toml::node* node = root.get("report")) ReadReport(reader, *node, catalog);
  const toml::node* services = root.get("service");
  const toml::node* targets = root.get("target");
  if (services == nullptr) {
    if (targets != nullptr) ReadTargets(reader, *targets, catalog);
    if (reader->has_error()) return;
    return reader->Warn({1, 1, "service"}, "the catalogue lists no service",
                        "add [[service]] tables");
  }
  const auto route_keys = ReadServices(reader, *services, catalog);
  if (targets != nullptr) ReadTargets(reader, *targets, catalog);
  if (!reader->has_error()) CheckRoutes(reader, *catalog, route_keys);
}

}  // namespace

CatalogResult ParseCatalog(std::string_view text, const std::string& file) {
  CatalogResult result;
  CatalogReader reader(file);
  const toml::parse_result parsed = toml::parse(text, std::string_view(file));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    reader.Error({error.source().begin.line, error.source().begin.column, ""},
                 std::string(error.description()), "correct the TOML syntax here");
    result.diagnostics = reader.TakeDiagnostics();
    return result;
  }
  Catalog catalog;
  catalog.file = file;
  catalog.digest = Digest(text);
  catalog.text = text;
  ReadDocument(&reader, parsed.table(), &catalog);
  const bool failed = reader.has_error();
  result.diagnostics = reader.TakeDiagnostics();
  if (!failed) result.catalog = std::move(catalog);
  return result;
}

CatalogResult LoadCatalog(const std::string& file) {
  const absl::StatusOr<std::string> text = ReadTextFile(file);
  if (text.ok()) return ParseCatalog(*text, file);
  CatalogResult result;
  result.readable = false;
  result.diagnostics.push_back({CatalogDiagnostic::Severity::kError, file, 0, 0, "",
                                absl::StrCat("cannot be read: ", text.status().message()),
                                "check the name given by -c or CIVLOG_CATALOG"});
  return result;
}

}  // namespace civlog
