#include "parsers/field_end.h"

namespace civlog {

bool IsEscaped(std::string_view text, size_t begin, size_t at) {
  size_t backslashes = 0;
  while (at > begin && text[at - 1] == '\\') --at, ++backslashes;
  return backslashes % 2 == 1;
}

size_t FindAnyQuote(std::string_view line, size_t from) {
  for (size_t at = from; at < line.size(); ++at) {
    at = FindChar(line, '"', at);
    if (at == kNotFound || !IsEscaped(line, from, at)) return at;
  }
  return kNotFound;
}

namespace {

size_t FindLiteral(const IndexedLine& line, std::string_view literal, size_t from) {
  for (size_t at = from; at < line.size(); ++at) {
    at = line.Find(literal.front(), at);
    if (at == kNotFound || GoesOnAs(line, at, literal)) return at;
  }
  return kNotFound;
}

// The unescaped quote that `until` begins with. A quote that something else follows
// is one that the server did not escape, and does not end the field.
size_t FindQuote(const IndexedLine& line, std::string_view until, size_t from) {
  for (size_t at = from; (at = line.Find('"', at)) != kNotFound; ++at) {
    if (!IsEscaped(line.text(), from, at) && GoesOnAs(line, at, until)) return at;
    if (at + 1 == line.size()) break;
  }
  return kNotFound;
}

// Where the last field of a line ends; its literal ends the line too. A last quoted
// field that is not closed, because server or agent cut it, is taken as it stands:
// nothing that figures are made of is missing.
size_t FindLineEnd(const FormatStep& step, const IndexedLine& indexed, size_t from) {
  const std::string_view line = indexed.text();
  if (step.until.empty()) return line.size();
  if (line.size() < from) return kNotFound;
  const bool closed = line.ends_with(step.until) && line.size() - step.until.size() >= from;
  if (!step.quoted) return closed ? line.size() - step.until.size() : kNotFound;
  // An unescaped quote with a blank behind it ended a field: there are more than the
  // format has.
  bool inner_quote = false;
  for (size_t at = from; at + 1 < line.size(); ++at) {
    at = indexed.Find('"', at);
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
size_t FindListEnd(const IndexedLine& line, std::string_view until, size_t from) {
  for (size_t at = from; at < line.size(); ++at) {
    at = FindLiteral(line, until, at);
    if (at == kNotFound) break;
    const std::string_view before = line.text().substr(from, at - from);
    const bool separator = before.ends_with(',') || before.ends_with(" :") ||
                           line.text().substr(at).starts_with(" : ");
    if (!separator) return at;
  }
  return kNotFound;
}

// An IPv6 address without brackets has colons of its own before that of the port.
size_t FindLastColon(const FormatStep& step, const IndexedLine& line, size_t from) {
  const size_t behind =
      step.until_behind.empty() ? line.size() : FindLiteral(line, step.until_behind, from);
  const size_t colon = line.text().substr(0, behind).rfind(':');
  return colon == kNotFound || colon < from ? kNotFound : colon;
}

// A value may be quoted, with quotes in it doubled; the last one ends the line.
size_t FindW3cEnd(const IndexedLine& indexed, std::string_view until, size_t from) {
  const std::string_view line = indexed.text();
  if (from < line.size() && line[from] == '"') {
    for (size_t at = from + 1; (at = FindChar(line, '"', at)) != kNotFound; ++at) {
      const bool doubled = at + 1 < line.size() && line[at + 1] == '"';
      if (!doubled) {
        const bool ends =
            until.empty() ? at + 1 == line.size() : line.substr(at + 1).starts_with(until);
        return ends ? at + 1 : kNotFound;
      }
      if (++at + 1 >= line.size()) break;
    }
    return kNotFound;
  }
  if (!until.empty()) return from < line.size() ? indexed.Find(until.front(), from) : kNotFound;
  return line.find_first_of(" \t", from) == kNotFound ? line.size() : kNotFound;
}

}  // namespace

size_t FindOtherEnd(const FormatStep& step, const IndexedLine& line, size_t from) {
  if (step.ending == FieldEnd::kLine) return FindLineEnd(step, line, from);
  if (step.ending == FieldEnd::kW3c) return FindW3cEnd(line, step.until, from);
  if (from >= line.size()) return kNotFound;
  switch (step.ending) {
    case FieldEnd::kByte:
      return line.Find(step.delimiter, from);
    case FieldEnd::kLiteral:
      return FindLiteral(line, step.until, from);
    case FieldEnd::kQuote:
      return FindQuote(line, step.until, from);
    case FieldEnd::kList:
      return FindListEnd(line, step.until, from);
    case FieldEnd::kLastColon:
      return FindLastColon(step, line, from);
    case FieldEnd::kSlash:
      return line.Find('/', from);
    case FieldEnd::kWidth:
      return from + step.width <= line.size() ? from + step.width : kNotFound;
    case FieldEnd::kLine:
    case FieldEnd::kW3c:
      break;
  }
  return kNotFound;
}

size_t FindLaterEnd(const FormatStep& step, const IndexedLine& line, size_t end) {
  if (end + 1 >= line.size()) return kNotFound;
  return step.quoted ? FindQuote(line, step.until, end + 1)
                     : FindLiteral(line, step.until, end + 1);
}

}  // namespace civlog
