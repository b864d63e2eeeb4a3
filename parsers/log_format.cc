#include "parsers/log_format.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/format_tokens.h"
#include "parsers/log_format_plan.h"
#include "parsers/nearest.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

constexpr char kCombined[] = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")";

constexpr FormatPreset kPresets[] = {
    {"combined", kCombined, "Apache's and nginx's usual access log",
     "client, time in brackets, request, status, bytes, referrer and agent in quotes"},
    {"common", R"(%h %l %u %t "%r" %>s %b)", "the NCSA common log format",
     "like combined, but the line ends with the bytes"},
    {"vhost_combined", R"(%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")",
     "Debian's Apache log of several virtual hosts", "host:port in front of a combined line"},
    {"vhost_common", R"(%v %h %l %u %t "%r" %>s %b)", "common with the virtual host in front",
     "a host in front of a common line"},
    {"nginx",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent")",
     "nginx's built-in format", "the same lines as combined, which detection names instead"},
    {"nginx_main",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" "$http_x_forwarded_for")",
     "`main` of the configuration that nginx comes with",
     "a combined line with one more quoted field, the forwarded address"},
    {"nginx_time",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" $request_time)",
     "nginx's built-in format with the request time behind, in seconds",
     "a combined line with a decimal number behind, such as 0.012"},
    {"combined_time", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D)",
     "combined with the request time behind, in microseconds",
     "a combined line with a whole number behind"},
};

// Turns tokens into the steps of a plan.
class PlanCompiler {
 public:
  explicit PlanCompiler(const FormatDefinition& definition) : definition_(definition) {}

  absl::Status Compile(FormatPlan* plan, std::vector<std::string>* extra_fields);

 private:
  absl::Status AddSteps(std::vector<FormatToken> tokens);
  void JoinTargetAndQuery(std::vector<FormatToken>* tokens) const;
  void ChooseBest(std::vector<FormatToken>* tokens) const;
  absl::Status AddStep(const FormatToken& token, const FormatToken* next, bool quoted);
  absl::Status CheckComplete() const;
  void NoteAbsent();
  bool Has(StepKind kind) const {
    return std::any_of(plan_->steps.begin(), plan_->steps.end(),
                       [kind](const FormatStep& step) { return step.kind == kind; });
  }
  bool HasText(TextField field) const {
    return std::any_of(plan_->steps.begin(), plan_->steps.end(), [field](const FormatStep& step) {
      return step.kind == StepKind::kText && step.field == field;
    });
  }

  const FormatDefinition& definition_;
  FormatPlan* plan_ = nullptr;
  std::vector<std::string>* extra_fields_ = nullptr;
};

bool IsField(const FormatToken& token) { return !token.source.empty(); }

// What a step fills, so that two that fill the same can be told.
std::string Slot(const Meaning& meaning) {
  const std::string_view name = FieldNameOf(meaning.kind, meaning.field);
  return meaning.kind == StepKind::kExtra
             ? meaning.extra
             : absl::StrCat(static_cast<int>(meaning.kind), ToAbsl(name));
}

// Of several fields that fill the same, the first of the highest rank stays; a
// request line stands for method, target and protocol. The parts of a time all stay.
void PlanCompiler::ChooseBest(std::vector<FormatToken>* tokens) const {
  const bool has_request = std::any_of(tokens->begin(), tokens->end(), [](const FormatToken& t) {
    return IsField(t) && t.meaning.kind == StepKind::kRequest;
  });
  const bool has_clf = std::any_of(tokens->begin(), tokens->end(), [](const FormatToken& t) {
    return IsField(t) && t.meaning.kind == StepKind::kTime &&
           (t.meaning.time.kind == TimePart::Kind::kClf ||
            t.meaning.time.kind == TimePart::Kind::kIso8601);
  });
  std::map<std::string, FormatToken*> best;
  for (FormatToken& token : *tokens) {
    if (!IsField(token) || token.meaning.kind == StepKind::kSkip) continue;
    Meaning& meaning = token.meaning;
    const bool part_of_request =
        meaning.kind == StepKind::kTarget || meaning.kind == StepKind::kQuery ||
        (meaning.kind == StepKind::kText &&
         (meaning.field == TextField::kMethod || meaning.field == TextField::kProtocol));
    // A whole time makes a second one superfluous, but for a fraction behind it.
    const bool second_time = meaning.kind == StepKind::kTime && has_clf &&
                             meaning.time.kind != TimePart::Kind::kClf &&
                             meaning.time.kind != TimePart::Kind::kIso8601 &&
                             meaning.time.kind != TimePart::Kind::kFraction;
    if ((has_request && part_of_request) || second_time) {
      meaning.kind = StepKind::kSkip;
      continue;
    }
    if (meaning.kind == StepKind::kTime) continue;
    const auto [known, is_new] = best.emplace(Slot(meaning), &token);
    if (is_new) continue;
    FormatToken*& holder = known->second;
    FormatToken* loser = &token;
    if (meaning.rank > holder->meaning.rank) std::swap(holder, loser);
    loser->meaning.kind = StepKind::kSkip;
  }
}

// "%U%q" and "$uri?$args" are one target.
void PlanCompiler::JoinTargetAndQuery(std::vector<FormatToken>* tokens) const {
  for (size_t i = 0; i + 1 < tokens->size(); ++i) {
    if (!IsField((*tokens)[i]) || (*tokens)[i].meaning.kind != StepKind::kTarget) continue;
    const bool question = (*tokens)[i + 1].literal == "?" && i + 2 < tokens->size();
    const size_t query = question ? i + 2 : i + 1;
    if (!IsField((*tokens)[query]) || (*tokens)[query].meaning.kind != StepKind::kQuery) continue;
    tokens->erase(tokens->begin() + static_cast<std::ptrdiff_t>(i + 1),
                  tokens->begin() + static_cast<std::ptrdiff_t>(query + 1));
  }
}

absl::Status PlanCompiler::AddStep(const FormatToken& token, const FormatToken* next, bool quoted) {
  FormatStep step;
  const Meaning& meaning = token.meaning;
  step.kind = meaning.kind;
  step.field = meaning.field;
  step.time = meaning.time;
  step.unit_us = meaning.unit_us;
  step.name = FieldNameOf(meaning.kind, meaning.field);
  step.decode = definition_.escaping != Escaping::kNone;
  if (meaning.kind == StepKind::kTime && meaning.time.kind == TimePart::Kind::kStrftime &&
      !IsStrftimeReadable(meaning.time.format)) {
    return absl::InvalidArgumentError(
        absl::StrCat(token.source, ": \"", meaning.time.format,
                     "\" has a conversion that is not read; use %Y-%m-%dT%H:%M:%S%z or plain %t"));
  }
  if (meaning.kind == StepKind::kExtra) {
    step.extra = static_cast<uint16_t>(extra_fields_->size());
    extra_fields_->push_back(meaning.extra);
  }
  if (next != nullptr && !IsField(*next)) {
    step.until = next->literal;
    step.quoted = quoted && step.until.front() == '"' && definition_.escaping != Escaping::kNone;
  } else if (next != nullptr) {
    if (next->meaning.kind != StepKind::kTarget) {
      return absl::InvalidArgumentError(
          absl::StrCat(token.source, next->source,
                       ": nothing stands between the two, so that they cannot be told apart; put a "
                       "blank or quotes between them"));
    }
    step.until_slash = true;
  }
  if (meaning.kind != StepKind::kSkip && meaning.kind != StepKind::kExtra) ++plan_->figures;
  plan_->steps.push_back(std::move(step));
  return absl::OkStatus();
}

absl::Status PlanCompiler::AddSteps(std::vector<FormatToken> tokens) {
  ChooseBest(&tokens);
  JoinTargetAndQuery(&tokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!IsField(tokens[i])) {
      if (i == 0) plan_->prefix = tokens[i].literal;
      continue;
    }
    const FormatToken* next = i + 1 < tokens.size() ? &tokens[i + 1] : nullptr;
    const bool quoted = i > 0 && !IsField(tokens[i - 1]) && tokens[i - 1].literal.ends_with('"');
    RETURN_IF_ERROR(AddStep(tokens[i], next, quoted));
  }
  return absl::OkStatus();
}

absl::Status PlanCompiler::CheckComplete() const {
  bool whole_time = false;
  bool date = false;
  bool clock = false;
  for (const FormatStep& step : plan_->steps) {
    if (step.kind != StepKind::kTime) continue;
    const std::string& format = step.time.format;
    const auto uses = [&format](std::string_view directives) {
      for (size_t i = 0; i + 1 < format.size(); ++i) {
        if (format[i] == '%' && directives.find(format[i + 1]) != std::string_view::npos)
          return true;
      }
      return false;
    };
    whole_time = whole_time ||
                 (step.time.kind != TimePart::Kind::kFraction &&
                  step.time.kind != TimePart::Kind::kStrftime) ||
                 uses("s");
    date = date || uses("FD") || (uses("Yy") && uses("mbh") && uses("de"));
    clock = clock || uses("TR") || (uses("HkIl") && uses("M"));
  }
  std::string missing;
  const auto miss = [&missing](std::string_view what) {
    absl::StrAppend(&missing, missing.empty() ? "" : " and ", ToAbsl(what));
  };
  if (!whole_time && !(date && clock)) {
    miss(definition_.is_nginx ? "a time ($time_local, $time_iso8601 or $msec)"
                              : "a time with date and clock (%t)");
  }
  if (!Has(StepKind::kRequest) && !(Has(StepKind::kTarget) && HasText(TextField::kMethod))) {
    miss(definition_.is_nginx ? "a request ($request, or $request_method and $request_uri)"
                              : "a request (%r, or %m and %U)");
  }
  if (!Has(StepKind::kStatus)) miss(definition_.is_nginx ? "a status ($status)" : "a status (%>s)");
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the format lacks ", missing, ", without which nothing can be counted; log it too"));
}

void PlanCompiler::NoteAbsent() {
  for (size_t i = 0; i < kTextFieldCount; ++i) {
    const auto field = static_cast<TextField>(i);
    const bool of_request =
        field == TextField::kMethod || field == TextField::kTarget || field == TextField::kProtocol;
    if (!HasText(field) && !of_request) plan_->absent.push_back(field);
  }
  for (size_t i = 0; i < plan_->steps.size(); ++i) {
    if (plan_->steps[i].kind == StepKind::kRequest) plan_->request_step = i;
  }
  plan_->joins_query = Has(StepKind::kQuery) && Has(StepKind::kTarget);
}

absl::Status PlanCompiler::Compile(FormatPlan* plan, std::vector<std::string>* extra_fields) {
  plan_ = plan;
  extra_fields_ = extra_fields;
  ASSIGN_OR_RETURN(std::vector<FormatToken> tokens, definition_.is_nginx
                                                        ? TokenizeNginx(definition_.text)
                                                        : TokenizeApache(definition_.text));
  if (std::none_of(tokens.begin(), tokens.end(), IsField)) {
    return absl::InvalidArgumentError(
        "has no % directive of Apache and no $ variable of nginx; give a preset's name, a "
        "LogFormat or log_format string, or @FILE[:NAME]");
  }
  RETURN_IF_ERROR(AddSteps(std::move(tokens)));
  RETURN_IF_ERROR(CheckComplete());
  NoteAbsent();
  return absl::OkStatus();
}

absl::Status WithText(const absl::Status& status, std::string_view text) {
  return absl::Status(status.code(),
                      absl::StrCat("log format \"", ToAbsl(text), "\": ", status.message()));
}

std::vector<std::string_view> PresetNames() {
  std::vector<std::string_view> names;
  for (const FormatPreset& preset : kPresets) names.push_back(preset.name);
  return names;
}

// @FILE[:NAME].
absl::StatusOr<FormatList> FromServerConfig(std::string_view argument) {
  std::string file(argument);
  std::string name;
  std::ifstream in(file, std::ios::binary);
  const size_t colon = file.rfind(':');
  if (!in && colon != std::string::npos) {
    name = file.substr(colon + 1);
    file.resize(colon);
    in.clear();
    in.open(file, std::ios::binary);
  }
  if (!in) {
    return absl::InvalidArgumentError(
        absl::StrCat("--log-format @", file, ": cannot be read; check the name"));
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::vector<FormatDefinition> definitions = ReadServerConfig(text);
  std::vector<std::string_view> names;
  std::string known;
  for (const FormatDefinition& definition : definitions) {
    if (definition.name.empty()) continue;
    names.push_back(definition.name);
    absl::StrAppend(&known, known.empty() ? "" : ", ", definition.name);
  }
  if (definitions.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": has no LogFormat, CustomLog or log_format; name the file that has"));
  }
  const FormatDefinition* chosen = nullptr;
  for (const FormatDefinition& definition : definitions) {
    // A later definition of a name replaces the one before.
    if (name.empty() ? definitions.size() == 1 : definition.name == name) chosen = &definition;
  }
  if (chosen == nullptr && name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": defines several formats; choose one: @",
                                                   file, ":NAME with one of ", known));
  }
  if (chosen == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": defines no format \"", name, "\"",
                                                   DidYouMean(name, names), "; it defines ",
                                                   known));
  }
  absl::StatusOr<std::shared_ptr<const LogFormat>> format =
      LogFormat::FromDefinition(*chosen, chosen->name.empty() ? "custom" : chosen->name);
  if (!format.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":", chosen->line, ": ", format.status().message()));
  }
  return FormatList{*std::move(format)};
}

}  // namespace

LogFormat::~LogFormat() = default;

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::FromDefinition(
    const FormatDefinition& definition, std::string_view name) {
  std::shared_ptr<LogFormat> format(new LogFormat());
  format->name_ = std::string(name);
  format->text_ = definition.text;
  format->plan_ = std::make_unique<FormatPlan>();
  const absl::Status status =
      PlanCompiler(definition).Compile(format->plan_.get(), &format->extra_fields_);
  if (!status.ok()) return WithText(status, definition.text);
  return std::shared_ptr<const LogFormat>(std::move(format));
}

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::Compile(std::string_view text,
                                                                    std::string_view name) {
  const absl::StatusOr<FormatDefinition> definition = ReadFormatText(text);
  if (!definition.ok()) return WithText(definition.status(), text);
  return FromDefinition(*definition, name);
}

absl::Span<const FormatPreset> FormatPresets() { return kPresets; }

absl::StatusOr<FormatList> ResolveLogFormat(std::string_view argument) {
  if (argument.starts_with('@')) return FromServerConfig(argument.substr(1));
  for (const FormatPreset& preset : kPresets) {
    if (preset.name != argument) continue;
    ASSIGN_OR_RETURN(auto format, LogFormat::Compile(preset.text, preset.name));
    return FormatList{std::move(format)};
  }
  if (argument.find_first_of("%$ ") == std::string_view::npos) {
    std::string known;
    for (const std::string_view name : PresetNames()) {
      absl::StrAppend(&known, known.empty() ? "" : ", ", ToAbsl(name));
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "--log-format ", ToAbsl(argument), ": no such preset", DidYouMean(argument, PresetNames()),
        "; known: ", known, "; or give a LogFormat or log_format string, or @FILE[:NAME]"));
  }
  ASSIGN_OR_RETURN(auto format, LogFormat::Compile(argument, "custom"));
  return FormatList{std::move(format)};
}

}  // namespace civlog
