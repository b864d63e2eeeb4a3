// The words of the reports, in every language they are written in.

#ifndef CIVLOG_QUERIES_MESSAGES_H_
#define CIVLOG_QUERIES_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/audience.h"
#include "engine/catalog.h"
#include "parsers/record_batch.h"

namespace civlog {

enum class Language : uint8_t { kEnglish, kKorean };
inline constexpr size_t kLanguageCount = 2;

// "en", "ko": what LocalizedText::Get takes.
std::string_view LanguageCode(Language language);
// The language of a code; English for any other.
Language ParseLanguage(std::string_view code);

enum class Message : uint16_t {
  // Title.
  kUntitledPortal,
  kNoRecords,
  kWeek,
  kDays,
  kHours,
  kPartialWeek,
  kSourceCount,
  kCatalogTitle,
  kNoCatalogTitle,
  // Waterfall.
  kLinesRead,
  kBlank,
  kDirective,
  kRejected,
  kOutsidePeriod,
  kFilteredOut,
  kRecords,
  kUnreadable,
  kOutsidePortal,
  kNotCitizens,
  kAssets,
  kCounted,
  kMore,
  // Key figures.
  kVisits,
  kVisitors,
  kVisitorWeeks,
  kVisitorsEstimated,
  kVisitorWeeksEstimated,
  kPageViews,
  kBounces,
  kBouncesShare,
  kActs,
  // Rates.
  kRatesInterval,
  kInteraction,
  kCompletion,
  kParticipation,
  kOf,
  kUnitVisits,
  kUnitAttempts,
  kNeedsCatalog,
  kNothingToJudge,
  kStageReach,
  kStageEnhanced,
  kStageInteractive,
  kStageTransactional,
  kStageSeamless,
  // Warnings.
  kNoWarnings,
  kWarnNothing,
  kWarnInterrupted,
  kWarnIncomplete,
  kWarnIncompleteUnnamed,
  kWarnRejected,
  kWarnGaps,
  kWarnUnclassified,
  kWarnUnmatched,
  kWarnNoCatalog,
  kWarnLate,
  kWarnFewAttempts,
  kWarnInvariant,
  kWarnWaterfall,
  // Section titles.
  kSectionWeek,
  kSectionServices,
  kSectionTransactions,
  kSectionParticipation,
  kSectionTraffic,
  kSectionAudience,
  kSectionNotFound,
  kSectionServerErrors,
  kSectionPages,
  kSectionEntryPages,
  kSectionExitPages,
  kSectionReferrers,
  kSectionUnclassified,
  kSectionRejected,
  kSectionGaps,
  kSectionUnmatched,
  kSectionSources,
  // Timeline.
  kHourLegend,
  kEarlierRows,
  kDay,
  kIsoWeek,
  kMonth,
  // Kinds of service, one and many.
  kKindInformation,
  kKindInteraction,
  kKindTransaction,
  kKindParticipation,
  // Table headings.
  kService,
  kDepartment,
  kStarted,
  kCompleted,
  kCompletionShort,
  kInteractionShort,
  kIntervalShort,
  kP95,
  kServerErrors,
  kRequests,
  kShare,
  kBytes,
  kLatency,
  kAudience,
  kTier,
  kTookPart,
  kFormat,
  kLines,
  kSource,
  kRoute,
  kLineShort,
  kMoreServices,
  kFewAttempts,
  // Transactions.
  kStartedCount,
  kGrantedCount,
  kRefusedCount,
  kFailedCount,
  kAbandonedCount,
  kOpenCount,
  kAttemptsNone,
  kDropOff,
  kAfterError,
  kAfterSlow,
  kReached,
  kStepsNote,
  kCompletedOfClosed,
  kFailedShare,
  kAbandonedShare,
  kMoreTransactions,
  kTimeToComplete,
  kRecovered,
  kWithoutStart,
  kStatusChecks,
  kAttemptsPerVisitor,
  // Participation.
  kTookPartSentence,
  kPerThousand,
  kAllServices,
  kTierNone,
  kTierInform,
  kTierConsult,
  kTierDecide,
  // Traffic.
  kTrafficSentence,
  kStatusOther,
  kNoLatency,
  // Lists.
  kMoreRows,
  kListNote,
  kUnclassifiedSentence,
  kSourcesSentence,
  kGapLine,
  kFooter,
  kFooterRobots,

  // The weekly report.
  // Title.
  kReportDaily,
  kReportWeekly,
  kReportMonthly,
  kReportSpan,
  kReportDepartment,
  kReportContents,
  kReportPage,
  // Sections.
  kReportSummary,
  kReportKeyFigures,
  kReportLadder,
  kReportKinds,
  kReportApplications,
  kReportInteraction,
  kReportReliability,
  kReportMethod,
  // Figures.
  kMetricVisits,
  kMetricVisitors,
  kMetricPageViews,
  kMetricActs,
  kMetricInteraction,
  kMetricCompletion,
  kMetricParticipation,
  kMetricServerErrors,
  kMetricLatencyP95,
  kReportOf,
  kReportPoints,
  kReportAgainst,
  kReportDayBefore,
  kReportWeekBefore,
  kReportMonthBefore,
  kReportSpanBefore,
  // Column headings.
  kColumnFigure,
  kColumnValue,
  kColumnParts,
  kColumnChange,
  kColumnYear,
  kColumnMissingHours,
  kColumnPeriod,
  kColumnStage,
  kColumnMeaning,
  kColumnKind,
  kColumnServices,
  kColumnGranted,
  kColumnRefused,
  kColumnFailed,
  kColumnAbandoned,
  kColumnOpen,
  kColumnEnded,
  kColumnStep,
  kColumnLost,
  kColumnAfterError,
  kColumnAfterSlow,
  kColumnActing,
  kColumnActingShare,
  kColumnStatusViews,
  kColumnStatusRatio,
  kColumnStatus,
  kColumnMedian,
  kColumnP90,
  kColumnP95,
  kColumnP99,
  kColumnServerErrors,
  kColumnServerErrorShare,
  kColumnFrom,
  kColumnTo,
  kColumnHours,
  kColumnPath,
  kColumnLine,
  // Charts, and what they show.
  kChartDays,
  kChartDaysSummary,
  kChartTrend,
  kChartTrendSummary,
  kChartSteps,
  kChartCompletion,
  kChartCompletionSummary,
  kChartIncomplete,
  // Ladder.
  kStageEnhancedMeaning,
  kStageInteractiveMeaning,
  kStageTransactionalMeaning,
  kStageSeamlessMeaning,
  kStageNote,
  // Applications.
  kApplicationsNote,
  kApplicationsChangeNote,
  kReportTimeToComplete,
  kReportRecovered,
  kReportWithoutStart,
  kReportMostDetailed,
  // Participation and interaction.
  kReportPerThousand,
  kReportTiers,
  kReportConsultations,
  kTierInformMeaning,
  kTierConsultMeaning,
  kTierDecideMeaning,
  kReportStatusChecks,
  kReportStatusNote,
  // Reliability.
  kReportLatency,
  kReportLatencyNote,
  kReportAllRequests,
  kReportWorstSteps,
  kReportAssociationNote,
  kReportStatus,
  kStatusInformation,
  kStatusSuccess,
  kStatusRedirect,
  kStatusClientError,
  kStatusServerError,
  kReportGaps,
  // Audience, unclassified, method.
  kReportAudienceNote,
  kReportUnclassified,
  kReportUnclassifiedPaths,
  kReportMethodNote,
  kReportWaterfall,
  kReportMadeWith,
  kMadeCatalog,
  kMadeRobots,
  kMadeZone,
  kMadeCovered,
  kMadeNote,
  kMeaningVisits,
  kMeaningVisitors,
  kMeaningActs,
  kMeaningInteraction,
  kMeaningCompletion,
  kMeaningParticipation,
  kMeaningServerErrors,
  kIntervalName,
  kMeaningInterval,
  kSignificanceName,
  kMeaningSignificance,
  kReportChangeNote,
  // The summary's sentences.
  kFindPartial,
  kFindGaps,
  kFindFirstPeriod,
  kFindVisitsRose,
  kFindVisitsFell,
  kFindVisitsSame,
  kFindVisitsAlone,
  kFindVisitsHoles,
  kFindCompletionRose,
  kFindCompletionFell,
  kFindCompletionSame,
  kFindCompletionAlone,
  kFindFewAttempts,
  kFindParticipationRose,
  kFindParticipationFell,
  kFindParticipationSame,
  kFindParticipationAlone,
  kFindErrorsRose,
  kFindErrorsFell,
  kFindErrorsSame,
  kFindErrorsAlone,
  kFindServiceRose,
  kFindServiceFell,
  kFindLowestCompletion,
  kFindLostStep,
  kFindLeftAfterError,
  kFindUnclassified,
  kMessageCount,
};
inline constexpr size_t kMessageCount = static_cast<size_t>(Message::kMessageCount);
inline constexpr Message kFirstReportMessage = Message::kReportDaily;

// The text of a message. `{0}`, `{1}` … stand for arguments; `{0?one|many}` picks
// by whether argument 0 is "1"; `{은/는}` by what stands before it (korean_particle.h).
std::string_view MessageText(Message message, Language language);

// Takes a message's pieces in order: `argument` is the number of the argument that `text` is,
// or null for the message's own words.
using PieceSink = std::function<void(std::string_view text, const size_t* argument)>;
// The message piece by piece. A place without argument is left out.
void FillMessage(Message message, Language language, const std::vector<std::string_view>& arguments,
                 const PieceSink& sink);

// The whole of it. A place without argument becomes empty.
std::string FormatMessage(Message message, Language language,
                          std::initializer_list<std::string_view> arguments);

std::string_view AudienceLabel(Audience audience, Language language);
std::string_view RejectReasonLabel(RejectReason reason, Language language);
Message KindMessage(ServiceKind kind);
Message TierMessage(Tier tier);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_MESSAGES_H_
