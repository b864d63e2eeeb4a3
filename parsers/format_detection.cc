// Tells a log's format from its first lines: every preset is tried on all of them.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "parsers/block_reader.h"
#include "parsers/line_parser.h"
#include "parsers/log_format.h"
#include "parsers/log_format_plan.h"

namespace civlog {
namespace {

// A format that reads fewer than one line in ten is not the log's.
constexpr uint64_t kLeastShare = 10;

// nginx's preset reads the same lines as `combined`, which stands for both.
constexpr std::string_view kSameAsCombined = "nginx";

FormatList Candidates() {
  FormatList candidates;
  for (const FormatPreset& preset : FormatPresets()) {
    if (preset.name == kSameAsCombined) continue;
    auto format = LogFormat::Compile(preset.text, preset.name);
    if (format.ok()) candidates.push_back(*std::move(format));
  }
  return candidates;
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

// Which of the lines each format reads.
struct Trial {
  FormatScore score;
  std::vector<bool> fits;
};

Trial Try(const std::shared_ptr<const LogFormat>& format,
          const std::vector<std::string_view>& lines, RecordBatch* batch) {
  Trial trial;
  trial.score.format = format;
  trial.fits.resize(lines.size());
  LineParser parser({format}, absl::UTCTimeZone());
  for (size_t i = 0; i < lines.size(); ++i) {
    const LineTrace trace = parser.Trace(lines[i], i + 1, batch);
    if (trace.outcome == LineTrace::Outcome::kRecord) {
      ++trial.score.fitted;
      ++trial.score.lines;
      trial.fits[i] = true;
    } else if (trace.outcome == LineTrace::Outcome::kRejected) {
      ++trial.score.lines;
      if (trial.score.first_misfit_line != 0) continue;
      trial.score.first_misfit_line = i + 1;
      trial.score.misfit_column = trace.column;
      trial.score.misfit_field = trace.field;
      trial.score.misfit_message = trace.message;
    }
  }
  return trial;
}

// More lines first, then more fields; where nothing fits, further into the first
// line, which is what the nearest miss is.
bool Better(const Trial& a, const Trial& b) {
  if (a.score.fitted != b.score.fitted) return a.score.fitted > b.score.fitted;
  if (a.score.fitted == 0) return a.score.misfit_column > b.score.misfit_column;
  return a.score.format->plan().figures > b.score.format->plan().figures;
}

// The best format, and those that read lines which it does not.
FormatList ChooseFamily(const std::vector<Trial>& trials) {
  FormatList family = {trials.front().score.format};
  std::vector<bool> read = trials.front().fits;
  for (const Trial& trial : trials) {
    bool adds = false;
    for (size_t i = 0; i < read.size(); ++i) adds = adds || (trial.fits[i] && !read[i]);
    if (!adds) continue;
    family.push_back(trial.score.format);
    for (size_t i = 0; i < read.size(); ++i) read[i] = read[i] || trial.fits[i];
  }
  return family;
}

std::string Explain(const Trial& best, const FormatList& family) {
  const FormatScore& score = best.score;
  if (!family.empty()) {
    std::string text = absl::StrCat(family.front()->name(), ": reads ", score.fitted, " of ",
                                    score.lines, " sample lines");
    for (size_t i = 1; i < family.size(); ++i) {
      absl::StrAppend(&text, i == 1 ? "; other lines are read as " : ", ", family[i]->name());
    }
    return text;
  }
  if (score.lines == 0) return "has no line to tell a format from";
  return absl::StrCat(
      "no known format fits; nearest is ", score.format->name(), ", which fails at line ",
      score.first_misfit_line, ", column ", score.misfit_column,
      score.misfit_field.empty() ? "" : " (" + score.misfit_field + ")", ": ", score.misfit_message,
      "; give the server's own definition, such as --log-format "
      "'@/etc/nginx/nginx.conf:main', or its string");
}

}  // namespace

Detection DetectFormat(std::string_view sample) {
  static const FormatList& candidates = *new FormatList(Candidates());
  const std::vector<std::string_view> lines = SampleLines(sample);
  RecordBatch batch;
  std::vector<Trial> trials;
  for (const auto& candidate : candidates) trials.push_back(Try(candidate, lines, &batch));
  std::stable_sort(trials.begin(), trials.end(), Better);
  Detection detection;
  const FormatScore& best = trials.front().score;
  if (best.fitted > 0 && best.fitted * kLeastShare >= best.lines) {
    detection.formats = ChooseFamily(trials);
  }
  detection.explanation = Explain(trials.front(), detection.formats);
  for (Trial& trial : trials) detection.scores.push_back(std::move(trial.score));
  return detection;
}

}  // namespace civlog
