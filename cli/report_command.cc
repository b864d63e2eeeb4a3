#include "cli/report_command.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/report_period_option.h"
#include "cli/run_flags.h"
#include "cli/schedule_example.h"
#include "cli/sendmail.h"
#include "cli/store_exit_code.h"
#include "engine/store_reader.h"
#include "parsers/absl_bridge.h"
#include "parsers/status_macros.h"
#include "queries/analysis_tables.h"
#include "queries/compose_report.h"
#include "queries/compute_report.h"
#include "queries/department.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/mail_message.h"
#include "queries/report_html.h"
#include "queries/report_json.h"
#include "queries/report_plain.h"
#include "queries/stored_history.h"

namespace civlog {
namespace {

// One report, before it has a format.
struct Made {
  ReportModel model;
  std::string name;  // of its file, without what says the format
};

class ReportRun {
 public:
  explicit ReportRun(const ReportCommand& command)
      : command_(command), language_(ParseLanguage(command.language)) {}

  int Run();

 private:
  absl::Status Prepare();
  absl::Status CheckOptions();
  absl::Status OpenStore();
  absl::StatusOr<Made> Make(size_t part);
  absl::StatusOr<std::vector<Made>> MakeAll();
  std::string Render(const ReportModel& model, const std::vector<Made>& beside) const;
  void AddLinks(const std::vector<Made>& beside, ReportDocument* document) const;
  absl::Status Write(const std::vector<Made>& reports) const;
  absl::Status WriteTables(const ReportModel& model, const std::string& directory) const;
  absl::Status Mail(const ReportModel& model) const;
  int Verdict(const std::vector<Made>& reports) const;
  std::string Extension() const;
  bool splits() const { return !command_.split.empty(); }

  const ReportCommand& command_;
  const Language language_;
  OutputFormat format_ = OutputFormat::kText;
  std::vector<std::string> addresses_;
  Setup setup_;
  std::unique_ptr<StoreReader> store_;
  const Catalog* catalog_ = nullptr;
  std::optional<ChannelCounts> channels_;
  std::vector<LocalizedText> departments_;
  std::optional<size_t> wanted_;  // of departments_
  ReportPeriod period_;
  std::optional<StoredHistory> history_;
};

bool IsDirectory(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

absl::Status MakeDirectory(const std::string& path) {
  if (IsDirectory(path) || ::mkdir(path.c_str(), 0777) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, ": cannot be made: ", std::strerror(errno),
                                             "; give -o a directory in one that there is"));
}

absl::Status WriteFile(const std::string& path, std::string_view text) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  output->Write(text);
  return output->Close();
}

// A name for a file: letters of whatever script and digits stay.
std::string FileName(std::string_view text) {
  std::string name;
  for (const char c : EscapeForTerminal(text)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  constexpr size_t kLongest = 80;
  name = std::string(name.substr(0, PrefixOfWidth(name, kLongest)));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "department" : name;
}

absl::Status ReportRun::CheckOptions() {
  ASSIGN_OR_RETURN(format_,
                   ChooseFormat(command_.format, command_.output,
                                {OutputFormat::kText, OutputFormat::kJson, OutputFormat::kCsv,
                                 OutputFormat::kMarkdown, OutputFormat::kHtml}));
  if (command_.format.empty() && splits()) format_ = OutputFormat::kHtml;
  if (command_.store.empty()) {
    return absl::InvalidArgumentError(
        "no store given; give --store FILE, which `civlog ingest` fills");
  }
  if (splits() && (command_.output.empty() || !command_.department.empty())) {
    return absl::InvalidArgumentError(
        "--split department writes every department's report: give -o DIR, and no --department");
  }
  for (const absl::string_view address : absl::StrSplit(command_.mail, ',', absl::SkipEmpty())) {
    if (!IsMailAddress(FromAbsl(address))) {
      return absl::InvalidArgumentError(
          absl::StrCat("--mail ", EscapeForTerminal(FromAbsl(address)),
                       ": not an address; give for example head@city.example"));
    }
    addresses_.emplace_back(address);
  }
  return absl::OkStatus();
}

absl::Status ReportRun::OpenStore() {
  ASSIGN_OR_RETURN(store_, StoreReader::Open(command_.store));
  ASSIGN_OR_RETURN(catalog_, store_->UseCatalog(setup_.catalog_or_null()));
  const absl::Time last = absl::FromUnixMicros(store_->clock().run.last_us);
  ASSIGN_OR_RETURN(period_, ChoosePeriod(command_, last, store_->zone()));
  if (catalog_ != nullptr) departments_ = Departments(*catalog_);
  if (!command_.department.empty()) {
    const absl::StatusOr<LocalizedText> found = FindDepartment(departments_, command_.department);
    if (!found.ok()) return absl::InvalidArgumentError(found.status().message());
    for (size_t i = 0; i < departments_.size(); ++i) {
      if (departments_[i].by_language == found->by_language) wanted_ = i;
    }
  }
  StoredHistory::Options options;
  options.figures.version = CIVLOG_VERSION;
  if (channels_) options.channels = &*channels_;
  options.controlled = command_.disclosure_control;
  // What is kept back depends on all that is published of the period.
  const bool all = splits() || options.controlled || wanted_.has_value();
  if (all) options.departments = departments_;
  history_.emplace(store_.get(), catalog_, std::move(options));
  return absl::OkStatus();
}

absl::Status ReportRun::Prepare() {
  RETURN_IF_ERROR(CheckOptions());
  ASSIGN_OR_RETURN(setup_, LoadSetup(command_.input));
  ASSIGN_OR_RETURN(channels_, LoadChannels(setup_, command_.channels));
  return absl::OkStatus();
}

// NotFound where the store knows nothing of the period.
absl::StatusOr<Made> ReportRun::Make(size_t part) {
  StoredPart history(&*history_, part);
  ASSIGN_OR_RETURN(std::optional<Analysis> analysis, history.Of(period_.from(), period_.to()));
  if (!analysis) return absl::NotFoundError("");
  Made made;
  ASSIGN_OR_RETURN(made.model, ComputeReport(*std::move(analysis), period_, &history, catalog_));
  ASSIGN_OR_RETURN(const std::vector<HourId> restated,
                   store_->Restated(period_.from(), period_.to()));
  made.model.restated_hours = restated.size();
  ASSIGN_OR_RETURN(made.model.catalogs, store_->CatalogsOf(period_.from(), period_.to()));
  made.name = "index";
  if (part > 0) made.name = FileName(departments_[part - 1].Get(LanguageCode(language_)));
  return made;
}

// The report, or the portal's and after it those of the departments.
absl::StatusOr<std::vector<Made>> ReportRun::MakeAll() {
  std::vector<Made> reports;
  ASSIGN_OR_RETURN(Made first, Make(wanted_ ? *wanted_ + 1 : 0));
  reports.push_back(std::move(first));
  if (!splits()) return reports;
  std::set<std::string> names = {reports.front().name};
  for (size_t part = 1; part <= departments_.size(); ++part) {
    ASSIGN_OR_RETURN(Made made, Make(part));
    const std::string name = made.name;
    for (int copy = 2; !names.insert(made.name).second; ++copy) {
      made.name = absl::StrCat(name, "-", copy);
    }
    reports.push_back(std::move(made));
  }
  return reports;
}

std::string ReportRun::Extension() const {
  switch (format_) {
    case OutputFormat::kJson:
      return ".json";
    case OutputFormat::kMarkdown:
      return ".md";
    case OutputFormat::kHtml:
      return ".html";
    case OutputFormat::kCsv:
    case OutputFormat::kNdjson:
      return ".csv";
    case OutputFormat::kText:
      break;
  }
  return ".txt";
}

// To the reports that stand beside it.
void ReportRun::AddLinks(const std::vector<Made>& beside, ReportDocument* document) const {
  if (beside.size() < 2) return;
  ReportSection section{
      "departments", std::string(MessageText(Message::kReportDepartments, language_)), {}};
  ReportList list;
  for (size_t i = 1; i < beside.size(); ++i) {
    const std::string name(beside[i].model.analysis.department.Get(LanguageCode(language_)));
    list.items.push_back(
        {Tone::kNeutral, {TextSpan{SpanKind::kLink, name, beside[i].name + Extension(), ""}}});
  }
  section.blocks.emplace_back(std::move(list));
  document->sections.insert(document->sections.begin() + 1, std::move(section));
}

std::string ReportRun::Render(const ReportModel& model, const std::vector<Made>& beside) const {
  if (format_ == OutputFormat::kJson) return ReportToJson(model, language_);
  if (format_ == OutputFormat::kCsv) return AnalysisToCsv(ReportToJson(model, language_));
  ReportDocument document = ComposeReport(model, language_);
  AddLinks(beside, &document);
  if (format_ == OutputFormat::kHtml) return RenderReportHtml(document);
  if (format_ == OutputFormat::kMarkdown) return RenderReportMarkdown(document);
  TextOptions options;
  options.language = language_;
  const bool to_terminal = command_.output.empty();
  if (to_terminal) options.width = OutputWidth();
  options.color = to_terminal && ColorWelcome(command_.no_color);
  return RenderReportText(document, options);
}

absl::Status ReportRun::WriteTables(const ReportModel& model, const std::string& directory) const {
  RETURN_IF_ERROR(MakeDirectory(directory));
  for (const auto& [name, text] : ReportToCsvFiles(ReportToJson(model, language_))) {
    RETURN_IF_ERROR(WriteFile(absl::StrCat(directory, "/", name), text));
  }
  return absl::OkStatus();
}

absl::Status ReportRun::Write(const std::vector<Made>& reports) const {
  const bool directory = command_.output.ends_with('/') || IsDirectory(command_.output);
  if (!splits()) {
    if (directory && format_ == OutputFormat::kCsv) {
      return WriteTables(reports.front().model, command_.output);
    }
    if (directory) {
      return absl::UnavailableError(
          absl::StrCat(command_.output, ": is a directory; only CSV and --split go into one"));
    }
    return WriteFile(command_.output, Render(reports.front().model, {}));
  }
  RETURN_IF_ERROR(MakeDirectory(command_.output));
  for (const Made& report : reports) {
    const std::string path = absl::StrCat(command_.output, "/", report.name);
    const bool index = &report == &reports.front();
    RETURN_IF_ERROR(format_ == OutputFormat::kCsv
                        ? WriteTables(report.model, path)
                        : WriteFile(path + Extension(),
                                    Render(report.model, index ? reports : std::vector<Made>())));
  }
  return absl::OkStatus();
}

absl::Status ReportRun::Mail(const ReportModel& model) const {
  if (addresses_.empty()) return absl::OkStatus();
  const ReportDocument document = ComposeReport(model, language_);
  MailMessage message;
  message.to = addresses_;
  message.subject = absl::StrCat(document.portal, ": ", document.title, ", ", document.period);
  message.text = RenderReportText(document, TextOptions{language_, 80, false});
  message.html = RenderReportHtml(document);
  message.attachment = absl::StrCat("civlog-",
                                    model.period.kind == PeriodKind::kWeek
                                        ? FormatIsoWeek(model.period.first)
                                        : absl::FormatCivilTime(model.period.first),
                                    ".html");
  return SendMail(WriteMailMessage(message));
}

int ReportRun::Verdict(const std::vector<Made>& reports) const {
  const ReportModel& model = reports.front().model;
  const bool holes = !model.complete || model.missing_hours > 0;
  if (!holes) return kDone;
  const std::string period = FormatDays(period_.first, period_.end - 1, Language::kEnglish);
  if (!command_.quiet || command_.strict) {
    Complain(model.complete
                 ? absl::StrCat(period, ": ", model.missing_hours, " hours without any log line")
                 : absl::StrCat(period, ": the logs do not cover the whole period"));
  }
  return command_.strict ? kNothingCounted : kDone;
}

int ReportRun::Run() {
  if (const absl::Status status = Prepare(); !status.ok()) {
    ComplainAll(status);
    return kUsageError;
  }
  if (const absl::Status status = OpenStore(); !status.ok()) {
    ComplainAll(status);
    return StoreExitCode(status);
  }
  const absl::StatusOr<std::vector<Made>> reports = MakeAll();
  if (absl::IsNotFound(reports.status()) && reports.status().message().empty()) {
    Complain(absl::StrCat("nothing is known of ",
                          FormatDays(period_.first, period_.end - 1, Language::kEnglish),
                          ": no log of that time is in ", EscapeForTerminal(command_.store)));
    return kNothingCounted;
  }
  if (!reports.ok()) {
    ComplainAll(reports.status());
    return StoreExitCode(reports.status());
  }
  absl::Status written = Write(*reports);
  if (written.ok()) written = Mail(reports->front().model);
  if (!written.ok()) {
    ComplainAll(written);
    return kOutputError;
  }
  return Verdict(*reports);
}

// The zone of the catalogue, for the example's timer.
int PrintSchedule(const ReportCommand& command) {
  const absl::StatusOr<Setup> setup = LoadSetup(command.input);
  if (!setup.ok()) {
    ComplainAll(setup.status());
    return kUsageError;
  }
  const absl::Status written =
      WriteFile(command.output, ScheduleExample(command.schedule, setup->time_zone_name));
  if (written.ok()) return kDone;
  ComplainAll(written);
  return kOutputError;
}

}  // namespace

int RunReport(const ReportCommand& command) {
  return command.schedule.empty() ? ReportRun(command).Run() : PrintSchedule(command);
}

}  // namespace civlog
