#include "parsers/json_shape.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace civlog {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool BeginsNumber(char c) { return c == '-' || IsDigit(c); }
bool IsOfNumber(char c) {
  return IsDigit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

// What stands in a line of JSON, apart from line ends: text without control characters.
bool IsPlainText(std::string_view line) {
  uint8_t all = 0;
  uint8_t control = 0;
  for (const char c : line) {
    const auto byte = static_cast<uint8_t>(c);
    all = static_cast<uint8_t>(all | byte);
    control = static_cast<uint8_t>(control | (byte < 0x20 ? 1 : 0));
  }
  if (control != 0) return false;
  return all < 0x80 || simdjson::validate_utf8(line.data(), line.size());
}

// Where the token behind the string that ends at `at` begins: a ':' makes it a key.
bool IsKey(std::string_view line, size_t at) {
  while (at < line.size() && IsBlank(line[at])) ++at;
  return at < line.size() && line[at] == ':';
}

}  // namespace

void JsonShape::AddText(std::string_view text, Part* part) {
  part->text = static_cast<uint32_t>(texts_.size());
  part->size = static_cast<uint32_t>(text.size());
  texts_.resize(texts_.size() + (text.size() + kWord - 1) / kWord);
  text.copy(reinterpret_cast<char*>(texts_.data() + part->text), text.size());
}

bool JsonShape::Learn(std::string_view line, const std::vector<JsonMember>& members) {
  parts_.clear();
  texts_.clear();
  if (line.size() > kMostBytes || line.find('\\') != std::string_view::npos) return false;
  auto member = members.begin();
  size_t text = 0;  // where the text before the next value begins
  for (size_t at = 0; at < line.size();) {
    const bool is_string = line[at] == '"';
    if (!is_string && !BeginsNumber(line[at])) {
      ++at;
      continue;
    }
    const size_t begin = at + (is_string ? 1 : 0);
    size_t end = begin;
    if (is_string) {
      end = std::min(line.find('"', begin), line.size());
    } else {
      while (end < line.size() && IsOfNumber(line[end])) ++end;
    }
    at = end + (is_string ? 1 : 0);
    if (is_string && IsKey(line, at)) continue;
    Part part;
    part.is_string = is_string;
    AddText(line.substr(text, begin - text), &part);
    if (member != members.end() && member->raw.data() == line.data() + begin) {
      // A token that only begins as a number is none that another line's could be told by.
      if (member->raw.size() != end - begin) break;
      part.target = (member++)->target;
    }
    parts_.push_back(part);
    text = end;
  }
  if (member == members.end() && parts_.size() < kMostParts) {
    AddText(line.substr(text), &parts_.emplace_back());
    return true;
  }
  parts_.clear();
  return false;
}

// Word by word: a call for each of a few bytes would take longer than they do.
bool JsonShape::FitsText(const Part& part, const char* at, const char* end) const {
  if (static_cast<size_t>(end - at) < part.size) return false;
  const uint64_t* text = texts_.data() + part.text;
  size_t left = part.size;
  for (; left >= kWord; left -= kWord, at += kWord, ++text) {
    uint64_t word;
    std::memcpy(&word, at, kWord);
    if (word != *text) return false;
  }
  if (left == 0) return true;
  uint64_t word;
  std::memcpy(&word, at, kWord);
  return (word ^ *text) << (8 * (kWord - left)) == 0;
}

bool JsonShape::Read(const IndexedLine& line, std::vector<JsonMember>* members) const {
  if (parts_.empty() || line.HasBackslash()) return false;
  members->clear();
  const char* const begin = line.text().data();
  const char* const end = begin + line.size();
  const char* at = begin;
  for (const Part& part : parts_) {
    if (!FitsText(part, at, end)) return false;
    at += part.size;
    if (&part == &parts_.back()) break;
    const char* const value = at;
    if (part.is_string) {
      const size_t quote = line.Find('"', static_cast<size_t>(at - begin));
      if (quote == std::string_view::npos) return false;
      at = begin + quote;
    } else {
      if (at == end || !BeginsNumber(*at)) return false;
      while (at < end && IsOfNumber(*at)) ++at;
    }
    if (part.target != nullptr) {
      members->push_back({part.target, {value, static_cast<size_t>(at - value)}});
    }
  }
  return at == end && IsPlainText(line.text());
}

}  // namespace civlog
