#include "cli/live_output.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

// `lines` are JSON objects.
std::string Stamped(std::string_view lines, absl::TimeZone zone) {
  const std::string stamp = absl::StrCat(
      "{\"as_of\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", absl::Now(), zone), "\",");
  std::string text;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(lines), '\n', absl::SkipEmpty())) {
    absl::StrAppend(&text, stamp, line.substr(1), "\n");
  }
  return text;
}

}  // namespace

absl::Status LiveOutput::Check(const RunFlags& flags, OutputFormat format) {
  const bool repeats = format != OutputFormat::kCsv && format != OutputFormat::kMarkdown &&
                       format != OutputFormat::kHtml;
  if (repeats || !flags.output.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--follow writes CSV, Markdown and HTML to a file only, which it replaces each time: add -o "
      "FILE, "
      "or take --format ndjson");
}

LiveOutput::LiveOutput(const RunFlags& flags, OutputFormat format, absl::TimeZone zone)
    : path_(flags.output),
      format_(format),
      zone_(zone),
      draws_(path_.empty() && format == OutputFormat::kText && OutputIsTerminal()) {
  if (path_.empty()) output_ = *Output::Open("");
}

void LiveOutput::Show(const std::string& text, uint64_t lines) {
  if (draws_) return Draw(text, lines);
  Write(text);
}

void LiveOutput::Write(const std::string& text) {
  if (!path_.empty()) {
    absl::StatusOr<std::unique_ptr<Output>> file = Output::Open(path_);
    if (file.ok()) (*file)->Write(text);
    status_.Update(file.ok() ? (*file)->Close() : file.status());
    return;
  }
  if (format_ == OutputFormat::kNdjson) {
    output_->Write(Stamped(text, zone_));
  } else if (text != last_) {
    if (!last_.empty() && format_ == OutputFormat::kText) output_->Write("\n");
    output_->Write(text);
    last_ = text;
  }
  output_->Flush();
}

// Up to where the text before began, and empty from there on.
void LiveOutput::Erase() {
  if (drawn_ > 0) output_->Write(absl::StrCat("\033[", drawn_, "F"));
  output_->Write("\033[J");
  drawn_ = 0;
}

void LiveOutput::Draw(std::string_view text, uint64_t lines) {
  const std::vector<absl::string_view> all =
      absl::StrSplit(ToAbsl(text.substr(0, text.find_last_not_of('\n') + 1)), '\n');
  constexpr size_t kBelow = 2;  // the last line, and the cursor's
  const size_t room = std::max<size_t>(OutputHeight(), kBelow + 1) - kBelow;
  const size_t shown = std::min(all.size(), room);
  Erase();
  // Without wrapping, so that a line is a line however narrow the terminal is.
  output_->Write("\033[?7l");
  for (size_t i = 0; i < shown; ++i) output_->Write(absl::StrCat(all[i], "\n"));
  std::string below = absl::StrCat(absl::FormatTime("%H:%M:%S", absl::Now(), zone_), "  ", lines,
                                   lines == 1 ? " line" : " lines", ", Ctrl-C ends");
  if (shown < all.size()) absl::StrAppend(&below, " and shows all ", all.size(), " lines");
  output_->Write(absl::StrCat(below, "\n\033[?7h"));
  drawn_ = shown + 1;
  output_->Flush();
}

absl::Status LiveOutput::Finish(const std::string& text) {
  if (draws_) {
    Erase();
    output_->Write(text);
  } else {
    Write(text);
  }
  if (output_ != nullptr) status_.Update(output_->Close());
  return status_;
}

}  // namespace civlog
