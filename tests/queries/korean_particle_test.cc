#include "queries/korean_particle.h"

#include <gtest/gtest.h>

#include "queries/messages.h"

namespace civlog {
namespace {

TEST(KoreanParticle, FollowsTheSoundOfTheWordBefore) {
  const struct {
    std::string_view word, pair, particle;
  } kCases[] = {
      {"방문", "은/는", "은"},
      {"민원", "이/가", "이"},
      {"전주", "과/와", "와"},
      {"청원", "을/를", "을"},
      {"투표", "을/를", "를"},
      {"완료율", "으로/로", "로"},  // after ㄹ
      {"민원", "으로/로", "으로"},
      {"자료", "으로/로", "로"},
      {"‘주민등록등본 발급’", "은/는", "은"},  // marks are passed over
      {"전주(7,612건)", "과/와", "와"},        // and what is in brackets
      {"예산 제안 (2026)", "은/는", "은"},
      {"(2026)", "은/는", "은"},  // unless there is nothing else
      {"74.2%", "이/가", "가"},
      {"1.2%p", "이/가", "가"},
      {"10", "이/가", "이"},
      {"1", "으로/로", "로"},
      {"2", "은/는", "는"},
      {"3", "은/는", "은"},
      {"6", "이/가", "이"},
      {"PDF", "은/는", "는"},
      {"URL", "은/는", "은"},
      {"", "은/는", "는"},
      {"\xff\xfe", "은/는", "는"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ParticleAfter(c.word, c.pair), c.particle) << c.word << " " << c.pair;
  }
}

TEST(KoreanParticle, StandsInMessages) {
  EXPECT_EQ(FormatMessage(Message::kFindServiceFell, Language::kKorean,
                          {"시민청원", "80.0%", "70.0%", "10.0%p"}),
            "‘시민청원’은 민원 처리 완료율이 80.0%에서 70.0%로 10.0%p 낮아졌습니다(유의한 하락).");
  EXPECT_EQ(FormatMessage(Message::kFindServiceFell, Language::kKorean,
                          {"주민투표", "80.0%", "70.0%", "10.0%p"}),
            "‘주민투표’는 민원 처리 완료율이 80.0%에서 70.0%로 10.0%p 낮아졌습니다(유의한 하락).");
}

}  // namespace
}  // namespace civlog
