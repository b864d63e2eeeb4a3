#include <isa-l/igzip_lib.h>

#include <algorithm>

#include "parsers/decoder.h"

namespace civlog {
namespace {

// ISA-L's inflate with its check of length and CRC.
//
// How far ISA-L gets in a stream that is cut or damaged depends on the sizes of its
// buffers (by a few bytes: it decodes several symbols at a time). Who calls it with
// the same buffers gets the same bytes.
class GzipDecoder : public Decoder {
 public:
  GzipDecoder() { isal_inflate_init(&state_); }

  void Begin() override {
    isal_inflate_reset(&state_);
    state_.crc_flag = ISAL_GZIP;
    trouble_ = State::kMore;
  }

  Step Decode(absl::Span<const uint8_t> input, absl::Span<uint8_t> output) override {
    Step step;
    if (trouble_ != State::kMore) return TakeDecodedAhead(output, step);
    // It never writes through next_in.
    state_.next_in = const_cast<uint8_t*>(input.data());
    state_.avail_in = static_cast<uint32_t>(input.size());
    state_.next_out = output.data();
    state_.avail_out = static_cast<uint32_t>(output.size());
    const int result = isal_inflate(&state_);
    step.consumed = input.size() - state_.avail_in;
    step.produced = output.size() - state_.avail_out;
    if (result < 0) {
      trouble_ = result == ISAL_INCORRECT_CHECKSUM ? State::kWrongSum : State::kDamaged;
      return TakeDecodedAhead(output, step);
    }
    if (state_.block_state == ISAL_BLOCK_FINISH) {
      step.state = State::kMemberEnd;
    }
    return step;
  }

 private:
  // ISA-L decodes into a buffer of its own where the room left is small, and returns
  // from damage without handing out what that buffer holds.
  Step TakeDecodedAhead(absl::Span<uint8_t> output, Step step) {
    const auto held = static_cast<size_t>(state_.tmp_out_valid - state_.tmp_out_processed);
    const size_t taken = std::min(held, output.size() - step.produced);
    std::copy_n(state_.tmp_out_buffer + state_.tmp_out_processed, taken,
                output.data() + step.produced);
    state_.tmp_out_processed += static_cast<int32_t>(taken);
    step.produced += taken;
    if (taken == held) step.state = trouble_;
    return step;
  }

  inflate_state state_ = {};
  State trouble_ = State::kMore;  // met, but decoded bytes go before it
};

}  // namespace

std::unique_ptr<Decoder> MakeGzipDecoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace civlog
