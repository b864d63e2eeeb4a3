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
#include "parsers/log_format_plan.h"
#include "parsers/nearest.h"
#include "parsers/plan_compiler.h"
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
    {"combinedio", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)",
     "combined of Apache's sample configuration with the bytes of mod_logio",
     "a combined line with two whole numbers behind"},
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

absl::Status WithText(const absl::Status& status, std::string_view text) {
  return absl::Status(status.code(),
                      absl::StrCat("log format \"", ToAbsl(text), "\": ", status.message()));
}

std::vector<std::string_view> PresetNames() {
  std::vector<std::string_view> names;
  for (const FormatPreset& preset : kPresets) names.push_back(preset.name);
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

LogFormat::~LogFormat() = default;

absl::StatusOr<std::shared_ptr<const LogFormat>> LogFormat::FromDefinition(
    const FormatDefinition& definition, std::string_view name) {
  std::shared_ptr<LogFormat> format(new LogFormat());
  format->name_ = std::string(name);
  format->text_ = definition.text;
  format->plan_ = std::make_unique<FormatPlan>();
  const absl::Status status = CompilePlan(definition, format->plan_.get(), &format->extra_fields_);
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
    return absl::InvalidArgumentError(
        absl::StrCat("--log-format ", ToAbsl(argument), ": no such preset",
                     DidYouMean(argument, PresetNames()), "; known: ", Join(PresetNames()),
                     "; or give a LogFormat or log_format string, or @FILE[:NAME]"));
  }
  ASSIGN_OR_RETURN(auto format, LogFormat::Compile(argument, "custom"));
  return FormatList{std::move(format)};
}

}  // namespace civlog
