#include "cli/formats_command.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "parsers/absl_bridge.h"
#include "parsers/log_format.h"
#include "queries/escape.h"

namespace civlog {
namespace {

std::string ListPresets() {
  std::string text = "Formats that are recognised by themselves, and names for --log-format:\n\n";
  for (const FormatPreset& preset : FormatPresets()) {
    absl::StrAppend(&text, ToAbsl(preset.name), "\n  ", ToAbsl(preset.description), "\n  ",
                    ToAbsl(preset.text), "\n  recognised by: ", ToAbsl(preset.recognised_by),
                    "\n\n");
  }
  absl::StrAppend(&text,
                  "Any other Apache LogFormat or nginx log_format: give its string, or\n"
                  "--log-format @FILE[:NAME] to take it out of the server's configuration.\n");
  return text;
}

std::string Describe(const ProbedInput& probed) {
  const std::string name = EscapeForTerminal(probed.input.name);
  std::string text = absl::StrCat(name, ": ");
  const Detection& detection = probed.detection;
  if (probed.empty) return text + "empty\n";
  absl::StrAppend(&text, EscapeForTerminal(detection.explanation), "\n");
  for (const FormatScore& score : detection.scores) {
    absl::StrAppendFormat(&text, "  %-16s reads %d of %d sample lines", score.format->name(),
                          score.fitted, score.lines);
    if (score.first_misfit_line != 0) {
      absl::StrAppendFormat(&text, "; line %d, column %d: %s", score.first_misfit_line,
                            score.misfit_column, EscapeForTerminal(score.misfit_message));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace

int RunFormats(const std::vector<std::string>& logs) {
  const std::atomic<bool>* interrupt = WatchSignals();
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  int code = kDone;
  if (logs.empty()) {
    (*output)->Write(ListPresets());
  } else {
    std::vector<absl::Status> errors;
    absl::StatusOr<std::vector<LogInput>> inputs = OpenInputs(logs, interrupt, &errors);
    for (LogInput& input : *inputs) {
      const ProbedInput probed = ProbeInput(std::move(input), {}, absl::UTCTimeZone());
      if (!probed.status.ok()) {
        errors.push_back(probed.status);
        continue;
      }
      (*output)->Write(Describe(probed));
      if (probed.detection.formats.empty() && code == kDone) code = kNothingCounted;
    }
    for (const absl::Status& error : errors) Complain(FromAbsl(error.message()));
    if (!errors.empty()) code = kInputError;
  }
  if (const absl::Status written = (*output)->Close(); !written.ok()) {
    Complain(FromAbsl(written.message()));
    return kOutputError;
  }
  return code;
}

}  // namespace civlog
