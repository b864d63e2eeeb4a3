#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "tests/oracle/oracle_catalog.h"
#include "tests/oracle/oracle_text.h"

namespace civlog {
namespace {

using std::string;
using std::vector;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

string OracleNormalPath(const string& path) {
  string out;
  for (size_t i = 0; i < path.size(); ++i) {
    string lower = path.substr(i, 12);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == ";jsessionid=") {
      while (i + 1 < path.size() && path[i + 1] != '/' && path[i + 1] != ';') ++i;
      continue;
    }
    if (path[i] == '%' && i + 2 < path.size() && HexValue(path[i + 1]) >= 0 &&
        HexValue(path[i + 2]) >= 0) {
      const char byte = static_cast<char>(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2]));
      if (std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
          string("-._~").find(byte) != string::npos) {
        out += byte;
      } else {
        out += '%';
        out += static_cast<char>(std::toupper(path[i + 1]));
        out += static_cast<char>(std::toupper(path[i + 2]));
      }
      i += 2;
      continue;
    }
    if (path[i] == '/' && !out.empty() && out.back() == '/') continue;
    out += path[i];
  }
  return out.empty() ? "/" : out;
}

namespace {

string PlusDecoded(const string& text) {
  string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool Capture(const string& segment) { return segment[0] == '{' || segment == "*"; }

bool PathMatches(const vector<string>& pattern, size_t p, const vector<string>& path, size_t s) {
  if (p == pattern.size()) return s == path.size();
  if (pattern[p] == "**") return true;
  if (s == path.size()) return false;
  const bool fits =
      !pattern[p].empty() && Capture(pattern[p]) ? !path[s].empty() : pattern[p] == path[s];
  return fits && PathMatches(pattern, p + 1, path, s + 1);
}

vector<string> Segments(const string& path) { return Split(path.substr(1) + "/", '/'); }

}  // namespace

bool OraclePathFits(const OracleRoute& route, const string& path) {
  if (!route.regex.empty()) return RE2::PartialMatch(path, route.regex);
  vector<string> pattern = Segments(route.path);
  vector<string> segments = Segments(path);
  pattern.pop_back();
  segments.pop_back();
  return PathMatches(pattern, 0, segments, 0);
}

namespace {

// Smaller is more specific.
auto Specificity(const OracleRoute& route) {
  vector<int> classes;
  const bool rest = route.path.size() >= 2 && route.path.substr(route.path.size() - 2) == "**";
  if (route.regex.empty()) {
    vector<string> pattern = Segments(route.path);
    pattern.pop_back();
    for (const string& segment : pattern) {
      classes.push_back(segment == "**" ? 2 : !segment.empty() && Capture(segment) ? 1 : 0);
    }
  }
  // A longer pattern with the same beginning is the more specific one.
  classes.push_back(3);
  return std::make_tuple(!route.regex.empty() ? 1
                         : rest               ? 2
                                              : 0,
                         classes, -static_cast<int>(route.query.size()), route.method.empty(),
                         !route.from_s && !route.until_s, route.role == "member");
}

}  // namespace

bool OracleMoreSpecific(const OracleRoute& a, const OracleRoute& b) {
  return Specificity(a) < Specificity(b);
}

bool OracleRequestFits(const OracleRoute& route, const string& method, const string& query,
                       int64_t t) {
  if (!route.method.empty() && route.method != method) return false;
  if (route.from_s && t < *route.from_s) return false;
  if (route.until_s && t >= *route.until_s) return false;
  for (const auto& [key, value] : route.query) {
    bool found = false;
    for (const string& pair : Split(query, '&')) {
      const string k = PlusDecoded(pair.substr(0, pair.find('=')));
      const string v =
          pair.find('=') == string::npos ? string() : PlusDecoded(pair.substr(pair.find('=') + 1));
      found = found || (k == key && (!value || v == *value));
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace civlog
