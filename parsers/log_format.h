// Log formats: the text an operator already has, compiled once into a plan.
//
// `LogFormat "%h %l %u %t \"%r\" ..."` or `log_format main '$remote_addr ...'`,
// or a preset's name, becomes a short sequence of steps that a LineParser runs
// over every line. Presets are strings for the same compiler. What a directive
// or variable means, and its unit, is one table (log_format_directives.h).

#ifndef CIVLOG_PARSERS_LOG_FORMAT_H_
#define CIVLOG_PARSERS_LOG_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "parsers/line_wrapper.h"

namespace civlog {

struct FormatDefinition;  // format_tokens.h: a definition in a configuration
struct FormatPlan;        // log_format_plan.h: the steps
struct JsonMapping;       // json_mapping.h: which member fills which field
struct W3cFields;         // w3c_fields.h: a #Fields directive's plans

// An immutable compiled format. Thread-safe; shared by every parser of a run.
class LogFormat {
 public:
  ~LogFormat();

  // "combined", "nginx", or "custom" for a string; what explain calls `format`.
  const std::string& name() const { return name_; }
  // The format string it was compiled from.
  const std::string& text() const { return text_; }
  // The steps; none for JSON and W3C.
  const FormatPlan& plan() const { return *plan_; }
  // How the members of a JSON object are read; null for other formats.
  const JsonMapping* json() const { return json_.get(); }
  // True where #Fields directives in the log say what its lines are made of.
  bool is_w3c() const { return is_w3c_; }
  // What is taken for the directive until the log has one; null for nothing.
  const std::shared_ptr<const W3cFields>& w3c_fields() const { return w3c_fields_; }
  // What shippers have put around the lines.
  LineWrapper wrapper() const { return wrapper_; }
  // Names of logged cookies and headers that may serve as a visitor's identity,
  // in the order of RecordBatch::extra: "cookie:SESSION", "header:X-Citizen".
  const std::vector<std::string>& extra_fields() const { return extra_fields_; }

  // Compiles an Apache LogFormat string (has '%' directives) or an nginx
  // log_format string (has '$' variables); which of the two is told by its
  // content. The text may also be the whole directive as it stands in the
  // configuration, `LogFormat "..." name` or `log_format name escape=json '...'
  // '...';`, with its quotes, backslashes and line continuations.
  // InvalidArgument, with the reason and the remedy, where it does not parse or
  // lacks a time, a request or a status.
  static absl::StatusOr<std::shared_ptr<const LogFormat>> Compile(std::string_view text,
                                                                  std::string_view name);

  // The members of JSON lines: "json", or "json:FIELD=PATH,...".
  static absl::StatusOr<std::shared_ptr<const LogFormat>> CompileJson(std::string_view spec,
                                                                      std::string_view name);

  // W3C extended logs; `directive` is taken until the log has one of its own, "" for
  // none.
  static absl::StatusOr<std::shared_ptr<const LogFormat>> CompileW3c(std::string_view directive,
                                                                     std::string_view name);

  // The same format behind a wrapper.
  static std::shared_ptr<const LogFormat> Wrapped(const std::shared_ptr<const LogFormat>& format,
                                                  LineWrapper wrapper);

  // The same for a definition that was read from a configuration.
  static absl::StatusOr<std::shared_ptr<const LogFormat>> FromDefinition(
      const FormatDefinition& definition, std::string_view name);

 private:
  LogFormat();
  LogFormat(const LogFormat&);
  std::string name_;
  std::string text_;
  std::shared_ptr<const FormatPlan> plan_;
  std::shared_ptr<const JsonMapping> json_;
  std::shared_ptr<const W3cFields> w3c_fields_;
  bool is_w3c_ = false;
  LineWrapper wrapper_ = LineWrapper::kNone;
  std::vector<std::string> extra_fields_;
};

// The formats that one source's lines are tried against, best first: one where
// the operator named it; the members of a family (combined, common) where lines
// of either may stand in one file.
using FormatList = std::vector<std::shared_ptr<const LogFormat>>;

// What a preset's text is written in.
enum class FormatLanguage : uint8_t {
  kString,  // Apache's or nginx's
  kW3c,     // names of #Fields, "" for those of the log
  kJson,    // a mapping
};

struct FormatPreset {
  std::string_view name;           // "combined"
  std::string_view text;           // the format string it stands for
  std::string_view description;    // one line of English
  std::string_view recognised_by;  // how detection tells it, one line of English
  FormatLanguage language = FormatLanguage::kString;
};
absl::Span<const FormatPreset> FormatPresets();
absl::StatusOr<std::shared_ptr<const LogFormat>> CompilePreset(const FormatPreset& preset);

// What --log-format takes: a preset's name, a format string, or @FILE[:NAME]
// (the definition NAME, or the only one, out of a server's configuration).
// Unknown names suggest the nearest preset.
absl::StatusOr<FormatList> ResolveLogFormat(std::string_view argument);

// One candidate's showing on a sample of lines.
struct FormatScore {
  std::shared_ptr<const LogFormat> format;
  uint64_t fitted = 0;             // sample lines that it reads
  uint64_t lines = 0;              // sample lines that are not blank
  uint64_t first_misfit_line = 0;  // 1-based in the sample, 0 for none
  uint32_t misfit_column = 0;
  std::string misfit_field;    // "time", "status", ...; "" for a literal
  std::string misfit_message;  // why, in words
};

struct Detection {
  LineWrapper wrapper = LineWrapper::kNone;  // around the lines; the formats peel it off
  FormatList formats;                        // empty where nothing fits
  std::vector<FormatScore> scores;           // every candidate, best first
  // One line of English: what was chosen and why, or where the best candidate
  // failed and what to do.
  std::string explanation;
};

// Tells the format of a source from its first whole lines.
Detection DetectFormat(std::string_view sample);

// The formats that the operator named, behind the wrapper that the sample has.
FormatList BehindWrapper(const FormatList& formats, std::string_view sample);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LOG_FORMAT_H_
