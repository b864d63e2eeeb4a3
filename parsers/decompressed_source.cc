#include "parsers/decompressed_source.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

using State = Decoder::State;

// Decoders are given windows of kWindowBytes, each used up before the next, and room
// for kOutputBytes, whatever the reads on either side are: how far one gets in a broken
// stream depends on that.
constexpr size_t kWindowBytes = size_t{64} << 10;
constexpr size_t kOutputBytes = size_t{256} << 10;
// How much of what follows a member is looked at.
constexpr size_t kLookBytes = 256;
// A gzip member within text that is damaged right away counts as one if this much text
// came out of it; else the bytes were no gzip.
constexpr size_t kConvincingBytes = 16;
// After so many that were none, text is only text: trying costs more than reading.
constexpr size_t kMostFalseAlarms = 1000;

constexpr std::string_view kEndsEarly = "ends early (truncated while it was written or copied?)";
constexpr std::string_view kDamaged = "is damaged";
constexpr std::string_view kWrongSum = "is damaged (its checksum or length is wrong)";

// `name` as one word of a shell.
std::string ShellWord(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("/._-+,:@%=").find(c) != std::string_view::npos;
  });
  return plain ? name : absl::StrCat("'", absl::StrReplaceAll(name, {{"'", "'\\''"}}), "'");
}

// The command that reads it by way of another program.
std::string Detour(const std::string& name, const ContentKind& kind) {
  if (name == kStdinName) return absl::StrCat("convert it first (", ToAbsl(kind.to_text), ")");
  return absl::StrCat("try: ", ToAbsl(kind.to_text), " ", ShellWord(name), " | civlog analyze -");
}

class DecompressedSource : public ByteSource {
 public:
  DecompressedSource(std::unique_ptr<ByteSource> raw, std::string name, std::string head,
                     absl::Status status)
      : raw_(std::move(raw)),
        name_(std::move(name)),
        input_(head.begin(), head.end()),
        end_(input_.size()),
        raw_error_(std::move(status)) {
    const ContentKind* kind = FindContentKind(head);
    begins_compressed_ = kind != nullptr;
    if (kind != nullptr) BeginMember(*kind);
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  uint64_t raw_bytes_read() const override { return raw_->raw_bytes_read(); }
  FileStamp stamp() const override { return raw_->stamp(); }
  bool compressed() const override { return begins_compressed_; }

 private:
  enum class Phase { kText, kGzipInText, kInMember, kBetweenMembers, kTrouble, kEnd };

  size_t buffered() const { return end_ - begin_; }
  bool raw_over() const { return raw_ended_ || !raw_error_.ok(); }
  std::string_view Ahead() const {
    return {reinterpret_cast<const char*>(input_.data()) + begin_, buffered()};
  }

  // Buffers at least `size` bytes, if there are as many.
  void Buffer(size_t size);
  // A new window from the next byte on. False where nothing is left.
  bool NextWindow();
  void BeginMember(const ContentKind& kind);
  void Consume(size_t size);

  absl::StatusOr<size_t> ReadText(char* buffer, size_t capacity);
  // Where in `text` a gzip member may begin, its size if nowhere.
  size_t FindGzip(std::string_view text) const;
  // Keeps text that was read for when it is asked for again.
  void PutBack(std::string_view text);
  // A header of gzip stands where a line begins, whole: begins to decode it, or makes text of it.
  void TryGzipInText();
  // Passes over padding to what follows a member.
  void FindNext();
  void Decode();
  void NoteState(State state);
  void NoteTrouble(std::string what, std::string remedy);
  absl::Status TakeTrouble();

  std::unique_ptr<ByteSource> raw_;
  std::string name_;
  std::vector<uint8_t> input_;
  size_t begin_ = 0;  // input_[begin, end) is read and not used
  size_t end_ = 0;
  size_t window_ = 0;  // of that, what decoders may have before the next window
  std::vector<uint8_t> output_;
  size_t output_begin_ = 0;  // output_[begin, end) is decoded and not handed out
  size_t output_end_ = 0;
  Phase phase_ = Phase::kText;
  bool line_begins_ = false;  // the next byte of text begins a line
  bool begins_compressed_ = false;
  const ContentKind* kind_ = nullptr;
  std::unique_ptr<Decoder> decoder_;
  size_t false_alarms_ = 0;
  uint64_t delivered_ = 0;
  std::string damage_;  // what is wrong with the stream
  std::string remedy_;
  bool raw_ended_ = false;
  absl::Status raw_error_;  // what is wrong with raw_; goes before
};

void DecompressedSource::Buffer(size_t size) {
  if (buffered() >= size || raw_over()) return;
  std::memmove(input_.data(), input_.data() + begin_, buffered());
  end_ -= std::exchange(begin_, 0);
  if (input_.size() < size) input_.resize(size);
  while (end_ < size && !raw_over()) {
    const absl::StatusOr<size_t> got =
        raw_->Read(reinterpret_cast<char*>(input_.data()) + end_, size - end_);
    if (!got.ok()) {
      raw_error_ = got.status();
    } else {
      raw_ended_ = *got == 0;
      end_ += *got;
    }
  }
}

bool DecompressedSource::NextWindow() {
  Buffer(kWindowBytes);
  window_ = std::min(kWindowBytes, buffered());
  return window_ > 0;
}

void DecompressedSource::BeginMember(const ContentKind& kind) {
  if (kind_ == nullptr || kind.make_decoder != kind_->make_decoder) decoder_ = kind.make_decoder();
  kind_ = &kind;
  output_.resize(kOutputBytes);
  decoder_->Begin();
  phase_ = Phase::kInMember;
}

void DecompressedSource::Consume(size_t size) {
  begin_ += size;
  window_ -= std::min(window_, size);
}

size_t DecompressedSource::FindGzip(std::string_view text) const {
  for (size_t at = text.find('\x1f'); at != std::string_view::npos;
       at = text.find('\x1f', at + 1)) {
    const bool line_begins = at == 0 ? line_begins_ : text[at - 1] == '\n';
    if (line_begins && false_alarms_ < kMostFalseAlarms &&
        MayBeGzipHeader(text.substr(at, kGzipHeaderBytes)))
      return at;
  }
  return text.size();
}

void DecompressedSource::PutBack(std::string_view text) {
  if (begin_ < text.size()) {
    const size_t shift = text.size() - begin_;
    input_.resize(std::max(input_.size(), end_ + shift));
    std::memmove(input_.data() + begin_ + shift, input_.data() + begin_, buffered());
    begin_ += shift;
    end_ += shift;
  }
  begin_ -= text.size();
  std::memcpy(input_.data() + begin_, text.data(), text.size());
}

// Straight into the caller's buffer, so that plain logs cost one search for a byte that
// they do not have.
absl::StatusOr<size_t> DecompressedSource::ReadText(char* buffer, size_t capacity) {
  size_t size = std::min(capacity, buffered());
  if (size > 0) {
    std::memcpy(buffer, input_.data() + begin_, size);
    Consume(size);
  } else if (raw_over()) {
    phase_ = Phase::kEnd;
    if (!raw_error_.ok()) return raw_error_;
  } else {
    absl::StatusOr<size_t> got = raw_->Read(buffer, capacity);
    if (!got.ok() || *got == 0) {
      phase_ = Phase::kEnd;
      return got;
    }
    size = *got;
  }
  const std::string_view text(buffer, size);
  const size_t gzip = FindGzip(text);
  if (gzip < size) {
    PutBack(text.substr(gzip));
    phase_ = Phase::kGzipInText;
  }
  if (gzip > 0) line_begins_ = buffer[gzip - 1] == '\n';
  delivered_ += gzip;
  return gzip;
}

void DecompressedSource::TryGzipInText() {
  // Byte by byte at first: a pipe may have no more for now, and be text.
  size_t known = std::min(buffered(), kGzipHeaderBytes);
  while (known < kGzipHeaderBytes && MayBeGzipHeader(Ahead().substr(0, known)) && !raw_over()) {
    Buffer(++known);
    known = std::min(known, buffered());
  }
  if (known == kGzipHeaderBytes && MayBeGzipHeader(Ahead().substr(0, known))) {
    NextWindow();
    const size_t size = window_;
    BeginMember(*FindContentKind(Ahead()));
    const Decoder::Step step =
        decoder_->Decode({input_.data() + begin_, size}, absl::Span<uint8_t>(output_));
    output_begin_ = 0;
    output_end_ = step.produced;
    const std::string_view text(reinterpret_cast<const char*>(output_.data()), step.produced);
    const bool failed = step.state != State::kMore && step.state != State::kMemberEnd;
    if (!failed || (text.size() >= kConvincingBytes && LooksLikeText(text))) {
      Consume(step.consumed);
      return NoteState(step.state);
    }
    output_end_ = 0;
    ++false_alarms_;
  }
  line_begins_ = false;
  phase_ = Phase::kText;
}

void DecompressedSource::FindNext() {
  bool padding = true;
  while (padding) {
    while (window_ > 0 && input_[begin_] == 0) Consume(1);
    padding = window_ == 0 && NextWindow();
  }
  if (window_ < kLookBytes) NextWindow();
  if (window_ == 0) {
    phase_ = raw_error_.ok() ? Phase::kEnd : Phase::kTrouble;
    return;
  }
  const std::string_view ahead = Ahead().substr(0, kLookBytes);
  const ContentKind* kind = FindContentKind(ahead);
  if (kind != nullptr && kind->make_decoder != nullptr) return BeginMember(*kind);
  if (kind == nullptr && LooksLikeText(ahead)) {
    line_begins_ = true;
    phase_ = Phase::kText;
  } else if (kind == nullptr && MayBecomeContentKind(ahead)) {
    NoteTrouble(absl::StrCat("the ", ToAbsl(kind_->name), " stream ", ToAbsl(kEndsEarly)), "");
  } else {
    NoteTrouble(absl::StrCat("something that is not ", ToAbsl(kind_->name), " follows the ",
                             ToAbsl(kind_->name), " stream"),
                "");
  }
}

void DecompressedSource::Decode() {
  if (window_ == 0) NextWindow();
  const bool has_input = window_ > 0;
  const Decoder::Step step =
      decoder_->Decode({input_.data() + begin_, window_}, absl::Span<uint8_t>(output_));
  Consume(step.consumed);
  output_begin_ = 0;
  output_end_ = step.produced;
  if (!has_input && step.produced == 0 && step.state == State::kMore) {
    return NoteTrouble(absl::StrCat("the ", ToAbsl(kind_->name), " stream ", ToAbsl(kEndsEarly)),
                       "");
  }
  NoteState(step.state);
}

void DecompressedSource::NoteState(State state) {
  const std::string stream = absl::StrCat("the ", ToAbsl(kind_->name), " stream ");
  switch (state) {
    case State::kMore:
      phase_ = Phase::kInMember;
      return;
    case State::kMemberEnd:
      phase_ = Phase::kBetweenMembers;
      return;
    case State::kDamaged:
      return NoteTrouble(absl::StrCat(stream, ToAbsl(kDamaged)), "");
    case State::kWrongSum:
      return NoteTrouble(absl::StrCat(stream, ToAbsl(kWrongSum)), "");
    case State::kTooLarge:
      return NoteTrouble(absl::StrCat(stream, "asks for more memory than the ",
                                      kDecoderMemoryBytes >> 20, " MiB that it may have"),
                         Detour(name_, *kind_));
    case State::kUnsupported:
      return NoteTrouble(absl::StrCat(stream,
                                      "was made in a way that cannot be read (a "
                                      "dictionary or a filter of its own?)"),
                         Detour(name_, *kind_));
  }
}

void DecompressedSource::NoteTrouble(std::string what, std::string remedy) {
  damage_ = std::move(what);
  remedy_ = std::move(remedy);
  phase_ = Phase::kTrouble;
}

absl::Status DecompressedSource::TakeTrouble() {
  phase_ = Phase::kEnd;
  if (!raw_error_.ok()) return raw_error_;
  if (remedy_.empty()) {
    remedy_ = absl::StrCat("copy the file again and check it with ", ToAbsl(kind_->check));
  }
  return absl::DataLossError(absl::StrCat(name_, ": ", damage_, " after ", delivered_,
                                          " decompressed bytes; what could be read was counted; ",
                                          remedy_));
}

absl::StatusOr<size_t> DecompressedSource::Read(char* buffer, size_t capacity) {
  while (output_begin_ == output_end_) {
    switch (phase_) {
      case Phase::kText: {
        absl::StatusOr<size_t> got = ReadText(buffer, capacity);
        if (!got.ok() || *got > 0) return got;
        break;
      }
      case Phase::kGzipInText:
        TryGzipInText();
        break;
      case Phase::kInMember:
        Decode();
        break;
      case Phase::kBetweenMembers:
        FindNext();
        break;
      case Phase::kTrouble:
        return TakeTrouble();
      case Phase::kEnd:
        return size_t{0};
    }
  }
  const size_t size = std::min(capacity, output_end_ - output_begin_);
  std::memcpy(buffer, output_.data() + output_begin_, size);
  output_begin_ += size;
  delivered_ += size;
  return size;
}

}  // namespace

std::unique_ptr<ByteSource> MakeDecompressedSource(std::unique_ptr<ByteSource> raw,
                                                   std::string name, std::string head,
                                                   absl::Status status) {
  return std::make_unique<DecompressedSource>(std::move(raw), std::move(name), std::move(head),
                                              std::move(status));
}

absl::Status Refusal(const std::string& name, const ContentKind& kind) {
  return absl::InvalidArgumentError(absl::StrCat(
      name, ": is ", ToAbsl(kind.name), ", which is not read directly; ", Detour(name, kind)));
}

}  // namespace civlog
