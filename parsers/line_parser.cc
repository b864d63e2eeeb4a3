#include "parsers/line_parser.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/block_lines.h"
#include "parsers/delimiter_index.h"
#include "parsers/field_end.h"
#include "parsers/field_values.h"
#include "parsers/json_reader.h"
#include "parsers/json_shape.h"
#include "parsers/json_winners.h"
#include "parsers/line_wrapper.h"
#include "parsers/log_format_plan.h"
#include "parsers/misfit.h"
#include "parsers/quick_plan.h"
#include "parsers/text_decoding.h"
#include "parsers/w3c_fields.h"

namespace civlog {
namespace {

// A place from which the steps of a plan are run.
struct StepStart {
  size_t step = 0;
  size_t at = 0;
  size_t end = kNotFound;
};

}  // namespace

// Parses one line after the other by one of the formats.
struct LineParser::State {
  State(FormatList list, absl::TimeZone zone) : formats(std::move(list)), resolver(zone) {
    readers.resize(formats.size());
    for (size_t f = 0; f < formats.size(); ++f) {
      const LogFormat& format = *formats[f];
      if (format.json() != nullptr) readers[f] = std::make_unique<JsonReader>(format.json());
      if (format.is_w3c() && w3c_format == nullptr) w3c_format = &format;
    }
    if (formats.empty()) return;
    wrapper = formats.front()->wrapper();
    const LogFormat& first = *formats.front();
    lines = BlockLines(first.json() != nullptr ? JsonShape::kDelimiters
                       : first.is_w3c()        ? kW3cDelimiters
                                               : first.plan().delimiters);
    if (!first.is_w3c() && first.json() == nullptr) quick = QuickPlan(first.plan());
    if (w3c_format != nullptr) w3c_fields = w3c_format->w3c_fields();
  }

  FormatList formats;
  TimeResolver resolver;
  ClfMinute clf_minute;
  LineWrapper wrapper = LineWrapper::kNone;
  std::vector<std::unique_ptr<JsonReader>> readers;  // by format; null where it is not JSON
  std::vector<JsonMember> members;
  std::string_view mended;  // the line last written anew; in the batch's arena
  // The first W3C format, and what its lines are made of at present: null where the
  // log has not said so, or has asked for what cannot be read.
  const LogFormat* w3c_format = nullptr;
  std::shared_ptr<const W3cFields> w3c_fields;
  absl::flat_hash_map<std::string, std::shared_ptr<const W3cFields>> known_w3c_fields;
  RecordBatch* batch = nullptr;
  BlockLines lines;
  QuickPlan quick;  // of the first format
  // Of the line being parsed.
  TimeFields time;
  bool time_seen = false;
  bool asks_clf_minute = false;          // for a plan with a lone_clf, untraced
  std::optional<int64_t> known_time_us;  // where it asks
  bool has_backslash = true;             // false only where there is none in the line
  std::string_view query;
  StepStart request{0, 0, kNotFound};  // where the request line was found
  LineTrace* trace = nullptr;          // null while parsing for speed

  Text Decode(const FormatStep& step, std::string_view raw) {
    if (raw.empty() || (raw.size() == 1 && raw.front() == '-')) return kAbsentText;
    if (step.decoding == Decoding::kNone) return raw;
    if (step.decoding == Decoding::kBackslash && !has_backslash) return raw;
    const char mark = step.decoding == Decoding::kBackslash ? '\\'
                      : step.decoding == Decoding::kPlus    ? '+'
                                                            : '%';
    if (std::memchr(raw.data(), mark, raw.size()) == nullptr) return raw;
    return DecodeMarked(step, raw);
  }

  [[gnu::noinline]] Text DecodeMarked(const FormatStep& step, std::string_view raw) {
    char* out = batch->Allocate(raw.size());
    return Text(out, DecodeText(step.decoding, raw, out));
  }

  // Notes where in the line a field stands; a field in several parts from the first
  // to the last.
  void Span(std::string_view name, std::string_view line, std::string_view field) {
    if (trace != nullptr && !name.empty()) AddSpan(name, line, field);
  }
  void AddSpan(std::string_view name, std::string_view line, std::string_view field);

  // A quoted value of a W3C log, whose quotes are doubled.
  std::string_view Unquoted(std::string_view quoted) {
    const std::string_view text = quoted.substr(1, quoted.size() - 2);
    if (text.find('"') == kNotFound) return text;
    char* out = batch->Allocate(text.size());
    return {out, DecodeDoubledQuotes(text, out)};
  }

  void TakeRequest(const FormatStep& step, std::string_view line, std::string_view raw, size_t i);
  bool TakeField(const FormatStep& step, std::string_view line, std::string_view raw,
                 RejectReason* reason);
  bool TakeTime(const FormatStep& step, std::string_view raw);
  void TakeText(const FormatStep& step, std::string_view line, std::string_view raw, size_t i);
  void FinishTarget(bool joins_query, size_t i);
  void FinishClient(size_t i);
  bool FinishTime(bool default_utc, uint64_t number, Misfit* misfit);
  void BeginRecord(const LogFormat& format);
  bool ParseSteps(const FormatPlan& plan, const IndexedLine& whole, const StepStart& start,
                  Misfit* misfit);
  bool ParseWithLaterEnd(const FormatPlan& plan, const IndexedLine& line, const Misfit& first);
  bool ParsePlan(const FormatPlan& plan, const IndexedLine& whole, uint64_t number, Misfit* misfit);
  bool ParseJson(JsonReader* reader, const IndexedLine& whole, uint64_t number, Misfit* misfit);
  bool TakeMembers(std::string_view line, Misfit* misfit);
  std::string_view Mended(std::string_view line);
  bool ParseLine(size_t format, const IndexedLine& line, uint64_t number, Misfit* misfit);
  std::string_view Peel(std::string_view line);
  void EnterFields(std::string_view directive);
  void NoteDirective(std::string_view line) {
    if (w3c_format != nullptr && line.starts_with(kW3cDirective)) EnterFields(line);
  }
  bool ParseByAny(const IndexedLine& line, uint64_t number, Misfit* misfit);
  // By the straight way; false where that does not tell.
  bool ParseQuickly(std::string_view line, uint64_t number) {
    if (quick.empty()) return false;
    const IndexedLine indexed = lines.Indexed(line);
    return indexed.is_indexed() && quick.Parse(indexed, number, &clf_minute, &resolver, batch);
  }
};

void LineParser::State::AddSpan(std::string_view name, std::string_view line,
                                std::string_view field) {
  // What had to be written anew stands nowhere.
  if (field.data() < line.data() || field.data() > line.data() + line.size()) return;
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
  const Text text = Decode(step, raw);
  // What has anything to strip comes first among the fields.
  batch->Set(step.field, i) = step.field <= TextField::kHost ? Stripped(step.field, text) : text;
  if (trace != nullptr) Span(step.name, line, Stripped(step.field, raw));
}

bool LineParser::State::TakeTime(const FormatStep& step, std::string_view raw) {
  if (asks_clf_minute) {
    int64_t time_us = 0;
    if (!clf_minute.Read(raw, &resolver, &time_us)) return false;
    known_time_us = time_us;
  } else if (!ParseTimePart(step.time, raw, &time)) {
    return false;
  }
  return time_seen = true;
}

bool LineParser::State::TakeField(const FormatStep& step, std::string_view line,
                                  std::string_view raw, RejectReason* reason) {
  const size_t i = batch->size;
  if (trace != nullptr && step.kind != StepKind::kRequest && step.kind != StepKind::kText) {
    Span(step.name, line, raw);
  }
  switch (step.kind) {
    case StepKind::kSkip:
      *reason = RejectReason::kBadNumber;
      return !step.is_number || raw == "-" || IsDigits(raw);
    case StepKind::kText:
      TakeText(step, line, raw, i);
      return true;
    case StepKind::kExtra:
      batch->extra[step.extra][i] = Decode(step, raw);
      return true;
    case StepKind::kTime:
      *reason = RejectReason::kBadTime;
      return TakeTime(step, raw);
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
      *reason = RejectReason::kBadStatus;
      return step.dash_is_zero ? ParseLooseStatus(raw, &batch->status[i])
                               : ParseStatus(raw, &batch->status[i]);
    case StepKind::kBytesSent:
      *reason = RejectReason::kBadNumber;
      return ParseBytes(raw, &batch->bytes_sent[i]);
    case StepKind::kLatency:
      *reason = RejectReason::kBadNumber;
      return ParseLatency(step, raw, &batch->latency_us[i]);
  }
  return false;
}

// A target in fields of its own: joins the query and says whether it is readable.
void LineParser::State::FinishTarget(bool joins_query, size_t i) {
  Text& target = batch->Set(TextField::kTarget, i);
  const Text& method = batch->Get(TextField::kMethod, i);
  batch->readable_request[i] = !target.empty() && IsMethod(method);
  if (!joins_query || query.empty() || target.empty()) return;
  const bool has_mark = query.front() == '?';
  char* joined = batch->Allocate(target.size() + query.size() + 1);
  size_t size = target.copy(joined, target.size());
  if (!has_mark) joined[size++] = '?';
  size += query.copy(joined + size, query.size());
  target = Text(joined, size);
}

// Runs the steps from `start` on. Where `start.end` is given, it is where the first
// of them ends.
bool LineParser::State::ParseSteps(const FormatPlan& plan, const IndexedLine& whole,
                                   const StepStart& start, Misfit* misfit) {
  const std::string_view line = whole.text();
  const FormatStep* const steps = plan.steps.data();
  const size_t count = plan.steps.size();
  size_t at = start.at;
  for (size_t s = start.step; s < count; ++s) {
    const FormatStep& step = steps[s];
    if (step.padded) [[unlikely]]
      at = std::min(line.find_first_not_of(' ', at), line.size());
    const bool given = start.end != kNotFound && s == start.step;
    const size_t end = given ? start.end : FindEnd(step, whole, at);
    if (s == plan.request_step) request = {s, at, end};
    if (end == kNotFound || end < at) [[unlikely]] {
      *misfit = MissingEnd(step, s + 1 == count, line, at, time_seen);
      return false;
    }
    std::string_view raw(line.data() + at, end - at);
    if (step.ending == FieldEnd::kW3c && raw.starts_with('"')) [[unlikely]] {
      raw = Unquoted(raw);
    }
    misfit->at = at;
    if (step.checks_blanks && HasStrayBlank(step, raw)) [[unlikely]] {
      misfit->reason = RejectReason::kNoMatch;
      misfit->field = step.name;
      return false;
    }
    if (step.kind == StepKind::kText) {
      TakeText(step, line, raw, batch->size);
    } else if (!TakeField(step, line, raw, &misfit->reason)) [[unlikely]] {
      misfit->field = step.name;
      RefineBadField(step, s + 1 == count, line, raw, time_seen, misfit);
      return false;
    }
    at = end + step.until.size();
  }
  return true;
}

// A request with quotes that the server did not escape, or with blanks and no quotes
// around, ends at a later place: the first with which the rest of the line fits.
bool LineParser::State::ParseWithLaterEnd(const FormatPlan& plan, const IndexedLine& line,
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

void LineParser::State::BeginRecord(const LogFormat& format) {
  const size_t i = batch->size;
  time = TimeFields();
  time_seen = false;
  asks_clf_minute = false;
  known_time_us.reset();
  query = {};
  request.end = kNotFound;
  batch->bytes_sent[i] = batch->latency_us[i] = -1;
  batch->readable_request[i] = false;
  if (batch->extra.size() < format.extra_fields().size()) {
    batch->extra.resize(format.extra_fields().size());
  }
}

// Where the log has no peer's address, the forwarded header's last entry is what the
// server in front added: its own peer (Envoy, "x-forwarded-for").
void LineParser::State::FinishClient(size_t i) {
  Text& client = batch->Set(TextField::kClient, i);
  const Text& forwarded = batch->Get(TextField::kForwarded, i);
  if (client.data() != nullptr || forwarded.empty()) return;
  std::string_view last = forwarded.substr(forwarded.rfind(',') + 1);
  last.remove_prefix(std::min(last.find_first_not_of(' '), last.size()));
  client = Stripped(TextField::kClient, last);
}

bool LineParser::State::FinishTime(bool default_utc, uint64_t number, Misfit* misfit) {
  batch->line[batch->size] = number;
  if (known_time_us) {
    batch->time_us[batch->size] = *known_time_us;
    return true;
  }
  if (!time.epoch_us && !(time.has_date && time.has_clock)) {
    misfit->reason = RejectReason::kBadTime;
    misfit->field = "time";
    return false;
  }
  if (default_utc && !time.offset_s) time.offset_s = 0;
  batch->time_us[batch->size] = resolver.Resolve(time);
  return true;
}

bool LineParser::State::ParsePlan(const FormatPlan& plan, const IndexedLine& indexed_line,
                                  uint64_t number, Misfit* misfit) {
  // Formats of one family mostly have the same delimiters.
  const bool fits = lines.AreIndexedBy(plan.delimiters);
  const IndexedLine whole = fits ? indexed_line : IndexedLine(indexed_line.text());
  const size_t i = batch->size;
  const std::string_view line = whole.text();
  asks_clf_minute = plan.lone_clf && trace == nullptr && !plan.default_utc;
  for (const TextField field : plan.absent) batch->Set(field, i) = Text();
  if (!line.starts_with(plan.prefix)) {
    misfit->at = FirstDifference(line, plan.prefix);
    return false;
  }
  if (!ParseSteps(plan, whole, {0, plan.prefix.size(), kNotFound}, misfit) &&
      !ParseWithLaterEnd(plan, whole, *misfit)) {
    return false;
  }
  if (!FinishTime(plan.default_utc, number, misfit)) return false;
  if (plan.request_step == FormatPlan::kNoStep) FinishTarget(plan.joins_query, i);
  FinishClient(i);
  return true;
}

// Fills the record from the members of a JSON object.
bool LineParser::State::TakeMembers(std::string_view line, Misfit* misfit) {
  const size_t i = batch->size;
  const JsonWinners winners = ChooseMembers(members);
  const auto has = [&winners](StepKind kind) { return winners.Has(kind); };
  const bool has_target = has(StepKind::kTarget);
  for (const auto& [kind, name] :
       {std::pair(StepKind::kTime, std::string_view("time")), {StepKind::kStatus, "status"}}) {
    if (has(kind)) continue;
    *misfit = {RejectReason::kNoMatch, 0, name, kMapRemedy};
    return false;
  }
  if (!has_target && !has(StepKind::kRequest)) {
    *misfit = {RejectReason::kNoMatch, 0, "request", kMapRemedy};
    return false;
  }
  // A request line first: fields of their own say the same, and go before.
  const JsonMember* request_line = winners.Of(StepKind::kRequest);
  if (request_line != nullptr) {
    TakeField(request_line->target->step, line, request_line->raw, &misfit->reason);
  }
  for (uint64_t rest = winners.slots(); rest != 0; rest &= rest - 1) {
    const JsonMember* member = winners.At(std::countr_zero(rest));
    if (member == request_line) continue;
    if (TakeField(member->target->step, line, member->raw, &misfit->reason)) continue;
    misfit->at = static_cast<size_t>(member->raw.data() - line.data());
    misfit->field = member->target->step.name;
    return false;
  }
  if (has_target) {
    const Text& target = batch->Get(TextField::kTarget, i);
    FinishTarget(target.find('?') == kNotFound, i);
  }
  return true;
}

// A line whose bytes are not all UTF-8, with those that are not written as escapes.
std::string_view LineParser::State::Mended(std::string_view line) {
  char* out = batch->Allocate(4 * line.size() + kBlockPadding);
  return mended = {out, EscapeInvalidUtf8(line, out)};
}

bool LineParser::State::ParseJson(JsonReader* reader, const IndexedLine& whole, uint64_t number,
                                  Misfit* misfit) {
  const std::string_view line = whole.text();
  const size_t i = batch->size;
  for (auto& column : batch->text) column[i] = Text();
  for (auto& column : batch->extra) column[i] = Text();
  if (reader->Read(whole, &members, &misfit->at)) {
    if (!TakeMembers(line, misfit)) return false;
  } else if (IsValidUtf8(line) || !reader->Read(IndexedLine(Mended(line)), &members, &misfit->at)) {
    misfit->reason = RejectReason::kInvalidJson;
    misfit->at = std::min(misfit->at, line.size());
    return false;
  } else {
    // The members stand in the line that was written anew, not in the one logged.
    has_backslash = true;
    const bool taken = TakeMembers(mended, misfit);
    misfit->at = 0;
    if (trace != nullptr) trace->spans.clear();
    if (!taken) return false;
  }
  if (!FinishTime(false, number, misfit)) return false;
  FinishClient(i);
  return true;
}

bool LineParser::State::ParseLine(size_t f, const IndexedLine& line, uint64_t number,
                                  Misfit* misfit) {
  const LogFormat& format = *formats[f];
  *misfit = Misfit();
  BeginRecord(format);
  has_backslash = line.HasBackslash();
  if (readers[f] != nullptr) return ParseJson(readers[f].get(), line, number, misfit);
  if (!format.is_w3c()) return ParsePlan(format.plan(), line, number, misfit);
  const W3cFields* fields = &format == w3c_format ? w3c_fields.get() : format.w3c_fields().get();
  if (fields == nullptr) {
    misfit->field = "#Fields";
    misfit->remedy =
        "directive before it that can be read; give the names of its fields: --log-format "
        "'#Fields: date time ...'";
    return false;
  }
  const bool tabs = line.Find('\t', 0) != kNotFound;
  return ParsePlan(tabs ? fields->tabbed : fields->spaced, line, number, misfit);
}

bool LineParser::State::ParseByAny(const IndexedLine& line, uint64_t number, Misfit* misfit) {
  if (ParseLine(0, line, number, misfit)) {
    if (trace != nullptr) trace->format = formats.front().get();
    return true;
  }
  for (size_t f = 1; f < formats.size(); ++f) {
    Misfit other;
    if (trace != nullptr) trace->spans.clear();
    if (!ParseLine(f, line, number, &other)) continue;
    if (trace != nullptr) trace->format = formats[f].get();
    return true;
  }
  return false;
}

// What a shipper has wrapped, or the line itself.
std::string_view LineParser::State::Peel(std::string_view line) {
  if (wrapper != LineWrapper::kDocker) return line.substr(WrapperPrefix(wrapper, line));
  const std::string_view payload = DockerPayload(line);
  if (payload.data() == nullptr) return line;
  char* out = batch->Allocate(payload.size() + kBlockPadding);
  return {out, DecodeEscapes(payload, out)};
}

// A #Fields directive: what the lines behind it are made of.
void LineParser::State::EnterFields(std::string_view directive) {
  constexpr size_t kMaxKnown = 64;
  const auto found = known_w3c_fields.find(ToAbsl(directive));
  if (found != known_w3c_fields.end()) {
    w3c_fields = found->second;
    return;
  }
  absl::StatusOr<W3cFields> fields = CompileW3cFields(directive);
  w3c_fields = fields.ok() ? std::make_shared<const W3cFields>(*std::move(fields)) : nullptr;
  if (known_w3c_fields.size() < kMaxKnown) known_w3c_fields.emplace(directive, w3c_fields);
}

LineParser::LineParser(FormatList formats, absl::TimeZone default_zone)
    : state_(std::make_unique<State>(std::move(formats), default_zone)) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

void LineParser::Parse(const Block& block, size_t* offset, uint64_t* line, RecordBatch* batch) {
  batch->Clear();
  state_->batch = batch;
  if (*offset == 0 && state_->w3c_format != nullptr && block.w3c_directive != nullptr) {
    state_->EnterFields(*block.w3c_directive);
  }
  const std::string_view text = block.text();
  state_->lines.Begin(text);
  while (*offset < text.size() && batch->size < RecordBatch::kCapacity &&
         batch->rejects.size() < RecordBatch::kCapacity) {
    const std::string_view whole = state_->lines.Next(offset);
    const uint64_t number = (*line)++;
    ++batch->lines;
    if (whole.size() > kMaxLineBytes) {
      batch->rejects.push_back({number, 1, RejectReason::kTooLong, "", WithoutReturn(whole)});
      continue;
    }
    const std::string_view inner = state_->wrapper == LineWrapper::kNone
                                       ? TrimEnding(whole)
                                       : TrimEnding(state_->Peel(WithoutReturn(whole)));
    Misfit misfit;
    if (!inner.empty() && (state_->ParseQuickly(inner, number) ||
                           state_->ParseByAny(state_->lines.Indexed(inner), number, &misfit))) {
      batch->raw[batch->size++] = WithoutReturn(whole);
    } else if (IsBlank(inner)) {
      batch->blank.push_back(number);
    } else if (IsDirective(inner)) {
      batch->directive.push_back(number);
      state_->NoteDirective(inner);
    } else {
      const size_t at = misfit.at + OffsetWithin(whole, inner);
      batch->rejects.push_back({number, static_cast<uint32_t>(at + 1), misfit.reason, misfit.field,
                                WithoutReturn(whole)});
    }
  }
}

// Works on a copy, with readable bytes behind it.
LineTrace LineParser::Trace(std::string_view line, uint64_t line_number, RecordBatch* batch) {
  batch->Clear();
  LineTrace trace;
  state_->batch = batch;
  state_->trace = &trace;
  trace.format = state_->formats.front().get();
  char* copy = batch->Allocate(line.size() + kBlockPadding);
  line.copy(copy, line.size());
  std::fill_n(copy + line.size(), kBlockPadding, '\0');
  const std::string_view whole(copy, line.size());
  Misfit misfit;
  if (line.size() > kMaxLineBytes) {
    trace.reason = RejectReason::kTooLong;
    trace.message = absl::StrCat("the line has more than ", kMaxLineBytes, " bytes");
    trace.column = 1;
    state_->trace = nullptr;
    return trace;
  }
  const std::string_view inner = TrimEnding(state_->Peel(WithoutReturn(whole)));
  const size_t offset = OffsetWithin(whole, inner);
  if (!inner.empty() && state_->ParseByAny(IndexedLine(inner), line_number, &misfit)) {
    trace.outcome = LineTrace::Outcome::kRecord;
    batch->size = 1;
    trace.utc_offset_s = state_->time.epoch_us ? std::optional<int>(0) : state_->time.offset_s;
    if (!IsWithin(whole, inner)) trace.spans.clear();
    for (FieldSpan& span : trace.spans) {
      span.begin += offset;
      span.end += offset;
    }
  } else if (IsBlank(inner)) {
    trace.outcome = LineTrace::Outcome::kBlank;
  } else if (IsDirective(inner)) {
    trace.outcome = LineTrace::Outcome::kDirective;
    state_->NoteDirective(inner);
  } else {
    trace.reason = misfit.reason;
    trace.column = static_cast<uint32_t>(misfit.at + offset + 1);
    trace.field = std::string(misfit.field);
    trace.message = DescribeMisfit(misfit, inner);
    trace.spans.clear();
  }
  state_->trace = nullptr;
  return trace;
}

}  // namespace civlog
