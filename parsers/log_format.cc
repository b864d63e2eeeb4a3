#include "parsers/log_format.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/format_tokens.h"
#include "parsers/json_mapping.h"
#include "parsers/log_format_plan.h"
#include "parsers/nearest.h"
#include "parsers/plan_compiler.h"
#include "parsers/status_macros.h"
#include "parsers/w3c_fields.h"

namespace civlog {
namespace {

absl::Status WithText(const absl::Status& status, std::string_view text) {
  return absl::Status(status.code(),
                      absl::StrCat("log format \"", ToAbsl(text), "\": ", status.message()));
}

std::vector<std::string_view> PresetNames() {
  std::vector<std::string_view> names;
  for (const FormatPreset& preset : FormatPresets()) names.push_back(preset.name);
  return names;
}

// A configuration's definitions, the last of each name: a later one replaces it.
struct ServerConfig {
  std::string file;
  std::string name;  // the one asked for, "" for the only one
  std::vector<FormatDefinition> definitions;

  std::vector<std::string_view> Names() const {
    std::vector<std::string_view> names;
    for (const FormatDefinition& definition : definitions) {
      if (!definition.name.empty()) names.push_back(definition.name);
    }
    return names;
  }
};

std::string Join(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", ToAbsl(word));
  }
  return text;
}

void KeepLastOfEachName(std::vector<FormatDefinition>* definitions) {
  std::vector<FormatDefinition> kept;
  for (FormatDefinition& definition : *definitions) {
    const auto known = std::find_if(kept.begin(), kept.end(), [&](const FormatDefinition& other) {
      return definition.name.empty() ? other.text == definition.text
                                     : other.name == definition.name;
    });
    if (known == kept.end()) {
      kept.push_back(std::move(definition));
    } else {
      *known = std::move(definition);
    }
  }
  *definitions = std::move(kept);
}

// FILE[:NAME]; a colon may be part of the file's name.
absl::StatusOr<ServerConfig> OpenServerConfig(std::string_view argument) {
  ServerConfig config;
  config.file = std::string(argument);
  std::ifstream in(config.file, std::ios::binary);
  const size_t colon = config.file.rfind(':');
  if (!in && colon != std::string::npos) {
    config.name = config.file.substr(colon + 1);
    config.file.resize(colon);
    in.clear();
    in.open(config.file, std::ios::binary);
  }
  std::string text;
  std::error_code ignored;
  if (in && !std::filesystem::is_directory(config.file, ignored)) {
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "--log-format @", config.file, ": is no file that can be read; check the name"));
  }
  config.definitions = ReadServerConfig(text);
  KeepLastOfEachName(&config.definitions);
  return config;
}

absl::StatusOr<const FormatDefinition*> ChooseDefinition(const ServerConfig& config) {
  const std::vector<FormatDefinition>& definitions = config.definitions;
  const std::string known = Join(config.Names());
  if (definitions.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        config.file, ": has no LogFormat, CustomLog or log_format; name the file that has"));
  }
  if (config.name.empty()) {
    if (definitions.size() == 1) return &definitions.front();
    const std::string remedy =
        known.empty() ? "give the string of the one that the log is written in"
                      : absl::StrCat("choose one: @", config.file, ":NAME with one of ", known);
    return absl::InvalidArgumentError(
        absl::StrCat(config.file, ": defines several formats; ", remedy));
  }
  for (const FormatDefinition& definition : definitions) {
    if (definition.name == config.name) return &definition;
  }
  return absl::InvalidArgumentError(absl::StrCat(config.file, ": defines no format \"", config.name,
                                                 "\"", DidYouMean(config.name, config.Names()),
                                                 known.empty()
                                                     ? "; the one that it defines has no name"
                                                     : absl::StrCat("; it defines ", known)));
}

absl::StatusOr<FormatList> FromServerConfig(std::string_view argument) {
  ASSIGN_OR_RETURN(const ServerConfig config, OpenServerConfig(argument));
  ASSIGN_OR_RETURN(const FormatDefinition* chosen, ChooseDefinition(config));
  absl::StatusOr<std::shared_ptr<const LogFormat>> format =
      LogFormat::FromDefinition(*chosen, chosen->name.empty() ? "custom" : chosen->name);
  if (format.ok()) return FormatList{*std::move(format)};
  return absl::InvalidArgumentError(
      absl::StrCat(config.file, ":", chosen->line, ": ", format.status().message()));
}

}  // namespace

LogFormat::LogFormat() : plan_(std::make_shared<FormatPlan>()) {}
LogFormat::LogFormat(const LogFormat&) = default;
LogFormat::~LogFormat() = default;

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::CompileJson(std::string_view spec,
                                                                        std::string_view name) {
  ASSIGN_OR_RETURN(JsonMapping mapping, ReadJsonMapping(spec));
  std::shared_ptr<LogFormat> format(new LogFormat());
  format->name_ = std::string(name);
  format->text_ = std::string(spec);
  format->extra_fields_ = mapping.extra_fields;
  format->json_ = std::make_shared<const JsonMapping>(std::move(mapping));
  return std::shared_ptr<const LogFormat>(std::move(format));
}

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::CompileW3c(std::string_view directive,
                                                                       std::string_view name) {
  std::shared_ptr<LogFormat> format(new LogFormat());
  format->name_ = std::string(name);
  format->text_ = std::string(directive);
  format->is_w3c_ = true;
  if (!directive.empty()) {
    absl::StatusOr<W3cFields> fields = CompileW3cFields(directive);
    if (!fields.ok()) return WithText(fields.status(), directive);
    format->w3c_fields_ = std::make_shared<const W3cFields>(*std::move(fields));
  }
  return std::shared_ptr<const LogFormat>(std::move(format));
}

std::shared_ptr<const LogFormat> LogFormat::Wrapped(const std::shared_ptr<const LogFormat>& format,
                                                    LineWrapper wrapper) {
  if (wrapper == format->wrapper_) return format;
  std::shared_ptr<LogFormat> wrapped(new LogFormat(*format));
  wrapped->wrapper_ = wrapper;
  return wrapped;
}

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::FromDefinition(
    const FormatDefinition& definition, std::string_view name) {
  std::shared_ptr<LogFormat> format(new LogFormat());
  format->name_ = std::string(name);
  format->text_ = definition.text;
  FormatPlan plan;
  const absl::Status status = CompilePlan(definition, &plan, &format->extra_fields_);
  if (!status.ok()) return WithText(status, definition.text);
  format->plan_ = std::make_shared<const FormatPlan>(std::move(plan));
  return std::shared_ptr<const LogFormat>(std::move(format));
}

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::Compile(std::string_view text,
                                                                    std::string_view name) {
  const absl::StatusOr<FormatDefinition> definition = ReadFormatText(text);
  if (!definition.ok()) return WithText(definition.status(), text);
  return FromDefinition(*definition, name);
}

absl::StatusOr<FormatList> ResolveLogFormat(std::string_view argument) {
  if (argument.starts_with('@')) return FromServerConfig(argument.substr(1));
  for (const FormatPreset& preset : FormatPresets()) {
    if (preset.name != argument) continue;
    ASSIGN_OR_RETURN(auto format, CompilePreset(preset));
    return FormatList{std::move(format)};
  }
  absl::StatusOr<std::shared_ptr<const LogFormat>> format;
  if (argument.starts_with("json:")) {
    format = LogFormat::CompileJson(argument, "json");
  } else if (argument.starts_with(kW3cDirective)) {
    format = LogFormat::CompileW3c(argument, "w3c");
  } else if (argument.find_first_of("%$ ") == std::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("--log-format ", ToAbsl(argument), ": no such preset",
                     DidYouMean(argument, PresetNames()), "; known: ", Join(PresetNames()),
                     "; or give a LogFormat or log_format string, a #Fields directive, "
                     "json:FIELD=PATH,..., or @FILE[:NAME]"));
  } else {
    format = LogFormat::Compile(argument, "custom");
  }
  if (!format.ok()) return format.status();
  return FormatList{*std::move(format)};
}

absl::StatusOr<std::shared_ptr<const LogFormat>> CompilePreset(const FormatPreset& preset) {
  switch (preset.language) {
    case FormatLanguage::kJson:
      return LogFormat::CompileJson(preset.text, preset.name);
    case FormatLanguage::kW3c:
      return LogFormat::CompileW3c(preset.text, preset.name);
    case FormatLanguage::kString:
      break;
  }
  return LogFormat::Compile(preset.text, preset.name);
}

}  // namespace civlog
