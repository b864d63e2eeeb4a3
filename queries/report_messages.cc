// The words of the weekly report, in every language.

#include "queries/message_entries.h"

namespace civlog {
namespace {

// Korean terms follow the usage of Korean public offices: 민원, 전주 대비, %p.
constexpr MessageEntry kEntries[] = {
    // Title.
    {Message::kReportDaily, {"Portal use, daily report", "포털 이용 현황 일일 보고"}},
    {Message::kReportWeekly, {"Portal use, weekly report", "포털 이용 현황 주간 보고"}},
    {Message::kReportMonthly, {"Portal use, monthly report", "포털 이용 현황 월간 보고"}},
    {Message::kReportSpan, {"Portal use, report", "포털 이용 현황 보고"}},
    {Message::kReportDepartment, {"Department: {0}", "담당 부서: {0}"}},
    {Message::kReportContents, {"Contents", "차례"}},
    {Message::kReportPage, {"page", "쪽"}},
    // Sections.
    {Message::kReportSummary, {"Summary", "요약"}},
    {Message::kReportKeyFigures, {"Key figures", "주요 지표"}},
    {Message::kReportLadder, {"How far visits went", "이용 단계"}},
    {Message::kReportKinds, {"The four kinds of service", "서비스 유형별 이용"}},
    {Message::kReportApplications, {"Applications, from start to completion", "민원 신청과 처리"}},
    {Message::kReportInteraction, {"Interaction", "상호작용"}},
    {Message::kReportReliability, {"Reliability", "서비스 안정성"}},
    {Message::kReportMethod, {"Method and sources", "산출 방법과 자료"}},
    // Figures.
    {Message::kMetricVisits, {"Visits", "방문"}},
    {Message::kMetricVisitors, {"Visitors", "방문자"}},
    {Message::kMetricPageViews, {"Page views", "페이지뷰"}},
    {Message::kMetricActs, {"Acts", "이용 행위"}},
    {Message::kMetricInteraction, {"Interaction rate", "상호작용률"}},
    {Message::kMetricCompletion, {"Completion rate", "민원 처리 완료율"}},
    {Message::kMetricParticipation, {"Participation rate", "참여율"}},
    {Message::kMetricServerErrors, {"Server error rate", "서버 오류율"}},
    {Message::kMetricLatencyP95, {"Response time, 95th percentile", "응답 시간(95백분위)"}},
    {Message::kMetricStarted, {"Applications started", "시작된 신청"}},
    {Message::kMetricCompleted, {"Applications completed", "완료된 신청"}},
    {Message::kMetricFailed, {"Applications failed", "실패한 신청"}},
    {Message::kMetricAbandoned, {"Applications abandoned", "중도 이탈한 신청"}},
    {Message::kMetricBounce, {"Bounce rate", "즉시 이탈률"}},
    {Message::kMetricErrors, {"Error rate", "오류율"}},
    {Message::kMetricLatencyP50, {"Response time, median", "응답 시간(중앙값)"}},
    {Message::kMetricLatencyP90, {"Response time, 90th percentile", "응답 시간(90백분위)"}},
    {Message::kMetricLatencyP99, {"Response time, 99th percentile", "응답 시간(99백분위)"}},
    {Message::kMetricDigitalTakeUp, {"Digital take-up", "온라인 처리 비율"}},
    {Message::kMetricPerThousand, {"Participations per 1,000 residents", "주민 1,000명당 참여"}},
    {Message::kTargetMet, {"met", "달성"}},
    {Message::kTargetOnCourse, {"on course", "정상 추진"}},
    {Message::kTargetNotYetMet, {"not yet met", "기한 전 미달"}},
    {Message::kTargetMissed, {"missed", "미달"}},
    {Message::kTargetUnknown, {"not known", "판단 불가"}},
    {Message::kTargetPortal, {"The portal", "포털 전체"}},
    {Message::kReportTargets, {"Targets", "목표 달성 현황"}},
    {Message::kReportTargetsNote,
     {"On course: due later, and not behind the line from where it started. Missed: due, and not "
      "reached.",
      "정상 추진: 기한 전이며 시작값에서 목표까지의 경로에 뒤처지지 않음. 미달: 기한이 지났으나 "
      "도달하지 못함."}},
    {Message::kReportTakeUp, {"Online and other channels", "온라인과 다른 창구의 처리"}},
    {Message::kColumnTarget, {"target", "목표"}},
    {Message::kColumnBy, {"due", "기한"}},
    {Message::kColumnGap, {"gap", "차이"}},
    {Message::kColumnState, {"state", "상태"}},
    {Message::kColumnSource, {"source", "근거"}},
    {Message::kColumnOnline, {"online", "온라인"}},
    {Message::kColumnOtherChannels, {"other channels", "다른 창구"}},
    {Message::kReportOf, {"{0} of {1}", "{1}건 중 {0}건"}},
    {Message::kReportPoints, {"{0} pp", "{0}%p"}},
    {Message::kReportAgainst, {"{0} against {1}", "{1} 대비 {0}"}},
    {Message::kReportDayBefore, {"the day before", "전일"}},
    {Message::kReportWeekBefore, {"the week before", "전주"}},
    {Message::kReportMonthBefore, {"the month before", "전월"}},
    {Message::kReportSpanBefore, {"the period before", "직전 기간"}},
    // Column headings.
    {Message::kColumnFigure, {"figure", "지표"}},
    {Message::kColumnValue, {"value", "값"}},
    {Message::kColumnParts, {"cases", "산출 근거"}},
    {Message::kColumnChange, {"change", "증감"}},
    {Message::kColumnYear, {"a year before", "전년 동기"}},
    {Message::kColumnMissingHours, {"hours without logs", "로그 없는 시간"}},
    {Message::kColumnPeriod, {"period", "기간"}},
    {Message::kColumnStage, {"stage", "단계"}},
    {Message::kColumnMeaning, {"meaning", "뜻"}},
    {Message::kColumnKind, {"kind", "유형"}},
    {Message::kColumnServices, {"services", "서비스 수"}},
    {Message::kColumnGranted, {"granted", "처리"}},
    {Message::kColumnRefused, {"refused", "불가"}},
    {Message::kColumnFailed, {"failed", "실패"}},
    {Message::kColumnAbandoned, {"abandoned", "중도 이탈"}},
    {Message::kColumnOpen, {"open", "진행 중"}},
    {Message::kColumnEnded, {"ended", "종료"}},
    {Message::kColumnStep, {"step", "단계"}},
    {Message::kColumnLost, {"went no further", "다음 단계로 가지 않음"}},
    {Message::kColumnAfterError, {"left after an error", "오류 후 이탈"}},
    {Message::kColumnAfterSlow, {"left after a slow page", "지연 후 이탈"}},
    {Message::kColumnActing, {"visits that acted", "이용한 방문"}},
    {Message::kColumnActingShare, {"share that acted", "이용률"}},
    {Message::kColumnStatusViews, {"status checks", "처리 상태 조회"}},
    {Message::kColumnStatusRatio, {"checks per completion", "완료 1건당 조회"}},
    {Message::kColumnStatus, {"status", "상태 코드"}},
    {Message::kColumnMedian, {"median", "중앙값"}},
    {Message::kColumnP90, {"p90", "90백분위"}},
    {Message::kColumnP95, {"p95", "95백분위"}},
    {Message::kColumnP99, {"p99", "99백분위"}},
    {Message::kColumnServerErrors, {"server errors", "서버 오류"}},
    {Message::kColumnServerErrorShare, {"error rate", "오류율"}},
    {Message::kColumnFrom, {"from", "시작"}},
    {Message::kColumnTo, {"to", "종료"}},
    {Message::kColumnHours, {"hours", "시간"}},
    {Message::kColumnPath, {"path", "경로"}},
    {Message::kColumnLine, {"what became of each line", "줄의 구분"}},
    // Charts, and what they show.
    {Message::kChartDays, {"Visits by day", "일별 방문"}},
    {Message::kChartDaysSummary,
     {"Most visits on {0}: {1}; fewest on {2}: {3}.",
      "방문이 가장 많은 날은 {0} {1}건, 가장 적은 날은 {2} {3}건입니다."}},
    {Message::kChartTrend, {"The last 12 periods", "최근 12개 기간"}},
    {Message::kChartTrendSummary,
     {"Of these, {0} had the most visits: {1}.",
      "이 가운데 방문이 가장 많은 기간은 {0}({1}건)입니다."}},
    {Message::kChartSteps, {"Step by step", "단계별 현황"}},
    {Message::kChartCompletion,
     {"Completion rate over the last 12 periods, with its 95 % interval",
      "최근 12개 기간의 민원 처리 완료율과 95% 신뢰구간"}},
    {Message::kChartCompletionSummary, {"Between {0} and {1}.", "{0}에서 {1} 사이입니다."}},
    {Message::kChartIncomplete, {"hatched: hours without logs", "빗금: 로그 없는 시간이 있음"}},
    // Ladder.
    {Message::kStageEnhancedMeaning, {"read only", "정보를 열람한 방문"}},
    {Message::kStageInteractiveMeaning, {"asked, booked, signed", "질의·예약·참여를 한 방문"}},
    {Message::kStageTransactionalMeaning, {"completed an application", "민원 신청을 완료한 방문"}},
    {Message::kStageSeamlessMeaning,
     {"completed applications of two or more departments",
      "둘 이상 부서의 민원 신청을 완료한 방문"}},
    {Message::kStageNote,
     {"Each visit counts once, at the furthest stage it reached. Derived from logs after the "
      "UN/ASPA stages; not an official index.",
      "방문마다 가장 높은 단계에 한 번만 집계합니다. UN/ASPA 단계를 따른 로그 기반 수치이며 공식 "
      "지수가 아닙니다."}},
    // Applications.
    {Message::kApplicationsNote,
     {"Completion rate: granted and refused, of those that ended. Open: not yet ended when the "
      "logs end.",
      "민원 처리 완료율: 종료된 신청 중 처리와 불가의 비율. 진행 중: 로그가 끝날 때까지 종료되지 "
      "않은 신청."}},
    {Message::kApplicationsChangeNote,
     {"Completion rate: granted and refused, of those that ended. Open: not yet ended when the "
      "logs end. Changes of the completion rate are marked ▲ or ▼ where they are significant after "
      "correction for the number of services, and ≈ where they are not.",
      "민원 처리 완료율: 종료된 신청 중 처리와 불가의 비율. 진행 중: 로그가 끝날 때까지 종료되지 "
      "않은 신청. 완료율의 증감은 서비스 수에 따른 보정 후 유의하면 ▲ 또는 ▼, 그렇지 않으면 ≈로 "
      "표시합니다."}},
    {Message::kReportTimeToComplete,
     {"Half of the {2} completed took at most {0}, nine in ten at most {1}.",
      "완료까지 걸린 시간은 절반이 {0} 이내, 열에 아홉이 {1} 이내입니다(완료 {2}건)."}},
    {Message::kReportRecovered,
     {"{0} {0?was|were} completed after an error.", "오류를 겪은 뒤 완료된 신청은 {0}건입니다."}},
    {Message::kReportWithoutStart,
     {"{0} {0?completion|completions} without a start seen {0?is|are} in no rate.",
      "시작 기록이 없는 완료 {0}건은 비율에 넣지 않았습니다."}},
    {Message::kReportMostDetailed,
     {"The {0} services with the most applications are shown step by step. The others are in the "
      "table above; the steps of all are in the JSON and CSV reports.",
      "신청이 많은 서비스 {0}개의 단계별 현황입니다. 나머지 서비스는 위 표에 있으며, 모든 서비스의 "
      "단계는 JSON과 CSV 보고서에 있습니다."}},
    // Participation and interaction.
    {Message::kReportPerThousand,
     {"That is {0} per 1,000 of {1} residents.", "주민 {1}명을 기준으로 1,000명당 {0}건입니다."}},
    {Message::kReportTiers, {"Participation by tier", "참여 수준별 현황"}},
    {Message::kReportConsultations, {"Each consultation", "참여 서비스별 현황"}},
    {Message::kTierInformMeaning, {"were kept informed", "알림·구독"}},
    {Message::kTierConsultMeaning, {"gave an opinion or signed", "의견 제출·서명"}},
    {Message::kTierDecideMeaning, {"took part in a decision", "투표 등 의사결정"}},
    {Message::kReportStatusChecks, {"How often citizens checked on their case", "처리 상태 조회"}},
    {Message::kReportStatusNote,
     {"Many checks per completion show that citizens wait, or do not know how their case stands.",
      "완료 1건당 조회가 많으면 처리 결과를 기다리거나 진행 상황을 알기 어려웠을 수 있습니다."}},
    // Reliability.
    {Message::kReportLatency, {"Response times and server errors", "응답 시간과 서버 오류"}},
    {Message::kReportLatencyNote,
     {"All requests include robots and assets. The services with the most server errors follow, "
      "the slowest first where these are equal.",
      "전체 요청에는 로봇과 정적 파일이 포함됩니다. 서버 오류가 많은 서비스부터, 같으면 느린 "
      "서비스부터 보입니다."}},
    {Message::kReportAllRequests, {"All requests", "전체 요청"}},
    {Message::kReportWorstSteps,
     {"Steps that citizens left after an error or a slow page", "오류나 지연 뒤에 이탈한 단계"}},
    {Message::kReportAssociationNote,
     {"Left after, not because of: the logs do not tell the cause.",
      "시간상 뒤따랐다는 뜻이며, 원인은 로그로 알 수 없습니다."}},
    {Message::kReportStatus, {"Answers by status", "상태 코드별 응답"}},
    {Message::kStatusInformation, {"informational", "정보"}},
    {Message::kStatusSuccess, {"successful", "성공"}},
    {Message::kStatusRedirect, {"redirected", "다른 주소로 이동"}},
    {Message::kStatusClientError, {"not found, not allowed", "없음·권한 없음 등 요청 오류"}},
    {Message::kStatusServerError, {"server error", "서버 오류"}},
    {Message::kReportGaps, {"Hours without any log line", "로그가 전혀 없는 시간"}},
    // Audience, unclassified, method.
    {Message::kReportAudienceNote,
     {"Of all records. Only citizens are in the figures above, and of their requests only those "
      "for pages and services.",
      "전체 기록 기준입니다. 위 지표에는 시민의 요청 중 페이지와 서비스 요청만 포함됩니다."}},
    {Message::kReportUnclassified,
     {"{0} of {1} counted requests ({2}) belong to no service of the catalogue.",
      "집계 대상 요청 {1}건 중 {0}건({2})이 카탈로그의 어느 서비스에도 속하지 않습니다."}},
    {Message::kReportUnclassifiedPaths,
     {"The most frequent paths of no service", "서비스에 속하지 않는 상위 경로"}},
    {Message::kReportMethodNote,
     {"All figures come from the portal's access logs. Robots, assets and requests outside the "
      "portal are left out, in the way that the table of lines shows.",
      "모든 수치는 포털 접속 로그에서 산출하였습니다. 로봇, 정적 파일, 포털 밖의 요청은 아래 표와 "
      "같이 제외하였습니다."}},
    {Message::kReportWaterfall,
     {"From the lines of the logs to what was counted", "로그의 줄에서 집계 대상까지"}},
    {Message::kReportMadeWith, {"What this report was made with", "보고서 작성 자료"}},
    {Message::kMadeCatalog, {"Service catalogue", "서비스 카탈로그"}},
    {Message::kMadeRobots, {"List of robots", "로봇 목록"}},
    {Message::kMadeZone, {"Time zone", "시간대"}},
    {Message::kMadeCovered, {"Logs cover", "로그 기간"}},
    {Message::kMadeNote, {"Note", "참고"}},
    {Message::kMadeEarlierCatalog, {"Earlier catalogue", "이전 카탈로그"}},
    {Message::kMadeRestated, {"Restatement", "수정 집계"}},
    {Message::kReportRestated,
     {"{0} {0?hour|hours} of the period got lines after they had been over; the figures have them.",
      "집계가 끝난 뒤 로그가 추가된 시간은 {0}시간이며, 수치에 반영되어 있습니다."}},
    {Message::kReportDepartments, {"Reports of the departments", "부서별 보고서"}},
    {Message::kMeaningVisits,
     {"A citizen's requests without a break of more than 30 minutes, or what the catalogue sets.",
      "30분(카탈로그에서 달리 정할 수 있음)을 넘는 공백 없이 이어진 한 시민의 요청입니다."}},
    {Message::kMeaningVisitors,
     {"Told apart by a keyed hash that is replaced every week; over more than one week, visitors "
      "of each week are added up.",
      "매주 바뀌는 키로 만든 해시로 구분합니다. 여러 주에 걸치면 주별 방문자를 합산합니다."}},
    {Message::kMeaningActs,
     {"What citizens did beyond reading: asked, booked, signed, completed an application.",
      "열람 외에 시민이 한 일로, 질의, 예약, 서명, 신청 완료 등입니다."}},
    {Message::kMeaningInteraction,
     {"Visits with at least one act, of all visits.",
      "전체 방문 중 이용 행위가 한 번 이상 있는 방문의 비율입니다."}},
    {Message::kMeaningCompletion,
     {"Applications that were granted or refused, of those that ended. Those still open are left "
      "out.",
      "종료된 신청 중 처리되었거나 불가로 끝난 신청의 비율입니다. 진행 중인 신청은 제외합니다."}},
    {Message::kMeaningParticipation,
     {"Visits that took part in a petition, poll, budget or consultation, of all visits.",
      "전체 방문 중 청원, 투표, 예산, 의견수렴에 참여한 방문의 비율입니다."}},
    {Message::kMeaningServerErrors,
     {"Requests that the servers answered with status 500 to 599, of all records.",
      "전체 기록 중 서버가 500~599 상태로 응답한 요청의 비율입니다."}},
    {Message::kIntervalName, {"95 % interval", "95% 신뢰구간"}},
    {Message::kMeaningInterval,
     {"Wilson's interval: where the rate of many such periods would lie in 95 of 100 cases.",
      "윌슨 신뢰구간으로, 같은 조건의 기간을 반복할 때 비율이 100번 중 95번 놓일 범위입니다."}},
    {Message::kSignificanceName, {"▲ ▼ ≈", "▲ ▼ ≈"}},
    {Message::kMeaningSignificance,
     {"A significant rise, a significant fall, a change within chance: at 95 %, by the test of two "
      "proportions for rates and of two Poisson counts for counts. What has no mark was not "
      "tested.",
      "유의한 증가, 유의한 감소, 우연의 범위 안의 변화입니다. 95% 수준에서 비율은 두 비율의 검정, "
      "건수는 두 포아송 건수의 검정을 따릅니다. 표시가 없는 값은 검정하지 않았습니다."}},
    {Message::kReportChangeNote,
     {"▲ significant rise, ▼ significant fall, ≈ within chance (95 %); pp: percentage points. A "
      "year before: the same month, or 52 weeks earlier.",
      "▲ 유의한 증가, ▼ 유의한 감소, ≈ 우연의 범위 안(95%), %p: 퍼센트포인트. 전년 동기: 같은 달 "
      "또는 52주 전."}},
    // The summary's sentences.
    {Message::kFindPartial,
     {"The period is not covered as a whole: the logs have {0} to {1}.",
      "기간 전체의 로그가 있지 않습니다. 로그는 {0}부터 {1}까지입니다."}},
    {Message::kFindGaps,
     {"The logs have {0} {0?gap|gaps}, {1} {1?hour|hours} in all. Counts are too low by what is "
      "missing.",
      "로그에 공백 구간이 {0}개, 모두 {1}시간 있습니다. 건수는 누락된 만큼 적게 집계되었습니다."}},
    {Message::kFindFirstPeriod,
     {"Nothing is known of the period before, so nothing is compared with it.",
      "직전 기간의 자료가 없어 비교하지 않았습니다."}},
    {Message::kFindVisitsRose,
     {"{0} visits, {1} more than {2} ({3}): a significant rise.",
      "방문은 {0}건으로 {2}({3}건)보다 {1} 늘었습니다(유의한 증가)."}},
    {Message::kFindVisitsFell,
     {"{0} visits, {1} fewer than {2} ({3}): a significant fall.",
      "방문은 {0}건으로 {2}({3}건)보다 {1} 줄었습니다(유의한 감소)."}},
    {Message::kFindVisitsSame,
     {"{0} visits; {2} had {3}, and the difference of {1} is within chance.",
      "방문은 {0}건으로 {2}({3}건){과/와} 유의한 차이가 없습니다(차이 {1})."}},
    {Message::kFindVisitsAlone, {"{0} {0?visit|visits}.", "방문은 {0}건입니다."}},
    {Message::kFindVisitsHoles,
     {"{0} visits. They are not compared with those of {1} ({2}), since logs are missing in one of "
      "the two periods.",
      "방문은 {0}건입니다. 두 기간 중 로그가 누락된 기간이 있어 {1}({2}건){과/와} 비교하지 "
      "않았습니다."}},
    {Message::kFindCompletionRose,
     {"Of {1} applications that ended, {0} were completed: {2} ({3}), {4} more than {5} ({6}): a "
      "significant rise.",
      "종료된 신청 {1}건 중 {0}건이 완료되어 민원 처리 완료율은 {2}({3})이며, {5}({6})보다 {4} "
      "높아졌습니다(유의한 상승)."}},
    {Message::kFindCompletionFell,
     {"Of {1} applications that ended, {0} were completed: {2} ({3}), {4} less than {5} ({6}): a "
      "significant fall.",
      "종료된 신청 {1}건 중 {0}건이 완료되어 민원 처리 완료율은 {2}({3})이며, {5}({6})보다 {4} "
      "낮아졌습니다(유의한 하락)."}},
    {Message::kFindCompletionSame,
     {"Of {1} applications that ended, {0} were completed: {2} ({3}); {5} had {6}, and the "
      "difference of {4} is within chance.",
      "종료된 신청 {1}건 중 {0}건이 완료되어 민원 처리 완료율은 {2}({3})이며, {5}({6}){과/와} "
      "유의한 차이가 없습니다(차이 {4})."}},
    {Message::kFindCompletionAlone,
     {"Of {1} applications that ended, {0} were completed: {2} ({3}).",
      "종료된 신청 {1}건 중 {0}건이 완료되어 민원 처리 완료율은 {2}({3})입니다."}},
    {Message::kFindFewAttempts,
     {"Only {0} {0?application|applications} ended: too few to judge completion.",
      "종료된 신청이 {0}건뿐이어서 민원 처리 완료율을 판단하기에 부족합니다."}},
    {Message::kFindParticipationRose,
     {"{0} of {1} visits took part: {2} ({3}), {4} more than {5} ({6}): a significant rise.",
      "방문 {1}건 중 {0}건이 참여하여 참여율은 {2}({3})이며, {5}({6})보다 {4} 높아졌습니다(유의한 "
      "상승)."}},
    {Message::kFindParticipationFell,
     {"{0} of {1} visits took part: {2} ({3}), {4} less than {5} ({6}): a significant fall.",
      "방문 {1}건 중 {0}건이 참여하여 참여율은 {2}({3})이며, {5}({6})보다 {4} 낮아졌습니다(유의한 "
      "하락)."}},
    {Message::kFindParticipationSame,
     {"{0} of {1} visits took part: {2} ({3}); {5} had {6}, and the difference of {4} is within "
      "chance.",
      "방문 {1}건 중 {0}건이 참여하여 참여율은 {2}({3})이며, {5}({6}){과/와} 유의한 차이가 "
      "없습니다(차이 {4})."}},
    {Message::kFindParticipationAlone,
     {"{0} of {1} visits took part: {2} ({3}).",
      "방문 {1}건 중 {0}건이 참여하여 참여율은 {2}({3})입니다."}},
    {Message::kFindErrorsRose,
     {"{0} of {1} requests failed with a server error: {2}, {4} more than {5} ({6}): a significant "
      "rise.",
      "요청 {1}건 중 {0}건에서 서버 오류가 발생하여 서버 오류율은 {2}이며, {5}({6})보다 {4} "
      "높아졌습니다(유의한 상승)."}},
    {Message::kFindErrorsFell,
     {"{0} of {1} requests failed with a server error: {2}, {4} less than {5} ({6}): a significant "
      "fall.",
      "요청 {1}건 중 {0}건에서 서버 오류가 발생하여 서버 오류율은 {2}이며, {5}({6})보다 {4} "
      "낮아졌습니다(유의한 하락)."}},
    {Message::kFindErrorsSame,
     {"{0} of {1} requests failed with a server error: {2}; {5} had {6}, and the difference of {4} "
      "is within chance.",
      "요청 {1}건 중 {0}건에서 서버 오류가 발생하여 서버 오류율은 {2}이며, {5}({6}){과/와} 유의한 "
      "차이가 없습니다(차이 {4})."}},
    {Message::kFindErrorsAlone,
     {"{0} of {1} requests failed with a server error: {2}.",
      "요청 {1}건 중 {0}건에서 서버 오류가 발생하여 서버 오류율은 {2}입니다."}},
    {Message::kFindServiceRose,
     {"{0}: completion rose significantly, from {1} to {2} (by {3}).",
      "‘{0}’{은/는} 민원 처리 완료율이 {1}에서 {2}로 {3} 높아졌습니다(유의한 상승)."}},
    {Message::kFindServiceFell,
     {"{0}: completion fell significantly, from {1} to {2} (by {3}).",
      "‘{0}’{은/는} 민원 처리 완료율이 {1}에서 {2}로 {3} 낮아졌습니다(유의한 하락)."}},
    {Message::kFindLowestCompletion,
     {"Lowest completion, among services with at least {4} ended applications: {0}, {1} ({2} of "
      "{3}).",
      "종료된 신청이 {4}건 이상인 서비스 중 민원 처리 완료율이 가장 낮은 것은 ‘{0}’입니다({3}건 중 "
      "{2}건, {1})."}},
    {Message::kFindLostStep,
     {"Most applications stopped at step “{1}” of {0}: {2} of {3} that reached it went no further "
      "({4}).",
      "신청이 가장 많이 멈춘 곳은 ‘{0}’의 ‘{1}’ 단계입니다. 이 단계에 온 {3}건 중 {2}건({4})이 "
      "다음 단계로 가지 않았습니다."}},
    {Message::kFindLeftAfterError,
     {"{0} {0?application|applications} ended unfinished right after an error, which need not be "
      "the cause.",
      "오류 직후 완료되지 못하고 끝난 신청은 {0}건입니다. 오류가 원인이라는 뜻은 아닙니다."}},
    {Message::kFindTargets,
     {"Of {0} {0?target|targets}, {1} {1?is|are} met, {2} on course, {3} not yet met, {4} missed, "
      "{5} not known.",
      "목표 {0}개 중 달성 {1}개, 정상 추진 {2}개, 기한 전 미달 {3}개, 미달 {4}개, 판단 불가 "
      "{5}개입니다."}},
    {Message::kFindTargetMissed,
     {"Target missed. {0}: {1}; the target was {2}, due {3}.",
      "목표 미달. {0}: {1}(목표 {2}, 기한 {3})."}},
    {Message::kFindUnclassified,
     {"{0} of counted requests belong to no service of the catalogue, and are in no service's "
      "figures.",
      "집계 대상 요청의 {0}{이/가} 카탈로그의 어느 서비스에도 속하지 않아 서비스별 수치에 들어 "
      "있지 않습니다."}},
};
static_assert(InOrder(kEntries, kFirstReportMessage, Message::kMessageCount),
              "kEntries must list the report's messages, in order");

}  // namespace

const MessageEntry* ReportMessages() { return kEntries; }

}  // namespace civlog
