#include "engine/log_input.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "parsers/absl_bridge.h"
#include "parsers/block_reader.h"
#include "parsers/followed_file.h"
#include "parsers/line_parser.h"
#include "parsers/status_macros.h"

namespace civlog {
namespace {

// How much of a log is looked at to tell its format.
constexpr size_t kSampleBytes = size_t{64} << 10;

// How often a pipe that has no line yet is looked at.
constexpr absl::Duration kLookEvery = absl::Milliseconds(20);

// How much of the first line is kept, to tell logs apart by.
constexpr size_t kMostOfALine = 4096;

bool NoNewline(std::string_view text) { return text.find('\n') == std::string_view::npos; }

// The source's first kSampleBytes, or what it has of them for now; `wait`: at least a
// line. An error is left for the run to meet again, unless nothing at all could be read.
std::string ReadSample(ByteSource* source, bool wait, absl::Status* status) {
  std::string sample(kSampleBytes, '\0');
  size_t size = 0;
  while (size < sample.size()) {
    const absl::StatusOr<size_t> got = source->Read(sample.data() + size, sample.size() - size);
    if (!got.ok()) {
      *status = got.status();
      break;
    }
    if (*got == 0 && wait && source->may_grow() && NoNewline({sample.data(), size})) {
      absl::SleepFor(kLookEvery);
      continue;
    }
    if (*got == 0) break;
    size += *got;
  }
  sample.resize(size);
  return sample;
}

// The whole lines of a sample; all of it where it is the whole log, or has no newline
// and more than will do for one.
std::string_view WholeLines(std::string_view sample, bool may_grow) {
  if (sample.size() < kSampleBytes && !may_grow) return sample;
  const size_t end = sample.rfind('\n');
  if (end != std::string_view::npos) return sample.substr(0, end + 1);
  return sample.size() < kSampleBytes ? std::string_view() : sample;
}

void MeasureClock(std::string_view sample, absl::TimeZone zone, ProbedInput* probed) {
  BlockReader reader(MakeMemorySource(std::string(sample)), sample.size() + 1);
  Block block;
  if (!reader.Next(&block)) return;
  LineParser parser(probed->formats, zone);
  RecordBatch batch;
  size_t offset = 0;
  uint64_t line = 1;
  std::optional<int64_t> first;
  int64_t last = 0;
  while (offset < block.size) {
    parser.Parse(block, &offset, &line, &batch);
    if (batch.size == 0) continue;
    if (!first) first = batch.time_us[0];
    last = batch.time_us[batch.size - 1];
  }
  if (!first) return;
  probed->first_time_us = *first;
  const double span_us = static_cast<double>(std::max<int64_t>(0, last - *first));
  probed->us_per_byte = span_us / static_cast<double>(sample.size());
}

// The first line that is no directive, which W3C logs of one server have in common.
std::string FirstLine(std::string_view sample) {
  while (sample.starts_with('#')) {
    sample.remove_prefix(std::min(sample.find('\n'), sample.size() - 1) + 1);
  }
  return std::string(sample.substr(0, std::min(sample.find('\n'), kMostOfALine)));
}

}  // namespace

bool RotatedNameLess(std::string_view a, std::string_view b) {
  const auto [base_a, rotation_a] = SplitRotation(a);
  const auto [base_b, rotation_b] = SplitRotation(b);
  if (base_a != base_b) return base_a < base_b;
  if (rotation_a != rotation_b) return rotation_a > rotation_b;
  return a < b;
}

LogInput FileInput(const InputFile& file, const std::atomic<bool>* interrupt, Following following) {
  LogInput input;
  input.name = file.name;
  input.from_directory = file.from_directory;
  input.stamp = StampOf(file);
  input.raw_size = input.stamp.size;
  input.reopenable = file.path != "-" && input.stamp.known();
  input.follows = following != Following::kNot;
  input.open = [file, interrupt, following,
                found = input.stamp]() -> absl::StatusOr<std::unique_ptr<ByteSource>> {
    ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenSource(file, interrupt, following));
    const bool another = found.known() && source->stamp().known() &&
                         following != Following::kName && !found.IsSameFile(source->stamp());
    if (!another) return source;
    return absl::AbortedError(absl::StrCat(
        file.name, ": another file took its name while it was to be read; run it again"));
  };
  return input;
}

LogInput MemoryInput(const std::string& name, std::string bytes) {
  LogInput input;
  input.raw_size = bytes.size();
  input.name = name;
  input.open = [name, bytes = std::move(bytes)] {
    return Decompressed(MakeMemorySource(bytes), name);
  };
  return input;
}

ProbedInput ProbeInput(LogInput input, const FormatList& forced, absl::TimeZone zone) {
  ProbedInput probed;
  probed.input = std::move(input);
  absl::StatusOr<std::unique_ptr<ByteSource>> source = probed.input.open();
  if (!source.ok()) {
    probed.status = source.status();
    return probed;
  }
  if ((*source)->stamp().known() && probed.input.reopenable) {
    probed.input.stamp = (*source)->stamp();
    probed.input.unfinished = !(*source)->compressed();
  }
  absl::Status status;
  std::string bytes = ReadSample(source->get(), !probed.input.reopenable, &status);
  std::string_view sample = WholeLines(bytes, (*source)->may_grow());
  probed.empty = sample.empty();
  probed.head = probed.input.reopenable ? bytes.substr(0, kHeadBytes) : bytes;
  if (probed.empty && !status.ok()) probed.status = status;
  if (sample.starts_with("\xEF\xBB\xBF")) sample.remove_prefix(3);
  probed.first_line = FirstLine(sample);
  probed.formats = BehindWrapper(forced, sample);
  if (forced.empty() && !sample.empty()) {
    probed.detection = DetectFormat(sample);
    probed.formats = probed.detection.formats;
    if (probed.formats.empty()) {
      probed.problem = probed.detection.explanation;
      probed.left_out = probed.input.from_directory;
      probed.undetected = !probed.left_out;
      // Its lines are read, and rejected, by the format that came nearest.
      if (probed.undetected) probed.formats.push_back(probed.detection.scores.front().format);
    }
  }
  if (!probed.formats.empty() && !sample.empty()) {
    probed.format_name = probed.formats.front()->name();
    MeasureClock(sample, zone, &probed);
  }
  if (!probed.input.reopenable) {
    probed.opened = MakeReplaySource(std::move(bytes), status, *std::move(source));
  }
  return probed;
}

void RankInputs(std::vector<ProbedInput>* inputs) {
  std::stable_sort(inputs->begin(), inputs->end(), [](const ProbedInput& a, const ProbedInput& b) {
    if (a.first_time_us != b.first_time_us) return a.first_time_us < b.first_time_us;
    if (a.input.name == b.input.name) return false;
    return RotatedNameLess(a.input.name, b.input.name);
  });
}

}  // namespace civlog
