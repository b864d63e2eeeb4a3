#include "queries/measure.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/nearest.h"
#include "queries/escape.h"

namespace civlog {
namespace {

using Family = MeasureFamily;
using Id = MeasureId;
using Unit = MeasureUnit;

constexpr Measure kMeasures[] = {
    {Id::kRequests, "requests", Unit::kCount, Family::kRecord, "records, of whatever audience"},
    {Id::kCounted, "counted", Unit::kCount, Family::kRecord,
     "citizens' requests without assets: what the other figures of citizens are made of"},
    {Id::kPageViews, "page_views", Unit::kCount, Family::kRecord,
     "counted GET requests answered with 200, 203, 206 or 304"},
    {Id::kVisitors, "visitors", Unit::kCount, Family::kRecord,
     "distinct visitors of counted requests, a week each"},
    {Id::kBytesSent, "bytes_sent", Unit::kBytes, Family::kRecord, "bytes sent"},
    {Id::kErrorRate, "error_rate", Unit::kRate, Family::kRecord,
     "requests answered with 4xx or 5xx, of all"},
    {Id::kServerErrorRate, "server_error_rate", Unit::kRate, Family::kRecord,
     "requests answered with 5xx, of all"},
    {Id::kP50, "p50", Unit::kMilliseconds, Family::kRecord, "median latency, within 1 %"},
    {Id::kP90, "p90", Unit::kMilliseconds, Family::kRecord, "latency that 90 % do not exceed"},
    {Id::kP95, "p95", Unit::kMilliseconds, Family::kRecord, "latency that 95 % do not exceed"},
    {Id::kP99, "p99", Unit::kMilliseconds, Family::kRecord, "latency that 99 % do not exceed"},
    {Id::kMax, "max", Unit::kMilliseconds, Family::kRecord, "longest latency"},
    {Id::kAverage, "avg", Unit::kMilliseconds, Family::kRecord, "mean latency"},
    {Id::kShare, "share", Unit::kRate, Family::kShare,
     "part of the total of the first count that is selected, else of the requests"},
    {Id::kVisits, "visits", Unit::kCount, Family::kVisit,
     "visits by the hour they began in; by service: those that viewed it"},
    {Id::kActs, "acts", Unit::kCount, Family::kService, "acts, by the hour the visit began in"},
    {Id::kStarted, "started", Unit::kCount, Family::kService,
     "attempts at transactions, by the hour they started in"},
    {Id::kCompleted, "completed", Unit::kCount, Family::kService,
     "attempts that were granted or refused"},
    {Id::kFailed, "failed", Unit::kCount, Family::kService, "attempts left after an error"},
    {Id::kAbandoned, "abandoned", Unit::kCount, Family::kService, "attempts left otherwise"},
    {Id::kCompletionRate, "completion_rate", Unit::kRate, Family::kService,
     "completed attempts, of those that are not open"},
    {Id::kInteractionRate, "interaction_rate", Unit::kRate, Family::kVisit,
     "visits with an act, of all"},
    {Id::kParticipationRate, "participation_rate", Unit::kRate, Family::kVisit,
     "visits with an act of participation, of all"},
    {Id::kBounceRate, "bounce_rate", Unit::kRate, Family::kVisit,
     "visits of one page view and no act, of all"},
};

}  // namespace

absl::Span<const Measure> Measures() { return kMeasures; }

absl::StatusOr<const Measure*> FindMeasure(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Measure& measure : kMeasures) {
    if (measure.name == name) return &measure;
    known.push_back(measure.name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown measure \"", EscapeForTerminal(name), "\"", DidYouMean(name, known)));
}

}  // namespace civlog
