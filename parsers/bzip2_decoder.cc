#include <bzlib.h>

#include "parsers/decoder.h"

namespace civlog {
namespace {

class Bzip2Decoder : public Decoder {
 public:
  Bzip2Decoder() = default;
  ~Bzip2Decoder() override { End(); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  void Begin() override {
    End();
    stream_ = {};
    begun_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }

  Step Decode(absl::Span<const uint8_t> input, absl::Span<uint8_t> output) override {
    if (!begun_) return {0, 0, State::kTooLarge};
    // It never writes through next_in.
    stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(input.data()));
    stream_.avail_in = static_cast<unsigned>(input.size());
    stream_.next_out = reinterpret_cast<char*>(output.data());
    stream_.avail_out = static_cast<unsigned>(output.size());
    const int result = BZ2_bzDecompress(&stream_);
    return {input.size() - stream_.avail_in, output.size() - stream_.avail_out, StateOf(result)};
  }

 private:
  void End() {
    if (begun_) BZ2_bzDecompressEnd(&stream_);
    begun_ = false;
  }

  static State StateOf(int result) {
    if (result == BZ_OK) return State::kMore;
    if (result == BZ_STREAM_END) return State::kMemberEnd;
    return result == BZ_MEM_ERROR ? State::kTooLarge : State::kDamaged;
  }

  bz_stream stream_ = {};
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Decoder> MakeBzip2Decoder() { return std::make_unique<Bzip2Decoder>(); }

}  // namespace civlog
