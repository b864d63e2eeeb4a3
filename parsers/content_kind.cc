#include "parsers/content_kind.h"

#include <algorithm>
#include <iterator>

namespace civlog {
namespace {

// RFC 1952, RFC 8878 (frames and skippable frames), the xz file format 1.0.4, bzip2
// (a first block, or none), PKWARE's APPNOTE (a file, or none), 7zFormat.txt, the LZ4
// frame format 1.6, compress(1), Unicode's byte order marks.
constexpr ContentKind kKinds[] = {
    {std::string_view("\x1f\x8b", 2), "gzip", &MakeGzipDecoder, "zcat", "gzip -t"},
    {std::string_view("\x28\xb5\x2f\xfd", 4), "zstd", &MakeZstdDecoder, "zstdcat --long=31",
     "zstd -t"},
    {std::string_view(".\x2a\x4d\x18", 4), "zstd", &MakeZstdDecoder, "zstdcat --long=31",
     "zstd -t"},
    {std::string_view("\xfd\x37\x7a\x58\x5a\x00", 6), "xz", &MakeXzDecoder, "xzcat", "xz -t"},
    {"BZh.1AY&SY", "bzip2", &MakeBzip2Decoder, "bzcat", "bzip2 -t"},
    {"BZh.\x17\x72\x45\x38\x50\x90", "bzip2", &MakeBzip2Decoder, "bzcat", "bzip2 -t"},
    {std::string_view("PK\x03\x04", 4), "zip", nullptr, "unzip -p", ""},
    {std::string_view("PK\x05\x06", 4), "zip", nullptr, "unzip -p", ""},
    {"7z\xbc\xaf\x27\x1c", "7-Zip", nullptr, "7z x -so", ""},
    {"\x04\x22\x4d\x18", "LZ4", nullptr, "lz4cat", ""},
    {"\x1f\x9d", "compress", nullptr, "zcat", ""},
    {"\xff\xfe", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8", ""},
    {"\xfe\xff", "UTF-16", nullptr, "iconv -f UTF-16 -t UTF-8", ""},
};

static_assert(std::all_of(std::begin(kKinds), std::end(kKinds), [](const ContentKind& kind) {
  return kind.magic.size() <= kMagicBytes;
}));

// True where the bytes that both have are the same.
bool Agree(std::string_view magic, std::string_view head) {
  return std::equal(
      magic.begin(),
      magic.begin() + static_cast<std::ptrdiff_t>(std::min(magic.size(), head.size())),
      head.begin(), [](char want, char got) { return want == '.' || want == got; });
}

}  // namespace

const ContentKind* FindContentKind(std::string_view head) {
  for (const ContentKind& kind : kKinds) {
    if (head.size() >= kind.magic.size() && Agree(kind.magic, head)) return &kind;
  }
  return nullptr;
}

bool MayBecomeContentKind(std::string_view head) {
  return std::any_of(std::begin(kKinds), std::end(kKinds), [head](const ContentKind& kind) {
    return head.size() < kind.magic.size() && Agree(kind.magic, head);
  });
}

bool MayBeGzipHeader(std::string_view head) {
  constexpr std::string_view kMagic = "\x1f\x8b\x08";
  if (!Agree(kMagic, head)) return false;
  // Behind the magic number: flags, four bytes of time, how it was compressed (0, or
  // the best or the fastest way), the system (0 to 13, or unknown).
  const auto byte = [head](size_t i) { return static_cast<unsigned char>(head[i]); };
  if (head.size() > 3 && (byte(3) & 0xe0) != 0) return false;
  if (head.size() > 8 && byte(8) != 0 && byte(8) != 2 && byte(8) != 4) return false;
  return head.size() <= 9 || byte(9) <= 13 || byte(9) == 255;
}

bool LooksLikeText(std::string_view head) {
  if (head.empty()) return false;
  // Behind its first line may stand anything, such as another gzip member.
  head = head.substr(0, std::min(head.find('\n'), head.size() - 1) + 1);
  size_t odd = 0;
  for (const char c : head) {
    if (c == '\0') return false;
    const bool printable = (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n';
    if (!printable) ++odd;
  }
  return odd * 4 <= head.size();
}

}  // namespace civlog
