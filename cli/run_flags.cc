#include "cli/run_flags.h"

#include <sys/stat.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/live_output.h"
#include "cli/period.h"
#include "cli/progress.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"
#include "queries/figure_text.h"

namespace civlog {

namespace {

struct FormatName {
  std::string_view name;
  OutputFormat format;
  bool usual;  // not another name for one of these
};

constexpr FormatName kFormatNames[] = {
    {"text", OutputFormat::kText, true},    {"txt", OutputFormat::kText, false},
    {"json", OutputFormat::kJson, true},    {"ndjson", OutputFormat::kNdjson, true},
    {"csv", OutputFormat::kCsv, true},      {"markdown", OutputFormat::kMarkdown, true},
    {"md", OutputFormat::kMarkdown, false}, {"html", OutputFormat::kHtml, true},
    {"htm", OutputFormat::kHtml, false}};

// "text, json or csv".
std::string UsualNames(const std::vector<OutputFormat>& available) {
  std::vector<std::string_view> usual;
  for (const FormatName& known : kFormatNames) {
    const bool there =
        std::find(available.begin(), available.end(), known.format) != available.end();
    if (known.usual && there) usual.push_back(known.name);
  }
  std::string text;
  for (size_t i = 0; i < usual.size(); ++i) {
    text.append(i == 0 ? "" : i + 1 == usual.size() ? " or " : ", ").append(usual[i]);
  }
  return text;
}

}  // namespace

absl::StatusOr<OutputFormat> ChooseFormat(const std::string& name, const std::string& output,
                                          const std::vector<OutputFormat>& available) {
  std::string_view wanted = name;
  if (wanted.empty()) {
    const std::string_view file = output;
    const size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return OutputFormat::kText;
    wanted = file.substr(dot + 1);
  }
  std::vector<std::string_view> names;
  for (const FormatName& known : kFormatNames) {
    if (std::find(available.begin(), available.end(), known.format) == available.end()) continue;
    if (known.name == wanted) return known.format;
    names.push_back(known.name);
  }
  return absl::InvalidArgumentError(absl::StrCat("format ", EscapeForTerminal(wanted),
                                                 " is not available", DidYouMean(wanted, names),
                                                 "; give --format ", UsualNames(available)));
}

void ComplainAll(const absl::Status& status) {
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    Complain(FromAbsl(line));
  }
}

namespace {

// Of a log with dates that cannot be.
std::string AheadOfTime(const RunSource& source) {
  const std::string first =
      absl::FormatTime("%Y-%m-%d", absl::FromUnixMicros(source.ahead_us), absl::UTCTimeZone());
  return absl::StrCat(FormatCount(source.ahead), source.ahead == 1 ? " line is" : " lines are",
                      " dated more than 30 days ahead of this machine's clock, the first ", first,
                      " (UTC): counted in the hour it names, and nothing waits for it; see `civlog "
                      "query --records --since ",
                      first, " LOG`, and the clocks of both machines");
}

}  // namespace

void ComplainAboutSource(const RunSource& source, bool quiet) {
  if (!source.status.ok()) Complain(EscapeForTerminal(FromAbsl(source.status.message())));
  if (quiet) return;
  const std::string name = EscapeForTerminal(source.name);
  if (source.left_out && !source.duplicate) {
    Complain(absl::StrCat(name, ": left out, no access log: ", EscapeForTerminal(source.problem)));
  } else if (!source.problem.empty()) {
    Complain(absl::StrCat(name, ": ", EscapeForTerminal(source.problem)));
  } else if (source.empty && source.status.ok()) {
    Complain(absl::StrCat(name, ": empty"));
  } else if (!source.notice.empty()) {
    Complain(absl::StrCat(name, ": ", source.notice));
  }
  if (source.ahead > 0) Complain(absl::StrCat(name, ": ", AheadOfTime(source)));
}

absl::Status PreparedRun::ReadFormat() {
  std::vector<OutputFormat> formats = {OutputFormat::kText, OutputFormat::kJson,
                                       OutputFormat::kNdjson, OutputFormat::kCsv,
                                       OutputFormat::kMarkdown};
  if (flags_.has_html) formats.push_back(OutputFormat::kHtml);
  ASSIGN_OR_RETURN(format_, ChooseFormat(flags_.format, flags_.output, formats));
  return absl::OkStatus();
}

namespace {

// Takes out of LOG arguments those that are no files, directories or patterns, and opens
// them.
std::vector<LogInput> TakeStreams(std::vector<std::string>* arguments,
                                  const std::atomic<bool>* interrupt) {
  std::vector<LogInput> streams;
  std::erase_if(*arguments, [&](const std::string& argument) {
    struct stat info;
    const bool there = argument == "-" || ::stat(argument.c_str(), &info) == 0;
    if (!there || (argument != "-" && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)))) {
      return false;
    }
    const std::string name(argument == "-" ? kStdinName : std::string_view(argument));
    streams.push_back(FileInput({argument, name}, interrupt, Following::kFile));
    return true;
  });
  return streams;
}

}  // namespace
absl::Status PreparedRun::ReadPeriod() {
  ASSIGN_OR_RETURN(
      period_, ParsePeriod(flags_.since, flags_.until, flags_.week, setup_.time_zone, absl::Now()));
  if (period_.since != absl::InfinitePast()) options_.since_us = absl::ToUnixMicros(period_.since);
  if (period_.until != absl::InfiniteFuture()) {
    options_.until_us = absl::ToUnixMicros(period_.until);
  }
  return absl::OkStatus();
}

absl::Status PreparedRun::PrepareFor(absl::TimeZone zone, const std::string& zone_name) {
  RETURN_IF_ERROR(ReadFormat());
  ASSIGN_OR_RETURN(setup_, LoadSetup(flags_.input));
  const bool asks_for_another =
      !flags_.input.time_zone.empty() && setup_.time_zone_name != zone_name;
  if (asks_for_another) {
    return absl::InvalidArgumentError(
        absl::StrCat("--time-zone: the store counts the hours of ", zone_name));
  }
  setup_.time_zone = zone;
  setup_.time_zone_name = zone_name;
  return ReadPeriod();
}

absl::Status PreparedRun::Prepare() {
  options_.interrupt = signal_;
  RETURN_IF_ERROR(ReadFormat());
  ASSIGN_OR_RETURN(setup_, LoadSetup(flags_.input));
  RETURN_IF_ERROR(ReadPeriod());
  if (!flags_.where.empty()) {
    ASSIGN_OR_RETURN(where_, WhereExpression::Parse(flags_.where, setup_.time_zone));
  }
  const Following following = flags_.follow ? Following::kName : Following::kNot;
  if (!watch_files_) {
    ASSIGN_OR_RETURN(inputs_,
                     OpenInputs(flags_.input.logs, options_.interrupt, &input_errors_, following));
  } else {
    ASSIGN_OR_RETURN(watched_, LogArguments(flags_.input.logs));
    inputs_ = TakeStreams(&watched_, options_.interrupt);
  }
  if (flags_.follow) {
    RETURN_IF_ERROR(LiveOutput::Check(flags_, format_));
    ASSIGN_OR_RETURN(options_.snapshot_every, ParseLength("--interval", flags_.interval));
  }
  const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  options_.threads = flags_.threads > 0 ? flags_.threads : cores;
  options_.block_bytes = flags_.block_bytes;
  options_.formats = setup_.formats;
  options_.time_zone = setup_.time_zone;
  options_.key = VisitorKey::Random();
  options_.leave_memory = true;
  options_.keep_duplicates = flags_.keep_duplicates;
  return absl::OkStatus();
}

absl::Status PreparedRun::UseCatalog(const Catalog& catalog) {
  setup_.catalog = catalog;
  ASSIGN_OR_RETURN(setup_.audience, AudienceClassifier::Make(catalog.audience_rules));
  return absl::OkStatus();
}

void PreparedRun::EndOnce(std::function<bool()> enough) {
  options_.interrupt = &ends_;
  options_.progress = [this, enough = std::move(enough)](const RunProgress&) {
    if (interrupted() || enough()) ends_ = true;
  };
}

absl::StatusOr<RunResult> PreparedRun::Run() {
  RunOptions options = options_;
  absl::StatusOr<RunResult> result = absl::UnknownError("");
  {
    // Of what never ends there is no time left to tell.
    ProgressLine progress(!flags_.quiet && !flags_.no_progress && !flags_.follow);
    options.progress = [&](const RunProgress& p) {
      progress.Draw(p);
      if (options_.progress) options_.progress(p);
    };
    result = RunPipeline(inputs_, setup_.catalog_or_null(), *setup_.audience, options);
  }
  if (!result.ok()) return result;
  for (const RunSource& source : result->sources) ComplainAboutSource(source, flags_.quiet);
  return result;
}

}  // namespace civlog
