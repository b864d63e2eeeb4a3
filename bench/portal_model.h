// The demonstration portal, Hanbit City, as its visitors meet it: services, paths,
// forms. The generator's own description of what fixtures/hanbit/civlog.toml says in
// the catalogue's language; nothing here is read from there.

#ifndef CIVLOG_BENCH_PORTAL_MODEL_H_
#define CIVLOG_BENCH_PORTAL_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace civlog::corpus {

enum class Kind : uint8_t { kInformation, kInteraction, kTransaction, kParticipation };
std::string_view KindName(Kind kind);

enum class Department : uint8_t {
  kPublicInformation,
  kTransport,
  kLegalAffairs,
  kCivilAffairs,
  kRoads,
  kCultureAndSports,
  kTax,
  kWelfare,
  kEnvironment,
  kCommunication,
  kBudget,
};

// In the order of the catalogue.
enum class ServiceId : uint8_t {
  kHome,
  kNews,
  kTraffic,
  kOrdinances,
  kQuestions,
  kStreetReport,
  kSportsBooking,
  kLibrary,
  kCertificate,
  kLocalTax,
  kYouthBenefit,
  kParkingPermit,
  kPassportVisit,
  kBulkyWaste,
  kTownMeetings,
  kPetitions,
  kPolls,
  kBudget,
  kNone,  // no route claims it
};
inline constexpr size_t kServiceCount = static_cast<size_t>(ServiceId::kNone);
inline constexpr size_t Index(ServiceId service) { return static_cast<size_t>(service); }

struct ServiceModel {
  ServiceId service;
  std::string_view id;
  Kind kind;
  Department department;
};
const ServiceModel& Model(ServiceId service);

// Besides these a portal may have further services, one a district office: place
// kServiceCount + i is that of office i. Every third one takes requests, which are acts.
inline constexpr uint32_t kMostServices = 20'000;
inline bool TakesRequests(uint32_t office) { return office % 3 == 0; }
std::string ServiceName(size_t place);
Kind ServiceKindOf(size_t place);
// Their part of a catalogue, to stand behind fixtures/hanbit/civlog.toml.
std::string OfficeCatalogue(uint32_t offices);

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kDelete };
std::string_view MethodName(Method method);

// A path, or a family of paths that differ by a number.
enum class PathId : uint8_t {
  kHome,
  kIndex,
  kSearch,
  kSearchTopic,
  kGuide,
  kNewsList,
  kNewsArticle,
  kNotice,
  kNewsSubscribe,
  kNewsProbe,
  kTraffic,
  kParkingLot,
  kBusStop,
  kBusRoute,
  kOrdinances,
  kOrdinance,
  kOrdinancePrint,
  kQnaList,
  kQnaView,
  kQnaWrite,
  kAskList,
  kAskQuestion,
  kAskQuestions,
  kAskNew,
  kReport,
  kReportMap,
  kReportNew,
  kReportDone,
  kBooking,
  kFacility,
  kReserve,
  kReservation,
  kLibrary,
  kBook,
  kHold,
  kReview,
  kCertificateGuide,
  kCertificateApply,
  kCertificateError,
  kCertificateStatus,
  kTax,
  kTaxBill,
  kTaxMethod,
  kTaxConfirm,
  kTaxReceipt,
  kTaxAlreadyPaid,
  kTaxError,
  kTaxHistory,
  kYouth,
  kYouthApply,
  kYouthPerson,
  kYouthIncome,
  kYouthDocuments,
  kYouthSubmit,
  kYouthDone,
  kYouthNotEligible,
  kYouthClosed,
  kYouthError,
  kYouthSave,
  kYouthResume,
  kYouthStatus,
  kParking,
  kPermitZone,
  kPermitVehicle,
  kPermitConfirm,
  kPermitWaitlist,
  kPermitDone,
  kPermitError,
  kPassportGuide,
  kPassportVisit,
  kWaste,
  kWastePickup,
  kWastePay,
  kWasteDone,
  kMeetings,
  kMeeting,
  kAttend,
  kPetitions,
  kPetition,
  kSign,
  kPetitionNew,
  kPolls,
  kPoll,
  kPollAnswer,
  kBudget,
  kProposals,
  kProposal,
  kVote,
  kLogin,
  kSitemap,
  kPrivacy,
  kEvent,
  kGone,
  kRobotsTxt,
  kSitemapXml,
  kFeed,
  kHealth,
  kProbe,
  kStatic,
  kUpload,
  kOffice,
  kOfficeRequest,
  kCount,
};
inline constexpr size_t kPathCount = static_cast<size_t>(PathId::kCount);

enum class Numbering : uint8_t {
  kNone,
  kDecimal,    // "1", "2", ...
  kOrdinance,  // "1990-1": a year and a number
  kTopic,      // a Korean word, percent-encoded
  kProbe,      // a whole exploit probe
  kStatic,     // a whole asset
};

struct PathModel {
  PathId path;
  ServiceId service;
  std::string_view before;
  std::string_view after = "";
  Numbering numbering = Numbering::kNone;
  uint32_t numbers = 1;
  uint32_t share = 0;   // of the distinct paths asked for, in thousandths; 0: `numbers` as it is
  bool minwon = false;  // on minwon.hanbit.example, not www
  int64_t valid_from = std::numeric_limits<int64_t>::min();  // else no service's
  int64_t valid_until = std::numeric_limits<int64_t>::max();
};
const PathModel& Model(PathId path);

// When the question board moved: 2026-11-19 00:00 in Seoul.
inline constexpr int64_t kBoardMoved = 1'794'927'600 + 86'400;

// Query strings that mean something to the portal, and some that do not.
enum class Query : uint8_t {
  kNone,
  kStep1,
  kStep2,
  kStep3,
  kStep4,
  kRefused,
  kStepDate,
  kStepTime,
  kStepBook,
  kFull,
  kId,      // id=<number>
  kPage,    // page=<number>
  kSearch,  // q=<a Korean word>
  kCampaign,
};

// The number of texts that kTopic, kProbe and kStatic choose from.
uint32_t TopicCount();
uint32_t ProbeCount();
uint32_t StaticCount();

// Writers append to `out`, which has room, and return the end.
char* WriteText(char* out, std::string_view text);
char* WriteDecimal(char* out, uint64_t value);
// The path of `number` in its family, as it reads after normalising.
char* WritePath(char* out, PathId path, uint32_t number);
// The text behind '?', without it; nothing for kNone.
char* WriteQuery(char* out, Query query, uint32_t number);
std::string PathText(PathId path, uint32_t number);
// The Korean word of a topic with its percent-encoding in small letters.
std::string_view TopicInSmallLetters(uint32_t number);

// Numbers every path of the portal, at one size of it.
class PathSpace {
 public:
  // About `paths` distinct paths besides those that are always there, and two of each
  // district office.
  PathSpace(uint32_t paths, uint32_t offices);
  uint32_t numbers(PathId path) const { return numbers_[static_cast<size_t>(path)]; }
  uint32_t IndexOf(PathId path, uint32_t number) const {
    // A path without a number may have one in its query.
    const bool numbered = Model(path).numbering != Numbering::kNone;
    return base_[static_cast<size_t>(path)] + (numbered ? number : 0);
  }
  uint32_t size() const { return size_; }
  std::string NameOf(uint32_t index) const;

 private:
  std::array<uint32_t, kPathCount> numbers_{};
  std::array<uint32_t, kPathCount> base_{};
  uint32_t size_ = 0;
};

struct StepModel {
  std::string_view name;
  Method method;
  PathId path;
  Query query = Query::kNone;
};

// A transaction, by its forms.
struct TransactionModel {
  ServiceId service;
  PathId guide;
  std::vector<StepModel> steps;
  std::vector<StepModel> refusals;
  bool has_error_page = false;
  PathId error_page{};
  bool explicit_accepted = true;  // a form answered with 200 was not accepted
  bool strict = false;
  uint32_t optional_step = 0;  // 1-based; 0: none is ever skipped
  uint32_t abandon_after_s = 1800;
  uint32_t resume_within_s = 0;  // 0: nothing to save
  PathId save{};
  PathId resume{};
  bool has_done_page = false;
  PathId done_page{};
  bool has_status_page = false;
  PathId status_page{};
};
std::span<const TransactionModel> Transactions();
const TransactionModel& Transaction(ServiceId service);
// How long an attempt stays open in silence.
uint32_t AttemptTimeout(ServiceId service, bool saved);

// One thing to do that is no transaction.
struct ActModel {
  ServiceId service;
  PathId list;
  PathId item;  // shown before the act, with the act's number
  Method method;
  PathId act;
  uint16_t accepted;       // the status of success
  bool explicit_accepted;  // a form answered with 200 was not accepted
  uint32_t weight;
};
std::span<const ActModel> Acts();

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_PORTAL_MODEL_H_
