#include "parsers/log_format_directives.h"

#include <algorithm>
#include <cctype>

namespace civlog {
namespace {

constexpr double kSecondUs = 1e6;
constexpr double kMillisecondUs = 1e3;

struct TextMeaning {
  std::string_view name;
  TextField field;
  int rank;
};

// Apache, without argument.
constexpr TextMeaning kApacheTexts[] = {{"h", TextField::kClient, 2},  {"a", TextField::kClient, 3},
                                        {"u", TextField::kUser, 1},    {"v", TextField::kHost, 1},
                                        {"V", TextField::kHost, 2},    {"m", TextField::kMethod, 1},
                                        {"H", TextField::kProtocol, 1}};

struct Header {
  std::string_view name;  // lower case
  TextField field;
  int rank;
};

constexpr Header kHeaders[] = {{"referer", TextField::kReferrer, 1},
                               {"user-agent", TextField::kUserAgent, 1},
                               {"x-forwarded-for", TextField::kForwarded, 2},
                               {"forwarded", TextField::kForwarded, 1},
                               {"host", TextField::kHost, 3}};

constexpr TextMeaning kNginxTexts[] = {{"remote_addr", TextField::kClient, 2},
                                       {"realip_remote_addr", TextField::kClient, 1},
                                       {"remote_user", TextField::kUser, 1},
                                       {"host", TextField::kHost, 3},
                                       {"server_name", TextField::kHost, 1},
                                       {"request_method", TextField::kMethod, 1},
                                       {"server_protocol", TextField::kProtocol, 1},
                                       {"proxy_add_x_forwarded_for", TextField::kForwarded, 1}};

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

Meaning TextMeaningOf(TextField field, int rank) {
  Meaning meaning;
  meaning.kind = StepKind::kText;
  meaning.field = field;
  meaning.rank = rank;
  return meaning;
}

Meaning Of(StepKind kind, int rank = 1) {
  Meaning meaning;
  meaning.kind = kind;
  meaning.rank = rank;
  return meaning;
}

Meaning Time(TimePart::Kind kind, int64_t unit_us = 1'000'000) {
  Meaning meaning = Of(StepKind::kTime);
  meaning.time.kind = kind;
  meaning.time.unit_us = unit_us;
  return meaning;
}

// A whole or part of the time that the server always writes in as many bytes.
Meaning FixedTime(TimePart::Kind kind, size_t width) {
  Meaning meaning = Time(kind);
  meaning.width = width;
  return meaning;
}

Meaning Skip(size_t width) {
  Meaning meaning;
  meaning.width = width;
  return meaning;
}

Meaning Bytes(int rank) {
  Meaning meaning = Of(StepKind::kBytesSent, rank);
  meaning.is_number = true;
  return meaning;
}

Meaning SkippedNumber() {
  Meaning meaning;
  meaning.is_number = true;
  return meaning;
}

Meaning Status() {
  Meaning meaning = Of(StepKind::kStatus);
  meaning.width = 3;
  return meaning;
}

Meaning Target(bool has_query, int rank) {
  Meaning meaning = Of(StepKind::kTarget, rank);
  meaning.has_query = has_query;
  meaning.at_slash = true;
  return meaning;
}

Meaning QueryMark() {
  Meaning meaning;
  meaning.query_mark = true;
  return meaning;
}

Meaning List(Meaning meaning) {
  meaning.is_list = true;
  return meaning;
}

Meaning Latency(double unit_us, int rank) {
  Meaning meaning = Of(StepKind::kLatency, rank);
  meaning.unit_us = unit_us;
  return meaning;
}

// Variables of civlog's own, for the formats of other servers: what nginx has no
// variable for.
struct OwnVariable {
  std::string_view name;
  double unit_us;
  bool sums;    // one part of the time taken
  bool padded;  // with blanks in front
};

constexpr OwnVariable kOwnLatencies[] = {{"latency_s", kSecondUs, false, false},
                                         {"latency_ms", kMillisecondUs, false, false},
                                         {"latency_us", 1, false, false},
                                         {"latency_part_s", kSecondUs, true, false},
                                         {"latency_padded_ms", kMillisecondUs, false, true}};

std::optional<Meaning> OwnMeaning(std::string_view variable) {
  if (variable == "status_or_dash") {
    Meaning meaning = Of(StepKind::kStatus);
    meaning.dash_is_zero = true;
    return meaning;
  }
  for (const OwnVariable& own : kOwnLatencies) {
    if (own.name != variable) continue;
    Meaning meaning = Latency(own.unit_us, 3);
    meaning.sums = own.sums;
    meaning.padded = own.padded;
    return meaning;
  }
  return std::nullopt;
}

Meaning RequestHeader(std::string_view name) {
  const std::string lower = Lower(name);
  for (const Header& header : kHeaders) {
    if (header.name != lower) continue;
    Meaning meaning = TextMeaningOf(header.field, header.rank);
    meaning.is_list = header.field == TextField::kForwarded;
    return meaning;
  }
  Meaning meaning = Of(StepKind::kExtra);
  meaning.extra = "header:" + std::string(name);
  return meaning;
}

Meaning Cookie(std::string_view name) {
  Meaning meaning = Of(StepKind::kExtra);
  meaning.extra = "cookie:" + std::string(name);
  return meaning;
}

// %{format}t, where "begin:" or "end:" may say which time is meant.
Meaning ApacheTime(std::string_view argument) {
  bool at_end = false;
  for (const std::string_view which : {"begin", "end"}) {
    const bool named = argument == which || (argument.starts_with(which) &&
                                             argument.substr(which.size()).starts_with(':'));
    if (!named) continue;
    at_end = which == "end";
    argument.remove_prefix(std::min(which.size() + 1, argument.size()));
    break;
  }
  Meaning meaning;
  if (argument.empty()) {
    meaning = Time(TimePart::Kind::kClf);
  } else if (argument == "sec") {
    meaning = Time(TimePart::Kind::kEpoch);
  } else if (argument == "msec") {
    meaning = Time(TimePart::Kind::kEpoch, 1000);
  } else if (argument == "usec") {
    meaning = Time(TimePart::Kind::kEpoch, 1);
  } else if (argument == "msec_frac") {
    meaning = FixedTime(TimePart::Kind::kFraction, 3);
  } else if (argument == "usec_frac") {
    meaning = FixedTime(TimePart::Kind::kFraction, 6);
  } else {
    meaning = Time(TimePart::Kind::kStrftime);
    meaning.time.format = ExpandStrftime(argument);
    meaning.width = StrftimeWidth(meaning.time.format);
  }
  meaning.at_end = at_end;
  return meaning;
}

Meaning ApacheLatency(std::string_view unit) {
  if (unit == "us") return Latency(1, 3);
  if (unit == "ms") return Latency(kMillisecondUs, 2);
  return Latency(kSecondUs, 1);
}

// %X says whether the connection stays open, with one character.
Meaning ApacheSkipped(std::string_view letters) {
  // Bytes received, both ways; requests on the connection.
  if (letters == "I" || letters == "S" || letters == "k") return SkippedNumber();
  return Skip(letters == "X" ? 1 : 0);
}

bool IsDirective(std::string_view letters) {
  const unsigned char last = static_cast<unsigned char>(letters.back());
  return std::isalpha(last) != 0;
}

}  // namespace

std::optional<Meaning> ApacheMeaning(std::string_view letters, std::string_view argument) {
  if (letters == "t") return ApacheTime(argument);
  if (letters == "r") return Of(StepKind::kRequest);
  if (letters == "s") return Status();
  if (letters == "b" || letters == "B") return Bytes(3);
  if (letters == "O") return Bytes(2);
  if (letters == "U") return Target(false, 1);
  if (letters == "q") return Of(StepKind::kQuery);
  if (letters == "D") return Latency(1, 4);
  if (letters == "T") return ApacheLatency(argument);
  if (letters == "i" && !argument.empty()) return RequestHeader(argument);
  if (letters == "C" && !argument.empty()) return Cookie(argument);
  // %{c}a is the peer of the connection, %a the client that mod_remoteip found.
  if (letters == "a" && argument == "c") return TextMeaningOf(TextField::kClient, 1);
  for (const TextMeaning& text : kApacheTexts) {
    if (text.name == letters) return TextMeaningOf(text.field, text.rank);
  }
  if (!IsDirective(letters)) return std::nullopt;
  return ApacheSkipped(letters);
}

Meaning NginxMeaning(std::string_view variable) {
  if (const std::optional<Meaning> own = OwnMeaning(variable)) return *own;
  for (const TextMeaning& text : kNginxTexts) {
    if (text.name != variable) continue;
    Meaning meaning = TextMeaningOf(text.field, text.rank);
    meaning.is_list = text.field == TextField::kForwarded;
    return meaning;
  }
  if (variable == "time_local") return FixedTime(TimePart::Kind::kClf, 26);
  if (variable == "time_iso8601") return FixedTime(TimePart::Kind::kIso8601, 25);
  if (variable == "msec") return Time(TimePart::Kind::kEpoch);
  if (variable == "request") return Of(StepKind::kRequest);
  if (variable == "status") return Status();
  if (variable == "body_bytes_sent") return Bytes(3);
  if (variable == "bytes_sent") return Bytes(2);
  if (variable == "request_time") return Latency(kSecondUs, 2);
  // What the servers behind took, where nothing says how long it took altogether.
  if (variable == "upstream_response_time") return List(Latency(kSecondUs, 1));
  // $request_uri is the original with its query, $uri the normalised path alone.
  if (variable == "request_uri") return Target(true, 2);
  if (variable == "uri" || variable == "document_uri") return Target(false, 1);
  if (variable == "args" || variable == "query_string") return Of(StepKind::kQuery);
  if (variable == "is_args") return QueryMark();
  if (variable == "pipe") return Skip(1);
  if (variable == "request_length") return SkippedNumber();
  if (variable.starts_with("cookie_")) return Cookie(variable.substr(7));
  if (variable.starts_with("http_")) {
    std::string name(variable.substr(5));
    std::replace(name.begin(), name.end(), '_', '-');
    return RequestHeader(name);
  }
  if (variable.starts_with("upstream_")) return List(Meaning());
  return Meaning();
}

std::string_view FieldNameOf(StepKind kind, TextField field) {
  switch (kind) {
    case StepKind::kSkip:
    case StepKind::kExtra:
      return "";
    case StepKind::kText:
      return TextFieldName(field);
    case StepKind::kTime:
      return "time";
    case StepKind::kRequest:
      return "request";
    case StepKind::kTarget:
    case StepKind::kQuery:
      return "target";
    case StepKind::kStatus:
      return "status";
    case StepKind::kBytesSent:
      return "bytes_sent";
    case StepKind::kLatency:
      return "latency";
  }
  return "";
}

}  // namespace civlog
