#include "tests/oracle/oracle_log.h"

#include <re2/re2.h>

#include <optional>

#include "absl/time/time.h"

namespace civlog {
namespace {

using std::string;

bool Digits(const string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == string::npos;
}

}  // namespace

string ReadOracleLine(const string& line, OracleRecord* r) {
  static const RE2 shape(
      R"re((?:([^: ]+):(\d+) )?(\S+) (\S+) (.*?) \[([^\]]*)\] "((?:[^"\\]|\\.)*)" (\S+) (\S+)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"?)?)re");
  static const RE2 timed(R"re((?:[^: ]+:\d+ )?\S+ \S+ .*? \[([^\]]*)\].*)re");
  string port, ident, time, request, status, bytes, referrer, agent;
  std::optional<string> host, ref, ua;
  re2::StringPiece agent_piece;
  absl::Time parsed;
  string error;
  const auto is_time = [&](const string& text) {
    return absl::ParseTime("%d/%b/%Y:%H:%M:%S %z", text, &parsed, &error);
  };
  string whole_host;
  const bool fits = RE2::FullMatch(line, shape, &whole_host, &port, &r->client, &ident, &r->user,
                                   &time, &request, &status, &bytes, &referrer, &agent_piece);
  if (!fits) {
    if (!RE2::FullMatch(line, timed, &time)) return "no_match";
    return is_time(time) ? "truncated" : "bad_time";
  }
  if (!is_time(time)) return "bad_time";
  if (!Digits(status) || status.size() != 3) return "bad_status";
  if (bytes != "-" && !Digits(bytes)) return "bad_number";
  r->t = absl::ToUnixSeconds(parsed);
  r->host = whole_host;
  r->has_agent = agent_piece.data() != nullptr;
  r->agent = string(agent_piece);
  if (r->agent == "-") r->agent.clear();
  if (r->user == "-") r->user.clear();
  r->status = std::stoi(status);
  r->bytes = bytes == "-" ? 0 : std::stoll(bytes);
  static const RE2 readable(R"(([A-Za-z]+) (\S+)(?: HTTP/\d\S*)?)");
  static const RE2 spaced(R"(([A-Za-z]+) (.+) HTTP/\d\S*)");
  r->readable = RE2::FullMatch(request, readable, &r->method, &r->target) ||
                RE2::FullMatch(request, spaced, &r->method, &r->target);
  return "";
}

}  // namespace civlog
