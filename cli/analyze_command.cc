#include "cli/analyze_command.h"

#include <algorithm>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/period.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/analysis_json.h"
#include "queries/escape.h"
#include "queries/report_text.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

enum class Rendering { kText, kJson };

absl::StatusOr<Rendering> ChooseRendering(const AnalyzeCommand& command) {
  std::string_view name = command.format;
  if (name.empty()) {
    const std::string_view file = command.output;
    const size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return Rendering::kText;
    name = file.substr(dot + 1);
  }
  if (name == "text" || name == "txt") return Rendering::kText;
  if (name == "json") return Rendering::kJson;
  return absl::InvalidArgumentError(absl::StrCat(
      "format ", ToAbsl(name), " is not available; give --format text or --format json"));
}

void ComplainAll(const absl::Status& status) {
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    Complain(FromAbsl(line));
  }
}

// What standard error says about the inputs.
void ComplainAboutSources(const RunResult& run, bool quiet) {
  for (const RunSource& source : run.sources) {
    if (!source.status.ok()) Complain(EscapeForTerminal(FromAbsl(source.status.message())));
    if (quiet) continue;
    const std::string name = EscapeForTerminal(source.name);
    if (source.left_out && !source.duplicate) {
      Complain(
          absl::StrCat(name, ": left out, no access log: ", EscapeForTerminal(source.problem)));
    } else if (!source.problem.empty()) {
      Complain(absl::StrCat(name, ": ", EscapeForTerminal(source.problem)));
    } else if (source.empty && source.status.ok()) {
      Complain(absl::StrCat(name, ": empty"));
    }
  }
}

class AnalyzeRun {
 public:
  explicit AnalyzeRun(const AnalyzeCommand& command) : command_(command) {}

  int Run();

 private:
  absl::Status Prepare();
  absl::Status OpenOutputs();
  absl::StatusOr<Analysis> Compute();
  std::string Render(const Analysis& analysis) const;
  int Finish(const Analysis& analysis);

  const AnalyzeCommand& command_;
  Setup setup_;
  Rendering rendering_ = Rendering::kText;
  Period period_;
  std::vector<LogInput> inputs_;
  std::vector<absl::Status> input_errors_;
  std::unique_ptr<Output> output_;
  std::unique_ptr<Output> rejects_;
  const std::atomic<bool>* interrupt_ = nullptr;
};

absl::Status AnalyzeRun::Prepare() {
  ASSIGN_OR_RETURN(rendering_, ChooseRendering(command_));
  ASSIGN_OR_RETURN(setup_, LoadSetup(command_.input));
  ASSIGN_OR_RETURN(period_, ParsePeriod(command_.since, command_.until, command_.week,
                                        setup_.time_zone, absl::Now()));
  ASSIGN_OR_RETURN(inputs_, OpenInputs(command_.input.logs, interrupt_, &input_errors_));
  return absl::OkStatus();
}

absl::Status AnalyzeRun::OpenOutputs() {
  ASSIGN_OR_RETURN(output_, Output::Open(command_.output));
  if (command_.rejects.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(rejects_, Output::Open(command_.rejects));
  return absl::OkStatus();
}

absl::StatusOr<Analysis> AnalyzeRun::Compute() {
  RunOptions run;
  const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  run.threads = command_.threads > 0 ? command_.threads : cores;
  run.block_bytes = command_.block_bytes;
  run.formats = setup_.formats;
  run.time_zone = setup_.time_zone;
  run.key = VisitorKey::Random();
  run.interrupt = interrupt_;
  run.leave_memory = true;
  run.keep_duplicates = command_.keep_duplicates;
  if (period_.since != absl::InfinitePast()) run.since_us = absl::ToUnixMicros(period_.since);
  if (period_.until != absl::InfiniteFuture()) run.until_us = absl::ToUnixMicros(period_.until);
  ProgressLine progress(!command_.quiet && !command_.no_progress);
  run.progress = [&progress](const RunProgress& p) { progress.Draw(p); };
  if (rejects_ != nullptr) {
    run.rejected_lines = [this](std::string_view lines) { rejects_->Write(lines); };
  }
  FigureOptions figures;
  figures.version = CIVLOG_VERSION;
  figures.time_zone = setup_.time_zone;
  figures.time_zone_name = setup_.time_zone_name;
  figures.raw_samples = command_.raw;
  ASSIGN_OR_RETURN(const RunResult result, RunPipeline(std::move(inputs_), setup_.catalog_or_null(),
                                                       *setup_.audience, run));
  ComplainAboutSources(result, command_.quiet);
  return ComputeAnalysis(result, setup_.catalog_or_null(), figures);
}

std::string AnalyzeRun::Render(const Analysis& analysis) const {
  if (rendering_ == Rendering::kJson) return AnalysisToJson(analysis, command_.language);
  TextOptions options;
  options.language = command_.language == "ko" ? Language::kKorean : Language::kEnglish;
  options.width = command_.output.empty() ? OutputWidth() : 80;
  options.color = command_.output.empty() && ColorWelcome(command_.no_color);
  return RenderText(analysis, options);
}

int AnalyzeRun::Finish(const Analysis& analysis) {
  output_->Write(Render(analysis));
  absl::Status written = output_->Close();
  if (rejects_ != nullptr) written.Update(rejects_->Close());
  if (!written.ok()) {
    ComplainAll(written);
    return kOutputError;
  }
  if (analysis.interrupted) {
    Complain("interrupted: the report covers what was read so far");
    return kInterrupted;
  }
  if (!input_errors_.empty() || analysis.incomplete) return kInputError;
  if (analysis.records == 0) {
    Complain(analysis.outside_period > 0
                 ? "nothing counted: no record lies in the period asked for"
                 : "nothing counted: no line fits; see `civlog formats --detect LOG`");
    return kNothingCounted;
  }
  return kDone;
}

int AnalyzeRun::Run() {
  interrupt_ = WatchSignals();
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  for (const absl::Status& error : input_errors_) ComplainAll(error);
  if (const absl::Status opened = OpenOutputs(); !opened.ok()) {
    ComplainAll(opened);
    return kOutputError;
  }
  const absl::StatusOr<Analysis> analysis = Compute();
  if (!analysis.ok()) {
    ComplainAll(analysis.status());
    return kUsageError;
  }
  return Finish(*analysis);
}

}  // namespace

int RunAnalyze(const AnalyzeCommand& command) { return AnalyzeRun(command).Run(); }

}  // namespace civlog
