#include "engine/catalog_report.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/target_metric.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

const std::vector<std::string_view> kTargetKeys = {"service", "metric",   "comparison", "value",
                                                   "by",      "baseline", "source"};
const std::vector<std::string_view> kBaselineKeys = {"value", "date"};
const std::vector<std::string_view> kComparisons = {">=", "<="};

std::string KindsThatHave(const TargetMetric& metric) {
  std::string kinds;
  for (size_t i = 0; i < kServiceKindCount; ++i) {
    const auto kind = static_cast<ServiceKind>(i);
    if (!metric.Has(kind)) continue;
    absl::StrAppend(&kinds, kinds.empty() ? "" : ", ", ToAbsl(ServiceKindName(kind)));
  }
  return kinds;
}

// One [[target]].
class TargetReader {
 public:
  TargetReader(CatalogReader* reader, const toml::table& table, std::string key,
               const Catalog& catalog)
      : reader_(reader), table_(table), key_(std::move(key)), catalog_(catalog) {}

  PlanTarget Read();

 private:
  void ReadService();
  void ReadMetric();
  void ReadComparison();
  void ReadBaseline();
  void CheckScope();
  // A value of the metric's unit.
  std::optional<double> Value(const toml::node& node, const std::string& key);
  // Null, and an error, where it is not there.
  const toml::node* Required(const char* name, const char* remedy);
  CatalogPlace Place(const char* name) const {
    const toml::node* node = table_.get(name);
    return CatalogReader::PlaceOf(node == nullptr ? static_cast<const toml::node&>(table_) : *node,
                                  absl::StrCat(key_, ".", name));
  }
  std::string Key(const char* name) const { return absl::StrCat(key_, ".", name); }

  CatalogReader* reader_;
  const toml::table& table_;
  const std::string key_;
  const Catalog& catalog_;
  PlanTarget target_;
  const TargetMetric* metric_ = nullptr;
  const Service* service_ = nullptr;
  bool knows_service_ = true;  // else nothing that depends on it is checked
};

const toml::node* TargetReader::Required(const char* name, const char* remedy) {
  const toml::node* node = table_.get(name);
  if (node == nullptr) reader_->Error(Place(name), "is missing", remedy);
  return node;
}

void TargetReader::ReadService() {
  const toml::node* node = table_.get("service");
  if (node == nullptr) return;
  const std::optional<std::string> id = reader_->String(*node, Key("service"));
  const std::optional<size_t> found = id ? catalog_.FindService(*id) : std::nullopt;
  knows_service_ = found.has_value();
  if (found) {
    service_ = &catalog_.services[*found];
    target_.service = *id;
  } else if (id) {
    std::vector<std::string_view> known;
    for (const Service& service : catalog_.services) known.push_back(service.id);
    reader_->Error(Place("service"),
                   absl::StrCat("\"", *id, "\" is no service", DidYouMean(*id, known)),
                   "give a service's id; without one the target is the whole portal's");
  }
}

void TargetReader::ReadMetric() {
  const toml::node* node = Required("metric", "say what is to be reached, such as completion_rate");
  if (node == nullptr) return;
  const std::optional<std::string> name = reader_->String(*node, Key("metric"));
  if (!name) return;
  metric_ = FindTargetMetric(*name);
  if (metric_ != nullptr) {
    target_.metric = *name;
    return CheckScope();
  }
  std::vector<std::string_view> known;
  std::string list;
  for (const TargetMetric& metric : TargetMetrics()) {
    known.push_back(metric.name);
    absl::StrAppend(&list, list.empty() ? "" : ", ", ToAbsl(metric.name));
  }
  reader_->Error(Place("metric"),
                 absl::StrCat("\"", *name, "\" is no metric", DidYouMean(*name, known)),
                 absl::StrCat("one of: ", list));
}

void TargetReader::CheckScope() {
  if (!knows_service_) return;
  if (service_ == nullptr) {
    if (metric_->of_portal) return;
    return reader_->Error(Place("metric"),
                          absl::StrCat(target_.metric, " is not one of the whole portal"),
                          "name the service that it is of");
  }
  if (metric_->Has(service_->kind)) return;
  const std::string kinds = KindsThatHave(*metric_);
  reader_->Error(
      Place("metric"),
      absl::StrCat(target_.metric, kinds.empty() ? " is of the whole portal only" : " is none of ",
                   kinds.empty() ? ToAbsl("") : ToAbsl(ServiceKindName(service_->kind)),
                   kinds.empty() ? "" : " services"),
      kinds.empty() ? "leave the service out" : absl::StrCat("services that have it: ", kinds));
}

void TargetReader::ReadComparison() {
  const toml::node* node = Required("comparison", "write \">=\" or \"<=\"");
  if (node == nullptr) return;
  if (const auto sign = reader_->OneOf(*node, Key("comparison"), kComparisons)) {
    target_.comparison = *sign == 0 ? Comparison::kAtLeast : Comparison::kAtMost;
  }
}

std::optional<double> TargetReader::Value(const toml::node& node, const std::string& key) {
  const std::optional<double> value = reader_->Number(node, key);
  if (!value) return std::nullopt;
  const CatalogPlace place = CatalogReader::PlaceOf(node, key);
  if (*value < 0) {
    reader_->Error(place, "is below 0", "give what can be reached");
    return std::nullopt;
  }
  if (metric_ == nullptr || metric_->unit != TargetUnit::kShare || *value <= 1) return value;
  reader_->Error(place, absl::StrCat(*value, " is more than the whole"),
                 "shares are parts of 1: write 0.85 for 85 %");
  return std::nullopt;
}

void TargetReader::ReadBaseline() {
  const toml::node* node = table_.get("baseline");
  if (node == nullptr) return;
  const std::string key = Key("baseline");
  const toml::table* table =
      reader_->Table(*node, key, "write { value = 0.70, date = 2026-01-01 }");
  if (table == nullptr) return;
  reader_->CheckKeys(*table, key + ".", kBaselineKeys);
  const toml::node* value = table->get("value");
  const toml::node* date = table->get("date");
  if (value == nullptr || date == nullptr) {
    return reader_->Error(Place("baseline"), value == nullptr ? "has no value" : "has no date",
                          "write { value = 0.70, date = 2026-01-01 }");
  }
  const std::optional<double> from = Value(*value, key + ".value");
  const std::optional<absl::CivilDay> day = reader_->Date(*date, key + ".date");
  if (!from || !day) return;
  if (*day >= target_.by && target_.by != absl::CivilDay()) {
    return reader_->Error(CatalogReader::PlaceOf(*date, key + ".date"),
                          "is not before the day by which the target is to be reached",
                          "give the day that the baseline was measured on");
  }
  target_.baseline = TargetBaseline{*from, *day};
}

PlanTarget TargetReader::Read() {
  reader_->CheckKeys(table_, key_ + ".", kTargetKeys);
  target_.line = table_.source().begin.line;
  ReadService();
  ReadMetric();
  ReadComparison();
  if (const toml::node* value = Required("value", "say how much is to be reached")) {
    target_.value = Value(*value, Key("value")).value_or(0);
  }
  if (const toml::node* by = Required("by", "say by when, such as 2026-12-31")) {
    target_.by = reader_->Date(*by, Key("by")).value_or(absl::CivilDay());
  }
  ReadBaseline();
  if (const toml::node* source = table_.get("source")) {
    target_.source = reader_->Localized(*source, Key("source")).value_or(LocalizedText());
  }
  return target_;
}

}  // namespace

void ReadReport(CatalogReader* reader, const toml::node& node, Catalog* catalog) {
  const toml::table* table = reader->Table(node, "report", "write [report] on a line of its own");
  if (table == nullptr) return;
  reader->CheckKeys(*table, "report.", {"channels"});
  const toml::node* channels = table->get("channels");
  if (channels == nullptr) return;
  const std::optional<std::string> file = reader->String(*channels, "report.channels");
  if (!file) return;
  if (file->empty()) {
    return reader->Error(CatalogReader::PlaceOf(*channels, "report.channels"), "is empty",
                         "name the file, or leave it out");
  }
  catalog->channels_file = (std::filesystem::path(catalog->file).parent_path() / *file).string();
}

void ReadTargets(CatalogReader* reader, const toml::node& node, Catalog* catalog) {
  const toml::array* targets = node.as_array();
  if (targets == nullptr || !targets->is_array_of_tables()) {
    return reader->Error(CatalogReader::PlaceOf(node, "target"), "is not a list of tables",
                         "write [[target]] on a line of its own before each target");
  }
  std::map<std::tuple<std::string, std::string, absl::CivilDay>, uint32_t> lines;
  for (size_t i = 0; i < targets->size(); ++i) {
    const toml::table& table = *(*targets)[i].as_table();
    const std::string key = absl::StrCat("target[", i, "]");
    PlanTarget target = TargetReader(reader, table, key, *catalog).Read();
    const auto [known, is_new] =
        lines.try_emplace({target.service, target.metric, target.by}, target.line);
    if (!is_new && !target.metric.empty()) {
      reader->Error(
          CatalogReader::PlaceOf(table, key),
          absl::StrCat("is set for the same metric and day as the target at line ", known->second),
          "keep one of them");
    }
    catalog->targets.push_back(std::move(target));
  }
}

}  // namespace civlog
