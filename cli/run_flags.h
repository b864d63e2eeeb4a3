// What the commands that run over logs share: their options, and a run set up by them.

#ifndef CIVLOG_CLI_RUN_FLAGS_H_
#define CIVLOG_CLI_RUN_FLAGS_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/period.h"
#include "cli/signals.h"
#include "engine/pipeline.h"
#include "queries/where_expression.h"

namespace civlog {

// Options as they were given.
struct RunFlags {
  InputOptions input;
  std::string since, until, week;
  std::string where;
  std::string format;     // empty: by the extension of `output`, else text
  bool has_html = false;  // HTML is among the formats
  std::string output;
  std::string language = "en";
  size_t threads = 0;  // 0: all cores
  size_t block_bytes = kBlockBytes;
  bool quiet = false;
  bool no_progress = false;
  bool no_color = false;
  bool raw = false;
  bool keep_duplicates = false;
  bool follow = false;
  std::string interval = "1s";
};

enum class OutputFormat { kText, kJson, kNdjson, kCsv, kMarkdown, kHtml };

// By its name, or where that is empty by the extension of `output`, or else text.
// InvalidArgument where there is none of that name in `available`.
absl::StatusOr<OutputFormat> ChooseFormat(const std::string& name, const std::string& output,
                                          const std::vector<OutputFormat>& available);

// A message of several lines, each with the program's name.
void ComplainAll(const absl::Status& status);
// What standard error says about an input of a run.
void ComplainAboutSource(const RunSource& source, bool quiet);

// One run, from the options to its options. Not movable: the run refers to it.
class PreparedRun {
 public:
  explicit PreparedRun(const RunFlags& flags) : flags_(flags), signal_(WatchSignals()) {}
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  // Loads everything but the logs, and finds those.
  absl::Status Prepare();
  // The same without logs, in a time zone that is given.
  absl::Status PrepareFor(absl::TimeZone zone, const std::string& zone_name);

  // To be called before Prepare: with --follow, only streams are opened then; files are
  // left to be watched for.
  void WatchFiles() { watch_files_ = true; }
  // The LOG arguments that may lead to files.
  const std::vector<std::string>& watched() const { return watched_; }

  const Setup& setup() const { return setup_; }
  OutputFormat format() const { return format_; }
  // As it was asked for; unbounded where it was not.
  const Period& period() const { return period_; }
  // Null without --where.
  const std::shared_ptr<const WhereExpression>& where() const { return where_; }
  // Inputs that cannot be had.
  const std::vector<absl::Status>& input_errors() const { return input_errors_; }
  RunOptions& options() { return options_; }
  // Whether an input can be read once only.
  bool has_streams() const {
    return std::any_of(inputs_.begin(), inputs_.end(),
                       [](const LogInput& input) { return !input.reopenable; });
  }

  // Runs with this catalogue from now on. InvalidArgument where its rules are wrong.
  absl::Status UseCatalog(const Catalog& catalog);

  // Ends the run once `enough` says so, which is asked between its rounds.
  void EndOnce(std::function<bool()> enough);
  // By a signal.
  bool interrupted() const { return signal_->load(std::memory_order_relaxed); }

  // Runs over the inputs, and says what is to be said of them. Streams can be read once.
  absl::StatusOr<RunResult> Run();

 private:
  absl::Status ReadFormat();
  absl::Status ReadPeriod();

  const RunFlags& flags_;
  Setup setup_;
  OutputFormat format_ = OutputFormat::kText;
  Period period_;
  std::shared_ptr<const WhereExpression> where_;
  bool watch_files_ = false;
  std::vector<std::string> watched_;
  std::vector<LogInput> inputs_;
  std::vector<absl::Status> input_errors_;
  const std::atomic<bool>* signal_;
  std::atomic<bool> ends_ = false;
  RunOptions options_;
};

}  // namespace civlog

#endif  // CIVLOG_CLI_RUN_FLAGS_H_
