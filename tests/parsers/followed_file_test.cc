#include "parsers/followed_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "parsers/block_reader.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;

class FollowedFileTest : public testing::Test {
 protected:
  FollowedFileTest() {
    std::string pattern = testing::TempDir() + "civlog-followed-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~FollowedFileTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ / name; }
  void Append(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary | std::ios::app) << text;
  }
  std::unique_ptr<ByteSource> Open(const std::string& name) const {
    return *OpenSource({Path(name), name}, nullptr, Following::kName);
  }
  // What there is to read for now.
  static std::string Now(ByteSource* source) {
    std::string text;
    char buffer[7];
    while (true) {
      const absl::StatusOr<size_t> got = source->Read(buffer, sizeof(buffer));
      EXPECT_TRUE(got.ok()) << got.status();
      if (!got.ok() || *got == 0) return text;
      text.append(buffer, *got);
    }
  }
  static void WaitUntilQuiet() { absl::SleepFor(FollowedFile::kQuiet + absl::Milliseconds(100)); }

  fs::path folder_;
};

TEST_F(FollowedFileTest, ReadsWhatIsAppended) {
  Append("access.log", "one\n");
  const auto source = Open("access.log");
  EXPECT_EQ(Now(source.get()), "one\n");
  EXPECT_TRUE(source->may_grow());
  EXPECT_EQ(Now(source.get()), "");
  Append("access.log", "two\nthr");
  EXPECT_EQ(Now(source.get()), "two\nthr");
  Append("access.log", "ee\n");
  EXPECT_EQ(Now(source.get()), "ee\n");
  EXPECT_EQ(source->raw_bytes_read(), 14U);
}

TEST_F(FollowedFileTest, GoesOnWithTheFileThatTakesTheName) {
  Append("access.log", "one\n");
  const auto source = Open("access.log");
  EXPECT_EQ(Now(source.get()), "one\n");
  fs::rename(Path("access.log"), Path("access.log.1"));
  EXPECT_EQ(Now(source.get()), "");
  Append("access.log", "three\n");
  Append("access.log.1", "two, by a writer that has not noticed");
  EXPECT_EQ(Now(source.get()), "two, by a writer that has not noticed");
  WaitUntilQuiet();
  EXPECT_EQ(Now(source.get()), "\nthree\n");
  Append("access.log.1", "nobody's\n");
  EXPECT_EQ(Now(source.get()), "");
}

TEST_F(FollowedFileTest, BeginsAgainWhereTheFileWasCut) {
  Append("access.log", "one 11:00\ntwo\n");
  const auto source = Open("access.log");
  EXPECT_EQ(Now(source.get()), "one 11:00\ntwo\n");
  fs::resize_file(Path("access.log"), 0);
  EXPECT_EQ(Now(source.get()), "");
  Append("access.log", "six\n");
  EXPECT_EQ(Now(source.get()), "six\n");
}

TEST_F(FollowedFileTest, ACutIsNoticedByTheFirstBytesToo) {
  for (const std::string next : {"one 12:00\ntwo\n", "one 12:00\ntwo\nthree\n"}) {
    fs::remove(Path("access.log"));
    Append("access.log", "one 11:00\ntwo\n");
    const auto source = Open("access.log");
    EXPECT_EQ(Now(source.get()), "one 11:00\ntwo\n");
    fs::resize_file(Path("access.log"), 0);
    Append("access.log", next);
    EXPECT_EQ(Now(source.get()), next);
  }
}

TEST_F(FollowedFileTest, ARotatedFileIsNotFollowedByName) {
  Append("access.log.1", "one\n");
  const auto source = Open("access.log.1");
  EXPECT_EQ(Now(source.get()), "one\n");
  fs::rename(Path("access.log.1"), Path("access.log.2"));
  Append("access.log.1", "read under its name before\n");
  WaitUntilQuiet();
  EXPECT_EQ(Now(source.get()), "");
  Append("access.log.2", "two\n");
  EXPECT_EQ(Now(source.get()), "two\n");
}

TEST_F(FollowedFileTest, WaitsForAFileThatWasRemoved) {
  Append("access.log", "one\n");
  const auto source = Open("access.log");
  EXPECT_EQ(Now(source.get()), "one\n");
  fs::remove(Path("access.log"));
  WaitUntilQuiet();
  EXPECT_EQ(Now(source.get()), "");
  EXPECT_TRUE(source->may_grow());
  Append("access.log", "two\n");
  EXPECT_EQ(Now(source.get()), "two\n");
}

TEST_F(FollowedFileTest, BlocksHaveWholeLinesOnly) {
  Append("access.log", "\xEF\xBB");
  BlockReader reader(Open("access.log"), 8);
  Block block;
  EXPECT_FALSE(reader.Next(&block));
  EXPECT_TRUE(reader.waiting());
  Append("access.log", "\xBFone\ntw");
  ASSERT_TRUE(reader.Next(&block));
  EXPECT_EQ(block.text(), "one\n");
  EXPECT_FALSE(reader.Next(&block));
  EXPECT_TRUE(reader.waiting());
  Append("access.log", "o, longer than a block\nthree");
  ASSERT_TRUE(reader.Next(&block));
  EXPECT_EQ(block.text(), "two, longer than a block\n");
  EXPECT_EQ(block.first_line, 2U);
  EXPECT_FALSE(reader.Next(&block));
  EXPECT_TRUE(reader.waiting());
  Append("access.log", "\n");
  ASSERT_TRUE(reader.Next(&block));
  EXPECT_EQ(block.text(), "three\n");
  EXPECT_TRUE(reader.status().ok());
}

TEST_F(FollowedFileTest, ALineTooLongIsCutWhereverItPauses) {
  Append("access.log", "one\n");
  BlockReader reader(Open("access.log"), 4096);
  Block block;
  ASSERT_TRUE(reader.Next(&block));
  for (int i = 0; i < 5; ++i) {
    Append("access.log", std::string(kMaxLineBytes, 'x'));
    EXPECT_FALSE(reader.Next(&block));
    EXPECT_TRUE(reader.waiting());
  }
  Append("access.log", "\nthree\n");
  uint64_t lines = 1;
  std::string text;
  while (reader.Next(&block)) {
    EXPECT_EQ(block.first_line, lines + 1);
    lines += block.line_count;
    text += block.text();
  }
  EXPECT_EQ(lines, 3U);
  EXPECT_EQ(text, std::string(kMaxLineBytes + 1, 'x') + "\nthree\n");
}

TEST_F(FollowedFileTest, WhatIsCompressedEnds) {
  Append("access.log.gz", std::string("\x1f\x8b\x08\x00", 4));
  const auto source = Open("access.log.gz");
  char buffer[8];
  EXPECT_FALSE(source->Read(buffer, sizeof(buffer)).ok());
  EXPECT_FALSE(source->may_grow());
}

TEST(SplitRotationTest, NumbersAreRotationsAndDatesAreNot) {
  EXPECT_TRUE(IsRotatedName("access.log.1"));
  EXPECT_TRUE(IsRotatedName("access.log.12.gz"));
  EXPECT_FALSE(IsRotatedName("access.log"));
  EXPECT_FALSE(IsRotatedName("access.log.20261123"));
  EXPECT_FALSE(IsRotatedName("access-2026-11-23.log"));
}

// Following::kFile.
class OneFileTest : public FollowedFileTest {
 protected:
  std::unique_ptr<ByteSource> OpenFile(const std::string& name) const {
    return *OpenSource({Path(name), name}, nullptr, Following::kFile);
  }
  void SetAge(const std::string& name, absl::Duration age) const {
    const timespec then = absl::ToTimespec(absl::Now() - age);
    const timespec times[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, Path(name).c_str(), times, 0), 0);
  }
};

TEST_F(OneFileTest, GoesOnWithTheFileAndNotWithItsName) {
  Append("access.log", "one\n");
  const auto source = OpenFile("access.log");
  EXPECT_EQ(Now(source.get()), "one\n");
  fs::rename(Path("access.log"), Path("access.log.1"));
  Append("access.log", "another's\n");
  Append("access.log.1", "two\n");
  EXPECT_EQ(Now(source.get()), "two\n");
  EXPECT_TRUE(source->may_grow());
  EXPECT_TRUE(source->stamp().IsSameFile(StampOf({Path("access.log.1"), ""})));
  EXPECT_EQ(source->stamp(), StampOf({Path("access.log.1"), ""}));
}

TEST_F(OneFileTest, ARemovedFileIsReadOn) {
  Append("access.log", "one\n");
  const auto source = OpenFile("access.log");
  std::ofstream writer(Path("access.log"), std::ios::app);
  fs::remove(Path("access.log"));
  writer << "two\n" << std::flush;
  EXPECT_EQ(Now(source.get()), "one\ntwo\n");
  EXPECT_TRUE(source->may_grow());
}

TEST_F(OneFileTest, ACutEndsIt) {
  for (const std::string next : {"", "six\n", "one 12:00\ntwo\nthree\n"}) {
    fs::remove(Path("access.log"));
    Append("access.log", "one 11:00\ntwo\n");
    const auto source = OpenFile("access.log");
    EXPECT_EQ(Now(source.get()), "one 11:00\ntwo\n");
    fs::resize_file(Path("access.log"), 0);
    Append("access.log", next);
    EXPECT_EQ(Now(source.get()), "") << next;
    EXPECT_FALSE(source->may_grow()) << next;
    EXPECT_FALSE(source->stamp().known()) << next;
  }
}

TEST_F(OneFileTest, SilenceEndsIt) {
  Append("access.log", "one\n");
  SetAge("access.log", FollowedFile::kSilence);
  const auto source = OpenFile("access.log");
  EXPECT_EQ(Now(source.get()), "one\n");
  EXPECT_FALSE(source->may_grow());
  EXPECT_EQ(source->stamp(), StampOf({Path("access.log"), ""}));
}

TEST_F(OneFileTest, AFileThatNobodyMayFindAgainIsWaitedForLonger) {
  for (const auto& [age, ends] :
       {std::pair{FollowedFile::kSilence, false}, std::pair{FollowedFile::kPatience, true}}) {
    Append("access.log", "one\n");
    const auto source = OpenFile("access.log");
    EXPECT_EQ(Now(source.get()), "one\n");
    fs::rename(Path("access.log"), Path("away"));
    SetAge("away", age);
    EXPECT_EQ(Now(source.get()), "");
    EXPECT_EQ(source->may_grow(), !ends);
    fs::remove(Path("away"));
  }
}

}  // namespace
}  // namespace civlog
