#include "parsers/delimiter_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "parsers/line_parser.h"

namespace civlog {
namespace {

// Text of few different bytes, so that each stands often, with readable bytes behind.
std::string RandomText(std::mt19937* random, size_t size) {
  constexpr char kBytes[] = {'\n', '\\', ' ', '"', 'a', '\0', '\x80', '\xff'};
  std::string text(size + 64, ' ');
  for (char& c : text) c = kBytes[(*random)() % std::size(kBytes)];
  return text;
}

TEST(DelimiterIndexTest, EveryVariantMarksWhatThePlainOneMarks) {
  const std::vector<std::string_view> variants = VectorVariants();
  ASSERT_EQ(variants.back(), "none");
  std::mt19937 random(1);
  for (size_t words = 1; words < 40; ++words) {
    const std::string text = RandomText(&random, words * 64);
    const MarkedBytes bytes = {'\n', '\\', '\x80', '\0'};
    std::vector<ByteMasks> plain(words);
    MarkBytes("none", text.data(), words, bytes, plain.data());
    for (const std::string_view variant : variants) {
      std::vector<ByteMasks> masks(words);
      MarkBytes(variant, text.data(), words, bytes, masks.data());
      EXPECT_EQ(masks, plain) << variant << ", " << words << " words";
    }
    for (size_t i = 0; i < words * 64; ++i) {
      for (size_t b = 0; b < bytes.size(); ++b) {
        ASSERT_EQ((plain[i / 64][b] >> (i % 64)) & 1, text[i] == bytes[b] ? 1U : 0U) << i;
      }
    }
  }
}

TEST(DelimiterIndexTest, EveryVariantCountsNewlines) {
  std::mt19937 random(3);
  for (size_t size = 0; size < 700; ++size) {
    // What stands behind the text must not be counted.
    const std::string padded = RandomText(&random, size) + std::string(64, '\n');
    const std::string_view text = std::string_view(padded).substr(0, size);
    const auto expected = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_EQ(CountNewlines(text), expected) << size;
    for (const std::string_view variant : VectorVariants()) {
      EXPECT_EQ(CountNewlines(variant, text), expected) << variant << " " << size;
    }
  }
}

TEST(DelimiterIndexTest, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(2);
  DelimiterIndex index({' ', '"'});
  for (size_t size = 0; size < 300; ++size) {
    const std::string padded = RandomText(&random, size);
    const std::string_view text = std::string_view(padded).substr(0, size);
    index.Index(text);
    for (size_t from = 0; from <= size; ++from) {
      ASSERT_EQ(index.Find(' ', from), text.find(' ', from)) << size << " " << from;
      ASSERT_EQ(index.Find('"', from), text.find('"', from)) << size << " " << from;
      ASSERT_EQ(index.FindNewline(from), text.find('\n', from)) << size << " " << from;
      for (const size_t end : {from, std::min(from + 7, size), size}) {
        ASSERT_EQ(index.HasBackslash(from, end),
                  text.substr(from, end - from).find('\\') != std::string_view::npos)
            << size << " " << from << " " << end;
      }
    }
  }
}

// Lines that end anywhere in what is indexed at once, and lines that are longer.
TEST(DelimiterIndexTest, LinesOfAnyLengthAreRead) {
  constexpr size_t kMost = DelimiterIndex::kMostBytes;
  std::vector<size_t> agents = {0, 1, 50, kMost - 200, kMost, kMost + 1, 3 * kMost, 2, 100'000, 7};
  for (size_t i = 0; i < 2000; ++i) agents.push_back(i % 331);
  std::string log;
  for (size_t i = 0; i < agents.size(); ++i) {
    log += "192.0.2.1 - - [16/Nov/2026:09:00:0" + std::to_string(i % 10) + " +0900] \"GET /p" +
           std::to_string(i) + " HTTP/1.1\" 200 7 \"-\" \"" +
           std::string(agents[i], i % 2 == 0 ? 'a' : ' ') + "z\"\n";
  }
  Block block;
  block.size = log.size();
  block.buffer.assign(log.begin(), log.end());
  block.buffer.resize(log.size() + kBlockPadding);
  const auto formats = ResolveLogFormat("combined");
  ASSERT_TRUE(formats.ok()) << formats.status();
  LineParser parser(*formats, absl::UTCTimeZone());
  RecordBatch batch;
  size_t offset = 0;
  uint64_t line = 1;
  size_t record = 0;
  while (offset < block.size) {
    parser.Parse(block, &offset, &line, &batch);
    ASSERT_EQ(batch.rejects.size(), 0U) << "line " << batch.rejects.front().line;
    for (size_t i = 0; i < batch.size; ++i, ++record) {
      ASSERT_EQ(batch.Get(TextField::kTarget, i), "/p" + std::to_string(record));
      ASSERT_EQ(batch.Get(TextField::kUserAgent, i).size(), agents[record] + 1);
      ASSERT_EQ(batch.time_us[i] % 10'000'000, static_cast<int64_t>(record % 10) * 1'000'000);
    }
  }
  EXPECT_EQ(record, agents.size());
}

}  // namespace
}  // namespace civlog
