#include "queries/where_expression.h"

#include <re2/re2.h>
#include <string.h>  // memmem

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"

namespace civlog {
namespace {

enum class NodeKind : uint8_t { kAnd, kOr, kNot, kCompare, kIn, kMatch };
enum class Operator : uint8_t { kEqual, kUnequal, kLess, kLessEqual, kGreater, kGreaterEqual };

struct Literal {
  int64_t number = 0;
  std::string text;
};

struct Token {
  enum class Kind : uint8_t { kEnd, kWord, kText, kSymbol };
  Kind kind = Kind::kEnd;
  std::string text;   // of a kText without its quotes
  size_t column = 0;  // 0-based byte
};

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-.:+/*%@").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "column 8: ..." with the expression and a caret below.
absl::Status ErrorAt(std::string_view text, size_t column, std::string_view message) {
  const std::string before = EscapeForTerminal(text.substr(0, column));
  return absl::InvalidArgumentError(
      absl::StrCat("--where: column ", column + 1, ": ", ToAbsl(message), "\n  ",
                   EscapeForTerminal(text), "\n  ", std::string(DisplayWidth(before), ' '), "^"));
}

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kDurations[] = {{"us", 1},    {"ms", 1e3}, {"s", 1e6},
                               {"min", 6e7}, {"m", 6e7},  {"h", 3.6e9}};
constexpr Unit kSizes[] = {{"", 1},       {"B", 1},         {"kB", 1e3},
                           {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},
                           {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
constexpr Unit kPlain[] = {{"", 1}};

std::optional<int64_t> ParseQuantity(std::string_view text, absl::Span<const Unit> units) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  const std::string_view suffix = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (unit.name != suffix) continue;
    const double product = value * unit.factor;
    if (std::abs(product) > 9e18) return std::nullopt;
    return std::llround(product);
  }
  return std::nullopt;
}

std::optional<int64_t> ParseTimeLiteral(const std::string& text, absl::TimeZone zone) {
  absl::CivilSecond second;
  absl::CivilMinute minute;
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &second)) return absl::ToUnixMicros(absl::FromCivil(second, zone));
  if (absl::ParseCivilTime(text, &minute)) return absl::ToUnixMicros(absl::FromCivil(minute, zone));
  if (absl::ParseCivilTime(text, &day)) return absl::ToUnixMicros(absl::FromCivil(day, zone));
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return absl::ToUnixMicros(time);
  return std::nullopt;
}

}  // namespace

struct WhereExpression::Node {
  NodeKind kind = NodeKind::kAnd;
  std::vector<std::unique_ptr<Node>> parts;  // of kAnd, kOr, kNot
  FieldRef field;
  Operator op = Operator::kEqual;
  std::vector<Literal> literals;
  std::unique_ptr<RE2> pattern;
  std::string plain;     // what the pattern says where it is a text without any operators
  bool negated = false;  // "not in", "!~"
};

namespace {

using Node = WhereExpression::Node;

std::vector<Token> Tokenize(std::string_view text, absl::Status* status) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n') {
      ++at;
      continue;
    }
    Token token;
    token.column = at;
    if (c == '"' || c == '\'') {
      token.kind = Token::Kind::kText;
      for (++at; at < text.size() && text[at] != c; ++at) {
        // Only the quote and the backslash are escaped: patterns keep their own.
        const bool escapes =
            text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == c || text[at + 1] == '\\');
        if (escapes && text[at + 1] == c) ++at;
        token.text.push_back(text[at]);
        if (escapes && text[at] == '\\') token.text.push_back(text[++at]);
      }
      if (at++ >= text.size()) {
        *status = ErrorAt(text, token.column, "the quote is not closed");
        return tokens;
      }
    } else if (IsWordChar(c)) {
      token.kind = Token::Kind::kWord;
      while (at < text.size() && IsWordChar(text[at])) token.text.push_back(text[at++]);
    } else {
      token.kind = Token::Kind::kSymbol;
      constexpr std::string_view kPairs[] = {"==", "!=", "<=", ">=", "=~", "!~", "&&", "||"};
      const std::string_view pair = text.substr(at, 2);
      const bool is_pair =
          std::find(std::begin(kPairs), std::end(kPairs), pair) != std::end(kPairs);
      token.text = std::string(is_pair ? pair : text.substr(at, 1));
      at += token.text.size();
    }
    tokens.push_back(std::move(token));
  }
  tokens.push_back({Token::Kind::kEnd, "", text.size()});
  return tokens;
}

// Recursive descent; depth is bounded so that no input exhausts the stack.
class Parser {
 public:
  Parser(std::string_view text, absl::TimeZone zone) : text_(text), zone_(zone) {}

  absl::StatusOr<std::unique_ptr<Node>> Parse() {
    absl::Status status;
    tokens_ = Tokenize(text_, &status);
    RETURN_IF_ERROR(status);
    ASSIGN_OR_RETURN(std::unique_ptr<Node> node, Expression(0));
    if (Peek().kind != Token::Kind::kEnd) {
      return Error(Peek(), absl::StrCat("expected `and`, `or` or the end, not `",
                                        EscapeForTerminal(Peek().text), "`"));
    }
    return node;
  }
  std::vector<FieldRef> TakeFields() { return std::move(fields_); }

 private:
  static constexpr int kMostDepth = 64;
  static constexpr size_t kMostPatternBytes = 2000;

  const Token& Peek() const { return tokens_[at_]; }
  const Token& Next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  absl::Status Error(const Token& token, const std::string& message) const {
    return ErrorAt(text_, token.column, message);
  }
  bool TakeWord(std::string_view word) {
    if (Peek().kind == Token::Kind::kText || Peek().text != word) return false;
    Next();
    return true;
  }

  absl::StatusOr<std::unique_ptr<Node>> Joined(int depth, NodeKind kind, std::string_view word,
                                               std::string_view symbol) {
    std::unique_ptr<Node> node;
    while (true) {
      auto part =
          kind == NodeKind::kOr ? Joined(depth, NodeKind::kAnd, "and", "&&") : Factor(depth);
      RETURN_IF_ERROR(part.status());
      if (node == nullptr) {
        node = *std::move(part);
      } else {
        if (node->kind != kind) {
          auto outer = std::make_unique<Node>();
          outer->kind = kind;
          outer->parts.push_back(std::move(node));
          node = std::move(outer);
        }
        node->parts.push_back(*std::move(part));
      }
      if (!TakeWord(word) && !TakeWord(symbol)) return node;
    }
  }
  absl::StatusOr<std::unique_ptr<Node>> Expression(int depth) {
    if (depth > kMostDepth) return Error(Peek(), "too many brackets within each other");
    return Joined(depth, NodeKind::kOr, "or", "||");
  }

  absl::StatusOr<std::unique_ptr<Node>> Factor(int depth) {
    if (TakeWord("not") || TakeWord("!")) {
      if (depth > kMostDepth) return Error(Peek(), "too many `not` after each other");
      ASSIGN_OR_RETURN(std::unique_ptr<Node> inner, Factor(depth + 1));
      auto node = std::make_unique<Node>();
      node->kind = NodeKind::kNot;
      node->parts.push_back(std::move(inner));
      return node;
    }
    if (TakeWord("(")) {
      ASSIGN_OR_RETURN(std::unique_ptr<Node> node, Expression(depth + 1));
      if (!TakeWord(")")) return Error(Peek(), "expected `)`");
      return node;
    }
    return Test();
  }

  absl::StatusOr<std::unique_ptr<Node>> Test() {
    const Token name = Next();
    if (name.kind != Token::Kind::kWord) {
      return Error(name, name.kind == Token::Kind::kEnd
                             ? "expected a name, such as status or path"
                             : absl::StrCat("expected a name, such as status or path, not `",
                                            EscapeForTerminal(name.text), "`"));
    }
    absl::StatusOr<FieldRef> field = FindRecordField(name.text, true);
    if (!field.ok()) return Error(name, std::string(field.status().message()));
    auto node = std::make_unique<Node>();
    node->field = *field;
    fields_.push_back(*std::move(field));
    const Token op = Next();
    if (op.kind != Token::Kind::kText) {
      if (op.text == "=~" || op.text == "!~") return Match(std::move(node), op.text == "!~");
      if (op.text == "in") return In(std::move(node));
      if (op.text == "not" && TakeWord("in")) {
        node->negated = true;
        return In(std::move(node));
      }
      constexpr std::pair<std::string_view, Operator> kOperators[] = {
          {"=", Operator::kEqual},        {"==", Operator::kEqual},     {"!=", Operator::kUnequal},
          {"<", Operator::kLess},         {"<=", Operator::kLessEqual}, {">", Operator::kGreater},
          {">=", Operator::kGreaterEqual}};
      for (const auto& [text, known] : kOperators) {
        if (op.text == text) return Compare(std::move(node), known, op);
      }
    }
    return Error(op, absl::StrCat("expected =, !=, <, <=, >, >=, =~, !~ or in after `",
                                  EscapeForTerminal(name.text), "`"));
  }

  absl::StatusOr<std::unique_ptr<Node>> Compare(std::unique_ptr<Node> node, Operator op,
                                                const Token& token) {
    node->kind = NodeKind::kCompare;
    node->op = op;
    const bool ordered = op != Operator::kEqual && op != Operator::kUnequal;
    if (ordered && node->field.field->type == FieldType::kText) {
      return Error(token,
                   absl::StrCat(node->field.name(), " is a text: it takes =, !=, =~, !~ and in"));
    }
    RETURN_IF_ERROR(TakeLiteral(node.get()));
    return node;
  }

  absl::StatusOr<std::unique_ptr<Node>> In(std::unique_ptr<Node> node) {
    node->kind = NodeKind::kIn;
    if (!TakeWord("(")) return Error(Peek(), "expected `(` after `in`");
    do {
      RETURN_IF_ERROR(TakeLiteral(node.get()));
    } while (TakeWord(","));
    if (!TakeWord(")")) return Error(Peek(), "expected `,` or `)`");
    return node;
  }

  absl::StatusOr<std::unique_ptr<Node>> Match(std::unique_ptr<Node> node, bool negated) {
    node->kind = NodeKind::kMatch;
    node->negated = negated;
    const Token pattern = Next();
    if (node->field.field->type != FieldType::kText) {
      return Error(pattern,
                   absl::StrCat(node->field.name(), " is no text: it takes =, <, > and in"));
    }
    if (pattern.kind != Token::Kind::kText && pattern.kind != Token::Kind::kWord) {
      return Error(pattern, "expected a pattern in quotes");
    }
    RE2::Options options(RE2::Quiet);
    // Logs hold any bytes.
    options.set_encoding(RE2::Options::EncodingLatin1);
    if (pattern.text.size() > kMostPatternBytes) return Error(pattern, "the pattern is too long");
    node->pattern = std::make_unique<RE2>(pattern.text, options);
    if (!node->pattern->ok()) {
      return Error(pattern, absl::StrCat("the pattern is wrong: ", node->pattern->error()));
    }
    if (pattern.text.find_first_of("\\^$.|?*+()[]{}") == std::string::npos) {
      node->plain = pattern.text;
    }
    return node;
  }

  absl::Status TakeLiteral(Node* node) {
    const Token token = Next();
    if (token.kind != Token::Kind::kText && token.kind != Token::Kind::kWord) {
      return Error(token, absl::StrCat("expected a value for ", node->field.name()));
    }
    Literal literal;
    literal.text = token.text;
    std::optional<int64_t> number;
    std::string wanted;
    switch (node->field.field->type) {
      case FieldType::kText:
        number = 0;
        break;
      case FieldType::kNumber:
        number = ParseQuantity(token.text, kPlain);
        wanted = "a number";
        break;
      case FieldType::kBytes:
        number = ParseQuantity(token.text, kSizes);
        wanted = "a size, such as 500, 10kB or 2MiB";
        break;
      case FieldType::kDuration:
        number = ParseQuantity(token.text, kDurations);
        wanted = "a duration with its unit, such as 1.5s or 300ms";
        break;
      case FieldType::kTime:
        number = ParseTimeLiteral(token.text, zone_);
        wanted = "a time, such as 2026-11-20 or 2026-11-20T14:00";
        break;
    }
    if (!number) {
      return Error(token, absl::StrCat(node->field.name(), " is compared with ", wanted, ", not `",
                                       EscapeForTerminal(token.text), "`"));
    }
    literal.number = *number;
    node->literals.push_back(std::move(literal));
    return absl::OkStatus();
  }

  std::string_view text_;
  absl::TimeZone zone_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  std::vector<FieldRef> fields_;
};

bool Compares(Operator op, int order) {
  switch (op) {
    case Operator::kEqual:
      return order == 0;
    case Operator::kUnequal:
      return order != 0;
    case Operator::kLess:
      return order < 0;
    case Operator::kLessEqual:
      return order <= 0;
    case Operator::kGreater:
      return order > 0;
    case Operator::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

int OrderOf(const FieldValue& value, const Literal& literal) {
  if (value.kind == FieldValue::Kind::kText) return value.text.compare(literal.text);
  return value.number < literal.number ? -1 : value.number > literal.number ? 1 : 0;
}

bool Tests(const Node& node, const FieldValue& value) {
  if (value.kind == FieldValue::Kind::kAbsent) return false;
  if (node.kind == NodeKind::kCompare) return Compares(node.op, OrderOf(value, node.literals[0]));
  if (node.kind == NodeKind::kMatch && !node.plain.empty()) {
    const bool found = ::memmem(value.text.data(), value.text.size(), node.plain.data(),
                                node.plain.size()) != nullptr;
    return found != node.negated;
  }
  if (node.kind == NodeKind::kMatch) {
    return RE2::PartialMatch(re2::StringPiece(value.text.data(), value.text.size()),
                             *node.pattern) != node.negated;
  }
  const bool found =
      std::any_of(node.literals.begin(), node.literals.end(),
                  [&value](const Literal& literal) { return OrderOf(value, literal) == 0; });
  return found != node.negated;
}

Choice Inverse(Choice choice) {
  return choice == Choice::kUnknown ? choice : choice == Choice::kYes ? Choice::kNo : Choice::kYes;
}

Choice Decide(const Node& node, const TappedRecord& record, FieldReader* reader) {
  if (node.kind == NodeKind::kNot) return Inverse(Decide(*node.parts[0], record, reader));
  if (node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr) {
    const Choice decisive = node.kind == NodeKind::kAnd ? Choice::kNo : Choice::kYes;
    Choice choice = Inverse(decisive);
    for (const auto& part : node.parts) {
      const Choice one = Decide(*part, record, reader);
      if (one == decisive) return decisive;
      if (one == Choice::kUnknown) choice = Choice::kUnknown;
    }
    return choice;
  }
  if (record.verdict == nullptr && !node.field.field->of_line) return Choice::kUnknown;
  return Tests(node, reader->Read(node.field, record)) ? Choice::kYes : Choice::kNo;
}

}  // namespace

WhereExpression::WhereExpression() = default;
WhereExpression::~WhereExpression() = default;

absl::StatusOr<std::unique_ptr<WhereExpression>> WhereExpression::Parse(std::string_view text,
                                                                        absl::TimeZone zone) {
  Parser parser(text, zone);
  std::unique_ptr<WhereExpression> expression(new WhereExpression());
  ASSIGN_OR_RETURN(expression->root_, parser.Parse());
  expression->fields_ = parser.TakeFields();
  return expression;
}

Choice WhereExpression::Evaluate(const TappedRecord& record, FieldReader* reader) const {
  return Decide(*root_, record, reader);
}

}  // namespace civlog
