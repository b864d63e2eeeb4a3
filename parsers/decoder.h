// What a compression format does for the source that reads it: tells where its
// members end and turns their bytes into text.

#ifndef CIVLOG_PARSERS_DECODER_H_
#define CIVLOG_PARSERS_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/types/span.h"

namespace civlog {

// How much memory a decoder may take: formats let a stream ask for gigabytes.
inline constexpr size_t kDecoderMemoryBits = 28;
inline constexpr size_t kDecoderMemoryBytes = size_t{1} << kDecoderMemoryBits;

// Decodes one member (gzip member, zstd frame, xz or bzip2 stream) after another.
// Knows nothing of files, padding or what follows a member. Not thread-safe.
class Decoder {
 public:
  enum class State {
    kMore,         // the member goes on
    kMemberEnd,    // and was found whole
    kDamaged,      // no such stream
    kWrongSum,     // its checksum or length says that it is not what was written
    kTooLarge,     // wants more than kDecoderMemoryBytes
    kUnsupported,  // whole perhaps, but made in a way that cannot be read
  };
  // What one call did. With any State there may be bytes that were decoded before it.
  struct Step {
    size_t consumed = 0;
    size_t produced = 0;
    State state = State::kMore;
  };

  virtual ~Decoder() = default;

  // Makes ready for the next member.
  virtual void Begin() = 0;
  // Decodes bytes of the current member into `output`; `input` may be empty, since
  // decoded bytes may be waiting for room. A step that neither consumes nor produces
  // asks for input. After kMemberEnd or an error, only Begin may be called.
  virtual Step Decode(absl::Span<const uint8_t> input, absl::Span<uint8_t> output) = 0;
};

std::unique_ptr<Decoder> MakeGzipDecoder();   // RFC 1952, by ISA-L
std::unique_ptr<Decoder> MakeZstdDecoder();   // RFC 8878, skippable frames too
std::unique_ptr<Decoder> MakeXzDecoder();     // the xz file format 1.0.4
std::unique_ptr<Decoder> MakeBzip2Decoder();  // bzip2 1.0

}  // namespace civlog

#endif  // CIVLOG_PARSERS_DECODER_H_
