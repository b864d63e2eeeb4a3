#include "queries/query_plan.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"

namespace civlog {
namespace {

constexpr size_t kMostDimensions = 6;

std::vector<std::string> SplitNames(const std::string& list) {
  std::vector<std::string> names;
  for (absl::string_view name : absl::StrSplit(list, ',')) {
    name = absl::StripAsciiWhitespace(name);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

absl::Status Prefixed(const char* option, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(option, ": ", status.message()));
}

// Keys of queries that the catalogue itself names tell nothing of a citizen.
bool NamesQueryKey(const Catalog* catalog, const std::string& key) {
  if (catalog == nullptr) return false;
  return std::any_of(catalog->services.begin(), catalog->services.end(), [&](const Service& s) {
    return std::any_of(s.routes.begin(), s.routes.end(), [&](const Route& route) {
      return std::any_of(route.query.begin(), route.query.end(),
                         [&](const QueryConstraint& c) { return c.key == key; });
    });
  });
}

absl::Status CheckDimension(const FieldRef& ref, const Catalog* catalog, bool raw) {
  if (ref.field->is_private && !raw) {
    return absl::InvalidArgumentError(
        absl::StrCat("--by ", ref.name(),
                     ": tells one citizen from another; add --raw, or take "
                     "network"));
  }
  if (ref.field->id == FieldId::kQueryKey && !raw && !NamesQueryKey(catalog, ref.key)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--by ", EscapeForTerminal(ref.name()),
        ": no route of the catalogue names this key, and it may hold anything; add --raw"));
  }
  return absl::OkStatus();
}

// Why a measure of visits cannot be told by a dimension; "" where it can.
std::string WhyNotBy(const Measure& measure, const RecordField& field) {
  const bool by_service = field.id == FieldId::kService || field.id == FieldId::kDepartment ||
                          field.id == FieldId::kKind;
  if (measure.family == MeasureFamily::kRecord) {
    return field.id == FieldId::kStage ? "only whole visits have a stage" : "";
  }
  if (measure.family == MeasureFamily::kShare) return "";
  if (!field.of_visit) {
    return "visits and attempts are told by hour, day, week, weekday, hour_of_day, service, "
           "department, kind and stage only";
  }
  if (field.id == FieldId::kStage) {
    return measure.id == MeasureId::kVisits ? "" : "only visits are told by their stage";
  }
  if (measure.family == MeasureFamily::kService || !by_service) return "";
  if (measure.id == MeasureId::kBounceRate) return "a bounce is of the whole visit";
  if (field.id != FieldId::kService) {
    return "one visit may be to several services of one " + std::string(field.name) +
           ", and would be counted more than once; take service";
  }
  return "";
}

absl::Status CheckOnce(const QueryPlan& plan) {
  std::vector<std::string> names;
  for (const FieldRef& ref : plan.dimensions) names.push_back(ref.name());
  for (const Measure* measure : plan.measures) names.emplace_back(measure->name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(EscapeForTerminal(*twice), " is asked for twice: columns have one name each"));
}

absl::Status CheckTogether(const QueryPlan& plan) {
  bool by_stage = false;
  bool by_service = false;
  for (const FieldRef& ref : plan.dimensions) {
    by_stage = by_stage || ref.field->id == FieldId::kStage;
    by_service = by_service || ref.field->id == FieldId::kService ||
                 ref.field->id == FieldId::kDepartment || ref.field->id == FieldId::kKind;
    for (const Measure* measure : plan.measures) {
      const std::string why = WhyNotBy(*measure, *ref.field);
      if (why.empty()) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(ToAbsl(measure->name), " cannot be had by ", ref.name(), ": ", why));
    }
  }
  if (by_stage && by_service) {
    return absl::InvalidArgumentError(
        "visits cannot be had by stage and service at once: the stage is of the whole visit");
  }
  return absl::OkStatus();
}

absl::Status CheckComparison(const QueryPlan& plan, absl::TimeZone zone) {
  if (!plan.compare) return absl::OkStatus();
  const QueryComparison& c = *plan.compare;
  if (c.shift_us < c.until_us - c.since_us) {
    return absl::InvalidArgumentError(
        "--compare is shorter than the period itself: the two would overlap");
  }
  Calendar calendar(zone);
  const auto begins_hour = [&calendar](int64_t time_us) {
    return absl::ToUnixMicros(Calendar::TimeOf(calendar.HourOf(time_us))) == time_us;
  };
  const bool hours = c.shift_us % kMicrosPerHour == 0 && begins_hour(c.since_us) &&
                     begins_hour(c.since_us - c.shift_us);
  if (plan.has_visit_measures() && !hours) {
    return absl::InvalidArgumentError(
        "--compare: visits and attempts are kept by hour; let both periods begin with an hour, "
        "and --compare be whole hours");
  }
  return absl::OkStatus();
}

absl::Status ParseOrder(const std::string& list, QueryPlan* plan) {
  std::vector<std::string> columns;
  for (const FieldRef& ref : plan->dimensions) columns.push_back(ref.name());
  for (const Measure* measure : plan->measures) columns.emplace_back(measure->name);
  for (const std::string& entry : SplitNames(list)) {
    std::string name = entry;
    std::optional<bool> descending;
    for (const auto& [suffix, value] : {std::pair(":desc", true), std::pair(":asc", false)}) {
      if (!name.ends_with(suffix)) continue;
      descending = value;
      name.resize(name.size() - std::strlen(suffix));
    }
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) {
      const std::vector<std::string_view> known(columns.begin(), columns.end());
      return absl::InvalidArgumentError(absl::StrCat(
          "--order: no column \"", EscapeForTerminal(name), "\"", DidYouMean(name, known)));
    }
    const auto column = static_cast<size_t>(found - columns.begin());
    plan->order.push_back({column, descending.value_or(column >= plan->dimensions.size())});
  }
  if (!plan->order.empty()) return absl::OkStatus();
  // Times in their order; else what is most first.
  const bool by_time = !plan->dimensions.empty() && plan->dimensions.front().field->of_visit &&
                       plan->dimensions.front().field->of_line;
  if (!by_time) plan->order.push_back({plan->dimensions.size(), true});
  return absl::OkStatus();
}

// Groups and filters.
class QueryTap : public RecordTap {
 public:
  QueryTap(std::vector<FieldRef> dimensions, std::shared_ptr<const WhereExpression> where,
           FieldReader reader, std::optional<QueryComparison> compare = std::nullopt)
      : reader_(std::move(reader)),
        dimensions_(std::move(dimensions)),
        where_(std::move(where)),
        compare_(compare) {}

  Choice Wants(const TappedRecord& record) override {
    if (compare_ && compare_->PeriodOf(record.batch->time_us[record.i]) < 0) return Choice::kNo;
    return where_ == nullptr ? Choice::kYes : where_->Evaluate(record, &reader_);
  }
  bool WantsClassified(const TappedRecord& record) override {
    return where_->Evaluate(record, &reader_) == Choice::kYes;
  }
  void AppendKey(const TappedRecord& record, std::string* key) override {
    const int64_t time_us = record.batch->time_us[record.i];
    const bool before = compare_ && compare_->PeriodOf(time_us) == 1;
    if (compare_) AppendToKey(FieldValue::Number(before ? 1 : 0), key);
    for (const FieldRef& ref : dimensions_) {
      // Rows of the period before stand beside those of this one.
      AppendToKey(before && IsTimeDimension(*ref.field)
                      ? reader_.OfTime(ref.field->id, time_us + compare_->shift_us)
                      : reader_.ReadForGroup(ref, record),
                  key);
    }
  }
  void Write(const TappedRecord& /*record*/, std::string* /*out*/) override {}

 protected:
  FieldReader reader_;

 private:
  std::vector<FieldRef> dimensions_;
  std::shared_ptr<const WhereExpression> where_;
  std::optional<QueryComparison> compare_;
};

// Filters, and writes what is left.
class WritingTap : public QueryTap {
 public:
  WritingTap(std::shared_ptr<const WhereExpression> where, FieldReader reader, RecordForm form,
             absl::TimeZone zone)
      : QueryTap({}, std::move(where), std::move(reader)), form_(form), zone_(zone) {}

  void Write(const TappedRecord& record, std::string* out) override {
    const std::string_view line = record.batch->raw[record.i];
    if (form_ == RecordForm::kRaw) out->append(line);
    if (form_ == RecordForm::kEscaped) out->append(EscapeForTerminal(line));
    if (form_ == RecordForm::kJson) out->append(Json(record));
    out->push_back('\n');
  }

 private:
  std::string Json(const TappedRecord& record);

  RecordForm form_;
  absl::TimeZone zone_;
};

std::string WritingTap::Json(const TappedRecord& record) {
  using nlohmann::ordered_json;
  const RecordBatch& batch = *record.batch;
  const size_t i = record.i;
  const auto number = [](int64_t value) {
    return value < 0 ? ordered_json(nullptr) : ordered_json(value);
  };
  const auto text = [](std::string_view value) {
    return value.empty() ? ordered_json(nullptr) : ordered_json(EscapeForTerminal(value));
  };
  ordered_json json;
  json["line"] = batch.line[i];
  json["time"] =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", absl::FromUnixMicros(batch.time_us[i]), zone_);
  for (size_t f = 0; f < kTextFieldCount; ++f) {
    const auto field = static_cast<TextField>(f);
    if (field == TextField::kReferrer) {
      json["status"] = batch.status[i];
      json["bytes_sent"] = number(batch.bytes_sent[i]);
    }
    json[std::string(TextFieldName(field))] = text(batch.Get(field, i));
  }
  json["latency_us"] = number(batch.latency_us[i]);
  for (const FieldId id : {FieldId::kAudience, FieldId::kBucket, FieldId::kService, FieldId::kStep,
                           FieldId::kAct, FieldId::kRoute}) {
    const auto* const field =
        std::find_if(RecordFields().begin(), RecordFields().end(),
                     [id](const RecordField& known) { return known.id == id; });
    const FieldValue value = reader_.Read({field, ""}, record);
    json[std::string(field->name)] =
        value.kind == FieldValue::Kind::kText ? text(value.text) : ordered_json(nullptr);
  }
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

bool QueryPlan::has_record_measures() const {
  return std::any_of(
             measures.begin(), measures.end(),
             [](const Measure* measure) { return measure->family == MeasureFamily::kRecord; }) ||
         share_of->family == MeasureFamily::kRecord;
}

bool QueryPlan::has_visit_measures() const {
  return std::any_of(measures.begin(), measures.end(), [](const Measure* measure) {
    return measure->family == MeasureFamily::kVisit || measure->family == MeasureFamily::kService;
  });
}

absl::StatusOr<QueryPlan> MakeQueryPlan(const QueryRequest& request, const Catalog* catalog,
                                        absl::TimeZone zone) {
  QueryPlan plan;
  for (const std::string& name : SplitNames(request.select.empty() ? "requests" : request.select)) {
    absl::StatusOr<const Measure*> measure = FindMeasure(name);
    if (!measure.ok()) return Prefixed("--select", measure.status());
    plan.measures.push_back(*measure);
  }
  if (plan.measures.empty()) {
    return absl::InvalidArgumentError("--select names nothing; see `civlog query --list`");
  }
  for (const std::string& name : SplitNames(request.by)) {
    absl::StatusOr<FieldRef> field = FindRecordField(name, false);
    if (!field.ok()) return Prefixed("--by", field.status());
    RETURN_IF_ERROR(CheckDimension(*field, catalog, request.raw));
    plan.dimensions.push_back(*std::move(field));
  }
  if (plan.dimensions.size() > kMostDimensions) {
    return absl::InvalidArgumentError(
        absl::StrCat("--by takes at most ", kMostDimensions, " names"));
  }
  const auto count = std::find_if(plan.measures.begin(), plan.measures.end(), [](const Measure* m) {
    return m->unit == MeasureUnit::kCount || m->unit == MeasureUnit::kBytes;
  });
  plan.share_of = count != plan.measures.end() ? *count : &Measures().front();
  const bool shares = std::any_of(plan.measures.begin(), plan.measures.end(), [](const Measure* m) {
    return m->family == MeasureFamily::kShare;
  });
  if (!shares) plan.share_of = plan.measures.front();
  RETURN_IF_ERROR(CheckOnce(plan));
  RETURN_IF_ERROR(CheckTogether(plan));
  const bool counts = std::any_of(plan.measures.begin(), plan.measures.end(),
                                  [](const Measure* m) { return m->unit == MeasureUnit::kCount; });
  if (request.at_least > 0 && !counts) {
    return absl::InvalidArgumentError("--min needs a count among the measures, such as requests");
  }
  if (!request.where.empty()) {
    ASSIGN_OR_RETURN(plan.where, WhereExpression::Parse(request.where, zone));
  }
  plan.compare = request.compare;
  RETURN_IF_ERROR(CheckComparison(plan, zone));
  RETURN_IF_ERROR(ParseOrder(request.order, &plan));
  plan.top = request.top;
  plan.at_least = request.at_least;
  plan.totals = request.totals;
  return plan;
}

void AppendToKey(const FieldValue& value, std::string* key) {
  key->push_back(static_cast<char>(value.kind));
  if (value.kind == FieldValue::Kind::kNumber) {
    key->append(reinterpret_cast<const char*>(&value.number), sizeof(value.number));
  } else if (value.kind == FieldValue::Kind::kText) {
    const auto size = static_cast<uint16_t>(value.text.size());
    key->append(reinterpret_cast<const char*>(&size), sizeof(size));
    key->append(value.text);
  }
}

std::vector<FieldValue> ValuesOfKey(std::string_view key) {
  std::vector<FieldValue> values;
  while (!key.empty()) {
    FieldValue value;
    value.kind = static_cast<FieldValue::Kind>(key.front());
    key.remove_prefix(1);
    if (value.kind == FieldValue::Kind::kNumber) {
      std::memcpy(&value.number, key.data(), sizeof(value.number));
      key.remove_prefix(sizeof(value.number));
    } else if (value.kind == FieldValue::Kind::kText) {
      uint16_t size = 0;
      std::memcpy(&size, key.data(), sizeof(size));
      value.text = key.substr(sizeof(size), size);
      key.remove_prefix(sizeof(size) + size);
    }
    values.push_back(value);
  }
  return values;
}

TimeDetail QueryPlan::time_detail() const {
  const bool by_time = std::any_of(dimensions.begin(), dimensions.end(),
                                   [](const FieldRef& ref) { return IsTimeDimension(*ref.field); });
  return by_time || compare ? TimeDetail::kServicesByHour : TimeDetail::kPortalByHour;
}

void ListenFor(const QueryPlan& plan, const Catalog* catalog, const std::string& language,
               RunOptions* run) {
  run->follows_visits = plan.has_visit_measures();
  run->time_detail = plan.time_detail();
  if (plan.has_record_measures()) {
    GroupNeeds needs;
    for (const Measure* measure : plan.measures) {
      needs.latency = needs.latency || measure->unit == MeasureUnit::kMilliseconds;
      needs.visitors = needs.visitors || measure->id == MeasureId::kVisitors;
    }
    run->groups = needs;
  }
  if (plan.compare) {
    run->since_us = plan.compare->since_us - plan.compare->shift_us;
    run->until_us = plan.compare->until_us;
  }
  run->make_tap = [dimensions = plan.dimensions, where = plan.where, compare = plan.compare,
                   catalog, language, zone = run->time_zone](const ServiceModel& services) {
    return std::make_unique<QueryTap>(dimensions, where,
                                      FieldReader(catalog, &services, zone, language), compare);
  };
}

void WriteRecords(std::shared_ptr<const WhereExpression> where, const Catalog* catalog,
                  RecordForm form, RunOptions* run) {
  run->follows_visits = false;
  run->one_by_one = true;
  run->make_tap = [where = std::move(where), catalog, form,
                   zone = run->time_zone](const ServiceModel& services) {
    return std::make_unique<WritingTap>(where, FieldReader(catalog, &services, zone, "en"), form,
                                        zone);
  };
}

void FilterBy(std::shared_ptr<const WhereExpression> where, const Catalog* catalog,
              RunOptions* run) {
  run->make_tap = [where = std::move(where), catalog,
                   zone = run->time_zone](const ServiceModel& services) {
    return std::make_unique<QueryTap>(std::vector<FieldRef>(), where,
                                      FieldReader(catalog, &services, zone, "en"));
  };
}

}  // namespace civlog
