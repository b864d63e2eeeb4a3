#include "parsers/line_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/log_format_plan.h"
#include "parsers/text_decoding.h"

namespace civlog {
namespace {

constexpr size_t kNotFound = std::string_view::npos;

// Where and why a line stopped fitting.
struct Misfit {
  RejectReason reason = RejectReason::kNoMatch;
  size_t at = 0;  // 0-based byte
  std::string_view field;
};

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

// RFC 9110, section 5.6.2.
bool IsTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != kNotFound;
}

bool IsProtocol(std::string_view text) {
  return text.size() > 5 && text.starts_with("HTTP/") && text[5] >= '0' && text[5] <= '9';
}

size_t FindChar(std::string_view text, char c, size_t from) {
  const void* found = std::memchr(text.data() + from, c, text.size() - from);
  return found == nullptr ? kNotFound
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

size_t FindLiteral(std::string_view text, std::string_view literal, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    at = FindChar(text, literal.front(), at);
    if (at == kNotFound || text.substr(at).starts_with(literal)) return at;
  }
  return kNotFound;
}

// True where the character at `at` stands behind an odd number of backslashes.
bool IsEscaped(std::string_view text, size_t begin, size_t at) {
  size_t backslashes = 0;
  while (at > begin && text[at - 1] == '\\') --at, ++backslashes;
  return backslashes % 2 == 1;
}

// The unescaped quote that `until` begins with. A quote that something else follows
// is one that the server did not escape, and does not end the field.
size_t FindQuote(std::string_view line, std::string_view until, size_t from) {
  for (size_t at = from; (at = FindChar(line, '"', at)) != kNotFound; ++at) {
    if (!IsEscaped(line, from, at) && line.substr(at).starts_with(until)) return at;
    if (at + 1 == line.size()) break;
  }
  return kNotFound;
}

// Where the last field of a line ends; its literal ends the line too. A last quoted
// field that is not closed, because server or agent cut it, is taken as it stands:
// nothing that figures are made of is missing.
size_t FindLineEnd(const Step& step, std::string_view line, size_t from) {
  if (step.until.empty()) return line.size();
  if (line.size() < from) return kNotFound;
  const bool closed = line.ends_with(step.until) && line.size() - step.until.size() >= from;
  if (!step.quoted) return closed ? line.size() - step.until.size() : kNotFound;
  // An unescaped quote with a blank behind it ended a field: there are more than the
  // format has.
  bool inner_quote = false;
  for (size_t at = from; at + 1 < line.size(); ++at) {
    at = FindChar(line, '"', at);
    if (at == kNotFound || at + 1 >= line.size()) break;
    if (IsEscaped(line, from, at)) continue;
    if (line[at + 1] == ' ') return kNotFound;
    inner_quote = true;
  }
  if (closed && !IsEscaped(line, from, line.size() - step.until.size())) {
    return line.size() - step.until.size();
  }
  return step.until == "\"" && !inner_quote ? line.size() : kNotFound;
}

// The first delimiter that is not part of the ", " or " : " with which nginx
// separates the values of several servers, and proxies those of a forwarded header.
size_t FindListEnd(std::string_view line, std::string_view until, size_t from) {
  for (size_t at = from; at < line.size(); ++at) {
    at = FindLiteral(line, until, at);
    if (at == kNotFound) break;
    const std::string_view before = line.substr(from, at - from);
    const bool separator =
        before.ends_with(',') || before.ends_with(" :") || line.substr(at).starts_with(" : ");
    if (!separator) return at;
  }
  return kNotFound;
}

// An IPv6 address without brackets has colons of its own before that of the port.
size_t FindLastColon(const Step& step, std::string_view line, size_t from) {
  const size_t behind =
      step.until_behind.empty() ? line.size() : FindLiteral(line, step.until_behind, from);
  const size_t colon = line.substr(0, behind).rfind(':');
  return colon == kNotFound || colon < from ? kNotFound : colon;
}

size_t FindEnd(const Step& step, std::string_view line, size_t from) {
  if (step.ending == FieldEnd::kLine) return FindLineEnd(step, line, from);
  if (from >= line.size()) return kNotFound;
  switch (step.ending) {
    case FieldEnd::kByte:
      return FindChar(line, step.until.front(), from);
    case FieldEnd::kLiteral:
      return FindLiteral(line, step.until, from);
    case FieldEnd::kQuote:
      return FindQuote(line, step.until, from);
    case FieldEnd::kList:
      return FindListEnd(line, step.until, from);
    case FieldEnd::kLastColon:
      return FindLastColon(step, line, from);
    case FieldEnd::kSlash:
      return FindChar(line, '/', from);
    case FieldEnd::kWidth:
      return from + step.width <= line.size() ? from + step.width : kNotFound;
    case FieldEnd::kLine:
      break;
  }
  return kNotFound;
}

// The next place where a request may end that did not end at `end`.
size_t FindLaterEnd(const Step& step, std::string_view line, size_t end) {
  if (end + 1 >= line.size()) return kNotFound;
  return step.quoted ? FindQuote(line, step.until, end + 1)
                     : FindLiteral(line, step.until, end + 1);
}

// A host or an address has no blank in it: the delimiter was found too far right.
bool HasStrayBlank(const Step& step, std::string_view raw) {
  const bool is_name = step.kind == StepKind::kText &&
                       (step.field == TextField::kHost || step.field == TextField::kClient);
  return is_name && !step.quoted && raw.find(' ') != kNotFound;
}

bool ParseStatus(std::string_view text, uint16_t* status) {
  if (text.size() != 3) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  *status = static_cast<uint16_t>(value);
  return true;
}

bool ParseBytes(std::string_view text, int64_t* bytes) {
  if (text == "-" || text.empty()) {
    *bytes = -1;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *bytes);
  return error == std::errc() && end == text.data() + text.size() && *bytes >= 0;
}

bool ParseLatency(std::string_view text, double unit_us, int64_t* latency_us) {
  *latency_us = -1;
  if (text == "-" || text.empty()) return true;
  constexpr double kMost = 1e15;  // 30 years
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool valid = error == std::errc() && end == text.data() + text.size() && value >= 0 &&
                     value * unit_us < kMost;
  if (valid) *latency_us = std::llround(value * unit_us);
  return valid;
}

// The sum of several servers' times: "0.1, 0.2" for servers tried one after the
// other, "0.1 : 0.2" for internal redirects; "-" where one was not reached.
bool ParseLatencyList(std::string_view text, double unit_us, int64_t* latency_us) {
  int64_t sum = -1;
  while (true) {
    const size_t end = std::min(text.find(','), text.find(" :"));
    int64_t one = -1;
    if (!ParseLatency(text.substr(0, end), unit_us, &one)) return false;
    if (one >= 0) sum = std::max<int64_t>(sum, 0) + one;
    if (end == kNotFound) break;
    text.remove_prefix(std::min(text.size(), end + (text[end] == ',' ? 1 : 2)));
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  *latency_us = sum;
  return true;
}

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsPort(std::string_view text) {
  constexpr size_t kMostDigits = 5;
  return !text.empty() && text.size() <= kMostDigits && IsDigits(text);
}

std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  const size_t colon = host.find(':');
  // More than one colon is an IPv6 address.
  if (colon == kNotFound || host.find(':', colon + 1) != kNotFound) return host;
  return host.substr(0, colon);
}

// An address without the brackets and the port that may be around it. More than one
// colon is an IPv6 address.
std::string_view BareAddress(std::string_view address) {
  if (address.starts_with('[')) {
    const size_t close = address.find(']');
    return address.substr(1, close == kNotFound ? kNotFound : close - 1);
  }
  const size_t colon = address.find(':');
  if (colon == kNotFound || !IsPort(address.substr(colon + 1))) return address;
  return address.substr(0, colon);
}

// What is known of the request before it is stored.
struct Request {
  std::string_view method;
  std::string_view target;
  std::string_view protocol;
  bool readable = false;
};

// METHOD SP target [SP protocol]; only a protocol at the end tells that blanks
// before it belong to the target.
Request SplitRequest(std::string_view text) {
  Request request;
  const size_t space = text.find(' ');
  if (space == 0 || space == kNotFound) return request;
  const std::string_view method = text.substr(0, space);
  if (!std::all_of(method.begin(), method.end(), IsTokenChar)) return request;
  std::string_view target = text.substr(space + 1);
  const size_t last = target.rfind(' ');
  std::string_view protocol;
  if (last != kNotFound) {
    protocol = target.substr(last + 1);
    if (!IsProtocol(protocol)) return request;
    target = target.substr(0, last);
  }
  if (target.empty() || IsProtocol(target)) return request;
  return {method, target, protocol, true};
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

  Text Decode(const Step& step, std::string_view raw) {
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

  void TakeRequest(const Step& step, std::string_view line, std::string_view raw, size_t i);
  bool TakeField(const Step& step, std::string_view line, std::string_view raw, Misfit* misfit);
  void TakeText(const Step& step, std::string_view line, std::string_view raw, size_t i);
  void FinishTarget(const FormatPlan& plan, size_t i);
  bool ParseSteps(const FormatPlan& plan, std::string_view line, const StepStart& start,
                  Misfit* misfit);
  bool ParseWithLaterEnd(const FormatPlan& plan, std::string_view line, const Misfit& first);
  bool ParseLine(const LogFormat& format, std::string_view line, uint64_t number, Misfit* misfit);
  bool ParseByAny(std::string_view line, uint64_t number, Misfit* misfit);
};

void LineParser::State::TakeRequest(const Step& step, std::string_view line, std::string_view raw,
                                    size_t i) {
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

// What a text field holds without what the server puts around it.
std::string_view Stripped(TextField field, std::string_view text) {
  if (field == TextField::kClient) return BareAddress(text);
  if (field == TextField::kHost) return WithoutPort(text);
  // Apache logs an empty user name as two quotes (mod_log_config, log_remote_user).
  if (field == TextField::kUser && text == "\"\"") return text.substr(0, 0);
  return text;
}

void LineParser::State::TakeText(const Step& step, std::string_view line, std::string_view raw,
                                 size_t i) {
  batch->Set(step.field, i) = Stripped(step.field, Decode(step, raw));
  if (trace != nullptr) Span(step.name, line, Stripped(step.field, raw));
}

// nginx logs "-" for $args where there is no query, also right behind "$is_args".
std::string_view WithoutDashQuery(std::string_view target) {
  const bool dash = target.size() > 1 && target.ends_with('-') && target.find('?') == kNotFound;
  return dash ? target.substr(0, target.size() - 1) : target;
}

bool LineParser::State::TakeField(const Step& step, std::string_view line, std::string_view raw,
                                  Misfit* misfit) {
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
      return step.is_list ? ParseLatencyList(raw, step.unit_us, &batch->latency_us[i])
                          : ParseLatency(raw, step.unit_us, &batch->latency_us[i]);
  }
  return false;
}

// A target in fields of its own: joins the query and says whether it is readable.
void LineParser::State::FinishTarget(const FormatPlan& plan, size_t i) {
  Text& target = batch->Set(TextField::kTarget, i);
  const Text& method = batch->Get(TextField::kMethod, i);
  batch->readable_request[i] =
      !target.empty() && !method.empty() && std::all_of(method.begin(), method.end(), IsTokenChar);
  if (!plan.joins_query || query.empty() || target.empty()) return;
  const bool has_mark = query.front() == '?';
  char* joined = batch->Allocate(target.size() + query.size() + 1);
  size_t size = target.copy(joined, target.size());
  if (!has_mark) joined[size++] = '?';
  size += query.copy(joined + size, query.size());
  target = Text(joined, size);
}

bool IsNumeric(const Step& step) {
  return step.kind == StepKind::kStatus || step.kind == StepKind::kBytesSent ||
         step.kind == StepKind::kLatency || step.is_number;
}

// True where the line ends within or right behind the time of `step`, and it is one.
bool EndsBehindTime(const Step& step, std::string_view rest) {
  if (step.kind != StepKind::kTime) return false;
  for (size_t cut = 0; cut < step.until.size(); ++cut) {
    TimeFields ignored;
    if (rest.ends_with(std::string_view(step.until).substr(0, cut)) &&
        ParseTimePart(step.time, rest.substr(0, rest.size() - cut), &ignored)) {
      return true;
    }
  }
  return false;
}

// The first unescaped quote, which ends the field that begins at `from`.
size_t FindAnyQuote(std::string_view line, size_t from) {
  for (size_t at = from; at < line.size(); ++at) {
    at = FindChar(line, '"', at);
    if (at == kNotFound || !IsEscaped(line, from, at)) return at;
  }
  return kNotFound;
}

// Why the end of the field that begins at `at` was not found. A line that just ends
// is truncated; one that goes on otherwise, or longer than the format, has another
// shape, from there on where that can be told.
Misfit DescribeMissingEnd(const Step& step, bool last, std::string_view line, size_t at,
                          bool time_seen) {
  Misfit misfit{RejectReason::kNoMatch, std::min(at, line.size()), step.name};
  const std::string_view rest = line.substr(misfit.at);
  if (last && step.quoted) {
    const size_t quote = FindAnyQuote(line, misfit.at);
    if (quote != kNotFound && quote + 1 < line.size()) {
      misfit.at = quote + 1;
      return misfit;
    }
  } else if (last && !step.until.empty()) {
    const size_t end = rest.find(step.until);
    if (end != kNotFound) {
      misfit.at += end + step.until.size();
      return misfit;
    }
  } else if (IsNumeric(step) && !step.until.empty()) {
    const size_t end = rest.find(step.until.front());
    const bool goes_on = end != kNotFound && !step.until.starts_with(rest.substr(end));
    if (goes_on) {
      misfit.at += end;
      return misfit;
    }
  }
  if (time_seen || EndsBehindTime(step, rest)) misfit.reason = RejectReason::kTruncated;
  return misfit;
}

// Sets a better reason where a field's text is not just wrong: text behind the last
// field, or nothing left for it.
void DescribeBadField(const Step& step, bool last, std::string_view line, std::string_view raw,
                      bool time_seen, Misfit* misfit) {
  if (!last || !step.until.empty()) return;
  const size_t blank = raw.find(' ');
  const bool goes_on = !step.is_list && blank != kNotFound && blank > 0;
  if (misfit->reason == RejectReason::kBadNumber && goes_on) {
    misfit->reason = RejectReason::kNoMatch;
    misfit->at += blank;
  }
  if (misfit->at >= line.size() && time_seen) misfit->reason = RejectReason::kTruncated;
}

// Runs the steps from `start` on. Where `start.end` is given, it is where the first
// of them ends.
bool LineParser::State::ParseSteps(const FormatPlan& plan, std::string_view line,
                                   const StepStart& start, Misfit* misfit) {
  size_t at = start.at;
  for (size_t s = start.step; s < plan.steps.size(); ++s) {
    const Step& step = plan.steps[s];
    const bool last = s + 1 == plan.steps.size();
    const bool given = s == start.step && start.end != kNotFound;
    const size_t end = given ? start.end : FindEnd(step, line, at);
    if (s == plan.request_step) request = {s, at, end};
    if (end == kNotFound || end < at) {
      *misfit = DescribeMissingEnd(step, last, line, at, time_seen);
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
      DescribeBadField(step, last, line, raw, time_seen, misfit);
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
  const Step& step = plan.steps[begun.step];
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

// Where a line that does not begin with the prefix stops agreeing with it.
size_t FirstDifference(std::string_view line, std::string_view prefix) {
  const auto [in_line, in_prefix] =
      std::mismatch(line.begin(), line.end(), prefix.begin(), prefix.end());
  return static_cast<size_t>(in_line - line.begin());
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

// What was expected at byte `at` of a line, and what stands there.
std::string DescribeMisfit(RejectReason reason, std::string_view field, std::string_view line,
                           size_t at) {
  constexpr size_t kShownBytes = 32;
  const std::string_view rest = line.substr(std::min(at, line.size()), kShownBytes);
  const std::string there = rest.empty() ? "the line ends" : absl::StrCat("\"", ToAbsl(rest), "\"");
  const std::string what = field.empty() ? "the format's next field" : std::string(field);
  switch (reason) {
    case RejectReason::kTruncated:
      return absl::StrCat("the line ends before ", what, " does");
    case RejectReason::kBadTime:
      return absl::StrCat(there, " is not a time");
    case RejectReason::kBadStatus:
      return absl::StrCat(there, " does not begin with a three-digit status");
    case RejectReason::kBadNumber:
      return absl::StrCat(there, " does not begin with a number for ", what);
    case RejectReason::kNoMatch:
    case RejectReason::kInvalidJson:
    case RejectReason::kTooLong:
      break;
  }
  return absl::StrCat("expected ", what, " here, but found ", there);
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
    trace.message = DescribeMisfit(misfit.reason, misfit.field, trimmed, misfit.at);
    trace.spans.clear();
  }
  state_->trace = nullptr;
  return trace;
}

}  // namespace civlog
