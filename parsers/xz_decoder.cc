#include <lzma.h>

#include "parsers/decoder.h"

namespace civlog {
namespace {

class XzDecoder : public Decoder {
 public:
  XzDecoder() = default;
  ~XzDecoder() override { lzma_end(&stream_); }
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;

  void Begin() override { ready_ = lzma_stream_decoder(&stream_, kDecoderMemoryBytes, 0); }

  Step Decode(absl::Span<const uint8_t> input, absl::Span<uint8_t> output) override {
    stream_.next_in = input.data();
    stream_.avail_in = input.size();
    stream_.next_out = output.data();
    stream_.avail_out = output.size();
    const lzma_ret result = ready_ == LZMA_OK ? lzma_code(&stream_, LZMA_RUN) : ready_;
    return {input.size() - stream_.avail_in, output.size() - stream_.avail_out, StateOf(result)};
  }

 private:
  static State StateOf(lzma_ret result) {
    switch (result) {
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // no progress without input or room
        return State::kMore;
      case LZMA_STREAM_END:
        return State::kMemberEnd;
      case LZMA_MEM_ERROR:
      case LZMA_MEMLIMIT_ERROR:
        return State::kTooLarge;
      case LZMA_OPTIONS_ERROR:
        return State::kUnsupported;
      default:
        return State::kDamaged;
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret ready_ = LZMA_OK;
};

}  // namespace

std::unique_ptr<Decoder> MakeXzDecoder() { return std::make_unique<XzDecoder>(); }

}  // namespace civlog
