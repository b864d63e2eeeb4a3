// Compressed content of every kind, whole and broken, in reads of any size.

#include "parsers/decompressed_source.h"

#include <bzlib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zstd.h>

#include <functional>
#include <string>
#include <vector>

#include "parsers/byte_source.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  // With a checksum, as the zstd program writes it.
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  EXPECT_FALSE(ZSTD_isError(size));
  out.resize(size);
  return out;
}

std::string Xz(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string Bzip2(const std::string& text) {
  std::string out(text.size() + text.size() / 100 + 4096, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

struct Compression {
  const char* name;
  std::function<std::string(const std::string&)> compress;
};
const std::vector<Compression> kCompressions = {
    {"gzip", Gzip}, {"zstd", Zstd}, {"xz", Xz}, {"bzip2", Bzip2}};

// Gives out a few bytes at a time, as a pipe may.
class SlowSource : public ByteSource {
 public:
  SlowSource(std::string bytes, size_t most) : bytes_(std::move(bytes)), most_(most) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    const size_t size = bytes_.copy(buffer, std::min(capacity, most_), used_);
    used_ += size;
    return size;
  }
  uint64_t raw_bytes_read() const override { return used_; }

 private:
  std::string bytes_;
  size_t most_;
  size_t used_ = 0;
};

struct Content {
  std::string text;
  absl::Status status;
};

Content ReadAll(const std::string& bytes, size_t raw_bytes = 1 << 20, size_t read_bytes = 4096) {
  Content content;
  auto source = Decompressed(std::make_unique<SlowSource>(bytes, raw_bytes), "a.log");
  if (!source.ok()) return {"", source.status()};
  std::string buffer(read_bytes, '\0');
  while (true) {
    const auto got = (*source)->Read(buffer.data(), buffer.size());
    if (!got.ok()) content.status = got.status();
    if (!got.ok() || *got == 0) return content;
    content.text.append(buffer, 0, *got);
  }
}

std::string SampleText() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += "192.0.2." + std::to_string(i % 250) + " line " + std::to_string(i * 7919) + "\n";
  }
  return text;
}

TEST(DecompressedSourceTest, WholeStreams) {
  const std::string text = SampleText();
  for (const Compression& c : kCompressions) {
    const std::string bytes = c.compress(text);
    for (const size_t raw_bytes : {size_t{1}, size_t{777}, size_t{1} << 20}) {
      for (const size_t read_bytes : {size_t{17}, size_t{4096}, size_t{1} << 20}) {
        const Content content = ReadAll(bytes, raw_bytes, read_bytes);
        EXPECT_TRUE(content.status.ok()) << c.name << content.status;
        EXPECT_TRUE(content.text == text) << c.name << " " << raw_bytes << " " << read_bytes;
      }
    }
  }
}

TEST(DecompressedSourceTest, EmptyConcatenatedAndPaddedMembers) {
  for (const Compression& c : kCompressions) {
    const std::string a = c.compress("first\n");
    const std::string empty = c.compress("");
    EXPECT_EQ(ReadAll(empty).text, "") << c.name;
    EXPECT_TRUE(ReadAll(empty).status.ok()) << c.name << ReadAll(empty).status;
    const Content several = ReadAll(a + empty + a + std::string(8, '\0') + a);
    EXPECT_EQ(several.text, "first\nfirst\nfirst\n") << c.name;
    EXPECT_TRUE(several.status.ok()) << c.name << several.status;
    for (const Compression& other : kCompressions) {
      EXPECT_EQ(ReadAll(a + other.compress("second\n")).text, "first\nsecond\n")
          << c.name << ", then " << other.name;
    }
  }
}

// What could be read is delivered, the same whatever the reads are.
TEST(DecompressedSourceTest, TruncatedStreams) {
  const std::string text = SampleText();
  for (const Compression& c : kCompressions) {
    const std::string bytes = c.compress(text);
    for (const size_t cut : {size_t{12}, bytes.size() / 2, bytes.size() - 1}) {
      const Content content = ReadAll(bytes.substr(0, cut));
      EXPECT_EQ(content.status.code(), absl::StatusCode::kDataLoss) << c.name << " " << cut;
      EXPECT_TRUE(text.starts_with(content.text)) << c.name << " " << cut;
      const std::string message(content.status.message());
      EXPECT_THAT(message, HasSubstr("a.log: the ")) << c.name;
      EXPECT_THAT(message, HasSubstr("copy the file again")) << c.name;
      const Content slow = ReadAll(bytes.substr(0, cut), 3, 5);
      EXPECT_TRUE(slow.text == content.text) << c.name << " " << cut;
      EXPECT_EQ(slow.status, content.status) << c.name << " " << cut;
    }
  }
}

TEST(DecompressedSourceTest, DamageIsNeverTakenForText) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + "\n";
  for (const Compression& c : kCompressions) {
    const std::string bytes = c.compress(text);
    for (size_t i = 12; i < bytes.size(); i += 3) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
      const Content content = ReadAll(damaged);
      const bool same = content.status.ok() && content.text == text;
      EXPECT_TRUE(same || !content.status.ok()) << c.name << ": byte " << i;
    }
  }
}

TEST(DecompressedSourceTest, GzipGluedIntoText) {
  const std::string glued = "first\n" + Gzip("second\nthird\n") + "fourth\n" + Gzip("fifth\n");
  for (const size_t raw_bytes : {size_t{1}, size_t{5}, size_t{1} << 20}) {
    const Content content = ReadAll(glued, raw_bytes);
    EXPECT_EQ(content.text, "first\nsecond\nthird\nfourth\nfifth\n") << raw_bytes;
    EXPECT_TRUE(content.status.ok()) << content.status;
  }
}

// The magic number within a line, or before what is no gzip, is text.
TEST(DecompressedSourceTest, TextThatLooksLikeGzipIsText) {
  for (const std::string& text : {std::string("GET /\x1f\x8b\x08\0 x\n", 13),
                                  std::string("a\n\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff no\n", 18),
                                  std::string("a\n\x1f"), std::string("a\n\x1f\x8b\x08", 5)}) {
    const Content content = ReadAll(text);
    EXPECT_EQ(content.text, text);
    EXPECT_TRUE(content.status.ok()) << content.status;
  }
}

}  // namespace
}  // namespace civlog
