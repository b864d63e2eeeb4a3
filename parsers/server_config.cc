// Log format definitions as they stand in Apache's and nginx's configuration.
//
// Apache (httpd manual, "Configuration Files"): a directive a line, continued by a
// backslash at its end, arguments in quotes with \" inside, comments from a # at a
// line's beginning. nginx (beginner's guide): tokens up to a semicolon, in single
// or double quotes or bare, comments from a # to the line's end.

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "parsers/absl_bridge.h"
#include "parsers/format_tokens.h"

namespace civlog {
namespace {

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool IsVariableChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// nginx takes the backslash from \" \' \\ and knows \t \r \n; others stay.
void AppendEscaped(char c, std::string* out) {
  switch (c) {
    case 't':
      return out->push_back('\t');
    case 'r':
      return out->push_back('\r');
    case 'n':
      return out->push_back('\n');
    case '"':
    case '\'':
    case '\\':
      return out->push_back(c);
    default:
      out->push_back('\\');
      out->push_back(c);
  }
}

std::string Unescaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      AppendEscaped(text[++i], &result);
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

// Reads a configuration's words from the left.
class ConfigWords {
 public:
  explicit ConfigWords(std::string_view text) : text_(text) {}

  size_t line() const { return line_; }
  bool done() const { return at_ >= text_.size(); }

  // The next word of an Apache directive, nullopt at its line's end.
  std::optional<std::string> ApacheWord() {
    while (!done()) {
      if (Continuation() || (IsSpace(text_[at_]) && text_[at_] != '\n')) {
        Skip();
      } else {
        break;
      }
    }
    if (done() || text_[at_] == '\n') return std::nullopt;
    const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_++] : '\0';
    std::string word;
    while (!done()) {
      const char c = text_[at_];
      if (Continuation()) {
        Skip();
        continue;
      }
      if (quote == '\0' ? IsSpace(c) : c == quote) break;
      // Inside quotes a backslash protects the quote and itself; the format's own
      // escapes stay.
      const bool escape = quote != '\0' && c == '\\' && at_ + 1 < text_.size() &&
                          (text_[at_ + 1] == quote || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      word.push_back(text_[at_]);
      Advance();
    }
    if (quote != '\0' && !done()) ++at_;
    return word;
  }

  void NextLine() {
    while (!done() && text_[at_] != '\n') Skip();
    Advance();
  }

  struct NginxToken {
    std::string text;
    bool quoted = false;
  };
  // The next token of nginx, "" unquoted at the end. ; { } are tokens of their own.
  NginxToken NextNginx() {
    while (!done() && (IsSpace(text_[at_]) || text_[at_] == '#')) {
      if (text_[at_] == '#') {
        while (!done() && text_[at_] != '\n') ++at_;
      } else {
        Advance();
      }
    }
    NginxToken token;
    if (done()) return token;
    const char first = text_[at_];
    if (first == ';' || first == '{' || first == '}') {
      token.text = std::string(1, text_[at_++]);
      return token;
    }
    token.quoted = first == '"' || first == '\'';
    if (token.quoted) ++at_;
    while (!done()) {
      const char c = text_[at_];
      const bool brace = c == '{' && !token.text.ends_with('$');
      if (token.quoted ? c == first : IsSpace(c) || c == ';' || brace) break;
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        AppendEscaped(text_[at_], &token.text);
      } else {
        token.text.push_back(c);
      }
      Advance();
    }
    if (token.quoted && !done()) ++at_;
    return token;
  }

 private:
  bool Continuation() const {
    return text_[at_] == '\\' &&
           (text_.substr(at_ + 1).starts_with('\n') || text_.substr(at_ + 1).starts_with("\r\n"));
  }
  void Skip() {
    if (Continuation()) {
      at_ = text_.find('\n', at_);
    }
    Advance();
  }
  void Advance() {
    if (!done() && text_[at_] == '\n') ++line_;
    ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
};

bool LooksLikeFormat(std::string_view text) { return text.find('%') != std::string_view::npos; }

void ReadApache(std::string_view text, std::vector<FormatDefinition>* definitions) {
  ConfigWords words(text);
  while (!words.done()) {
    FormatDefinition definition;
    definition.line = words.line();
    const std::optional<std::string> directive = words.ApacheWord();
    std::vector<std::string> arguments;
    if (directive && !directive->starts_with('#')) {
      while (auto word = words.ApacheWord()) arguments.push_back(*std::move(word));
    }
    words.NextLine();
    if (arguments.empty()) continue;
    const bool is_log = absl::EqualsIgnoreCase(*directive, "CustomLog") ||
                        absl::EqualsIgnoreCase(*directive, "GlobalLog");
    if (absl::EqualsIgnoreCase(*directive, "LogFormat")) {
      definition.text = arguments[0];
      if (arguments.size() > 1) definition.name = arguments[1];
    } else if (is_log && arguments.size() > 1) {
      definition.text = arguments[1];
    }
    // Without a directive it is a name that another line defines.
    if (!LooksLikeFormat(definition.text)) continue;
    definitions->push_back(std::move(definition));
  }
}

Escaping EscapingOf(std::string_view parameter) {
  if (parameter == "escape=json") return Escaping::kJson;
  return parameter == "escape=none" ? Escaping::kNone : Escaping::kDefault;
}

void ReadNginx(std::string_view text, std::vector<FormatDefinition>* definitions) {
  ConfigWords words(text);
  bool directive_begins = true;
  while (!words.done()) {
    const size_t line = words.line();
    ConfigWords::NginxToken token = words.NextNginx();
    const bool is_format = directive_begins && !token.quoted && token.text == "log_format";
    directive_begins =
        !token.quoted && (token.text == ";" || token.text == "{" || token.text == "}");
    if (!is_format) continue;
    FormatDefinition definition;
    definition.is_nginx = true;
    definition.line = line;
    definition.name = words.NextNginx().text;
    while (!words.done()) {
      token = words.NextNginx();
      if (!token.quoted && (token.text == ";" || token.text == "{" || token.text == "}")) break;
      if (definition.text.empty() && token.text.starts_with("escape=")) {
        definition.escaping = EscapingOf(token.text);
      } else {
        definition.text += token.text;
      }
    }
    directive_begins = true;
    definitions->push_back(std::move(definition));
  }
}

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool StartsWithWord(std::string_view text, std::string_view word) {
  return text.size() > word.size() && IsSpace(text[word.size()]) &&
         absl::StartsWithIgnoreCase(ToAbsl(text), ToAbsl(word));
}

// True where the text has a variable of nginx and no directive of Apache.
bool IsNginxString(std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '$' &&
        (std::islower(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '{')) {
      return true;
    }
    const bool apache =
        text[i] == '%' && (std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0 ||
                           text[i + 1] == '{' || text[i + 1] == '>');
    if (apache) return false;
  }
  return false;
}

// True where the text begins as a directive of a configuration.
bool IsWholeDirective(std::string_view text) {
  constexpr std::string_view kDirectives[] = {"LogFormat", "CustomLog", "GlobalLog", "log_format"};
  return std::any_of(std::begin(kDirectives), std::end(kDirectives),
                     [text](std::string_view word) { return StartsWithWord(text, word); });
}

// Several quoted pieces as a configuration has them, with or without escape= and the
// semicolon. nullopt for a bare string, which may well begin and end with a quote:
// it has text or two variables where the pieces would meet.
std::optional<FormatDefinition> ReadNginxPieces(std::string_view text) {
  ConfigWords words(text);
  FormatDefinition definition;
  definition.is_nginx = true;
  bool any = false;
  while (!words.done()) {
    const ConfigWords::NginxToken token = words.NextNginx();
    if (token.text.empty() && !token.quoted) break;
    if (!token.quoted && token.text == ";") break;
    if (!any && !token.quoted && token.text.starts_with("escape=")) {
      definition.escaping = EscapingOf(token.text);
      continue;
    }
    if (!token.quoted) return std::nullopt;
    const size_t dollar = definition.text.rfind('$');
    const bool variable_before =
        dollar != std::string::npos &&
        std::all_of(definition.text.begin() + static_cast<std::ptrdiff_t>(dollar) + 1,
                    definition.text.end(), IsVariableChar);
    if (variable_before && token.text.starts_with('$')) return std::nullopt;
    definition.text += token.text;
    any = true;
  }
  if (!any) return std::nullopt;
  return definition;
}

// A bare string of nginx, which keeps the escapes of the configuration's quotes.
FormatDefinition ReadBareNginx(std::string_view text) {
  FormatDefinition definition;
  definition.is_nginx = true;
  definition.text = Unescaped(text);
  return definition;
}

// A string in its quotes; one that only begins and ends with a quoted field has bare
// quotes inside.
bool IsQuotedWhole(std::string_view text) {
  if (text.size() < 2 || text.back() != text.front()) return false;
  if (text.front() != '"' && text.front() != '\'') return false;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text.front()) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<FormatDefinition> ReadServerConfig(std::string_view text) {
  std::vector<FormatDefinition> definitions;
  ReadApache(text, &definitions);
  ReadNginx(text, &definitions);
  std::stable_sort(
      definitions.begin(), definitions.end(),
      [](const FormatDefinition& a, const FormatDefinition& b) { return a.line < b.line; });
  return definitions;
}

absl::StatusOr<FormatDefinition> ReadFormatText(std::string_view text) {
  text = TrimSpace(text);
  if (IsWholeDirective(text)) {
    std::vector<FormatDefinition> definitions = ReadServerConfig(text);
    if (definitions.size() == 1) return std::move(definitions.front());
    return absl::InvalidArgumentError(
        "is not one complete directive with the format in it; copy it with its quotes, or give "
        "the string alone");
  }
  if (IsNginxString(text)) {
    if (std::optional<FormatDefinition> pieces = ReadNginxPieces(text)) return *std::move(pieces);
    return ReadBareNginx(text);
  }
  if (IsQuotedWhole(text)) {
    std::vector<FormatDefinition> definitions = ReadServerConfig("LogFormat " + std::string(text));
    if (definitions.size() == 1) return std::move(definitions.front());
  }
  FormatDefinition definition;
  definition.text = std::string(text);
  return definition;
}

}  // namespace civlog
