#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

#include "parsers/decoder.h"

namespace civlog {
namespace {

// The magic number and what tells the size of the header (RFC 8878, section 3.1.1).
constexpr size_t kFirstWanted = 5;

// A failing call of libzstd loses what it decoded. It is therefore given what it asks
// for and no more, which is a block at a time: everything before a damaged block has
// been handed out by then.
class ZstdDecoder : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) return;
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, static_cast<int>(kDecoderMemoryBits));
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  void Begin() override {
    if (stream_ != nullptr) ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only);
    wanted_ = kFirstWanted;
  }

  Step Decode(absl::Span<const uint8_t> input, absl::Span<uint8_t> output) override {
    if (stream_ == nullptr) return {0, 0, State::kTooLarge};
    Step step;
    ZSTD_outBuffer out{output.data(), output.size(), 0};
    while (out.pos < out.size && step.state == State::kMore) {
      ZSTD_inBuffer in{input.data() + step.consumed,
                       std::min(wanted_, input.size() - step.consumed), 0};
      const size_t before = out.pos;
      const size_t result = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(result) != 0) {
        step.state = Trouble(ZSTD_getErrorCode(result));
        break;
      }
      step.consumed += in.pos;
      if (result == 0) step.state = State::kMemberEnd;
      wanted_ = result;
      if (in.pos == 0 && out.pos == before) break;
    }
    step.produced = out.pos;
    return step;
  }

 private:
  static State Trouble(ZSTD_ErrorCode code) {
    switch (code) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return State::kTooLarge;
      case ZSTD_error_checksum_wrong:
        return State::kWrongSum;
      case ZSTD_error_dictionary_wrong:
      case ZSTD_error_frameParameter_unsupported:
      case ZSTD_error_version_unsupported:
        return State::kUnsupported;
      default:
        return State::kDamaged;
    }
  }

  ZSTD_DStream* stream_;
  size_t wanted_ = 0;  // bytes that it asks for next
};

}  // namespace

std::unique_ptr<Decoder> MakeZstdDecoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace civlog
