#include "parsers/quick_plan.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "parsers/field_values.h"

namespace civlog {
namespace {

uint32_t Load32(const char* text) {
  uint32_t word;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

uint64_t Load64(const char* text) {
  uint64_t word;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

constexpr uint64_t kEachByte = 0x0101010101010101ULL;
constexpr uint64_t kHighBits = kEachByte * 0x80;
constexpr size_t kWord = sizeof(uint64_t);

// True where each of eight bytes is '.', '/' or a digit. No sum carries into its
// neighbour where no byte is above 127, which is asked too.
bool AreOfIpv4(uint64_t eight) {
  return ((eight | (eight + kEachByte * (0x80 - '9' - 1)) | ~(eight + kEachByte * (0x80 - '.'))) &
          kHighBits) == 0;
}

// True where one of eight bytes is `c` (Mycroft's test for a zero byte, 1987).
bool HasByte(uint64_t eight, char c) {
  const uint64_t zero = eight ^ (kEachByte * static_cast<uint8_t>(c));
  return ((zero - kEachByte) & ~zero & kHighBits) != 0;
}

// An address as most logs have it, with nothing around it that Stripped would take away:
// of IPv4 (a '/' is taken for part of one, nothing would be stripped of that either), or
// of IPv6, whose first colon is too far from the end to stand before a port. A word
// behind the text can be read.
bool IsPlainClient(std::string_view text) {
  constexpr size_t kMostGroup = 4;
  constexpr size_t kMostPort = 5;
  const char* const begin = text.data();
  if (text.size() >= kWord && text.size() <= 2 * kWord && AreOfIpv4(Load64(begin)) &&
      AreOfIpv4(Load64(begin + text.size() - kWord))) {
    return true;
  }
  if (text.size() < kMostGroup + 1 || *begin == '[' || *begin == ' ') return false;
  size_t colon = 0;
  while (colon < kMostGroup && begin[colon] != ':') ++colon;
  if (begin[colon] != ':' || text.size() - colon - 1 <= kMostPort) return false;
  // What stands behind the text may make this false without need.
  for (size_t at = 0; at < text.size(); at += kWord) {
    if (HasByte(Load64(begin + at), ',')) return false;
  }
  return true;
}

Text OrAbsent(std::string_view raw) {
  return raw.empty() || (raw.size() == 1 && raw.front() == '-') ? kAbsentText : raw;
}

void TakeText(TextField field, std::string_view raw, RecordBatch* batch) {
  Text text = OrAbsent(raw);
  if (field <= TextField::kHost && !text.empty() &&
      !(field == TextField::kClient && IsPlainClient(text))) {
    text = Stripped(field, text);
  }
  batch->Set(field, batch->size) = text;
}

// The same as ParseBytes for the numbers of usual length.
bool TakeBytes(std::string_view raw, int64_t* bytes) {
  constexpr size_t kMostDigits = 18;
  if (raw.empty() || raw.size() > kMostDigits) return ParseBytes(raw, bytes);
  int64_t value = 0;
  for (const char c : raw) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit > 9) return ParseBytes(raw, bytes);
    value = value * 10 + digit;
  }
  *bytes = value;
  return true;
}

// The colon before the port that ends at `end`; behind the text where there is none.
size_t LastColon(std::string_view text, size_t from, size_t end) {
  constexpr size_t kMostDigits = 5;
  if (end > text.size()) return std::string_view::npos;
  for (size_t at = end; at > from && end - at <= kMostDigits; --at) {
    if (text[at - 1] == ':') return at - 1;
  }
  return std::string_view::npos;
}

// "GET /path HTTP/1.1" or the like with POST, split without a search.
bool SplitUsual(std::string_view raw, Request* request) {
  constexpr size_t kProtocol = 8;
  constexpr size_t kLeast = sizeof("GET / HTTP/1.1") - 1;
  if (raw.size() < kLeast) return false;
  const char* const text = raw.data();
  const size_t method = std::memcmp(text, "GET ", 4) == 0 ? 3 : 4;
  if (method == 4 && std::memcmp(text, "POST ", 5) != 0) return false;
  const char* const protocol = text + raw.size() - kProtocol;
  if (std::memcmp(protocol - 1, " HTTP/", 6) != 0 || protocol[5] < '0' || protocol[5] > '9' ||
      protocol[6] == ' ' || protocol[7] == ' ' || text[method + 1] != '/') {
    return false;
  }
  const char* const target = text + method + 1;
  *request = {{text, method},
              {target, static_cast<size_t>(protocol - 1 - target)},
              {protocol, kProtocol},
              true};
  return true;
}

void TakeRequest(std::string_view raw, RecordBatch* batch) {
  const size_t i = batch->size;
  Request parts;
  if (!SplitUsual(raw, &parts)) parts = SplitRequest(OrAbsent(raw));
  batch->readable_request[i] = parts.readable;
  batch->Set(TextField::kMethod, i) = parts.readable ? parts.method : kAbsentText;
  batch->Set(TextField::kTarget, i) = parts.readable ? parts.target : kAbsentText;
  batch->Set(TextField::kProtocol, i) = parts.protocol.empty() ? kAbsentText : parts.protocol;
}

}  // namespace

bool QuickPlan::Compile(const FormatStep& origin, bool last, Step* step) const {
  step->kind = origin.kind;
  step->field = origin.field;
  step->origin = &origin;
  step->checks = origin.kind == StepKind::kSkip ? origin.is_number : origin.checks_blanks;
  step->until_size = static_cast<uint8_t>(origin.until.size());
  if (origin.kind == StepKind::kTarget || origin.kind == StepKind::kQuery) return false;
  if (origin.decoding != Decoding::kNone && origin.decoding != Decoding::kBackslash) return false;
  if (origin.padded || origin.until.size() > sizeof(step->until)) return false;
  std::memcpy(&step->until, origin.until.data(), origin.until.size());
  std::memset(&step->until_mask, 0xff, origin.until.size());
  step->rank = origin.delimiter_rank;
  if (origin.kind == StepKind::kTime) {
    step->ending = Ending::kTime;
    return !last || origin.ending == FieldEnd::kLine;
  }
  if (last) {
    if (origin.ending != FieldEnd::kLine) return false;
    step->ending = origin.until.empty() ? Ending::kLineEnd : Ending::kLastQuote;
    return origin.until.empty() ||
           (origin.quoted && origin.until == "\"" && origin.delimiter_rank != FormatStep::kNoRank);
  }
  if (origin.ending == FieldEnd::kLastColon) {
    step->ending = Ending::kLastColon;
    step->rank = origin.until_behind == std::string_view(&plan_->delimiters[0], 1) ? 0 : 1;
    return origin.until_behind == std::string_view(&plan_->delimiters[step->rank], 1);
  }
  return origin.ends_at_first;
}

QuickPlan::QuickPlan(const FormatPlan& plan) : plan_(&plan) {
  if (!plan.lone_clf || plan.default_utc || plan.request_step == FormatPlan::kNoStep ||
      !plan.HasText(TextField::kClient)) {
    return;
  }
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const FormatStep& origin = plan.steps[i];
    Step step;
    if (!Compile(origin, i + 1 == plan.steps.size(), &step)) {
      steps_.clear();
      return;
    }
    if (origin.kind == StepKind::kExtra) extra_ = std::max(extra_, size_t{origin.extra} + 1);
    steps_.push_back(step);
  }
}

inline bool QuickPlan::Take(const Step& step, std::string_view raw, RecordBatch* batch) {
  const size_t i = batch->size;
  switch (step.kind) {
    case StepKind::kText:
      if (step.checks && HasStrayBlank(*step.origin, raw)) return false;
      TakeText(step.field, raw, batch);
      return true;
    case StepKind::kRequest:
      TakeRequest(raw, batch);
      return true;
    case StepKind::kStatus:
      return step.origin->dash_is_zero ? ParseLooseStatus(raw, &batch->status[i])
                                       : ParseStatus(raw, &batch->status[i]);
    case StepKind::kBytesSent:
      return TakeBytes(raw, &batch->bytes_sent[i]);
    case StepKind::kLatency:
      return ParseLatency(*step.origin, raw, &batch->latency_us[i]);
    case StepKind::kExtra:
      batch->extra[step.origin->extra][i] = OrAbsent(raw);
      return true;
    case StepKind::kSkip:
      return !step.checks || raw == "-" || IsDigits(raw);
    case StepKind::kTime:
    case StepKind::kTarget:
    case StepKind::kQuery:
      break;
  }
  return step.kind == StepKind::kTime;
}

bool QuickPlan::Parse(const IndexedLine& line, uint64_t number, const ClfMinute& minute,
                      RecordBatch* batch) const {
  // What is escaped has to be decoded.
  if (line.HasBackslash()) return false;
  if (!plan_->prefix.empty() && !line.text().starts_with(plan_->prefix)) return false;
  const size_t i = batch->size;
  const char* const text = line.text().data();
  const size_t size = line.size();
  batch->bytes_sent[i] = batch->latency_us[i] = -1;
  if (extra_ != 0 && batch->extra.size() < extra_) batch->extra.resize(extra_);
  for (const TextField field : plan_->absent) batch->Set(field, i) = Text();
  batch->line[i] = number;
  size_t at = plan_->prefix.size();
  for (const Step& step : steps_) {
    size_t end = size;
    if (step.ending == Ending::kTime) {
      end = at + ClfMinute::kWidth;
    } else if (step.ending != Ending::kLineEnd) {
      end = line.FindRanked(step.rank, at);
      if (step.ending == Ending::kLastColon) end = LastColon(line.text(), at, end);
    }
    // A word behind the line can be read: blocks are padded.
    if (end > size || size - end < step.until_size ||
        (Load32(text + end) & step.until_mask) != step.until) {
      return false;
    }
    if (step.ending == Ending::kTime) {
      const std::optional<int64_t> time_us = minute.Find({text + at, ClfMinute::kWidth});
      if (!time_us) return false;
      batch->time_us[i] = *time_us;
    } else if (!Take(step, {text + at, end - at}, batch)) {
      return false;
    }
    at = end + step.until_size;
  }
  return at == size;
}

}  // namespace civlog
