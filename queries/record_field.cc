#include "queries/record_field.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "engine/path.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"
#include "queries/escape.h"
#include "queries/figure_text.h"

namespace civlog {
namespace {

using Id = FieldId;
using Type = FieldType;

constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
// Rows are told by so much of a text.
constexpr size_t kMostKeyBytes = 512;

constexpr bool kOfLine = true;
constexpr bool kFilters = true;
constexpr bool kGroups = true;
constexpr bool kOfVisit = true;
constexpr bool kPrivate = true;

constexpr RecordField kFields[] = {
    {Id::kTime, "time", Type::kTime, kOfLine, kFilters, false, false, false,
     "when the request was answered: time >= 2026-11-20T14:00"},
    {Id::kMinute, "minute", Type::kTime, kOfLine, false, kGroups, false, false, "minutes"},
    {Id::kTenMinutes, "10min", Type::kTime, kOfLine, false, kGroups, false, false,
     "ten minutes, from the full hour on"},
    {Id::kHour, "hour", Type::kTime, kOfLine, false, kGroups, kOfVisit, false, "hours"},
    {Id::kDay, "day", Type::kTime, kOfLine, false, kGroups, kOfVisit, false, "days"},
    {Id::kWeek, "week", Type::kTime, kOfLine, false, kGroups, kOfVisit, false,
     "ISO weeks: 2026-W47"},
    {Id::kWeekday, "weekday", Type::kText, kOfLine, kFilters, kGroups, kOfVisit, false,
     "mon, tue, wed, thu, fri, sat, sun"},
    {Id::kHourOfDay, "hour_of_day", Type::kNumber, kOfLine, kFilters, kGroups, kOfVisit, false,
     "0 to 23"},
    {Id::kService, "service", Type::kText, false, kFilters, kGroups, kOfVisit, false,
     "the service's id; without a catalogue the first path segment"},
    {Id::kDepartment, "department", Type::kText, false, kFilters, kGroups, kOfVisit, false,
     "the department of the service"},
    {Id::kKind, "kind", Type::kText, false, kFilters, kGroups, kOfVisit, false,
     "information, interaction, transaction or participation"},
    {Id::kStep, "step", Type::kText, false, kFilters, kGroups, false, false,
     "the step or end of a transaction that the request is on"},
    {Id::kAct, "act", Type::kText, false, kFilters, kGroups, false, false,
     "the act that the request did: accepted, as acts are"},
    {Id::kStage, "stage", Type::kText, false, false, kGroups, kOfVisit, false,
     "deepest stage of a visit: enhanced, interactive, transactional, seamless"},
    {Id::kAudience, "audience", Type::kText, false, kFilters, kGroups, false, false,
     "citizen, search_engine, ai_crawler, monitor, scanner, ..."},
    {Id::kBucket, "bucket", Type::kText, false, kFilters, kGroups, false, false,
     "counted, asset, not_citizen, outside_portal or unreadable_request"},
    {Id::kStatus, "status", Type::kNumber, kOfLine, kFilters, kGroups, false, false,
     "the answer's status code"},
    {Id::kStatusClass, "status_class", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "1xx, 2xx, 3xx, 4xx, 5xx or other"},
    {Id::kMethod, "method", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "GET, POST, ..."},
    {Id::kProtocol, "protocol", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "HTTP/1.1, HTTP/2.0, ..."},
    {Id::kPath, "path", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "the normalised path, without the query"},
    {Id::kRoute, "route", Type::kText, false, kFilters, kGroups, false, false,
     "the catalogue's route that the request is on"},
    {Id::kQueryKey, "query", Type::kText, false, kFilters, kGroups, false, false,
     "query:KEY, the value of a query key that a route of the catalogue names"},
    {Id::kHost, "host", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "the host that was asked for, in lower case"},
    {Id::kReferrer, "referrer", Type::kText, kOfLine, kFilters, false, false, false,
     "the page that led here"},
    {Id::kReferrerHost, "referrer_host", Type::kText, kOfLine, kFilters, kGroups, false, false,
     "the host of the page that led here"},
    {Id::kAgent, "agent", Type::kText, kOfLine, kFilters, false, false, false,
     "the user agent as logged"},
    {Id::kAgentFamily, "agent_family", Type::kText, false, kFilters, kGroups, false, false,
     "Chrome, Safari, Samsung Internet, KakaoTalk, ..."},
    {Id::kDevice, "device", Type::kText, false, kFilters, kGroups, false, false,
     "mobile, tablet, desktop or other"},
    {Id::kClient, "client", Type::kText, false, kFilters, kGroups, false, kPrivate,
     "the client's address"},
    {Id::kNetwork, "network", Type::kText, false, kFilters, kGroups, false, false,
     "the client's network: /24 of IPv4, /48 of IPv6"},
    {Id::kUser, "user", Type::kText, kOfLine, kFilters, false, false, kPrivate,
     "the authenticated user"},
    {Id::kBytesSent, "bytes_sent", Type::kBytes, kOfLine, kFilters, kGroups, false, false,
     "bytes sent; rows are told by powers of two"},
    {Id::kLatency, "latency", Type::kDuration, kOfLine, kFilters, kGroups, false, false,
     "how long the answer took; rows are told by powers of two"},
    {Id::kSource, "source", Type::kText, kOfLine, false, kGroups, false, false,
     "the file it was read from"},
};

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};
constexpr std::array<std::string_view, 6> kStatusClasses = {"other", "1xx", "2xx",
                                                            "3xx",   "4xx", "5xx"};

FieldValue StatusClassValue(size_t status_class) {
  return FieldValue::Text(kStatusClasses[status_class < kStatusClasses.size() ? status_class : 0]);
}

// The lower bound of the power of two that a value falls into.
int64_t LowerBound(int64_t value) {
  if (value <= 0) return 0;
  int64_t bound = 1;
  while (bound <= value / 2) bound *= 2;
  return bound;
}

}  // namespace

absl::Span<const RecordField> RecordFields() { return kFields; }

std::string FieldRef::name() const {
  return key.empty() ? std::string(field->name) : absl::StrCat(ToAbsl(field->name), ":", key);
}

absl::StatusOr<FieldRef> FindRecordField(std::string_view name, bool filters) {
  const size_t colon = name.find(':');
  const std::string_view word = name.substr(0, colon);
  const std::string_view key = colon == std::string_view::npos ? "" : name.substr(colon + 1);
  std::vector<std::string_view> known;
  for (const RecordField& field : kFields) {
    if (!(filters ? field.filters : field.groups)) continue;
    known.push_back(field.name);
    if (field.name != word) continue;
    if ((field.id == FieldId::kQueryKey) == key.empty()) {
      return absl::InvalidArgumentError(key.empty() ? "query needs the name of a key: query:menuNo"
                                                    : absl::StrCat(ToAbsl(word), " takes no key"));
    }
    return FieldRef{&field, std::string(key)};
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown name \"", EscapeForTerminal(word), "\"", DidYouMean(word, known)));
}

FieldValue FieldReader::OfTime(FieldId id, int64_t time_us) {
  switch (id) {
    case Id::kMinute:
      return FieldValue::Number(FloorDivide(time_us, kMicrosPerMinute) * kMicrosPerMinute);
    case Id::kTenMinutes: {
      const int64_t local = calendar_.LocalOf(time_us);
      const int64_t past =
          local - FloorDivide(local, 10 * kMicrosPerMinute) * 10 * kMicrosPerMinute;
      return FieldValue::Number(time_us - past);
    }
    case Id::kHour:
      return FieldValue::Number(absl::ToUnixMicros(Calendar::TimeOf(calendar_.HourOf(time_us))));
    case Id::kDay:
      return FieldValue::Number(FloorDivide(calendar_.LocalOf(time_us), kMicrosPerDay));
    case Id::kWeek:
      return FieldValue::Number(calendar_.WeekOf(time_us));
    case Id::kWeekday: {
      // 1 January 1970 was a Thursday.
      const int64_t day = FloorDivide(calendar_.LocalOf(time_us), kMicrosPerDay) + 3;
      return FieldValue::Text(kWeekdays[static_cast<size_t>(day - FloorDivide(day, 7) * 7)]);
    }
    case Id::kHourOfDay: {
      const int64_t local = calendar_.LocalOf(time_us);
      const int64_t past = local - FloorDivide(local, kMicrosPerDay) * kMicrosPerDay;
      return FieldValue::Number(past / kMicrosPerHour);
    }
    default:
      return FieldValue::Number(time_us);
  }
}

FieldValue FieldReader::OfTraffic(FieldId id, const TrafficKey& key) {
  if (id == FieldId::kAudience) return FieldValue::Text(AudienceName(key.audience));
  if (id == FieldId::kBucket) return FieldValue::Text(BucketName(key.bucket));
  if (id == FieldId::kStatusClass) return StatusClassValue(key.status_class);
  return OfService(id, key.service);
}

FieldValue FieldReader::OfService(FieldId id, ServiceId service) {
  if (service == kNoService) return {};
  if (catalog_ == nullptr) {
    if (id != Id::kService) return {};
    if (service >= segments_.size() && services_ != nullptr) segments_ = services_->segments();
    return service < segments_.size() ? FieldValue::Text(segments_[service]) : FieldValue();
  }
  const Service& known = catalog_->services[service];
  switch (id) {
    case Id::kDepartment:
      return FieldValue::Text(known.department.Get(language_));
    case Id::kKind:
      return FieldValue::Text(ServiceKindName(known.kind));
    default:
      return FieldValue::Text(known.id);
  }
}

FieldValue FieldReader::OfRoute(FieldId id, const Verdict& verdict) const {
  if (id == Id::kStep) return FieldValue::Text(StepName(verdict, *services_));
  if (id == Id::kAct) return FieldValue::Text(ActName(verdict, *services_));
  if (verdict.route == kNoRoute) return {};
  return FieldValue::Text(services_->routes()->routes()[verdict.route].route->text);
}

std::string_view FieldReader::QueryValue(std::string_view query, std::string_view key) {
  std::string_view value;
  ForEachQueryPair(query, [&](std::string_view k, std::string_view v) {
    if (k == key && value.empty()) value = v;
  });
  DecodeQueryText(value, &scratch_);
  return scratch_;
}

std::string_view FieldReader::Path(const TappedRecord& record) {
  if (record.verdict != nullptr) return record.path;
  if (!record.batch->readable_request[record.i]) return {};
  const Target target = SplitTarget(record.batch->Get(TextField::kTarget, record.i));
  NormalizePath(target.path, &scratch_);
  return scratch_;
}

std::string_view FieldReader::LowerCase(std::string_view text) {
  scratch_ = std::string(text);
  std::transform(scratch_.begin(), scratch_.end(), scratch_.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return scratch_;
}

std::string_view FieldReader::Network(const std::optional<AddressBytes>& address) {
  scratch_.clear();
  if (!address) return scratch_;
  const AddressBytes& a = *address;
  const bool mapped = std::all_of(a.begin(), a.begin() + 10, [](uint8_t b) { return b == 0; }) &&
                      a[10] == 0xff && a[11] == 0xff;
  if (mapped) {
    absl::StrAppend(&scratch_, a[12], ".", a[13], ".", a[14], ".0/24");
    return scratch_;
  }
  const auto group = [&a](size_t g) { return static_cast<unsigned>(a[2 * g]) << 8 | a[2 * g + 1]; };
  absl::StrAppendFormat(&scratch_, "%x:%x:%x::/48", group(0), group(1), group(2));
  return scratch_;
}

FieldValue FieldReader::Read(const FieldRef& ref, const TappedRecord& record) {
  const RecordBatch& batch = *record.batch;
  const size_t i = record.i;
  const auto text = [&batch, i](TextField field) { return FieldValue::Text(batch.Get(field, i)); };
  const auto number = [](int64_t value) {
    return value < 0 ? FieldValue() : FieldValue::Number(value);
  };
  const Id id = ref.field->id;
  switch (id) {
    case Id::kTime:
    case Id::kMinute:
    case Id::kTenMinutes:
    case Id::kHour:
    case Id::kDay:
    case Id::kWeek:
    case Id::kWeekday:
    case Id::kHourOfDay:
      return OfTime(id, batch.time_us[i]);
    case Id::kService:
    case Id::kDepartment:
    case Id::kKind:
      return OfService(id, record.verdict->service);
    case Id::kStep:
    case Id::kAct:
    case Id::kRoute:
      return OfRoute(id, *record.verdict);
    case Id::kAudience:
      return FieldValue::Text(AudienceName(record.verdict->audience));
    case Id::kBucket:
      return FieldValue::Text(BucketName(record.verdict->bucket));
    case Id::kStatus:
      return FieldValue::Number(batch.status[i]);
    case Id::kStatusClass: {
      const size_t c = batch.status[i] / 100U;
      return StatusClassValue(c);
    }
    case Id::kMethod:
      return text(TextField::kMethod);
    case Id::kProtocol:
      return text(TextField::kProtocol);
    case Id::kPath:
      return FieldValue::Text(Path(record));
    case Id::kQueryKey:
      return FieldValue::Text(QueryValue(record.query, ref.key));
    case Id::kHost:
      return FieldValue::Text(LowerCase(RequestHost(batch, i)));
    case Id::kReferrer:
      return text(TextField::kReferrer);
    case Id::kReferrerHost:
      return FieldValue::Text(LowerCase(AuthorityHost(batch.Get(TextField::kReferrer, i))));
    case Id::kAgent:
      return text(TextField::kUserAgent);
    case Id::kAgentFamily:
      return record.agent == nullptr ? FieldValue() : FieldValue::Text(record.agent->family);
    case Id::kDevice:
      return record.agent == nullptr ? FieldValue() : FieldValue::Text(record.agent->device);
    case Id::kClient:
      return FieldValue::Text(record.client);
    case Id::kNetwork:
      return FieldValue::Text(Network(record.address));
    case Id::kUser:
      return text(TextField::kUser);
    case Id::kBytesSent:
      return number(batch.bytes_sent[i]);
    case Id::kLatency:
      return number(batch.latency_us[i]);
    case Id::kSource:
      return FieldValue::Number(record.source);
    case Id::kStage:
      break;
  }
  return {};
}

FieldValue FieldReader::ReadForGroup(const FieldRef& ref, const TappedRecord& record) {
  FieldValue value = Read(ref, record);
  const bool bucketed = ref.field->type == Type::kBytes || ref.field->type == Type::kDuration;
  if (bucketed && value.kind == FieldValue::Kind::kNumber) value.number = LowerBound(value.number);
  value.text = value.text.substr(0, kMostKeyBytes);
  return value;
}

std::string FieldText(const RecordField& field, const FieldValue& value, absl::TimeZone zone) {
  if (value.kind == FieldValue::Kind::kAbsent) return "";
  if (value.kind == FieldValue::Kind::kText) return std::string(value.text);
  constexpr absl::CivilDay kEpoch(1970, 1, 1);
  constexpr absl::CivilDay kEpochMonday(1969, 12, 29);
  switch (field.id) {
    case Id::kTime:
    case Id::kMinute:
    case Id::kTenMinutes:
    case Id::kHour:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", absl::FromUnixMicros(value.number), zone);
    case Id::kDay:
      return absl::FormatCivilTime(kEpoch + value.number);
    case Id::kWeek:
      return FormatIsoWeek(kEpochMonday + 7 * value.number);
    default:
      return std::to_string(value.number);
  }
}

bool IsTimeDimension(const RecordField& field) {
  return field.id > Id::kTime && field.id <= Id::kHourOfDay;
}

bool IsNumeric(const RecordField& field) {
  return field.type == Type::kNumber || field.type == Type::kBytes || field.type == Type::kDuration;
}

}  // namespace civlog
