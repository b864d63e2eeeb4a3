// What leads to a person is in no byte of a store, nor of what is beside it.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "engine/key_file.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kCatalog[] = R"(
[portal]
time_zone = "Asia/Seoul"
identity = ["user", "cookie:SESSION", "address+agent"]
[[service]]
id = "certificate"
kind = "transaction"
routes = ["/cert/**"]
steps = [{ name = "start", route = "GET /cert/apply" }, { name = "done", route = "POST /cert/done" }]
)";

// Each is in some log below, in every place where a person leaves traces.
const std::vector<std::string>& Planted() {
  static const auto& planted = *new std::vector<std::string>{
      "203.0.113.77",  "2001:db8:feed::77", "198.51.100.177",    "hong.gildong", "S3CR3TC00K1E",
      "9001011234567", "device-4f3c2b1a77", "searched-for-this", "X-F0RWARD3D",  "rejected-person"};
  return planted;
}

std::string Agent() { return "Mozilla/5.0 (Linux; Android 13; device-4f3c2b1a77) Firefox/130.0"; }

std::string Combined(const std::string& time, const std::string& request,
                     const std::string& client = "203.0.113.77") {
  return client + " - hong.gildong [" + time + " +0900] \"" + request +
         " HTTP/1.1\" 200 5 \"https://search.example/find?q=searched-for-this\" \"" + Agent() +
         "\"\n";
}

std::string ManyLines() {
  std::string log;
  for (int i = 0; i < 60; ++i) {
    const std::string second = std::to_string(10 + i % 50);
    log += Combined("16/Nov/2026:10:" + second + ":00", "GET /cert/apply?no=9001011234567");
    log += Combined("16/Nov/2026:10:" + second + ":10", "POST /cert/done;S=S3CR3TC00K1E?a=1",
                    "2001:db8:feed::77");
    // Lines that fit nothing.
    log += "203.0.113.77 - rejected-person [16/Nov/2026:10:" + second + ":99 +0900] \"GET /\n";
    log += "rejected-person 203.0.113.77 S3CR3TC00K1E\n";
  }
  return log;
}

std::string JsonLog() {
  std::string log;
  for (int i = 0; i < 40; ++i) {
    log += R"({"time_iso8601":"2026-11-16T11:00:)" + std::to_string(10 + i) +
           R"(+09:00","remote_addr":"198.51.100.177","remote_user":"hong.gildong","request":"GET )"
           R"(/cert/apply?no=9001011234567 HTTP/1.1","status":200,"body_bytes_sent":5,)"
           R"("http_referer":"https://a.example/?searched-for-this","http_user_agent":")" +
           Agent() +
           R"(","http_cookie":"SESSION=S3CR3TC00K1E","http_x_forwarded_for":"X-F0RWARD3D"})" + "\n";
    log +=
        R"({"time_iso8601":"never","remote_addr":"198.51.100.177","remote_user":"rejected-person"})"
        "\n";
  }
  return log;
}

std::string W3cLog() {
  std::string log =
      "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
      "#Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) "
      "cs(Cookie) cs(Referer) sc-status time-taken\n";
  for (int i = 0; i < 40; ++i) {
    log += "2026-11-16 03:00:" + std::to_string(10 + i) +
           " GET /cert/apply no=9001011234567 hong.gildong 198.51.100.177 "
           "Mozilla/5.0+(device-4f3c2b1a77) SESSION=S3CR3TC00K1E "
           "https://a.example/?searched-for-this 200 17\n";
    log += "2026-11-16 GET rejected-person 198.51.100.177\n";
  }
  return log;
}

PortalFiles PlantedPortal() {
  PortalFiles portal = PortalFiles::Of(kCatalog, ManyLines());
  WriteFile(portal.file("access.json"), JsonLog());
  WriteFile(portal.file("u_ex261116.log"), W3cLog());
  portal.logs.insert(portal.logs.end(), {"access.json", "u_ex261116.log"});
  return portal;
}

void ExpectNoTrace(const PortalFiles& portal) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(portal.directory())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("portal.db")) continue;
    ++files;
    const std::string bytes = ReadFile(entry.path().string());
    for (const std::string& trace : Planted()) {
      EXPECT_EQ(bytes.find(trace), std::string::npos) << trace << " is in " << name;
    }
  }
  EXPECT_GE(files, 3U);
}

TEST(PrivacyTest, NoByteOfAStoreLeadsToAPerson) {
  const PortalFiles portal = PlantedPortal();
  const Completed run = RunProgram(portal.Ingest());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const absl::StatusOr<nlohmann::json> figures = FiguresOfStore(portal.store());
  ASSERT_TRUE(figures.ok()) << figures.status();
  // The logs were read, and what is wrong in them was seen.
  EXPECT_EQ((*figures)["lines"]["records"], 60 + 60 + 40 + 40);
  EXPECT_EQ((*figures)["lines"]["rejected"]["total"], 60 + 60 + 40 + 40);
  ExpectNoTrace(portal);
  for (const std::string& trace : Planted()) EXPECT_THAT(run.err + run.out, Not(HasSubstr(trace)));
}

TEST(PrivacyTest, NorOneThatDiesInTheMiddle) {
  const PortalFiles portal = PlantedPortal();
  Invocation ingest = portal.Ingest({"--checkpoint-every", "0s", "--block-bytes", "500"});
  ingest.kill_once = [&portal] {
    struct stat info = {};
    return ::stat((portal.store() + "-wal").c_str(), &info) == 0 && info.st_size > 500'000;
  };
  ASSERT_EQ(RunProgram(ingest).exit_code, 128 + 9);
  EXPECT_GT(std::filesystem::file_size(portal.store() + "-wal"), 0U);
  ExpectNoTrace(portal);
}

TEST(PrivacyTest, OnlyTheOwnerReadsTheKeys) {
  const PortalFiles portal = PortalFiles::Of("", Combined("16/Nov/2026:10:00:00", "GET /"));
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  struct stat info = {};
  ASSERT_EQ(::stat((portal.store() + ".keys").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

std::string WeekLines(const std::string& keys) {
  std::string lines;
  for (size_t at = keys.find("week "); at != std::string::npos; at = keys.find("week ", at + 1)) {
    lines += keys.substr(at, keys.find('\n', at) + 1 - at);
  }
  return lines;
}

TEST(PrivacyTest, AKeyIsGone48HoursAfterItsWeek) {
  PortalFiles portal = PortalFiles::Of(kCatalog, Combined("22/Nov/2026:23:50:00", "GET /a"));
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const absl::StatusOr<StoredKeys> sunday = ReadKeyFile(portal.store() + ".keys");
  ASSERT_TRUE(sunday.ok()) << sunday.status();
  // Within 48 hours the old key is there, and the visit goes on.
  AppendToFile(portal.file("access.log"), Combined("23/Nov/2026:00:10:00", "GET /b") +
                                              Combined("24/Nov/2026:23:58:00", "GET /c"));
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const absl::StatusOr<StoredKeys> tuesday = ReadKeyFile(portal.store() + ".keys");
  ASSERT_TRUE(tuesday.ok()) << tuesday.status();
  const auto old_week = std::prev(std::prev(tuesday->weeks.end()))->first;
  EXPECT_TRUE(sunday->weeks.contains(old_week));
  EXPECT_EQ(portal.Difference(portal.Analyzed()), "");
  const nlohmann::json figures = FiguresOfStore(portal.store()).value_or(nullptr);
  EXPECT_EQ(figures["citizens"]["visits"], 2);
  EXPECT_EQ(figures["citizens"]["visitors"], 2);
  // Then it is gone, and its bytes are.
  const std::string before = ReadFile(portal.store() + ".keys");
  AppendToFile(portal.file("access.log"), Combined("25/Nov/2026:00:02:00", "GET /d"));
  ASSERT_EQ(RunProgram(portal.Ingest()).exit_code, 0);
  const absl::StatusOr<StoredKeys> wednesday = ReadKeyFile(portal.store() + ".keys");
  ASSERT_TRUE(wednesday.ok()) << wednesday.status();
  EXPECT_FALSE(wednesday->weeks.contains(old_week));
  EXPECT_TRUE(wednesday->weeks.contains(old_week + 1));
  EXPECT_FALSE(std::filesystem::exists(portal.store() + ".keys.new"));
  EXPECT_EQ(wednesday->key, sunday->key);
  EXPECT_NE(WeekLines(before), WeekLines(ReadFile(portal.store() + ".keys")));
}

TEST(PrivacyTest, AnOldKeyIsOverwrittenWhereItLay) {
  const ScratchDirectory directory;
  const std::string path = directory / "portal.db.keys";
  StoredKeys keys;
  keys.store = 7;
  keys.weeks[2960] = {0x1122334455667788, 0x99AABBCCDDEEFF00};
  ASSERT_TRUE(WriteKeyFile(path, keys).ok());
  // Another name of the same bytes on the disk.
  std::filesystem::create_hard_link(path, directory / "the same bytes");
  EXPECT_THAT(ReadFile(directory / "the same bytes"), HasSubstr("1122334455667788"));
  keys.weeks.clear();
  ASSERT_TRUE(WriteKeyFile(path, keys).ok());
  EXPECT_THAT(ReadFile(directory / "the same bytes"), Not(HasSubstr("1122334455667788")));
}

}  // namespace
}  // namespace civlog
