#include "parsers/gzip_source.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"

namespace civlog {
namespace {

constexpr size_t kInputBytes = size_t{64} << 10;
constexpr size_t kOutputBytes = size_t{256} << 10;
constexpr uint8_t kMagic[] = {0x1f, 0x8b};
constexpr std::string_view kEndsEarly =
    "the gzip stream ends early (truncated while it was written or copied?)";
constexpr std::string_view kDamaged = "the gzip stream is damaged";
constexpr std::string_view kWrongSum =
    "the gzip stream is damaged (its checksum or length is wrong)";
constexpr std::string_view kFollowed = "something that is not gzip follows the gzip stream";

// ISA-L's inflate with its check of length and CRC, member after member. Trouble is
// noted where it is met and reported once everything before it has been handed out.
//
// How far ISA-L gets in a stream that is cut or damaged depends on the sizes of its
// buffers (by a few bytes: it decodes several symbols at a time). It is therefore
// given full buffers of fixed sizes, whatever the reads on either side are, so that a
// broken file always yields the same bytes.
class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> raw, std::string name)
      : raw_(std::move(raw)), name_(std::move(name)), input_(kInputBytes), output_(kOutputBytes) {
    isal_inflate_init(&state_);
    state_.next_in = input_.data();
    state_.avail_in = 0;
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  uint64_t raw_bytes_read() const override { return raw_->raw_bytes_read(); }

 private:
  enum class Phase { kBetweenMembers, kInMember, kTrouble, kEnd };

  // Fills the input buffer. False where nothing was left to fill it with.
  bool Refill();
  // Passes over padding to the next member, or notes that there is none.
  void FindMember();
  // Decodes into the output buffer.
  void Inflate();
  // Moves what ISA-L had decoded ahead when it met damage to the output buffer.
  void TakeDecodedAhead();
  void NoteDamage(std::string_view what);
  absl::Status TakeTrouble();

  std::unique_ptr<ByteSource> raw_;
  std::string name_;
  std::vector<uint8_t> input_;
  std::vector<uint8_t> output_;
  size_t output_begin_ = 0;  // output_[begin, end) is decoded and not handed out
  size_t output_end_ = 0;
  inflate_state state_;
  Phase phase_ = Phase::kBetweenMembers;
  bool first_member_ = true;
  uint64_t delivered_ = 0;
  std::string_view damage_;  // what is wrong with the stream
  bool raw_ended_ = false;
  absl::Status raw_error_;  // what is wrong with raw_; goes before
};

bool GzipSource::Refill() {
  std::memmove(input_.data(), state_.next_in, state_.avail_in);
  state_.next_in = input_.data();
  const uint32_t before = state_.avail_in;
  while (raw_error_.ok() && !raw_ended_ && state_.avail_in < input_.size()) {
    const absl::StatusOr<size_t> got = raw_->Read(
        reinterpret_cast<char*>(input_.data()) + state_.avail_in, input_.size() - state_.avail_in);
    if (!got.ok()) {
      raw_error_ = got.status();
    } else {
      raw_ended_ = *got == 0;
      state_.avail_in += static_cast<uint32_t>(*got);
    }
  }
  return state_.avail_in > before;
}

void GzipSource::NoteDamage(std::string_view what) {
  damage_ = what;
  phase_ = Phase::kTrouble;
}

void GzipSource::FindMember() {
  do {
    while (!first_member_ && state_.avail_in > 0 && *state_.next_in == 0) {
      ++state_.next_in;
      --state_.avail_in;
    }
  } while (state_.avail_in < 2 && Refill());
  if (state_.avail_in == 0) {
    phase_ = raw_error_.ok() ? Phase::kEnd : Phase::kTrouble;
    return;
  }
  if (!std::equal(kMagic, kMagic + std::min<size_t>(2, state_.avail_in), state_.next_in)) {
    return NoteDamage(kFollowed);
  }
  if (state_.avail_in < 2) return NoteDamage(kEndsEarly);
  first_member_ = false;
  phase_ = Phase::kInMember;
  isal_inflate_reset(&state_);
  state_.crc_flag = ISAL_GZIP;
}

void GzipSource::Inflate() {
  const bool has_input = state_.avail_in > 0 || Refill();
  state_.next_out = output_.data();
  state_.avail_out = static_cast<uint32_t>(output_.size());
  // Without input too: decoded bytes may be waiting for room.
  const int result = isal_inflate(&state_);
  output_begin_ = 0;
  output_end_ = output_.size() - state_.avail_out;
  if (result < 0) {
    NoteDamage(result == ISAL_INCORRECT_CHECKSUM ? kWrongSum : kDamaged);
  } else if (state_.block_state == ISAL_BLOCK_FINISH) {
    phase_ = Phase::kBetweenMembers;
  } else if (!has_input && output_end_ == 0) {
    NoteDamage(kEndsEarly);
  }
}

// ISA-L decodes into a buffer of its own where the room left is small, and returns
// from damage without handing out what that buffer holds.
void GzipSource::TakeDecodedAhead() {
  const uint8_t* held = state_.tmp_out_buffer;
  output_end_ = static_cast<size_t>(
      std::copy(held + state_.tmp_out_processed, held + state_.tmp_out_valid, output_.begin()) -
      output_.begin());
  output_begin_ = 0;
  state_.tmp_out_processed = state_.tmp_out_valid;
}

absl::Status GzipSource::TakeTrouble() {
  phase_ = Phase::kEnd;
  if (!raw_error_.ok()) return raw_error_;
  return absl::DataLossError(
      absl::StrCat(name_, ": ", ToAbsl(damage_), " after ", delivered_,
                   " decompressed bytes; what could be read was counted; copy the file again and "
                   "check it with gzip -t"));
}

absl::StatusOr<size_t> GzipSource::Read(char* buffer, size_t capacity) {
  while (output_begin_ == output_end_ && phase_ != Phase::kEnd) {
    if (phase_ == Phase::kBetweenMembers) {
      FindMember();
    } else if (phase_ == Phase::kInMember) {
      Inflate();
    } else {
      TakeDecodedAhead();
      if (output_end_ == 0) return TakeTrouble();
    }
  }
  const size_t size = std::min(capacity, output_end_ - output_begin_);
  std::memcpy(buffer, output_.data() + output_begin_, size);
  output_begin_ += size;
  delivered_ += size;
  return size;
}

}  // namespace

std::unique_ptr<ByteSource> MakeGzipSource(std::unique_ptr<ByteSource> raw, std::string name) {
  return std::make_unique<GzipSource>(std::move(raw), std::move(name));
}

}  // namespace civlog
