#include "queries/analysis_json.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "parsers/absl_bridge.h"
#include "queries/analysis_object.h"
#include "queries/disclosure.h"
#include "queries/escape.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

// A member of an object that is being made.
struct Member {
  const char* name;
  mutable ordered_json value;  // taken out once
};

// As an initialiser list, which makes an array of each member and looks for its name among
// those before: a catalogue may have thousands of services.
ordered_json JsonObject(std::initializer_list<Member> members) {
  ordered_json::object_t object;
  object.reserve(members.size());
  for (const Member& member : members) {
    object.ordered_json::object_t::Container::emplace_back(member.name, std::move(member.value));
  }
  return object;
}

ordered_json Number(const std::optional<double>& value) {
  if (!value) return nullptr;
  return *value;
}

ordered_json TextOrNull(std::string_view text) {
  if (text.empty()) return nullptr;
  return EscapeForTerminal(text);
}

ordered_json RatioToJson(const Rate& rate) {
  return JsonObject({{"value", Number(rate.value)},
                     {"numerator", CountToJson(rate.numerator)},
                     {"denominator", CountToJson(rate.denominator)}});
}

ordered_json SummaryToJson(const LatencySummary& summary) {
  return JsonObject({{"count", CountToJson(summary.count)},
                     {"p50", Number(summary.p50)},
                     {"p90", Number(summary.p90)},
                     {"p95", Number(summary.p95)},
                     {"p99", Number(summary.p99)},
                     {"max", Number(summary.max)}});
}

ordered_json StatusToJson(const StatusClasses& status, size_t first) {
  ordered_json json = ordered_json::object();
  for (size_t c = first; c < status.by_class.size(); ++c) {
    json[std::to_string(c) + "xx"] = CountToJson(status.by_class[c]);
  }
  return json;
}

ordered_json PathsToJson(const std::vector<PathCount>& paths, const char* name) {
  ordered_json json = ordered_json::array();
  for (const PathCount& path : paths) {
    ordered_json entry = {{name, EscapeForTerminal(path.path)},
                          {"requests", CountToJson(path.requests)}};
    if (path.error > 0) entry["error"] = path.error;
    json.push_back(std::move(entry));
  }
  return json;
}

constexpr int kIndent = 2;

// Where the text of the member of the outermost object that is an empty list has its elements.
// No string has a newline of its own in JSON.
size_t PlaceOfElements(std::string_view frame, std::string_view name) {
  const std::string begin = absl::StrCat("\n  \"", ToAbsl(name), "\": [");
  return frame.find(begin) + begin.size();
}

// Writes one Analysis.
class JsonWriter {
 public:
  JsonWriter(const Analysis& analysis, std::string_view language)
      : a_(analysis), language_(language) {}

  ordered_json Write() const {
    ordered_json json = Frame();
    const auto fill = [&json](const char* name, const auto& elements, const auto& to_json) {
      for (const auto& element : elements) json[name].push_back(to_json(element));
    };
    ForEachList(fill);
    return json;
  }

  // The same as text, with a newline at its end. As one object, the elements of long lists would
  // take many times the memory that their text takes.
  void WriteText(const std::function<void(std::string_view)>& write) const {
    const std::string frame = Frame().dump(kIndent) + "\n";
    std::string_view rest = frame;
    const auto append = [&](const char* name, const auto& elements, const auto& to_json) {
      const size_t place = PlaceOfElements(frame, name) - (frame.size() - rest.size());
      write(rest.substr(0, place));
      rest.remove_prefix(place);
      const char* before = "\n    ";
      for (const auto& element : elements) {
        write(absl::StrCat(
            before, absl::StrReplaceAll(to_json(element).dump(kIndent), {{"\n", "\n    "}})));
        before = ",\n    ";
      }
      if (!elements.empty()) write("\n  ");
    };
    ForEachList(append);
    write(rest);
  }

 private:
  // What may have thousands of elements, in the order in which they stand in the document.
  template <typename Function>
  void ForEachList(const Function& function) const {
    function("services", a_.services,
             [this](const ServiceFigures& service) { return ServiceToJson(service); });
    function("days", a_.days, DayToJson);
    function("hours", a_.hours, [this](const HourFigures& hour) { return HourToJson(hour); });
  }

  // The document without the elements of those.
  ordered_json Frame() const {
    return {{"schema", "civlog.analysis/1"},
            {"generator", Generator()},
            {"portal",
             {{"name", TextOrNull(a_.portal_name.Get(language_))},
              {"department", TextOrNull(a_.department.Get(language_))},
              {"time_zone", EscapeForTerminal(a_.time_zone_name)},
              {"population", Population()}}},
            {"disclosure_control", DisclosureControl()},
            {"period", Period()},
            {"lines", Lines()},
            {"records", Records()},
            {"traffic", Traffic()},
            {"citizens", Citizens()},
            {"rates", Rates()},
            {"stages",
             {{"enhanced", CountToJson(a_.stage_enhanced)},
              {"interactive", CountToJson(a_.stage_interactive)},
              {"transactional", CountToJson(a_.stage_transactional)},
              {"seamless", CountToJson(a_.stage_seamless)}}},
            {"services", ordered_json::array()},
            {"unclassified",
             {{"requests", CountToJson(a_.unclassified_requests)},
              {"top_paths", PathsToJson(a_.unclassified_top_paths, "path")}}},
            {"top",
             {{"pages", PathsToJson(a_.top_pages, "path")},
              {"not_found", PathsToJson(a_.top_not_found, "path")},
              {"server_errors", PathsToJson(a_.top_server_errors, "path")},
              {"referrers", PathsToJson(a_.top_referrers, "referrer")}}},
            {"days", ordered_json::array()},
            {"hours", ordered_json::array()},
            {"unmatched_routes", UnmatchedRoutes()},
            {"notes", Notes()}};
  }

  ordered_json Time(absl::Time time) const {
    return absl::FormatTime("%Y-%m-%d%ET%H:%M:%S%Ez", time, a_.time_zone);
  }

  ordered_json Population() const {
    if (!a_.population) return nullptr;
    return *a_.population;
  }

  ordered_json Generator() const {
    ordered_json digest = nullptr;
    if (a_.catalog_digest) digest = EscapeForTerminal(*a_.catalog_digest);
    return {{"name", "civlog"},
            {"version", EscapeForTerminal(a_.version)},
            {"catalog_digest", std::move(digest)},
            {"robots_list", EscapeForTerminal(a_.robots_list)}};
  }

  ordered_json DisclosureControl() const {
    if (!a_.disclosure_controlled) return nullptr;
    return {{"least_count", kLeastPublishedCount}, {"rounded_to", kPublishedCountStep}};
  }

  ordered_json Period() const {
    ordered_json from = nullptr;
    ordered_json to = nullptr;
    if (a_.from) from = Time(*a_.from);
    if (a_.to) to = Time(*a_.to);
    ordered_json gaps = ordered_json::array();
    for (const Gap& gap : a_.gaps) gaps.push_back({{"from", Time(gap.from)}, {"to", Time(gap.to)}});
    return {{"from", std::move(from)},         {"to", std::move(to)},
            {"gaps", std::move(gaps)},         {"partial", a_.partial()},
            {"partial_week", a_.partial_week}, {"incomplete", a_.incomplete},
            {"interrupted", a_.interrupted}};
  }

  ordered_json Lines() const {
    ordered_json rejected = {{"total", CountToJson(a_.rejected)}};
    for (size_t i = 0; i < kRejectReasonCount; ++i) {
      rejected[std::string(RejectReasonName(static_cast<RejectReason>(i)))] =
          CountToJson(a_.rejected_by_reason[i]);
    }
    ordered_json samples = ordered_json::array();
    for (const RejectedSample& sample : a_.rejected_samples) {
      samples.push_back({{"source", EscapeForTerminal(sample.source)},
                         {"line", sample.line},
                         {"column", sample.column},
                         {"reason", RejectReasonName(sample.reason)},
                         {"text", EscapeForTerminal(sample.text)}});
    }
    return {{"read", CountToJson(a_.lines_read)},
            {"blank", CountToJson(a_.blank)},
            {"directive", CountToJson(a_.directive)},
            {"outside_period", CountToJson(a_.outside_period)},
            {"filtered_out", CountToJson(a_.filtered_out)},
            {"records", CountToJson(a_.records)},
            {"rejected", std::move(rejected)},
            {"rejected_samples", std::move(samples)}};
  }

  ordered_json Records() const {
    ordered_json not_citizen = {{"total", CountToJson(a_.not_citizen)}};
    for (size_t i = 1; i < kAudienceCount; ++i) {
      not_citizen[std::string(AudienceName(static_cast<Audience>(i)))] =
          CountToJson(a_.not_citizen_by_audience[i]);
    }
    return {{"counted", CountToJson(a_.counted)},
            {"unreadable_request", CountToJson(a_.unreadable_request)},
            {"outside_portal", CountToJson(a_.outside_portal)},
            {"asset", CountToJson(a_.asset)},
            {"late", CountToJson(a_.late)},
            {"not_citizen", std::move(not_citizen)}};
  }

  ordered_json Traffic() const {
    ordered_json by_audience = ordered_json::object();
    for (const AudienceTraffic& traffic : a_.traffic_by_audience) {
      by_audience[std::string(AudienceName(traffic.audience))] = {
          {"requests", CountToJson(traffic.requests)},
          {"bytes_sent", CountToJson(traffic.bytes_sent)}};
    }
    return {{"requests", CountToJson(a_.records)},
            {"bytes_sent", CountToJson(a_.bytes_sent)},
            {"status", StatusToJson(a_.status, 1)},
            {"latency_ms", SummaryToJson(a_.latency_ms)},
            {"by_audience", std::move(by_audience)}};
  }

  ordered_json Citizens() const {
    return {{"page_views", CountToJson(a_.page_views)},
            {"visitors", CountToJson(a_.visitors)},
            {"visitors_exact", a_.visitors_exact},
            {"visitor_weeks", a_.visitor_weeks},
            {"visits", CountToJson(a_.visits)},
            {"bounces", CountToJson(a_.bounces)},
            {"acts", CountToJson(a_.acts)}};
  }

  ordered_json Rates() const {
    ordered_json participation = RateToJson(a_.participation);
    participation["per_1000_residents"] = Number(a_.participation_per_1000_residents);
    ordered_json by_tier = ordered_json::object();
    for (const auto& [tier, rate] : a_.participation_by_tier) {
      if (tier != Tier::kNone) by_tier[std::string(TierName(tier))] = RateToJson(rate);
    }
    participation["by_tier"] = std::move(by_tier);
    return {{"interaction", RateToJson(a_.interaction)},
            {"completion", RateToJson(a_.completion)},
            {"participation", std::move(participation)}};
  }

  static ordered_json AttemptsToJson(const ServiceFigures& service) {
    if (!service.attempts) return nullptr;
    const AttemptFigures& attempts = *service.attempts;
    return JsonObject(
        {{"started", CountToJson(attempts.started)},
         {"granted", CountToJson(attempts.granted)},
         {"refused", CountToJson(attempts.refused)},
         {"failed", CountToJson(attempts.failed)},
         {"abandoned", CountToJson(attempts.abandoned)},
         {"open", CountToJson(attempts.open)},
         {"without_start", CountToJson(attempts.without_start)},
         {"recovered", CountToJson(attempts.recovered)},
         {"completed_visitors", ByWeek(service, attempts.completed_visitors)},
         {"of_completed_visitors", ByWeek(service, attempts.attempts_of_completed_visitors)}});
  }

  // A count that a store has of whole weeks only.
  static ordered_json ByWeek(const ServiceFigures& service, uint64_t count) {
    return service.visitors_known ? CountToJson(count) : ordered_json(nullptr);
  }

  ordered_json ServiceToJson(const ServiceFigures& service) const {
    ordered_json steps = ordered_json::array();
    for (const StepFigures& step : service.steps) {
      steps.push_back(JsonObject({{"name", EscapeForTerminal(step.name)},
                                  {"reached", CountToJson(step.reached)},
                                  {"left_after_error", CountToJson(step.left_after_error)},
                                  {"left_after_slow", CountToJson(step.left_after_slow)}}));
    }
    ordered_json acts = ordered_json::object();
    for (const NamedCount& act : service.acts_by_name) {
      acts[EscapeForTerminal(act.name)] = CountToJson(act.count);
    }
    ordered_json channels = ordered_json::object();
    for (const NamedCount& channel : service.other_channels) {
      channels[EscapeForTerminal(channel.name)] = CountToJson(channel.count);
    }
    return JsonObject({{"id", EscapeForTerminal(service.id)},
                       {"name", EscapeForTerminal(service.name.Get(language_))},
                       {"kind", ServiceKindName(service.kind)},
                       {"tier", TextOrNull(TierName(service.tier))},
                       {"department", TextOrNull(service.department.Get(language_))},
                       {"requests", CountToJson(service.requests)},
                       {"page_views", CountToJson(service.page_views)},
                       {"visits", CountToJson(service.visits)},
                       {"visitors", ByWeek(service, service.visitors)},
                       {"visitors_exact", service.visitors_exact},
                       {"acts", CountToJson(service.acts)},
                       {"acting_visits", CountToJson(service.acting_visits)},
                       {"acts_by_name", std::move(acts)},
                       {"interaction_rate", RateToJson(service.interaction_rate)},
                       {"status", StatusToJson(service.status, 2)},
                       {"latency_ms", SummaryToJson(service.latency_ms)},
                       {"attempts", AttemptsToJson(service)},
                       {"completion_rate", RateToJson(service.completion_rate)},
                       {"failure_rate", RateToJson(service.failure_rate)},
                       {"abandonment_rate", RateToJson(service.abandonment_rate)},
                       {"steps", std::move(steps)},
                       {"time_to_complete_s", SummaryToJson(service.time_to_complete_s)},
                       {"status_views", CountToJson(service.status_views)},
                       {"status_check_ratio", RatioToJson(service.status_check_ratio)},
                       {"other_channels", std::move(channels)},
                       {"digital_take_up", RateToJson(service.digital_take_up)}});
  }

  static ordered_json DayToJson(const DayFigures& day) {
    return JsonObject({{"day", absl::FormatCivilTime(day.day)},
                       {"requests", CountToJson(day.requests)},
                       {"visits", CountToJson(day.visits)},
                       {"page_views", CountToJson(day.page_views)},
                       {"server_errors", CountToJson(day.server_errors)}});
  }

  ordered_json HourToJson(const HourFigures& hour) const {
    return JsonObject({{"hour", Time(hour.hour)},
                       {"requests", CountToJson(hour.requests)},
                       {"visits", CountToJson(hour.visits)},
                       {"page_views", CountToJson(hour.page_views)},
                       {"server_errors", CountToJson(hour.server_errors)}});
  }

  ordered_json UnmatchedRoutes() const {
    ordered_json routes = ordered_json::array();
    for (const UnmatchedRoute& route : a_.unmatched_routes) {
      routes.push_back({{"service", EscapeForTerminal(route.service)},
                        {"route", EscapeForTerminal(route.route)},
                        {"line", route.line}});
    }
    return routes;
  }

  ordered_json Notes() const {
    ordered_json notes = ordered_json::array();
    for (const std::string& note : a_.notes) notes.push_back(EscapeForTerminal(note));
    return notes;
  }

  const Analysis& a_;
  std::string_view language_;
};

}  // namespace

ordered_json AnalysisObject(const Analysis& analysis, std::string_view language) {
  return JsonWriter(analysis, language).Write();
}

ordered_json CountToJson(uint64_t count) {
  if (IsSuppressed(count)) return nullptr;
  return count;
}

ordered_json RateToJson(const Rate& rate) {
  return JsonObject({{"value", Number(rate.value)},
                     {"numerator", CountToJson(rate.numerator)},
                     {"denominator", CountToJson(rate.denominator)},
                     {"low", Number(rate.low)},
                     {"high", Number(rate.high)}});
}

void WriteAnalysisJson(const Analysis& analysis, std::string_view language,
                       const std::function<void(std::string_view)>& write) {
  JsonWriter(analysis, language).WriteText(write);
}

std::string AnalysisToJson(const Analysis& analysis, std::string_view language) {
  std::string text;
  WriteAnalysisJson(analysis, language, [&text](std::string_view piece) { text.append(piece); });
  return text;
}

}  // namespace civlog
