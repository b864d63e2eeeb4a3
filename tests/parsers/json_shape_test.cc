// A line that is read by its shape is read as it is read in full.

#include "parsers/json_shape.h"

#include <gmock/gmock.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "parsers/block_lines.h"
#include "parsers/block_reader.h"
#include "parsers/json_mapping.h"
#include "parsers/json_reader.h"

namespace civlog {
namespace {

using ::testing::ElementsAreArray;

// What a reader says of a line.
struct Reading {
  bool read = false;
  size_t error_at = 0;
  std::vector<std::pair<const JsonTarget*, std::string>> members;

  bool operator==(const Reading&) const = default;
};

class Lines {
 public:
  explicit Lines(std::string_view spec) : mapping_(*ReadJsonMapping(spec)) {}

  JsonReader MakeReader() const { return JsonReader(&mapping_); }

  static Reading ReadBy(JsonReader* reader, const std::string& line) {
    const std::string padded = line + std::string(kBlockPadding, '\0');
    const std::string_view text(padded.data(), line.size());
    BlockLines lines(JsonShape::kDelimiters);
    lines.Begin(text);
    size_t offset = 0;
    if (!text.empty()) lines.Next(&offset);
    std::vector<JsonMember> members;
    Reading reading;
    reading.read = reader->Read(lines.Indexed(text), &members, &reading.error_at);
    if (!reading.read) return reading;
    for (const JsonMember& member : members) {
      reading.members.emplace_back(member.target, std::string(member.raw));
    }
    return reading;
  }

  // `line` read by one that knows the shapes of `before`, and by one that knows
  // none. The targets of a loose mapping are the same for all readers.
  void ExpectSame(const std::vector<std::string>& before, const std::string& line) const {
    JsonReader knowing = MakeReader();
    for (const std::string& known : before) ReadBy(&knowing, known);
    JsonReader fresh = MakeReader();
    const Reading expected = ReadBy(&fresh, line);
    const Reading reading = ReadBy(&knowing, line);
    EXPECT_EQ(reading.read, expected.read) << line;
    EXPECT_EQ(reading.error_at, expected.error_at) << line;
    EXPECT_THAT(reading.members, ElementsAreArray(expected.members)) << line;
  }

 private:
  JsonMapping mapping_;
};

constexpr std::string_view kNginx =
    R"({"msec":1763218807.123,"remote_addr":"192.0.2.1","request":"GET /a HTTP/1.1","status":200,)"
    R"("bytes":"-","http_user_agent":""})";
constexpr std::string_view kCaddy =
    R"({"ts":1763218807.1,"request":{"remote_ip":"192.0.2.1","method":"GET","uri":"/a",)"
    R"("headers":{"User-Agent":["x","y"],"Referer":[null,"z"]},"tls":{"resumed":false}},)"
    R"("status":200,"size":12,"user_id":null})";

std::vector<std::string> Variants() {
  std::vector<std::string> lines;
  const auto put = [&lines](std::string_view from, std::string_view to) {
    for (const std::string_view whole : {kNginx, kCaddy}) {
      const std::string line(whole);
      const size_t at = line.find(from);
      if (at != std::string::npos) {
        lines.push_back(
            absl::StrCat(line.substr(0, at), std::string(to), line.substr(at + from.size())));
      }
    }
  };
  for (const std::string_view number :
       {"0",   "-",   "-1",    "1e5",  "1.",   "+1",    ".5", "1-2", "12a",
        "1 2", "1 ",  " 1",    "null", "true", "\"1\"", "",   "{}",  "[]",
        "[1]", "\t1", "1\x01", "0x1f", "--",   "1e",    "e1", "1,2"}) {
    put("200", number);
    put("12,", absl::StrCat(std::string(number), ","));
  }
  for (const std::string_view text : {"",
                                      "\\\"",
                                      "\\\\",
                                      "\\u00e9",
                                      "\t",
                                      "\x01",
                                      "\x1f",
                                      "\x7f",
                                      "\xc3\xa9",
                                      "\xc3",
                                      "\xff",
                                      "\xed\x95\x9c",
                                      "\xed\xa0\x80",
                                      "\"",
                                      "a\"b",
                                      "a\",\"b",
                                      "a\",\"b\":\"c",
                                      "{",
                                      "}",
                                      "[",
                                      ",",
                                      ":",
                                      "null",
                                      " ",
                                      "https://www.hanbit.example/a?b=c&d=%20"}) {
    put("192.0.2.1", text);
    put("/a", text);
    put("x\"", absl::StrCat(std::string(text), "\""));
  }
  for (const std::string_view line : {"", "{", "}", "{}", "{} ", "[]", "null", "{\"a\"}",
                                      "{\"a\":}", "{\"a\":1}}", "{\"a\":1} x"}) {
    lines.emplace_back(line);
  }
  for (const std::string_view whole : {kNginx, kCaddy}) {
    lines.emplace_back(whole);
    for (const std::string_view behind : {" ", "\t", "x", "}", ",", "{}", "\"", "\\"}) {
      lines.push_back(absl::StrCat(std::string(whole), std::string(behind)));
      lines.push_back(absl::StrCat(std::string(behind), std::string(whole)));
    }
    for (size_t size = 0; size < whole.size(); ++size) lines.emplace_back(whole.substr(0, size));
  }
  return lines;
}

TEST(JsonShapeTest, ReadsAsInFull) {
  const Lines loose("json");
  const std::vector<std::string> lines = Variants();
  for (const std::string& line : lines) {
    loose.ExpectSame({std::string(kNginx), std::string(kCaddy)}, line);
    // What a variant teaches must not make another be misread.
    loose.ExpectSame({line}, std::string(kNginx));
    loose.ExpectSame({line, line}, std::string(kCaddy));
  }
}

TEST(JsonShapeTest, ReadsAsInFullByExactPaths) {
  const Lines exact(
      "json:time=$.ts,method=$.request.method,target=$.request."
      "uri,status=$.status");
  JsonReader reader = exact.MakeReader();
  const Reading in_full = Lines::ReadBy(&reader, std::string(kCaddy));
  const Reading by_shape = Lines::ReadBy(&reader, std::string(kCaddy));
  EXPECT_EQ(in_full.members.size(), 4U);
  EXPECT_EQ(by_shape, in_full);
}

// Random bytes in place of some of a known line's.
TEST(JsonShapeTest, ReadsDamagedLinesAsInFull) {
  constexpr std::string_view kBytes = "\"\\{}[]:,0 ab\x01\xc3\xa9-e.";
  constexpr int kLines = 3000;
  const Lines loose("json");
  std::mt19937 random(3);
  for (int i = 0; i < kLines; ++i) {
    std::string line(i % 2 == 0 ? kNginx : kCaddy);
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      line[random() % line.size()] = kBytes[random() % kBytes.size()];
    }
    loose.ExpectSame({std::string(kNginx), std::string(kCaddy)}, line);
    loose.ExpectSame({line}, std::string(i % 2 == 0 ? kNginx : kCaddy));
  }
}

TEST(JsonShapeTest, KnowsTheShapeOfALineOfTheSameTemplate) {
  const Lines loose("json");
  JsonReader reader = loose.MakeReader();
  const std::string padded = std::string(kNginx) + std::string(kBlockPadding, '\0');
  const std::string_view line(padded.data(), kNginx.size());
  std::vector<JsonMember> members;
  size_t error_at = 0;
  ASSERT_TRUE(reader.Read(IndexedLine(line), &members, &error_at));
  JsonShape shape;
  ASSERT_TRUE(shape.Learn(line, members));
  const std::string other =
      absl::StrReplaceAll(padded, {{"192.0.2.1", "2001:db8::1"}, {"200", "4"}});
  const std::string_view other_line(other.data(), other.size() - kBlockPadding);
  std::vector<JsonMember> by_shape;
  EXPECT_TRUE(shape.Read(IndexedLine(other_line), &by_shape));
  EXPECT_EQ(by_shape.size(), members.size());
  const std::string renamed = absl::StrReplaceAll(padded, {{"status", "statuz"}});
  EXPECT_FALSE(
      shape.Read(IndexedLine({renamed.data(), renamed.size() - kBlockPadding}), &by_shape));
}

}  // namespace
}  // namespace civlog
