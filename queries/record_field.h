// What a query can ask of a record: the names that `--where` and `--by` know.
//
// One table says of each name what it is, whether the log line alone tells it, and
// whether rows can be told by it; one class reads it.

#ifndef CIVLOG_QUERIES_RECORD_FIELD_H_
#define CIVLOG_QUERIES_RECORD_FIELD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/calendar.h"
#include "engine/catalog.h"
#include "engine/classifier.h"
#include "engine/record_tap.h"
#include "engine/service_model.h"

namespace civlog {

enum class FieldId : uint8_t {
  kTime,
  kMinute,
  kTenMinutes,
  kHour,
  kDay,
  kWeek,
  kWeekday,
  kHourOfDay,
  kService,
  kDepartment,
  kKind,
  kStep,
  kAct,
  kStage,
  kAudience,
  kBucket,
  kStatus,
  kStatusClass,
  kMethod,
  kProtocol,
  kPath,
  kRoute,
  kQueryKey,
  kHost,
  kReferrer,
  kReferrerHost,
  kAgent,
  kAgentFamily,
  kDevice,
  kClient,
  kNetwork,
  kUser,
  kBytesSent,
  kLatency,
  kSource,
};

enum class FieldType : uint8_t {
  kText,
  kNumber,    // an integer
  kBytes,     // an integer, in bytes
  kDuration,  // in microseconds
  kTime,      // microseconds since the Unix epoch
};

struct RecordField {
  FieldId id;
  std::string_view name;
  FieldType type;
  bool of_line;     // the log line alone tells it
  bool filters;     // `--where` takes it
  bool groups;      // `--by` takes it
  bool of_visit;    // visits and attempts can be told by it
  bool is_private;  // tells one citizen from another: `--by` takes it with --raw only
  std::string_view meaning;
};

absl::Span<const RecordField> RecordFields();

// A field, with what stands behind the colon of `query:KEY`.
struct FieldRef {
  const RecordField* field = nullptr;
  std::string key;
  std::string name() const;
};

// The field of that name; where there is none, the nearest of those that `filters` or,
// otherwise, groups.
absl::StatusOr<FieldRef> FindRecordField(std::string_view name, bool filters);

// A value: a number, a text, or absent.
struct FieldValue {
  enum class Kind : uint8_t { kAbsent, kNumber, kText };
  Kind kind = Kind::kAbsent;
  int64_t number = 0;
  std::string_view text;

  static FieldValue Number(int64_t number) { return {Kind::kNumber, number, {}}; }
  // Absent where it is empty.
  static FieldValue Text(std::string_view text) {
    return {text.empty() ? Kind::kAbsent : Kind::kText, 0, text};
  }
};

// Reads fields of records. Not thread-safe; one belongs to one worker.
class FieldReader {
 public:
  // `catalog` and `services` may be null and outlive the reader; without a catalogue,
  // services are the segments that `services` learns, or those given.
  FieldReader(const Catalog* catalog, const ServiceModel* services, absl::TimeZone zone,
              std::string language, std::vector<std::string> segments = {})
      : catalog_(catalog),
        services_(services),
        calendar_(zone),
        language_(std::move(language)),
        segments_(std::move(segments)) {}

  // REQUIRES: the field is one of a line, or `record` is classified. The views live
  // until the next call.
  FieldValue Read(const FieldRef& ref, const TappedRecord& record);
  // The same where rows are told by it: bytes and durations become the lower bound of
  // their bucket, long texts are cut.
  FieldValue ReadForGroup(const FieldRef& ref, const TappedRecord& record);
  // The fields that a time tells.
  // A time to ask OfTime about for what is counted by hour: as Calendar::TimeIn.
  int64_t TimeIn(HourId hour) { return calendar_.TimeIn(hour); }
  FieldValue OfTime(FieldId id, int64_t time_us);
  // The fields that a service tells.
  FieldValue OfService(FieldId id, ServiceId service);
  // Those that a row of the traffic table tells: bucket, audience, status_class, and what
  // its service tells. REQUIRES: one of these.
  FieldValue OfTraffic(FieldId id, const TrafficKey& key);

 private:
  FieldValue OfRoute(FieldId id, const Verdict& verdict) const;
  std::string_view QueryValue(std::string_view query, std::string_view key);
  std::string_view Path(const TappedRecord& record);
  std::string_view LowerCase(std::string_view text);
  std::string_view Network(const std::optional<AddressBytes>& address);

  const Catalog* catalog_;
  const ServiceModel* services_;
  Calendar calendar_;
  std::string language_;
  std::string scratch_;
  std::vector<std::string> segments_;  // without a catalogue: by ServiceId
};

// A value as a row of a table says it: ISO times, "2026-W47", "mon", "5xx". "" for
// absent ones. Sources are told by their rank.
std::string FieldText(const RecordField& field, const FieldValue& value, absl::TimeZone zone);

// minute, 10min, hour, day, week, weekday, hour_of_day.
bool IsTimeDimension(const RecordField& field);

// Whether such values are numbers in data formats.
bool IsNumeric(const RecordField& field);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_RECORD_FIELD_H_
