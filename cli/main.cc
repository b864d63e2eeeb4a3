// The program civlog: tells the commands apart and hands over to them.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/analyze_command.h"
#include "cli/catalog_command.h"
#include "cli/exit_code.h"
#include "cli/explain_command.h"
#include "cli/formats_command.h"
#include "cli/help_pages.h"
#include "cli/ingest_command.h"
#include "cli/large_pages.h"
#include "cli/output.h"
#include "cli/query_command.h"
#include "cli/report_command.h"
#include "cli/signals.h"
#include "cli/store_command.h"
#include "engine/audience.h"
#include "parsers/nearest.h"

namespace civlog {
namespace {

constexpr char kAbout[] =
    "civlog tells from a portal's access logs how well it serves its citizens.";
constexpr char kLogHelp[] =
    "files, directories, quoted globs, or - for standard input; compression is recognised";

void AddInputOptions(CLI::App* command, InputOptions* options) {
  command->add_option("LOG", options->logs, kLogHelp);
  command
      ->add_option("-c,--catalog", options->catalog,
                   "service catalogue; default $CIVLOG_CATALOG, else ./civlog.toml if it exists")
      ->type_name("FILE");
  command
      ->add_option("-l,--log-format", options->log_format,
                   "a preset, a LogFormat or log_format string, or @FILE[:NAME]; default: detect")
      ->type_name("FMT");
  command->add_option("--time-zone", options->time_zone, "overrides the catalogue's")
      ->type_name("ZONE");
}

// How a run goes.
void AddThreadFlags(CLI::App* command, RunFlags* flags) {
  command->add_option("-j,--threads", flags->threads, "default: all cores")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--keep-duplicates", flags->keep_duplicates,
                    "count logs with the same content each, not once");
  command->add_flag("-q,--quiet", flags->quiet, "say nothing but errors");
  command->add_flag("--no-progress", flags->no_progress, "draw no progress line");
  command->add_option("--block-bytes", flags->block_bytes)->group("")->check(CLI::PositiveNumber);
}

// The options of the commands that tell figures.
void AddRunFlags(CLI::App* command, RunFlags* flags) {
  AddInputOptions(command, &flags->input);
  command->add_option("--since", flags->since, "from this time on: 2026-11-20T14:00, 7d, yesterday")
      ->type_name("T");
  command->add_option("--until", flags->until, "before this time")->type_name("T");
  command->add_option("--week", flags->week, "an ISO week, such as 2026-W47")->type_name("WEEK");
  command
      ->add_option("--where", flags->where,
                   "only records that fit, such as 'status >= 500 and path =~ \"^/pay\"'")
      ->type_name("EXPR");
  CLI::Option* format =
      command->add_option("-f,--format", flags->format,
                          flags->has_html ? "text, json, ndjson, csv, markdown or html"
                                          : "text, json, ndjson, csv or markdown");
  CLI::Option* json = command->add_flag_callback(
      "--json", [flags] { flags->format = "json"; }, "the same as --format json");
  json->excludes(format);
  command
      ->add_flag_callback(
          "--ndjson", [flags] { flags->format = "ndjson"; }, "the same as --format ndjson")
      ->excludes(format)
      ->excludes(json);
  command->add_option("-o,--output", flags->output, "write to FILE, put in place when done")
      ->type_name("FILE");
  command->add_option("--lang", flags->language, "language of the text: en or ko")
      ->check(CLI::IsMember({"en", "ko"}));
  AddThreadFlags(command, flags);
  CLI::Option* follow = command->add_flag(
      "--follow", flags->follow, "go on with what the logs get, through rotation, until Ctrl-C");
  command
      ->add_option("--interval", flags->interval, "with --follow, how often: 10s, 1m; default: 1s")
      ->type_name("TIME")
      ->needs(follow);
  command->add_flag("--no-color", flags->no_color, "no colour, also by NO_COLOR");
}

void AddAnalyze(CLI::App* app, AnalyzeCommand* options) {
  CLI::App* command = app->add_subcommand("analyze", "one pass over logs: the report");
  options->run.has_html = true;
  AddRunFlags(command, &options->run);
  command->add_option("--rejects", options->rejects, "write rejected lines, raw, to FILE")
      ->type_name("FILE");
  command->add_flag("--raw", options->run.raw, "show samples of rejected lines without redaction");
  command
      ->add_option("--channels", options->channels,
                   "completions by other channels, CSV; default: the catalogue's")
      ->type_name("FILE");
  command->add_flag("--public", options->disclosure_control,
                    "for publication: small counts kept back, the others rounded");
}

// Says where that can be had.
void RefuseReclassify(CLI::App* command) {
  command
      ->add_flag_callback(
          "--reclassify",
          [] {
            throw CLI::ValidationError(
                "--reclassify",
                "a store keeps figures, not requests: give the logs to civlog ingest --reclassify");
          })
      ->group("");
}

void AddQuery(CLI::App* app, QueryCommand* options) {
  CLI::App* command =
      app->add_subcommand("query", "filter, group and count; or the matching lines themselves");
  AddRunFlags(command, &options->run);
  command->add_option("--store", options->store, "ask a store instead of logs")->type_name("FILE");
  RefuseReclassify(command);
  QueryRequest* request = &options->request;
  command
      ->add_option("-s,--select", request->select,
                   "measures, with commas between; default: requests")
      ->type_name("NAME,...");
  command->add_option("-b,--by", request->by, "dimensions, with commas between")
      ->type_name("NAME,...");
  command
      ->add_option("--order", request->order,
                   "columns, each with :asc or :desc behind; default: time, else the most first")
      ->type_name("NAME,...");
  command->add_option("--top", request->top, "only the first N rows")->type_name("N");
  command
      ->add_option("--min", request->at_least,
                   "only rows with N or more of the first count selected")
      ->type_name("N");
  command
      ->add_option("--compare", options->compare,
                   "the change against the period before: previous, or how far back, such as 7d")
      ->type_name("PERIOD");
  command->add_flag("--totals", request->totals, "a row for everything together");
  command->add_flag("--raw", options->run.raw, "allow dimensions that tell citizens apart");
  // Only to say why there is none.
  command->add_flag("--public", options->disclosure_control)->group("");
  command->add_flag("--records", options->records, "the lines themselves, or as JSON");
  command->add_option("--limit", options->limit, "at most N lines")->type_name("N");
  command->add_flag("--list", options->list, "name every measure, dimension and field");
  command->footer(kQueryExamples);
}

void AddReport(CLI::App* app, ReportCommand* options) {
  CLI::App* command =
      app->add_subcommand("report", "what a store has of a week, for those who run a city");
  RefuseReclassify(command);
  command->add_option("--store", options->store, "the store, which `civlog ingest` fills")
      ->type_name("FILE");
  command
      ->add_option("-c,--catalog", options->input.catalog,
                   "service catalogue; default: the one that the store was filled with last")
      ->type_name("FILE");
  command
      ->add_option("--channels", options->channels,
                   "what was completed by other channels; default: the catalogue's")
      ->type_name("FILE");
  command
      ->add_option("--week", options->week,
                   "an ISO week, such as 2026-W47; default: the last complete week")
      ->type_name("WEEK");
  command->add_option("--day", options->day, "a day, such as 2026-11-16")->type_name("DAY");
  command->add_option("--month", options->month, "a month, such as 2026-11")->type_name("MONTH");
  command->add_option("--from", options->from, "with --to: the first day")->type_name("DAY");
  command->add_option("--to", options->to, "the last day, which is in it")->type_name("DAY");
  command->add_option("--department", options->department, "only this department's services")
      ->type_name("NAME");
  command
      ->add_option("--split", options->split,
                   "`department`: a report for each and one for all, into the directory of -o")
      ->check(CLI::IsMember({"department"}));
  command->add_flag("--public", options->disclosure_control,
                    "for publication: small counts are kept back, others rounded");
  CLI::Option* format =
      command->add_option("-f,--format", options->format, "text, html, markdown, json or csv");
  command
      ->add_flag_callback(
          "--json", [options] { options->format = "json"; }, "the same as --format json")
      ->excludes(format);
  command
      ->add_option("-o,--output", options->output,
                   "write to FILE, put in place when done; CSV: also to a directory, DIR/")
      ->type_name("FILE");
  command->add_option("--lang", options->language, "language of the text: en or ko")
      ->check(CLI::IsMember({"en", "ko"}));
  command
      ->add_option("--mail", options->mail,
                   "send it to ADDRESS,... by sendmail, or what $CIVLOG_SENDMAIL names")
      ->type_name("ADDRESS");
  command->add_flag("--strict", options->strict,
                    "end with 1 where logs are missing in the period, too");
  command->add_flag_callback(
      "--schedule-example", [options] { options->schedule = "all"; },
      "print units of systemd that ingest, report and mail every Monday at six");
  // One of the two, for those who install them.
  command->add_option("--schedule-unit", options->schedule)
      ->group("")
      ->check(CLI::IsMember({"service", "timer"}));
  command->add_flag("-q,--quiet", options->quiet, "say nothing but errors");
  command->add_flag("--no-color", options->no_color, "no colour, also by NO_COLOR");
}

void AddIngest(CLI::App* app, IngestCommand* options) {
  CLI::App* command = app->add_subcommand("ingest", "add logs to a store, every line once");
  RunFlags* flags = &options->run;
  AddInputOptions(command, &flags->input);
  command->add_option("--store", options->store, "the store; it is made if it is not there")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--source", options->source, "the name by which standard input is known again")
      ->type_name("NAME");
  AddThreadFlags(command, flags);
  CLI::Option* follow = command->add_flag(
      "--follow", flags->follow,
      "go on with what the logs get, and with new ones, until it is asked to end");
  CLI::Option* replace =
      command
          ->add_option(
              "--replace", options->replace,
              "count this day anew from the logs given, as if they were all there is of it")
          ->allow_extra_args(false)
          ->type_name("DATE")
          ->excludes(follow);
  command
      ->add_flag("--reclassify", options->reclassify,
                 "count every day that the logs have anew, by the catalogue of now")
      ->excludes(follow)
      ->excludes(replace);
  command->add_option("--checkpoint-every", options->checkpoint_every)->group("");
}

void AddStore(CLI::App* app, StoreCommand* options) {
  CLI::App* store = app->add_subcommand("store", "look after a store");
  store->require_subcommand(1);
  const auto add = [store, options](const char* verb, const char* about) {
    CLI::App* command = store->add_subcommand(verb, about);
    command->add_option("STORE,--store", options->store, "the store")
        ->required()
        ->type_name("FILE");
    command->callback([options, verb] { options->verb = verb; });
    return command;
  };
  add("info", "what is in it")->add_flag("--json", options->json, "as JSON");
  add("check", "every row is as it was written");
  add("compact", "give room back to the disk, destroy keys that are not in use any more");
  add("forget", "remove what is older than a day")
      ->add_option("--before", options->before, "the first day that is kept: 2026-01-01")
      ->required()
      ->type_name("DATE");
  add("merge", "make a store of several, to be read only")
      ->add_option("OTHER", options->others, "the stores to merge")
      ->required()
      ->type_name("FILE");
}

void AddExplain(CLI::App* app, ExplainCommand* options) {
  CLI::App* command = app->add_subcommand("explain", "what civlog makes of each line, and why");
  AddInputOptions(command, &options->input);
  command->add_option("--line", options->line, "only this line, counted from 1")->type_name("N");
  command->add_flag("--json", options->json, "one JSON object a line");
}

// The words of a command that the user may have meant.
std::vector<std::string> KnownWords(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(sub->get_name());
  }
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

// The innermost command that was named.
const CLI::App* Innermost(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

int UsageError(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* command = Innermost(&app);
  std::string message = error.what();
  const std::vector<std::string> words = KnownWords(*command);
  std::vector<std::string_view> views(words.begin(), words.end());
  const bool takes_commands =
      !command->get_subcommands([](const CLI::App*) { return true; }).empty();
  // What the parser did not expect: an option, or, without a command, the first word.
  std::string unknown;
  for (int i = 1; i < argc && unknown.empty(); ++i) {
    std::string word = argv[i];
    word = word.substr(0, word.find('='));
    const bool is_option = word.starts_with("--");
    const bool is_command = takes_commands && !word.starts_with('-') && word != command->get_name();
    const bool known = std::find(words.begin(), words.end(), word) != words.end();
    if ((is_option || is_command) && !known) unknown = word;
  }
  const bool unexpected = error.get_name() == "ExtrasError" || error.get_name() == "RequiredError";
  if (unexpected && !unknown.empty()) {
    message = "unknown " + std::string(unknown.starts_with("-") ? "option " : "command ") +
              unknown + DidYouMean(unknown, views);
  }
  Complain(message);
  std::string help = "civlog";
  if (command != &app) help += " " + command->get_name();
  Complain("see `" + help + " --help`");
  return kUsageError;
}

int Print(const std::string& text) {
  const absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  if (!output.ok()) return kOutputError;
  (*output)->Write(text);
  return (*output)->Close().ok() ? kDone : kOutputError;
}

int Run(int argc, char** argv) {
  CLI::App app(kAbout, "civlog");
  app.require_subcommand(1);
  app.set_version_flag("-v,--version", "civlog " CIVLOG_VERSION);
  AnalyzeCommand analyze;
  AddAnalyze(&app, &analyze);
  QueryCommand query;
  AddQuery(&app, &query);
  ReportCommand report;
  AddReport(&app, &report);
  IngestCommand ingest;
  AddIngest(&app, &ingest);
  StoreCommand store;
  AddStore(&app, &store);
  ExplainCommand explain;
  AddExplain(&app, &explain);
  InputOptions check;
  CLI::App* catalog = app.add_subcommand("catalog", "the service catalogue");
  catalog->require_subcommand(1);
  AddInputOptions(catalog->add_subcommand("check", "validate a catalogue, also against logs"),
                  &check);
  std::vector<std::string> detect;
  CLI::App* formats = app.add_subcommand("formats", "log formats and how each is recognised");
  formats->add_option("--detect", detect, "tell the format of these logs")->type_name("LOG");
  std::vector<std::string> words;
  CLI::App* complete = app.add_subcommand("complete")->group("");
  complete->add_option("WORD", words);
  std::string shell;
  app.add_subcommand("completion", "the script that completes words for bash, zsh or fish")
      ->add_option("SHELL", shell)
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.add_subcommand("man", "the manual page, for man -l -");
  if (argc <= 1) {
    std::fputs(app.help().c_str(), stderr);
    return kUsageError;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    // --help and --version.
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error, argc, argv);
  }
  if (app.got_subcommand("analyze")) return RunAnalyze(analyze);
  if (app.got_subcommand("query")) return RunQuery(query);
  if (app.got_subcommand("report")) return RunReport(report);
  if (app.got_subcommand("ingest")) return RunIngest(ingest);
  if (app.got_subcommand("store")) return RunStore(store);
  if (app.got_subcommand("explain")) return RunExplain(explain);
  if (app.got_subcommand("formats")) return RunFormats(detect);
  if (app.got_subcommand("completion")) return Print(CompletionScript(shell));
  if (app.got_subcommand("man")) return Print(ManualPage(app));
  if (app.got_subcommand(complete)) {
    std::string lines;
    for (const std::string& name : Completions(app, words)) lines += name + "\n";
    return Print(lines);
  }
  return RunCatalogCheck(check);
}

}  // namespace
}  // namespace civlog

int main(int argc, char** argv) {
  civlog::UseLargePages();
  civlog::FailWritesAtFileLimits();
  try {
    return civlog::Run(argc, argv);
  } catch (const std::bad_alloc&) {
    civlog::Complain("out of memory");
  } catch (const std::exception& error) {
    civlog::Complain(error.what());
  }
  return civlog::kUsageError;
}
