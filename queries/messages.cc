#include "queries/messages.h"

#include <array>
#include <charconv>

#include "queries/korean_particle.h"
#include "queries/message_entries.h"

namespace civlog {
namespace {

using Labels = std::array<std::string_view, kLanguageCount>;

constexpr std::array<Labels, kAudienceCount> kAudienceLabels = {{
    {"citizens", "시민"},
    {"search engines", "검색엔진"},
    {"AI crawlers", "AI 수집기"},
    {"monitors", "모니터링"},
    {"SEO tools", "SEO 도구"},
    {"scanners", "취약점 스캐너"},
    {"advertising", "광고"},
    {"social previews", "소셜 미리보기"},
    {"feed readers", "피드 리더"},
    {"HTTP libraries", "HTTP 라이브러리"},
    {"archivers", "웹 아카이브"},
    {"academic", "학술"},
    {"automation", "자동화 도구"},
    {"other bots", "기타 봇"},
    {"no agent", "에이전트 없음"},
}};

constexpr std::array<Labels, kRejectReasonCount> kRejectReasonLabels = {{
    {"truncated", "잘린 줄"},
    {"bad time", "시각 오류"},
    {"bad status", "상태 코드 오류"},
    {"bad number", "숫자 오류"},
    {"no match", "형식 불일치"},
    {"invalid JSON", "JSON 오류"},
    {"too long", "너무 긴 줄"},
}};

// Argument number at the start of `text`, and how many characters it took.
std::pair<size_t, size_t> ReadIndex(std::string_view text) {
  size_t index = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), index);
  return {index, static_cast<size_t>(result.ptr - text.data())};
}

// A piece of a message: an argument as it stands, or words.
struct Filled {
  std::string_view text;
  bool is_argument = false;
  size_t index = 0;
};

// What one `{...}` stands for. `place` is what is between the braces, `before` what the
// message says up to there.
Filled FillPlace(std::string_view place, const std::vector<std::string_view>& arguments,
                 std::string_view before) {
  if (place[0] < '0' || place[0] > '9') return {ParticleAfter(before, place)};
  const auto [index, digits] = ReadIndex(place);
  const bool given = index < arguments.size();
  const std::string_view argument = given ? arguments[index] : std::string_view();
  place.remove_prefix(digits);
  if (place.empty() || place[0] != '?') return {argument, given, index};
  const size_t bar = place.find('|');
  return {argument == "1" ? place.substr(1, bar - 1) : place.substr(bar + 1)};
}

}  // namespace

std::string_view LanguageCode(Language language) {
  return language == Language::kKorean ? "ko" : "en";
}

Language ParseLanguage(std::string_view code) {
  return code == LanguageCode(Language::kKorean) ? Language::kKorean : Language::kEnglish;
}

std::string_view MessageText(Message message, Language language) {
  const size_t index = static_cast<size_t>(message);
  const size_t first_of_report = static_cast<size_t>(kFirstReportMessage);
  const MessageEntry& entry = index < first_of_report ? AnalysisMessages()[index]
                                                      : ReportMessages()[index - first_of_report];
  return entry.text[static_cast<size_t>(language)];
}

void FillMessage(Message message, Language language, const std::vector<std::string_view>& arguments,
                 const PieceSink& sink) {
  std::string_view text = MessageText(message, language);
  std::string said;
  const auto say = [&](const Filled& piece) {
    if (piece.text.empty() && !piece.is_argument) return;
    said.append(piece.text);
    sink(piece.text, piece.is_argument ? &piece.index : nullptr);
  };
  while (!text.empty()) {
    const size_t open = text.find('{');
    say({text.substr(0, open)});
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    say(FillPlace(text.substr(open + 1, close - open - 1), arguments, said));
    text.remove_prefix(close + 1);
  }
}

std::string FormatMessage(Message message, Language language,
                          std::initializer_list<std::string_view> arguments) {
  std::string out;
  FillMessage(message, language, std::vector<std::string_view>(arguments),
              [&out](std::string_view text, const size_t*) { out.append(text); });
  return out;
}

std::string_view AudienceLabel(Audience audience, Language language) {
  return kAudienceLabels[static_cast<size_t>(audience)][static_cast<size_t>(language)];
}

std::string_view RejectReasonLabel(RejectReason reason, Language language) {
  return kRejectReasonLabels[static_cast<size_t>(reason)][static_cast<size_t>(language)];
}

Message KindMessage(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::kInformation:
      return Message::kKindInformation;
    case ServiceKind::kInteraction:
      return Message::kKindInteraction;
    case ServiceKind::kTransaction:
      return Message::kKindTransaction;
    case ServiceKind::kParticipation:
      break;
  }
  return Message::kKindParticipation;
}

Message TierMessage(Tier tier) {
  switch (tier) {
    case Tier::kNone:
      return Message::kTierNone;
    case Tier::kInform:
      return Message::kTierInform;
    case Tier::kConsult:
      return Message::kTierConsult;
    case Tier::kDecide:
      break;
  }
  return Message::kTierDecide;
}

}  // namespace civlog
