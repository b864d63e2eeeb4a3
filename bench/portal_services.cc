#include <iterator>

#include "bench/portal_model.h"

namespace civlog::corpus {
namespace {

constexpr ServiceModel kServices[] = {
    {ServiceId::kHome, "home", Kind::kInformation, Department::kPublicInformation},
    {ServiceId::kNews, "news", Kind::kInformation, Department::kPublicInformation},
    {ServiceId::kTraffic, "traffic", Kind::kInformation, Department::kTransport},
    {ServiceId::kOrdinances, "ordinances", Kind::kInformation, Department::kLegalAffairs},
    {ServiceId::kQuestions, "questions", Kind::kInteraction, Department::kCivilAffairs},
    {ServiceId::kStreetReport, "street-report", Kind::kInteraction, Department::kRoads},
    {ServiceId::kSportsBooking, "sports-booking", Kind::kInteraction,
     Department::kCultureAndSports},
    {ServiceId::kLibrary, "library", Kind::kInteraction, Department::kCultureAndSports},
    {ServiceId::kCertificate, "resident-certificate", Kind::kTransaction,
     Department::kCivilAffairs},
    {ServiceId::kLocalTax, "local-tax", Kind::kTransaction, Department::kTax},
    {ServiceId::kYouthBenefit, "youth-benefit", Kind::kTransaction, Department::kWelfare},
    {ServiceId::kParkingPermit, "parking-permit", Kind::kTransaction, Department::kTransport},
    {ServiceId::kPassportVisit, "passport-visit", Kind::kTransaction, Department::kCivilAffairs},
    {ServiceId::kBulkyWaste, "bulky-waste", Kind::kTransaction, Department::kEnvironment},
    {ServiceId::kTownMeetings, "town-meetings", Kind::kParticipation, Department::kCommunication},
    {ServiceId::kPetitions, "petitions", Kind::kParticipation, Department::kCommunication},
    {ServiceId::kPolls, "polls", Kind::kParticipation, Department::kCommunication},
    {ServiceId::kBudget, "budget", Kind::kParticipation, Department::kBudget},
};
static_assert(std::size(kServices) == kServiceCount);

using enum Method;

std::vector<TransactionModel> MakeTransactions() {
  TransactionModel certificate{
      .service = ServiceId::kCertificate,
      .guide = PathId::kCertificateGuide,
      .steps = {{"start", kGet, PathId::kCertificateApply, Query::kStep1},
                {"details", kPost, PathId::kCertificateApply, Query::kStep2},
                {"fee", kPost, PathId::kCertificateApply, Query::kStep3},
                {"issued", kGet, PathId::kCertificateApply, Query::kStep4}},
      .refusals = {{"not eligible", kGet, PathId::kCertificateApply, Query::kRefused}},
      .has_error_page = true,
      .error_page = PathId::kCertificateError,
      .optional_step = 3,
      .has_status_page = true,
      .status_page = PathId::kCertificateStatus};
  TransactionModel tax{.service = ServiceId::kLocalTax,
                       .guide = PathId::kTax,
                       .steps = {{"bill", kGet, PathId::kTaxBill},
                                 {"method", kPost, PathId::kTaxMethod},
                                 {"confirm", kPost, PathId::kTaxConfirm},
                                 {"receipt", kGet, PathId::kTaxReceipt}},
                       .refusals = {{"already paid", kGet, PathId::kTaxAlreadyPaid}},
                       .has_error_page = true,
                       .error_page = PathId::kTaxError,
                       .abandon_after_s = 7200,
                       .has_status_page = true,
                       .status_page = PathId::kTaxHistory};
  TransactionModel youth{.service = ServiceId::kYouthBenefit,
                         .guide = PathId::kYouth,
                         .steps = {{"eligibility", kGet, PathId::kYouthApply},
                                   {"person", kPost, PathId::kYouthPerson},
                                   {"income", kPost, PathId::kYouthIncome},
                                   {"documents", kPost, PathId::kYouthDocuments},
                                   {"submit", kPost, PathId::kYouthSubmit}},
                         .refusals = {{"not eligible", kGet, PathId::kYouthNotEligible},
                                      {"quota used up", kGet, PathId::kYouthClosed}},
                         .has_error_page = true,
                         .error_page = PathId::kYouthError,
                         .optional_step = 4,
                         .resume_within_s = 3 * 86400,
                         .save = PathId::kYouthSave,
                         .resume = PathId::kYouthResume,
                         .has_done_page = true,
                         .done_page = PathId::kYouthDone,
                         .has_status_page = true,
                         .status_page = PathId::kYouthStatus};
  TransactionModel permit{.service = ServiceId::kParkingPermit,
                          .guide = PathId::kParking,
                          .steps = {{"zone", kPost, PathId::kPermitZone},
                                    {"vehicle", kPost, PathId::kPermitVehicle},
                                    {"confirm", kPost, PathId::kPermitConfirm}},
                          .refusals = {{"waiting list", kPost, PathId::kPermitWaitlist}},
                          .has_error_page = true,
                          .error_page = PathId::kPermitError,
                          .strict = true,
                          .has_done_page = true,
                          .done_page = PathId::kPermitDone};
  TransactionModel passport{
      .service = ServiceId::kPassportVisit,
      .guide = PathId::kPassportGuide,
      .steps = {{"date", kGet, PathId::kPassportVisit, Query::kStepDate},
                {"time", kPost, PathId::kPassportVisit, Query::kStepTime},
                {"booked", kPost, PathId::kPassportVisit, Query::kStepBook}},
      .refusals = {{"fully booked", kGet, PathId::kPassportVisit, Query::kFull}},
      .explicit_accepted = false,
      .abandon_after_s = 900};
  TransactionModel waste{
      .service = ServiceId::kBulkyWaste,
      .guide = PathId::kWaste,
      .steps = {{"items", kGet, PathId::kWastePickup}, {"paid", kPost, PathId::kWastePay}},
      .refusals = {},
      .has_done_page = true,
      .done_page = PathId::kWasteDone};
  return {certificate, tax, youth, permit, passport, waste};
}

constexpr ActModel kActs[] = {
    {ServiceId::kNews, PathId::kNewsList, PathId::kNewsSubscribe, kPost, PathId::kNewsSubscribe,
     303, false, 6},
    {ServiceId::kQuestions, PathId::kQnaList, PathId::kQnaWrite, kPost, PathId::kQnaWrite, 302,
     true, 14},
    {ServiceId::kQuestions, PathId::kAskList, PathId::kAskNew, kPost, PathId::kAskQuestions, 303,
     true, 14},
    {ServiceId::kStreetReport, PathId::kReport, PathId::kReportMap, kPost, PathId::kReportNew, 201,
     false, 16},
    {ServiceId::kSportsBooking, PathId::kBooking, PathId::kFacility, kPost, PathId::kReserve, 302,
     true, 16},
    {ServiceId::kSportsBooking, PathId::kBooking, PathId::kReservation, kDelete,
     PathId::kReservation, 204, false, 4},
    {ServiceId::kLibrary, PathId::kLibrary, PathId::kBook, kPut, PathId::kHold, 200, false, 14},
    {ServiceId::kLibrary, PathId::kLibrary, PathId::kBook, kPost, PathId::kReview, 201, false, 3},
    {ServiceId::kTownMeetings, PathId::kMeetings, PathId::kMeeting, kPost, PathId::kAttend, 302,
     false, 5},
    {ServiceId::kPetitions, PathId::kPetitions, PathId::kPetition, kPost, PathId::kSign, 302, true,
     18},
    {ServiceId::kPetitions, PathId::kPetitions, PathId::kPetitionNew, kPost, PathId::kPetitionNew,
     303, true, 2},
    {ServiceId::kPolls, PathId::kPolls, PathId::kPoll, kPost, PathId::kPollAnswer, 200, false, 9},
    {ServiceId::kBudget, PathId::kBudget, PathId::kProposal, kPost, PathId::kVote, 302, true, 8},
    {ServiceId::kBudget, PathId::kBudget, PathId::kProposals, kPost, PathId::kProposals, 303, true,
     2},
};

}  // namespace

const ServiceModel& Model(ServiceId service) { return kServices[Index(service)]; }

std::string ServiceName(size_t place) {
  if (place < kServiceCount) return std::string(Model(static_cast<ServiceId>(place)).id);
  return "district-" + std::to_string(place - kServiceCount + 1);
}

Kind ServiceKindOf(size_t place) {
  if (place < kServiceCount) return Model(static_cast<ServiceId>(place)).kind;
  const auto office = static_cast<uint32_t>(place - kServiceCount);
  return TakesRequests(office) ? Kind::kInteraction : Kind::kInformation;
}

std::string OfficeCatalogue(uint32_t offices) {
  std::string text;
  for (uint32_t office = 0; office < offices; ++office) {
    const std::string number = std::to_string(office + 1);
    text += "\n[[service]]\nid = \"" + ServiceName(kServiceCount + office) +
            "\"\nname = \"District office " + number + "\"\nkind = \"" +
            std::string(KindName(ServiceKindOf(kServiceCount + office))) +
            "\"\ndepartment = \"District offices\"\nroutes = [\"/district/" + number + "/**\"]\n";
    if (!TakesRequests(office)) continue;
    text += "acts = [{ name = \"request\", route = \"POST /district/" + number + "/request\" }]\n";
  }
  return text;
}

std::string_view KindName(Kind kind) {
  constexpr std::string_view kNames[] = {"information", "interaction", "transaction",
                                         "participation"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view MethodName(Method method) {
  constexpr std::string_view kNames[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
  return kNames[static_cast<size_t>(method)];
}

std::span<const TransactionModel> Transactions() {
  static const std::vector<TransactionModel> kTransactions = MakeTransactions();
  return kTransactions;
}

const TransactionModel& Transaction(ServiceId service) {
  return Transactions()[Index(service) - Index(ServiceId::kCertificate)];
}

uint32_t AttemptTimeout(ServiceId service, bool saved) {
  const TransactionModel& model = Transaction(service);
  return saved ? model.resume_within_s : model.abandon_after_s;
}

std::span<const ActModel> Acts() { return kActs; }

}  // namespace civlog::corpus
