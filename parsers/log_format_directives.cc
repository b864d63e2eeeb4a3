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

// Letters that Apache knows and civlog has no use for.
constexpr std::string_view kApacheSkipped[] = {"A", "C",   "e",   "E",   "f", "i", "I", "k",
                                               "l", "L",   "n",   "o",   "p", "P", "R", "S",
                                               "X", "^ti", "^to", "^FB", "c", "x"};

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

Meaning Latency(double unit_us, int rank) {
  Meaning meaning = Of(StepKind::kLatency, rank);
  meaning.unit_us = unit_us;
  return meaning;
}

Meaning RequestHeader(std::string_view name) {
  const std::string lower = Lower(name);
  for (const Header& header : kHeaders) {
    if (header.name == lower) return TextMeaningOf(header.field, header.rank);
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

// %{format}t: "begin:" and "end:" say which time, which makes no difference here.
Meaning ApacheTime(std::string_view argument) {
  for (const std::string_view prefix : {"begin:", "end:"}) {
    if (argument.starts_with(prefix)) argument.remove_prefix(prefix.size());
  }
  if (argument.empty()) return Time(TimePart::Kind::kClf);
  if (argument == "sec") return Time(TimePart::Kind::kEpoch);
  if (argument == "msec") return Time(TimePart::Kind::kEpoch, 1000);
  if (argument == "usec") return Time(TimePart::Kind::kEpoch, 1);
  if (argument == "msec_frac" || argument == "usec_frac") return Time(TimePart::Kind::kFraction);
  Meaning meaning = Time(TimePart::Kind::kStrftime);
  meaning.time.format = std::string(argument);
  return meaning;
}

}  // namespace

std::optional<Meaning> ApacheMeaning(std::string_view letters, std::string_view argument) {
  if (letters == "t") return ApacheTime(argument);
  if (letters == "r") return Of(StepKind::kRequest);
  if (letters == "s") return Of(StepKind::kStatus);
  if (letters == "b" || letters == "B") return Of(StepKind::kBytesSent, 3);
  if (letters == "O") return Of(StepKind::kBytesSent, 2);
  if (letters == "U") return Of(StepKind::kTarget);
  if (letters == "q") return Of(StepKind::kQuery);
  if (letters == "D") return Latency(1, 4);
  if (letters == "T") {
    if (argument == "us") return Latency(1, 3);
    if (argument == "ms") return Latency(kMillisecondUs, 2);
    return Latency(kSecondUs, 1);
  }
  if (letters == "i" && !argument.empty()) return RequestHeader(argument);
  if (letters == "C" && !argument.empty()) return Cookie(argument);
  // %{c}a is the peer of the connection, %a the client that mod_remoteip found.
  if (letters == "a" && argument == "c") return TextMeaningOf(TextField::kClient, 1);
  for (const TextMeaning& text : kApacheTexts) {
    if (text.name == letters) return TextMeaningOf(text.field, text.rank);
  }
  if (std::find(std::begin(kApacheSkipped), std::end(kApacheSkipped), letters) !=
      std::end(kApacheSkipped)) {
    return Meaning();
  }
  return std::nullopt;
}

Meaning NginxMeaning(std::string_view variable) {
  for (const TextMeaning& text : kNginxTexts) {
    if (text.name == variable) return TextMeaningOf(text.field, text.rank);
  }
  if (variable == "time_local") return Time(TimePart::Kind::kClf);
  if (variable == "time_iso8601") return Time(TimePart::Kind::kIso8601);
  if (variable == "msec") return Time(TimePart::Kind::kEpoch);
  if (variable == "request") return Of(StepKind::kRequest);
  if (variable == "status") return Of(StepKind::kStatus);
  if (variable == "body_bytes_sent") return Of(StepKind::kBytesSent, 3);
  if (variable == "bytes_sent") return Of(StepKind::kBytesSent, 2);
  if (variable == "request_time") return Latency(kSecondUs, 2);
  // $request_uri is the original with its query, $uri the normalised path alone.
  if (variable == "request_uri") return Of(StepKind::kTarget, 2);
  if (variable == "uri" || variable == "document_uri") return Of(StepKind::kTarget, 1);
  if (variable == "args" || variable == "query_string") return Of(StepKind::kQuery);
  if (variable.starts_with("cookie_")) return Cookie(variable.substr(7));
  if (variable.starts_with("http_")) {
    std::string name(variable.substr(5));
    std::replace(name.begin(), name.end(), '_', '-');
    return RequestHeader(name);
  }
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
