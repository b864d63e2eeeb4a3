#include "cli/analyze_command.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/live_output.h"
#include "cli/output.h"
#include "parsers/status_macros.h"
#include "queries/analysis_json.h"
#include "queries/analysis_tables.h"
#include "queries/channels.h"
#include "queries/compose_report.h"
#include "queries/compute_analysis.h"
#include "queries/compute_report.h"
#include "queries/disclosure.h"
#include "queries/query_plan.h"
#include "queries/report_html.h"
#include "queries/report_text.h"

namespace civlog {
namespace {

class AnalyzeRun {
 public:
  explicit AnalyzeRun(const AnalyzeCommand& command) : command_(command), run_(command.run) {}

  int Run();

 private:
  absl::Status Prepare();
  absl::Status OpenOutputs();
  // What cannot be told from a public report, or would be told by two of them.
  absl::Status CheckPublic() const;
  absl::StatusOr<Analysis> Compute();
  // The figures of what was read so far.
  Analysis Figures(const RunResult& run) const;
  std::string Render(const Analysis& analysis) const;
  std::string RenderHtml(const Analysis& analysis, Language language) const;
  int Finish(const Analysis& analysis);

  const AnalyzeCommand& command_;
  PreparedRun run_;
  std::unique_ptr<Output> output_;  // null where the report is shown again and again
  std::optional<LiveOutput> live_;
  std::unique_ptr<Output> rejects_;
  std::optional<ChannelCounts> channels_;
};

absl::Status AnalyzeRun::Prepare() {
  RETURN_IF_ERROR(CheckPublic());
  RETURN_IF_ERROR(run_.Prepare());
  ASSIGN_OR_RETURN(channels_, LoadChannels(run_.setup(), command_.channels));
  return absl::OkStatus();
}

absl::Status AnalyzeRun::OpenOutputs() {
  if (command_.run.follow) {
    live_.emplace(command_.run, run_.format(), run_.setup().time_zone);
  } else {
    ASSIGN_OR_RETURN(output_, Output::Open(command_.run.output));
  }
  if (command_.rejects.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(rejects_, Output::Open(command_.rejects));
  return absl::OkStatus();
}

absl::Status AnalyzeRun::CheckPublic() const {
  if (!command_.disclosure_control) return absl::OkStatus();
  const auto refuse = [](const char* option, const char* reason) {
    return absl::InvalidArgumentError(
        absl::StrCat("--public does not go with ", option, ": ", reason));
  };
  if (command_.run.raw) return refuse("--raw", "samples of lines are not for publication");
  if (!command_.run.where.empty()) {
    return refuse("--where",
                  "what a filter leaves out could be told from the whole; publish the "
                  "whole, or a department's report");
  }
  if (command_.run.follow) {
    return refuse("--follow", "single requests could be told from one answer to the next");
  }
  return absl::OkStatus();
}

Analysis AnalyzeRun::Figures(const RunResult& run) const {
  const Setup& setup = run_.setup();
  FigureOptions options;
  options.version = CIVLOG_VERSION;
  options.time_zone = setup.time_zone;
  options.time_zone_name = setup.time_zone_name;
  options.raw_samples = command_.run.raw;
  Analysis analysis = ComputeAnalysis(run, setup.catalog_or_null(), options);
  if (channels_) AddChannels(*channels_, &analysis);
  if (command_.disclosure_control) ApplyDisclosureControl(&analysis);
  return analysis;
}

absl::StatusOr<Analysis> AnalyzeRun::Compute() {
  const Setup& setup = run_.setup();
  if (rejects_ != nullptr) {
    run_.options().rejected_lines = [this](std::string_view lines) { rejects_->Write(lines); };
  }
  if (run_.where() != nullptr) FilterBy(run_.where(), setup.catalog_or_null(), &run_.options());
  if (live_) {
    run_.options().snapshot = [&](const RunResult& run) {
      live_->Show(Render(Figures(run)), run.traffic.lines);
    };
    run_.EndOnce([this] { return live_->finished(); });
  }
  ASSIGN_OR_RETURN(const RunResult result, run_.Run());
  return Figures(result);
}

// The report without a history.
std::string AnalyzeRun::RenderHtml(const Analysis& analysis, Language language) const {
  const Period& asked = run_.period();
  const bool bounded = asked.since != absl::InfinitePast() && asked.until != absl::InfiniteFuture();
  ReportPeriod period;
  period.zone = analysis.time_zone;
  if (bounded) {
    period = CoveringPeriod(asked.since, asked.until, analysis.time_zone);
  } else if (analysis.from && analysis.to) {
    period = CoveringPeriod(*analysis.from, *analysis.to, analysis.time_zone);
  }
  const absl::StatusOr<ReportModel> model =
      ComputeReport(analysis, period, nullptr, run_.setup().catalog_or_null());
  return RenderReportHtml(ComposeReport(*model, language));
}

std::string AnalyzeRun::Render(const Analysis& analysis) const {
  const RunFlags& flags = command_.run;
  const Language language = ParseLanguage(flags.language);
  if (run_.format() == OutputFormat::kHtml) return RenderHtml(analysis, language);
  std::string json = run_.format() == OutputFormat::kText
                         ? std::string()
                         : AnalysisToJson(analysis, flags.language);
  switch (run_.format()) {
    case OutputFormat::kJson:
      return json;
    case OutputFormat::kNdjson:
      return AnalysisToNdjson(json);
    case OutputFormat::kCsv:
      return AnalysisToCsv(json);
    case OutputFormat::kMarkdown:
      return AnalysisToMarkdown(json);
    case OutputFormat::kHtml:
    case OutputFormat::kText:
      break;
  }
  TextOptions options;
  options.language = language;
  options.width = flags.output.empty() ? OutputWidth() : 80;
  options.color = flags.output.empty() && ColorWelcome(flags.no_color);
  return RenderText(analysis, options);
}

int AnalyzeRun::Finish(const Analysis& analysis) {
  absl::Status written;
  if (live_) {
    written = live_->Finish(Render(analysis));
  } else {
    if (run_.format() == OutputFormat::kJson) {
      WriteAnalysisJson(analysis, command_.run.language,
                        [this](std::string_view piece) { output_->Write(piece); });
    } else {
      output_->Write(Render(analysis));
    }
    written = output_->Close();
  }
  if (rejects_ != nullptr) written.Update(rejects_->Close());
  if (!written.ok()) {
    ComplainAll(written);
    return kOutputError;
  }
  if (run_.interrupted() && analysis.interrupted) {
    Complain("interrupted: the report covers what was read so far");
    return kInterrupted;
  }
  if (!run_.input_errors().empty() || analysis.incomplete) return kInputError;
  if (analysis.records == 0) {
    Complain(analysis.filtered_out > 0 ? "nothing counted: --where matches no record"
             : analysis.outside_period > 0
                 ? "nothing counted: no record lies in the period asked for"
                 : "nothing counted: no line fits; see `civlog formats --detect LOG`");
    return kNothingCounted;
  }
  return kDone;
}

int AnalyzeRun::Run() {
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  for (const absl::Status& error : run_.input_errors()) ComplainAll(error);
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
