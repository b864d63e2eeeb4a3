#include "tests/oracle/minimizer.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace civlog::oracle {
namespace {

using Lines = std::vector<std::string>;

// Each with its line ending.
Lines SplitKeepingEnds(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::string Join(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// Drops runs of lines, from half of them down to one, while `still_fails` holds for
// what is left. True where something went.
bool DropLines(std::string* text, const std::function<bool()>& still_fails) {
  Lines lines = SplitKeepingEnds(*text);
  const size_t before = lines.size();
  for (size_t run = std::max<size_t>(1, lines.size() / 2); run > 0; run /= 2) {
    for (size_t at = 0; at < lines.size();) {
      Lines fewer = lines;
      const size_t end = std::min(at + run, fewer.size());
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(end));
      *text = Join(fewer);
      if (still_fails()) {
        lines = std::move(fewer);
      } else {
        at += run;
      }
    }
  }
  *text = Join(lines);
  return lines.size() < before;
}

bool DropLogs(RandomPortal* portal, const std::function<bool()>& still_fails) {
  bool dropped = false;
  for (size_t i = 0; i < portal->logs.size();) {
    RandomPortal fewer = *portal;
    fewer.logs.erase(fewer.logs.begin() + static_cast<std::ptrdiff_t>(i));
    std::swap(*portal, fewer);
    if (still_fails()) {
      dropped = true;
    } else {
      std::swap(*portal, fewer);
      ++i;
    }
  }
  return dropped;
}

}  // namespace

RandomPortal Minimize(RandomPortal portal, const std::function<bool(const RandomPortal&)>& fails) {
  const auto still_fails = [&portal, &fails] { return fails(portal); };
  bool smaller = true;
  while (smaller) {
    smaller = DropLogs(&portal, still_fails);
    for (auto& [name, text] : portal.logs) smaller = DropLines(&text, still_fails) || smaller;
    smaller = DropLines(&portal.catalog, still_fails) || smaller;
  }
  return portal;
}

std::string ToText(const RandomPortal& portal) {
  std::string text = "--- catalogue\n" + portal.catalog;
  for (const auto& [name, log] : portal.logs) {
    text += "--- " + name + "\n";
    for (const char c : log) {
      char escaped[8];
      const auto byte = static_cast<unsigned char>(c);
      std::snprintf(escaped, sizeof(escaped), "\\x%02x", static_cast<unsigned>(byte));
      text += c == '\n' || (byte >= 0x20 && byte < 0x7f) ? std::string(1, c) : escaped;
    }
    if (!log.ends_with('\n')) text += "(no newline)\n";
  }
  return text;
}

}  // namespace civlog::oracle
