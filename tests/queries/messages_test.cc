#include "queries/messages.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace civlog {
namespace {

// Numbers of the arguments that a text names; -1 for a brace out of place.
std::set<int> Places(std::string_view text) {
  std::set<int> places;
  size_t at = 0;
  while ((at = text.find_first_of("{}", at)) != std::string_view::npos) {
    const size_t close = text.find('}', at);
    if (text[at] == '}' || close == std::string_view::npos || close < at + 2) return {-1};
    const bool particle = text[at + 1] < '0' || text[at + 1] > '9';
    if (!particle) places.insert(text[at + 1] - '0');
    at = close + 1;
  }
  return places;
}

TEST(Messages, AreCompleteInEveryLanguage) {
  for (size_t i = 0; i < kMessageCount; ++i) {
    const Message message = static_cast<Message>(i);
    const std::string_view english = MessageText(message, Language::kEnglish);
    const std::string_view korean = MessageText(message, Language::kKorean);
    EXPECT_FALSE(english.empty()) << i;
    EXPECT_FALSE(korean.empty()) << i;
    EXPECT_EQ(Places(english).count(-1), 0u) << english;
    EXPECT_EQ(Places(english), Places(korean)) << english << " / " << korean;
  }
}

TEST(Messages, LabelsAreComplete) {
  for (const Language language : {Language::kEnglish, Language::kKorean}) {
    for (size_t i = 0; i < kAudienceCount; ++i) {
      EXPECT_FALSE(AudienceLabel(static_cast<Audience>(i), language).empty()) << i;
    }
    for (size_t i = 0; i < kRejectReasonCount; ++i) {
      EXPECT_FALSE(RejectReasonLabel(static_cast<RejectReason>(i), language).empty()) << i;
    }
  }
}

TEST(FormatMessage, FillsPlacesAndPicksNumber) {
  EXPECT_EQ(FormatMessage(Message::kDays, Language::kEnglish, {"1"}), "1 day");
  EXPECT_EQ(FormatMessage(Message::kDays, Language::kEnglish, {"7"}), "7 days");
  EXPECT_EQ(FormatMessage(Message::kDays, Language::kKorean, {"7"}), "7일간");
  EXPECT_EQ(FormatMessage(Message::kPerThousand, Language::kKorean, {"1.2", "412,000"}),
            "주민 1,000명당 1.2건(주민 412,000명)");
  // An argument is put in as it stands, whatever it looks like.
  EXPECT_EQ(FormatMessage(Message::kWeek, Language::kEnglish, {"{0}{1}"}), "week {0}{1}");
  EXPECT_EQ(FormatMessage(Message::kWeek, Language::kEnglish, {}), "week ");
}

}  // namespace
}  // namespace civlog
