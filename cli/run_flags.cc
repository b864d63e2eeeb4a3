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

namespace civlog {

absl::StatusOr<OutputFormat> ChooseFormat(const RunFlags& flags) {
  constexpr std::pair<std::string_view, OutputFormat> kFormats[] = {
      {"text", OutputFormat::kText},  {"txt", OutputFormat::kText},
      {"json", OutputFormat::kJson},  {"ndjson", OutputFormat::kNdjson},
      {"csv", OutputFormat::kCsv},    {"markdown", OutputFormat::kMarkdown},
      {"md", OutputFormat::kMarkdown}};
  std::string_view name = flags.format;
  if (name.empty()) {
    const std::string_view file = flags.output;
    const size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return OutputFormat::kText;
    name = file.substr(dot + 1);
  }
  std::vector<std::string_view> known;
  for (const auto& [known_name, format] : kFormats) {
    if (known_name == name) return format;
    known.push_back(known_name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("format ", EscapeForTerminal(name), " is not available", DidYouMean(name, known),
                   "; give --format text, json, ndjson, csv or markdown"));
}

void ComplainAll(const absl::Status& status) {
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    Complain(FromAbsl(line));
  }
}

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
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(flags_.since, flags_.until, flags_.week,
                                                    setup_.time_zone, absl::Now()));
  if (period.since != absl::InfinitePast()) options_.since_us = absl::ToUnixMicros(period.since);
  if (period.until != absl::InfiniteFuture()) options_.until_us = absl::ToUnixMicros(period.until);
  return absl::OkStatus();
}

absl::Status PreparedRun::PrepareFor(absl::TimeZone zone, const std::string& zone_name) {
  ASSIGN_OR_RETURN(format_, ChooseFormat(flags_));
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
  ASSIGN_OR_RETURN(format_, ChooseFormat(flags_));
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
