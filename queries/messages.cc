#include "queries/messages.h"

#include <array>
#include <charconv>

namespace civlog {
namespace {

struct Entry {
  Message message;
  std::array<std::string_view, kLanguageCount> text;  // by Language
};

// In the order of the enumeration; a static assertion below holds it to that.
// Korean terms follow the usage of Korean public portals and of the UN/ASPA
// stages in Korean e-government studies.
constexpr Entry kEntries[] = {
    {Message::kUntitledPortal, {"Access-log analysis", "접속 로그 분석"}},
    {Message::kNoRecords, {"no records", "기록 없음"}},
    {Message::kWeek, {"week {0}", "{0} 주"}},
    {Message::kDays, {"{0} {0?day|days}", "{0}일간"}},
    {Message::kHours, {"{0} {0?hour|hours}", "{0}시간"}},
    {Message::kPartialWeek, {"not whole weeks", "온전한 주 아님"}},
    {Message::kSourceCount, {"{0} {0?source|sources}", "로그 {0}개"}},
    {Message::kCatalogTitle,
     {"catalogue {0}, {1} {1?service|services}", "카탈로그 {0}, 서비스 {1}개"}},
    {Message::kNoCatalogTitle, {"no catalogue", "카탈로그 없음"}},

    {Message::kLinesRead, {"Lines read", "읽은 줄"}},
    {Message::kBlank, {"blank", "빈 줄"}},
    {Message::kDirective, {"directive", "지시문"}},
    {Message::kRejected, {"rejected", "거부"}},
    {Message::kOutsidePeriod, {"outside the period", "기간 밖"}},
    {Message::kFilteredOut, {"filtered out", "조건에서 제외"}},
    {Message::kRecords, {"records", "기록"}},
    {Message::kUnreadable, {"unreadable request", "요청 판독 불가"}},
    {Message::kOutsidePortal, {"outside the portal", "포털 밖"}},
    {Message::kNotCitizens, {"not citizens", "시민 아님"}},
    {Message::kAssets, {"assets", "정적 파일"}},
    {Message::kCounted, {"counted", "집계 대상"}},
    {Message::kMore, {"{0} more {1}", "그 밖 {0}종 {1}"}},

    {Message::kVisits, {"visits", "방문"}},
    {Message::kVisitors, {"visitors", "방문자"}},
    {Message::kVisitorWeeks, {"visitor-weeks", "주간 방문자 합계"}},
    {Message::kVisitorsEstimated, {"visitors, estimated", "방문자(추정)"}},
    {Message::kVisitorWeeksEstimated, {"visitor-weeks, estimated", "주간 방문자 합계(추정)"}},
    {Message::kPageViews, {"page views", "페이지뷰"}},
    {Message::kBounces, {"bounces", "즉시 이탈"}},
    {Message::kBouncesShare, {"bounces, {0}", "즉시 이탈 {0}"}},
    {Message::kActs, {"acts", "이용 행위"}},

    {Message::kRatesInterval, {"95 % interval", "95% 신뢰구간"}},
    {Message::kInteraction, {"Interaction", "상호작용률"}},
    {Message::kCompletion, {"Completion", "신청 완료율"}},
    {Message::kParticipation, {"Participation", "참여율"}},
    {Message::kOf, {"of", "/"}},
    {Message::kUnitVisits, {"visits", "방문"}},
    {Message::kUnitAttempts, {"attempts", "신청"}},
    {Message::kNeedsCatalog, {"needs a service catalogue", "서비스 카탈로그 필요"}},
    {Message::kNothingToJudge, {"nothing to judge it by", "산출할 자료 없음"}},
    {Message::kKeptBack, {"not shown", "비공개"}},
    {Message::kStageReach, {"Stage reach, log-derived", "도달 단계(로그 기반)"}},
    {Message::kStageEnhanced, {"viewed", "열람"}},
    {Message::kStageInteractive, {"interactive", "상호작용"}},
    {Message::kStageTransactional, {"transactional", "업무처리"}},
    {Message::kStageSeamless, {"seamless", "통합처리"}},

    {Message::kNoWarnings, {"No warnings.", "경고 없음."}},
    {Message::kDisclosureNote,
     {"Counts are rounded to multiples of {0}. – : fewer than {1}, or kept back because it would "
      "tell such a count.",
      "수치는 {0} 단위로 반올림하였습니다. – : {1} 미만이거나, 그러한 수치를 알 수 있게 하므로 "
      "공개하지 않습니다."}},
    {Message::kWarnNothing,
     {"Nothing was counted: no line became a record.", "집계된 기록이 없습니다."}},
    {Message::kWarnInterrupted,
     {"Interrupted: the figures cover only what was read until then.",
      "중단됨: 중단 시점까지 읽은 자료만 집계하였습니다."}},
    {Message::kWarnIncomplete,
     {"{0} {0?input|inputs} could not be read to the end: {1}",
      "끝까지 읽지 못한 입력 {0}개: {1}"}},
    {Message::kWarnIncompleteUnnamed,
     {"An input could not be read to its end; the rest was.",
      "끝까지 읽지 못한 입력이 있습니다. 나머지는 모두 읽었습니다."}},
    {Message::kWarnRejected,
     {"{0} of the lines ({1}) do not fit the log format: is it the right one? Samples below.",
      "전체 줄의 {0}({1}줄)가 로그 형식에 맞지 않습니다. 형식을 확인하십시오. 예시는 아래에 "
      "있습니다."}},
    {Message::kWarnGaps,
     {"{0} {0?gap|gaps}, {1} {1?hour|hours} without any line, the longest from {2}: is a log "
      "missing?",
      "기록이 전혀 없는 구간 {0}개, 모두 {1}시간(가장 긴 구간: {2}). 누락된 로그가 있는지 "
      "확인하십시오."}},
    {Message::kWarnUnclassified,
     {"{0} of counted requests belong to no service of the catalogue; most of all {1}.",
      "집계 대상 요청의 {0}가 카탈로그의 어느 서비스에도 속하지 않습니다. 상위 경로: {1}"}},
    {Message::kWarnUnclassifiedUnnamed,
     {"{0} of counted requests belong to no service of the catalogue.",
      "집계 대상 요청의 {0}가 카탈로그의 어느 서비스에도 속하지 않습니다."}},
    {Message::kWarnUnmatched,
     {"{0} catalogue {0?route|routes} matched nothing: misspelt, or moved? Listed below.",
      "일치한 요청이 없는 카탈로그 경로 {0}개: 오기이거나 변경된 경로일 수 있습니다. 목록은 "
      "아래에 있습니다."}},
    {Message::kWarnNoCatalog,
     {"No service catalogue: services are first path segments, acts are accepted POSTs. A "
      "catalogue (--catalog FILE) adds completion and participation rates, drop-off by step, "
      "names and departments.",
      "서비스 카탈로그가 없어 경로의 첫 부분을 서비스로, 처리된 POST를 이용 행위로 보았습니다. "
      "카탈로그(--catalog FILE)를 지정하면 신청 완료율, 참여율, 단계별 이탈, 서비스명, "
      "담당 부서를 알 수 있습니다."}},
    {Message::kWarnLate,
     {"{0} {0?record|records} came too far out of order to be sorted and {0?was|were} counted "
      "where {0?it stands|they stand}.",
      "시간 순서에서 너무 벗어나 정렬하지 못한 기록 {0}건은 놓인 위치 그대로 집계하였습니다."}},
    {Message::kWarnFewAttempts,
     {"Completion rests on only {0} closed {0?attempt|attempts}: too few to judge.",
      "종료된 신청이 {0}건뿐이어서 신청 완료율로 판단하기에 부족합니다."}},
    {Message::kWarnInvariant,
     {"The attempts of {0} do not add up. This is a fault of civlog: please report it.",
      "{0}의 신청 건수가 맞지 않습니다. civlog의 오류이니 알려 주십시오."}},
    {Message::kWarnWaterfall,
     {"The lines above do not add up. This is a fault of civlog: please report it.",
      "위의 줄 수가 맞지 않습니다. civlog의 오류이니 알려 주십시오."}},

    {Message::kSectionWeek, {"Visits over time", "시간대별 방문"}},
    {Message::kSectionServices, {"Services", "서비스"}},
    {Message::kSectionTransactions, {"Transactions, step by step", "신청 단계별 현황"}},
    {Message::kSectionParticipation, {"Participation", "시민 참여"}},
    {Message::kSectionTraffic, {"Traffic and latency", "트래픽과 응답 시간"}},
    {Message::kSectionAudience, {"Who asked", "요청 주체"}},
    {Message::kSectionNotFound, {"Not found (404)", "찾을 수 없음(404)"}},
    {Message::kSectionServerErrors, {"Server errors (5xx)", "서버 오류(5xx)"}},
    {Message::kSectionPages, {"Pages", "페이지"}},
    {Message::kSectionEntryPages, {"Entry pages", "시작 페이지"}},
    {Message::kSectionExitPages, {"Exit pages", "종료 페이지"}},
    {Message::kSectionReferrers, {"Referrers", "유입 경로"}},
    {Message::kSectionUnclassified, {"Unclassified", "미분류"}},
    {Message::kSectionRejected, {"Rejected lines", "거부된 줄"}},
    {Message::kSectionGaps, {"Gaps", "공백 구간"}},
    {Message::kSectionUnmatched,
     {"Catalogue routes that matched nothing", "일치한 요청이 없는 카탈로그 경로"}},
    {Message::kSectionSources, {"Sources", "로그 원본"}},

    {Message::kHourLegend,
     {"full height = {0} visits an hour   · no line at all",
      "최고 높이 = 시간당 방문 {0}건   · 기록 없음"}},
    {Message::kHourLegendKeptBack,
     {"full height = {0} visits an hour   · no line at all   – not shown",
      "최고 높이 = 시간당 방문 {0}건   · 기록 없음   – 비공개"}},
    {Message::kEarlierRows,
     {"{0} earlier {0?row|rows} not shown", "이전 {0}개 행은 표시하지 않음"}},
    {Message::kDay, {"day", "날짜"}},
    {Message::kIsoWeek, {"ISO week", "주"}},
    {Message::kMonth, {"month", "월"}},

    {Message::kKindInformation, {"Information", "정보제공"}},
    {Message::kKindInteraction, {"Interaction", "상호작용"}},
    {Message::kKindTransaction, {"Transaction", "업무처리(신청)"}},
    {Message::kKindParticipation, {"Participation", "시민참여"}},

    {Message::kService, {"service", "서비스"}},
    {Message::kDepartment, {"department", "담당 부서"}},
    {Message::kStarted, {"started", "시작"}},
    {Message::kCompleted, {"completed", "완료"}},
    {Message::kCompletionShort, {"rate", "완료율"}},
    {Message::kInteractionShort, {"acted", "상호작용률"}},
    {Message::kIntervalShort, {"95 % interval", "95% 신뢰구간"}},
    {Message::kP95, {"p95", "p95"}},
    {Message::kServerErrors, {"5xx", "5xx"}},
    {Message::kRequests, {"requests", "요청"}},
    {Message::kShare, {"share", "비중"}},
    {Message::kBytes, {"bytes", "전송량"}},
    {Message::kLatency, {"latency", "응답 시간"}},
    {Message::kAudience, {"audience", "주체"}},
    {Message::kTier, {"tier", "수준"}},
    {Message::kTookPart, {"took part", "참여 방문"}},
    {Message::kFormat, {"format", "형식"}},
    {Message::kLines, {"lines", "줄"}},
    {Message::kSource, {"source", "원본"}},
    {Message::kRoute, {"route", "경로"}},
    {Message::kLineShort, {"line", "줄"}},
    {Message::kMoreServices,
     {"and {0} more {0?service|services}, see --json",
      "그 밖 서비스 {0}개는 --json 출력에서 볼 수 있습니다"}},
    {Message::kFewAttempts,
     {"* fewer than 30 closed attempts: too few to judge",
      "* 종료된 신청이 30건 미만: 판단하기에 부족함"}},

    {Message::kStartedCount, {"{0} started", "시작 {0}"}},
    {Message::kGrantedCount, {"{0} granted", "처리 {0}"}},
    {Message::kRefusedCount, {"{0} refused", "불가 {0}"}},
    {Message::kFailedCount, {"{0} failed", "실패 {0}"}},
    {Message::kAbandonedCount, {"{0} abandoned", "중도 이탈 {0}"}},
    {Message::kOpenCount, {"{0} open", "진행 중 {0}"}},
    {Message::kAttemptsNone, {"no attempt was started", "시작된 신청 없음"}},
    {Message::kDropOff, {"drop-off", "이탈"}},
    {Message::kAfterError, {"error", "오류 후"}},
    {Message::kAfterSlow, {"slow", "지연 후"}},
    {Message::kReached, {"reached", "도달"}},
    {Message::kStepsNote,
     {"drop-off: went no further, refused and open attempts included; error, slow: left right "
      "after an error or a slow page, which need not be the cause",
      "이탈: 다음 단계로 가지 않은 신청(불가와 진행 중 포함). 오류 후, 지연 후 이탈은 "
      "연관일 뿐 원인을 뜻하지 않음"}},
    {Message::kCompletedOfClosed,
     {"{0} of {1} closed completed: {2} ({3})", "종료 {1}건 중 완료 {0}건: {2} ({3})"}},
    {Message::kFailedShare, {"failed {0}", "실패 {0}"}},
    {Message::kAbandonedShare, {"abandoned {0}", "중도 이탈 {0}"}},
    {Message::kMoreTransactions,
     {"and {0} more {0?transaction|transactions} with fewer attempts, see --json",
      "신청이 더 적은 서비스 {0}개는 --json 출력에서 볼 수 있습니다"}},
    {Message::kTimeToComplete,
     {"time to complete p50 {0}, p90 {1}", "완료 소요 시간 p50 {0}, p90 {1}"}},
    {Message::kRecovered, {"{0} recovered from an error", "오류 후 완료 {0}"}},
    {Message::kWithoutStart, {"{0} completed without a start seen", "시작 기록 없는 완료 {0}"}},
    {Message::kStatusChecks, {"{0} status checks a completion", "완료 1건당 처리 상태 조회 {0}회"}},
    {Message::kAttemptsPerVisitor,
     {"{0} attempts a completed visitor", "완료 방문자 1인당 신청 {0}회"}},

    {Message::kTookPartSentence,
     {"{0} of {1} visits took part: {2} ({3})", "방문 {1}건 중 {0}건 참여: {2} ({3})"}},
    {Message::kPerThousand, {"{0} per 1,000 of {1} residents", "주민 1,000명당 {0}건(주민 {1}명)"}},
    {Message::kAllServices, {"all services", "전체 서비스"}},
    {Message::kTierNone, {"no tier", "수준 미지정"}},
    {Message::kTierInform, {"inform", "정보제공"}},
    {Message::kTierConsult, {"consult", "의견수렴"}},
    {Message::kTierDecide, {"decide", "의사결정"}},

    {Message::kTrafficSentence,
     {"{0} requests, {1} sent, robots and assets included",
      "요청 {0}건, 전송 {1}(로봇과 정적 파일 포함)"}},
    {Message::kStatusOther, {"other", "기타"}},
    {Message::kNoLatency,
     {"the logs hold no response times", "로그에 응답 시간이 기록되어 있지 않음"}},

    {Message::kMoreRows, {"and {0} more", "그 밖 {0}개"}},
    {Message::kListNote,
     {"≤ upper bound: the list outgrew its memory", "≤ 상한값: 목록이 기억 한도를 넘음"}},
    {Message::kUnclassifiedSentence,
     {"{0} of {1} counted requests ({2}) belong to no service",
      "집계 대상 요청 {1}건 중 {0}건({2})이 어느 서비스에도 속하지 않음"}},
    {Message::kSourcesSentence,
     {"{0}: {1} {1?source|sources}, {2} lines, {3} rejected",
      "{0}: 원본 {1}개, {2}줄, 거부 {3}줄"}},
    {Message::kGapLine, {"{0} {0?hour|hours}", "{0}시간"}},
    {Message::kFooter, {"civlog {0}", "civlog {0}"}},
    {Message::kFooterRobots, {"robots list {0}", "로봇 목록 {0}"}},
};

constexpr bool InOrder() {
  size_t i = 0;
  for (const Entry& entry : kEntries) {
    if (static_cast<size_t>(entry.message) != i++) return false;
  }
  return i == kMessageCount;
}
static_assert(InOrder(), "kEntries must list every message, in order");

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

// What one `{...}` stands for; `place` is what is between the braces.
std::string_view FillPlace(std::string_view place,
                           std::initializer_list<std::string_view> arguments) {
  const auto [index, digits] = ReadIndex(place);
  const std::string_view argument =
      index < arguments.size() ? arguments.begin()[index] : std::string_view();
  place.remove_prefix(digits);
  if (place.empty() || place[0] != '?') return argument;
  const size_t bar = place.find('|');
  return argument == "1" ? place.substr(1, bar - 1) : place.substr(bar + 1);
}

}  // namespace

std::string_view LanguageCode(Language language) {
  return language == Language::kKorean ? "ko" : "en";
}

std::string_view MessageText(Message message, Language language) {
  return kEntries[static_cast<size_t>(message)].text[static_cast<size_t>(language)];
}

std::string FormatMessage(Message message, Language language,
                          std::initializer_list<std::string_view> arguments) {
  std::string_view text = MessageText(message, language);
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('{');
    out.append(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    out.append(FillPlace(text.substr(open + 1, close - open - 1), arguments));
    text.remove_prefix(close + 1);
  }
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
