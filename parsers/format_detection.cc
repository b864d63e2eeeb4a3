// Tells a log's format from its first lines.
//
// Every preset is tried on the first few of them, and on all the others where it reads one.
// A preset that reads none of those is tried on the lines that no other reads, and on all
// once it reads one. So no line that any preset reads is missed, and a log of one format
// costs little more than that preset does.

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"
#include "parsers/log_format_plan.h"
#include "parsers/w3c_fields.h"

namespace civlog {
namespace {

// A family of formats that reads fewer than one line in so many is not the log's.
constexpr uint64_t kLeastShare = 5;

// Lines that every format is tried on.
constexpr size_t kFirstLines = 16;

// nginx's preset reads the same lines as `combined`, which stands for both.
constexpr std::string_view kSameAsCombined = "nginx";

FormatList Candidates() {
  FormatList candidates;
  for (const FormatPreset& preset : FormatPresets()) {
    if (preset.name == kSameAsCombined) continue;
    auto format = CompilePreset(preset);
    if (format.ok()) candidates.push_back(*std::move(format));
  }
  return candidates;
}

// Where the sample says what its fields are, the `w3c` preset stands for that.
std::shared_ptr<const LogFormat> ForSample(const std::shared_ptr<const LogFormat>& candidate,
                                           std::string_view sample) {
  if (!candidate->is_w3c() || candidate->w3c_fields() != nullptr) return candidate;
  const std::string_view directive = FirstW3cDirective(sample);
  if (directive.empty()) return candidate;
  auto format = LogFormat::CompileW3c(directive, candidate->name());
  return format.ok() ? *std::move(format) : candidate;
}

std::vector<std::string_view> SampleLines(std::string_view sample) {
  std::vector<std::string_view> lines;
  while (!sample.empty()) {
    const size_t end = std::min(sample.find('\n'), sample.size());
    lines.push_back(sample.substr(0, end));
    sample.remove_prefix(std::min(end + 1, sample.size()));
  }
  return lines;
}

// Both times behind a combined line are numbers: Apache's %D is whole microseconds,
// nginx's $request_time always has milliseconds behind a point.
bool LatencyFitsUnit(const FormatPlan& plan, const LineTrace& trace, std::string_view line) {
  if (plan.steps.empty() || plan.steps.back().kind != StepKind::kLatency) return true;
  const FormatStep& step = plan.steps.back();
  constexpr double kSecondUs = 1e6;
  if (step.unit_us != 1 && step.unit_us != kSecondUs) return true;
  for (const FieldSpan& span : trace.spans) {
    if (span.name != step.name) continue;
    const std::string_view text = line.substr(span.begin, span.end - span.begin);
    const bool has_point = text.find('.') != std::string_view::npos;
    return text == "-" || has_point == (step.unit_us > 1);
  }
  return true;
}

// Which of the lines a format reads.
struct Trial {
  FormatScore score;
  std::vector<bool> fits;
  size_t fields = 0;    // most fields that it found in a line
  bool is_kin = false;  // reads the syntax of a line, and misses only a field in it
  std::unique_ptr<LineParser> parser;
};

void NoteMisfit(const LineTrace& trace, size_t line, FormatScore* score) {
  if (score->first_misfit_line != 0) return;
  score->first_misfit_line = line;
  if (trace.outcome == LineTrace::Outcome::kRecord) {
    score->misfit_column = 1;
    score->misfit_field = "latency";
    score->misfit_message = "the time taken is in another unit";
    return;
  }
  score->misfit_column = trace.column;
  score->misfit_field = trace.field;
  score->misfit_message = trace.message;
}

Trial Begin(const std::shared_ptr<const LogFormat>& format, size_t lines) {
  Trial trial;
  trial.score.format = format;
  trial.fits.resize(lines);
  trial.parser = std::make_unique<LineParser>(FormatList{format}, absl::UTCTimeZone());
  return trial;
}

void TryLine(std::string_view line, size_t i, Trial* trial, RecordBatch* batch) {
  const LogFormat& format = *trial->score.format;
  const LineTrace trace = trial->parser->Trace(line, i + 1, batch);
  const bool counts = trace.outcome == LineTrace::Outcome::kRecord ||
                      trace.outcome == LineTrace::Outcome::kRejected;
  if (!counts) return;
  ++trial->score.lines;
  trial->fits[i] =
      trace.outcome == LineTrace::Outcome::kRecord && LatencyFitsUnit(format.plan(), trace, line);
  const bool is_json = format.json() != nullptr;
  trial->is_kin = trial->is_kin || (is_json && trace.reason != RejectReason::kInvalidJson);
  if (trial->fits[i]) {
    ++trial->score.fitted;
    trial->fields = std::max(trial->fields, trace.spans.size());
  } else {
    NoteMisfit(trace, i + 1, &trial->score);
  }
}

// Tries a format on the lines [begin, end).
void TryLines(const std::vector<std::string_view>& lines, size_t begin, size_t end, Trial* trial,
              RecordBatch* batch) {
  for (size_t i = begin; i < end; ++i) TryLine(lines[i], i, trial, batch);
}

// Tries a format that reads none of the first lines on those that are not `read`, directives
// among them; on all where it reads one of those.
void TryOthers(const std::vector<std::string_view>& lines, const std::vector<bool>& read,
               Trial* trial, RecordBatch* batch) {
  for (size_t i = kFirstLines; i < lines.size(); ++i) {
    if (read[i]) {
      ++trial->score.lines;
      continue;
    }
    TryLine(lines[i], i, trial, batch);
    if (trial->score.fitted == 0) continue;
    *trial = Begin(trial->score.format, lines.size());
    return TryLines(lines, 0, lines.size(), trial, batch);
  }
}

// Every format's showing on all of the lines.
std::vector<Trial> TryAll(const FormatList& formats, const std::vector<std::string_view>& lines) {
  RecordBatch batch;
  std::vector<Trial> trials;
  std::vector<bool> read(lines.size());
  const size_t first = std::min(kFirstLines, lines.size());
  for (const auto& format : formats) {
    Trial& trial = trials.emplace_back(Begin(format, lines.size()));
    TryLines(lines, 0, first, &trial, &batch);
    if (trial.score.fitted == 0) continue;
    TryLines(lines, first, lines.size(), &trial, &batch);
    for (size_t i = 0; i < read.size(); ++i) read[i] = read[i] || trial.fits[i];
  }
  for (Trial& trial : trials) {
    if (trial.score.fitted == 0) TryOthers(lines, read, &trial, &batch);
  }
  return trials;
}

// More lines first, then more fields; where nothing fits, further into the first
// line, which is what the nearest miss is.
bool Better(const Trial& a, const Trial& b) {
  if (a.score.fitted != b.score.fitted) return a.score.fitted > b.score.fitted;
  if (a.score.fitted == 0 && a.is_kin != b.is_kin) return a.is_kin;
  if (a.score.fitted == 0) return a.score.misfit_column > b.score.misfit_column;
  return a.fields > b.fields;
}

// The best format, and those that read lines which it does not; none where all of
// them together read too few.
FormatList ChooseFamily(const std::vector<Trial>& trials) {
  FormatList family;
  std::vector<bool> read(trials.front().fits.size());
  for (const Trial& trial : trials) {
    bool adds = false;
    for (size_t i = 0; i < read.size(); ++i) adds = adds || (trial.fits[i] && !read[i]);
    if (!adds) continue;
    family.push_back(trial.score.format);
    for (size_t i = 0; i < read.size(); ++i) read[i] = read[i] || trial.fits[i];
  }
  const auto fitted = static_cast<uint64_t>(std::count(read.begin(), read.end(), true));
  if (fitted * kLeastShare < trials.front().score.lines) family.clear();
  return family;
}

std::string ExplainChoice(const FormatScore& score, const FormatList& family) {
  std::string text = absl::StrCat(family.front()->name(), ": reads ", score.fitted, " of ",
                                  score.lines, " sample lines");
  for (size_t i = 1; i < family.size(); ++i) {
    absl::StrAppend(&text, i == 1 ? "; other lines are read as " : ", ", family[i]->name());
  }
  return text;
}

std::string ExplainFailure(const FormatScore& score) {
  if (score.lines == 0) return "has no line to tell a format from";
  const std::string few =
      score.fitted == 0 ? "" : absl::StrCat(" with ", score.fitted, " of ", score.lines, " lines");
  std::string failure = absl::StrCat(
      "no known format fits; nearest is ", score.format->name(), few, ", which fails at line ",
      score.first_misfit_line, ", column ", score.misfit_column,
      score.misfit_field.empty() ? "" : " (" + score.misfit_field + ")", ": ",
      score.misfit_message);
  // The message of JSON says itself what to name.
  if (score.format->json() != nullptr) return failure;
  return absl::StrCat(failure,
                      "; give the server's own definition, such as --log-format "
                      "'@/etc/nginx/nginx.conf:main', or change what differs in --log-format '",
                      score.format->text(), "'");
}

}  // namespace

Detection DetectFormat(std::string_view sample) {
  static const FormatList& candidates = *new FormatList(Candidates());
  std::vector<std::string_view> lines = SampleLines(sample);
  Detection detection;
  detection.wrapper = DetectWrapper(lines);
  std::deque<std::string> unwrapped;
  for (std::string_view& line : lines) {
    if (detection.wrapper == LineWrapper::kNone) break;
    line = Unwrap(detection.wrapper, line, &unwrapped.emplace_back());
  }
  FormatList formats;
  for (const auto& candidate : candidates) formats.push_back(ForSample(candidate, sample));
  std::vector<Trial> trials = TryAll(formats, lines);
  std::stable_sort(trials.begin(), trials.end(), Better);
  const FormatScore& best = trials.front().score;
  detection.formats = ChooseFamily(trials);
  detection.explanation =
      detection.formats.empty() ? ExplainFailure(best) : ExplainChoice(best, detection.formats);
  for (Trial& trial : trials) detection.scores.push_back(std::move(trial.score));
  for (auto& format : detection.formats) {
    format = LogFormat::Wrapped(format, detection.wrapper);
  }
  if (detection.wrapper != LineWrapper::kNone) {
    absl::StrAppend(&detection.explanation, "; behind ", ToAbsl(LineWrapperName(detection.wrapper)),
                    " prefixes");
  }
  return detection;
}

FormatList BehindWrapper(const FormatList& formats, std::string_view sample) {
  const LineWrapper wrapper = DetectWrapper(SampleLines(sample));
  FormatList wrapped;
  for (const auto& format : formats) wrapped.push_back(LogFormat::Wrapped(format, wrapper));
  return wrapped;
}

}  // namespace civlog
