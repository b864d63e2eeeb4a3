#include "cli/query_command.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/live_output.h"
#include "cli/output.h"
#include "cli/period.h"
#include "cli/store_exit_code.h"
#include "engine/store_reader.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/query_result.h"
#include "queries/render_query.h"
#include "queries/stored_query.h"
#include "queries/text_line.h"

namespace civlog {

const char kQueryExamples[] = R"(Examples:
  which services fail, since when?
    civlog query --select requests,server_error_rate --by service,10min \\
      --where 'status >= 500' --since 2h access.log
  what is slow?
    civlog query --select requests,p50,p95,max --by route --order p95 --top 10 access.log
  where do citizens give up?
    civlog query --select started,completion_rate,abandoned,failed --by service access.log
  when do they come, and with what?
    civlog query --select visits,bounce_rate --by weekday,hour_of_day --format csv access.log
    civlog query --select visitors,share --by device,agent_family --where 'bucket = counted' access.log
  show me the lines
    civlog query --records --where 'status = 500 and path =~ "^/cert/"' --limit 20 access.log

`civlog query --list` names everything that can be counted, and told by.)";

namespace {

int ListNames(Output* output) {
  const auto width = static_cast<size_t>(OutputWidth());
  const auto entry = [&](std::string_view name, std::string_view meaning) {
    constexpr size_t kNames = 22;
    TextLine first("  ");
    first.AddLeft(name, kNames - 2, Style::kBold);
    for (const TextLine& line : WrapText(first, meaning, Style::kPlain, width)) {
      output->Write(line.Render(false) + "\n");
    }
  };
  output->Write("--select: measures\n");
  for (const Measure& measure : Measures()) entry(measure.name, measure.meaning);
  for (const auto& [title, filters] :
       {std::pair("\n--by: dimensions\n", false), std::pair("\n--where: fields\n", true)}) {
    output->Write(title);
    for (const RecordField& field : RecordFields()) {
      if (filters ? field.filters : field.groups) entry(field.name, field.meaning);
    }
  }
  return output->Close().ok() ? kDone : kOutputError;
}

class QueryRun {
 public:
  explicit QueryRun(const QueryCommand& command) : command_(command), run_(command.run) {}

  int Run();

 private:
  absl::Status Prepare();
  int Table();
  int StoredTable();
  std::string Render(const QueryResult& result) const;
  int Records();
  int Verdict(bool interrupted, bool incomplete, bool any, uint64_t records);

  const QueryCommand& command_;
  PreparedRun run_;
  QueryPlan plan_;
  std::unique_ptr<Output> output_;  // null where the answer is shown again and again
  std::optional<LiveOutput> live_;
  absl::Status closed_;  // of the output
};

// The period against the one before; it must have a beginning, and ends now unless it
// ends before.
absl::StatusOr<QueryComparison> CompareWith(const std::string& text, const RunOptions& run) {
  if (run.since_us == std::numeric_limits<int64_t>::min()) {
    return absl::InvalidArgumentError(
        "--compare needs a period: add --since, or --week, and --until where it has ended");
  }
  QueryComparison compare;
  compare.since_us = run.since_us;
  compare.until_us = std::min(run.until_us, absl::ToUnixMicros(absl::Now()));
  compare.shift_us = compare.until_us - compare.since_us;
  if (text == "previous") return compare;
  ASSIGN_OR_RETURN(const absl::Duration length, ParseLength("--compare", text));
  compare.shift_us = absl::ToInt64Microseconds(length);
  return compare;
}

// Options of one kind of answer have no meaning for the other.
absl::Status CheckTogether(const QueryCommand& command) {
  if (command.disclosure_control) {
    return absl::InvalidArgumentError(
        "query has no --public: the answers to several questions can be set against each other; "
        "publish `civlog analyze --public`");
  }
  const QueryRequest& r = command.request;
  const bool tabulates = !r.select.empty() || !r.by.empty() || !r.order.empty() || r.top > 0 ||
                         r.at_least > 0 || r.totals || !command.compare.empty();
  if (command.records && tabulates) {
    return absl::InvalidArgumentError(
        "--records shows lines: --select, --by, --order, --top, --min, --totals and --compare are "
        "of tables; take --limit");
  }
  if (command.run.follow && !command.compare.empty()) {
    return absl::InvalidArgumentError(
        "--compare is of periods that are over: it does not go with --follow");
  }
  if (!command.records && command.limit > 0) {
    return absl::InvalidArgumentError("--limit is of --records; take --top");
  }
  return absl::OkStatus();
}

absl::Status CheckWithStore(const QueryCommand& command) {
  if (!command.run.input.logs.empty()) {
    return absl::InvalidArgumentError("--store goes instead of logs: name one or the other");
  }
  if (command.records || command.run.follow || !command.run.where.empty()) {
    return absl::InvalidArgumentError(
        "--records, --where and --follow are about single requests, which a store does not keep: "
        "ask the logs themselves");
  }
  return absl::OkStatus();
}

absl::Status QueryRun::Prepare() {
  RETURN_IF_ERROR(CheckTogether(command_));
  RETURN_IF_ERROR(run_.Prepare());
  const Setup& setup = run_.setup();
  QueryRequest request = command_.request;
  request.raw = command_.run.raw;
  if (!command_.compare.empty()) {
    ASSIGN_OR_RETURN(request.compare, CompareWith(command_.compare, run_.options()));
  }
  ASSIGN_OR_RETURN(plan_, MakeQueryPlan(request, setup.catalog_or_null(), setup.time_zone));
  plan_.where = run_.where();
  return absl::OkStatus();
}

std::string QueryRun::Render(const QueryResult& result) const {
  switch (run_.format()) {
    case OutputFormat::kJson:
      return RenderQueryJson(result, CIVLOG_VERSION);
    case OutputFormat::kNdjson:
      return RenderQueryNdjson(result);
    case OutputFormat::kCsv:
      return RenderQueryCsv(result);
    case OutputFormat::kMarkdown:
      return RenderQueryMarkdown(result);
    case OutputFormat::kHtml:  // not offered
    case OutputFormat::kText:
      break;
  }
  QueryTextOptions options;
  const bool to_terminal = command_.run.output.empty();
  if (to_terminal) options.width = static_cast<size_t>(OutputWidth());
  options.color = to_terminal && ColorWelcome(command_.run.no_color);
  return RenderQueryText(result, options);
}

// Why nothing came out, or what was missing.
int QueryRun::Verdict(bool interrupted, bool incomplete, bool any, uint64_t records) {
  if (!closed_.ok()) {
    ComplainAll(closed_);
    return kOutputError;
  }
  if (interrupted) {
    Complain("interrupted: the answer covers what was read so far");
    return kInterrupted;
  }
  if (!run_.input_errors().empty() || incomplete) return kInputError;
  if (any) return kDone;
  Complain(records > 0 ? "no row is left"
           : run_.where() != nullptr
               ? "nothing counted: no record fits --where and the period"
               : "nothing counted: no record; see `civlog formats --detect LOG`");
  return kNothingCounted;
}

int QueryRun::Table() {
  const Setup& setup = run_.setup();
  ListenFor(plan_, setup.catalog_or_null(), command_.run.language, &run_.options());
  QueryOptions options;
  options.zone = setup.time_zone;
  options.time_zone_name = setup.time_zone_name;
  options.language = command_.run.language;
  const auto compute = [&](const RunResult& run) {
    return ComputeQuery(plan_, run, setup.catalog_or_null(), options);
  };
  if (command_.run.follow) {
    live_.emplace(command_.run, run_.format(), setup.time_zone);
    run_.options().snapshot = [&](const RunResult& run) {
      live_->Show(Render(compute(run)), run.traffic.lines);
    };
    run_.EndOnce([this] { return live_->finished(); });
  }
  const absl::StatusOr<RunResult> run = run_.Run();
  if (!run.ok()) {
    ComplainAll(run.status());
    return kUsageError;
  }
  const QueryResult result = compute(*run);
  if (live_) {
    closed_ = live_->Finish(Render(result));
  } else {
    output_->Write(Render(result));
    closed_ = output_->Close();
  }
  return Verdict(run_.interrupted(), result.incomplete, !result.rows.empty(), result.records);
}

// Over a store instead of logs.
int QueryRun::StoredTable() {
  const auto answer = [this]() -> absl::StatusOr<QueryResult> {
    RETURN_IF_ERROR(CheckTogether(command_));
    RETURN_IF_ERROR(CheckWithStore(command_));
    ASSIGN_OR_RETURN(const std::unique_ptr<StoreReader> store, StoreReader::Open(command_.store));
    RETURN_IF_ERROR(run_.PrepareFor(store->zone(), store->zone_name()));
    const RunOptions& asked = run_.options();
    ASSIGN_OR_RETURN(const Catalog* catalog, store->UseCatalog(run_.setup().catalog_or_null()));
    QueryRequest request = command_.request;
    if (!command_.compare.empty()) {
      ASSIGN_OR_RETURN(request.compare, CompareWith(command_.compare, asked));
    }
    ASSIGN_OR_RETURN(plan_, MakeQueryPlan(request, catalog, store->zone()));
    RETURN_IF_ERROR(CheckStoredQuery(plan_));
    QueryOptions options;
    options.zone = store->zone();
    options.time_zone_name = store->zone_name();
    options.language = command_.run.language;
    return QueryStore(store.get(), plan_, catalog, asked.since_us, asked.until_us, options);
  };
  const absl::StatusOr<QueryResult> result = answer();
  if (!result.ok()) {
    ComplainAll(result.status());
    return StoreExitCode(result.status());
  }
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open(command_.run.output);
  if (!output.ok()) {
    ComplainAll(output.status());
    return kOutputError;
  }
  (*output)->Write(Render(*result));
  closed_ = (*output)->Close();
  return Verdict(false, false, !result->rows.empty(), result->records);
}

// File by file, the older ones first.
int QueryRun::Records() {
  const Setup& setup = run_.setup();
  RunOptions& options = run_.options();
  bool enough = false;
  uint64_t written = 0;
  if (run_.format() == OutputFormat::kCsv || run_.format() == OutputFormat::kMarkdown) {
    Complain("--records takes --format text, json or ndjson");
    return kUsageError;
  }
  const bool to_terminal = command_.run.output.empty() && OutputIsTerminal();
  const RecordForm form = run_.format() != OutputFormat::kText ? RecordForm::kJson
                          : to_terminal                        ? RecordForm::kEscaped
                                                               : RecordForm::kRaw;
  WriteRecords(run_.where(), setup.catalog_or_null(), form, &options);
  options.written = [&](std::string_view lines) {
    while (!lines.empty() && !enough) {
      size_t end = lines.size();
      if (command_.limit > 0) {
        end = lines.find('\n') + 1;
      }
      output_->Write(lines.substr(0, end));
      lines.remove_prefix(end);
      ++written;
      enough = (command_.limit > 0 && written >= command_.limit) || output_->finished();
    }
  };
  run_.EndOnce([&] {
    output_->Flush();
    return enough || (command_.run.follow && output_->ReaderLeft());
  });
  const absl::StatusOr<RunResult> run = run_.Run();
  if (!run.ok()) {
    ComplainAll(run.status());
    return kUsageError;
  }
  closed_ = output_->Close();
  const bool incomplete = std::any_of(run->sources.begin(), run->sources.end(),
                                      [](const RunSource& source) { return !source.status.ok(); });
  return Verdict(run_.interrupted(), incomplete, written > 0, 0);
}

int QueryRun::Run() {
  if (command_.list) {
    absl::StatusOr<std::unique_ptr<Output>> output = Output::Open(command_.run.output);
    if (output.ok()) return ListNames(output->get());
    ComplainAll(output.status());
    return kOutputError;
  }
  if (!command_.store.empty()) return StoredTable();
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  for (const absl::Status& error : run_.input_errors()) ComplainAll(error);
  if (command_.run.follow && !command_.records) return Table();
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open(command_.run.output);
  if (!output.ok()) {
    ComplainAll(output.status());
    return kOutputError;
  }
  output_ = *std::move(output);
  return command_.records ? Records() : Table();
}

}  // namespace

int RunQuery(const QueryCommand& command) { return QueryRun(command).Run(); }

}  // namespace civlog
