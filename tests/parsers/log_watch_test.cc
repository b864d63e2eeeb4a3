#include "parsers/log_watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;

class LogWatchTest : public testing::Test {
 protected:
  LogWatchTest() {
    std::string pattern = testing::TempDir() + "civlog-watch-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~LogWatchTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ / name; }
  void Append(const std::string& name, const std::string& text = "line\n") const {
    std::ofstream(Path(name), std::ios::binary | std::ios::app) << text;
  }
  std::vector<std::string> Names(const InputList& list) const {
    std::vector<std::string> names;
    for (const InputFile& file : list.files) {
      names.push_back(fs::path(file.path).lexically_relative(folder_).string());
    }
    return names;
  }
  // What it tells by itself, sooner than it would look without having been told.
  std::vector<std::string> Told(LogWatch* watch) const {
    for (const absl::Time until = absl::Now() + absl::Seconds(8); absl::Now() < until;) {
      if (const std::optional<InputList> list = watch->Look(false); list) return Names(*list);
      absl::SleepFor(absl::Milliseconds(2));
    }
    return {"nothing was told"};
  }

  using Strings = std::vector<std::string>;
  fs::path folder_;
};

TEST_F(LogWatchTest, TellsWhatThereIsAtFirstAndThenOnlyNews) {
  Append("access.log");
  LogWatch watch({Path("*.log")});
  const std::optional<InputList> first = watch.Look(false);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(Names(*first), Strings{"access.log"});
  EXPECT_TRUE(watch.trouble().ok()) << watch.trouble();
  EXPECT_FALSE(watch.Look(false).has_value());
  EXPECT_TRUE(watch.Look(true).has_value());
}

TEST_F(LogWatchTest, TellsOfFilesThatAppearAreRenamedAndVanish) {
  LogWatch watch({Path("access.log*")});
  watch.Look(true);
  Append("access.log");
  EXPECT_EQ(Told(&watch), Strings{"access.log"});
  fs::rename(Path("access.log"), Path("access.log.1"));
  EXPECT_EQ(Told(&watch), Strings{"access.log.1"});
  fs::remove(Path("access.log.1"));
  EXPECT_EQ(Told(&watch), Strings{});
}

TEST_F(LogWatchTest, TellsOfWhatIsWritten) {
  Append("access.log");
  LogWatch watch({Path("access.log")});
  watch.Look(true);
  std::ofstream(Path("access.log"), std::ios::app) << "another\n" << std::flush;
  EXPECT_EQ(Told(&watch), Strings{"access.log"});
}

TEST_F(LogWatchTest, DirectoriesThatAppearAreWatchedToo) {
  LogWatch watch({folder_.string()});
  watch.Look(true);
  fs::create_directories(Path("a/b"));
  Append("a/b/access.log");
  EXPECT_EQ(Told(&watch), Strings{"a/b/access.log"});
  // That they are known may take another event.
  watch.Look(true);
  Append("a/b/other.log");
  EXPECT_EQ(Told(&watch), (Strings{"a/b/access.log", "a/b/other.log"}));
}

TEST_F(LogWatchTest, EveryDirectoryThatAPatternMayMatch) {
  LogWatch watch({Path("*/log/access.log")});
  watch.Look(true);
  fs::create_directories(Path("site/log"));
  Told(&watch);
  watch.Look(true);
  Append("site/log/access.log");
  EXPECT_EQ(Told(&watch), Strings{"site/log/access.log"});
}

TEST_F(LogWatchTest, WhereALinkLeadsTo) {
  fs::create_directories(Path("pods"));
  Append("pods/0.log");
  fs::create_directories(Path("containers"));
  fs::create_symlink(Path("pods/0.log"), Path("containers/web.log"));
  LogWatch watch({Path("containers/*.log")});
  watch.Look(true);
  fs::rename(Path("pods/0.log"), Path("pods/0.log.old"));
  EXPECT_EQ(Told(&watch), Strings{});
  Append("pods/0.log");
  EXPECT_EQ(Told(&watch), Strings{"containers/web.log"});
}

TEST_F(LogWatchTest, AnArgumentThatLeadsNowhereYet) {
  LogWatch watch({Path("later/access.log")});
  const std::optional<InputList> list = watch.Look(true);
  ASSERT_EQ(list->errors.size(), 1U);
  fs::create_directories(Path("later"));
  Append("later/access.log");
  // It cannot be watched, and is looked at all the same.
  EXPECT_EQ(Told(&watch), Strings{"later/access.log"});
}

}  // namespace
}  // namespace civlog
