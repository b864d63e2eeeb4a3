// Logs that are renamed, compressed, copied, cut short: each line is counted once, and what
// cannot be known is said.

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/store/store_runs.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Texts = std::vector<std::string>;

// The lines of one client, a minute apart, from a minute of 16 November on.
std::string Lines(int first_minute, int count, const std::string& client = "192.0.2.1") {
  std::string lines;
  for (int i = first_minute; i < first_minute + count; ++i) {
    char time[32];
    std::snprintf(time, sizeof(time), "%02d:%02d:00", i / 60, i % 60);
    lines += client + " - - [16/Nov/2026:" + time + " +0000] \"GET /page/" + std::to_string(i) +
             " HTTP/1.1\" 200 17 \"-\" \"Firefox\"\n";
  }
  return lines;
}

std::string W3cLines(const char* clock, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += std::string("2026-11-16 ") + clock + ":" + std::to_string(10 + i) +
             " GET /page 192.0.2.9 200 17\n";
  }
  return lines;
}

constexpr char kW3cHead[] =
    "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
    "#Fields: date time cs-method cs-uri-stem c-ip sc-status time-taken\n";

// A directory with logs, and runs over them.
class Shelf {
 public:
  std::string operator()(const std::string& name) const { return portal_.file(name); }

  // What it says on standard error.
  std::string Ingest(const Texts& names, int exit_code = 0) {
    portal_.logs = names;
    Invocation ingest = portal_.Ingest();
    ingest.command.erase(
        std::find(ingest.command.begin(), ingest.command.end(), std::string("--quiet")));
    const Completed run = RunProgram(ingest);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    said_ = run.out;
    return run.err;
  }
  const std::string& said() const { return said_; }

  // The store has the figures of one analysis over these logs, but that so many records
  // came after what is later.
  void Expect(const Texts& texts, uint64_t late = 0) const {
    PortalFiles all = PortalFiles::Of("", "");
    all.logs.clear();
    for (const std::string& text : texts) {
      all.logs.push_back("log" + std::to_string(all.logs.size()));
      WriteFile(all.file(all.logs.back()), text);
    }
    nlohmann::json analyzed = all.Analyzed({"--keep-duplicates"});
    if (late > 0) analyzed["records"]["late"] = late;
    EXPECT_EQ(portal_.Difference(analyzed), "");
  }

 private:
  PortalFiles portal_ = PortalFiles::Of("", "");
  std::string said_;
};

struct Case {
  const char* name;
  // Does what happens to the logs; returns what is to be counted.
  std::function<Texts(Shelf&)> run;
};

const std::vector<Case>& Recognised() {
  static const auto& cases = *new std::vector<Case>{
      {"grown",
       [](Shelf& shelf) -> Texts {
         for (const int lines : {1, 5, 100, 101}) {
           WriteFile(shelf("access.log"), Lines(0, lines));
           shelf.Ingest({"access.log"});
         }
         return {Lines(0, 101)};
       }},
      {"renamed, with more in it, and another by its name",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         shelf.Ingest({"access.log"});
         AppendToFile(shelf("access.log"), Lines(50, 20));
         fs::rename(shelf("access.log"), shelf("access.log.1"));
         WriteFile(shelf("access.log"), Lines(70, 30));
         shelf.Ingest({"access.log", "access.log.1"});
         return {Lines(0, 100)};
       }},
      {"renamed twice, compressed in between",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         shelf.Ingest({"access.log"});
         WriteFile(shelf("access.log.2.gz"), Gzip(Lines(0, 60)));
         WriteFile(shelf("access.log.1"), Lines(60, 40));
         WriteFile(shelf("access.log"), Lines(100, 5));
         shelf.Ingest({"access.log", "access.log.1", "access.log.2.gz"});
         shelf.Ingest({"access.log", "access.log.1", "access.log.2.gz"});
         return {Lines(0, 105)};
       }},
      {"compressed as it was",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         shelf.Ingest({"access.log"});
         WriteFile(shelf("access.log.gz"), Gzip(Lines(0, 50)));
         shelf.Ingest({"access.log.gz"});
         EXPECT_THAT(shelf.said(), HasSubstr("0 lines added"));
         return {Lines(0, 50)};
       }},
      {"unpacked, with more in it",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log.1.gz"), Gzip(Lines(0, 50)));
         shelf.Ingest({"access.log.1.gz"});
         WriteFile(shelf("access.log.1"), Lines(0, 70));
         shelf.Ingest({"access.log.1"});
         return {Lines(0, 70)};
       }},
      {"copied and truncated",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         shelf.Ingest({"access.log"});
         AppendToFile(shelf("access.log"), Lines(50, 1));
         fs::copy_file(shelf("access.log"), shelf("access.log.1"));
         WriteFile(shelf("access.log"), Lines(51, 30));
         shelf.Ingest({"access.log", "access.log.1"});
         AppendToFile(shelf("access.log"), Lines(81, 30));
         shelf.Ingest({"access.log", "access.log.1"});
         return {Lines(0, 111)};
       }},
      {"moved to another directory",
       [](Shelf& shelf) -> Texts {
         fs::create_directory(shelf("before"));
         WriteFile(shelf("before/access.log"), Lines(0, 50));
         shelf.Ingest({"before"});
         fs::rename(shelf("before"), shelf("after"));
         AppendToFile(shelf("after/access.log"), Lines(50, 3));
         shelf.Ingest({"after"});
         return {Lines(0, 53)};
       }},
      {"under a second name",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         fs::create_hard_link(shelf("access.log"), shelf("linked.log"));
         shelf.Ingest({"access.log", "linked.log"});
         AppendToFile(shelf("access.log"), Lines(50, 10));
         shelf.Ingest({"linked.log"});
         shelf.Ingest({"linked.log", "access.log"});
         return {Lines(0, 60)};
       }},
      {"copied",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 50));
         shelf.Ingest({"access.log"});
         fs::copy_file(shelf("access.log"), shelf("copy.log"));
         shelf.Ingest({"copy.log"});
         shelf.Ingest({"copy.log", "access.log"});
         return {Lines(0, 50)};
       }},
      {"two that begin alike",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("a.log"), Lines(0, 1));
         shelf.Ingest({"a.log"});
         AppendToFile(shelf("a.log"), Lines(1, 4));
         WriteFile(shelf("b.log"), Lines(0, 1) + Lines(1, 4, "192.0.2.2"));
         shelf.Ingest({"a.log", "b.log"});
         AppendToFile(shelf("a.log"), Lines(5, 1));
         AppendToFile(shelf("b.log"), Lines(5, 1, "192.0.2.2"));
         shelf.Ingest({"a.log", "b.log"});
         return {Lines(0, 6), Lines(0, 1) + Lines(1, 5, "192.0.2.2")};
       }},
      {"W3C logs with the same head",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("u_ex1.log"), kW3cHead + W3cLines("10:00", 9));
         WriteFile(shelf("u_ex2.log"), kW3cHead + W3cLines("11:00", 9));
         shelf.Ingest({"u_ex1.log", "u_ex2.log"});
         AppendToFile(shelf("u_ex1.log"), W3cLines("12:00", 9));
         AppendToFile(shelf("u_ex2.log"), W3cLines("12:00", 9));
         shelf.Ingest({"u_ex1.log", "u_ex2.log"});
         return {kW3cHead + W3cLines("10:00", 9) + W3cLines("12:00", 9),
                 kW3cHead + W3cLines("11:00", 9) + W3cLines("12:00", 9)};
       }},
      {"W3C, new fields halfway",
       [](Shelf& shelf) -> Texts {
         const std::string first = kW3cHead + W3cLines("10:00", 9);
         const std::string fields = "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n";
         const std::string more = "2026-11-16 10:01:00 192.0.2.9 GET /page 200\n";
         WriteFile(shelf("u_ex.log"), first + fields + more);
         shelf.Ingest({"u_ex.log"});
         AppendToFile(shelf("u_ex.log"), more);
         shelf.Ingest({"u_ex.log"});
         return {first + fields + more + more};
       }},
      {"empty at first",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), "");
         WriteFile(shelf("other.log"), "");
         shelf.Ingest({"access.log", "other.log"}, 1);
         WriteFile(shelf("access.log"), Lines(0, 3));
         shelf.Ingest({"access.log", "other.log"});
         WriteFile(shelf("other.log"), Lines(3, 3, "192.0.2.2"));
         shelf.Ingest({"access.log", "other.log"});
         return {Lines(0, 3), Lines(3, 3, "192.0.2.2")};
       }},
      {"a last line in two pieces",
       [](Shelf& shelf) -> Texts {
         const std::string lines = Lines(0, 5);
         for (const size_t part : {lines.size() - 90, lines.size() - 1, lines.size()}) {
           WriteFile(shelf("access.log"), lines.substr(0, part));
           const std::string said = shelf.Ingest({"access.log"});
           EXPECT_EQ(said.find("its last line has no end yet") != std::string::npos,
                     part < lines.size());
         }
         return {lines};
       }},
      {"a byte order mark, and lines that end as on Windows",
       [](Shelf& shelf) -> Texts {
         std::string lines = "\xEF\xBB\xBF";
         for (const char c : Lines(0, 6)) lines += c == '\n' ? "\r\n" : std::string(1, c);
         for (const size_t part : {size_t{1}, size_t{3}, size_t{40}, lines.find('\n'),
                                   lines.find('\n') + 1, lines.size() - 1, lines.size()}) {
           WriteFile(shelf("access.log"), lines.substr(0, part));
           shelf.Ingest({"access.log"}, part <= lines.find('\n') ? 1 : 0);
         }
         return {lines};
       }},
      {"longer than what it is known by",
       [](Shelf& shelf) -> Texts {
         WriteFile(shelf("access.log"), Lines(0, 30));
         shelf.Ingest({"access.log"});
         AppendToFile(shelf("access.log"), Lines(30, 1000));
         shelf.Ingest({"access.log"});
         WriteFile(shelf("access.log.1.gz"), Gzip(Lines(0, 1100)));
         shelf.Ingest({"access.log.1.gz"});
         return {Lines(0, 1100)};
       }},
  };
  return cases;
}

TEST(SourcesTest, EveryLineIsCountedOnce) {
  for (const Case& c : Recognised()) {
    SCOPED_TRACE(c.name);
    Shelf shelf;
    shelf.Expect(c.run(shelf));
  }
}

TEST(SourcesTest, AFileThatShrankIsNewAndSaidToBe) {
  Shelf shelf;
  WriteFile(shelf("access.log"), Lines(0, 50));
  shelf.Ingest({"access.log"});
  WriteFile(shelf("access.log"), Lines(0, 20));
  EXPECT_THAT(shelf.Ingest({"access.log"}), HasSubstr("access.log: not the log that was read by "
                                                      "this name before, or cut short since"));
  shelf.Expect({Lines(0, 50), Lines(0, 20)}, 20);
}

TEST(SourcesTest, AFileWithAnotherHeadIsNewAndSaidToBe) {
  Shelf shelf;
  WriteFile(shelf("access.log"), Lines(0, 50));
  shelf.Ingest({"access.log"});
  WriteFile(shelf("access.log"), Lines(10, 50));
  EXPECT_THAT(shelf.Ingest({"access.log"}), HasSubstr("counted as a new one"));
  shelf.Expect({Lines(0, 50), Lines(10, 50)}, 38);
}

TEST(SourcesTest, AFileThatChangedBeforeWhereItWasReadToIsNew) {
  Shelf shelf;
  WriteFile(shelf("access.log"), Lines(0, 200));
  shelf.Ingest({"access.log"});
  // The same head and the same length.
  std::string other = Lines(0, 200);
  other.replace(other.size() - 20, 1, "Z");
  WriteFile(shelf("access.log"), other + Lines(200, 1));
  EXPECT_THAT(shelf.Ingest({"access.log"}), HasSubstr("counted as a new one"));
  shelf.Expect({Lines(0, 200), other + Lines(200, 1)}, 198);
}

TEST(SourcesTest, AStreamNeedsAName) {
  Shelf shelf;
  PortalFiles portal = PortalFiles::Of("", "");
  portal.logs = {"-"};
  Invocation ingest = portal.Ingest();
  ingest.input = Lines(0, 5);
  const Completed run = RunProgram(ingest);
  EXPECT_NE(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("--source NAME"));
  EXPECT_FALSE(FiguresOfStore(portal.store()).ok());
}

}  // namespace
}  // namespace civlog
