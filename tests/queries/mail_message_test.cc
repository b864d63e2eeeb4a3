#include "queries/mail_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace civlog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MailMessage, TakesAddressesAndNothingElse) {
  for (const char* address : {"head@city.example", "a.b+c@city.example", "x@localhost"}) {
    EXPECT_TRUE(IsMailAddress(address)) << address;
  }
  for (const char* text :
       {"", "head", "@city", "head@", "-oX@city.example", "a@b@c", "a b@city.example",
        "a@city.example\nBcc: x@y.example", "\"a\"@city.example", "<a@city.example>",
        "a@city.example,b@city.example", "시장@city.example"}) {
    EXPECT_FALSE(IsMailAddress(text)) << text;
  }
}

TEST(MailMessage, HasTextHtmlAndTheFile) {
  MailMessage message;
  message.to = {"head@city.example", "web@city.example"};
  message.subject = "한빛시: 포털 이용 현황 주간 보고, 2026년 11월 16일(월) ~ 11월 22일(일)";
  message.text = "방문은 7,931건입니다.\n";
  message.html = "<p>방문은 7,931건입니다.</p>";
  message.attachment = "civlog-2026-W47.html";
  const std::string written = WriteMailMessage(message);
  EXPECT_THAT(written, HasSubstr("To: head@city.example,\n web@city.example\n"));
  EXPECT_THAT(written, HasSubstr("MIME-Version: 1.0\n"));
  EXPECT_THAT(written, HasSubstr("Content-Type: multipart/alternative;"));
  EXPECT_THAT(written, HasSubstr("Content-Disposition: attachment; "
                                 "filename=\"civlog-2026-W47.html\"\n"));
  EXPECT_THAT(written, HasSubstr(absl::Base64Escape(message.text)));
  EXPECT_EQ(written, WriteMailMessage(message));
  // Mail is ASCII in lines of at most 78 characters.
  size_t line = 0;
  for (const char c : written) {
    line = c == '\n' ? 0 : line + 1;
    EXPECT_LE(line, 78u);
    EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F));
  }
}

// What a catalogue's names hold cannot add a header.
TEST(MailMessage, KeepsHostileSubjectsIn) {
  MailMessage message;
  message.to = {"head@city.example"};
  message.subject = "x\r\nBcc: other@city.example\r\n\r\n<script>";
  message.attachment = "civlog.html";
  const std::string written = WriteMailMessage(message);
  EXPECT_THAT(written, Not(HasSubstr("Bcc")));
  EXPECT_THAT(written, Not(HasSubstr("\r")));
  EXPECT_EQ(written.find("MIME-Version"), written.rfind("MIME-Version"));
}

}  // namespace
}  // namespace civlog
