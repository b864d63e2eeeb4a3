#include "parsers/quick_plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
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

// A byte behind the text can be read.
Text OrAbsent(std::string_view raw) {
  const bool absent = raw.empty() || (raw.size() == 1 && *raw.data() == '-');
  return {absent ? kAbsentText.data() : raw.data(), absent ? 0 : raw.size()};
}

constexpr uint64_t kEachDigit = kEachByte * '0';

// What is left of bytes once each has lost '0': high bits where one was no digit.
uint64_t NoDigits(uint64_t without_zero) {
  constexpr uint64_t kPastNine = kEachByte * (0x80 - 10);
  return (without_zero | (without_zero + kPastNine)) & kHighBits;
}

// Status and bytes end where their digits do. Null where the text is no such number, or
// one that the general way has to look at; otherwise behind it. A word behind the text can
// be read.
const char* TakeStatus(const char* text, uint16_t* status) {
  constexpr uint32_t kThreeBytes = 0xffffff;
  const uint32_t digits = (Load32(text) ^ static_cast<uint32_t>(kEachDigit)) & kThreeBytes;
  if (NoDigits(digits) != 0) return nullptr;
  *status =
      static_cast<uint16_t>((digits & 0xff) * 100 + (digits >> 8 & 0xff) * 10 + (digits >> 16));
  return text + 3;
}

// The value of eight digits, the first of them in the lowest byte, each as its own value:
// neighbours are put together, then pairs, then fours.
uint64_t ValueOfDigits(uint64_t digits) {
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ffULL;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffffULL;
  return (digits * 10'000 + (digits >> 32)) & 0xffffffffULL;
}

const char* TakeBytes(const char* text, int64_t* bytes) {
  if (*text == '-') {
    *bytes = -1;
    return text + 1;
  }
  const uint64_t word = Load64(text) ^ kEachDigit;
  const uint64_t end = NoDigits(word);
  // Longer numbers are rare.
  if (end == 0) return nullptr;
  const auto bits = static_cast<size_t>(std::countr_zero(end)) / 8 * 8;
  if (bits == 0) return nullptr;
  *bytes = static_cast<int64_t>(ValueOfDigits(word << (64 - bits)));
  return text + bits / 8;
}

size_t OffsetOf(const char* text, const char* place) {
  return place != nullptr ? static_cast<size_t>(place - text) : std::string_view::npos;
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
  const uint32_t word = Load32(text);
  const size_t method = word == Load32("GET ") ? 3 : 4;
  if (method == 4 && (word != Load32("POST") || text[4] != ' ')) return false;
  const char* const protocol = text + raw.size() - kProtocol;
  if (protocol[-1] != ' ' || Load32(protocol) != Load32("HTTP") || protocol[4] != '/' ||
      protocol[5] < '0' || protocol[5] > '9' || protocol[6] == ' ' || protocol[7] == ' ' ||
      text[method + 1] != '/') {
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

void QuickPlan::EndWithDigits(StepKind kind, Cut* cut) {
  if (kind == StepKind::kStatus) cut->ending = Ending::kStatus;
  if (kind == StepKind::kBytesSent) cut->ending = Ending::kBytes;
}

bool QuickPlan::Compile(const FormatStep& origin, bool last, Cut* cut) const {
  cut->until_size = static_cast<uint8_t>(origin.until.size());
  if (origin.kind == StepKind::kTarget || origin.kind == StepKind::kQuery) return false;
  if (origin.decoding != Decoding::kNone && origin.decoding != Decoding::kBackslash) return false;
  if (origin.padded || origin.until.size() > sizeof(cut->until)) return false;
  std::memcpy(&cut->until, origin.until.data(), origin.until.size());
  std::memset(&cut->until_mask, 0xff, origin.until.size());
  cut->rank = origin.delimiter_rank;
  if (origin.kind == StepKind::kTime) {
    cut->ending = Ending::kTime;
    return !last || origin.ending == FieldEnd::kLine;
  }
  if (last) {
    if (origin.ending != FieldEnd::kLine) return false;
    cut->ending = origin.until.empty() ? Ending::kLineEnd : Ending::kDelimiter;
    if (origin.until.empty()) EndWithDigits(origin.kind, cut);
    return origin.until.empty() ||
           (origin.quoted && origin.until == "\"" && origin.delimiter_rank != FormatStep::kNoRank);
  }
  if (origin.ending == FieldEnd::kLastColon) {
    cut->ending = Ending::kLastColon;
    cut->rank = origin.until_behind == std::string_view(&plan_->delimiters[0], 1) ? 0 : 1;
    return origin.until_behind == std::string_view(&plan_->delimiters[cut->rank], 1);
  }
  EndWithDigits(origin.kind, cut);
  // What such a number ends with must not look like a part of it.
  const bool ends_with_digits = cut->ending == Ending::kStatus || cut->ending == Ending::kBytes;
  if (ends_with_digits && (origin.until.starts_with('-') || IsDigits(origin.until.substr(0, 1)))) {
    return false;
  }
  return origin.ends_at_first;
}

// Servers that ask nobody for a name log "- -" for the client's identity and user.
void QuickPlan::FoldDashes() {
  for (size_t first = 0; first < cuts_.size(); ++first) {
    Cut& cut = cuts_[first];
    std::string absent;
    for (size_t i = first; i < cuts_.size(); ++i) {
      const FormatStep& step = plan_->steps[i];
      const bool foldable = (step.kind == StepKind::kText || step.kind == StepKind::kSkip ||
                             step.kind == StepKind::kExtra) &&
                            cuts_[i].ending == Ending::kDelimiter && i + 1 != cuts_.size() &&
                            !step.until.starts_with('-');
      if (!foldable || absent.size() + 1 + step.until.size() > sizeof(cut.absent)) break;
      absl::StrAppend(&absent, "-", step.until);
      ++cut.dashes;
    }
    // One alone is found as fast.
    if (cut.dashes < 2) continue;
    cut.ending = Ending::kDashes;
    cut.absent_size = static_cast<uint8_t>(absent.size());
    std::memcpy(&cut.absent, absent.data(), absent.size());
    std::memset(&cut.absent_mask, 0xff, absent.size());
  }
}

void QuickPlan::Add(const FormatStep& origin, size_t place) {
  Take take;
  take.kind = origin.kind;
  take.field = origin.field;
  take.cut = static_cast<uint8_t>(place);
  take.checks = origin.kind == StepKind::kSkip ? origin.is_number : origin.checks_blanks;
  take.strips = origin.field <= TextField::kHost;
  take.origin = &origin;
  switch (origin.kind) {
    case StepKind::kText:
      texts_.push_back(take);
      return;
    case StepKind::kTime:
      time_cut_ = take.cut;
      return;
    case StepKind::kSkip:
      if (take.checks) others_.push_back(take);
      return;
    case StepKind::kStatus:
    case StepKind::kBytesSent:
      if (cuts_[place].ending == Ending::kStatus || cuts_[place].ending == Ending::kBytes) return;
      break;
    case StepKind::kExtra:
      extra_ = std::max(extra_, size_t{origin.extra} + 1);
      break;
    default:
      break;
  }
  others_.push_back(take);
}

QuickPlan::QuickPlan(const FormatPlan& plan) : plan_(&plan) {
  if (!plan.lone_clf || plan.default_utc || plan.request_step == FormatPlan::kNoStep ||
      !plan.HasText(TextField::kClient) || plan.steps.size() > kMostSteps) {
    return;
  }
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const FormatStep& origin = plan.steps[i];
    Cut cut;
    if (!Compile(origin, i + 1 == plan.steps.size(), &cut)) {
      cuts_.clear();
      return;
    }
    cuts_.push_back(cut);
    Add(origin, i);
  }
  FoldDashes();
}

inline bool QuickPlan::TakeValue(const Take& take, std::string_view raw, RecordBatch* batch) {
  const size_t i = batch->size;
  switch (take.kind) {
    case StepKind::kRequest:
      TakeRequest(raw, batch);
      return true;
    case StepKind::kStatus:
      return take.origin->dash_is_zero ? ParseLooseStatus(raw, &batch->status[i])
                                       : ParseStatus(raw, &batch->status[i]);
    case StepKind::kBytesSent:
      return ParseBytes(raw, &batch->bytes_sent[i]);
    case StepKind::kLatency:
      return ParseLatency(*take.origin, raw, &batch->latency_us[i]);
    case StepKind::kExtra:
      batch->extra[take.origin->extra][i] = OrAbsent(raw);
      return true;
    case StepKind::kSkip:
      return raw == "-" || IsDigits(raw);
    default:
      return false;
  }
}

bool QuickPlan::Parse(const IndexedLine& line, uint64_t number, ClfMinute* minute,
                      TimeResolver* resolver, RecordBatch* batch) const {
  // What is escaped has to be decoded.
  if (line.HasBackslash()) return false;
  if (!plan_->prefix.empty() && !line.text().starts_with(plan_->prefix)) return false;
  const char* const text = line.text().data();
  const size_t size = line.size();
  // First all ends, which depend on each other; then what stands between them.
  struct Field {
    const char* begin;
    size_t size;
    std::string_view text() const { return {begin, size}; }
  };
  std::array<Field, kMostSteps> fields;  // by cut
  Field* field = fields.data();
  const IndexedLine::Marks marks = line.marks();
  size_t at = plan_->prefix.size();
  const size_t i = batch->size;
  batch->bytes_sent[i] = batch->latency_us[i] = -1;
  const Cut* const behind = cuts_.data() + cuts_.size();
  for (const Cut* cut = cuts_.data(); cut != behind; ++cut) {
    size_t end = 0;
    switch (cut->ending) {
      case Ending::kDashes:
        if ((Load64(text + at) & cut->absent_mask) == cut->absent) {
          at += cut->absent_size;
          field = std::fill_n(field, cut->dashes, Field{"-", 1});
          cut += cut->dashes - 1;
          continue;
        }
        [[fallthrough]];
      case Ending::kDelimiter:
        end = marks.FindRanked(cut->rank, at);
        break;
      case Ending::kLastColon:
        end = LastColon(line.text(), at, marks.FindRanked(cut->rank, at));
        break;
      case Ending::kTime:
        end = at + ClfMinute::kWidth;
        break;
      case Ending::kStatus:
        end = OffsetOf(text, TakeStatus(text + at, &batch->status[i]));
        break;
      case Ending::kBytes:
        end = OffsetOf(text, TakeBytes(text + at, &batch->bytes_sent[i]));
        break;
      case Ending::kLineEnd:
        end = std::max(size, at);
        break;
    }
    // A word behind the line can be read: blocks are padded. What stands there may be taken
    // for the ending of a field; then what comes next ends too far.
    if (end > size || (Load32(text + end) & cut->until_mask) != cut->until) return false;
    *field++ = {text + at, end - at};
    at = end + cut->until_size;
  }
  if (at != size) return false;
  if (!minute->Read(fields[time_cut_].text(), resolver, &batch->time_us[i])) return false;
  batch->line[i] = number;
  if (extra_ != 0 && batch->extra.size() < extra_) batch->extra.resize(extra_);
  for (const TextField absent : plan_->absent) batch->Set(absent, i) = Text();
  for (const Take& take : texts_) {
    Text value = OrAbsent(fields[take.cut].text());
    if (take.checks && HasStrayBlank(*take.origin, value)) return false;
    if (take.strips && !value.empty() &&
        !(take.field == TextField::kClient && IsPlainClient(value))) {
      value = Stripped(take.field, value);
    }
    batch->Set(take.field, i) = value;
  }
  return std::all_of(others_.begin(), others_.end(), [&](const Take& take) {
    return TakeValue(take, fields[take.cut].text(), batch);
  });
}

}  // namespace civlog
