// The words of the reports, in every language they are written in.

#ifndef CIVLOG_QUERIES_MESSAGES_H_
#define CIVLOG_QUERIES_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/audience.h"
#include "engine/catalog.h"
#include "parsers/record_batch.h"

namespace civlog {

enum class Language : uint8_t { kEnglish, kKorean };
inline constexpr size_t kLanguageCount = 2;

// "en", "ko": what LocalizedText::Get takes.
std::string_view LanguageCode(Language language);

enum class Message : uint8_t {
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
  kKeptBack,
  kStageReach,
  kStageEnhanced,
  kStageInteractive,
  kStageTransactional,
  kStageSeamless,
  // Warnings.
  kNoWarnings,
  kDisclosureNote,
  kWarnNothing,
  kWarnInterrupted,
  kWarnIncomplete,
  kWarnIncompleteUnnamed,
  kWarnRejected,
  kWarnGaps,
  kWarnUnclassified,
  kWarnUnclassifiedUnnamed,
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
  kHourLegendKeptBack,
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
  kMessageCount,
};
inline constexpr size_t kMessageCount = static_cast<size_t>(Message::kMessageCount);

// The text of a message. `{0}`, `{1}` … stand for arguments; `{0?one|many}` picks
// by whether argument 0 is "1".
std::string_view MessageText(Message message, Language language);

// The same with its arguments filled in. A place without argument becomes empty.
std::string FormatMessage(Message message, Language language,
                          std::initializer_list<std::string_view> arguments);

std::string_view AudienceLabel(Audience audience, Language language);
std::string_view RejectReasonLabel(RejectReason reason, Language language);
Message KindMessage(ServiceKind kind);
Message TierMessage(Tier tier);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_MESSAGES_H_
