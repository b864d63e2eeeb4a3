// From tokens to steps: of several fields that say the same the best is kept, and
// every field learns how its end is found.

#include "parsers/plan_compiler.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

using Tokens = std::vector<FormatToken>;

bool IsField(const FormatToken& token) { return !token.source.empty(); }

bool IsA(const FormatToken& token, StepKind kind) {
  return IsField(token) && token.meaning.kind == kind;
}

bool HasField(const Tokens& tokens, StepKind kind) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [kind](const FormatToken& token) { return IsA(token, kind); });
}

// What a token fills, so that two that fill the same can be told.
std::string Slot(const Meaning& meaning) {
  if (meaning.kind == StepKind::kExtra) return meaning.extra;
  return absl::StrCat(static_cast<int>(meaning.kind),
                      ToAbsl(FieldNameOf(meaning.kind, meaning.field)));
}

// A step is skipped by leaving it its shape and taking its meaning.
void Skip(Meaning* meaning) { meaning->kind = StepKind::kSkip; }

// Fields that nothing separates become one where they are one thing: "%U%q" and
// "$uri$is_args$args" a target, two of no interest one of no interest.
Tokens MergeAdjacent(Tokens tokens, bool is_nginx) {
  Tokens merged;
  for (size_t i = 0; i < tokens.size(); ++i) {
    FormatToken token = std::move(tokens[i]);
    const bool mark =
        i + 2 < tokens.size() && IsField(tokens[i + 1]) && tokens[i + 1].meaning.query_mark;
    const size_t query = mark ? i + 2 : i + 1;
    const bool whole = mark || !is_nginx;
    if (whole && IsA(token, StepKind::kTarget) && query < tokens.size() &&
        IsA(tokens[query], StepKind::kQuery)) {
      for (size_t part = i + 1; part <= query; ++part) token.source += tokens[part].source;
      token.meaning.has_query = true;
      token.meaning.query_mark = mark;
      i = query;
    }
    merged.push_back(std::move(token));
  }
  return merged;
}

void MergeSkipped(Tokens* tokens) {
  for (size_t i = 0; i + 1 < tokens->size();) {
    FormatToken& token = (*tokens)[i];
    const FormatToken& next = (*tokens)[i + 1];
    if (!IsA(token, StepKind::kSkip) || !IsA(next, StepKind::kSkip)) {
      ++i;
      continue;
    }
    token.source += next.source;
    const bool fixed = token.meaning.width != 0 && next.meaning.width != 0;
    token.meaning.width = fixed ? token.meaning.width + next.meaning.width : 0;
    token.meaning.is_list = token.meaning.is_list || next.meaning.is_list;
    token.meaning.is_number = false;
    tokens->erase(tokens->begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

bool IsWholeTime(const FormatToken& token) {
  return IsA(token, StepKind::kTime) && (token.meaning.time.kind == TimePart::Kind::kClf ||
                                         token.meaning.time.kind == TimePart::Kind::kIso8601);
}

// A whole time makes others superfluous, but for a fraction of its second; the time
// of the request's begin goes before that of its end.
void ChooseTimes(Tokens* tokens) {
  const bool begins = std::any_of(tokens->begin(), tokens->end(), [](const FormatToken& token) {
    return IsA(token, StepKind::kTime) && !token.meaning.at_end &&
           token.meaning.time.kind != TimePart::Kind::kFraction;
  });
  for (FormatToken& token : *tokens) {
    if (begins && IsA(token, StepKind::kTime) && token.meaning.at_end) Skip(&token.meaning);
  }
  const auto whole = std::find_if(tokens->begin(), tokens->end(), IsWholeTime);
  if (whole == tokens->end()) return;
  for (auto token = tokens->begin(); token != tokens->end(); ++token) {
    const bool fraction = token->meaning.time.kind == TimePart::Kind::kFraction;
    if (token != whole && IsA(*token, StepKind::kTime) && !fraction) Skip(&token->meaning);
  }
}

// A request line stands for method, target and protocol.
void SkipPartsOfRequest(Tokens* tokens) {
  if (!HasField(*tokens, StepKind::kRequest)) return;
  for (FormatToken& token : *tokens) {
    const bool part =
        IsA(token, StepKind::kTarget) || IsA(token, StepKind::kQuery) ||
        (IsA(token, StepKind::kText) && (token.meaning.field == TextField::kMethod ||
                                         token.meaning.field == TextField::kProtocol));
    if (part) Skip(&token.meaning);
  }
}

// Of several fields that fill the same, the first of the highest rank stays.
void ChooseBest(Tokens* tokens) {
  ChooseTimes(tokens);
  SkipPartsOfRequest(tokens);
  std::map<std::string, FormatToken*> best;
  for (FormatToken& token : *tokens) {
    if (!IsField(token) || IsA(token, StepKind::kSkip) || IsA(token, StepKind::kTime)) continue;
    if (token.meaning.sums) continue;
    const auto [known, is_new] = best.emplace(Slot(token.meaning), &token);
    if (is_new) continue;
    FormatToken*& holder = known->second;
    FormatToken* loser = &token;
    if (token.meaning.rank > holder->meaning.rank) std::swap(holder, loser);
    Skip(&loser->meaning);
  }
  const bool has_query = std::any_of(tokens->begin(), tokens->end(), [](const FormatToken& token) {
    return IsA(token, StepKind::kTarget) && token.meaning.has_query;
  });
  for (FormatToken& token : *tokens) {
    if (has_query && IsA(token, StepKind::kQuery)) Skip(&token.meaning);
  }
}

// Which of date and clock the format's times give.
struct TimeCover {
  bool date = false;
  bool clock = false;
};

TimeCover CoverOf(const TimePart& part) {
  if (part.kind == TimePart::Kind::kFraction) return {};
  if (part.kind != TimePart::Kind::kStrftime) return {true, true};
  const auto uses = [&part](std::string_view conversions) {
    for (size_t i = 0; i + 1 < part.format.size(); ++i) {
      if (part.format[i] != '%') continue;
      if (conversions.find(part.format[++i]) != std::string_view::npos) return true;
    }
    return false;
  };
  if (uses("s")) return {true, true};
  return {uses("Yy") && uses("mbh") && uses("de"), uses("HkIl") && uses("M")};
}

class PlanCompiler {
 public:
  PlanCompiler(const FormatDefinition& definition, FormatPlan* plan,
               std::vector<std::string>* extra_fields)
      : definition_(definition), plan_(plan), extra_fields_(extra_fields) {}

  absl::Status Compile();

 private:
  absl::Status AddSteps(const Tokens& tokens);
  absl::StatusOr<FormatStep> MakeStep(const Tokens& tokens, size_t at);
  absl::Status SetEnding(const Tokens& tokens, size_t at, FormatStep* step) const;
  void SetLiteralEnding(const Tokens& tokens, size_t at, FormatStep* step) const;
  void TrimLastLiteral();
  absl::Status CheckComplete() const;

  const FormatDefinition& definition_;
  FormatPlan* const plan_;
  std::vector<std::string>* const extra_fields_;
};

// The literal behind tokens[at] is how its field ends.
void PlanCompiler::SetLiteralEnding(const Tokens& tokens, size_t at, FormatStep* step) const {
  step->until = tokens[at + 1].literal;
  const bool opened = at > 0 && !IsField(tokens[at - 1]) && tokens[at - 1].literal.ends_with('"');
  step->quoted = opened && step->until.starts_with('"') && definition_.escaping != Escaping::kNone;
  const bool is_last = at + 2 == tokens.size();
  const bool is_name = step->kind == StepKind::kText &&
                       (step->field == TextField::kClient || step->field == TextField::kHost);
  if (is_last) {
    step->ending = FieldEnd::kLine;
  } else if (step->quoted) {
    step->ending = FieldEnd::kQuote;
  } else if (is_name && step->until == ":" && IsA(tokens[at + 2], StepKind::kSkip)) {
    step->ending = FieldEnd::kLastColon;
    if (at + 3 < tokens.size()) {
      step->until_behind = IsField(tokens[at + 3]) ? "/" : tokens[at + 3].literal;
    }
  } else if (step->is_list && step->until.starts_with(' ') && step->until != " : ") {
    step->ending = FieldEnd::kList;
  } else {
    step->ending = step->until.size() == 1 ? FieldEnd::kByte : FieldEnd::kLiteral;
  }
}

absl::Status PlanCompiler::SetEnding(const Tokens& tokens, size_t at, FormatStep* step) const {
  if (at + 1 == tokens.size()) {
    step->ending = FieldEnd::kLine;
  } else if (!IsField(tokens[at + 1])) {
    SetLiteralEnding(tokens, at, step);
  } else if (tokens[at].meaning.width != 0) {
    step->ending = FieldEnd::kWidth;
  } else if (tokens[at + 1].meaning.at_slash) {
    step->ending = FieldEnd::kSlash;
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        tokens[at].source, tokens[at + 1].source,
        ": nothing stands between the two, so that they cannot be told apart; put a blank or "
        "quotes between them"));
  }
  return absl::OkStatus();
}

absl::StatusOr<FormatStep> PlanCompiler::MakeStep(const Tokens& tokens, size_t at) {
  const Meaning& meaning = tokens[at].meaning;
  FormatStep step;
  step.kind = meaning.kind;
  step.field = meaning.field;
  step.time = meaning.time;
  step.unit_us = meaning.unit_us;
  step.width = meaning.width;
  step.is_list = meaning.is_list;
  step.is_number = meaning.is_number;
  step.dash_is_zero = meaning.dash_is_zero;
  step.padded = meaning.padded;
  step.sums = meaning.sums;
  step.name = FieldNameOf(meaning.kind, meaning.field);
  if (definition_.escaping == Escaping::kNone) step.decoding = Decoding::kNone;
  step.dash_query = meaning.query_mark && definition_.escaping == Escaping::kDefault;
  if (meaning.kind == StepKind::kTime && meaning.time.kind == TimePart::Kind::kStrftime &&
      !IsStrftimeReadable(meaning.time.format)) {
    return absl::InvalidArgumentError(
        absl::StrCat(tokens[at].source, ": \"", meaning.time.format,
                     "\" has a conversion that is not read; use %Y-%m-%dT%H:%M:%S%z or plain %t"));
  }
  if (meaning.kind == StepKind::kExtra) {
    step.extra = static_cast<uint16_t>(extra_fields_->size());
    extra_fields_->push_back(meaning.extra);
  }
  RETURN_IF_ERROR(SetEnding(tokens, at, &step));
  return step;
}

absl::Status PlanCompiler::AddSteps(const Tokens& tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!IsField(tokens[i])) {
      if (i == 0) plan_->prefix = tokens[i].literal;
      continue;
    }
    ASSIGN_OR_RETURN(FormatStep step, MakeStep(tokens, i));
    if (step.kind != StepKind::kSkip && step.kind != StepKind::kExtra) ++plan_->figures;
    plan_->steps.push_back(std::move(step));
  }
  return absl::OkStatus();
}

// Blanks at the end of a line are not looked at, so a format that ends with one must
// not ask for it.
void PlanCompiler::TrimLastLiteral() {
  std::string& until = plan_->steps.back().until;
  while (!until.empty() && (until.back() == ' ' || until.back() == '\r' || until.back() == '\n')) {
    until.pop_back();
  }
}

absl::Status PlanCompiler::CheckComplete() const {
  TimeCover cover;
  for (const FormatStep& step : plan_->steps) {
    if (step.kind != StepKind::kTime) continue;
    const TimeCover part = CoverOf(step.time);
    cover.date = cover.date || part.date;
    cover.clock = cover.clock || part.clock;
  }
  const bool nginx = definition_.is_nginx;
  std::string missing;
  const auto miss = [&missing](std::string_view what) {
    absl::StrAppend(&missing, missing.empty() ? "" : " and ", ToAbsl(what));
  };
  if (!cover.date || !cover.clock) {
    miss(nginx ? "a time ($time_local, $time_iso8601 or $msec)"
               : "a time with date and clock (%t)");
  }
  if (!plan_->Has(StepKind::kRequest) &&
      !(plan_->Has(StepKind::kTarget) && plan_->HasText(TextField::kMethod))) {
    miss(nginx ? "a request ($request, or $request_method and $request_uri)"
               : "a request (%r, or %m and %U)");
  }
  if (!plan_->Has(StepKind::kStatus)) miss(nginx ? "a status ($status)" : "a status (%>s)");
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the format lacks ", missing, ", without which nothing can be counted; log it too"));
}

absl::Status PlanCompiler::Compile() {
  ASSIGN_OR_RETURN(Tokens tokens, definition_.is_nginx ? TokenizeNginx(definition_.text)
                                                       : TokenizeApache(definition_.text));
  if (std::none_of(tokens.begin(), tokens.end(), IsField)) {
    return absl::InvalidArgumentError(
        "has no % directive of Apache and no $ variable of nginx; give a preset's name, a "
        "LogFormat or log_format string, or @FILE[:NAME]");
  }
  tokens = MergeAdjacent(std::move(tokens), definition_.is_nginx);
  ChooseBest(&tokens);
  MergeSkipped(&tokens);
  RETURN_IF_ERROR(AddSteps(tokens));
  TrimLastLiteral();
  RETURN_IF_ERROR(CheckComplete());
  plan_->Complete();
  return absl::OkStatus();
}

}  // namespace

absl::Status CompilePlan(const FormatDefinition& definition, FormatPlan* plan,
                         std::vector<std::string>* extra_fields) {
  return PlanCompiler(definition, plan, extra_fields).Compile();
}

}  // namespace civlog
