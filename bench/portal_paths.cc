#include <cstring>

#include "bench/portal_model.h"

namespace civlog::corpus {
namespace {

using enum Numbering;

constexpr PathModel kPaths[] = {
    {PathId::kHome, ServiceId::kHome, "/"},
    {PathId::kIndex, ServiceId::kHome, "/index.do"},
    {PathId::kSearch, ServiceId::kHome, "/search"},
    {PathId::kSearchTopic, ServiceId::kHome, "/search/topic/", "", kTopic, 6},
    {PathId::kGuide, ServiceId::kHome, "/guide/", "", kDecimal, 40},

    {PathId::kNewsList, ServiceId::kNews, "/news"},
    {PathId::kNewsArticle, ServiceId::kNews, "/news/articles/", "", kDecimal, 0, 350},
    {PathId::kNotice, ServiceId::kNews, "/board/notice/view/", "", kDecimal, 0, 200},
    {PathId::kNewsSubscribe, ServiceId::kNews, "/news/subscribe"},
    {PathId::kNewsProbe, ServiceId::kNews, "/news/wp-login.php"},

    {PathId::kTraffic, ServiceId::kTraffic, "/traffic/live"},
    {PathId::kParkingLot, ServiceId::kTraffic, "/traffic/parking/", "", kDecimal, 60},
    {PathId::kBusStop, ServiceId::kTraffic, "/bus/stop/", "", kDecimal, 0, 60},
    {PathId::kBusRoute, ServiceId::kTraffic, "/bus/route/", "", kDecimal, 120},

    {PathId::kOrdinances, ServiceId::kOrdinances, "/ordinance"},
    {PathId::kOrdinance, ServiceId::kOrdinances, "/ordinance/", "", kOrdinance, 0, 80},
    {PathId::kOrdinancePrint, ServiceId::kOrdinances, "/ordinance/", "/print", kOrdinance, 0, 20},

    {PathId::kQnaList, ServiceId::kQuestions, "/minwon/qna/list.do", "", Numbering::kNone, 1, 0,
     true, PathModel{}.valid_from, kBoardMoved},
    {PathId::kQnaView, ServiceId::kQuestions, "/minwon/qna/view.do", "", Numbering::kNone, 1, 0,
     true, PathModel{}.valid_from, kBoardMoved},
    {PathId::kQnaWrite, ServiceId::kQuestions, "/minwon/qna/write.do", "", Numbering::kNone, 1, 0,
     true, PathModel{}.valid_from, kBoardMoved},
    {PathId::kAskList, ServiceId::kQuestions, "/ask", "", Numbering::kNone, 1, 0, false,
     kBoardMoved},
    {PathId::kAskQuestion, ServiceId::kQuestions, "/ask/questions/", "", kDecimal, 900, 0, false,
     kBoardMoved},
    {PathId::kAskQuestions, ServiceId::kQuestions, "/ask/questions", "", Numbering::kNone, 1, 0,
     false, kBoardMoved},
    {PathId::kAskNew, ServiceId::kQuestions, "/ask/new", "", Numbering::kNone, 1, 0, false,
     kBoardMoved},

    {PathId::kReport, ServiceId::kStreetReport, "/report"},
    {PathId::kReportMap, ServiceId::kStreetReport, "/report/map"},
    {PathId::kReportNew, ServiceId::kStreetReport, "/report/new"},
    {PathId::kReportDone, ServiceId::kStreetReport, "/report/done"},

    {PathId::kBooking, ServiceId::kSportsBooking, "/booking"},
    {PathId::kFacility, ServiceId::kSportsBooking, "/booking/", "", kDecimal, 24},
    {PathId::kReserve, ServiceId::kSportsBooking, "/booking/", "/reserve", kDecimal, 24},
    {PathId::kReservation, ServiceId::kSportsBooking, "/booking/gym/reservations/", "", kDecimal,
     9000},

    {PathId::kLibrary, ServiceId::kLibrary, "/library"},
    {PathId::kBook, ServiceId::kLibrary, "/library/books/", "", kDecimal, 0, 240},
    {PathId::kHold, ServiceId::kLibrary, "/library/books/", "/hold", kDecimal, 0, 240},
    {PathId::kReview, ServiceId::kLibrary, "/library/books/", "/review", kDecimal, 0, 240},

    {PathId::kCertificateGuide, ServiceId::kCertificate, "/minwon/guide.do", "", Numbering::kNone,
     1, 0, true},
    {PathId::kCertificateApply, ServiceId::kCertificate, "/minwon/apply.do", "", Numbering::kNone,
     1, 0, true},
    {PathId::kCertificateError, ServiceId::kCertificate, "/minwon/error.do", "", Numbering::kNone,
     1, 0, true},
    {PathId::kCertificateStatus, ServiceId::kCertificate, "/minwon/certificate/", "/status",
     kDecimal, 5000, 0, true},

    {PathId::kTax, ServiceId::kLocalTax, "/tax"},
    {PathId::kTaxBill, ServiceId::kLocalTax, "/tax/bill"},
    {PathId::kTaxMethod, ServiceId::kLocalTax, "/tax/pay/method"},
    {PathId::kTaxConfirm, ServiceId::kLocalTax, "/tax/pay/confirm"},
    {PathId::kTaxReceipt, ServiceId::kLocalTax, "/tax/receipt/", "", kDecimal, 20000},
    {PathId::kTaxAlreadyPaid, ServiceId::kLocalTax, "/tax/already-paid"},
    {PathId::kTaxError, ServiceId::kLocalTax, "/tax/pay/error"},
    {PathId::kTaxHistory, ServiceId::kLocalTax, "/tax/history"},

    {PathId::kYouth, ServiceId::kYouthBenefit, "/welfare/youth"},
    {PathId::kYouthApply, ServiceId::kYouthBenefit, "/welfare/youth/apply"},
    {PathId::kYouthPerson, ServiceId::kYouthBenefit, "/welfare/youth/apply/person"},
    {PathId::kYouthIncome, ServiceId::kYouthBenefit, "/welfare/youth/apply/income"},
    {PathId::kYouthDocuments, ServiceId::kYouthBenefit, "/welfare/youth/apply/documents"},
    {PathId::kYouthSubmit, ServiceId::kYouthBenefit, "/welfare/youth/apply/submit"},
    {PathId::kYouthDone, ServiceId::kYouthBenefit, "/welfare/youth/done"},
    {PathId::kYouthNotEligible, ServiceId::kYouthBenefit, "/welfare/youth/not-eligible"},
    {PathId::kYouthClosed, ServiceId::kYouthBenefit, "/welfare/youth/closed"},
    {PathId::kYouthError, ServiceId::kYouthBenefit, "/welfare/youth/error"},
    {PathId::kYouthSave, ServiceId::kYouthBenefit, "/welfare/youth/save"},
    {PathId::kYouthResume, ServiceId::kYouthBenefit, "/welfare/youth/resume"},
    {PathId::kYouthStatus, ServiceId::kYouthBenefit, "/welfare/youth/applications/", "", kDecimal,
     8000},

    {PathId::kParking, ServiceId::kParkingPermit, "/parking"},
    {PathId::kPermitZone, ServiceId::kParkingPermit, "/parking/permit/zone"},
    {PathId::kPermitVehicle, ServiceId::kParkingPermit, "/parking/permit/vehicle"},
    {PathId::kPermitConfirm, ServiceId::kParkingPermit, "/parking/permit/confirm"},
    {PathId::kPermitWaitlist, ServiceId::kParkingPermit, "/parking/permit/waitlist"},
    {PathId::kPermitDone, ServiceId::kParkingPermit, "/parking/permit/done"},
    {PathId::kPermitError, ServiceId::kParkingPermit, "/parking/permit/error"},

    {PathId::kPassportGuide, ServiceId::kPassportVisit, "/passport/guide.do", "", Numbering::kNone,
     1, 0, true},
    {PathId::kPassportVisit, ServiceId::kPassportVisit, "/passport/visit.do", "", Numbering::kNone,
     1, 0, true},

    {PathId::kWaste, ServiceId::kBulkyWaste, "/waste"},
    {PathId::kWastePickup, ServiceId::kBulkyWaste, "/waste/pickup"},
    {PathId::kWastePay, ServiceId::kBulkyWaste, "/waste/pickup/pay"},
    {PathId::kWasteDone, ServiceId::kBulkyWaste, "/waste/pickup/done"},

    {PathId::kMeetings, ServiceId::kTownMeetings, "/townhall"},
    {PathId::kMeeting, ServiceId::kTownMeetings, "/townhall/", "", kDecimal, 30},
    {PathId::kAttend, ServiceId::kTownMeetings, "/townhall/", "/attend", kDecimal, 30},

    {PathId::kPetitions, ServiceId::kPetitions, "/petition"},
    {PathId::kPetition, ServiceId::kPetitions, "/petition/", "", kDecimal, 0, 50},
    {PathId::kSign, ServiceId::kPetitions, "/petition/", "/sign", kDecimal, 0, 50},
    {PathId::kPetitionNew, ServiceId::kPetitions, "/petition/new"},

    {PathId::kPolls, ServiceId::kPolls, "/poll"},
    {PathId::kPoll, ServiceId::kPolls, "/poll/", "", kDecimal, 40},
    {PathId::kPollAnswer, ServiceId::kPolls, "/poll/", "/answer", kDecimal, 40},

    {PathId::kBudget, ServiceId::kBudget, "/budget"},
    {PathId::kProposals, ServiceId::kBudget, "/budget/proposals"},
    {PathId::kProposal, ServiceId::kBudget, "/budget/proposals/", "", kDecimal, 300},
    {PathId::kVote, ServiceId::kBudget, "/budget/proposals/", "/vote", kDecimal, 300},

    {PathId::kLogin, ServiceId::kNone, "/login.do", "", Numbering::kNone, 1, 0, true},
    {PathId::kSitemap, ServiceId::kNone, "/sitemap"},
    {PathId::kPrivacy, ServiceId::kNone, "/privacy"},
    {PathId::kEvent, ServiceId::kNone, "/event/2026/", "", kDecimal, 50},
    {PathId::kGone, ServiceId::kNone, "/kor/board/", "/view.do", kDecimal, 800},

    {PathId::kRobotsTxt, ServiceId::kNone, "/robots.txt"},
    {PathId::kSitemapXml, ServiceId::kNone, "/sitemap.xml"},
    {PathId::kFeed, ServiceId::kNews, "/news/feed.xml"},
    {PathId::kHealth, ServiceId::kNone, "/health"},
    {PathId::kProbe, ServiceId::kNone, "", "", kProbe, 0},
    {PathId::kStatic, ServiceId::kNone, "", "", kStatic, 0},
    {PathId::kUpload, ServiceId::kNone, "/upload/images/", ".jpg", kDecimal, 0, 120},
    // The service of its number, see OfficeCatalogue.
    {PathId::kOffice, ServiceId::kNone, "/district/", "/notice", kDecimal, 0},
    {PathId::kOfficeRequest, ServiceId::kNone, "/district/", "/request", kDecimal, 0},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kPaths); ++i) {
    if (static_cast<size_t>(kPaths[i].path) != i) return false;
  }
  return std::size(kPaths) == kPathCount;
}
static_assert(InOrder(), "kPaths is indexed by PathId");

struct Topic {
  std::string_view encoded;
  std::string_view small_letters;
};
// Parking, youth benefit, passport, bus, library, waste.
constexpr Topic kTopics[] = {
    {"%EC%A3%BC%EC%B0%A8", "%ec%a3%bc%ec%b0%a8"},
    {"%EC%B2%AD%EB%85%84%EC%88%98%EB%8B%B9", "%ec%b2%ad%eb%85%84%ec%88%98%eb%8b%b9"},
    {"%EC%97%AC%EA%B6%8C", "%ec%97%ac%ea%b6%8c"},
    {"%EB%B2%84%EC%8A%A4", "%eb%b2%84%ec%8a%a4"},
    {"%EB%8F%84%EC%84%9C%EA%B4%80", "%eb%8f%84%ec%84%9c%ea%b4%80"},
    {"%EC%93%B0%EB%A0%88%EA%B8%B0", "%ec%93%b0%eb%a0%88%ea%b8%b0"},
};

constexpr std::string_view kProbes[] = {
    "/.env",
    "/.git/config",
    "/wp-login.php",
    "/wp-admin/setup-config.php",
    "/wp-content/plugins/gallery/readme.js",
    "/xmlrpc.php",
    "/phpmyadmin/index.php",
    "/pma/index.php",
    "/phpinfo.php",
    "/cgi-bin/luci",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/actuator/env",
    "/solr/admin/info/system",
    "/manager/html",
    "/boaform/admin/formLogin",
    "/HNAP1/",
    "/GponForm/diag_Form",
    "/.aws/credentials",
    "/.DS_Store",
    "/server-status",
    "/_ignition/execute-solution",
    "/owa/auth/logon.aspx",
    "/autodiscover/autodiscover.json",
    "/remote/fgt_lang",
    "/geoserver/web/",
    "/shell.php",
};

constexpr std::string_view kStatics[] = {
    "/favicon.ico",
    "/css/base.css",
    "/css/layout.css",
    "/css/main.css",
    "/css/minwon.css",
    "/js/jquery-3.7.1.min.js",
    "/js/common.js",
    "/js/main.js",
    "/js/form-check.js",
    "/js/map.js",
    "/img/logo.svg",
    "/img/symbol.png",
    "/img/main/visual01.webp",
    "/img/main/visual02.webp",
    "/img/main/visual03.webp",
    "/img/icon/search.svg",
    "/img/icon/menu.svg",
    "/img/icon/arrow.svg",
    "/img/bg/footer.png",
    "/img/banner/youth.jpg",
    "/img/banner/tax.jpg",
    "/img/banner/budget.jpg",
    "/font/NotoSansKR-Regular.woff2",
    "/font/NotoSansKR-Bold.woff2",
    "/news/photo/latest.jpg",
    "/petition/share.png",
    "/media/mayor.mp4",
    "/js/vendor/swiper.min.js",
    "/css/vendor/swiper.min.css",
    "/img/icon/PRINT.PNG",
};

constexpr uint32_t kOrdinanceYears = 37;

}  // namespace

const PathModel& Model(PathId path) { return kPaths[static_cast<size_t>(path)]; }

uint32_t TopicCount() { return static_cast<uint32_t>(std::size(kTopics)); }
uint32_t ProbeCount() { return static_cast<uint32_t>(std::size(kProbes)); }
uint32_t StaticCount() { return static_cast<uint32_t>(std::size(kStatics)); }

char* WriteText(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* WriteDecimal(char* out, uint64_t value) {
  char digits[20];
  char* begin = digits + sizeof(digits);
  do {
    *--begin = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return WriteText(out, {begin, static_cast<size_t>(digits + sizeof(digits) - begin)});
}

char* WritePath(char* out, PathId path, uint32_t number) {
  const PathModel& model = Model(path);
  out = WriteText(out, model.before);
  switch (model.numbering) {
    case Numbering::kNone:
      break;
    case kDecimal:
      out = WriteDecimal(out, number + uint64_t{1});
      break;
    case kOrdinance:
      out = WriteDecimal(out, 1990 + number % kOrdinanceYears);
      *out++ = '-';
      out = WriteDecimal(out, number / kOrdinanceYears + 1);
      break;
    case kTopic:
      out = WriteText(out, kTopics[number].encoded);
      break;
    case kProbe:
      out = WriteText(out, kProbes[number]);
      break;
    case kStatic:
      out = WriteText(out, kStatics[number]);
      break;
  }
  return WriteText(out, model.after);
}

char* WriteQuery(char* out, Query query, uint32_t number) {
  switch (query) {
    case Query::kNone:
      return out;
    case Query::kStep1:
      return WriteText(out, "step=1");
    case Query::kStep2:
      return WriteText(out, "step=2");
    case Query::kStep3:
      return WriteText(out, "step=3");
    case Query::kStep4:
      return WriteText(out, "step=4");
    case Query::kRefused:
      return WriteText(out, "result=refused");
    case Query::kStepDate:
      return WriteText(out, "step=date");
    case Query::kStepTime:
      return WriteText(out, "step=time");
    case Query::kStepBook:
      return WriteText(out, "step=book");
    case Query::kFull:
      return WriteText(out, "full=2026-11-27");
    case Query::kId:
      return WriteDecimal(WriteText(out, "id="), number + uint64_t{1});
    case Query::kPage:
      return WriteDecimal(WriteText(out, "page="), number % 40 + 1);
    case Query::kSearch:
      return WriteText(WriteText(out, "q="), kTopics[number % TopicCount()].encoded);
    case Query::kCampaign:
      return WriteText(out, "utm_source=letter&utm_medium=email&utm_campaign=autumn");
  }
  return out;
}

std::string PathText(PathId path, uint32_t number) {
  char text[256];
  return {text, WritePath(text, path, number)};
}

std::string_view TopicInSmallLetters(uint32_t number) { return kTopics[number].small_letters; }

PathSpace::PathSpace(uint32_t paths, uint32_t offices) {
  for (const PathModel& model : kPaths) {
    const auto i = static_cast<size_t>(model.path);
    uint32_t numbers = model.numbers;
    if (model.share > 0) {
      numbers = static_cast<uint32_t>(uint64_t{paths} * model.share / 1000 + 20);
    } else if (model.path == PathId::kProbe) {
      numbers = ProbeCount();
    } else if (model.path == PathId::kStatic) {
      numbers = StaticCount();
    } else if (model.path == PathId::kOffice || model.path == PathId::kOfficeRequest) {
      numbers = offices;
    }
    numbers_[i] = numbers;
    base_[i] = size_;
    size_ += numbers;
  }
}

std::string PathSpace::NameOf(uint32_t index) const {
  size_t i = kPathCount - 1;
  while (base_[i] > index) --i;
  return PathText(static_cast<PathId>(i), index - base_[i]);
}

}  // namespace civlog::corpus
