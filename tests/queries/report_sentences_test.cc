// What the summary says in situations whose answer is known.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "queries/compute_report.h"
#include "queries/report_writer.h"
#include "queries/statistics.h"
#include "tests/queries/sample_analysis.h"
#include "tests/queries/sample_history.h"

namespace civlog {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kCertificate = 1;
constexpr size_t kPermit = 2;

// The sentence of a kind, in both languages; none where there is not just one.
struct Sentence {
  std::string english, korean;
};

class Situation {
 public:
  Situation() : now(WholeWeek(SampleWeek())), before(WholeWeek(PeriodBefore(SampleWeek()))) {}

  ReportModel Model(const Catalog* catalog = nullptr) {
    SampleHistory history;
    history.Set(SampleWeek(), now);
    if (has_before) history.Set(PeriodBefore(SampleWeek()), before);
    return *ComputeReport(now, SampleWeek(), &history, catalog);
  }

  std::vector<Sentence> All(FindingKind kind, const Catalog* catalog = nullptr) {
    const ReportModel model = Model(catalog);
    std::vector<Sentence> sentences;
    for (const Finding& finding : model.findings) {
      if (finding.kind != kind) continue;
      sentences.push_back(
          {PlainText(FindingText(finding, ReportWriter(model, Language::kEnglish))),
           PlainText(FindingText(finding, ReportWriter(model, Language::kKorean)))});
    }
    return sentences;
  }

  Sentence One(FindingKind kind, const Catalog* catalog = nullptr) {
    const std::vector<Sentence> sentences = All(kind, catalog);
    EXPECT_EQ(sentences.size(), 1u);
    return sentences.size() == 1 ? sentences.front() : Sentence{};
  }

  Analysis now;
  Analysis before;
  bool has_before = true;
};

void ExpectSentence(const Sentence& said, std::string_view english, std::string_view korean) {
  EXPECT_EQ(said.english, english);
  EXPECT_EQ(said.korean, korean);
}

TEST(Sentences, VisitsRose) {
  Situation s;
  SetVisits(44000, 120, &s.now);
  SetVisits(40000, 120, &s.before);
  ExpectSentence(s.One(FindingKind::kVisits),
                 "44,000 visits, 10.0 % more than the week before (40,000): a significant rise.",
                 "방문은 44,000건으로 전주(40,000건)보다 10.0% 늘었습니다(유의한 증가).");
}

TEST(Sentences, VisitsFell) {
  Situation s;
  SetVisits(36000, 120, &s.now);
  SetVisits(40000, 120, &s.before);
  ExpectSentence(s.One(FindingKind::kVisits),
                 "36,000 visits, 10.0 % fewer than the week before (40,000): a significant fall.",
                 "방문은 36,000건으로 전주(40,000건)보다 10.0% 줄었습니다(유의한 감소).");
}

TEST(Sentences, VisitsStayed) {
  Situation s;
  SetVisits(40120, 120, &s.now);
  SetVisits(40000, 120, &s.before);
  ExpectSentence(
      s.One(FindingKind::kVisits),
      "40,120 visits; the week before had 40,000, and the difference of 0.3 % is within chance.",
      "방문은 40,120건으로 전주(40,000건)와 유의한 차이가 없습니다(차이 0.3%).");
}

// Counts of a week with holes are compared with nothing; rates are.
TEST(Sentences, HoursWereMissing) {
  Situation s;
  SetVisits(30000, 120, &s.now);
  SetVisits(40000, 120, &s.before);
  const absl::Time from = SampleWeek().from() + absl::Hours(51);
  s.now.gaps = {{from, from + absl::Hours(2)}};
  ExpectSentence(s.One(FindingKind::kVisits),
                 "30,000 visits. They are not compared with those of the week before (40,000), "
                 "since logs are missing in one of the two periods.",
                 "방문은 30,000건입니다. 두 기간 중 로그가 누락된 기간이 있어 "
                 "전주(40,000건)와 비교하지 않았습니다.");
  ExpectSentence(s.One(FindingKind::kGaps),
                 "The logs have 1 gap, 2 hours in all. Counts are too low by what is missing.",
                 "로그에 공백 구간이 1개, 모두 2시간 있습니다. 건수는 누락된 만큼 적게 "
                 "집계되었습니다.");
  EXPECT_TRUE(s.All(FindingKind::kPartial).empty());
}

TEST(Sentences, TheWeekIsCutShort) {
  Situation s;
  std::erase_if(s.now.hours, [](const HourFigures& hour) {
    return hour.hour >= SampleWeek().from() + absl::Hours(100);
  });
  s.now.to = SampleWeek().from() + absl::Hours(100);
  ExpectSentence(s.One(FindingKind::kPartial),
                 "The period is not covered as a whole: the logs have 2026-11-16 00:00 to "
                 "2026-11-20 04:00.",
                 "기간 전체의 로그가 있지 않습니다. 로그는 2026-11-16 00:00부터 2026-11-20 "
                 "04:00까지입니다.");
}

TEST(Sentences, TheFirstWeekEver) {
  Situation s;
  s.has_before = false;
  SetCompletion(kCertificate, 700, 980, &s.now);
  SetCompletion(kPermit, 8, 12, &s.now);
  s.now.visits = 1;
  ExpectSentence(s.One(FindingKind::kFirstPeriod),
                 "Nothing is known of the period before, so nothing is compared with it.",
                 "직전 기간의 자료가 없어 비교하지 않았습니다.");
  ExpectSentence(s.One(FindingKind::kVisits), "1 visit.", "방문은 1건입니다.");
  ExpectSentence(
      s.One(FindingKind::kCompletion),
      "Of 992 applications that ended, 708 were completed: 71.4 % (68.5–74.1 %).",
      "종료된 신청 992건 중 708건이 완료되어 민원 처리 완료율은 71.4%(68.5–74.1%)입니다.");
}

TEST(Sentences, CompletionFell) {
  Situation s;
  SetCompletion(kCertificate, 600, 980, &s.now);
  SetCompletion(kCertificate, 780, 980, &s.before);
  ExpectSentence(s.One(FindingKind::kCompletion),
                 "Of 992 applications that ended, 608 were completed: 61.3 % (58.2–64.3 %), 18.1 "
                 "pp less than the week before (79.4 %): a significant fall.",
                 "종료된 신청 992건 중 608건이 완료되어 민원 처리 완료율은 "
                 "61.3%(58.2–64.3%)이며, 전주(79.4%)보다 18.1%p 낮아졌습니다(유의한 하락).");
  ExpectSentence(
      s.One(FindingKind::kServiceFell),
      "Resident certificate: completion fell significantly, from 79.6 % to 61.2 % (by 18.4 pp).",
      "‘주민등록등본 발급’은 민원 처리 완료율이 79.6%에서 61.2%로 18.4%p "
      "낮아졌습니다(유의한 하락).");
  EXPECT_TRUE(s.All(FindingKind::kServiceRose).empty());
}

TEST(Sentences, CompletionRose) {
  Situation s;
  SetCompletion(kCertificate, 780, 980, &s.now);
  SetCompletion(kCertificate, 600, 980, &s.before);
  EXPECT_THAT(s.One(FindingKind::kCompletion).english, HasSubstr("a significant rise."));
  ExpectSentence(
      s.One(FindingKind::kServiceRose),
      "Resident certificate: completion rose significantly, from 61.2 % to 79.6 % (by 18.4 pp).",
      "‘주민등록등본 발급’은 민원 처리 완료율이 61.2%에서 79.6%로 18.4%p "
      "높아졌습니다(유의한 상승).");
}

TEST(Sentences, CompletionStayed) {
  Situation s;
  SetCompletion(kCertificate, 700, 980, &s.now);
  SetCompletion(kCertificate, 710, 980, &s.before);
  ExpectSentence(s.One(FindingKind::kCompletion),
                 "Of 992 applications that ended, 708 were completed: 71.4 % (68.5–74.1 %); the "
                 "week before had 72.4 %, and the difference of 1.0 pp is within chance.",
                 "종료된 신청 992건 중 708건이 완료되어 민원 처리 완료율은 "
                 "71.4%(68.5–74.1%)이며, 전주(72.4%)와 유의한 차이가 없습니다(차이 1.0%p).");
  EXPECT_TRUE(s.All(FindingKind::kServiceFell).empty());
}

TEST(Sentences, TooFewApplications) {
  Situation s;
  SetCompletion(kCertificate, 5, 10, &s.now);
  SetCompletion(kPermit, 1, 2, &s.now);
  ExpectSentence(s.One(FindingKind::kTooFewAttempts),
                 "Only 12 applications ended: too few to judge completion.",
                 "종료된 신청이 12건뿐이어서 민원 처리 완료율을 판단하기에 부족합니다.");
  EXPECT_TRUE(s.All(FindingKind::kCompletion).empty());
  EXPECT_TRUE(s.All(FindingKind::kLowestCompletion).empty());
}

// Of many services, some differ by chance; none of that is told.
TEST(Sentences, ChanceAmongManyServicesIsNotTold) {
  Situation s;
  const ServiceFigures certificate = s.now.services[kCertificate];
  for (Analysis* a : {&s.now, &s.before}) {
    a->services.clear();
    for (size_t i = 0; i < 200; ++i) {
      a->services.push_back(certificate);
      a->services.back().id = std::to_string(i);
      a->services.back().completion_rate = Proportion(700, 980);
    }
  }
  // Alone it would count: 2.4 standard errors.
  s.now.services[17].completion_rate = Proportion(652, 980);
  ASSERT_EQ(ProportionsDiffer(Proportion(652, 980), Proportion(700, 980)), true);
  EXPECT_TRUE(s.All(FindingKind::kServiceFell).empty());
  s.now.services[17].completion_rate = Proportion(560, 980);
  EXPECT_EQ(s.All(FindingKind::kServiceFell).size(), 1u);
}

TEST(Sentences, ParticipationRose) {
  Situation s;
  SetVisits(40000, 400, &s.now);
  SetVisits(40000, 200, &s.before);
  ExpectSentence(s.One(FindingKind::kParticipation),
                 "400 of 40,000 visits took part: 1.0 % (0.9–1.1 %), 0.5 pp more than the week "
                 "before (0.50 %): a significant rise.",
                 "방문 40,000건 중 400건이 참여하여 참여율은 1.0%(0.9–1.1%)이며, "
                 "전주(0.50%)보다 0.5%p 높아졌습니다(유의한 상승).");
}

TEST(Sentences, ServerErrorsRose) {
  Situation s;
  s.now.status.by_class = {0, 0, 95000, 0, 0, 5000};
  s.before.status.by_class = {0, 0, 99000, 0, 0, 1000};
  ExpectSentence(
      s.One(FindingKind::kServerErrors),
      "5,000 of 100,000 requests failed with a server error: 5.0 %, 4.0 pp more than the "
      "week before (1.0 %): a significant rise.",
      "요청 100,000건 중 5,000건에서 서버 오류가 발생하여 서버 오류율은 5.0%이며, "
      "전주(1.0%)보다 4.0%p 높아졌습니다(유의한 상승).");
  for (const Finding& finding : s.Model().findings) {
    if (finding.kind == FindingKind::kServerErrors) {
      EXPECT_EQ(finding.tone, Tone::kWorse);
    }
  }
}

TEST(Sentences, WhereApplicationsStop) {
  Situation s;
  SetCompletion(kCertificate, 600, 980, &s.now);
  SetCompletion(kPermit, 30, 60, &s.now);
  s.now.services[kPermit].steps[0].reached = 60;
  ExpectSentence(s.One(FindingKind::kLostStep),
                 "Most applications stopped at step “details” of Resident certificate: 250 of 850 "
                 "that reached it went no further (29.4 %).",
                 "신청이 가장 많이 멈춘 곳은 ‘주민등록등본 발급’의 ‘details’ 단계입니다. 이 "
                 "단계에 온 850건 중 250건(29.4%)이 다음 단계로 가지 않았습니다.");
  ExpectSentence(s.One(FindingKind::kLowestCompletion),
                 "Lowest completion, among services with at least 30 ended applications: Parking "
                 "permit, 50.0 % (30 of 60).",
                 "종료된 신청이 30건 이상인 서비스 중 민원 처리 완료율이 가장 낮은 것은 "
                 "‘거주자 우선주차 신청’입니다(60건 중 30건, 50.0%).");
}

TEST(Sentences, ATargetIsMissed) {
  Situation s;
  SetCompletion(kCertificate, 600, 980, &s.now);
  Catalog catalog;
  PlanTarget target;
  target.service = s.now.services[kCertificate].id;
  target.metric = "completion_rate";
  target.value = 0.8;
  target.by = absl::CivilDay(2026, 10, 31);
  catalog.targets.push_back(target);
  target.service = "";
  target.metric = "visits";
  target.value = 1000;
  catalog.targets.push_back(target);
  ExpectSentence(s.One(FindingKind::kTargetMissed, &catalog),
                 "Target missed. Resident certificate, Completion rate: 61.2 %; the target was "
                 "≥ 80.0 %, due 2026-10-31 (Sat).",
                 "목표 미달. 주민등록등본 발급, 민원 처리 완료율: 61.2%(목표 ≥ 80.0%, 기한 "
                 "2026-10-31(토)).");
  ExpectSentence(s.One(FindingKind::kTargets, &catalog),
                 "Of 2 targets, 1 is met, 0 on course, 0 not yet met, 1 missed, 0 not known.",
                 "목표 2개 중 달성 1개, 정상 추진 0개, 기한 전 미달 0개, 미달 1개, 판단 불가 "
                 "0개입니다.");
}

// What is kept back is not told, and nothing is computed with it.
TEST(Sentences, WhatIsKeptBackIsNotTold) {
  Situation s;
  s.now.visits = kSuppressedCount;
  s.now.participation = {kSuppressedCount, kSuppressedCount, {}, {}, {}};
  EXPECT_TRUE(s.All(FindingKind::kVisits).empty());
  EXPECT_TRUE(s.All(FindingKind::kParticipation).empty());
}

}  // namespace
}  // namespace civlog
