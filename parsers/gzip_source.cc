#include "parsers/gzip_source.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

constexpr size_t kInputBytes = size_t{256} << 10;
constexpr uint8_t kMagic[] = {0x1f, 0x8b};

// ISA-L's inflate with its check of length and CRC, member after member.
class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> raw, std::string name)
      : raw_(std::move(raw)), name_(std::move(name)), input_(kInputBytes) {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
    state_.next_in = input_.data();
    state_.avail_in = 0;
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  uint64_t raw_bytes_read() const override { return raw_->raw_bytes_read(); }

 private:
  enum class Next { kMember, kEnd, kGarbage };

  // Reads more input behind what is left of it. False at its end.
  absl::StatusOr<bool> Refill();
  absl::StatusOr<Next> SkipToMember();
  absl::StatusOr<size_t> Inflate(uint8_t* buffer, uint32_t capacity);
  absl::Status Damaged(const char* what) const;

  std::unique_ptr<ByteSource> raw_;
  std::string name_;
  std::vector<uint8_t> input_;
  inflate_state state_;
  bool in_member_ = false;
  bool raw_ended_ = false;
  bool damaged_ = false;
  bool at_end_ = false;
  bool first_member_ = true;
  uint64_t delivered_ = 0;
};

absl::Status GzipSource::Damaged(const char* what) const {
  return absl::DataLossError(absl::StrCat(name_, ": ", what, " after ", delivered_,
                                          " decompressed bytes; what could be read was counted; "
                                          "copy the file again and check it with gzip -t"));
}

absl::StatusOr<bool> GzipSource::Refill() {
  std::copy(state_.next_in, state_.next_in + state_.avail_in, input_.data());
  state_.next_in = input_.data();
  const absl::StatusOr<size_t> got = raw_->Read(
      reinterpret_cast<char*>(input_.data()) + state_.avail_in, input_.size() - state_.avail_in);
  if (!got.ok()) return got.status();
  state_.avail_in += static_cast<uint32_t>(*got);
  raw_ended_ = *got == 0;
  return !raw_ended_;
}

// Passes over padding to the next member's magic number.
absl::StatusOr<GzipSource::Next> GzipSource::SkipToMember() {
  while (true) {
    while (!first_member_ && state_.avail_in > 0 && *state_.next_in == 0) {
      ++state_.next_in;
      --state_.avail_in;
    }
    if (state_.avail_in >= 2) {
      return std::equal(kMagic, kMagic + 2, state_.next_in) ? Next::kMember : Next::kGarbage;
    }
    const absl::StatusOr<bool> more = Refill();
    if (!more.ok()) return more.status();
    if (!*more) return state_.avail_in == 0 ? Next::kEnd : Next::kGarbage;
  }
}

absl::StatusOr<size_t> GzipSource::Inflate(uint8_t* buffer, uint32_t capacity) {
  state_.next_out = buffer;
  state_.avail_out = capacity;
  while (state_.avail_out == capacity) {
    if (state_.avail_in == 0 && !raw_ended_) {
      const absl::StatusOr<bool> more = Refill();
      if (!more.ok()) return more.status();
    }
    const uint32_t before = state_.avail_in;
    const int result = isal_inflate(&state_);
    if (result < 0) {
      // What was decoded before the damage is delivered first.
      damaged_ = true;
      break;
    }
    if (state_.block_state == ISAL_BLOCK_FINISH) {
      in_member_ = false;
      break;
    }
    const bool stuck = state_.avail_in == before && state_.avail_out == capacity;
    if (raw_ended_ && stuck) {
      at_end_ = true;
      return Damaged("the gzip stream ends early (cut off while it was written or copied?)");
    }
  }
  const size_t produced = capacity - state_.avail_out;
  delivered_ += produced;
  return produced;
}

absl::StatusOr<size_t> GzipSource::Read(char* buffer, size_t capacity) {
  const auto room = static_cast<uint32_t>(std::min<size_t>(capacity, UINT32_MAX));
  while (!at_end_) {
    if (damaged_) {
      at_end_ = true;
      return Damaged("the gzip stream is damaged");
    }
    if (!in_member_) {
      const absl::StatusOr<Next> next = SkipToMember();
      if (!next.ok()) return next.status();
      at_end_ = *next != Next::kMember;
      if (*next == Next::kGarbage) return Damaged("something else follows the gzip stream");
      if (at_end_) break;
      first_member_ = false;
      in_member_ = true;
      isal_inflate_reset(&state_);
      state_.crc_flag = ISAL_GZIP;
    }
    absl::StatusOr<size_t> got = Inflate(reinterpret_cast<uint8_t*>(buffer), room);
    if (!got.ok() || *got > 0) return got;
  }
  return size_t{0};
}

}  // namespace

std::unique_ptr<ByteSource> MakeGzipSource(std::unique_ptr<ByteSource> raw, std::string name) {
  return std::make_unique<GzipSource>(std::move(raw), std::move(name));
}

}  // namespace civlog
