#include "cli/ingest_command.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/period.h"
#include "cli/store_exit_code.h"
#include "engine/store_replace.h"
#include "engine/store_writer.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"
#include "queries/figure_text.h"

namespace civlog {
namespace {

class IngestRun {
 public:
  explicit IngestRun(const IngestCommand& command) : command_(command), run_(command.run) {}

  int Run();

 private:
  absl::Status Prepare();
  absl::StatusOr<RunResult> Count();
  absl::StatusOr<RunResult> Replace();
  void Report(const RunResult& run);
  int Verdict(const RunResult& run);

  const IngestCommand& command_;
  PreparedRun run_;
  std::unique_ptr<StoreWriter> store_;
};

absl::Status IngestRun::Prepare() {
  const Setup& setup = run_.setup();
  std::optional<StoreWriter::Zone> zone;
  if (setup.catalog || !command_.run.input.time_zone.empty()) {
    zone = {setup.time_zone_name, setup.time_zone};
  }
  ASSIGN_OR_RETURN(store_, StoreWriter::Open(command_.store, zone, CIVLOG_VERSION));
  ASSIGN_OR_RETURN(const Catalog* catalog, store_->UseCatalog(setup.catalog_or_null()));
  if (catalog != nullptr) RETURN_IF_ERROR(run_.UseCatalog(*catalog));
  store_->NameStream(command_.source);
  RunOptions& options = run_.options();
  options.time_zone = store_->zone().zone;
  options.key = store_->key();
  options.week_keys = store_->week_keys();
  if (!command_.checkpoint_every.empty()) {
    ASSIGN_OR_RETURN(options.checkpoint_every,
                     ParseLength("--checkpoint-every", command_.checkpoint_every));
  }
  return absl::OkStatus();
}

absl::StatusOr<RunResult> IngestRun::Count() {
  run_.options().checkpoints = store_.get();
  return run_.Run();
}

absl::StatusOr<RunResult> IngestRun::Replace() {
  std::vector<absl::CivilDay> days;
  for (const std::string& text : command_.replace) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(text, &day)) {
      return absl::InvalidArgumentError(absl::StrCat("--replace ", EscapeForTerminal(text),
                                                     ": no date; give one like 2026-11-18"));
    }
    days.push_back(day);
  }
  if (run_.has_streams()) {
    return absl::InvalidArgumentError(
        "--replace reads logs from their beginning: name files, not a stream");
  }
  KnownSources known(store_.get());
  run_.options().checkpoints = &known;
  absl::StatusOr<RunResult> brought_up = run_.Run();
  if (!brought_up.ok() || brought_up->interrupted) return brought_up;
  ASSIGN_OR_RETURN(ReplacedDays replaced, ReplacedDays::Make(store_.get(), days, known.known()));
  run_.options().checkpoints = &replaced;
  run_.options().checkpoint_every = absl::InfiniteDuration();
  run_.options().week_keys = nullptr;
  absl::StatusOr<RunResult> run = run_.Run();
  if (!run.ok() || run->interrupted) return run;
  if (!command_.run.quiet) {
    Complain(absl::StrCat("replaced: ", FormatCount(replaced.lines()), " lines of the days given, ",
                          FormatCount(replaced.other_lines()), " of others left alone"));
  }
  return run;
}

// What was added, in a line or two.
void IngestRun::Report(const RunResult& run) {
  if (command_.run.quiet) return;
  size_t read = 0;
  size_t unchanged = 0;
  for (const RunSource& source : run.sources) {
    if (source.left_out || source.empty) continue;
    ++(source.unchanged ? unchanged : read);
    if (source.partial_line) {
      Complain(absl::StrCat(EscapeForTerminal(source.name),
                            ": its last line has no end yet, and waits for it"));
    }
  }
  uint64_t rejected = 0;
  for (const uint64_t count : run.added.rejected) rejected += count;
  std::string text =
      absl::StrCat(FormatCount(run.added.lines), run.added.lines == 1 ? " line" : " lines",
                   " added from ", read, read == 1 ? " log" : " logs");
  if (rejected > 0) absl::StrAppend(&text, ", ", FormatCount(rejected), " of them rejected");
  if (run.added.late > 0) absl::StrAppend(&text, ", ", FormatCount(run.added.late), " late");
  if (unchanged > 0) absl::StrAppend(&text, "; ", unchanged, " unchanged");
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  if (!output.ok()) return;
  (*output)->Write(text + "\n");
  (*output)->Close().IgnoreError();
}

int IngestRun::Verdict(const RunResult& run) {
  if (run_.interrupted()) {
    Complain("interrupted: what was read so far is kept");
    return kInterrupted;
  }
  const bool failed = std::any_of(run.sources.begin(), run.sources.end(),
                                  [](const RunSource& source) { return !source.status.ok(); });
  if (failed || !run_.input_errors().empty()) return kInputError;
  if (run.records > 0) return kDone;
  Complain("nothing counted: no line fits; see `civlog formats --detect LOG`");
  return kNothingCounted;
}

int IngestRun::Run() {
  if (const absl::Status status = run_.Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  for (const absl::Status& error : run_.input_errors()) ComplainAll(error);
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return StoreExitCode(status);
  }
  const absl::StatusOr<RunResult> run = command_.replace.empty() ? Count() : Replace();
  if (!run.ok()) {
    ComplainAll(run.status());
    return StoreExitCode(run.status());
  }
  if (command_.replace.empty()) Report(*run);
  return Verdict(*run);
}

}  // namespace

int RunIngest(const IngestCommand& command) { return IngestRun(command).Run(); }

}  // namespace civlog
