#include "parsers/block_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "parsers/byte_source.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;

struct ReadResult {
  std::string text;
  uint64_t lines = 0;
  absl::Status status;
};

// Everything a reader yields, with its contract checked on the way.
ReadResult ReadAll(std::unique_ptr<ByteSource> source, size_t block_bytes) {
  BlockReader reader(std::move(source), block_bytes);
  Block block;
  ReadResult result;
  while (reader.Next(&block)) {
    EXPECT_EQ(block.first_line, result.lines + 1);
    EXPECT_GE(block.buffer.size(), block.size + kBlockPadding);
    result.text += block.text();
    result.lines += block.line_count;
  }
  result.status = reader.status();
  return result;
}

TEST(BlockReaderTest, EverySplitGivesTheSame) {
  const std::vector<std::string> inputs = {"",
                                           "\n",
                                           "a",
                                           "a\n",
                                           "\n\n",
                                           "one\ntwo\n\nfour",
                                           "x\r\ny\r\n",
                                           std::string("n\0l\n\0", 5),
                                           "a much longer line than the others\nb\nc\n"};
  for (const std::string& input : inputs) {
    const auto lines = static_cast<uint64_t>(std::count(input.begin(), input.end(), '\n')) +
                       (!input.empty() && input.back() != '\n' ? 1 : 0);
    for (size_t block = 1; block <= input.size() + 2; ++block) {
      for (size_t piece = 0; piece <= input.size(); ++piece) {
        const ReadResult result = ReadAll(MakeMemorySource(input, piece), block);
        EXPECT_EQ(result.text, input);
        EXPECT_EQ(result.lines, lines);
        EXPECT_TRUE(result.status.ok());
      }
    }
  }
}

TEST(BlockReaderTest, SmallBlocksHoldOneLine) {
  BlockReader reader(MakeMemorySource("a\nbb\nc"), 1);
  Block block;
  std::vector<std::string> texts;
  while (reader.Next(&block)) texts.emplace_back(block.text());
  EXPECT_THAT(texts, ::testing::ElementsAre("a\n", "bb\n", "c"));
}

TEST(BlockReaderTest, DropsAByteOrderMarkAtTheStartOnly) {
  const std::string mark = "\xEF\xBB\xBF";
  for (size_t piece = 0; piece < 6; ++piece) {
    EXPECT_EQ(ReadAll(MakeMemorySource(mark + "a\n" + mark + "b", piece), 4).text,
              "a\n" + mark + "b");
    EXPECT_EQ(ReadAll(MakeMemorySource(mark, piece), 4).text, "");
    EXPECT_EQ(ReadAll(MakeMemorySource("\xEF\xBB", piece), 4).text, "\xEF\xBB");
  }
}

TEST(BlockReaderTest, AHundredMegabyteLineTakesLittleMemory) {
  std::string input = "first\n" + std::string(size_t{100} << 20, 'x') + "\nlast\n";
  BlockReader reader(MakeMemorySource(std::move(input)), size_t{1} << 20);
  Block block;
  uint64_t lines = 0;
  size_t largest = 0;
  std::string last;
  while (reader.Next(&block)) {
    lines += block.line_count;
    largest = std::max(largest, block.buffer.capacity());
    last = std::string(block.text().substr(block.text().size() - 5));
  }
  EXPECT_EQ(lines, 3u);
  EXPECT_EQ(last, "last\n");
  EXPECT_LT(largest, size_t{16} << 20);
}

ReadResult ReadGzip(const std::string& bytes, size_t piece, size_t block_bytes = 64) {
  auto source = Decompressed(MakeMemorySource(bytes, piece), "access.log.gz");
  if (!source.ok()) return {"", 0, source.status()};
  return ReadAll(*std::move(source), block_bytes);
}

TEST(GzipTest, MembersFollowEachOther) {
  const std::string members = Gzip("one\ntwo\n") + Gzip("") + Gzip("three\n") +
                              std::string(512, '\0') + Gzip("four") + std::string(100, '\0');
  for (const size_t piece : std::vector<size_t>{0, 1, 2, 3, 7, 64}) {
    const ReadResult result = ReadGzip(members, piece);
    EXPECT_EQ(result.text, "one\ntwo\nthree\nfour");
    EXPECT_TRUE(result.status.ok()) << result.status;
  }
}

TEST(GzipTest, ACutStreamYieldsWhatItHasAndAnError) {
  const std::string first = Gzip("one\ntwo\n");
  const std::string bytes = first + Gzip("three\nfour\n");
  const std::string text = "one\ntwo\nthree\nfour\n";
  for (size_t size = 2; size < bytes.size(); ++size) {
    const ReadResult result = ReadGzip(bytes.substr(0, size), 0);
    EXPECT_EQ(result.text, text.substr(0, result.text.size()));
    if (size == first.size()) {
      EXPECT_TRUE(result.status.ok());
      EXPECT_EQ(result.text, "one\ntwo\n");
    } else {
      EXPECT_EQ(result.status.code(), absl::StatusCode::kDataLoss) << size;
      EXPECT_THAT(std::string(result.status.message()), HasSubstr("access.log.gz"));
    }
    if (size > first.size()) {
      EXPECT_THAT(result.text, HasSubstr("two\n"));
    }
  }
}

TEST(GzipTest, DamageIsFound) {
  const std::string text = "some text that is long enough to be damaged somewhere\n";
  const std::string bytes = Gzip(text);
  size_t found = 0;
  for (size_t i = 10; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    // Some bits of a block's header mean nothing.
    const ReadResult result = ReadGzip(damaged, 0);
    const bool harmless = result.status.ok() && result.text == text;
    EXPECT_TRUE(harmless || result.status.code() == absl::StatusCode::kDataLoss) << i;
    found += harmless ? 0 : 1;
  }
  EXPECT_GT(found * 10, (bytes.size() - 10) * 9);
  const ReadResult trailing = ReadGzip(bytes + std::string("\x01\x02\x03", 3), 0);
  EXPECT_EQ(trailing.lines, 1u);
  EXPECT_EQ(trailing.status.code(), absl::StatusCode::kDataLoss);
}

TEST(SourceTest, OtherCompressionIsRefusedWithTheRemedy) {
  const auto source = Decompressed(MakeMemorySource(std::string("PK\x03\x04....", 8)), "a.zip");
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(std::string(source.status().message()),
              HasSubstr("unzip -p a.zip | civlog analyze -"));
}

}  // namespace
}  // namespace civlog
