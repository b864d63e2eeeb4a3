#include "parsers/format_tokens.h"

#include <cctype>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

bool IsVariableChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

void AppendLiteral(std::string_view text, std::vector<FormatToken>* tokens) {
  if (tokens->empty() || !tokens->back().source.empty()) tokens->emplace_back();
  tokens->back().literal.append(text);
}

// What mod_log_config makes of a backslash and the character behind it. A quote may
// still have its backslash where the text was copied from between the quotes.
std::string_view ApacheEscape(std::string_view escape) {
  switch (escape[1]) {
    case 't':
      return "\t";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case '\\':
    case '"':
    case '\'':
      return escape.substr(1);
    default:
      return escape;
  }
}

// One Apache directive at `format[*at]`, which is '%'; moves `*at` behind it.
absl::StatusOr<FormatToken> ApacheDirective(std::string_view format, size_t* at) {
  const size_t begin = *at;
  size_t i = begin + 1;
  std::string_view argument;
  // Conditions on the status, "400,501" or "!200", and which of the internal
  // redirect's requests is meant, "<" or ">".
  while (i < format.size() &&
         std::string_view("0123456789,!<>").find(format[i]) != std::string_view::npos) {
    ++i;
  }
  if (i < format.size() && format[i] == '{') {
    const size_t close = format.find('}', i);
    if (close == std::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", ToAbsl(format.substr(begin)), "\" has a { without its }"));
    }
    argument = format.substr(i + 1, close - i - 1);
    i = close + 1;
  }
  while (i < format.size() && (format[i] == '<' || format[i] == '>')) ++i;
  const size_t letters = i < format.size() && format[i] == '^' ? 3 : 1;
  if (i + letters > format.size()) {
    return absl::InvalidArgumentError("the format ends within a % directive");
  }
  FormatToken token;
  *at = i + letters;
  token.source = std::string(format.substr(begin, *at - begin));
  const std::optional<Meaning> meaning = ApacheMeaning(format.substr(i, letters), argument);
  if (!meaning) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", token.source, "\" is no directive of Apache's LogFormat"));
  }
  token.meaning = *meaning;
  // Of two of a kind, the final request's goes before the original's, and one that
  // is always logged before one that is not.
  const std::string_view modifiers = token.source;
  const bool conditional = modifiers.find_first_of("0123456789!") < modifiers.find('{');
  const int original = modifiers.find('<') != std::string_view::npos ? 1 : 0;
  const int final = modifiers.find('>') != std::string_view::npos ? 1 : 0;
  token.meaning.rank = 8 * meaning->rank + final - original - (conditional ? 4 : 0);
  return token;
}

}  // namespace

absl::StatusOr<std::vector<FormatToken>> TokenizeApache(std::string_view format) {
  std::vector<FormatToken> tokens;
  for (size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (c == '\\' && i + 1 < format.size()) {
      AppendLiteral(ApacheEscape(format.substr(i, 2)), &tokens);
      i += 2;
    } else if (c != '%') {
      AppendLiteral(format.substr(i++, 1), &tokens);
    } else if (i + 1 < format.size() && format[i + 1] == '%') {
      AppendLiteral("%", &tokens);
      i += 2;
    } else {
      absl::StatusOr<FormatToken> token = ApacheDirective(format, &i);
      if (!token.ok()) return token.status();
      // %t without a format of its own brings its brackets along.
      const bool bracketed = token->meaning.kind == StepKind::kTime &&
                             token->meaning.time.kind == TimePart::Kind::kClf;
      if (bracketed) AppendLiteral("[", &tokens);
      tokens.push_back(*std::move(token));
      if (bracketed) AppendLiteral("]", &tokens);
    }
  }
  return tokens;
}

absl::StatusOr<std::vector<FormatToken>> TokenizeNginx(std::string_view format) {
  std::vector<FormatToken> tokens;
  for (size_t i = 0; i < format.size();) {
    size_t name = i + 1;
    const bool braces = format[i] == '$' && name < format.size() && format[name] == '{';
    if (braces) ++name;
    size_t end = name;
    while (end < format.size() && IsVariableChar(format[end])) ++end;
    if (format[i] != '$' || end == name) {
      AppendLiteral(format.substr(i++, 1), &tokens);
      continue;
    }
    if (braces && (end == format.size() || format[end] != '}')) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", ToAbsl(format.substr(i)), "\" has a ${ without its }"));
    }
    FormatToken token;
    token.meaning = NginxMeaning(format.substr(name, end - name));
    const size_t next = braces ? end + 1 : end;
    token.source = std::string(format.substr(i, next - i));
    tokens.push_back(std::move(token));
    i = next;
  }
  return tokens;
}

}  // namespace civlog
