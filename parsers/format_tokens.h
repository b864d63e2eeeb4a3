// Format strings cut into literals and fields, whichever server they are from.

#ifndef CIVLOG_PARSERS_FORMAT_TOKENS_H_
#define CIVLOG_PARSERS_FORMAT_TOKENS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "parsers/log_format_directives.h"

namespace civlog {

// What nginx does to unsafe characters in variables (log_format's `escape=`); Apache
// escapes as `default` does.
enum class Escaping : uint8_t { kDefault, kJson, kNone };

// A literal, or a field where `source` is not empty.
struct FormatToken {
  std::string literal;
  std::string source;  // "%{User-agent}i", "$status"
  Meaning meaning;
};

// A definition as a server's configuration has it.
struct FormatDefinition {
  bool is_nginx = false;
  std::string name;  // "" for an inline one
  std::string text;  // without quotes and the configuration's own escapes
  Escaping escaping = Escaping::kDefault;
  size_t line = 0;  // 1-based, in the configuration
};

absl::StatusOr<std::vector<FormatToken>> TokenizeApache(std::string_view format);
absl::StatusOr<std::vector<FormatToken>> TokenizeNginx(std::string_view format);

// Reads what an operator may give as one format: a bare string, a quoted one, or
// the whole directive (`LogFormat "..." name`, `CustomLog log "..."`, `log_format
// name '...' '...';`).
absl::StatusOr<FormatDefinition> ReadFormatText(std::string_view text);

// Every definition in the text of an Apache or nginx configuration, in its order.
std::vector<FormatDefinition> ReadServerConfig(std::string_view text);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FORMAT_TOKENS_H_
