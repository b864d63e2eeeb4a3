#include "parsers/line_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/field_end.h"
#include "parsers/field_values.h"
#include "parsers/log_format_plan.h"
#include "parsers/misfit.h"
#include "parsers/text_decoding.h"

namespace civlog {
namespace {

// A place from which the steps of a plan are run.
struct StepStart {
  size_t step = 0;
  size_t at = 0;
  size_t end = kNotFound;
};

bool IsBlank(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

// "#Fields: ..." and the like (W3C Extended Log File Format, "Directives").
bool IsDirective(std::string_view line) {
  if (line.size() < 3 || line[0] != '#' || line[1] < 'A' || line[1] > 'Z') return false;
  const size_t end =
      line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-", 1);
  return end != kNotFound && line[end] == ':';
}

}  // namespace

// Parses one line after the other by one of the formats.
struct LineParser::State {
  State(FormatList list, absl::TimeZone zone) : formats(std::move(list)), resolver(zone) {}

  FormatList formats;
  TimeResolver resolver;
  RecordBatch* batch = nullptr;
  // Of the line being parsed.
  TimeFields time;
  bool time_seen = false;
  std::string_view query;
  StepStart request{0, 0, kNotFound};  // where the request line was found
  LineTrace* trace = nullptr;          // null while parsing for speed

  Text Decode(const FormatStep& step, std::string_view raw) {
    if (raw.empty() || raw == "-") return kAbsentText;
    if (!step.decode || std::memchr(raw.data(), '\\', raw.size()) == nullptr) return raw;
    char* out = batch->Allocate(raw.size());
    return Text(out, DecodeEscapes(raw, out));
  }

  // Notes where in the line a field stands; a field in several parts from the first
  // to the last.
  void Span(std::string_view name, std::string_view line, std::string_view field) {
    if (trace == nullptr || name.empty()) return;
    const auto begin = static_cast<size_t>(field.data() - line.data());
    const size_t end = begin + field.size();
    for (FieldSpan& span : trace->spans) {
      if (span.name != name) continue;
      span.begin = std::min(span.begin, begin);
      span.end = std::max(span.end, end);
      return;
    }
    trace->spans.push_back({name, begin, end});
  }

  void TakeRequest(const FormatStep& step, std::string_view line, std::string_view raw, size_t i);
  bool TakeField(const FormatStep& step, std::string_view line, std::string_view raw,
                 Misfit* misfit);
  void TakeText(const FormatStep& step, std::string_view line, std::string_view raw, size_t i);
  void FinishTarget(const FormatPlan& plan, size_t i);
  bool ParseSteps(const FormatPlan& plan, std::string_view line, const StepStart& start,
                  Misfit* misfit);
  bool ParseWithLaterEnd(const FormatPlan& plan, std::string_view line, const Misfit& first);
  bool ParseLine(const LogFormat& format, std::string_view line, uint64_t number, Misfit* misfit);
  bool ParseByAny(std::string_view line, uint64_t number, Misfit* misfit);
};

void LineParser::State::TakeRequest(const FormatStep& step, std::string_view line,
                                    std::string_view raw, size_t i) {
  const Request parts = SplitRequest(Decode(step, raw));
  batch->readable_request[i] = parts.readable;
  batch->Set(TextField::kMethod, i) = parts.readable ? parts.method : kAbsentText;
  batch->Set(TextField::kTarget, i) = parts.readable ? parts.target : kAbsentText;
  batch->Set(TextField::kProtocol, i) = parts.protocol.empty() ? kAbsentText : parts.protocol;
  if (trace == nullptr) return;
  const Request as_logged = SplitRequest(raw);
  if (!as_logged.readable) return;
  Span("method", line, as_logged.method);
  Span("target", line, as_logged.target);
  if (!as_logged.protocol.empty()) Span("protocol", line, as_logged.protocol);
}

void LineParser::State::TakeText(const FormatStep& step, std::string_view line,
                                 std::string_view raw, size_t i) {
  batch->Set(step.field, i) = Stripped(step.field, Decode(step, raw));
  if (trace != nullptr) Span(step.name, line, Stripped(step.field, raw));
}

bool LineParser::State::TakeField(const FormatStep& step, std::string_view line,
                                  std::string_view raw, Misfit* misfit) {
  const size_t i = batch->size;
  if (step.kind != StepKind::kRequest && step.kind != StepKind::kText) Span(step.name, line, raw);
  switch (step.kind) {
    case StepKind::kSkip:
      misfit->reason = RejectReason::kBadNumber;
      return !step.is_number || raw == "-" || IsDigits(raw);
    case StepKind::kText:
      TakeText(step, line, raw, i);
      return true;
    case StepKind::kExtra:
      batch->extra[step.extra][i] = Decode(step, raw);
      return true;
    case StepKind::kTime:
      misfit->reason = RejectReason::kBadTime;
      if (!ParseTimePart(step.time, raw, &time)) return false;
      time_seen = true;
      return true;
    case StepKind::kRequest:
      TakeRequest(step, line, raw, i);
      return true;
    case StepKind::kTarget:
      batch->Set(TextField::kTarget, i) =
          Decode(step, step.dash_query ? WithoutDashQuery(raw) : raw);
      return true;
    case StepKind::kQuery:
      query = Decode(step, raw);
      return true;
    case StepKind::kStatus:
      misfit->reason = RejectReason::kBadStatus;
      return ParseStatus(raw, &batch->status[i]);
    case StepKind::kBytesSent:
      misfit->reason = RejectReason::kBadNumber;
      return ParseBytes(raw, &batch->bytes_sent[i]);
    case StepKind::kLatency:
      misfit->reason = RejectReason::kBadNumber;
      return ParseLatency(step, raw, &batch->latency_us[i]);
  }
  return false;
}

// A target in fields of its own: joins the query and says whether it is readable.
void LineParser::State::FinishTarget(const FormatPlan& plan, size_t i) {
  Text& target = batch->Set(TextField::kTarget, i);
  const Text& method = batch->Get(TextField::kMethod, i);
  batch->readable_request[i] = !target.empty() && IsMethod(method);
  if (!plan.joins_query || query.empty() || target.empty()) return;
  const bool has_mark = query.front() == '?';
  char* joined = batch->Allocate(target.size() + query.size() + 1);
  size_t size = target.copy(joined, target.size());
  if (!has_mark) joined[size++] = '?';
  size += query.copy(joined + size, query.size());
  target = Text(joined, size);
}

// Runs the steps from `start` on. Where `start.end` is given, it is where the first
// of them ends.
bool LineParser::State::ParseSteps(const FormatPlan& plan, std::string_view line,
                                   const StepStart& start, Misfit* misfit) {
  size_t at = start.at;
  for (size_t s = start.step; s < plan.steps.size(); ++s) {
    const FormatStep& step = plan.steps[s];
    const bool last = s + 1 == plan.steps.size();
    const bool given = s == start.step && start.end != kNotFound;
    const size_t end = given ? start.end : FindEnd(step, line, at);
    if (s == plan.request_step) request = {s, at, end};
    if (end == kNotFound || end < at) {
      *misfit = MissingEnd(step, last, line, at, time_seen);
      return false;
    }
    const std::string_view raw = line.substr(at, end - at);
    misfit->at = at;
    misfit->field = step.name;
    if (HasStrayBlank(step, raw)) {
      misfit->reason = RejectReason::kNoMatch;
      return false;
    }
    if (!TakeField(step, line, raw, misfit)) {
      RefineBadField(step, last, line, raw, time_seen, misfit);
      return false;
    }
    at = end + step.until.size();
  }
  return true;
}

// A request with quotes that the server did not escape, or with blanks and no quotes
// around, ends at a later place: the first with which the rest of the line fits.
bool LineParser::State::ParseWithLaterEnd(const FormatPlan& plan, std::string_view line,
                                          const Misfit& first) {
  constexpr int kMostTries = 8;
  const StepStart begun = request;
  if (begun.end == kNotFound || first.at <= begun.at) return false;
  const FormatStep& step = plan.steps[begun.step];
  if (step.until.empty()) return false;
  size_t end = begun.end;
  for (int i = 0; i < kMostTries; ++i) {
    end = FindLaterEnd(step, line, end);
    if (end == kNotFound) return false;
    if (trace != nullptr) {
      std::erase_if(trace->spans, [&](const FieldSpan& span) { return span.begin >= begun.at; });
    }
    Misfit again;
    if (ParseSteps(plan, line, {begun.step, begun.at, end}, &again)) return true;
  }
  return false;
}

bool LineParser::State::ParseLine(const LogFormat& format, std::string_view line, uint64_t number,
                                  Misfit* misfit) {
  const FormatPlan& plan = format.plan();
  const size_t i = batch->size;
  time = TimeFields();
  time_seen = false;
  query = {};
  request.end = kNotFound;
  batch->bytes_sent[i] = batch->latency_us[i] = -1;
  batch->readable_request[i] = false;
  for (const TextField field : plan.absent) batch->Set(field, i) = Text();
  if (batch->extra.size() < format.extra_fields().size()) {
    batch->extra.resize(format.extra_fields().size());
  }
  *misfit = Misfit();
  if (!line.starts_with(plan.prefix)) {
    misfit->at = FirstDifference(line, plan.prefix);
    return false;
  }
  if (!ParseSteps(plan, line, {0, plan.prefix.size(), kNotFound}, misfit) &&
      !ParseWithLaterEnd(plan, line, *misfit)) {
    return false;
  }
  if (!time.epoch_us && !(time.has_date && time.has_clock)) {
    misfit->reason = RejectReason::kBadTime;
    misfit->field = "time";
    return false;
  }
  if (plan.request_step == FormatPlan::kNoStep) FinishTarget(plan, i);
  batch->time_us[i] = resolver.Resolve(time);
  batch->line[i] = number;
  return true;
}

bool LineParser::State::ParseByAny(std::string_view line, uint64_t number, Misfit* misfit) {
  if (ParseLine(*formats.front(), line, number, misfit)) {
    if (trace != nullptr) trace->format = formats.front().get();
    return true;
  }
  for (size_t f = 1; f < formats.size(); ++f) {
    Misfit other;
    if (trace != nullptr) trace->spans.clear();
    if (!ParseLine(*formats[f], line, number, &other)) continue;
    if (trace != nullptr) trace->format = formats[f].get();
    return true;
  }
  return false;
}

LineParser::LineParser(FormatList formats, absl::TimeZone default_zone)
    : state_(std::make_unique<State>(std::move(formats), default_zone)) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

namespace {

std::string_view WithoutReturn(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

// A line without its ending and the blanks before it.
std::string_view TrimEnding(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

}  // namespace

void LineParser::Parse(const Block& block, size_t* offset, uint64_t* line, RecordBatch* batch) {
  batch->Clear();
  state_->batch = batch;
  const std::string_view text = block.text();
  while (*offset < text.size() && batch->size < RecordBatch::kCapacity &&
         batch->rejects.size() < RecordBatch::kCapacity) {
    const size_t end = std::min(FindChar(text, '\n', *offset), text.size());
    const std::string_view whole = text.substr(*offset, end - *offset);
    *offset = std::min(end + 1, text.size());
    const uint64_t number = (*line)++;
    ++batch->lines;
    const std::string_view trimmed = TrimEnding(whole);
    if (whole.size() > kMaxLineBytes) {
      batch->rejects.push_back({number, 1, RejectReason::kTooLong, "", WithoutReturn(whole)});
      continue;
    }
    Misfit misfit;
    if (!trimmed.empty() && state_->ParseByAny(trimmed, number, &misfit)) {
      ++batch->size;
    } else if (IsBlank(trimmed)) {
      ++batch->blank;
    } else if (IsDirective(trimmed)) {
      ++batch->directive;
    } else {
      batch->rejects.push_back({number, static_cast<uint32_t>(misfit.at + 1), misfit.reason,
                                misfit.field, WithoutReturn(whole)});
    }
  }
}

LineTrace LineParser::Trace(std::string_view line, uint64_t line_number, RecordBatch* batch) {
  batch->Clear();
  LineTrace trace;
  state_->batch = batch;
  state_->trace = &trace;
  trace.format = state_->formats.front().get();
  const std::string_view trimmed = TrimEnding(line);
  Misfit misfit;
  if (line.size() > kMaxLineBytes) {
    trace.reason = RejectReason::kTooLong;
    trace.message = absl::StrCat("the line has more than ", kMaxLineBytes, " bytes");
    trace.column = 1;
  } else if (!trimmed.empty() && state_->ParseByAny(trimmed, line_number, &misfit)) {
    trace.outcome = LineTrace::Outcome::kRecord;
    batch->size = 1;
    trace.utc_offset_s = state_->time.epoch_us ? std::optional<int>(0) : state_->time.offset_s;
  } else if (IsBlank(trimmed)) {
    trace.outcome = LineTrace::Outcome::kBlank;
  } else if (IsDirective(trimmed)) {
    trace.outcome = LineTrace::Outcome::kDirective;
  } else {
    trace.reason = misfit.reason;
    trace.column = static_cast<uint32_t>(misfit.at + 1);
    trace.field = std::string(misfit.field);
    trace.message = DescribeMisfit(misfit, trimmed);
    trace.spans.clear();
  }
  state_->trace = nullptr;
  return trace;
}

}  // namespace civlog
