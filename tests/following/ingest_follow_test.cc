// `civlog ingest --follow`: signals, new files, streams, and what a service manager is told.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/sqlite.h"
#include "tests/following/follower.h"
#include "tests/support/gzip.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr char kCatalog[] = R"(
[portal]
time_zone = "Asia/Seoul"
[[service]]
id = "a"
kind = "information"
routes = ["/a/**"]
)";
constexpr char kService[] = R"(
[[service]]
id = "b"
kind = "information"
routes = ["/b/**"]
)";

// `count` lines of the minute `minute`, on the path `path`.
std::string Lines(int count, int minute, const std::string& path = "/a/1") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    char line[200];
    std::snprintf(line, sizeof(line),
                  "192.0.2.%d - - [20/Nov/2026:10:%02d:%02d +0900] \"GET %s HTTP/1.1\" 200 %d "
                  "\"-\" \"Mozilla/5.0 Firefox/140.0\"\n",
                  1 + i % 200, minute, i % 60, path.c_str(), minute * 1000 + i);
    text += line;
  }
  return text;
}

int64_t Checkpoints(const std::string& store) {
  absl::StatusOr<Database> database = Database::Open(store, Database::Mode::kRead);
  if (!database.ok()) return 0;
  return database->Number("SELECT checkpoint FROM clock").value_or(0);
}

class IngestFollowTest : public testing::Test {
 protected:
  IngestFollowTest() { fs::create_directories(place_.Path("logs")); }
  ~IngestFollowTest() override {
    if (HasFailure()) std::cout << place_.Read("err");
  }

  std::string Store() const { return place_.Path("portal.db"); }
  std::unique_ptr<Program> Start(const std::vector<std::string>& logs,
                                 const std::map<std::string, std::string>& environment = {},
                                 int input = -1) const {
    std::vector<std::string> words = {"ingest",    "--follow",           "--store",
                                      "portal.db", "--checkpoint-every", "50ms"};
    words.insert(words.end(), logs.begin(), logs.end());
    return std::make_unique<Program>(place_.folder(), words, environment, input);
  }
  void AwaitLines(uint64_t lines) const {
    Eventually([&] { return LinesOf(Store()) >= lines; }, std::to_string(lines) + " lines");
    EXPECT_EQ(LinesOf(Store()), lines);
  }
  void AwaitMessage(const std::string& text) const {
    Eventually([&] { return place_.Read("err").find(text) != std::string::npos; }, text);
  }
  static int End(Program* program, int signal = SIGTERM) {
    program->Signal(signal);
    return program->Wait();
  }

  Workplace place_;
};

TEST_F(IngestFollowTest, SigtermEndsItWellAndCtrlCIsSaid) {
  place_.Write("logs/access.log", Lines(10, 0));
  auto program = Start({"logs/access.log"});
  AwaitLines(10);
  EXPECT_EQ(End(program.get()), 0);
  EXPECT_THAT(place_.Read("out"), HasSubstr("10 lines added"));
  EXPECT_EQ(place_.Read("err"), "");
  program = Start({"logs/access.log"});
  place_.Append("logs/access.log", Lines(5, 1));
  AwaitLines(15);
  EXPECT_EQ(End(program.get(), SIGINT), 130);
  EXPECT_THAT(place_.Read("err"), HasSubstr("what was read so far is kept"));
}

TEST_F(IngestFollowTest, WhatWasReadWhenItIsAskedToEndIsKept) {
  place_.Write("logs/access.log", Lines(10, 0));
  std::vector<std::string> words = {
      "ingest", "--follow", "--store", "portal.db", "--checkpoint-every", "1h", "logs"};
  Program program(place_.folder(), words);
  // The first checkpoint is made of nothing, before files are looked for.
  Eventually([&] { return Checkpoints(Store()) > 0; }, "the first checkpoint");
  EXPECT_EQ(End(&program), 0);
  Program once(place_.folder(), {"ingest", "--store", "portal.db", "logs"});
  EXPECT_EQ(once.Wait(), 0);
  EXPECT_EQ(LinesOf(Store()), 10U);
}

TEST_F(IngestFollowTest, FilesThatAppearAreRead) {
  auto program = Start({"logs/*.log", "more"});
  AwaitMessage("more: no such file");
  place_.Append("logs/a.log", Lines(10, 0));
  AwaitLines(10);
  fs::create_directories(place_.Path("more/deeper"));
  place_.Append("more/deeper/b.log", Lines(20, 1));
  AwaitLines(30);
  place_.Append("logs/old.log.gz", "not one of them");
  place_.Append("logs/c.log", Lines(3, 2).substr(0, 250));  // two lines and a half
  AwaitLines(32);
  EXPECT_EQ(End(program.get()), 0);
  EXPECT_EQ(StoreAsJson(Store()),
            AnalysisAsJson(
                "", {{"a.log", Lines(10, 0)}, {"b.log", Lines(20, 1)}, {"c.log", Lines(2, 2)}}));
}

TEST_F(IngestFollowTest, ACopyUnderWayIsNoLogOfItsOwn) {
  const std::string text = Lines(200, 0);
  place_.Write("logs/access.log", text);
  const auto program = Start({"logs"});
  AwaitLines(200);
  place_.Append("logs/copy.log", text.substr(0, 3000));
  place_.Append("logs/access.log", Lines(1, 1));
  AwaitLines(201);
  place_.Append("logs/copy.log", text.substr(3000));
  place_.Append("logs/copy.gz", Gzip(text));
  place_.Append("logs/new.log", Lines(1, 2));
  AwaitLines(202);
  EXPECT_EQ(End(program.get()), 0);
}

TEST_F(IngestFollowTest, SilentFilesAreLetGoAndComeBack) {
  constexpr int kFiles = 60;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = "logs/access.log." + std::to_string(i);
    place_.Write(name, Lines(10, i));
    fs::last_write_time(place_.Path(name),
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  const auto program = Start({"logs"});
  AwaitLines(10 * kFiles);
  Eventually([&] { return program->OpenFiles(place_.Path("logs")) == 0; }, "closed files");
  place_.Append("logs/access.log.7", Lines(1, 59, "/late"));
  AwaitLines(10 * kFiles + 1);
  EXPECT_EQ(program->OpenFiles(place_.Path("logs")), 1U);
  EXPECT_EQ(End(program.get()), 0);
  EXPECT_EQ(place_.Read("err"), "");
}

TEST_F(IngestFollowTest, NothingNewIsNoCheckpoint) {
  place_.Write("logs/access.log", Lines(10, 0));
  const auto program = Start({"logs/access.log"});
  AwaitLines(10);
  const int64_t before = Checkpoints(Store());
  // Others look at it all the time.
  for (int i = 0; i < 20; ++i) {
    fs::last_write_time(place_.Path("logs/access.log"), fs::file_time_type::clock::now());
    Eventually([] { return true; }, "a moment");
  }
  place_.Append("logs/access.log", Lines(1, 1));
  AwaitLines(11);
  EXPECT_EQ(Checkpoints(Store()), before + 1);
  EXPECT_EQ(End(program.get()), 0);
}

TEST_F(IngestFollowTest, SighupReloadsTheCatalogue) {
  place_.Write("civlog.toml", kCatalog);
  place_.Write("logs/access.log", Lines(10, 0) + Lines(10, 1, "/b/1"));
  const auto program = Start({"logs/access.log"});
  AwaitLines(20);
  place_.Write("civlog.toml", std::string(kCatalog) + "[[service]]\nid = 7\n");
  program->Signal(SIGHUP);
  AwaitMessage("the one before stays in use");
  EXPECT_THAT(place_.Read("err"), HasSubstr("civlog.toml:8"));
  place_.Append("logs/access.log", Lines(10, 2, "/b/1"));
  AwaitLines(30);
  place_.Write("civlog.toml", std::string(kCatalog) + kService);
  program->Signal(SIGHUP);
  AwaitMessage("the catalogue was reloaded");
  // The file that is open goes on, also under another name.
  fs::rename(place_.Path("logs/access.log"), place_.Path("logs/away"));
  place_.Append("logs/away", Lines(10, 3, "/b/1"));
  AwaitLines(40);
  EXPECT_EQ(End(program.get()), 0);
  const std::string figures = StoreAsJson(Store());
  EXPECT_THAT(figures, HasSubstr("\"id\": \"b\""));
  EXPECT_THAT(figures, HasSubstr("\"read\": 40"));
  absl::StatusOr<Database> store = Database::Open(Store(), Database::Mode::kRead);
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(store->Number("SELECT count(*) FROM catalogs").value_or(-1), 2);
}

TEST_F(IngestFollowTest, AnotherTimeZoneIsRefused) {
  place_.Write("civlog.toml", kCatalog);
  place_.Write("logs/access.log", Lines(10, 0));
  const auto program = Start({"logs/access.log"});
  AwaitLines(10);
  place_.Write("civlog.toml", "[portal]\ntime_zone = \"Europe/Berlin\"\n");
  program->Signal(SIGHUP);
  AwaitMessage("the store counts the days of Asia/Seoul");
  place_.Append("logs/access.log", Lines(1, 1));
  AwaitLines(11);
  EXPECT_EQ(End(program.get()), 0);
}

TEST_F(IngestFollowTest, AStreamByItsNameUntilItEnds) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const auto program = Start({"--source", "web", "-"}, {}, ends[0]);
  close(ends[0]);
  const std::string text = Lines(10, 0);
  ASSERT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  AwaitLines(10);
  const std::string more = Lines(5, 1);
  ASSERT_EQ(write(ends[1], more.data(), more.size()), static_cast<ssize_t>(more.size()));
  AwaitLines(15);
  close(ends[1]);
  EXPECT_EQ(program->Wait(), 0);
}

TEST_F(IngestFollowTest, AStreamWithoutANameIsRefused) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const std::string text = Lines(10, 0);
  ASSERT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  const auto program = Start({"-"}, {}, ends[0]);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(program->Wait(), 2);
  EXPECT_THAT(place_.Read("err"), HasSubstr("--source NAME"));
}

// A service manager's socket.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  }
  ~NotifySocket() { close(fd_); }

  // Everything that was said so far, a message a line.
  const std::string& Said() {
    char buffer[1024];
    for (ssize_t size = 0; (size = recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0;) {
      said_.append(buffer, static_cast<size_t>(size)).push_back('\n');
    }
    return said_;
  }
  void Await(const std::string& text) {
    Eventually([&] { return Said().find(text) != std::string::npos; }, text);
  }

 private:
  int fd_;
  std::string said_;
};

TEST_F(IngestFollowTest, AServiceManagerIsToldHowItStands) {
  place_.Write("logs/access.log", "no line at all\n" + Lines(10, 0));
  for (const std::string& name : {place_.Path("notify"), "@" + place_.Path("abstract")}) {
    SCOPED_TRACE(name);
    NotifySocket socket(name);
    const auto program =
        Start({"logs/access.log"}, {{"NOTIFY_SOCKET", name}, {"WATCHDOG_USEC", "5000000"}});
    socket.Await("READY=1");
    socket.Await("WATCHDOG=1");
    AwaitLines(11);
    EXPECT_THAT(socket.Said(), Not(HasSubstr("RELOADING=1")));
    program->Signal(SIGHUP);
    socket.Await("RELOADING=1\nMONOTONIC_USEC=");
    EXPECT_EQ(End(program.get()), 0);
    EXPECT_THAT(socket.Said(), HasSubstr("STOPPING=1"));
    EXPECT_THAT(socket.Said(), HasSubstr("STATUS="));
  }
}

TEST_F(IngestFollowTest, WithoutAWatchdogNobodyIsTold) {
  place_.Write("logs/access.log", Lines(10, 0));
  NotifySocket socket(place_.Path("notify"));
  const auto program = Start({"logs/access.log"}, {{"NOTIFY_SOCKET", place_.Path("notify")},
                                                   {"WATCHDOG_USEC", "100000"},
                                                   {"WATCHDOG_PID", "1"}});
  socket.Await("STATUS=10 lines read, 0 of them rejected; 1 log under way");
  EXPECT_EQ(End(program.get()), 0);
  EXPECT_THAT(socket.Said(), Not(HasSubstr("WATCHDOG")));
}

}  // namespace
}  // namespace civlog
