#include "parsers/w3c_fields.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "parsers/absl_bridge.h"
#include "parsers/log_format_directives.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr double kMillisecondUs = 1e3;

struct W3cName {
  std::string_view name;  // lower case
  StepKind kind;
  TextField field;
  int rank;
};

constexpr TextField kNoText = TextField::kClient;

constexpr W3cName kNames[] = {
    {"date", StepKind::kTime, kNoText, 1},
    {"time", StepKind::kTime, kNoText, 1},
    {"date-local", StepKind::kTime, kNoText, 1},
    {"time-local", StepKind::kTime, kNoText, 1},
    {"x-timestamp", StepKind::kTime, kNoText, 1},
    {"timestamp", StepKind::kTime, kNoText, 1},
    {"c-ip", StepKind::kText, TextField::kClient, 2},
    {"c-dns", StepKind::kText, TextField::kClient, 1},
    {"cs-username", StepKind::kText, TextField::kUser, 1},
    {"cs-method", StepKind::kText, TextField::kMethod, 1},
    {"cs-version", StepKind::kText, TextField::kProtocol, 2},
    {"cs-protocol-version", StepKind::kText, TextField::kProtocol, 1},
    {"x-host-header", StepKind::kText, TextField::kHost, 4},
    {"cs(host)", StepKind::kText, TextField::kHost, 3},
    {"cs-host", StepKind::kText, TextField::kHost, 2},
    {"s-dns", StepKind::kText, TextField::kHost, 1},
    {"cs(user-agent)", StepKind::kText, TextField::kUserAgent, 1},
    {"cs(referer)", StepKind::kText, TextField::kReferrer, 2},
    {"cs(referrer)", StepKind::kText, TextField::kReferrer, 1},
    {"x-forwarded-for", StepKind::kText, TextField::kForwarded, 1},
    {"cs(x-forwarded-for)", StepKind::kText, TextField::kForwarded, 2},
    {"cs-uri", StepKind::kTarget, kNoText, 1},
    {"cs-uri-stem", StepKind::kTarget, kNoText, 2},
    {"cs-uri-query", StepKind::kQuery, kNoText, 1},
    {"cs-request", StepKind::kRequest, kNoText, 1},
    {"sc-status", StepKind::kStatus, kNoText, 1},
    {"sc-bytes", StepKind::kBytesSent, kNoText, 2},
    {"bytes", StepKind::kBytesSent, kNoText, 1},
    {"time-taken", StepKind::kLatency, kNoText, 1},
};

const W3cName* FindName(std::string_view name) {
  const std::string lower = absl::AsciiStrToLower(ToAbsl(name));
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&lower](const W3cName& known) { return known.name == lower; });
  return found == std::end(kNames) ? nullptr : found;
}

TimePart TimePartOf(std::string_view name) {
  TimePart part;
  if (name.find("timestamp") != std::string_view::npos) {
    part.kind = TimePart::Kind::kEpoch;
  } else {
    part.kind = name.starts_with("date") ? TimePart::Kind::kIsoDate : TimePart::Kind::kIsoClock;
  }
  return part;
}

std::vector<std::string> Names(std::string_view directive) {
  if (directive.starts_with(kW3cDirective)) directive.remove_prefix(kW3cDirective.size());
  std::vector<std::string> names;
  while (true) {
    const size_t begin = directive.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return names;
    const size_t end = std::min(directive.find_first_of(" \t\r\n", begin), directive.size());
    names.emplace_back(directive.substr(begin, end - begin));
    directive.remove_prefix(end);
  }
}

bool FillTheSame(const W3cName& a, const W3cName& b) {
  return a.kind == b.kind && (a.kind != StepKind::kText || a.field == b.field);
}

// True where another of the names fills the same and goes before.
bool IsOutranked(const W3cName& name, const std::vector<std::string>& names) {
  if (name.kind == StepKind::kTime) return false;
  return std::any_of(names.begin(), names.end(), [&name](const std::string& other) {
    const W3cName* rival = FindName(other);
    return rival != nullptr && rival != &name && FillTheSame(*rival, name) &&
           rival->rank > name.rank;
  });
}

// Whether the agent and other texts have their blanks written otherwise.
Decoding DecodingOf(const FormatStep& step, bool tabbed) {
  const bool is_prose = step.kind == StepKind::kText &&
                        (step.field == TextField::kUserAgent ||
                         step.field == TextField::kReferrer || step.field == TextField::kUser);
  if (!is_prose && step.field != TextField::kForwarded) return Decoding::kNone;
  return tabbed ? Decoding::kPercent : Decoding::kPlus;
}

FormatStep StepFor(const std::string& text, const std::vector<std::string>& names, bool tabbed) {
  FormatStep step;
  step.until.assign(1, tabbed ? '\t' : ' ');
  step.ending = FieldEnd::kW3c;
  step.decoding = Decoding::kNone;
  const W3cName* name = FindName(text);
  if (name == nullptr || IsOutranked(*name, names)) return step;
  step.kind = name->kind;
  step.field = name->field;
  step.name = FieldNameOf(name->kind, name->field);
  step.decoding = DecodingOf(step, tabbed);
  if (step.kind == StepKind::kTime) step.time = TimePartOf(name->name);
  // IIS gives milliseconds, CloudFront (and the draft) seconds with a fraction.
  if (step.kind == StepKind::kLatency) {
    step.unit_us = kMillisecondUs;
    step.point_is_seconds = true;
  }
  return step;
}

FormatPlan MakePlan(const std::vector<std::string>& names, bool tabbed) {
  FormatPlan plan;
  for (const std::string& name : names) {
    FormatStep step = StepFor(name, names, tabbed);
    if (step.kind != StepKind::kSkip) ++plan.figures;
    plan.steps.push_back(std::move(step));
  }
  plan.steps.back().until.clear();
  plan.default_utc = std::none_of(names.begin(), names.end(), [](const std::string& name) {
    return absl::AsciiStrToLower(name).find("-local") != std::string::npos;
  });
  plan.Complete();
  plan.delimiters = kW3cDelimiters;
  return plan;
}

absl::Status Check(const FormatPlan& plan) {
  bool date = false;
  bool clock = false;
  for (const FormatStep& step : plan.steps) {
    if (step.kind != StepKind::kTime) continue;
    const bool epoch = step.time.kind == TimePart::Kind::kEpoch;
    date = date || epoch || step.time.kind == TimePart::Kind::kIsoDate;
    clock = clock || epoch || step.time.kind == TimePart::Kind::kIsoClock;
  }
  std::vector<std::string> missing;
  if (!date || !clock) missing.emplace_back("a time (date and time)");
  if (!plan.Has(StepKind::kRequest) && !plan.Has(StepKind::kTarget)) {
    missing.emplace_back("a path (cs-uri-stem)");
  }
  if (!plan.Has(StepKind::kRequest) && plan.IsAbsent(TextField::kMethod)) {
    missing.emplace_back("a method (cs-method)");
  }
  if (!plan.Has(StepKind::kStatus)) missing.emplace_back("a status (sc-status)");
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("#Fields lacks ", absl::StrJoin(missing, " and "),
                   ", without which nothing can be counted; log it too"));
}

bool IsDirectiveAt(std::string_view text, size_t at) {
  return (at == 0 || text[at - 1] == '\n') && text.substr(at).starts_with(kW3cDirective);
}

std::string_view LineAt(std::string_view text, size_t at) {
  std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

absl::StatusOr<W3cFields> CompileW3cFields(std::string_view directive) {
  const std::vector<std::string> names = Names(directive);
  if (names.empty()) return absl::InvalidArgumentError("#Fields names no field");
  W3cFields fields;
  fields.text = absl::StrJoin(names, " ");
  fields.spaced = MakePlan(names, false);
  fields.tabbed = MakePlan(names, true);
  RETURN_IF_ERROR(Check(fields.spaced));
  return fields;
}

std::string_view LastW3cDirective(std::string_view text) {
  for (size_t at = text.rfind(kW3cDirective); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : text.rfind(kW3cDirective, at - 1)) {
    if (IsDirectiveAt(text, at)) return LineAt(text, at);
  }
  return {};
}

std::string_view FirstW3cDirective(std::string_view text) {
  for (size_t at = text.find(kW3cDirective); at != std::string_view::npos;
       at = text.find(kW3cDirective, at + 1)) {
    if (IsDirectiveAt(text, at)) return LineAt(text, at);
  }
  return {};
}

}  // namespace civlog
