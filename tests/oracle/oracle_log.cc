#include "tests/oracle/oracle_log.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "absl/time/civil_time.h"

namespace civlog::oracle {
namespace {

enum class Format { kCombined, kVhostCombined, kCommon };
constexpr std::array kFormats = {Format::kCombined, Format::kVhostCombined, Format::kCommon};

// A record, or the reason why there is none.
struct Reading {
  std::optional<Record> record;
  std::string reason;
};

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

int Number(std::string_view digits) { return std::stoi(std::string(digits)); }

// The text before `delimiter`, which is dropped too; nullopt where there is none.
std::optional<std::string_view> TakeUntil(char delimiter, std::string_view* rest) {
  const size_t at = rest->find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = rest->substr(0, at);
  rest->remove_prefix(at + 1);
  return taken;
}

bool TakeText(std::string_view text, std::string_view* rest) {
  if (!rest->starts_with(text)) return false;
  rest->remove_prefix(text.size());
  return true;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// \" \\ \n \t \xHH, as Apache and nginx write them.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'x' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else if (c == 'n') {
      out += '\n';
    } else if (c == 't') {
      out += '\t';
    } else if (c == '"' || c == '\\') {
      out += c;
    } else {
      out += '\\';
      out += c;
    }
  }
  return out;
}

// The rest of a quoted field whose opening quote was taken, decoded.
std::optional<std::string> TakeQuoted(std::string_view* rest) {
  for (size_t i = 0; i < rest->size(); ++i) {
    if ((*rest)[i] == '\\') {
      ++i;
    } else if ((*rest)[i] == '"') {
      const std::string text = Unescape(rest->substr(0, i));
      rest->remove_prefix(i + 1);
      return text;
    }
  }
  return std::nullopt;
}

std::string DashIsEmpty(std::string_view text) { return text == "-" ? "" : std::string(text); }

// 16/Nov/2026:10:00:00 +0900
std::optional<int64_t> ParseTime(std::string_view text) {
  constexpr std::string_view kShape = "dd/mmm/dddd:dd:dd:dd sdddd";
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != kShape.size()) return std::nullopt;
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == 'd'   ? std::isdigit(static_cast<unsigned char>(text[i])) != 0
                      : kShape[i] == 'm' ? true
                      : kShape[i] == 's' ? text[i] == '+' || text[i] == '-'
                                         : text[i] == kShape[i];
    if (!fits) return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(3, 3));
  if (month == kMonths.end()) return std::nullopt;
  const int day = Number(text.substr(0, 2));
  const int hour = Number(text.substr(12, 2));
  const int minute = Number(text.substr(15, 2));
  const int second = Number(text.substr(18, 2));
  const absl::CivilSecond civil(Number(text.substr(7, 4)), (month - kMonths.begin()) + 1, day, hour,
                                minute, second);
  if (civil.day() != day || civil.hour() != hour || civil.minute() != minute ||
      civil.second() != second) {
    return std::nullopt;
  }
  const int offset_hours = Number(text.substr(22, 2));
  const int offset_minutes = Number(text.substr(24, 2));
  if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
  const int64_t offset = (offset_hours * 60 + offset_minutes) * 60;
  const int64_t local = civil - absl::CivilSecond(1970, 1, 1);
  return text[21] == '-' ? local + offset : local - offset;
}

// METHOD SP target [SP protocol]
void SetRequest(const std::string& request, Record* record) {
  std::vector<std::string> words(1);
  for (const char c : request) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  const bool shape = words.size() == 2 || (words.size() == 3 && words[2].starts_with("HTTP/"));
  const bool method = !words[0].empty() && std::all_of(words[0].begin(), words[0].end(),
                                                       [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!shape || !method || words[1].empty()) return;
  record->readable = true;
  record->method = words[0];
  record->target = words[1];
}

std::string HostWithoutPort(std::string_view text) {
  std::string host(text.substr(0, text.find(':')));
  for (char& c : host) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return DashIsEmpty(host);
}

Reading Reject(std::string_view rest) {
  return {std::nullopt, rest.empty() ? "truncated" : "no_match"};
}

// Everything behind the time. A delimiter that the rest of the line does not have
// means that the line ended too early.
Reading ReadAfterTime(Format format, std::string_view rest, Record record) {
  if (!TakeText(" \"", &rest)) return Reject(std::string_view(" \"").starts_with(rest) ? "" : rest);
  const auto request = TakeQuoted(&rest);
  if (!request) return {std::nullopt, "truncated"};
  SetRequest(*request, &record);
  if (!TakeText(" ", &rest)) return Reject(rest);
  const auto status = TakeUntil(' ', &rest);
  if (!status) return {std::nullopt, "truncated"};
  if (!AllDigits(*status) || status->size() != 3) return {std::nullopt, "bad_status"};
  record.status = Number(*status);
  if (format == Format::kCommon && rest.empty()) return {std::nullopt, "truncated"};
  const bool more = rest.find(' ') != std::string_view::npos;
  const auto bytes =
      format == Format::kCommon && !more ? std::exchange(rest, "") : TakeUntil(' ', &rest);
  if (!bytes) return {std::nullopt, "truncated"};
  if (*bytes != "-" && !AllDigits(*bytes)) return {std::nullopt, "bad_number"};
  record.bytes = *bytes == "-" ? 0 : std::stoll(std::string(*bytes));
  if (format == Format::kCommon && more) return {std::nullopt, "no_match"};
  if (format == Format::kCommon) return {record, ""};
  if (!TakeText("\"", &rest)) return Reject(rest);
  if (!TakeQuoted(&rest)) return {std::nullopt, "truncated"};
  if (!TakeText(" \"", &rest)) return Reject(std::string_view(" \"").starts_with(rest) ? "" : rest);
  auto agent = TakeQuoted(&rest);
  if (!agent) agent = std::exchange(rest, "");  // cut behind everything that is counted
  if (!rest.empty()) return {std::nullopt, "no_match"};
  record.agent = DashIsEmpty(*agent);
  return {record, ""};
}

Reading ReadLine(Format format, std::string_view line) {
  Record record;
  if (format == Format::kVhostCombined) {
    const auto host = TakeUntil(' ', &line);
    if (!host || host->empty()) return {std::nullopt, "no_match"};
    record.host = HostWithoutPort(*host);
  }
  const auto client = TakeUntil(' ', &line);
  if (!client || client->empty()) return {std::nullopt, "no_match"};
  record.client = *client;
  const auto ident = TakeUntil(' ', &line);
  if (!ident || ident->empty()) return {std::nullopt, "no_match"};
  const auto user = TakeUntil(' ', &line);
  if (!user || user->empty()) return {std::nullopt, "no_match"};
  record.user = DashIsEmpty(*user);
  if (!TakeText("[", &line)) return {std::nullopt, "no_match"};
  const auto time = TakeUntil(']', &line);
  if (!time) {
    // Cut within the offset from UTC, or right behind it.
    const bool seconds = line.size() >= 20 && line.size() <= 27 &&
                         ParseTime(std::string(line.substr(0, 20)) + " +0000");
    return {std::nullopt, seconds ? "truncated" : "no_match"};
  }
  const auto time_s = ParseTime(*time);
  if (!time_s) return {std::nullopt, "bad_time"};
  record.time_s = *time_s;
  return ReadAfterTime(format, line, record);
}

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

// Formats by the number of lines that they read, most first.
std::vector<Format> FormatsOf(const std::vector<std::string_view>& lines) {
  std::vector<Format> formats(kFormats.begin(), kFormats.end());
  const auto fitting = [&lines](Format format) {
    return std::count_if(lines.begin(), lines.end(), [format](std::string_view line) {
      return ReadLine(format, line).record.has_value();
    });
  };
  std::stable_sort(formats.begin(), formats.end(),
                   [&](Format a, Format b) { return fitting(a) > fitting(b); });
  return formats;
}

}  // namespace

ReadLog ReadWholeLog(std::string_view text) {
  const std::vector<std::string_view> lines = SplitLines(text);
  const std::vector<Format> formats = FormatsOf(lines);
  ReadLog log;
  log.lines = lines.size();
  for (const std::string_view line : lines) {
    if (IsBlank(line)) {
      ++log.blank;
      continue;
    }
    Reading reading = ReadLine(formats[0], line);
    for (size_t i = 1; i < formats.size() && !reading.record; ++i) {
      Reading other = ReadLine(formats[i], line);
      if (other.record) reading = std::move(other);
    }
    if (reading.record) {
      log.records.push_back(*std::move(reading.record));
    } else {
      ++log.rejected[reading.reason];
    }
  }
  return log;
}

}  // namespace civlog::oracle
