#include "cli/explain_command.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "engine/classifier.h"
#include "parsers/absl_bridge.h"
#include "parsers/line_parser.h"
#include "parsers/status_macros.h"
#include "queries/escape.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

constexpr TextField kShownFields[] = {
    TextField::kClient,   TextField::kForwarded, TextField::kUser,
    TextField::kHost,     TextField::kMethod,    TextField::kTarget,
    TextField::kProtocol, TextField::kReferrer,  TextField::kUserAgent};

ordered_json TextOrNull(const Text& text) {
  if (text.empty()) return nullptr;
  return EscapeForTerminal(text);
}

ordered_json NumberOrNull(int64_t number) {
  if (number < 0) return nullptr;
  return number;
}

// One line with everything that was decided about it.
struct Explanation {
  uint64_t line = 0;
  std::string_view text;
  LineTrace trace;
  Verdict verdict;
};

class Explainer {
  // Known from line to line: as many as are of use to one log that is explained.
  static constexpr size_t kPaths = size_t{1} << 12;

 public:
  Explainer(const Setup& setup, ServiceModel* services, const PathRules* rules)
      : setup_(setup),
        services_(services),
        classifier_(Context(setup, services, rules, &paths_), nullptr) {}

  // Explains every line (or only `wanted`) of one log to `output`.
  absl::Status Run(LogInput input, uint64_t wanted, bool json, Output* output);

  bool explained_any() const { return explained_any_; }

 private:
  static ClassifierContext Context(const Setup& setup, ServiceModel* services,
                                   const PathRules* rules, PathDictionary* paths);
  const Portal& portal() const { return *Context(setup_, nullptr, nullptr, nullptr).portal; }
  void ExplainBlock(const Block& block, LineParser* parser, const VisitorIdentifier& identifier,
                    uint64_t wanted, bool json, Output* output);
  ordered_json ToJson(const Explanation& e) const;
  ordered_json Fields(const LineTrace& trace) const;
  std::string ToText(const Explanation& e) const;
  std::string Rule(const Verdict& verdict) const;
  std::string TimeText(const LineTrace& trace) const;

  const Setup& setup_;
  ServiceModel* services_;
  PathDictionary paths_{kPaths};
  Classifier classifier_;
  RecordBatch batch_;
  bool explained_any_ = false;
};

ClassifierContext Explainer::Context(const Setup& setup, ServiceModel* services,
                                     const PathRules* rules, PathDictionary* paths) {
  static const Portal kNoPortal;
  ClassifierContext context;
  context.portal = setup.catalog ? &setup.catalog->portal : &kNoPortal;
  context.services = services;
  context.audience = setup.audience.get();
  context.path_rules = rules;
  context.paths = paths;
  context.time_zone = setup.time_zone;
  context.key = VisitorKey::Random();
  return context;
}

std::string Explainer::TimeText(const LineTrace& trace) const {
  const absl::Time time = absl::FromUnixMicros(batch_.time_us[0]);
  const absl::TimeZone zone =
      trace.utc_offset_s ? absl::FixedTimeZone(*trace.utc_offset_s) : setup_.time_zone;
  const bool milliseconds = batch_.time_us[0] % 1000 == 0;
  return absl::FormatTime(milliseconds ? "%Y-%m-%d%ET%H:%M:%E3S%Ez" : "%Y-%m-%d%ET%H:%M:%E6S%Ez",
                          time, zone);
}

ordered_json Explainer::Fields(const LineTrace& trace) const {
  ordered_json fields;
  fields["time"] = TimeText(trace);
  for (const TextField field : kShownFields) {
    if (field == TextField::kReferrer) {
      fields["status"] = batch_.status[0];
      fields["bytes_sent"] = NumberOrNull(batch_.bytes_sent[0]);
    }
    fields[std::string(TextFieldName(field))] = TextOrNull(batch_.Get(field, 0));
  }
  fields["latency_us"] = NumberOrNull(batch_.latency_us[0]);
  return fields;
}

// What decided: the route with its place in the catalogue, a robots pattern, a
// probe; "" where nothing in particular did.
std::string Explainer::Rule(const Verdict& verdict) const {
  if (verdict.bucket == Bucket::kNotCitizen) return std::string(verdict.reason);
  if (verdict.route == kNoRoute) return "";
  const Route& route = *services_->routes()->routes()[verdict.route].route;
  return absl::StrCat(setup_.catalog->file, ":", route.line, " ", route.text);
}

std::string_view OutcomeName(LineTrace::Outcome outcome) {
  switch (outcome) {
    case LineTrace::Outcome::kBlank:
      return "blank";
    case LineTrace::Outcome::kDirective:
      return "directive";
    case LineTrace::Outcome::kRejected:
      return "rejected";
    case LineTrace::Outcome::kRecord:
      return "record";
  }
  return "";
}

ordered_json StringOrNull(std::string_view text) {
  if (text.empty()) return nullptr;
  return EscapeForTerminal(text);
}

ordered_json Explainer::ToJson(const Explanation& e) const {
  ordered_json json;
  json["line"] = e.line;
  json["format"] = e.trace.format == nullptr ? "" : e.trace.format->name();
  json["outcome"] = OutcomeName(e.trace.outcome);
  json["rejected"] = nullptr;
  if (e.trace.outcome == LineTrace::Outcome::kRejected) {
    json["rejected"] = {{"reason", RejectReasonName(e.trace.reason)},
                        {"column", e.trace.column},
                        {"field", StringOrNull(e.trace.field)},
                        {"message", EscapeForTerminal(e.trace.message)}};
  }
  if (e.trace.outcome != LineTrace::Outcome::kRecord) return json;
  json["fields"] = Fields(e.trace);
  ordered_json spans = ordered_json::object();
  for (const FieldSpan& span : e.trace.spans) {
    spans[std::string(span.name)] = {span.begin, span.end};
  }
  json["spans"] = std::move(spans);
  const Verdict& verdict = e.verdict;
  const bool counted = verdict.bucket == Bucket::kCounted;
  json["audience"] = AudienceName(verdict.audience);
  json["asset"] = verdict.asset;
  json["counted"] = counted;
  json["bucket"] = BucketName(verdict.bucket);
  json["service"] = nullptr;
  if (verdict.service != kNoService) {
    json["service"] = setup_.catalog ? setup_.catalog->services[verdict.service].id
                                     : EscapeForTerminal(services_->segments()[verdict.service]);
  }
  json["step"] = StringOrNull(StepName(verdict, *services_));
  json["act"] = StringOrNull(ActName(verdict, *services_));
  json["rule"] = StringOrNull(Rule(verdict));
  return json;
}

std::string Show(const ordered_json& value) {
  if (value.is_null()) return "–";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string Explainer::ToText(const Explanation& e) const {
  const ordered_json json = ToJson(e);
  std::string text = absl::StrCat("line ", e.line, ": ", json["outcome"].get<std::string>(),
                                  " (format ", json["format"].get<std::string>(), ")\n");
  const auto add = [&text](const std::string& label, const std::string& value) {
    absl::StrAppend(&text, "  ", label, std::string(12 - std::min<size_t>(11, label.size()), ' '),
                    value, "\n");
  };
  if (!json["rejected"].is_null()) {
    const ordered_json& rejected = json["rejected"];
    add("reason", Show(rejected["reason"]));
    add("column", Show(rejected["column"]));
    add("field", Show(rejected["field"]));
    add("message", Show(rejected["message"]));
  }
  if (!json.contains("fields")) return text;
  for (const auto& [name, value] : json["fields"].items()) {
    std::string shown = Show(value);
    if (json["spans"].contains(name)) {
      const ordered_json& span = json["spans"][name];
      absl::StrAppend(&shown, "  [", span[0].get<size_t>(), ", ", span[1].get<size_t>(), ")");
    }
    add(name, shown);
  }
  for (const char* name :
       {"audience", "asset", "counted", "bucket", "service", "step", "act", "rule"}) {
    add(name, Show(json[name]));
  }
  return text;
}

void Explainer::ExplainBlock(const Block& block, LineParser* parser,
                             const VisitorIdentifier& identifier, uint64_t wanted, bool json,
                             Output* output) {
  std::string_view rest = block.text();
  for (uint64_t line = block.first_line; !rest.empty() && !output->finished(); ++line) {
    const size_t end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (wanted != 0 && line != wanted) continue;
    if (text.ends_with('\r')) text.remove_suffix(1);
    Explanation explanation{line, text, parser->Trace(text, line, &batch_), Verdict()};
    if (explanation.trace.outcome == LineTrace::Outcome::kRecord) {
      explanation.verdict = classifier_.Judge(batch_, 0, identifier);
    }
    explained_any_ = true;
    output->Write(json ? ToJson(explanation).dump() + "\n" : ToText(explanation));
  }
}

absl::Status Explainer::Run(LogInput input, uint64_t wanted, bool json, Output* output) {
  ProbedInput probed = ProbeInput(std::move(input), setup_.formats, setup_.time_zone);
  if (!probed.status.ok()) return probed.status;
  if (probed.empty || probed.formats.empty()) return absl::OkStatus();
  if (!probed.problem.empty())
    Complain(EscapeForTerminal(probed.input.name + ": " + probed.problem));
  std::unique_ptr<ByteSource> source = std::move(probed.opened);
  if (source == nullptr) {
    ASSIGN_OR_RETURN(source, probed.input.open());
  }
  const VisitorIdentifier identifier(portal(), probed.formats.front()->extra_fields(),
                                     VisitorKey::Random());
  LineParser parser(probed.formats, setup_.time_zone);
  BlockReader reader(std::move(source), size_t{64} << 10);
  Block block;
  while (!output->finished() && reader.Next(&block)) {
    ExplainBlock(block, &parser, identifier, wanted, json, output);
    output->Flush();
    if (wanted != 0 && block.first_line + block.line_count > wanted) break;
  }
  return reader.status();
}

}  // namespace

int RunExplain(const ExplainCommand& command) {
  const std::atomic<bool>* interrupt = WatchSignals();
  std::vector<absl::Status> errors;
  const absl::StatusOr<Setup> setup = LoadSetup(command.input);
  absl::Status status = setup.status();
  absl::StatusOr<std::vector<LogInput>> inputs;
  if (status.ok()) {
    inputs = OpenInputs(command.input.logs, interrupt, &errors);
    status = inputs.status();
  }
  if (!status.ok()) {
    Complain(FromAbsl(status.message()));
    return kUsageError;
  }
  absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("");
  absl::StatusOr<std::unique_ptr<ServiceModel>> services =
      ServiceModel::Make(setup->catalog_or_null());
  const Catalog none;
  absl::StatusOr<std::unique_ptr<PathRules>> rules =
      PathRules::Make(setup->catalog ? *setup->catalog : none);
  if (!services.ok() || !rules.ok()) {
    Complain(FromAbsl((services.ok() ? rules.status() : services.status()).message()));
    return kUsageError;
  }
  Explainer explainer(*setup, services->get(), rules->get());
  for (LogInput& input : *inputs) {
    const absl::Status read =
        explainer.Run(std::move(input), command.line, command.json, output->get());
    if (!read.ok()) errors.push_back(read);
  }
  for (const absl::Status& error : errors) Complain(EscapeForTerminal(FromAbsl(error.message())));
  if (const absl::Status written = (*output)->Close(); !written.ok()) {
    Complain(FromAbsl(written.message()));
    return kOutputError;
  }
  if (!errors.empty()) return kInputError;
  if (!explainer.explained_any() && !(*output)->finished()) {
    Complain("nothing explained: no such line");
    return kNothingCounted;
  }
  return kDone;
}

}  // namespace civlog
