#include "cli/ingest_command.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/service_notifier.h"
#include "cli/signals.h"
#include "cli/store_exit_code.h"
#include "engine/store_replace.h"
#include "engine/store_writer.h"
#include "parsers/absl_bridge.h"
#include "parsers/log_watch.h"
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
  void PrepareToFollow();
  std::optional<std::vector<LogInput>> ListInputs(bool anyway);
  void SayOnce(const absl::Status& status);
  void NoteKept(const Checkpoint& checkpoint);
  std::optional<RunCatalog> Reload();
  absl::StatusOr<std::unique_ptr<Setup>> LoadAgain();
  bool counts_anew() const { return command_.reclassify || !command_.replace.empty(); }
  absl::StatusOr<RunResult> Count();
  absl::StatusOr<RunResult> Replace();
  void Report(const RunResult& run);
  int Verdict(const RunResult& run);

  const IngestCommand& command_;
  PreparedRun run_;
  std::unique_ptr<StoreWriter> store_;

  // With --follow.
  ServiceNotifier notifier_;
  std::unique_ptr<LogWatch> watch_;
  std::set<std::string> said_;  // of arguments that lead nowhere
  std::atomic<bool>* hung_up_ = nullptr;
  // What is used since the last reload, and what was before: a run goes on with one while
  // the other is made.
  std::unique_ptr<Setup> reloaded_, replaced_;
  uint64_t lines_ = 0;
  uint64_t rejected_ = 0;
  bool ready_ = false;
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
  options.distrust_future = true;
  const std::string& every = command_.checkpoint_every;
  const bool known = every.empty() || absl::ParseDuration(every, &options.checkpoint_every);
  if (!known) {
    return absl::InvalidArgumentError(
        absl::StrCat("--checkpoint-every ", every, ": give for example 0, 100ms or 5s"));
  }
  if (command_.run.follow) PrepareToFollow();
  return absl::OkStatus();
}

// Many logs may be written to at once.
void AllowManyFiles() {
  rlimit files;
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void IngestRun::PrepareToFollow() {
  AllowManyFiles();
  hung_up_ = WatchHangUp();
  RunOptions& options = run_.options();
  options.wants_catalog = hung_up_;
  options.next_catalog = [this] { return Reload(); };
  options.progress = [this](const RunProgress&) { notifier_.Alive(); };
  store_->kept = [this](const Checkpoint& checkpoint) { NoteKept(checkpoint); };
  if (run_.watched().empty()) return;
  // The run does not end, and what is wrong with one of its lines is not kept.
  options.samples = 0;
  watch_ = std::make_unique<LogWatch>(run_.watched());
  options.more_inputs = [this](bool anyway) { return ListInputs(anyway); };
  options.let_go = [this](const RunSource& source) {
    ComplainAboutSource(source, command_.run.quiet);
  };
}

void IngestRun::SayOnce(const absl::Status& status) {
  std::string message = EscapeForTerminal(FromAbsl(status.message()));
  if (!status.ok() && said_.insert(message).second) Complain(message);
}

std::optional<std::vector<LogInput>> IngestRun::ListInputs(bool anyway) {
  std::optional<InputList> list = watch_->Look(anyway);
  if (!list) return std::nullopt;
  SayOnce(watch_->trouble());
  for (const absl::Status& error : list->errors) SayOnce(error);
  std::vector<LogInput> inputs;
  for (const InputFile& file : list->files) {
    inputs.push_back(FileInput(file, run_.options().interrupt, Following::kFile));
  }
  return inputs;
}

void IngestRun::NoteKept(const Checkpoint& checkpoint) {
  for (const auto& [day, lines] : checkpoint.lines) {
    lines_ += lines.lines;
    for (const uint64_t count : lines.rejected) rejected_ += count;
  }
  if (run_.interrupted()) {
    notifier_.Stopping();
  } else if (!std::exchange(ready_, true)) {
    notifier_.Ready();
  }
  notifier_.Status(absl::StrCat(FormatCount(lines_), " lines read, ", FormatCount(rejected_),
                                " of them rejected; ", checkpoint.sources.size(),
                                checkpoint.sources.size() == 1 ? " log" : " logs", " under way"));
}

// The catalogue as it is now, in the places that the store has for it.
absl::StatusOr<std::unique_ptr<Setup>> IngestRun::LoadAgain() {
  auto setup = std::make_unique<Setup>();
  ASSIGN_OR_RETURN(*setup, LoadSetup(command_.run.input));
  if (setup->catalog && setup->time_zone_name != store_->zone().name) {
    return absl::InvalidArgumentError(
        absl::StrCat("the catalogue's time zone is ", setup->time_zone_name,
                     ", and the store counts the days of ", store_->zone().name,
                     ": go on with that time zone, or begin a new store"));
  }
  ASSIGN_OR_RETURN(const Catalog* used, store_->UseCatalog(setup->catalog_or_null()));
  if (used == nullptr) return setup;
  ASSIGN_OR_RETURN(setup->audience, AudienceClassifier::Make(used->audience_rules));
  setup->catalog = *used;
  return setup;
}

// What goes on after SIGHUP.
std::optional<RunCatalog> IngestRun::Reload() {
  hung_up_->store(false);
  notifier_.Reloading();
  absl::StatusOr<std::unique_ptr<Setup>> setup = LoadAgain();
  notifier_.Ready();
  if (!setup.ok()) {
    ComplainAll(setup.status());
    Complain("the catalogue was not reloaded: the one before stays in use");
    return std::nullopt;
  }
  replaced_ = std::exchange(reloaded_, *std::move(setup));
  if (!command_.run.quiet) Complain("the catalogue was reloaded");
  return RunCatalog{reloaded_->catalog_or_null(), reloaded_->audience.get()};
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
        "--replace and --reclassify read logs from their beginning: name files, not a stream");
  }
  KnownSources known(store_.get(), command_.reclassify);
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
    Complain(absl::StrCat("counted anew: ", replaced.days(),
                          replaced.days() == 1 ? " day, " : " days, ",
                          FormatCount(replaced.lines()), " lines; ",
                          FormatCount(replaced.other_lines()), " of other days left alone"));
  }
  return run;
}

// What was added, in a line or two.
void IngestRun::Report(const RunResult& run) {
  if (command_.run.quiet) return;
  size_t read = 0;
  size_t unchanged = 0;
  const bool follows = run_.options().more_inputs != nullptr;
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
  std::string text = absl::StrCat(FormatCount(run.added.lines),
                                  run.added.lines == 1 ? " line" : " lines", " added");
  // A run that follows has let others go.
  if (!follows) absl::StrAppend(&text, " from ", read, read == 1 ? " log" : " logs");
  if (rejected > 0) absl::StrAppend(&text, ", ", FormatCount(rejected), " of them rejected");
  if (run.added.late > 0) absl::StrAppend(&text, ", ", FormatCount(run.added.late), " late");
  if (unchanged > 0) absl::StrAppend(&text, "; ", unchanged, " unchanged");
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  if (!output.ok()) return;
  (*output)->Write(text + "\n");
  (*output)->Close().IgnoreError();
}

int IngestRun::Verdict(const RunResult& run) {
  if (run_.interrupted() && command_.run.follow && WasAskedToEnd()) return kDone;
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
  if (command_.run.follow) run_.WatchFiles();
  if (const absl::Status status = run_.Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  for (const absl::Status& error : run_.input_errors()) ComplainAll(error);
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return StoreExitCode(status);
  }
  const absl::StatusOr<RunResult> run = counts_anew() ? Replace() : Count();
  notifier_.Stopping();
  if (!run.ok()) {
    ComplainAll(run.status());
    return StoreExitCode(run.status());
  }
  if (!counts_anew()) Report(*run);
  return Verdict(*run);
}

}  // namespace

int RunIngest(const IngestCommand& command) { return IngestRun(command).Run(); }

}  // namespace civlog
